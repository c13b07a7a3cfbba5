"""Writing experiments, and moving them through their gate."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from blueprints.models import Experiment, ExperimentMove, LearningCycle, Pillar
from programmes.audit import record
from programmes.editing import locked, make_once, next_position, save_version, unless_taken
from programmes.models import User

from .rows import ONCE, held
from .waiting import drop_waiting, tell_sponsor

# The words of an experiment that are its cycle's.
_OF_THE_CYCLE = ("we_try", "we_expect", "how_we_know", "who", "from_on", "to_on")


class Sealed(Exception):
    """What we expect is not changed any more once something was seen, or decided."""

    def __init__(self, cycle: LearningCycle):
        super().__init__(str(cycle.pk))
        self.cycle = cycle


@transaction.atomic
def write_experiment(
    *,
    pillar: Pillar,
    pk: UUID,
    title: str,
    by: User | None,
    state: str = Experiment.State.IDEA,
    decision: str = "",
    illustrative: str = "",
    **words: Any,
) -> Experiment:
    """A new experiment in a pillar, with its first cycle.

    Raises `Pillar.DoesNotExist` where the pillar was just taken away. `words`: we_try, we_expect,
    how_we_know, who, from_on, to_on. Where a journey's file says that it is no idea any more,
    `state` and `decision` say where it is.
    """
    pillar = held(pillar)
    now = timezone.now()
    experiment, made = make_once(
        pillar.authority.experiments,
        pk=pk,
        constraint=ONCE[Experiment],
        pillar=pillar,
        title=title,
        state=state,
        decision=decision,
        waiting_since=now if state == Experiment.State.WAITING else None,
        position=next_position(pillar.experiments),
        created_by=by,
        illustrative=illustrative,
    )
    if made:
        experiment.cycles.create(
            authority=pillar.authority,
            decision=decision,
            decided_at=now if decision else None,
            illustrative=illustrative,
            **words,
        )
        record("experiment written", experiment, by=by, pillar=str(pillar.pk))
    return experiment


@transaction.atomic
def reword_experiment(
    *, experiment: Experiment, version: int, pillar: Pillar, by: User | None, **words
) -> Experiment:
    """Change an experiment's words, and its pillar; in another pillar it comes last.

    Raises `Pillar.DoesNotExist` where that pillar was just taken away, and `Sealed` where what we
    expect would change although something was seen, or decided. Of what was decided, a journey's
    file (`by` is the system) may still say what nobody had written.
    """
    if pillar.pk != experiment.pillar_id:
        pillar = held(pillar)
        words |= {"pillar": pillar, "position": next_position(pillar.experiments)}
    of_cycle = {name: words.pop(name) for name in _OF_THE_CYCLE if name in words}
    with unless_taken(ONCE[Experiment]):
        save_version(experiment, version=version, **words)
    # After the experiment, whose row keeps everybody else from writing its cycles.
    cycle = experiment.cycle
    is_closed = cycle.sealed_at or (cycle.decision and by)
    if is_closed and of_cycle.get("we_expect", cycle.we_expect) != cycle.we_expect:
        raise Sealed(cycle)
    marked = words.get("illustrative", cycle.illustrative)
    experiment.cycles.filter(pk=cycle.pk).update(**of_cycle, illustrative=marked)
    record("experiment reworded", experiment, by=by, pillar=str(experiment.pillar_id))
    return experiment


@transaction.atomic
def move_experiment(
    *,
    experiment: Experiment,
    state: str,
    decision: str = "",
    why: str = "",
    surprised_us: str = "",
    by: User | None,
    person: User | None = None,
    at: datetime | None = None,
    illustrative: str = "",
) -> ExperimentMove | None:
    """The only gate of an experiment's state and decision, and of its cycle's decision.

    Side effects: one `ExperimentMove`; since when it waits for a yes, if it does, and nobody
    reminded yet; its newest cycle is decided, or is not any more, and with the decision keeps what
    surprised us, and what it expected is sealed; its sponsor is mailed when it begins to wait, and
    mails that were to go are dropped when it does no more; the event "experiment moved". A state
    other than decided leaves no decision behind; a seal stays. None, and nothing written, where the
    experiment is there already.

    Where a journey's file tells of a move, `by` is the system; `person` and `at` say whose move it
    was and when, and `illustrative` what of it is made up. Nobody is mailed of it.
    """
    now = locked(experiment)
    if state != Experiment.State.DECIDED:
        decision = ""
    if (now.state, now.decision) == (state, decision):
        return None
    at = at or timezone.now()
    cycle = now.cycle
    move = ExperimentMove.objects.create(
        authority=now.authority,
        experiment=now,
        cycle=cycle,
        at=at,
        by=person or by,
        from_state=now.state,
        from_decision=now.decision,
        to_state=state,
        to_decision=decision,
        why=why,
        illustrative=illustrative,
    )
    experiment.state, experiment.decision = state, decision
    experiment.waiting_since = at if state == Experiment.State.WAITING else None
    experiment.reminded_at = experiment.chat_at = None
    experiment.save(update_fields=["state", "decision", "waiting_since", "reminded_at", "chat_at"])
    _decide(cycle, decision, surprised_us, move)
    if move.from_state == Experiment.State.WAITING:
        drop_waiting(now)
    elif state == Experiment.State.WAITING and by is not None:
        tell_sponsor(experiment, unless=by)
    record(
        "experiment moved",
        experiment,
        by=by,
        from_state=move.from_state,
        to_state=state,
        decision=decision,
    )
    return move


def _decide(cycle: LearningCycle, decision: str, surprised_us: str, move: ExperimentMove) -> None:
    if cycle.decision == decision:
        return
    cycle.decision = decision
    cycle.decided_at, cycle.decided_by = (move.at, move.by) if decision else (None, None)
    if decision:
        cycle.surprised_us = surprised_us or cycle.surprised_us
        if cycle.we_expect:
            cycle.sealed_at = cycle.sealed_at or move.at
    cycle.illustrative = cycle.illustrative or move.illustrative
    cycle.save(
        update_fields=[
            *("decision", "decided_at", "decided_by"),
            *("surprised_us", "sealed_at", "illustrative"),
        ]
    )


@transaction.atomic
def move_back(*, move: ExperimentMove, by: User) -> ExperimentMove | None:
    """Undo a move, through the gate. None where something has followed it.

    A decision that is taken back leaves its cycle going on. Where the move began a cycle, the cycle
    goes with it, and the one before is decided as it was.
    """
    experiment = locked(move.experiment)
    if experiment.moves.first() != move:
        return None
    begun = cycle_begun_by(move)
    if begun:
        if begun.sealed_at or begun.answers.exists():
            return None
        # Its passages are those of the experiment, and stay.
        begun.moves.update(cycle=experiment.cycles.get(number=begun.number - 1))
        begun.delete()
    return move_experiment(
        experiment=experiment, state=move.from_state, decision=move.from_decision, by=by
    )


def cycle_begun_by(move: ExperimentMove) -> LearningCycle | None:
    """The cycle that began with this move, if one did: it is the first move of a later cycle."""
    cycle = LearningCycle.objects.get(pk=move.cycle_id)  # as it is by now
    is_first = cycle.number > 1 and not cycle.moves.exclude(pk=move.pk).exists()
    return cycle if is_first else None
