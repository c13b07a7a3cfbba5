"""What the blueprint's pages, and pages of the roof, read of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse

from blueprints import learned, serving
from blueprints import voice as voices
from blueprints.models import (
    Aim,
    Answer,
    Blueprint,
    BlueprintVersion,
    Commitment,
    Experiment,
    Insight,
    Need,
    Pillar,
)
from blueprints.pieces import Rests, rests_of
from blueprints.states import states_in_words
from blueprints.voice import Voice
from programmes.models import Membership, Programme
from smallchanges.models import SmallChange

_CHANGES_NAMED = 4
_WAITING_NAMED = 5


def changes_of(insights: list[Insight]) -> list[SmallChange]:
    """The small changes that insights come from, each once, the first of them first."""
    found = {change.pk: change for one in insights for change in one.changes.all()}
    return sorted(found.values(), key=lambda change: (change.position, change.created_at))


@dataclass(frozen=True)
class PillarReading:
    """One pillar with its number on the page, its experiments, and what it grew from.

    What follows `insights` is there once `as_it_lives` has asked for it.
    """

    number: int
    pillar: Pillar
    experiments: list[Experiment]
    insights: list[Insight]
    voice: Voice | None = None
    learned_at: datetime | None = None
    quiet_since: datetime | None = None
    aims: list[Aim] = field(default_factory=list)
    answers: dict[UUID, Answer] = field(default_factory=dict)

    @property
    def states(self) -> list[tuple[str, str]]:
        """Such as ("w", "2 waiting for a yes"); the first word is the mark's class."""
        return states_in_words(self.experiments)

    @property
    def rows(self) -> list[tuple[Experiment, Answer | None]]:
        """Each experiment, and what a leader said last of the cycle that it is in."""
        return [(one, self.answers.get(one.cycle.pk)) for one in self.experiments]

    @property
    def changes(self) -> list[SmallChange]:
        return changes_of(self.insights)

    @property
    def changes_named(self) -> list[SmallChange]:
        return self.changes[:_CHANGES_NAMED]

    @property
    def changes_more(self) -> int:
        return len(self.changes[_CHANGES_NAMED:])


@dataclass(frozen=True)
class BlueprintReading:
    """All of a programme's blueprint. `blueprint` is None until somebody wrote the first word."""

    blueprint: Blueprint | None
    commitments: list[Commitment]
    needs: list[Need]
    pillars: list[PillarReading]
    # Whose own pillars come first among what waits; nobody's, until `as_it_lives` was told.
    reader: Membership | None = None
    # The number of the version that holds, and since when.
    agreed: tuple[int, datetime] | None = None

    @property
    def has_words(self) -> bool:
        focus = self.blueprint.focus if self.blueprint else ""
        return bool(focus or self.commitments or self.needs or self.pillars)

    @property
    def rooted(self) -> list[Pillar]:
        """Its pillars by themselves: what can have been said in a room."""
        return [one.pillar for one in self.pillars]

    @property
    def experiments(self) -> int:
        return sum(len(pillar.experiments) for pillar in self.pillars)

    @property
    def waiting(self) -> list[Experiment]:
        """The experiments that wait for an answer: those first whose pillar the reader sponsors.

        Among these, and among the others, in the order of the page. What got a "yes, if" waits for
        what that asks for, and no more for a leader.
        """
        own = self.reader.pk if self.reader else None
        pillars = sorted(self.pillars, key=lambda one: not own or one.pillar.sponsor_id != own)
        return [
            experiment
            for pillar in pillars
            for experiment, answer in pillar.rows
            if experiment.state == Experiment.State.WAITING
            and not (answer and experiment.waiting_since and answer.at >= experiment.waiting_since)
        ]

    @property
    def waiting_named(self) -> list[Experiment]:
        return self.waiting[:_WAITING_NAMED]

    @property
    def waiting_more(self) -> int:
        return len(self.waiting[_WAITING_NAMED:])


def blueprint_of(programme: Programme | None) -> BlueprintReading:
    """Eight queries, however much there is."""
    blueprint = _with_agreed(programme).first() if programme else None
    if blueprint is None:
        return BlueprintReading(None, [], [], [])
    pillars = blueprint.pillars.standing().with_people().with_roots()
    pillars = pillars.with_experiments(with_cycles=True)
    return BlueprintReading(
        blueprint=blueprint,
        agreed=(blueprint.number, blueprint.agreed_at) if blueprint.number else None,
        commitments=list(blueprint.commitments.standing()),
        needs=list(blueprint.needs.standing()),
        pillars=[
            PillarReading(number, pillar, pillar.standing_experiments, pillar.standing_insights)
            for number, pillar in enumerate(pillars, start=1)
        ],
    )


def _with_agreed(programme: Programme):
    agreed = BlueprintVersion.objects.agreed().filter(blueprint=OuterRef("pk"))
    return Blueprint.objects.filter(programme=programme).annotate(
        number=Subquery(agreed.values("number")), agreed_at=Subquery(agreed.values("agreed_at"))
    )


def as_it_lives(
    reading: BlueprintReading, programme: Programme | None, *, reader: Membership | None = None
) -> BlueprintReading:
    """With whose voice is in each pillar, when it last learned, which aims it serves, and what
    leaders answered. Seven queries more, however much there is; none where there is no pillar.
    """
    pillars = reading.rooted
    if not pillars or programme is None:
        return replace(reading, reader=reader)
    heard, learned_at = voices.of(pillars), learned.last_learned(pillars)
    aims, answers = serving.aims_of(pillars), _newest_answers(pillars)
    return replace(
        reading,
        reader=reader,
        pillars=[
            replace(
                one,
                voice=heard[one.pillar.pk],
                learned_at=learned_at.get(one.pillar.pk),
                quiet_since=learned.quiet_since(
                    one.pillar, programme, learned_at.get(one.pillar.pk)
                ),
                aims=aims.get(one.pillar.pk, []),
                answers=answers,
            )
            for one in reading.pillars
        ],
    )


def _newest_answers(pillars: Iterable[Pillar]) -> dict[UUID, Answer]:
    """By cycle, the newest answer that nobody took back, with who gave it. One query."""
    answers = Answer.objects.standing().filter(experiment__pillar__in=list(pillars))
    newest = answers.order_by("cycle_id", "-at", "-created_at").distinct("cycle_id")
    return {one.cycle_id: one for one in newest.select_related("by")}


@dataclass(frozen=True)
class InsightReading:
    """One insight, the changes it comes from, and the pillars that grew from it."""

    insight: Insight
    pillars: list[tuple[int, Pillar]]
    rests: Rests


def insights_of(
    programme: Programme, *, kind: str = "", sits_in: str = ""
) -> dict[str, list[InsightReading]]:
    """The standing insights by kind, in their order. Five queries."""
    pillars = Pillar.objects.standing().filter(blueprint__programme=programme)
    numbers = {pk: number for number, pk in enumerate(pillars.values_list("pk", flat=True), 1)}
    found: dict[str, list[InsightReading]] = {kind: [] for kind in Insight.Kind.values}
    insights = programme.insights.standing().seated(kind=kind, sits_in=sits_in)
    insights = list(insights.with_roots().with_growth())
    rests = rests_of(insights, programme.authority.slug)
    for insight in insights:
        grown = [(numbers[pillar.pk], pillar) for pillar in insight.standing_pillars]
        found[insight.kind].append(InsightReading(insight, grown, rests[insight.pk]))
    return found


def onwards_of(change: SmallChange) -> list[tuple[str, str, str]]:
    """Where a small change led: (label, text, url) of pillars and experiments, pillar by pillar.

    A pillar grew from the change where one of its insights comes from it. Three queries at most.
    """
    pillars = Pillar.objects.standing().filter(blueprint__programme=change.programme_id)
    grew = Exists(Pillar.objects.grown_from(change).filter(pk=OuterRef("pk")))
    slug = change.authority.slug
    page = reverse("blueprints:blueprint", args=[slug])
    knots = []
    for number, pillar in enumerate(pillars.annotate(grew=grew).with_experiments(), start=1):
        if not pillar.grew:
            continue
        knots.append((f"Pillar {number}", pillar.title, f"{page}#pil{number}"))
        for experiment in pillar.standing_experiments:
            url = reverse("blueprints:experiment", args=[slug, experiment.pk])
            knots.append(("Experiment", experiment.title, url))
    return knots
