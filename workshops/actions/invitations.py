"""Who is invited to a workshop, and the calendar invitations that they get by mail."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from programmes.audit import record
from programmes.editing import locked
from programmes.mail import send_each
from programmes.models import User
from workshops.agenda import kept_free
from workshops.calendar import CANCEL, REQUEST, event_of
from workshops.models import Invitee, Workshop

# Turns a path into the absolute address that stands in a mail.
Address = Callable[[str], str]


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
            _raise_number(row)
        _send(row, new, by=by, address=address)
    return len(new)


@transaction.atomic
def send_again(*, workshop: Workshop, by: User, address: Address, unsent: bool) -> int:
    """Mail the invitation once more: to all, as news; or only to those whose mail did not go."""
    row = locked(workshop)
    rows = list(row.invitees.filter(sent_at=None) if unsent else row.invitees.all())
    if rows and row.starts_at:
        if not unsent:
            _raise_number(row)
        record("workshop invitations sent again", row, by=by, count=len(rows))
        _send(row, rows, by=by, address=address)
    return len(rows)


@transaction.atomic
def uninvite(*, invitee: Invitee, by: User, address: Address) -> None:
    """Take an address off the list; its calendar is told where the mail had gone."""
    row = locked(invitee.workshop)
    record("workshop invitation taken back", row, by=by)
    if invitee.sent_at and row.starts_at:
        _post(_letters(row, [invitee], CANCEL, "uninvited", by, address, row.starts_at))
    invitee.delete()


def tell_of_change(*, workshop: Workshop, was: datetime | None, by: User, address: Address) -> None:
    """Inside the transaction of the change: everybody on the list gets the new day and place."""
    rows = list(workshop.invitees.all())
    if not rows or (workshop.starts_at is None and was is None):
        return
    _raise_number(workshop)
    workshop.invitees.update(sent_at=None)
    if workshop.starts_at is None:
        _post(_letters(workshop, rows, CANCEL, "no day", by, address, was))
    else:
        _send(workshop, rows, by=by, address=address, why="asked" if was is None else "moved")


def tell_of_end(*, workshop: Workshop, by: User, address: Address) -> None:
    """Inside the transaction that takes the workshop away: everybody who was told is told."""
    rows = list(workshop.invitees.exclude(sent_at=None))
    if rows and workshop.starts_at:
        _raise_number(workshop)
        _post(_letters(workshop, rows, CANCEL, "off", by, address, workshop.starts_at))


def _raise_number(workshop: Workshop) -> None:
    workshop.invitation_number += 1
    workshop.save(update_fields=["invitation_number"])


def _send(
    workshop: Workshop, rows: list[Invitee], *, by: User, address: Address, why: str = "asked"
) -> None:
    """After the commit: mail that does not go leaves an address that says "not sent yet"."""
    if workshop.starts_at is not None:
        _post(_letters(workshop, rows, REQUEST, why, by, address, workshop.starts_at))


def _post(letters: dict[EmailMessage, Invitee]) -> None:
    def post():
        sent = [letters[letter].pk for letter in send_each(letters)]
        Invitee.objects.filter(pk__in=sent).update(sent_at=timezone.now())

    transaction.on_commit(post)


def _letters(workshop, rows, method, why, by, address, starts_at) -> dict[EmailMessage, Invitee]:
    """One mail for each of these people, which names nobody else."""
    link, length = address(workshop.get_absolute_url()), kept_free(workshop)
    context = {
        "workshop": workshop,
        "authority": workshop.authority,
        "why": why,
        "by": by,
        "starts_at": timezone.localtime(starts_at),
        "link": link,
    }
    subject = " ".join(render_to_string("workshops/email/invitation_subject.txt", context).split())
    body = render_to_string("workshops/email/invitation.txt", context)
    letters: dict[EmailMessage, Invitee] = {}
    for row in rows:
        letter = EmailMultiAlternatives(subject=subject, body=body, to=[row.email])
        event = event_of(
            workshop, method=method, link=link, length=length, starts_at=starts_at, to=row.email
        )
        letter.attach_alternative(event, f"text/calendar; method={method}")
        letters[letter] = row
    return letters
