"""What somebody with the whole database sees: every row, and what PostgreSQL keeps beside it."""

import json
from dataclasses import dataclass

from django.db import connection


@dataclass
class Row:
    """`xmin` is the transaction that wrote it, `xmax` one that locked it, `ctid` where it lies."""

    xmin: int
    xmax: int
    ctid: tuple[int, int]
    values: dict
    text: str


def dump() -> dict[str, list[Row]]:
    """Every row of every table, with what PostgreSQL keeps beside it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(
                "SELECT t.xmin::text::bigint, t.xmax::text::bigint, t.ctid::text, to_jsonb(t)::text"
                f" FROM {table} t ORDER BY t.ctid"
            )
            found[table] = [
                Row(*marks, tuple(map(int, ctid.strip("()").split(","))), json.loads(text), text)
                for *marks, ctid, text in cursor.fetchall()
            ]
    return found


def orders_of(rows: list[Row], names) -> dict[str, list[Row]]:
    """The rows by each thing that can be told apart in them."""
    keys = {"xmin": lambda row: row.xmin, "ctid": lambda row: row.ctid}
    keys |= {name: lambda row, name=name: str(row.values.get(name)).zfill(40) for name in names}
    return {
        name: sorted(rows, key=key) for name, key in keys.items() if len(set(map(key, rows))) > 1
    }


def rho(ranks: list[int]) -> float:
    """How far one order tells another (Spearman)."""
    n = len(ranks)
    return 1 - 6 * sum((at - rank) ** 2 for at, rank in enumerate(ranks)) / (n * (n**2 - 1))
