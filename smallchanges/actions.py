"""Every write to strands and small changes: atomic, and in history."""

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from programmes.audit import record
from programmes.editing import (
    locked,
    make_once,
    next_position,
    put_back,
    save_version,
    shift,
    take_away,
    unless_taken,
)
from programmes.models import Barrier, Membership, Programme, Team, User
from smallchanges.models import (
    SLIP,
    Met,
    MissionStrand,
    Move,
    SmallChange,
    Stage,
    Stakeholder,
    Status,
    Step,
    Update,
)

# --- small changes


@transaction.atomic
def add_change(
    *,
    programme: Programme,
    pk: UUID,
    strand: MissionStrand | None,
    teams: list[Team],
    by: User | None,
    **words: str | Membership | None,
) -> SmallChange:
    """Offer a small change: it starts as an idea in Mission. Raises `Taken` for its title.

    One that a journey's file tells of may start further on, with `stage` and `status`.
    """
    _hold(strand)
    change, is_new = make_once(
        programme.authority.small_changes,
        pk=pk,
        constraint="change_title_unique",
        programme=programme,
        strand=strand,
        position=next_position(programme.small_changes),
        created_by=by,
        **words,
    )
    if is_new:
        change.teams.set(teams, through_defaults={"authority": programme.authority})
        record("change added", change, by=by)
    return change


@transaction.atomic
def edit_change(
    *,
    change: SmallChange,
    version: int,
    strand: MissionStrand | None,
    teams: list[Team],
    by: User | None,
    **words: str | Membership | None,
) -> SmallChange:
    """Change what a change says of itself. Raises `Stale`, and `Taken` for its title."""
    if strand and strand.pk != change.strand_id:
        _hold(strand)
    with unless_taken("change_title_unique"):
        save_version(change, version=version, strand=strand, **words)
    change.teams.set(teams, through_defaults={"authority_id": change.authority_id})
    record("change edited", change, by=by)
    return change


@transaction.atomic
def move(
    *,
    change: SmallChange,
    stage: str,
    status: str,
    why: str,
    by: User | None,
    undoing: Move | None = None,
    person: User | None = None,
    at: datetime | None = None,
    illustrative: str = "",
) -> Move | None:
    """The gate: once a change is added, nothing else assigns its stage and status.

    Side effects, all in one transaction: the two fields; a `Move` row that says from where to
    where, when, by whom and why; the event "change moved". Returns the move, or None where the
    change is there already, so that a form that is sent twice moves it once.

    A change may go on, skip a stage, or go back: going back is learning, and says why. So does
    stopping, which keeps the stage that the change had reached. Embedded is a status in Grow
    alone. Raises ValidationError, by field, for what does not fit.

    With `undoing`, the newest move of the change, it goes back to where it stood, which fitted
    then and fits now; a move that is not the newest any more stays.

    Where a journey's file tells of a move, `by` is the system; `person` and `at` say whose move it
    was and when, and `illustrative` what of it is made up.
    """
    here = locked(change)
    if undoing and here.moves.first() != undoing:
        return None
    if (here.stage, here.status) == (stage, status):
        return None
    if not undoing:
        _check_move(here, Stage(stage), Status(status), why)
    passage = Move.objects.create(
        authority_id=here.authority_id,
        change=here,
        at=at or timezone.now(),
        by=person or by,
        from_stage=here.stage,
        to_stage=stage,
        from_status=here.status,
        to_status=status,
        why=why,
        illustrative=illustrative,
    )
    change.stage = here.stage = stage
    change.status = here.status = status
    here.save(update_fields=["stage", "status"])
    record(
        "change moved",
        here,
        by=by,
        from_stage=passage.from_stage,
        to_stage=stage,
        from_status=passage.from_status,
        to_status=status,
    )
    return passage


def undo_move(*, last: Move, by: User) -> Move | None:
    """Through the gate again, the other way; None where the change has moved on since."""
    return move(
        change=last.change,
        stage=last.from_stage,
        status=last.from_status,
        why=SLIP,
        by=by,
        undoing=last,
    )


def _check_move(here: SmallChange, stage: Stage, status: Status, why: str) -> None:
    errors = {}
    if status == Status.EMBEDDED and stage != Stage.GROW:
        errors["status"] = "A change can only be embedded in Grow. Move it to Grow as well."
    if status == Status.STOPPED and stage != here.stage:
        errors["stage"] = (
            f"A change that stops stays where it got to. Leave it at {Stage(here.stage).label}."
        )
    if not why and stage.number < Stage(here.stage).number:
        errors["why"] = "Tell us why it’s going back. It counts as learning."
    elif not why and status == Status.STOPPED and here.status != Status.STOPPED:
        errors["why"] = "Tell us why it’s stopping, and what it taught you."
    if errors:
        raise ValidationError(errors)


def _hold(strand: MissionStrand | None) -> None:
    """Keep the strand from being taken away while a change is put in it."""
    if strand and not type(strand).objects.standing().select_for_update().filter(pk=strand.pk):
        raise ValidationError({"strand": "Somebody has just taken this strand away."})


# --- what happened since last time


@transaction.atomic
def share_update(
    *, change: SmallChange, pk: UUID, text: str, stage: str, by: User | None
) -> Update:
    """Tell what happened, and where the change is now.

    One that was only chosen is in progress from its first update on, and one that leaves Grow is
    embedded no more; else its status stays. A move goes through the gate, with the update for its
    why, and is the update's own. Raises ValidationError, by field, for what does not fit.
    """
    update, is_new = make_once(
        change.updates,
        pk=pk,
        constraint="",  # the same may well happen twice
        authority_id=change.authority_id,
        text=text,
        by=by,
    )
    if is_new:
        record("update shared", update, by=by)
        status = _status_after(locked(change), stage)
        update.move = move(change=change, stage=stage, status=status, why=text, by=by)
        update.save(update_fields=["move"])
    return update


def _status_after(change: SmallChange, stage: str) -> str:
    leaves_grow = change.status == Status.EMBEDDED and stage != Stage.GROW
    return Status.IN_PROGRESS if leaves_grow or change.status == Status.CHOSEN else change.status


# --- the steps of a change


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
def edit_stakeholder(
    *, stakeholder: Stakeholder, version: int, by: User | None, **words: str
) -> Stakeholder:
    with unless_taken("stakeholder_once_in_a_change"):
        save_version(stakeholder, version=version, **words)
    record("stakeholder edited", stakeholder, by=by, stance=stakeholder.stance)
    return stakeholder


@transaction.atomic
def add_met(
    *,
    change: SmallChange,
    pk: UUID,
    kind: str,
    text: str,
    by: User | None,
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
        position=next_position(change.met),
        illustrative=illustrative,
    )
    if is_new:
        record("met added", met, by=by, kind=kind)
    return met


@transaction.atomic
def remove_from_plan(*, row: Step | Stakeholder | Met | Update, by: User) -> None:
    """Take a row of a change away; `put_back_in_plan` brings it again.

    With an update goes its move; where the change has moved on since, only its words.
    """
    row = locked(row)
    if row.removed_at is None:
        take_away(row, by=by)
        record(f"{row._meta.verbose_name} removed", row, by=by)
        if isinstance(row, Update) and row.move and not undo_move(last=row.move, by=by):
            _say_why(row.move, "")


@transaction.atomic
def put_back_in_plan(*, row: Step | Stakeholder | Met | Update, by: User) -> None:
    """Raises `Taken` where the same words were added again meanwhile. An update moves no more."""
    row = locked(row)
    if row.removed_at is None:
        return
    constraint = {Stakeholder: "stakeholder_once_in_a_change", Met: "met_once"}.get(type(row), "")
    with unless_taken(constraint):
        put_back(row)
    if isinstance(row, Update) and row.move:
        _say_why(row.move, row.text)
    record(f"{row._meta.verbose_name} put back", row, by=by)


def _say_why(passage: Move, why: str) -> None:
    """An update's words are its move's too: they come and go together."""
    passage.why = why
    passage.save(update_fields=["why"])


# --- strands


@transaction.atomic
def add_strand(
    *,
    programme: Programme,
    pk: UUID,
    title: str,
    about: str,
    barriers: list[Barrier],
    by: User | None,
    illustrative: str = "",
) -> MissionStrand:
    """Raises `Taken` for its title."""
    strand, is_new = make_once(
        programme.authority.strands,
        pk=pk,
        constraint="strand_title_unique",
        programme=programme,
        title=title,
        about=about,
        position=next_position(programme.strands),
        illustrative=illustrative,
    )
    if is_new:
        _link_barriers(strand, barriers)
        record("strand added", strand, by=by)
    return strand


@transaction.atomic
def edit_strand(
    *,
    strand: MissionStrand,
    version: int,
    title: str,
    about: str,
    barriers: list[Barrier],
    by: User | None,
    **marks: str,
) -> MissionStrand:
    """Raises `Stale`, and `Taken` for its title. `marks`: illustrative, where it is to be set."""
    with unless_taken("strand_title_unique"):
        save_version(strand, version=version, title=title, about=about, **marks)
    _link_barriers(strand, barriers)
    record("strand edited", strand, by=by)
    return strand


def _link_barriers(strand: MissionStrand, barriers: list[Barrier]) -> None:
    """Link these, and keep the links that nobody could see: of barriers merged or taken away."""
    hidden = strand.barriers.exclude(pk__in=strand.programme.barriers.standing())
    strand.barriers.set(
        [*barriers, *hidden], through_defaults={"authority_id": strand.authority_id}
    )


@transaction.atomic
def remove_strand(*, strand: MissionStrand, by: User) -> None:
    """Raises ValidationError while a small change is in it."""
    strand = locked(strand)
    if strand.removed_at is not None:
        return
    if strand.small_changes.exists():
        raise ValidationError("Small changes are still in this strand. Move them first.")
    take_away(strand, by=by)
    record("strand removed", strand, by=by)


@transaction.atomic
def put_back_strand(*, strand: MissionStrand, by: User) -> None:
    """Raises `Taken` where another strand has its title by now."""
    strand = locked(strand)
    if strand.removed_at is None:
        return
    with unless_taken("strand_title_unique"):
        put_back(strand)
    record("strand put back", strand, by=by)


# --- what strands and steps share


@transaction.atomic
def order(*, row: MissionStrand | Step, places: int, by: User) -> bool:
    """Move a row one place up (-1) or down (+1); False where it is at the end already."""
    moved = shift(row.siblings(), row, by=places)
    if moved:
        noun = "strand" if isinstance(row, MissionStrand) else "step"
        record(f"{noun} ordered", row, by=by, places=places)
    return moved
