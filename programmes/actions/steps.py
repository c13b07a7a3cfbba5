"""The four steps of the journey. A step is done when people say so, never by a percentage."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import transaction
from django.utils import timezone

from programmes.audit import record
from programmes.models import JourneyStep, Programme, StepReturn, User


@dataclass(frozen=True)
class StepState:
    """Where one step is. `here` is the first step that is not done; what follows it is `next`."""

    step: int
    title: str
    state: Literal["done", "here", "next"]
    done_at: datetime | None = None
    done_by: User | None = None
    said: str = ""
    illustrative: str = ""


def states(programme: Programme) -> list[StepState]:
    """The four steps in their order, such as done, done, here, next; one query."""
    done = {
        row.step: row
        for row in programme.steps.filter(done_at__isnull=False).select_related("done_by")
    }
    here = min(set(JourneyStep.Step.values) - set(done), default=None)
    return [
        _state(JourneyStep.Step(step), done.get(step), here) for step in JourneyStep.Step.values
    ]


def _state(step: JourneyStep.Step, row: JourneyStep | None, here: int | None) -> StepState:
    if row is None:
        return StepState(step.value, step.label, "here" if step == here else "next")
    return StepState(
        step.value, step.label, "done", row.done_at, row.done_by, row.said, row.illustrative
    )


@transaction.atomic
def say_done(
    *,
    programme: Programme,
    step: JourneyStep.Step,
    by: User | None,
    said: str = "",
    person: User | None = None,
    at: datetime | None = None,
    illustrative: str = "",
) -> bool:
    """People say that a step is done. False, and no event, where they have said so before.

    `person` and `at` say who said so and when, where a journey's file tells of it.
    """
    row = _locked(programme, step)
    if row.done_at is not None:
        return False
    row.done_at, row.done_by, row.said = at or timezone.now(), person or by, said
    row.illustrative = illustrative
    row.save()
    record("step done", row, by=by, step=row.step)
    return True


@transaction.atomic
def take_done_back(*, programme: Programme, step: JourneyStep.Step, by: User) -> bool:
    """Undo `say_done`, said by mistake: as if nobody had. False where it is not done."""
    row = _locked(programme, step)
    if row.done_at is None:
        return False
    _clear(row)
    record("step done taken back", row, by=by, step=row.step)
    return True


@transaction.atomic
def go_back(
    *, programme: Programme, step: JourneyStep.Step, why: str, by: User
) -> StepReturn | None:
    """Work on a step again that was done. Kept as learning; None where it is not done."""
    row = _locked(programme, step)
    if row.done_at is None:
        return None
    learned = StepReturn.objects.create(
        authority_id=programme.authority_id,
        programme=programme,
        step=row.step,
        at=timezone.now(),
        by=by,
        why=why,
        was_done_at=row.done_at,
        was_done_by=row.done_by,
        had_said=row.said,
        illustrative=row.illustrative,
    )
    _clear(row)
    record("step gone back to", row, by=by, step=row.step)
    return learned


@transaction.atomic
def take_return_back(*, learned: StepReturn, by: User) -> bool:
    """Undo `go_back`: done again, when and as it was. False where it was called done meanwhile."""
    row = _locked(learned.programme, JourneyStep.Step(learned.step))
    if row.done_at is not None:
        return False
    row.done_at, row.done_by = learned.was_done_at, learned.was_done_by
    row.said, row.illustrative = learned.had_said, learned.illustrative
    row.save()
    learned.delete()
    record("step return taken back", row, by=by, step=row.step)
    return True


def _locked(programme: Programme, step: JourneyStep.Step) -> JourneyStep:
    """The step's row, new where nobody spoke of the step yet; others wait until this is written."""
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    return programme.steps.filter(step=step).first() or JourneyStep(
        authority_id=programme.authority_id, programme=programme, step=step
    )


def _clear(row: JourneyStep) -> None:
    row.done_at = row.done_by = None
    row.said = row.illustrative = ""
    row.save()
