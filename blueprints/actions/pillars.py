"""Writing pillars, and taking them away with all that is in them."""

from typing import Any
from uuid import UUID

from django.db import transaction

from blueprints.models import Blueprint, Pillar
from programmes.audit import ids_of, record
from programmes.editing import (
    Stale,
    locked,
    make_once,
    next_position,
    save_version,
    take_away,
    unless_taken,
)
from programmes.editing import put_back as give_back
from programmes.models import User

from .rows import ONCE, link
from .waiting import drop_waiting


@transaction.atomic
def write_pillar(
    *, blueprint: Blueprint, pk: UUID, insights, by: User | None, aims=None, **words
) -> Pillar:
    """A new pillar, the insights that it grew from, and the improvement plan's `aims` it serves.

    `words`: title, so_that, sponsor, practitioner_lead.
    """
    pillar, made = make_once(
        blueprint.authority.pillars,
        pk=pk,
        constraint=ONCE[Pillar],
        blueprint=blueprint,
        position=next_position(blueprint.pillars),
        **words,
    )
    if made:
        link(pillar.insights, insights)
        served = _serve(pillar, aims)
        named = _people(pillar)
        record("pillar written", pillar, by=by, **named, insights=ids_of(insights), **served)
    return pillar


@transaction.atomic
def reword_pillar(
    *, pillar: Pillar, version: int, insights, by: User | None, aims=None, **words
) -> Pillar:
    """Change a pillar's words and what it grew from; the `aims` it serves, where they are given."""
    with unless_taken(ONCE[Pillar]):
        save_version(pillar, version=version, **words)
    taken_away = pillar.insights.exclude(removed_at=None)
    link(pillar.insights, [*insights, *taken_away])
    served = _serve(pillar, aims)
    named = _people(pillar)
    record("pillar reworded", pillar, by=by, **named, insights=ids_of(insights), **served)
    return pillar


@transaction.atomic
def remove_pillar(*, pillar: Pillar, experiments: int, by: User) -> Pillar:
    """Take a pillar away, and its experiments with it.

    `experiments` is how many the person was told go along. Raises `Stale`, and takes nothing away,
    where there are more or fewer by now.
    """
    pillar = locked(pillar)
    if pillar.removed_at:
        return pillar
    standing = pillar.experiments.standing()
    if standing.count() != experiments:
        raise Stale(pillar)
    for one in standing.exclude(waiting_since=None):
        drop_waiting(one)
    take_away(pillar, by=by)
    # The same moment on all of them tells later which ones went with the pillar.
    standing.update(removed_at=pillar.removed_at, removed_by=by)
    record("pillar removed", pillar, by=by, experiments=experiments)
    return pillar


@transaction.atomic
def put_back_pillar(*, pillar: Pillar, by: User) -> Pillar:
    """Undo `remove_pillar`: the pillar, and the experiments that went with it."""
    pillar = locked(pillar)
    if pillar.removed_at:
        went_along = pillar.experiments.filter(removed_at=pillar.removed_at)
        came_back = went_along.update(removed_at=None, removed_by=None)
        with unless_taken(ONCE[Pillar]):
            give_back(pillar)
        record("pillar put back", pillar, by=by, experiments=came_back)
    return pillar


def _serve(pillar: Pillar, aims) -> dict[str, Any]:
    """Tick these aims, and say so for history; those that were taken away stay for coming back."""
    if aims is None:
        return {}
    link(pillar.aims, [*aims, *pillar.aims.exclude(removed_at=None)])
    return {"aims": ids_of(aims)}


def _people(pillar: Pillar) -> dict[str, Any]:
    """Who is named, for history."""
    named = {"sponsor": pillar.sponsor_id, "practitioner_lead": pillar.practitioner_lead_id}
    return {part: str(pk) for part, pk in named.items() if pk}
