"""Where everything lies in the pictures of answers, drawn on the server.

Each picture's `name` holds all that it shows, for whoever doesn't see it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from surveys.core import QuestionKind
from surveys.results import Numbers, Shown
from surveys.wording import plain

# A number stands in its segment where that is at least so wide, in per cent of the bar, for each of
# its digits; else it stands above.
_ROOM_FOR_A_DIGIT = 2.6
# Numbers above are at least so far apart.
_APART = 5.0

EXTENT_STYLES = ("k1", "k2", "k3", "k4")
TWO_STYLES = ("k12", "k34")


@dataclass(frozen=True)
class Segment:
    """In per cent of the bar; `at` is the middle of its number."""

    label: str
    count: int
    style: str
    x: float
    width: float
    at: float
    is_narrow: bool


@dataclass(frozen=True)
class Bar:
    """One row of answers that have an order, each as wide as its share."""

    segments: list[Segment]
    name: str

    @property
    def has_narrow(self) -> bool:
        return any(one.is_narrow for one in self.segments)


@dataclass(frozen=True)
class Line:
    """One answer to choose from, and how many chose it; `width` in per cent of all who answered."""

    label: str
    count: int
    width: float


def bar_of(whose: str, labels: Sequence[str], counts: Sequence[int]) -> Bar:
    styles = TWO_STYLES if len(labels) == len(TWO_STYLES) else EXTENT_STYLES
    people = sum(counts)
    segments: list[Segment] = []
    x = 0.0
    for label, count, style in zip(labels, counts, styles, strict=True):
        if not count:
            continue
        width = 100 * count / people
        is_narrow = width < 1.5 + _ROOM_FOR_A_DIGIT * len(str(count))
        at = x + width / 2
        segments.append(Segment(label, count, style, x, width, at, is_narrow))
        x += width
    said = ", ".join(
        f"{label.lower()} {count}" for label, count in zip(labels, counts, strict=True)
    )
    return Bar(_spread(segments), f"{whose}, {people} people: {said}")


def _spread(segments: list[Segment]) -> list[Segment]:
    """Numbers that stand above are moved apart; each place is rounded to what can be seen."""
    placed: list[Segment] = []
    last = 0.0
    for one in segments:
        at = one.at
        if one.is_narrow:
            at = min(max(at, last + _APART if last else 1.5), 98.5)
            last = at
        placed.append(replace(one, x=round(one.x, 2), width=round(one.width, 2), at=round(at, 2)))
    return placed


def lines_of(shown: Shown) -> list[Line]:
    """For answers that are chosen from several, on a scale, or a share of the week."""
    return [
        Line(label, count, round(100 * count / shown.answered, 2))
        for label, count in zip(shown.labels, shown.counts, strict=True)
    ]


def name_of(shown: Shown) -> str:
    """All numbers of a picture of `lines_of`."""
    said = ", ".join(
        f"{label} {count}" for label, count in zip(shown.labels, shown.counts, strict=True)
    )
    return f"{shown.answered} people: {said}"


def dots_of(shown: Shown) -> list[str]:
    """Of an extent: one style a person, for large, moderate, either of them, and the others."""
    if not shown.is_shown or shown.question.kind != QuestionKind.EXTENT:
        return []
    far = shown.moderate_or_large
    said = (
        ["p34"] * far
        if shown.large is None
        else ["p4"] * shown.large + ["p3"] * (far - shown.large)
    )
    return said + ["p0"] * (shown.answered - far)


def in_short(numbers: Numbers, unit: str) -> str:
    """As “6 hours (the middle half: 3 to 8.5)”."""
    low, middle, high = (plain(one) for one in (numbers.low, numbers.middle, numbers.high))
    return f"{middle} {unit}".rstrip() + f" (the middle half: {low} to {high})"
