"""What the tests of loading share: files to write, and every row of the database to compare."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, models

from blueprints.models import Pillar
from crescendo.loading.source import Refused
from crescendo.loading.writing import load
from smallchanges.models import LIVING, MissionStrand

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


# The chosen changes of each strand.
TOWER_HAMLETS = {
    "Making admin and IT work better so it supports our work with families": [
        "Develop one referral form for all in-house services",
        "Create a shared drive of forms and resources",
    ],
    "Improving partnership working": ["Define partner agency roles and share notetaking"],
    "Improving staff wellbeing": ["Develop ways to celebrate success and show appreciation"],
    "Working better as a team": [],
    "Making sure the child's voice is heard": ["Develop new ways to work with interpreters"],
}


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


def count_of(kind: type[models.Model], slug: str) -> int:
    return kind._base_manager.filter(authority__slug=slug).count()


def strands_of(slug: str) -> dict[str, list[str]]:
    """The chosen changes of each strand, in their order."""
    return {
        strand.title: [change.title for change in strand.small_changes.filter(status__in=LIVING)]
        for strand in MissionStrand.objects.standing().filter(authority__slug=slug)
    }


def pillars_of(slug: str) -> dict[str, int]:
    return {
        pillar.title: pillar.experiments.standing().count()
        for pillar in Pillar.objects.standing().filter(authority__slug=slug)
    }
