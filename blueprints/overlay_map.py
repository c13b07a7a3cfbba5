"""The overlay as a picture, drawn on the server: how much things matter, and how much can move."""

from dataclasses import dataclass
from itertools import product
from math import cos, radians, sin

from blueprints.voices import ON_THE_MAP, Middle, Row

LEFT, RIGHT, TOP, BOTTOM = 70, 570, 30, 380
SIZE = 19
# Two marks nearer than this are moved apart, around the place where they belong.
APART = 2 * SIZE + 2
_STEPS = 200


@dataclass(frozen=True)
class Mark:
    """One voice's place of one thing: its letter and its shape say whose, its number which."""

    letter: str
    number: int
    x: float
    y: float

    @property
    def corner(self) -> tuple[float, float]:
        return round(self.x - SIZE, 1), round(self.y - SIZE, 1)

    @property
    def diamond(self) -> str:
        reach = SIZE + 6
        return (
            f"M{self.x} {self.y - reach:.1f}L{self.x + reach:.1f} {self.y}"
            f"L{self.x} {self.y + reach:.1f}L{self.x - reach:.1f} {self.y}Z"
        )


@dataclass(frozen=True)
class Drawn:
    """A row's marks: two, which a line joins, or the one of both voices together."""

    row: Row
    marks: tuple[Mark, ...]


def drawn(rows: list[Row]) -> list[Drawn]:
    """The first of the rows that have anything to show; the table beside it has them all."""
    placed: list[Mark] = []
    found = []
    for row in [one for one in rows if one.practitioners or one.joined][:ON_THE_MAP]:
        voices = (("P", row.practitioners), ("L", row.leaders), ("B", row.joined))
        marks = tuple(_put(letter, row.number, at, placed) for letter, at in voices if at)
        found.append(Drawn(row, marks))
    return found


def _put(letter: str, number: int, at: Middle, placed: list[Mark]) -> Mark:
    x = LEFT + (float(at.can_move) - 0.5) * (RIGHT - LEFT) / 5
    y = BOTTOM - (float(at.matters) - 0.5) * (BOTTOM - TOP) / 5
    free = (
        Mark(letter, number, round(right, 1), round(down, 1))
        for right, down in _around(x, y)
        if all((right - one.x) ** 2 + (down - one.y) ** 2 >= APART**2 for one in placed)
    )
    mark = next(free, Mark(letter, number, round(x, 1), round(y, 1)))
    placed.append(mark)
    return mark


def _around(x: float, y: float):
    yield x, y
    for step, turn in product(range(1, _STEPS // 8), range(8)):
        reach, angle = step * APART / 4, radians(turn * 45)
        right, down = x + reach * cos(angle), y + reach * sin(angle)
        if LEFT + SIZE <= right <= RIGHT - SIZE and TOP + SIZE <= down <= BOTTOM - SIZE:
            yield right, down
