"""What the tests of loading share: files to write, and every row of the database to compare."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from crescendo.loading.source import Refused
from crescendo.loading.writing import load

JOURNEYS = settings.BASE_DIR / "journeys"
PUBLISHED = sorted(JOURNEYS.glob("*.toml"))
ILLUSTRATIVE = sorted(JOURNEYS.glob("illustrative/*.toml"))

# The least that a file has to say. Nine lines: what a test adds begins on the tenth.
LEAST = """\
[authority]
name = "Some Borough"
kind = "London borough"

[programme]
model = "team-based"
service = "Family Support"
teams = ["North", "South"]

"""
# The same for a file that adds to that one. Five lines.
ADDS = """\
illustrative = true
[authority]
name = "Some Borough"


"""


def dump() -> dict[str, list]:
    """Every row of every table, with the marks that PostgreSQL changes whenever it writes one."""
    with connection.cursor() as cursor:
        found = {}
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT xmin::text, ctid::text, one::text FROM "{table}" one')
            found[table] = sorted(cursor.fetchall())
    return found


def file(folder: Path, text: str | bytes, name: str = "some.toml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refused(*paths: Path) -> list[str]:
    """What loading these files says is wrong; it has to refuse, and to write nothing."""
    before = dump()
    with pytest.raises(Refused) as caught:
        load(paths)
    assert dump() == before
    return [str(problem) for problem in caught.value.problems]
