"""Saving words that two people may be editing at once, and putting rows in order."""

from django.db import models
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


def next_position(rows) -> int:
    """The position after the last of these rows."""
    last = rows.aggregate(last=models.Max("position"))["last"]
    return 0 if last is None else last + 1


def shift(rows, row, *, by: int) -> bool:
    """Move `row` one place up (-1) or down (+1) among `rows`; False where it is at the end already.

    Locks the rows, so that two people who move at once do not lose one another's order.
    """
    ordered = list(rows.select_for_update())
    here = next(index for index, other in enumerate(ordered) if other.pk == row.pk)
    there = here + by
    if not 0 <= there < len(ordered):
        return False
    ordered.insert(there, ordered.pop(here))
    for position, other in enumerate(ordered):
        other.position = position
    type(row)._base_manager.bulk_update(ordered, ["position"])
    return True


def take_away(row, *, by) -> None:
    """Mark a `Removable` row as taken away."""
    row.removed_at, row.removed_by = timezone.now(), by
    row.save(update_fields=["removed_at", "removed_by"])


def put_back(row) -> None:
    """Undo `take_away`."""
    row.removed_at = row.removed_by = None
    row.save(update_fields=["removed_at", "removed_by"])
