"""Saving words that two people may be editing at once, and putting rows in order."""

from contextlib import contextmanager

import psycopg
from django.core.exceptions import BadRequest
from django.db import IntegrityError, models, transaction
from django.utils import timezone


class Stale(Exception):
    """Somebody saved the row since this person opened it. `row` is as it stands now."""

    def __init__(self, row):
        super().__init__(str(row.pk))
        self.row = row


def save_version(row, *, version: int, **fields):
    """Write `fields` to a row that still has `version`, and raise its version by one.

    Returns the row as saved; raises `Stale`, and writes nothing, where somebody was quicker.
    """
    saved = (
        type(row)
        ._base_manager.filter(pk=row.pk, version=version)
        .update(**fields, version=models.F("version") + 1)
    )
    row.refresh_from_db()
    if not saved:
        raise Stale(row)
    return row


class Taken(Exception):
    """Another row of the same place has these words already."""

    def __init__(self, constraint: str):
        super().__init__(constraint)
        self.constraint = constraint


@contextmanager
def unless_taken(*constraints: str):
    """Raise `Taken` where one of these unique constraints refuses; the transaction lives on.

    `Taken.constraint` says which, so that a form can say it beside the right field.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = constraint_of(error)
        if name not in constraints:
            raise
        raise Taken(name) from error


def constraint_of(error: IntegrityError) -> str:
    """The name of the constraint that refused; psycopg tells it, Django's own error does not."""
    cause = error.__cause__
    return (cause.diag.constraint_name or "") if isinstance(cause, psycopg.Error) else ""


def make_once(rows, *, pk, constraint: str, **fields):
    """Make the row `pk` among an authority's `rows`; returns it, and whether it was made now.

    A form that is sent twice, even at once, finds the row that its first sending made. Raises
    `Taken` where `constraint` says that another row has these words.
    """
    if row := rows.filter(pk=pk).first():
        return row, False
    try:
        with transaction.atomic():
            return rows.create(pk=pk, **fields), True
    except IntegrityError as error:
        if row := rows.filter(pk=pk).first():
            return row, False
        if constraint and constraint_of(error) == constraint:
            raise Taken(constraint) from error
        if rows.model._base_manager.filter(pk=pk).exists():
            raise BadRequest("This id is not ours to give.") from error
        raise


def next_position(rows) -> int:
    """The position after the last of these rows."""
    last = rows.aggregate(last=models.Max("position"))["last"]
    return 0 if last is None else last + 1


def shift(rows, row, *, by: int) -> bool:
    """Move `row` one place up (-1) or down (+1) among `rows`; False where it is at the end already.

    Locks the rows, so that two people who move at once do not lose one another's order.
    """
    # In one order for all, so that nobody waits for one another in a ring. Who had to wait gets the
    # rows as they are by now, but in the order of then: hence sorted here.
    locked = rows.order_by("pk").select_for_update()
    ordered = sorted(locked, key=lambda one: (one.position, one.created_at))
    here = next((index for index, other in enumerate(ordered) if other.pk == row.pk), None)
    # Gone from the list: somebody took it away a moment ago.
    if here is None or not 0 <= here + by < len(ordered):
        return False
    there = here + by
    ordered.insert(there, ordered.pop(here))
    for position, other in enumerate(ordered):
        other.position = position
    type(row)._base_manager.bulk_update(ordered, ["position"])
    return True


def locked(row, *, may_be_pointed_at: bool = False):
    """The row as it stands now, kept from others until the transaction ends.

    With `may_be_pointed_at` others may meanwhile write rows that point at it. PostgreSQL looks at
    what they point at when they commit, and by then they may hold what this transaction needs next.
    """
    rows = type(row)._base_manager.select_for_update(no_key=may_be_pointed_at)
    return rows.get(pk=row.pk)


def take_away(row, *, by) -> None:
    """Mark a `Removable` row as taken away."""
    row.removed_at, row.removed_by = timezone.now(), by
    row.save(update_fields=["removed_at", "removed_by"])


def put_back(row) -> None:
    """Undo `take_away`."""
    row.removed_at = row.removed_by = None
    row.save(update_fields=["removed_at", "removed_by"])
