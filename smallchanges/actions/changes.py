"""Small changes, and the gate through which each goes on or back."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from programmes.audit import record
from programmes.editing import locked, make_once, next_position, save_version, unless_taken
from programmes.models import LocalAuthority, Membership, Programme, Team, User
from smallchanges.models import SLIP, JointMove, MissionStrand, Move, SmallChange, Stage, Status


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
    joint: JointMove | None = None,
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
    then and fits now; a move that is not the newest any more stays. `joint` is the press that moved
    others with it.

    Where a journey's file tells of a move, `by` is the system; `person` and `at` say whose move it
    was and when, and `illustrative` what of it is made up.
    """
    here = locked(change)
    if undoing and (here.merged_into_id or here.moves.first() != undoing):
        return None
    if here.merged_into_id:
        raise ValidationError("Somebody has just joined this change with another. Look again.")
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
        joint=joint,
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


@transaction.atomic
def move_together(
    *,
    authority: LocalAuthority,
    pk: UUID,
    changes: Iterable[SmallChange],
    stage: str,
    status: str,
    why: str,
    by: User,
) -> JointMove:
    """Move all of these through the gate, or none; each is in history as if it moved alone.

    An empty `stage` or `status` leaves each where, or as, it is. Raises ValidationError where the
    gate refuses one, and where somebody moved one since these rows were read. Sent twice it moves
    them once: `pk` was made beforehand.
    """
    joint, is_new = make_once(authority.joint_moves, pk=pk, constraint="", by=by)
    if not is_new:
        return joint
    # In one order for all, so that two who do this at once do not wait for one another in a ring.
    for change in sorted(changes, key=lambda one: one.pk):
        here = locked(change)
        if here.merged_into_id or (here.stage, here.status) != (change.stage, change.status):
            raise ValidationError("Somebody moved one of them just now. Look again.")
        move(
            change=change,
            stage=stage or change.stage,
            status=status or change.status,
            why=why,
            by=by,
            joint=joint,
        )
    return joint


@transaction.atomic
def undo_together(*, joint: JointMove, by: User) -> tuple[int, int]:
    """Take back all that one press moved; how many went back, and how many had moved on since."""
    moves = joint.moves.select_related("change").order_by("change_id")
    went = [undo_move(last=last, by=by) is not None for last in moves]
    return sum(went), len(went) - sum(went)


def refusals(change: SmallChange, *, stage: str, status: str, why: str) -> dict[str, str]:
    """What the gate says, by field, to moving a change there; empty where it lets it through."""
    try:
        _check_move(change, Stage(stage), Status(status), why)
    except ValidationError as error:
        return {field: " ".join(said) for field, said in error.message_dict.items()}
    return {}


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
