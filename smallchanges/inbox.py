"""The inbox as it is read: what it promises, how it keeps that, and the link to an answer."""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from uuid import UUID

from django.core import signing
from django.urls import reverse
from django.utils import timezone

from programmes.days import is_working
from programmes.models import LocalAuthority
from programmes.wording import in_words
from smallchanges.models import Inbox, Offered

# How far back the clock of answers looks, and of how few it says no time: fewer tell of single
# people rather than of how the place answers.
_LATELY = timedelta(days=91)
FEW = 5
_ANSWER = signing.Signer(salt="crescendo.inbox-answer")


def inbox_of(authority: LocalAuthority) -> Inbox:
    """The authority's inbox, with the defaults and unsaved where nobody has touched it yet."""
    return Inbox.objects.filter(authority=authority).first() or Inbox(authority=authority)


# --- working days


def working_days_after(day: date, count: int) -> date:
    """The day that comes `count` working days after `day`."""
    while count:
        day += timedelta(days=1)
        count -= is_working(day)
    return day


def working_days_between(first: date, last: date) -> int:
    """How many working days have passed from `first` to `last`; a weekend is none."""
    days = (last - first).days
    weeks, rest = divmod(max(days, 0), 7)
    return weeks * 5 + sum(is_working(first + timedelta(days=n + 1)) for n in range(rest))


def promised_by(offered: Offered, inbox: Inbox) -> date:
    return working_days_after(offered.day, inbox.answers_within)


# --- how it keeps its promise


@dataclass(frozen=True)
class Clock:
    """How many were answered in the last three months, and in how many working days typically.

    `typical` is None where there are too few to say.
    """

    answered: int
    typical: int | None

    @property
    def words(self) -> str:
        if not self.answered:
            return "No answers in the last three months yet: too soon to say how long it takes."
        if self.typical is None:
            return (
                f"{in_words(self.answered).capitalize()} answered in the last three months: too few"
                " to say how long it takes."
            )
        took = f"within {in_words(self.typical)} working day{'' if self.typical == 1 else 's'}"
        return (
            f"Typically answered {took if self.typical else 'on the same day'}."
            f" {in_words(self.answered).capitalize()} answered in the last three months."
        )


def clock_of(authority: LocalAuthority) -> Clock:
    """One query."""
    since = timezone.now() - _LATELY
    rows = (
        authority.offered.answered()
        .filter(answered_at__gte=since)
        .values_list("created_at", "answered_at")
    )
    took = [
        working_days_between(timezone.localdate(said), timezone.localdate(answered))
        for said, answered in rows
    ]
    return Clock(len(took), math.ceil(median(took)) if len(took) >= FEW else None)


@dataclass(frozen=True)
class Waiting:
    """What waits for an answer: all of it, what waits longer than was promised, and what is held.

    `oldest` is how many working days the oldest of them has waited.
    """

    count: int = 0
    overdue: int = 0
    held: int = 0
    oldest: int = 0


def inbox_waiting(authority: LocalAuthority) -> Waiting:
    """For whoever answers; one query."""
    rows = list(
        authority.offered.waiting().values_list(
            "created_at", "held_for", "authority__inbox__answers_within"
        )
    )
    today = timezone.localdate()
    waits = [working_days_between(timezone.localdate(said), today) for said, _, _ in rows]
    within = [one or Inbox(authority=authority).answers_within for _, _, one in rows]
    return Waiting(
        count=len(rows),
        overdue=sum(days > most for days, most in zip(waits, within, strict=True)),
        held=sum(bool(held) for _, held, _ in rows),
        oldest=max(waits, default=0),
    )


def is_full(inbox: Inbox) -> bool:
    return inbox.authority.offered.waiting().count() >= inbox.most_waiting


def come_back_on(inbox: Inbox) -> date:
    """By when the oldest was promised an answer, and so room; the next working day where that is
    past.
    """
    tomorrow = working_days_after(timezone.localdate(), 1)
    oldest = inbox.authority.offered.waiting().first()
    return max(promised_by(oldest, inbox), tomorrow) if oldest else tomorrow


# --- the link to an answer


def answer_path(offered: Offered) -> str:
    """Where whoever has this link reads the answer. The database alone does not tell it."""
    token = _ANSWER.sign(offered.pk.hex)
    return reverse("smallchanges:inbox-said", args=[offered.authority.slug, token])


def offered_behind(token: str, *, slug: str) -> Offered | None:
    """What a link is about, taken away or not; None for a link that is not ours."""
    try:
        pk = UUID(hex=_ANSWER.unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    found = Offered.objects.for_list().select_related("authority")
    return found.filter(pk=pk, authority__slug=slug).first()
