"""Saying who ran a session, and on which day the partnership with Crescendo ends."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from impact.models import Hands, PartnershipEnd
from programmes.audit import record
from programmes.editing import locked, make_once, put_back, take_away
from programmes.models import Programme, User
from workshops.models import Workshop


@transaction.atomic
def say_hands(*, workshop: Workshop, what: str, whose: str, by: User | None, **marks) -> Hands:
    """In whose hands `what` of a session was; an empty `whose` goes by the history again."""
    # Two at once: the second waits for the session, and then finds the row of the first.
    locked(workshop, may_be_pointed_at=True)
    hands, _ = Hands.objects.get_or_create(
        workshop=workshop, defaults={"authority_id": workshop.authority_id, **marks}
    )
    if getattr(hands, what) != whose:
        setattr(hands, what, whose)
        hands.save(update_fields=[what])
        said: dict[str, Any] = {what: str(whose)}
        record("hands said", workshop, by=by, **said)
    return hands


@transaction.atomic
def end_partnership(*, programme: Programme, pk: UUID, ends_on: date, by: User) -> PartnershipEnd:
    """Crescendo's last day; the programme, its sessions and its small changes go on."""
    end, is_new = make_once(
        programme.authority.partnership_ends,
        pk=pk,
        constraint="",
        programme=programme,
        ends_on=ends_on,
        by=by,
    )
    if is_new:
        record("partnership end set", end, by=by, on=ends_on.isoformat())
    return end


@transaction.atomic
def remove_end(*, end: PartnershipEnd, by: User) -> bool:
    """The day that was set before counts again, or none does."""
    row = locked(end)
    if row.removed_at is not None:
        return False
    take_away(row, by=by)
    record("partnership end taken back", row, by=by, on=row.ends_on.isoformat())
    return True


@transaction.atomic
def put_back_end(*, end: PartnershipEnd, by: User) -> None:
    """Undo `remove_end`."""
    row = locked(end)
    if row.removed_at is not None:
        put_back(row)
        record("partnership end put back", row, by=by, on=row.ends_on.isoformat())
