"""A map of who must be on board, drawn on the server: their influence by where they stand."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from smallchanges.models import Stakeholder

LEFT, TOP, CELL_WIDTH, CELL_HEIGHT = 86, 16, 126, 116
# From left to right; who has not been asked stands nowhere yet.
_STANCES = (
    Stakeholder.Stance.AGAINST,
    Stakeholder.Stance.UNSURE,
    Stakeholder.Stance.WARMING_UP,
    Stakeholder.Stance.ON_BOARD,
)
_INFLUENCES = (
    Stakeholder.Influence.HIGH,
    Stakeholder.Influence.MEDIUM,
    Stakeholder.Influence.LOW,
)
# Colours of the strands that look like those of the stances' tags.
_LOOKS = dict(zip(_STANCES, (4, 2, 1, 3), strict=True))
_APART = 37
_IN_A_ROW = 3
_IN_A_CELL = 9


@dataclass(frozen=True)
class Dot:
    number: int
    look: int
    words: str
    x: float
    y: float


def is_placed(stakeholder: Stakeholder) -> bool:
    """Whether both are known: where they stand, and how much weight that has."""
    return stakeholder.stance in _STANCES and bool(stakeholder.influence)


def dots_of(stakeholders: Iterable[Stakeholder]) -> list[Dot]:
    """Those who can be placed, by the number that they have in the list.

    Those of one square stand in rows of three around its middle. A square holds nine: of more, the
    list has the rest.
    """
    squares: dict[tuple, list[tuple[int, Stakeholder]]] = defaultdict(list)
    for number, one in enumerate(stakeholders, start=1):
        if is_placed(one):
            squares[one.stance, one.influence].append((number, one))
    dots = []
    for (stance, influence), inside in squares.items():
        middle_x = LEFT + (_STANCES.index(stance) + 0.5) * CELL_WIDTH
        middle_y = TOP + (_INFLUENCES.index(influence) + 0.5) * CELL_HEIGHT
        shown = inside[:_IN_A_CELL]
        rows = [shown[first : first + _IN_A_ROW] for first in range(0, len(shown), _IN_A_ROW)]
        for row, ones in enumerate(rows):
            for column, (number, one) in enumerate(ones):
                dots.append(
                    Dot(
                        number=number,
                        look=_LOOKS[stance],
                        words=f"{one.who}, {one.get_influence_display().lower()} influence,"
                        f" {one.get_stance_display().lower()}",
                        x=middle_x + (column - (len(ones) - 1) / 2) * _APART,
                        y=middle_y + (row - (len(rows) - 1) / 2) * _APART,
                    )
                )
    return sorted(dots, key=lambda dot: dot.number)
