"""The rows of a change's plan: its steps, who must be on board, what it met, what happened."""

from contextlib import suppress
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from programmes.audit import record
from programmes.editing import (
    Taken,
    locked,
    make_once,
    next_position,
    put_back,
    save_version,
    shift,
    take_away,
    unless_taken,
)
from programmes.models import Membership, User
from smallchanges.models import (
    Measure,
    Met,
    MissionStrand,
    Move,
    Reading,
    SmallChange,
    Stakeholder,
    Step,
    Update,
)

from .changes import undo_move

# The rows that can be taken away from a change, and put back.
type Row = Step | Stakeholder | Met | Update | Measure | Reading
# What refuses to let one back, where the same was added again meanwhile.
_ONCE: dict[type, str] = {
    Stakeholder: "stakeholder_once_in_a_change",
    Met: "met_once",
    Measure: "measure_once_in_a_change",
    Reading: "reading_once_a_day",
}

# --- steps


@transaction.atomic
def add_step(
    *,
    change: SmallChange,
    pk: UUID,
    text: str,
    owner: Membership | None,
    due_on: date | None,
    by: User | None,
    illustrative: str = "",
) -> Step:
    step, is_new = make_once(
        change.steps,
        pk=pk,
        constraint="",  # the same step may well be taken twice
        authority_id=change.authority_id,
        text=text,
        owner=owner,
        due_on=due_on,
        position=next_position(change.steps),
        illustrative=illustrative,
    )
    if is_new:
        record("step added", step, by=by)
    return step


@transaction.atomic
def edit_step(
    *,
    step: Step,
    version: int,
    text: str,
    owner: Membership | None,
    due_on: date | None,
    by: User | None,
    **marks: str,
) -> Step:
    """`marks`: illustrative, where it is to be set."""
    save_version(step, version=version, text=text, owner=owner, due_on=due_on, **marks)
    record("step edited", step, by=by)
    return step


@transaction.atomic
def tick_step(
    *,
    step: Step,
    done: bool,
    by: User | None,
    person: User | None = None,
    at: datetime | None = None,
) -> None:
    """Say that a step is done, or not after all. The same tick a second time does nothing.

    `person` and `at` say who did it and when, where a journey's file tells of it.
    """
    step = locked(step)
    if done == (step.done_at is not None):
        return
    step.done_at, step.done_by = (at or timezone.now(), person or by) if done else (None, None)
    step.save(update_fields=["done_at", "done_by"])
    record("step done" if done else "step reopened", step, by=by)


# --- who must be on board, and what a change met


@transaction.atomic
def add_stakeholder(*, change: SmallChange, pk: UUID, by: User | None, **words: str) -> Stakeholder:
    """Raises `Taken` where the change names them already."""
    stakeholder, is_new = make_once(
        change.stakeholders,
        pk=pk,
        constraint="stakeholder_once_in_a_change",
        authority_id=change.authority_id,
        position=next_position(change.stakeholders),
        **words,
    )
    if is_new:
        record("stakeholder added", stakeholder, by=by, stance=stakeholder.stance)
    return stakeholder


@transaction.atomic
def add_met(
    *,
    change: SmallChange,
    pk: UUID,
    kind: str,
    text: str,
    by: User | None,
    update: Update | None = None,
    illustrative: str = "",
) -> Met:
    """Raises `Taken` where the same was said of the change already."""
    met, is_new = make_once(
        change.met,
        pk=pk,
        constraint="met_once",
        authority_id=change.authority_id,
        kind=kind,
        text=text,
        update=update,
        position=next_position(change.met),
        illustrative=illustrative,
    )
    if is_new:
        record("met added", met, by=by, kind=kind)
    return met


@transaction.atomic
def remove_from_plan(*, row: Row, by: User) -> None:
    """Take a row of a change away; `put_back_in_plan` brings it again.

    With an update goes what it told of helps and barriers, and its move; where the change has
    moved on since, only its words.
    """
    row = locked(row)
    if row.removed_at is None:
        take_away(row, by=by)
        record(f"{row._meta.verbose_name} removed", row, by=by)
        if isinstance(row, Update):
            for met in row.met.standing():
                remove_from_plan(row=met, by=by)
            if row.move and not undo_move(last=row.move, by=by):
                _say_why(row.move, "")


@transaction.atomic
def put_back_in_plan(*, row: Row, by: User) -> None:
    """Raises `Taken` where the same words were added again meanwhile. An update moves no more."""
    row = locked(row)
    if row.removed_at is None:
        return
    with unless_taken(_ONCE.get(type(row), "")):
        put_back(row)
    if isinstance(row, Update):
        _put_back_met(row, by)
        if row.move:
            _say_why(row.move, row.text)
    record(f"{row._meta.verbose_name} put back", row, by=by)


def _put_back_met(update: Update, by: User) -> None:
    """What the update told of, where nobody has said the same meanwhile."""
    for met in update.met.all():
        with suppress(Taken):
            put_back_in_plan(row=met, by=by)


def _say_why(passage: Move, why: str) -> None:
    """An update's words are its move's too: they come and go together."""
    passage.why = why
    passage.save(update_fields=["why"])


# --- what strands and steps share


@transaction.atomic
def order(*, row: MissionStrand | Step, places: int, by: User) -> bool:
    """Move a row one place up (-1) or down (+1); False where it is at the end already."""
    moved = shift(row.siblings(), row, by=places)
    if moved:
        noun = "strand" if isinstance(row, MissionStrand) else "step"
        record(f"{noun} ordered", row, by=by, places=places)
    return moved
