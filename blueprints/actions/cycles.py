"""Learning from a cycle: writing down what we see, and beginning the next one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from blueprints.models import Experiment, LearningCycle, Observation
from programmes.audit import record
from programmes.editing import locked, make_once, put_back, take_away
from programmes.models import User

from .experiments import Sealed, move_experiment


class NotTrying(Exception):
    """Only while an experiment is being tried does anybody see what it does."""


class NothingExpected(Exception):
    """What we see says something new only beside what we expected."""


class NotDecided(Exception):
    """The next cycle begins once the last one is decided."""


@transaction.atomic
def observe(
    *,
    experiment: Experiment,
    pk: UUID,
    text: str,
    by: User | None,
    we_expect: str = "",
    at: datetime | None = None,
    person: User | None = None,
    illustrative: str = "",
) -> Observation:
    """Write down what somebody saw in the cycle that goes on; the first one seals what we expect.

    Where nobody wrote what we expect, `we_expect` is what we do. Raises `NothingExpected` without
    either, `Sealed` where somebody wrote something else meanwhile, and `NotTrying`.

    Where the demo tells of it, `by` is the system: `person` saw it, the seal is as old as `at`, and
    the cycle may be decided by now.
    """
    now = locked(experiment)
    cycle = now.cycle
    # Of this experiment alone, so that an id of another's says nothing, and seals nothing.
    seen = Observation.objects.filter(cycle__experiment=now)
    if not seen.filter(pk=pk).exists():
        if by and now.state != Experiment.State.TRYING:
            raise NotTrying(now)
        if we_expect and cycle.we_expect and we_expect != cycle.we_expect:
            raise Sealed(cycle)
        sealed_at = at if at and by is None else timezone.now()
        if _seal(cycle, we_expect, at=sealed_at):
            record("cycle sealed", now, by=by, number=cycle.number)
    observation, is_new = make_once(
        seen,
        pk=pk,
        constraint="",  # two people may well see the same
        authority=now.authority,
        cycle=cycle,
        at=at or timezone.now(),
        by=person or by,
        text=text,
        illustrative=illustrative,
    )
    if is_new:
        record("observation written", observation, by=by, experiment=str(experiment.pk))
    return observation


def _seal(cycle: LearningCycle, we_expect: str, *, at: datetime) -> bool:
    """Whether it was sealed just now."""
    if cycle.sealed_at:
        return False
    cycle.we_expect = cycle.we_expect or we_expect
    if not cycle.we_expect:
        raise NothingExpected(cycle)
    cycle.sealed_at = at
    cycle.save(update_fields=["we_expect", "sealed_at"])
    return True


@transaction.atomic
def take_back_observation(*, observation: Observation, by: User) -> Observation:
    """It is read no more; the seal stays. Twice is once."""
    observation = locked(observation)
    if not observation.removed_at:
        take_away(observation, by=by)
        record("observation taken back", observation, by=by)
    return observation


@transaction.atomic
def put_back_observation(*, observation: Observation, by: User) -> Observation:
    """Undo `take_back_observation`."""
    observation = locked(observation)
    if observation.removed_at:
        put_back(observation)
        record("observation put back", observation, by=by)
    return observation


@transaction.atomic
def say_surprise(*, experiment: Experiment, surprised_us: str, by: User) -> bool:
    """What surprised us in a cycle that is decided already; False where it says so."""
    now = locked(experiment)
    cycle = now.cycle
    if not cycle.decision or cycle.surprised_us == surprised_us:
        return False
    cycle.surprised_us = surprised_us
    cycle.save(update_fields=["surprised_us"])
    record("cycle reworded", now, by=by, number=cycle.number)
    return True


@transaction.atomic
def begin_cycle(
    *, experiment: Experiment, pk: UUID, state: str, by: User | None, **words: Any
) -> LearningCycle:
    """The next cycle of a decided experiment, which goes through its gate to `state`.

    `words`: we_try, we_expect, how_we_know, who, from_on, to_on. The last cycle keeps its words and
    its decision. Raises `NotDecided` where the experiment goes on; `move_back` is the undo.
    """
    now = locked(experiment)
    if begun := now.cycles.filter(pk=pk).first():
        return begun
    if now.state != Experiment.State.DECIDED:
        raise NotDecided(now)
    # Before the gate, which moves the experiment with its newest cycle.
    cycle, _ = make_once(
        now.cycles,
        pk=pk,
        constraint="cycle_numbered_once",
        authority=now.authority,
        number=now.cycle.number + 1,
        **words,
    )
    record("cycle begun", now, by=by, number=cycle.number)
    move_experiment(experiment=experiment, state=state, by=by)
    return cycle
