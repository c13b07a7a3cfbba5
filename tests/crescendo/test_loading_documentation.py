"""docs/journey-format.md says what the schema says, key by key, and its example loads."""

import re

import pytest
from django.conf import settings

from crescendo.loading.journey import Journey
from crescendo.loading.kinds import Row, Rows, Table
from crescendo.loading.writing import load
from tests.crescendo.loading import file

TEXT = (settings.BASE_DIR / "docs/journey-format.md").read_text()
# The keys that an illustrative file may leave out.
UNLESS_ILLUSTRATIVE = {
    ("The file", "programme"),
    ("[authority]", "kind"),
    ("[programme]", "model"),
    ("[programme]", "service"),
}


def _schema(row: type[Row] = Journey, path: str = "", many: bool = False, seen=None):
    """Each table that a file may have, once: its heading, and (what it is, needed) by key."""
    seen = {} if seen is None else seen
    if row in seen:
        return seen
    heading = (f"[[{path}]]" if many else f"[{path}]") if path else "The file"
    seen[row] = (
        heading,
        {
            name: (
                kind.says,
                "yes"
                if needed
                else "unless illustrative"
                if (heading, name) in UNLESS_ILLUSTRATIVE
                else "",
            )
            for name, (kind, needed) in row.kinds().items()
        },
    )
    for name, (kind, _) in row.kinds().items():
        if isinstance(kind, Rows | Table):
            _schema(kind.row, f"{path}.{name}".strip("."), isinstance(kind, Rows), seen)
    return seen


def _documented() -> dict[str, dict[str, tuple[str, str]]]:
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for part in TEXT.split("\n### ")[1:]:
        heading = part.splitlines()[0].strip("`")
        rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) ?\| (.+?) \|$", part, re.M)
        found[heading] = {key: (says, needed.strip()) for key, says, needed, _ in rows}
    return found


def test_every_table_and_key_is_documented_as_it_is():
    assert _documented() == dict(_schema().values())


def test_every_key_says_what_it_means():
    silent = re.findall(r"^\| `(\w+)` \|.*\|\s*\|$", TEXT, re.M)
    assert silent == []


@pytest.mark.django_db
def test_the_example_loads(tmp_path):
    [example] = re.findall(r"```toml\n(.*?)```", TEXT, re.S)
    [loaded] = load([file(tmp_path, example)])
    assert str(loaded) == "some.toml: 13 rows added, 2 rows filled in"
