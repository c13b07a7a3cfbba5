"""Time with families over time, as a small picture: the middle half of the answers each time.

Of everybody, and of a team only where its own answers are shown; never of a person.
"""

from dataclasses import dataclass

from django.utils.formats import date_format

from surveys.core import SHARES, QuestionKind
from surveys.results import FEWEST, GroupShown, Results, Shown
from surveys.wording import per_cent

WIDTH, HEIGHT = 640, 330
LEFT, RIGHT, TOP, BOTTOM = 180, 630, 16, 250
_BAND = (BOTTOM - TOP) / len(SHARES)
_HALF_A_COLUMN = 26
# More columns than these have no room for words under each.
_MANY = 4
# From 30% of the week on.
_MUCH = SHARES.index("30% to 40%")


@dataclass(frozen=True)
class Column:
    """One pulse: `top` and `height` are of its middle half, `y` of its middle answer."""

    results: Results
    shown: Shown
    when: str
    x: float
    y: float
    top: float
    height: float
    middle: str
    half: str
    is_labelled: bool

    @property
    def left(self) -> float:
        return self.x - _HALF_A_COLUMN

    @property
    def much(self) -> str:
        """How many gave 30% of their week or more."""
        count = sum(self.shown.counts[_MUCH:])
        return f"{count} of {self.shown.answered} ({per_cent(count, self.shown.answered)})"

    @property
    def teams(self) -> list[GroupShown]:
        """Each group of teams that is shown; its second count is of `TWO_SHARES[1]`."""
        return self.shown.groups.get("team", [])


@dataclass(frozen=True)
class Pulse:
    """`hidden` are pulses that too few answered; the picture doesn't have them."""

    columns: list[Column]
    hidden: list[Results]
    bands: list[tuple[str, float, float]]

    @property
    def path(self) -> str:
        """Through the middle answers, in steps of time."""
        return "M" + "L".join(f"{one.x} {one.y}" for one in self.columns)

    @property
    def first_and_last(self) -> list[Column]:
        return [self.columns[0], self.columns[-1]]

    @property
    def name(self) -> str:
        said = "; ".join(
            f"{one.when}, {one.shown.answered} people: middle answer {one.middle}, middle half"
            f" {one.half}"
            for one in self.columns
        )
        return f"Share of last week’s working time spent with families. {said}"


def pulse_of(results: list[Results]) -> Pulse | None:
    """Of pulses, oldest first; None where there is none."""
    asked = [
        (one, shown)
        for one in sorted(results, key=lambda one: (one.last_on, one.first_on))
        for shown in one.questions
        if shown.question.kind == QuestionKind.SHARE
    ]
    if not asked:
        return None
    told = [(one, shown) for one, shown in asked if shown.answered >= FEWEST]
    return Pulse(
        columns=[
            _column(
                one,
                shown,
                _across(place, len(told)),
                is_labelled=len(told) <= _MANY or place in (0, len(told) - 1),
            )
            for place, (one, shown) in enumerate(told)
        ],
        hidden=[one for one, shown in asked if shown.answered < FEWEST],
        bands=[
            (label, round(_top(place), 1), round(_top(place) + _BAND / 2, 1))
            for place, label in enumerate(SHARES)
        ],
    )


def _column(results: Results, shown: Shown, x: float, *, is_labelled: bool) -> Column:
    low, high = shown.half_between or (0, 0)
    middle = shown.middle or 0
    return Column(
        results=results,
        shown=shown,
        when=date_format(results.last_on, "j M Y"),
        x=x,
        y=round(_top(middle) + _BAND / 2, 1),
        top=round(_top(high) + 3, 1),
        height=round((high - low + 1) * _BAND - 6, 1),
        middle=SHARES[middle],
        half=SHARES[low] if low == high else f"{SHARES[low]} up to {SHARES[high]}",
        is_labelled=is_labelled,
    )


def _across(place: int, count: int) -> float:
    """Columns stand evenly: their days are written under them."""
    return round(LEFT + (RIGHT - LEFT) * (place + 0.5) / count, 1)


def _top(place: int) -> float:
    """The upper edge of a band; more time is further up."""
    return BOTTOM - (place + 1) * _BAND
