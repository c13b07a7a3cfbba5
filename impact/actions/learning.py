"""Keeping the facilitators' log."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from impact.models import LearningNote
from programmes.audit import record
from programmes.editing import locked, make_once, put_back, save_version, take_away
from programmes.models import LocalAuthority, User
from workshops.models import Workshop


@transaction.atomic
def keep_learning(
    *,
    authority: LocalAuthority,
    pk: UUID,
    on: date,
    workshop: Workshop | None,
    by: User | None,
    **words,
) -> LearningNote:
    """`words`: what_happened, what_we_learned, what_next."""
    note, is_new = make_once(
        authority.learning_notes, pk=pk, constraint="", on=on, workshop=workshop, by=by, **words
    )
    if is_new:
        session: dict[str, Any] = {"workshop": str(workshop.pk)} if workshop else {}
        record("learning kept", note, by=by, on=on.isoformat(), **session)
    return note


@transaction.atomic
def edit_learning(
    *, note: LearningNote, version: int, on: date, workshop: Workshop | None, by: User, **words
) -> LearningNote:
    saved = save_version(note, version=version, on=on, workshop=workshop, **words)
    record("learning reworded", saved, by=by, on=on.isoformat())
    return saved


@transaction.atomic
def remove_learning(*, note: LearningNote, by: User) -> bool:
    """False, and no event, where it was taken away already."""
    row = locked(note)
    if row.removed_at is not None:
        return False
    take_away(row, by=by)
    record("learning removed", row, by=by)
    return True


@transaction.atomic
def put_back_learning(*, note: LearningNote, by: User) -> None:
    """Undo `remove_learning`."""
    row = locked(note)
    if row.removed_at is not None:
        put_back(row)
        record("learning put back", row, by=by)
