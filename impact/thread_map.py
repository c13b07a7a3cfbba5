"""The map of the golden thread: six columns, and the lines between them.

Bounded: the chosen thread, and so many others of each kind. The columns are equally high and their
points stand at equal distances, so that the lines need no measuring in the browser.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from impact.thread import TOO_SOON, Point, Web

# What stands in a column at most.
MOST = 7
COLUMNS = {
    "barrier": "Barriers",
    "strand": "Strands",
    "change": "Small changes",
    "pillar": "Pillars",
    "experiment": "Experiments",
    "result": "What changed",
}
# What a column says where the chosen thread has nothing in it.
_GAPS = {
    "barrier": "No barrier named yet",
    "strand": "No strand yet",
    "change": "No small change yet",
    "pillar": "No pillar yet",
    "experiment": "No experiment yet",
}
STRAIGHT = "Straight to what we learned"


@dataclass
class Cell:
    """One point in its column, or a gap of the chosen thread, or what it is too soon to say of.

    `look` is its strand's, 0 for none. `is_fork`: the chosen thread leads there too.
    """

    words: str
    point: Point | None = None
    look: int = 0
    is_on: bool = False
    is_fork: bool = False
    is_here: bool = False


@dataclass
class Column:
    """`more` counts those for which there was no room; `wires` lead to the next column."""

    kind: str
    cells: list[Cell] = field(default_factory=list)
    more: int = 0
    wires: list[tuple[str, str]] = field(default_factory=list)

    @property
    def title(self) -> str:
        return COLUMNS[self.kind]


def draw(web: Web, at: Point) -> list[Column]:
    return _Map(web, at).columns()


class _Map:
    def __init__(self, web: Web, at: Point):
        self.web = web
        self.at = at
        self.path = web.path(at)
        self.on = set(self.path)
        self.around = web.around(at)
        self.strands = {
            point: parents[0]
            for point in web.words
            if point.kind in ("barrier", "change")
            if (parents := [one for one in self._beside(point) if one.kind == "strand"])
        }
        self.all: dict[str, list[Point]] = defaultdict(list)
        for point in web.words:
            self.all[point.kind].append(point)
        self.place = {point: number for number, point in enumerate(web.words)}

    def columns(self) -> list[Column]:
        shown = {kind: self._chosen(kind) for kind in COLUMNS if kind != "result"}
        shown["result"] = [Point("result", one.pk) for one in shown["experiment"]]
        found = [self._column(kind, shown[kind]) for kind in COLUMNS]
        for here, there in pairwise(found):
            here.wires = sorted(
                self._wires(here.cells, there.cells), key=lambda wire: _OVER[wire[0]]
            )
        return found

    def _beside(self, point: Point) -> list[Point]:
        return [*self.web.onwards.get(point, ()), *self.web.back.get(point, ())]

    def _chosen(self, kind: str) -> list[Point]:
        """The path's own, what else the thread leads to, then the first of each group."""
        turn: dict[Point | None, int] = defaultdict(int)
        ranks = {}
        for point in self.all[kind]:
            group = self._group(point)
            # Those in no group, with no line to show, come after all the others.
            ranks[point] = turn[group] + (len(self.place) if group is None else 0)
            turn[group] += 1
        chosen = sorted(
            self.all[kind],
            key=lambda one: (one not in self.on, one not in self.around, ranks[one]),
        )[:MOST]
        return sorted(chosen, key=self._order)

    def _group(self, point: Point) -> Point | None:
        if point.kind == "experiment":
            return next(iter(self.web.back[point]), None)
        return self.strands.get(point) if point.kind in ("barrier", "change") else point

    def _order(self, point: Point) -> tuple[int, int]:
        """By groups, so that few lines cross; what is in none comes last."""
        group = self._group(point)
        return (self.place[group] if group else len(self.place), self.place[point])

    def _column(self, kind: str, points: list[Point]) -> Column:
        column = Column(kind, more=len(self.all[kind]) - len(points))
        too_soon = False
        for point in points:
            is_ours = point in self.around
            if kind == "result" and not is_ours and point not in self.web.seen:
                # One for all of them: nothing is there to follow yet.
                if not too_soon:
                    column.cells.append(Cell(TOO_SOON))
                too_soon = True
                continue
            column.cells.append(
                Cell(
                    self._words(point),
                    point,
                    look=self._look(point),
                    is_on=point in self.on,
                    is_fork=is_ours and point not in self.on,
                    is_here=point == self.at,
                )
            )
        if kind == "result":
            column.more = 0
        elif not any(point.kind == kind for point in self.path):
            column.cells.insert(self._middle(column), Cell(self._gap(kind), is_on=True))
        return column

    def _words(self, point: Point) -> str:
        """A pillar with its number, as on the blueprint’s page."""
        words = self.web.words[point]
        return f"{self.all['pillar'].index(point) + 1} {words}" if point.kind == "pillar" else words

    def _middle(self, column: Column) -> int:
        return len(column.cells) // 2

    def _gap(self, kind: str) -> str:
        """Where the thread goes on behind it, from the same barrier, nothing is missing."""
        behind = any(one.kind in ("insight", "pillar") for one in self.path)
        starts = self.path[0].kind == "barrier"
        return STRAIGHT if kind in ("strand", "change") and behind and starts else _GAPS[kind]

    def _look(self, point: Point) -> int:
        strand = point if point.kind == "strand" else self.strands.get(point)
        return self.web.looks[strand] if strand else 0

    def _wires(self, here: list[Cell], there: list[Cell]) -> Iterator[tuple[str, str]]:
        """(kind of line, its path in a square of 100)."""
        for number, start in enumerate(here):
            nexts = self._nexts(start)
            for other, end in enumerate(there):
                kind = self._line(start, end, nexts)
                if kind:
                    y, z = ((2 * n + 1) * 50 / size for n, size in _at(number, here, other, there))
                    path = f"M0 {y:.2f} C50 {y:.2f} 50 {z:.2f} 100 {z:.2f}"
                    yield kind, path

    def _nexts(self, cell: Cell) -> set[Point]:
        """What a point leads to on the map: an insight is between two columns."""
        if cell.point is None:
            return set()
        found: set[Point] = set()
        for one in self.web.onwards.get(cell.point, ()):
            found.update(self.web.onwards.get(one, ()) if one.kind == "insight" else [one])
        return found

    def _line(self, start: Cell, end: Cell, nexts: set[Point]) -> str:
        if start.point is None or end.point is None:
            if start.is_on and end.is_on:
                # To, from or between gaps of the chosen thread.
                real = {STRAIGHT} | {one.words for one in (start, end) if one.point}
                return "on" if {start.words, end.words} <= real else "gap"
            waits = end.words == TOO_SOON and end.point is None and start.point is not None
            result = Point("result", start.point.pk) if start.point else None
            is_its = waits and result not in self.around and result not in self.web.seen
            return "pale" if is_its else ""
        if end.point not in nexts:
            return ""
        if start.is_on and end.is_on:
            return "on"
        return "fork" if {start.point, end.point} <= self.around else "pale"


# Which lines are drawn over which.
_OVER = {"pale": 0, "gap": 1, "fork": 2, "on": 3}


def _at(number: int, here: list, other: int, there: list) -> tuple[tuple[int, int], ...]:
    return (number, len(here)), (other, len(there))
