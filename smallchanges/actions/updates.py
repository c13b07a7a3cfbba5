"""What happened to a small change since last time."""

from uuid import UUID

from django.db import transaction

from programmes.audit import record
from programmes.editing import locked, make_once
from programmes.models import User
from smallchanges.models import SmallChange, Stage, Status, Update

from .changes import move


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
