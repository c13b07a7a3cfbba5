"""Cheers and thank-yous."""

from typing import Any
from uuid import UUID

from django.db import transaction

from programmes.audit import record
from programmes.editing import locked, make_once, put_back, take_away
from programmes.models import User, Value, start_of_today
from smallchanges.models import Cheer, Move, SmallChange, ThankYou, Update


@transaction.atomic
def cheer(*, thing: SmallChange | Update | Move, is_on: bool, by: User) -> None:
    """Cheer a thing, or take it back. The same wish a second time does nothing.

    History keeps none of it: it would be a list, for good, of who cheered what.
    """
    field = {SmallChange: "change", Update: "update", Move: "move"}[type(thing)]
    mine: dict[str, Any] = {field: thing, "user": by, "authority_id": thing.authority_id}
    if is_on:
        Cheer.objects.get_or_create(**mine)
    else:
        Cheer.objects.filter(**mine).delete()


@transaction.atomic
def thank(
    *,
    change: SmallChange,
    pk: UUID,
    value: Value | None,
    to_whom: str,
    text: str,
    is_named: bool,
    by: User | None,
    illustrative: str = "",
) -> ThankYou:
    """Say thank you. From "a colleague" no row says who they are, nor more than on which day.

    History keeps nothing of that: it would say when, beside what somebody did just before.
    """
    writer = by if is_named else None
    thanks, is_new = make_once(
        change.thanks,
        pk=pk,
        constraint="",  # thanks may be said twice
        authority_id=change.authority_id,
        value=value,
        to_whom=to_whom,
        text=text,
        by=writer,
        illustrative=illustrative,
    )
    if is_new and is_named:
        record("thank-you said", thanks, by=writer)
    elif is_new:
        thanks.created_at = start_of_today()
        thanks.save(update_fields=["created_at"])
    return thanks


@transaction.atomic
def remove_thanks(*, thanks: ThankYou, by: User) -> None:
    thanks = locked(thanks)
    if thanks.removed_at is None:
        take_away(thanks, by=by)
        record("thank-you removed", thanks, by=by)


@transaction.atomic
def put_back_thanks(*, thanks: ThankYou, by: User) -> None:
    thanks = locked(thanks)
    if thanks.removed_at is not None:
        put_back(thanks)
        record("thank-you put back", thanks, by=by)
