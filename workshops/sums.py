"""What people's marks say together, and nothing at all where too few of them answered.

Nobody is shown one person's mark, the facilitator not either: only middles, spreads and counts, and
those from a floor on.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor
from statistics import quantiles
from uuid import UUID

from workshops.models import Activity, Mark, Note

# Answers about one of many things, and answers to one question, below which nothing is shown.
FEWEST_ON_A_THING = 3
FEWEST_IN_ALL = 5
SCALE = range(1, 6)
# How far apart the middle half of the answers may lie to be called so.
CLOSE, APART = 1, 2


@dataclass(frozen=True)
class Middle:
    """Where several answers on a scale of five lie.

    The spread is the middle half of them, in whole steps: fine enough to talk about, too coarse to
    read single answers off it where there are only a few.
    """

    middle: float
    low: int
    high: int

    @classmethod
    def of(cls, answers: list[int]) -> "Middle":
        low, middle, high = quantiles(answers, n=4, method="inclusive")
        return cls(middle, floor(low), ceil(high))

    @property
    def width(self) -> int:
        return self.high - self.low


@dataclass(frozen=True)
class Spot:
    """Where people placed one thing: how far across, how far up."""

    across: Middle
    up: Middle

    @property
    def worth(self) -> float:
        return self.across.middle * self.up.middle

    @property
    def agreement(self) -> str:
        width = max(self.across.width, self.up.width)
        return ("close together", "a little apart", "far apart")[(width > CLOSE) + (width > APART)]


def spots(activity: Activity) -> dict[UUID, Spot]:
    """Where each thing was placed, by its id; those that too few placed are left out."""
    by_thing = defaultdict(list)
    for thing, across, up in _marks(activity):
        if up:
            by_thing[thing].append((across, up))
    return {thing: spot for thing, pairs in by_thing.items() if (spot := spot_of(pairs))}


def spot_of(pairs: list[tuple[int, int]], fewest: int = FEWEST_ON_A_THING) -> Spot | None:
    if len(pairs) < max(fewest, 2):
        return None
    across, up = zip(*pairs, strict=True)
    return Spot(Middle.of(list(across)), Middle.of(list(up)))


def spreads(activity: Activity, choices: int) -> dict[UUID, list[int]]:
    """How many chose each of the choices for each thing; without those that too few marked."""
    by_thing = defaultdict(list)
    for thing, across, _ in _marks(activity):
        by_thing[thing].append(across)
    return {
        thing: [chosen.count(choice) for choice in range(1, choices + 1)]
        for thing, chosen in by_thing.items()
        if len(chosen) >= FEWEST_ON_A_THING
    }


def counts(activity: Activity) -> list[int]:
    """How many gave each answer of five about no thing; empty where too few answered."""
    chosen = [across for thing, across, _ in _marks(activity) if thing is None]
    return [chosen.count(step) for step in SCALE] if len(chosen) >= FEWEST_IN_ALL else []


def how_many_marked(activity: Activity) -> int:
    return Mark.objects.filter(activity=activity).values("voter").distinct().count()


def _marks(activity: Activity) -> list[tuple]:
    rows = Mark.objects.filter(activity=activity).values_list("group", "note", "across", "up")
    return [(group or note, across, up) for group, note, across, up in rows]


@dataclass(frozen=True)
class Role:
    """Somebody who must be on board, as often as people named them, in the same words."""

    who: str
    asks: tuple[str, ...]
    notes: tuple[Note, ...]
    across: float
    up: float

    @property
    def is_placed(self) -> bool:
        return bool(self.across and self.up)

    @property
    def look(self) -> int:
        """Its colour says where they stand: against, in between, on board."""
        return 4 if self.across < 2.5 else 1 if self.across < 3.5 else 3


def roles(notes: Iterable[Note]) -> list[Role]:
    """Who was named, most influence first: several who name the same are taken together."""
    by_words = defaultdict(list)
    for note in notes:
        by_words[" ".join(note.text.casefold().split())].append(note)
    found = [_role(same) for same in by_words.values()]
    return sorted(found, key=lambda role: (-role.up, role.across, role.who.casefold()))


def _role(same: list[Note]) -> Role:
    return Role(
        who=same[0].text,
        asks=tuple(dict.fromkeys(note.ask for note in same if note.ask)),
        notes=tuple(same),
        across=_middle_of([note.support for note in same if note.support]),
        up=_middle_of([note.influence for note in same if note.influence]),
    )


def _middle_of(scores: list[int]) -> float:
    """0 where nobody said."""
    if len(scores) < 2:
        return float(sum(scores))
    return Middle.of(scores).middle
