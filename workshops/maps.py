"""A map of things on two scales of five, drawn on the server: where each dot and its spread lie."""

from dataclasses import dataclass, replace
from math import cos, radians, sin

WIDTH, HEIGHT = 600, 440
LEFT, RIGHT, TOP, BOTTOM = 70, 570, 30, 380
DOT = 21
# Two dots nearer than this are moved apart, in a spiral around the place where they belong.
APART = 2 * DOT + 3
_STEPS = 400


@dataclass(frozen=True)
class Dot:
    """One thing on the map. The lines reach over the middle half of what people said."""

    number: int
    look: int
    words: str
    x: float
    y: float
    left: float = 0
    right: float = 0
    top: float = 0
    bottom: float = 0


def across(score: float) -> float:
    return round(LEFT + (score - 0.5) * (RIGHT - LEFT) / 5, 1)


def up(score: float) -> float:
    return round(BOTTOM - (score - 0.5) * (BOTTOM - TOP) / 5, 1)


def dots_of_spots(rows) -> list[Dot]:
    """For (number, look, words, spot): a dot in the middle, with lines as long as the spread."""
    return _apart(
        Dot(
            number=number,
            look=look,
            words=words,
            x=across(spot.across.middle),
            y=up(spot.up.middle),
            left=across(spot.across.low),
            right=across(spot.across.high),
            top=up(spot.up.high),
            bottom=up(spot.up.low),
        )
        for number, look, words, spot in rows
    )


def dots_of_roles(roles) -> list[Dot]:
    """For the stakeholders that people placed; one without both scores is only in the table."""
    return _apart(
        Dot(number=number, look=role.look, words=role.who, x=across(role.across), y=up(role.up))
        for number, role in enumerate(roles, start=1)
        if role.is_placed
    )


def _apart(dots) -> list[Dot]:
    """So that none covers another: a dot that would is moved a little, with its lines."""
    placed: list[Dot] = []
    for dot in dots:
        around = (there for there in _around(dot) if _is_free(there, placed))
        if (there := next(around, None)) is not None:  # on a map that is full, the table has it
            placed.append(there)
    return placed


def _around(dot: Dot):
    yield dot
    for step in range(_STEPS):
        reach, angle = APART * (0.55 + step / 16), radians(step * 45)
        moved = _moved(dot, reach * cos(angle), reach * sin(angle))
        if LEFT + DOT <= moved.x <= RIGHT - DOT and TOP + DOT <= moved.y <= BOTTOM - DOT:
            yield moved


def _moved(dot: Dot, right: float, down: float) -> Dot:
    there = replace(dot, x=round(dot.x + right, 1), y=round(dot.y + down, 1))
    if not dot.right:  # it has no lines
        return there
    return replace(
        there,
        left=round(dot.left + right, 1),
        right=round(dot.right + right, 1),
        top=round(dot.top + down, 1),
        bottom=round(dot.bottom + down, 1),
    )


def _is_free(dot: Dot, placed: list[Dot]) -> bool:
    return all((dot.x - one.x) ** 2 + (dot.y - one.y) ** 2 >= APART**2 for one in placed)
