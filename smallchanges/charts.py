"""A run chart, drawn on the server: where each dot, line and label of a small picture lies."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil, floor, log10

from smallchanges.numbers import in_short
from smallchanges.runs import Run

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 74, 476, 22, 240
# The labels of lines stand beside the picture; two nearer than this are moved apart.
_APART = 30
_STEPS = (1, 2, 2.5, 5, 10)
# Above so many readings the dots are small, so that each can be told from the next.
_MANY = 15


@dataclass(frozen=True)
class Dot:
    x: float
    y: float


@dataclass(frozen=True)
class Line:
    """Of the start, the target or the middle; `label_y` is where its words stand."""

    kind: str
    words: str
    y: float
    label_y: float


@dataclass(frozen=True)
class Tick:
    words: str
    y: float


@dataclass(frozen=True)
class Chart:
    dots: list[Dot]
    lines: list[Line]
    ticks: list[Tick]
    first_on: date
    last_on: date

    @property
    def path(self) -> str:
        """Through all dots."""
        return "M" + "L".join(f"{dot.x} {dot.y}" for dot in self.dots)

    @property
    def radius(self) -> float:
        return 7 if len(self.dots) <= _MANY else 4.5


def chart_of(run: Run) -> Chart | None:
    """None before there is a reading."""
    if not run.readings:
        return None
    measure = run.measure
    marks = [
        (kind, words, value)
        for kind, words, value in (
            ("start", "Start", measure.baseline),
            ("target", "Target", measure.target),
            ("middle", "Middle", run.middle),
        )
        if value is not None
    ]
    numbers = [float(value) for value in (*run.values, *(value for _, _, value in marks))]
    low, high, step = _scale(min(numbers), max(numbers))

    def up(value: Decimal | float) -> float:
        return round(BOTTOM - (float(value) - low) / (high - low) * (BOTTOM - TOP), 1)

    first, last = run.readings[0].on, run.readings[-1].on
    days = (last - first).days

    def across(on: date) -> float:
        share = (on - first).days / days if days else 0.5
        return round(LEFT + 14 + share * (RIGHT - LEFT - 28), 1)

    lines = [(kind, f"{words} {in_short(value)}", up(value)) for kind, words, value in marks]
    ticks = [low + step * place for place in range(round((high - low) / step) + 1)]
    return Chart(
        dots=[Dot(across(one.on), up(one.value)) for one in run.readings],
        lines=_told_apart(lines),
        ticks=[Tick(in_short(_plain(value)), up(value)) for value in ticks],
        first_on=first,
        last_on=last,
    )


def _plain(value: float) -> Decimal:
    return Decimal(str(round(value, 2)))


def _scale(low: float, high: float) -> tuple[float, float, float]:
    """From where to where, in steps of a round number: from 0, unless that would hide the rest.

    A scale that begins elsewhere makes small differences look large; where all lies far from 0,
    as with 92 % and 95 %, one that begins there shows none.
    """
    if 0 <= low <= high * 0.7 or low == high == 0:
        low = 0.0
    elif high < 0 and high >= low * 0.7:
        high = 0.0
    if low == high:
        low, high = low - abs(low) * 0.2 - 0.5, high + abs(high) * 0.2 + 0.5
    rough = (high - low) / 3
    size = 10.0 ** floor(log10(rough))
    step = max(0.01, next(size * one for one in _STEPS if size * one >= rough * 0.999))
    return floor(low / step + 1e-9) * step, ceil(high / step - 1e-9) * step, step


def _told_apart(lines: list[tuple[str, str, float]]) -> list[Line]:
    """Labels from the top down, each far enough under the one before it, and all in the picture."""
    ordered = sorted(lines, key=lambda line: line[2])
    places: list[float] = []
    for _, _, y in ordered:
        places.append(max(y, places[-1] + _APART) if places else max(y, TOP))
    for place in range(len(places) - 1, -1, -1):
        below = places[place + 1] - _APART if place + 1 < len(places) else BOTTOM
        places[place] = round(min(places[place], below), 1)
    return [
        Line(kind, words, y, label_y)
        for (kind, words, y), label_y in zip(ordered, places, strict=True)
    ]
