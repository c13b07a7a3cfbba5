"""Who is invited to a workshop, and the calendar invitations that they get by mail."""

from collections.abc import Iterable

from django.db import transaction

from programmes.audit import record
from programmes.editing import locked
from programmes.models import User
from workshops import letters
from workshops.agenda import minutes_kept_free
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
            letters.begin_anew(row)
        letters.ask(row, new, by=by, address=address)
    return len(new)


@transaction.atomic
def send_again(*, workshop: Workshop, by: User, address: Address, unsent: bool) -> int:
    """Mail the invitation once more: to all, as news; or only to those whose mail did not go.

    Where the plan has got longer or shorter since, it says that something has changed.
    """
    row = locked(workshop)
    rows = list(row.invitees.filter(sent_at=None) if unsent else row.invitees.all())
    if rows and row.starts_at:
        why = "moved" if other_length(row) and not unsent else "asked"
        if not unsent:
            letters.begin_anew(row)
        record("workshop invitations sent again", row, by=by, count=len(rows))
        letters.ask(row, rows, by=by, address=address, why=why)
    return len(rows)


def other_length(workshop: Workshop) -> int | None:
    """How long the plan is now, where the calendars that were told of it keep another time free."""
    if workshop.told_minutes is None or workshop.starts_at is None:
        return None
    minutes = minutes_kept_free(workshop)
    return None if minutes == workshop.told_minutes else minutes


@transaction.atomic
def leave_length(*, workshop: Workshop, by: User) -> bool:
    """Tell nobody that the plan is longer or shorter now; False where there is nothing to tell."""
    row = locked(workshop)
    minutes = other_length(row)
    if minutes in (None, row.untold_minutes):
        return False
    row.untold_minutes = minutes
    row.save(update_fields=["untold_minutes"])
    record("workshop length not told", row, by=by, minutes=minutes)
    return True


@transaction.atomic
def uninvite(*, invitee: Invitee, by: User, address: Address) -> None:
    """Take an address off the list, wherever it is kept; its calendar is told, if it was before."""
    row = locked(invitee.workshop)
    record("workshop invitation taken back", row, by=by)
    letters.take_back(row, invitee, by=by, address=address)
    row.letters.filter(email=invitee.email).delete()
    invitee.delete()
