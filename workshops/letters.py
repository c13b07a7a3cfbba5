"""The mails about a workshop's day: each brings it into a calendar, moves it there or takes it out.

And how a mail goes that an address gets once. All are called inside the transaction of what they
tell of, and go once it is committed.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from programmes.mail import send_each, send_once
from programmes.models import User
from workshops.agenda import in_hours, kept_free, minutes_kept_free
from workshops.calendar import CANCEL, REQUEST, event_of
from workshops.models import Invitee, Letter, Workshop

# Turns a path into the absolute address that stands in a mail.
Address = Callable[[str], str]


def ask(
    workshop: Workshop,
    rows: Iterable[Invitee],
    *,
    by: User | None,
    address: Address,
    why: str = "asked",
) -> None:
    """Invite these, where the workshop has a day."""
    if workshop.starts_at is not None:
        _post(_letters(workshop, rows, REQUEST, why, by, address, workshop.starts_at))


def take_back(workshop: Workshop, invitee: Invitee, *, by: User, address: Address) -> None:
    """Somebody who had a mail needn't come any more."""
    if invitee.sent_at and workshop.starts_at:
        _raise_number(workshop)
        when = workshop.starts_at
        _post(_letters(workshop, [invitee], CANCEL, "uninvited", by, address, when))


def tell_of_change(
    workshop: Workshop, *, was: datetime | None, by: User | None, address: Address
) -> None:
    """Everybody on the list gets the new title, day and place."""
    rows = list(workshop.invitees.all())
    if not rows or (workshop.starts_at is None and was is None):
        return
    begin_anew(workshop)
    workshop.invitees.update(sent_at=None)
    if workshop.starts_at is not None:
        ask(workshop, rows, by=by, address=address, why="moved" if was else "asked")
    elif was is not None:
        _post(_letters(workshop, rows, CANCEL, "no day", by, address, was))


def tell_of_end(workshop: Workshop, *, by: User, address: Address) -> None:
    """It does not happen: everybody who had a mail gets another."""
    rows = list(workshop.invitees.exclude(sent_at=None))
    if rows and workshop.starts_at:
        _raise_number(workshop)
        _post(_letters(workshop, rows, CANCEL, "off", by, address, workshop.starts_at))


def begin_anew(workshop: Workshop) -> None:
    """Everybody's calendar is told next, for news, of the plan as long as it is now."""
    workshop.told_minutes, workshop.untold_minutes = minutes_kept_free(workshop), None
    workshop.save(update_fields=["told_minutes", "untold_minutes"])
    _raise_number(workshop)


def _raise_number(workshop: Workshop) -> None:
    """So that a calendar takes what comes next for news."""
    workshop.invitation_number += 1
    workshop.save(update_fields=["invitation_number"])


def list_once(workshop: Workshop, kind: str, emails: Iterable[str]) -> None:
    """Note down who gets a mail of this kind; whoever is noted down already stays so once."""
    rows = [
        Letter(authority_id=workshop.authority_id, workshop=workshop, kind=kind, email=email)
        for email in emails
    ]
    Letter.objects.bulk_create(rows, ignore_conflicts=True)


def post_once(letters: dict[EmailMessage, Letter]) -> None:
    """Send these once the transaction is committed, each to nobody who has had it."""
    transaction.on_commit(partial(send_once, letters))


def people(count: int) -> str:
    """How many a mail goes to, as pages say it."""
    return "1 person" if count == 1 else f"{count} people"


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
        "length": in_hours(minutes_kept_free(workshop)),
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
