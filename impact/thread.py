"""The golden thread: from a barrier to what changed, walked from any point to both ends.

Barrier, mission strand, small change, insight, pillar, experiment, result. What was joined with
another counts as what it became; what was made two is two points. A barrier that an insight rests
on leads to it without a strand too. Nothing of it is kept: the links are those that people made.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache, cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import OuterRef, Subquery

from blueprints.models import Decision, Evidence, Experiment, Observation, Pillar, PillarInsight
from programmes.models import Barrier, LocalAuthority, Programme
from smallchanges.models import MissionStrand, SmallChange, StrandBarrier

# The kinds of points, in the order of the thread.
KINDS = ("barrier", "strand", "change", "insight", "pillar", "experiment", "result")
_PLACES = {kind: place for place, kind in enumerate(KINDS)}
_WRITTEN = re.compile(rf"({'|'.join(KINDS)})-([0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})")
TOO_SOON = "Too soon to say"
_DECIDED = {
    Decision.ADOPT: "It’s how we work now",
    Decision.ADAPT: "We’re changing it, to try again",
    Decision.AMPLIFY: "It works, and goes to more places",
    Decision.STOP: "It stopped, and keeps what it taught",
}


class Point(NamedTuple):
    """One point of a thread. A result has its experiment's id."""

    kind: str
    pk: UUID

    def __str__(self):
        return f"{self.kind}-{self.pk}"

    @property
    def place(self) -> int:
        """0 for a barrier, 6 for a result."""
        return _PLACES[self.kind]


type Links = Mapping[Point, list[Point]]


def point_of(written: str) -> Point | None:
    """The point that an address names, such as "change-…"; None where it names none."""
    found = _WRITTEN.fullmatch(written.lower())
    return Point(found[1], UUID(found[2])) if found else None


def programme_of(authority: LocalAuthority, point: Point) -> Programme | None:
    """The programme of this authority in which the point stands, or stood; one query."""
    here: dict[str, dict[str, Any]] = {
        "barrier": {"barriers": point.pk},
        "strand": {"strands": point.pk},
        "change": {"small_changes": point.pk},
        "insight": {"insights": point.pk},
        "pillar": {"blueprint__pillars": point.pk},
        "experiment": {"blueprint__pillars__experiments": point.pk},
        "result": {"blueprint__pillars__experiments": point.pk},
    }
    return authority.programmes.filter(**here[point.kind]).first()


class Web:
    """All points of a programme, and the links between them. Nine queries, however many."""

    def __init__(self, programme: Programme):
        self.programme = programme
        # Of each standing point its words, in the order of its list.
        self.words: dict[Point, str] = {}
        # Which of five looks each strand has, and the words of each result that is one.
        self.looks: dict[Point, int] = {}
        self.seen: set[Point] = set()
        # What was joined with another, its words, and what it is by now.
        self.joined: dict[Point, tuple[str, Point]] = {}
        self.onwards: dict[Point, list[Point]] = defaultdict(list)
        self.back: dict[Point, list[Point]] = defaultdict(list)
        self._links: dict[tuple[Point, Point], None] = {}
        self._read_ambition()
        self._read_changes()
        self._read_blueprint()
        for start, end in sorted(self._links, key=self._order()):
            self.onwards[start].append(end)
            self.back[end].append(start)

    # --- reading

    def _read_ambition(self) -> None:
        barriers = Barrier.objects.said().filter(programme=self.programme)
        self._take("barrier", barriers.values_list("pk", "text", "merged_into_id"))
        strands = self.programme.strands.filter(removed_at=None).order_by("position", "created_at")
        rows = list(strands.values_list("pk", "title", "merged_into_id", "position"))
        self._take("strand", (row[:3] for row in rows))
        for pk, _, _, position in rows:
            self.looks[Point("strand", pk)] = MissionStrand(position=position).look
        links = StrandBarrier.objects.filter(strand__programme=self.programme)
        for barrier, strand in links.values_list("barrier", "strand"):
            self._link(Point("barrier", barrier), self.now(Point("strand", strand)))

    def _read_changes(self) -> None:
        changes = SmallChange._base_manager.filter(programme=self.programme)
        changes = changes.order_by("strand__position", "position", "created_at")
        rows = list(changes.values_list("pk", "title", "merged_into_id", "strand_id"))
        self._take("change", (row[:3] for row in rows))
        for pk, _, _, strand in rows:
            if strand:
                self._link(self.now(Point("strand", strand)), self.now(Point("change", pk)))

    def _read_blueprint(self) -> None:
        insights = self.programme.insights.standing().order_by("kind", "position", "created_at")
        self._take("insight", ((*row, None) for row in insights.values_list("pk", "text")))
        pillars = Pillar.objects.standing().filter(blueprint__programme=self.programme)
        self._take("pillar", ((*row, None) for row in pillars.values_list("pk", "title")))
        for insight, root, is_itself in _evidence(self.programme):
            # What was joined gave its evidence away; only what belongs to it may be left with it.
            self._link(root if is_itself else self.now(root), Point("insight", insight))
        grown = PillarInsight.objects.filter(pillar__blueprint__programme=self.programme)
        for insight, pillar in grown.values_list("insight", "pillar"):
            self._link(Point("insight", insight), Point("pillar", pillar))
        for pk, title, pillar, state, decision, newest in _experiments(self.programme):
            experiment, result = Point("experiment", pk), Point("result", pk)
            self.words[experiment] = title
            decided = _DECIDED[Decision(decision)] if state == Experiment.State.DECIDED else ""
            self.words[result] = decided or newest or TOO_SOON
            if decided or newest:
                self.seen.add(result)
            self._link(Point("pillar", pillar), experiment)
            self._link(experiment, result)

    def _take(self, kind: str, rows: Iterable[tuple]) -> None:
        for pk, words, merged_into in rows:
            if merged_into:
                self.joined[Point(kind, pk)] = words, Point(kind, merged_into)
            else:
                self.words[Point(kind, pk)] = words

    def _link(self, start: Point, end: Point) -> None:
        if start in self.words and end in self.words:
            self._links[start, end] = None

    def _order(self):
        place = {point: number for number, point in enumerate(self.words)}
        return lambda link: (place[link[0]], link[1].place, place[link[1]])

    # --- walking

    def now(self, point: Point) -> Point:
        """What the point is by now: itself, unless it was joined with another."""
        met = {point}
        while point in self.joined:
            point = self.joined[point][1]
            if point in met:
                break
            met.add(point)
        return point

    def parts_of(self, point: Point) -> list[Point]:
        """Those that became part of this one."""
        return [part for part in self.joined if part.kind == point.kind and self.now(part) == point]

    def reach(self, point: Point, links: Links) -> set[Point]:
        """All that these links lead to from there, and the point itself."""
        found, waiting = {point}, [point]
        while waiting:
            for one in links.get(waiting.pop(), ()):
                if one not in found:
                    found.add(one)
                    waiting.append(one)
        return found

    def around(self, point: Point) -> set[Point]:
        """All that the point came from, and all that it led to."""
        return self.reach(point, self.back) | self.reach(point, self.onwards)

    def path(self, point: Point) -> list[Point]:
        """One way through the point that goes as far as any, over as many kinds as any."""
        back = self._one_way(point, self.back, self._far_back)
        return [*reversed(back), point, *self._one_way(point, self.onwards, self._far_on)]

    def best(self) -> Point | None:
        """Where the thread that goes furthest begins; of equal ones the first on its list."""
        return max(self.words, key=lambda one: (self._far_on(one), -one.place), default=None)

    @cached_property
    def _far_on(self) -> Callable[[Point], tuple[int, int]]:
        """How far one gets from a point: to which place of the thread, and over how many points."""

        @cache
        def far(point: Point) -> tuple[int, int]:
            place = point.place if point.kind != "result" or point in self.seen else 0
            ends = [far(one) for one in self.onwards.get(point, ())]
            return max([(place, 0), *((end, knots + 1) for end, knots in ends)])

        return far

    @cached_property
    def _far_back(self) -> Callable[[Point], tuple[int, int]]:
        @cache
        def far(point: Point) -> tuple[int, int]:
            ends = [far(one) for one in self.back.get(point, ())]
            return max([(-point.place, 0), *((end, knots + 1) for end, knots in ends)])

        return far

    def _one_way(self, point: Point, links: Links, far) -> list[Point]:
        """The way on that goes furthest; of equal ones, where most of the others lead too."""
        way: list[Point] = []
        while ends := links.get(point, []):
            common: dict[Point, int] = defaultdict(int)
            for one in ends:
                for beyond in links.get(one, ()):
                    common[beyond] += 1
            point = max(
                ends,
                key=lambda one: (
                    far(one),
                    max((common[beyond] for beyond in links.get(one, ())), default=0),
                ),
            )
            way.append(point)
        return way


# Evidence that belongs to a change, or to a barrier, and leads to it.
_BELONGS = (
    *(("met", "change"), ("ask", "change"), ("measure", "change"), ("move", "change")),
    *(("rule", "change"), ("rule", "barrier")),
)


def _evidence(programme: Programme) -> Iterable[tuple[UUID, Point, bool]]:
    """(insight, the change or barrier, whether that itself is the evidence) of all that stands."""
    rows = Evidence.objects.filter(insight__programme=programme, insight__removed_at=None)
    taken_away = [f"{piece}__removed_at" for piece in ("met", "ask", "measure", "rule")]
    ends = [f"{piece}__{kind}" for piece, kind in _BELONGS]
    for row in rows.values("insight", "change", "barrier", *ends, *taken_away):
        for kind in ("change", "barrier"):
            if row[kind]:
                yield row["insight"], Point(kind, row[kind]), True
        for piece, kind in _BELONGS:
            if (pk := row[f"{piece}__{kind}"]) and not row.get(f"{piece}__removed_at"):
                yield row["insight"], Point(kind, pk), False


def _experiments(programme: Programme) -> Iterable[tuple]:
    """(id, title, pillar, state, decision, what was seen last), in the order of the blueprint."""
    seen = Observation.objects.standing().filter(cycle__experiment=OuterRef("pk"))
    newest = Subquery(seen.order_by("-at", "-created_at").values("text")[:1])
    return (
        Experiment.objects.in_standing_pillars()
        .filter(pillar__blueprint__programme=programme)
        .order_by("pillar__position", "pillar__created_at", "position", "created_at")
        .values_list("pk", "title", "pillar", "state", "decision", newest)
    )
