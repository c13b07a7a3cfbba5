"""Time back, gathered from what members said: a range, with how many said it, and nobody's own.

**Interval arithmetic.** An answer is a range of hours, such as from 1 to 3; "more than 6" has no
upper end. What somebody's answer leaves over is again a range: the least is the least that it gives
back, less the most that it costs; the most is the most that it gives back, less the least that it
costs. Of several such ranges the middle one is taken: the median of all lower ends and the median
of all upper ends. Wherever in their ranges the true numbers lie, their own median lies between
those two, and one answer that is far off, or has no end, moves them little.

**Small groups.** Nothing is shown of fewer than five people. So that nobody can read one answer
off the difference that it makes, a week's answers count together, from the Monday after; of each
person their latest complete answer in four weeks counts, and it counts once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from math import ceil, floor, inf
from statistics import median

from django.utils import timezone

from programmes.models import Membership
from smallchanges.models import LIVING, SmallChange, TimeBack

# `ux.md`'s floor for anything that people answered; it may be raised, and is never lowered.
FEWEST = 5
WEEKS = 4
_HOURS = {
    TimeBack.Hours.NONE: (0, 0),
    TimeBack.Hours.UNDER_ONE: (0, 1),
    TimeBack.Hours.TO_THREE: (1, 3),
    TimeBack.Hours.TO_SIX: (3, 6),
    TimeBack.Hours.MORE: (6, inf),
}


@dataclass(frozen=True)
class Range:
    """Hours a week, from `low` to `high`; either may be without an end."""

    low: float
    high: float

    def less(self, other: "Range") -> "Range":
        return Range(self.low - other.high, self.high - other.low)


def middle_of(ranges: Iterable[Range]) -> Range:
    both = list(ranges)
    return Range(median(one.low for one in both), median(one.high for one in both))


def range_of(hours: str) -> Range:
    return Range(*_HOURS[TimeBack.Hours(hours)])


def week_of(day: date) -> date:
    """Its Monday."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True)
class Gathered:
    """What `n` people said of a change's weeks, together."""

    n: int
    gives_back: Range
    costs: Range
    net: Range


def gathered(answers: Iterable[TimeBack], *, today: date) -> Gathered | None:
    """Of the four weeks before this one; None where too few people have answered."""
    this_week = week_of(today)
    latest: dict[object, TimeBack] = {}
    for one in sorted(answers, key=lambda one: one.week):
        is_counted = this_week - timedelta(weeks=WEEKS) <= one.week < this_week
        if is_counted and one.gives_back and one.costs:
            latest[one.member_id] = one
    if len(latest) < FEWEST:
        return None
    said = [(range_of(one.gives_back), range_of(one.costs)) for one in latest.values()]
    return Gathered(
        n=len(said),
        gives_back=middle_of(gives for gives, _ in said),
        costs=middle_of(costs for _, costs in said),
        net=middle_of(gives.less(costs) for gives, costs in said),
    )


def in_hours(hours: Range) -> str:
    """1 to 3 hours; half hours are widened to whole ones, so that no more is said than is known."""
    low, high = _whole(hours)
    if high == inf:
        return f"more than {_count(low)}"
    if low == high:
        return _count(low) if low else "no time"
    return f"{low} to {_count(high)}" if low else f"up to {_count(high)}"


def in_words(net: Range) -> str:
    """What is left over, in words that say first whether it is a gain."""
    low, high = _whole(net)
    if low == high == 0:
        return "It gives back as much as it takes"
    if low >= 0:
        about = "About " if low and high != inf else ""
        said = f"{about}{in_hours(net)} a week for the team, net"
        return said[0].upper() + said[1:]
    if high <= 0:
        return f"So far it takes {in_hours(Range(-high, -low))} a week more than it gives back"
    lost = "many hours" if low == -inf else _count(-low)
    won = "many hours" if high == inf else _count(high)
    return f"Between {lost} lost and {won} won a week for the team, net: too wide to tell"


def _whole(hours: Range) -> tuple[int | float, int | float]:
    low = hours.low if hours.low == -inf else floor(hours.low)
    return low, hours.high if hours.high == inf else ceil(hours.high)


def _count(hours: int | float) -> str:
    return "1 hour" if hours == 1 else f"{hours} hours"


class TimeBackReading:
    """What a change's page shows: what people said together, and to a member what they said."""

    def __init__(self, change: SmallChange, member: Membership | None):
        self.change, self.member = change, member
        self.this_week = week_of(timezone.localdate())

    @cached_property
    def _answers(self) -> list[TimeBack]:
        since = self.this_week - timedelta(weeks=WEEKS)
        return list(self.change.time_back.filter(week__gte=since))

    @cached_property
    def gathered(self) -> Gathered | None:
        return gathered(self._answers, today=timezone.localdate())

    @property
    def is_asked(self) -> bool:
        """A member of a change that people work on."""
        return self.member is not None and self.change.status in LIVING

    @property
    def is_shown(self) -> bool:
        return self.is_asked or self.gathered is not None

    @property
    def net(self) -> str:
        return in_words(self.gathered.net) if self.gathered else ""

    @property
    def gives_back(self) -> str:
        return in_hours(self.gathered.gives_back) if self.gathered else ""

    @property
    def costs(self) -> str:
        return in_hours(self.gathered.costs) if self.gathered else ""

    @cached_property
    def own(self) -> TimeBack | None:
        """What the person who reads it said of this week."""
        if self.member is None:
            return None
        return next(
            (
                one
                for one in self._answers
                if one.member_id == self.member.pk and one.week == self.this_week
            ),
            None,
        )

    @property
    def counts_from(self) -> date:
        return self.this_week + timedelta(weeks=1)

    @property
    def questions(self) -> list[tuple[str, str, list[tuple[str, str, bool]]]]:
        """Each with its field, its words, and its buttons: value, words, and whether it is on."""
        asked = (
            ("gives_back", "How much time did it give our team this week?", "None yet"),
            ("costs", "And how much time did it take our team?", "None"),
        )
        return [
            (
                field,
                words,
                [
                    (hours.value, none if hours == TimeBack.Hours.NONE else hours.label, is_on)
                    for hours in TimeBack.Hours
                    for is_on in [getattr(self.own, field, "") == hours]
                ],
            )
            for field, words, none in asked
        ]
