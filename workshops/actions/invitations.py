"""Who is invited to a workshop, and the calendar invitations that they get by mail."""

from collections.abc import Iterable

from django.db import transaction

from programmes.audit import record
from programmes.editing import locked
from programmes.models import User
from workshops import letters
from workshops.letters import Address
from workshops.models import Invitee, Workshop


@transaction.atomic
def invite(*, workshop: Workshop, emails: Iterable[str], by: User, address: Address) -> int:
    """Put these addresses on its list; answers how many are new.

    Those that are new get a mail at once where the workshop has a day, and otherwise when it gets
    one. The others were told before.
    """
    row = locked(workshop)
    there = set(row.invitees.values_list("email", flat=True))
    new = [
        Invitee(authority_id=row.authority_id, workshop=row, email=email)
        for email in dict.fromkeys(emails)
        if email not in there
    ]
    Invitee.objects.bulk_create(new)
    if new:
        record("workshop invited to", row, by=by, count=len(new))
        if not row.invitation_number and row.starts_at:
            letters.raise_number(row)
        letters.ask(row, new, by=by, address=address)
    return len(new)


@transaction.atomic
def send_again(*, workshop: Workshop, by: User, address: Address, unsent: bool) -> int:
    """Mail the invitation once more: to all, as news; or only to those whose mail did not go."""
    row = locked(workshop)
    rows = list(row.invitees.filter(sent_at=None) if unsent else row.invitees.all())
    if rows and row.starts_at:
        if not unsent:
            letters.raise_number(row)
        record("workshop invitations sent again", row, by=by, count=len(rows))
        letters.ask(row, rows, by=by, address=address)
    return len(rows)


@transaction.atomic
def uninvite(*, invitee: Invitee, by: User, address: Address) -> None:
    """Take an address off the list; its calendar is told where the mail had gone."""
    row = locked(invitee.workshop)
    record("workshop invitation taken back", row, by=by)
    letters.take_back(row, invitee, by=by, address=address)
    invitee.delete()
