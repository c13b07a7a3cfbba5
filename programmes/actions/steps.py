"""The four steps of the journey. A step is done when people say so, never by a percentage."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from programmes.models import JourneyStep, Programme, User


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
    return [_state(JourneyStep.Step(step), done.get(step), here) for step in JourneyStep.Step.values]


def _state(step: JourneyStep.Step, row: JourneyStep | None, here: int | None) -> StepState:
    if row is None:
        return StepState(step.value, step.label, "here" if step == here else "next")
    return StepState(
        step.value, step.label, "done", row.done_at, row.done_by, row.said, row.illustrative
    )
