"""The story of one golden thread: what each of its knots says, in whose words, and when.

Nobody is named: people are there by their role or team, and a note by its words.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import Combinable
from django.urls import reverse

from blueprints.models import Experiment, Observation
from impact.models import Story
from impact.thread import KINDS, Point, Web
from programmes.models import Barrier, LocalAuthority
from programmes.wording import in_words
from smallchanges.models import Ask, Measure, Reading, SmallChange, Status
from workshops.models import Harvest, Note, Workshop

# How many of a kind a knot names before it says how many more there are.
_NAMED = 4
_TITLES = {
    "barrier": "What became of “{}”",
    "strand": "Where “{}” came from, and where it led",
    "change": "Where “{}” came from, and where it led",
    "insight": "How we came to see it: “{}”",
    "pillar": "How “{}” came about",
    "experiment": "How we came to try “{}”",
    "result": "How we got here: “{}”",
}


@dataclass
class Named:
    """Other points beside a knot, and how many more there are."""

    points: list[tuple[Point, str]]
    more: int = 0


@dataclass
class Voice:
    """What a barrier's writers wrote, as they wrote it, and how many notes said the like.

    Without words for whoever does not read those notes.
    """

    words: str
    alike: int = 0

    @property
    def alike_in_words(self) -> str:
        if not self.alike:
            return ""
        other = "One other note" if self.alike == 1 else f"{in_words(self.alike)} other notes"
        return f"{other[0].upper()}{other[1:]} said something like it."


@dataclass
class Heard:
    """An ask: of whom in what role, and what came of it."""

    ask: Ask
    what_came: str


@dataclass
class Moved:
    """A measure with where it began and where it is."""

    measure: Measure
    reading: Reading | None


class Telling:
    """All that the story of one chosen point says; each part asks for its rows once."""

    def __init__(self, web: Web, at: Point, authority: LocalAuthority, reads_notes: Combinable):
        self.web = web
        self.at = at
        self.authority = authority
        # Of a workshop: whether whoever reads this reads its notes too (`workshops.rings`).
        self.reads_notes = reads_notes
        self.path = web.path(at)
        self._knots = {point.kind: point for point in self.path}

    @property
    def title(self) -> str:
        return _TITLES[self.at.kind].format(self.web.words[self.at])

    def _pk(self, kind: str) -> UUID | None:
        return self._knots[kind].pk if kind in self._knots else None

    @cached_property
    def also(self) -> dict[str, Named]:
        """By kind, what stands beside its knot: what the next one too came from, or led to."""
        found: dict[str, list[tuple[Point, str]]] = {kind: [] for kind in KINDS}
        here = self.path.index(self.at)
        for number, point in enumerate(self.path):
            if number == here:
                continue
            inwards = self.path[number + (1 if number < here else -1)]
            beside = (self.web.back if number < here else self.web.onwards)[inwards]
            found[point.kind] = [
                (one, self.web.words[one])
                for one in beside
                if one.kind == point.kind and one != point
            ]
        return {
            kind: Named(others[:_NAMED], max(len(others) - _NAMED, 0))
            for kind, others in found.items()
        }

    @cached_property
    def joined(self) -> dict[str, list[str]]:
        """By kind, the words of what became part of its knot."""
        return {
            kind: [self.web.joined[part][0] for part in self.web.parts_of(point)]
            for kind, point in self._knots.items()
        }

    @property
    def look(self) -> int:
        """Of the strand, for the colour of the note; 0 without one."""
        return self.web.looks.get(self._knots.get("strand", self.at), 0)

    # --- the knots, from the first to the last

    @cached_property
    def barrier(self) -> Barrier | None:
        """With `parts`, those merged into it, so that `give_sources` names where each was said."""
        if (point := self._knots.get("barrier")) is None:
            return None
        parts = [part.pk for part in self.web.parts_of(point)]
        rows = Barrier.objects.filter(Q(pk=point.pk) | Q(pk__in=parts)).prefetch_related("teams")
        found = {row.pk: row for row in rows}
        barrier: Any = found.pop(point.pk)
        barrier.parts = list(found.values())
        return barrier

    @cached_property
    def voice(self) -> Voice | None:
        """The note's own words, where the room could read them, for whoever was there.

        Everybody else reads the words that were brought into the journey, which are the barrier's.
        """
        if self.barrier is None:
            return None
        ours = [self.barrier.pk, *(part.pk for part in self.barrier.parts)]  # type: ignore[attr-defined]
        harvests = Harvest.objects.filter(barrier__in=ours).order_by("created_at")
        ways = list(harvests.values_list("note", "group"))
        notes = Note.objects.shown().filter(
            Q(pk__in=[note for note, _ in ways if note])
            | Q(group__in=[group for _, group in ways if group]),
            activity__revealed_at__isnull=False,
        )
        read = Workshop.objects.filter(self.reads_notes, pk=OuterRef("activity__workshop"))
        said = notes.order_by("position", "id").values_list("text", Exists(read))
        own = next((text for text, is_read in said if is_read), "")
        return Voice(own, len(said) - 1) if said else None

    @cached_property
    def strand(self):
        pk = self._pk("strand")
        rows = self.authority.strands.select_related("split_from")
        return rows.get(pk=pk) if pk else None

    @cached_property
    def change(self) -> Any:
        pk = self._pk("change")
        if pk is None:
            return None
        return SmallChange.objects.select_related("split_from").prefetch_related("teams").get(pk=pk)

    @cached_property
    def asks(self) -> list[Heard]:
        asks = self.change.asks.standing().select_related("member").order_by("asked_at")
        return [Heard(ask, _what_came(ask)) for ask in asks]

    @cached_property
    def stakeholders(self) -> list:
        return list(self.change.stakeholders.standing())

    @property
    def nobody_asked(self) -> bool:
        return not (self.asks or self.stakeholders)

    @cached_property
    def moves(self) -> list:
        """The newest first, without slips."""
        return [move for move in self.change.moves.all()[: _NAMED * 2] if not move.took_back]

    @cached_property
    def updates(self) -> list:
        return list(self.change.updates.standing()[:2])

    @cached_property
    def measures(self) -> list[Moved]:
        told = Reading.objects.standing().filter(measure__change=self.change)
        newest = {one.measure_id: one for one in told.order_by("on")}
        return [Moved(one, newest.get(one.pk)) for one in self.change.measures.standing()]

    @property
    def nothing_moved(self) -> bool:
        change = self.change
        return not (change.result or change.impact or self.moves or self.updates or self.measures)

    @cached_property
    def insight(self):
        pk = self._pk("insight")
        return self.authority.insights.get(pk=pk) if pk else None

    @property
    def said(self) -> list:
        """What may have been said in a workshop first."""
        return [one for one in (self.barrier, self.strand, self.insight) if one is not None]

    @cached_property
    def pillar(self):
        pk = self._pk("pillar")
        return self.authority.pillars.get(pk=pk) if pk else None

    @property
    def pillar_number(self) -> int:
        """As on the blueprint's page."""
        return self.numbers[self._knots["pillar"]]

    @cached_property
    def numbers(self) -> dict[Point, int]:
        pillars = [point for point in self.web.words if point.kind == "pillar"]
        return {point: number for number, point in enumerate(pillars, start=1)}

    @cached_property
    def also_fed(self) -> list[tuple[int, Point, str, str]]:
        """Other pillars that its change or barrier shaped too: number, point, title, the insight.

        The thread of a pillar, or of what grew from it, says nothing of others.
        """
        start = self._knots.get("change") or self._knots.get("barrier")
        if start is None:
            return []
        fed: dict[Point, str] = {}
        for insight in self.web.onwards.get(start, ()):
            if insight.kind == "insight":
                for pillar in self.web.onwards.get(insight, ()):
                    fed.setdefault(pillar, self.web.words[insight])
        return [
            (self.numbers[pillar], pillar, self.web.words[pillar], why)
            for pillar, why in fed.items()
            if pillar not in self.path
        ][:_NAMED]

    @cached_property
    def experiment(self) -> Experiment | None:
        pk = self._pk("experiment")
        if pk is None:
            return None
        return self.authority.experiments.with_cycles().prefetch_related("moves").get(pk=pk)

    @property
    def is_seen(self) -> bool:
        """Whether there is more to say than that it is too soon."""
        return self._knots.get("result") in self.web.seen or self.story is not None

    @cached_property
    def observations(self) -> list:
        seen = Observation.objects.standing().filter(cycle__experiment=self.experiment)
        return list(seen.select_related("cycle")[:2]) if self.experiment else []

    @property
    def decided(self):
        """The move that decided the experiment, where it is decided."""
        experiment = self.experiment
        if experiment is None or experiment.state != Experiment.State.DECIDED:
            return None
        moves = [move for move in experiment.moves.all() if move.to_decision]
        return moves[0] if moves else None

    @cached_property
    def story(self) -> Story | None:
        """What somebody told of the change, and said yes to others reading."""
        if self.change is None:
            return None
        return self.change.stories.read_by_all_here().first()

    @property
    def is_stopped(self) -> bool:
        return self.change is not None and self.change.status == Status.STOPPED

    # --- where each is read

    @cached_property
    def url(self) -> dict[str, str]:
        """By kind, where its knot is read."""
        slug = self.authority.slug
        return {kind: self._url_of(slug, point) for kind, point in self._knots.items()}

    def _url_of(self, slug: str, point: Point) -> str:
        match point.kind:
            case "barrier":
                return reverse("programmes:ambition", args=[slug], fragment="barriers")
            case "strand":
                return reverse("smallchanges:strand", args=[slug, point.pk])
            case "change":
                return reverse("smallchanges:change", args=[slug, point.pk])
            case "insight":
                return reverse("blueprints:insights", args=[slug], fragment=f"row-{point.pk}")
            case "pillar":
                anchor = f"pil{self.numbers[point]}"
                return reverse("blueprints:blueprint", args=[slug], fragment=anchor)
        return reverse("blueprints:experiment", args=[slug, point.pk])


def _what_came(ask: Ask) -> str:
    """Such as "Said yes, and it has arrived"."""
    said = ask.get_state_display()
    if ask.state == Ask.State.YES_IF:
        said = "Said yes, with an if"
    elif ask.state == Ask.State.NO:
        said = "Said no"
    if ask.released_at:
        return f"{said}, and it has arrived"
    return f"{said}, not here yet" if ask.said_yes_at else said
