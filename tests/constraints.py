"""How tests/test_constraints_*.py try a constraint: one row, a write that fits, one that does not.

All of it is SQL, sent as the application's own role, so that no form and no action stands between.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction


@dataclass(frozen=True)
class Case:
    """A constraint, a maker of the row that it guards, and values beside it and against it.

    `makes` takes the cast and returns the row, or two rows of which the second is written to; the
    value `SAME` stands for the first one's, `ITSELF` for the row's own key. The row was saved, and
    `fits` is written before `breaks`, so that what is refused is what `breaks` adds.
    """

    constraint: str
    makes: Callable
    fits: dict[str, Any] = field(default_factory=dict)
    breaks: dict[str, Any] = field(default_factory=dict)


SAME, ITSELF = object(), object()


def write(row: models.Model, values: dict[str, Any]) -> None:
    """UPDATE by field names; a related row stands for its key."""
    if not values:
        return
    columns = [row._meta.get_field(name).column for name in values]
    said = [value.pk if isinstance(value, models.Model) else value for value in values.values()]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {row._meta.db_table}"
            f" SET {', '.join(f'"{column}" = %s' for column in columns)}"
            f" WHERE {row._meta.pk.column} = %s",
            [*said, row.pk],
        )
        assert cursor.rowcount == 1


def refusal(act: Callable[[], None]) -> str:
    """The constraint that refuses what `act` writes."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        act()
    return refused.value.__cause__.diag.constraint_name


def refused_by(case: Case, cast) -> str:
    """The constraint that refuses what breaks the case, once what fits was written."""
    made = case.makes(cast)
    first, row = made if isinstance(made, tuple) else (None, made)
    breaks = {name: _meant(name, value, row, first) for name, value in case.breaks.items()}
    write(row, case.fits)
    return refusal(lambda: write(row, breaks))


def _meant(name: str, value, row: models.Model, first: models.Model | None):
    if value is SAME:
        return getattr(first, row._meta.get_field(name).attname)
    return row.pk if value is ITSELF else value


def copy_refused_by(row: models.Model, constraint: str) -> str:
    """The constraint that refuses a second row like this one, where no other key refuses first.

    The primary key and the other unique constraints go, for this transaction only.
    """
    table = row._meta.db_table
    columns = ", ".join(f'"{one.column}"' for one in row._meta.concrete_fields if not one.generated)
    with transaction.atomic(), connection.cursor() as cursor:
        # What waits for the end of the transaction would stand in the way of ALTER TABLE.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass"
            " AND contype IN ('p', 'u') AND conname <> %s",
            [table, constraint],
        )
        for (other,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {other} CASCADE")
        name = refusal(
            lambda: cursor.execute(
                f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table}"
                f" WHERE {row._meta.pk.column} = %s",
                [row.pk],
            )
        )
        transaction.set_rollback(True)
    return name
