"""Writing the blueprint: insights, what it stands for, pillars and experiments.

A function that adds a row takes its `pk` from the form, so that a form sent twice makes one row.
Those that write words raise `programmes.editing.Taken` where another row has them already, and
those that change words raise `Stale` where somebody was quicker.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from blueprints.models import (
    Blueprint,
    Commitment,
    Experiment,
    ExperimentMove,
    Insight,
    Line,
    Need,
    Pillar,
)
from programmes.audit import ids_of, record
from programmes.editing import (
    Stale,
    locked,
    make_once,
    next_position,
    save_version,
    shift,
    take_away,
    unless_taken,
)
from programmes.editing import put_back as give_back
from programmes.models import Programme, User

type Ordered = Insight | Line | Pillar | Experiment
# The rows that can be taken away without taking others along.
type Single = Insight | Line | Experiment

# The constraint that keeps the words of each from being there twice.
_ONCE = {
    Insight: "insight_said_once",
    Commitment: "commitment_said_once",
    Need: "need_said_once",
    Pillar: "pillar_title_unique",
    Experiment: "experiment_title_unique",
}


class PillarGone(Exception):
    """An experiment cannot come back while its pillar is taken away."""


@transaction.atomic
def begin(*, programme: Programme, by: User | None) -> Blueprint:
    """The programme's blueprint, made on first use; asked twice, even at once, it is made once."""
    blueprint, made = Blueprint.objects.get_or_create(
        programme=programme, defaults={"authority": programme.authority}
    )
    if made:
        record("blueprint begun", blueprint, by=by)
    return blueprint


@transaction.atomic
def word_focus(
    *, blueprint: Blueprint, version: int, focus: str, by: User | None, **marks: str
) -> Blueprint:
    """`marks`: illustrative, where it is to be set."""
    save_version(blueprint, version=version, focus=focus, **marks)
    record("focus worded", blueprint, by=by)
    return blueprint


@transaction.atomic
def write_line(
    *,
    kind: type[Line],
    blueprint: Blueprint,
    pk: UUID,
    text: str,
    by: User | None,
    illustrative: str = "",
) -> Line:
    """A new commitment or need, after those that are there."""
    rows: QuerySet[Any] = kind.objects.all()
    line, made = make_once(
        rows.filter(authority=blueprint.authority),
        pk=pk,
        constraint=_ONCE[kind],
        authority=blueprint.authority,
        blueprint=blueprint,
        text=text,
        position=next_position(rows.filter(blueprint=blueprint)),
        illustrative=illustrative,
    )
    if made:
        record(f"{_noun(line)} written", line, by=by)
    return line


@transaction.atomic
def reword_line(*, line: Line, version: int, text: str, by: User) -> Line:
    with unless_taken(_ONCE[type(line)]):
        save_version(line, version=version, text=text)
    record(f"{_noun(line)} reworded", line, by=by)
    return line


@transaction.atomic
def write_insight(*, programme: Programme, pk: UUID, changes, by: User | None, **words) -> Insight:
    """A new insight and the small changes that it comes from. `words`: text, kind, sits_in."""
    insight, made = make_once(
        programme.authority.insights,
        pk=pk,
        constraint=_ONCE[Insight],
        programme=programme,
        position=next_position(programme.insights),
        **words,
    )
    if made:
        _link(insight.changes, changes)
        record("insight written", insight, by=by, kind=insight.kind, changes=ids_of(changes))
    return insight


@transaction.atomic
def reword_insight(*, insight: Insight, version: int, changes, by: User | None, **words) -> Insight:
    with unless_taken(_ONCE[Insight]):
        save_version(insight, version=version, **words)
    _link(insight.changes, changes)
    record("insight reworded", insight, by=by, kind=insight.kind, changes=ids_of(changes))
    return insight


@transaction.atomic
def write_pillar(*, blueprint: Blueprint, pk: UUID, insights, by: User | None, **words) -> Pillar:
    """A new pillar and the insights that it grew from.

    `words`: title, so_that, sponsor, practitioner_lead.
    """
    pillar, made = make_once(
        blueprint.authority.pillars,
        pk=pk,
        constraint=_ONCE[Pillar],
        blueprint=blueprint,
        position=next_position(blueprint.pillars),
        **words,
    )
    if made:
        _link(pillar.insights, insights)
        record("pillar written", pillar, by=by, **_people(pillar), insights=ids_of(insights))
    return pillar


@transaction.atomic
def reword_pillar(*, pillar: Pillar, version: int, insights, by: User | None, **words) -> Pillar:
    with unless_taken(_ONCE[Pillar]):
        save_version(pillar, version=version, **words)
    taken_away = pillar.insights.exclude(removed_at=None)
    _link(pillar.insights, [*insights, *taken_away])
    record("pillar reworded", pillar, by=by, **_people(pillar), insights=ids_of(insights))
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
        with unless_taken(_ONCE[Pillar]):
            give_back(pillar)
        record("pillar put back", pillar, by=by, experiments=came_back)
    return pillar


@transaction.atomic
def write_experiment(*, pillar: Pillar, pk: UUID, by: User | None, **words) -> Experiment:
    """A new idea in a pillar. Raises `Pillar.DoesNotExist` where the pillar was just taken away.

    `words`: title, we_try, we_expect, how_we_know, who, from_on, to_on.
    """
    pillar = _held(pillar)
    experiment, made = make_once(
        pillar.authority.experiments,
        pk=pk,
        constraint=_ONCE[Experiment],
        pillar=pillar,
        position=next_position(pillar.experiments),
        created_by=by,
        **words,
    )
    if made:
        record("experiment written", experiment, by=by, pillar=str(pillar.pk))
    return experiment


@transaction.atomic
def reword_experiment(
    *, experiment: Experiment, version: int, pillar: Pillar, by: User | None, **words
) -> Experiment:
    """Change an experiment's words, and its pillar; in another pillar it comes last.

    Raises `Pillar.DoesNotExist` where that pillar was just taken away.
    """
    if pillar.pk != experiment.pillar_id:
        pillar = _held(pillar)
        words |= {"pillar": pillar, "position": next_position(pillar.experiments)}
    with unless_taken(_ONCE[Experiment]):
        save_version(experiment, version=version, **words)
    record("experiment reworded", experiment, by=by, pillar=str(experiment.pillar_id))
    return experiment


@transaction.atomic
def move_experiment(
    *,
    experiment: Experiment,
    state: str,
    decision: str = "",
    why: str = "",
    by: User | None,
    person: User | None = None,
    at: datetime | None = None,
    illustrative: str = "",
) -> ExperimentMove | None:
    """The only gate of an experiment's state and decision.

    Side effects: one `ExperimentMove`, and the event "experiment moved". A state other than decided
    leaves no decision behind. None, and nothing written, where the experiment is there already.

    Where a journey's file tells of a move, `by` is the system; `person` and `at` say whose move it
    was and when, and `illustrative` what of it is made up.
    """
    now = locked(experiment)
    if state != Experiment.State.DECIDED:
        decision = ""
    if (now.state, now.decision) == (state, decision):
        return None
    move = ExperimentMove.objects.create(
        authority=now.authority,
        experiment=now,
        at=at or timezone.now(),
        by=person or by,
        from_state=now.state,
        from_decision=now.decision,
        to_state=state,
        to_decision=decision,
        why=why,
        illustrative=illustrative,
    )
    experiment.state, experiment.decision = state, decision
    experiment.save(update_fields=["state", "decision"])
    record(
        "experiment moved",
        experiment,
        by=by,
        from_state=move.from_state,
        to_state=state,
        decision=decision,
    )
    return move


@transaction.atomic
def move_back(*, move: ExperimentMove, by: User) -> ExperimentMove | None:
    """Undo a move, through the gate. None where the experiment has moved on since."""
    experiment = locked(move.experiment)
    if experiment.moves.first() != move:
        return None
    return move_experiment(
        experiment=experiment, state=move.from_state, decision=move.from_decision, by=by
    )


@transaction.atomic
def order(*, row: Ordered, places: int, by: User) -> bool:
    """Move a row one place up (-1) or down (+1); False where it is at the end already."""
    moved = shift(row.siblings(), row, by=places)
    if moved:
        record(f"{_noun(row)} ordered", row, by=by, places=places)
    return moved


@transaction.atomic
def remove(*, row: Single, by: User) -> Single:
    """Take a row away; twice is once. Links to it stay, so that putting it back restores them."""
    row = locked(row)
    if not row.removed_at:
        take_away(row, by=by)
        record(f"{_noun(row)} removed", row, by=by)
    return row


@transaction.atomic
def put_back(*, row: Single, by: User) -> Single:
    """Undo `remove`. Raises `PillarGone` for an experiment whose pillar is taken away by now."""
    if isinstance(row, Experiment) and locked(row.pillar).removed_at:
        raise PillarGone
    row = locked(row)
    if row.removed_at:
        with unless_taken(_ONCE[type(row)]):
            give_back(row)
        record(f"{_noun(row)} put back", row, by=by)
    return row


def _noun(row) -> str:
    return row._meta.model_name


def _held(pillar: Pillar) -> Pillar:
    """A pillar that stands, and is not taken away before the transaction ends."""
    return Pillar.objects.standing().select_for_update().get(pk=pillar.pk)


def _link(links, rows) -> None:
    links.set(rows, through_defaults={"authority": links.instance.authority})


def _people(pillar: Pillar) -> dict[str, Any]:
    """Who is named, for history."""
    named = {"sponsor": pillar.sponsor_id, "practitioner_lead": pillar.practitioner_lead_id}
    return {part: str(pk) for part, pk in named.items() if pk}
