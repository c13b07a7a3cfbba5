"""Asks as pages show them, and what somebody may do with each."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from programmes.permissions import Permission
from smallchanges.models import Ask, AskAnswer, AskQuerySet

# From so many on a typical time says something about the next one.
_ENOUGH = 5


@dataclass(frozen=True)
class Card:
    """One ask, its answers with the newest first, and what this person may do with it."""

    ask: Ask
    answers: list[AskAnswer]
    # It is with them.
    is_mine: bool
    # They asked, or look after what others asked.
    may_tend: bool

    @property
    def newest(self) -> AskAnswer | None:
        """What counts: nothing after it was passed on, until the next person answers."""
        first = self.answers[0] if self.answers else None
        return None if first is None or first.to_whom else first

    @property
    def passed(self) -> list[AskAnswer]:
        """How it came to whom it is with, the first hand first."""
        return [answer for answer in reversed(self.answers) if answer.to_whom]

    @property
    def earlier(self) -> list[AskAnswer]:
        """What counts no more."""
        return [one for one in self.answers if one != self.newest and not one.to_whom]

    @property
    def may_release(self) -> bool:
        return self.ask.is_yes and (self.is_mine or self.may_tend)

    @property
    def may_edit(self) -> bool:
        return self.may_tend and self.ask.state == Ask.State.WAITING


def cards(request, asks: Iterable[Ask]) -> list[Card]:
    """For rows of `for_list`; no query of its own."""
    return [
        Card(ask, list(ask.answers.all()), is_theirs(request, ask), may_tend(request, ask))
        for ask in asks
    ]


def is_theirs(request, ask: Ask) -> bool:
    """Whether the ask is with whoever looks at it."""
    return request.membership is not None and ask.member_id == request.membership.pk


def may_tend(request, ask: Ask) -> bool:
    """Whether they may change the ask, say that it arrived, or take it back."""
    return ask.asked_by_id == request.user.pk or Permission.ASK_TEND in request.permissions


@dataclass(frozen=True)
class Figures:
    """How many got a yes, of how many it arrived, and after how many days, where enough did."""

    yeses: int
    arrived: int
    days: int | None


def figures(asks: AskQuerySet) -> Figures:
    """Of all these asks; one query."""
    said = asks.standing().exclude(said_yes_at=None).only("said_yes_at", "released_at")
    gaps = [ask.gap for ask in said if ask.released_at]
    return Figures(
        yeses=len(said),
        arrived=len(gaps),
        days=round(median(gaps)) if len(gaps) >= _ENOUGH else None,
    )
