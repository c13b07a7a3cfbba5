"""What happened to a small change since last time."""

from contextlib import suppress
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from programmes.audit import record
from programmes.editing import Taken, locked, make_once
from programmes.links import LinkUsed, use
from programmes.models import MailedLink, User
from smallchanges.models import Met, SmallChange, Stage, Status, Update

from .changes import move
from .plan import add_met


@transaction.atomic
def share_update(
    *,
    change: SmallChange,
    pk: UUID,
    text: str,
    stage: str,
    by: User | None,
    helped: str = "",
    in_the_way: str = "",
    needs_help: bool = False,
) -> Update:
    """Tell what happened, and where the change is now; what helped, and what was in the way.

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
        needs_help=needs_help,
        by=by,
    )
    if is_new:
        record("update shared", update, by=by)
        _meet(update, Met.Kind.ENABLER, helped, by)
        _meet(update, Met.Kind.BARRIER, in_the_way, by)
        status = _status_after(locked(change), stage)
        update.move = move(change=change, stage=stage, status=status, why=text, by=by)
        update.save(update_fields=["move"])
    return update


@transaction.atomic
def share_update_by_mail(
    *, link: MailedLink, change: SmallChange, by: User, **words: Any
) -> Update:
    """As `share_update`, with the link that somebody was mailed, which is used up by it.

    Raises `LinkUsed` where it was used meanwhile.
    """
    if not use(link):
        raise LinkUsed(link)
    return share_update(change=change, by=by, **words)


def _meet(update: Update, kind: str, text: str, by: User | None) -> None:
    """Keep it with what the change met; what was said before, in the same words, is there."""
    if text:
        with suppress(Taken):
            pk = uuid5(update.pk, kind)
            add_met(change=update.change, pk=pk, kind=kind, text=text, update=update, by=by)


def _status_after(change: SmallChange, stage: str) -> str:
    leaves_grow = change.status == Status.EMBEDDED and stage != Stage.GROW
    return Status.IN_PROGRESS if leaves_grow or change.status == Status.CHOSEN else change.status
