"""The improvement plan and the blueprint side by side: which pillars serve which aims."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from blueprints.models import Aim, Experiment, Pillar, PillarAim
from blueprints.states import states_in_words
from programmes.models import Programme


@dataclass(frozen=True)
class PillarLine:
    """A pillar with its number on the blueprint's page and how far its experiments are."""

    number: int
    pillar: Pillar
    experiments: list[Experiment]
    aims: list[Aim]

    @property
    def states(self) -> list[tuple[str, str]]:
        return states_in_words(self.experiments)


@dataclass(frozen=True)
class AimLine:
    aim: Aim
    pillars: list[PillarLine]


@dataclass(frozen=True)
class PlanReading:
    """Both ways: by aim, which pillars serve it; by pillar, which aims it serves."""

    aims: list[AimLine] = field(default_factory=list)
    pillars: list[PillarLine] = field(default_factory=list)

    @property
    def aims_unserved(self) -> int:
        return sum(not one.pillars for one in self.aims)

    @property
    def pillars_beside(self) -> int:
        """How many pillars serve no aim."""
        return sum(not one.aims for one in self.pillars)


def plan_of(programme: Programme | None) -> PlanReading:
    """Four queries, however much there is."""
    if programme is None:
        return PlanReading()
    found = Pillar.objects.standing().filter(blueprint__programme=programme)
    pillars: list[Any] = list(found.with_experiments())
    served = aims_of(pillars)
    lines = [
        PillarLine(number, pillar, pillar.standing_experiments, served.get(pillar.pk, []))
        for number, pillar in enumerate(pillars, start=1)
    ]
    return PlanReading(
        aims=[
            AimLine(aim, [line for line in lines if aim in line.aims])
            for aim in programme.aims.standing()
        ],
        pillars=lines,
    )


def aims_of(pillars: Iterable[Pillar]) -> dict[UUID, list[Aim]]:
    """The standing aims that each of these pillars serves, in the plan's order. One query."""
    links = (
        PillarAim.objects.filter(pillar__in=list(pillars), aim__removed_at=None)
        .select_related("aim")
        .order_by("aim__position", "aim__created_at")
    )
    found = defaultdict(list)
    for one in links:
        found[one.pillar_id].append(one.aim)
    return found
