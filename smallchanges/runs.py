"""What may be said of a measure's readings: no more than a run chart lets one say.

The rules are those of R. J. Perla, L. P. Provost and S. K. Murray, "The run chart: a simple
analytical tool for learning from variation in healthcare processes", BMJ Quality & Safety 20
(2011), pages 46–51. Two of the four are used, a shift and a trend: the other two (too few or too
many runs, and a point that is plainly far off) need a table or an eye.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from statistics import median
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from smallchanges.models import Measure, Reading
from smallchanges.numbers import amount, in_figures

# Below this a pattern is not told from chance: no middle line, and nothing said of one.
ENOUGH = 6
# Points in a row on one side of the middle line; points on the line neither break nor count.
SHIFT = 6
# Points in a row that each go on in one direction; the same value again neither breaks nor counts.
TREND = 5


@dataclass(frozen=True)
class Pattern:
    """Readings `first` to `last`, of which `count` made the pattern, and which way they lie."""

    first: int
    last: int
    count: int
    is_upwards: bool


def shift_of(values: list[Decimal], middle: Decimal) -> Pattern | None:
    """The latest run of six or more on one side of the middle line."""
    found: Pattern | None = None
    run: list[int] = []
    for place, value in enumerate(values):
        if value == middle:
            continue
        if run and (values[run[-1]] > middle) != (value > middle):
            run = []
        run.append(place)
        if len(run) >= SHIFT:
            found = Pattern(run[0], run[-1], len(run), value > middle)
    return found


def trend_of(values: list[Decimal]) -> Pattern | None:
    """The latest run of five or more that all go up, or all go down."""
    found: Pattern | None = None
    run: list[int] = []
    for place, value in enumerate(values):
        if run and value == values[run[-1]]:
            continue
        if len(run) > 1 and (values[run[-1]] > values[run[-2]]) != (value > values[run[-1]]):
            run = run[-1:]
        run.append(place)
        if len(run) >= TREND:
            found = Pattern(run[0], run[-1], len(run), value > values[run[-2]])
    return found


@dataclass(frozen=True)
class Finding:
    """A pattern in the words of the page: `kind` is "shift" or "trend"."""

    kind: str
    count: int
    first_on: date
    last_on: date
    is_latest: bool
    is_upwards: bool
    is_hoped_for: bool
    # Whether no reading between the first and the last was left out.
    is_unbroken: bool


class Run:
    """A measure with its readings, oldest first, and what may be said of them."""

    # The form for its next reading, where somebody may add one.
    form: Any = None

    def __init__(self, measure: Measure, readings: list[Reading]):
        self.measure, self.readings = measure, readings
        self.values = [one.value for one in readings]

    @property
    def latest(self) -> Reading | None:
        return self.readings[-1] if self.readings else None

    @property
    def told(self) -> list[tuple[Reading, str]]:
        """Each reading with its number in words, oldest first."""
        return [(one, amount(one.value, self.measure.unit)) for one in self.readings]

    @property
    def missing(self) -> int:
        """How many readings more it takes before a pattern can be told."""
        return max(0, ENOUGH - len(self.readings)) if self.readings else 0

    @property
    def has_enough(self) -> bool:
        return len(self.readings) >= ENOUGH

    @cached_property
    def middle(self) -> Decimal | None:
        """The median; None where there are too few readings for one."""
        return median(self.values).quantize(Decimal("0.01")) if self.has_enough else None

    @property
    def began(self) -> tuple[Decimal, date] | None:
        """How it was to begin with: the baseline, else the first of two readings or more."""
        measure = self.measure
        if measure.baseline is not None and measure.baseline_on is not None:
            return measure.baseline, measure.baseline_on
        if len(self.readings) > 1:
            return self.readings[0].value, self.readings[0].on
        return None

    @property
    def said(self) -> str:
        """From 14 to 9 minutes since March: what the two numbers are, and no claim beyond them."""
        unit, latest, began = self.measure.unit, self.latest, self.began
        if latest is None:
            if began is None:
                return ""
            return f"{amount(began[0], unit)} to begin with, on {_day(began[1])}"
        if began is None:
            return f"{amount(latest.value, unit)} on {_day(latest.on)}"
        value, on = began
        since = _since(on, latest.on)
        if value == latest.value:
            return f"Still {amount(value, unit)} since {since}"
        first = amount(value, unit) if unit in ("%", "£", "€", "$") else in_figures(value)
        return f"From {first} to {amount(latest.value, unit)} since {since}"

    @property
    def has_reached_target(self) -> bool:
        target, latest = self.measure.target, self.latest
        if target is None or latest is None:
            return False
        if self.measure.better == Measure.Better.LOWER:
            return latest.value <= target
        return latest.value >= target

    @cached_property
    def findings(self) -> list[Finding]:
        """What the rules find, in readings that are enough for them."""
        if self.middle is None:
            return []
        # The exact one: rounded, it could lie on the other side of a reading.
        shift, trend = shift_of(self.values, median(self.values)), trend_of(self.values)
        found = [self._finding("shift", shift)] if shift else []
        # In a long row of readings five go one way by chance, sooner or later: told while it lasts.
        if trend and trend.last == len(self.readings) - 1:
            found.append(self._finding("trend", trend))
        return found

    def _finding(self, kind: str, found: Pattern) -> Finding:
        return Finding(
            kind=kind,
            count=found.count,
            first_on=self.readings[found.first].on,
            last_on=self.readings[found.last].on,
            is_latest=found.last == len(self.readings) - 1,
            is_upwards=found.is_upwards,
            is_hoped_for=found.is_upwards == (self.measure.better == Measure.Better.HIGHER),
            is_unbroken=found.last - found.first + 1 == found.count,
        )


def _day(on: date) -> str:
    return date_format(on, "j F" if on.year == timezone.localdate().year else "j F Y")


def _since(on: date, latest: date) -> str:
    """The month, with its year where that is another; the day where all was in one month."""
    if (on.year, on.month) == (latest.year, latest.month):
        return f"{_day(on)}"
    return date_format(on, "F" if on.year == timezone.localdate().year else "F Y")
