"""What each column holds of whom, how long, and what becomes of it: `registry.txt`, read once.

The archive, what a person takes along and their erasure all go by it, so that a column which it
does not name is nowhere by mistake: `tests/impact/test_registry.py` fails for one.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.apps import apps
from django.db import models

OURS = ("programmes", "surveys", "smallchanges", "blueprints", "workshops", "impact")
CLASSES = ("none", "personal", "special", "free text", "pseudonymous")
ACTIONS = ("keep", "empty", "replace", "delete")
ALWAYS = "as long as the authority takes part"
_LINE = re.compile(
    rf"^(?P<kind>{'|'.join(CLASSES)}) (?P<action>{'|'.join(ACTIONS)})(?P<marks>( [^ :]+)*): "
)


@dataclass(frozen=True)
class Column:
    """One column. `by` are the columns that lead to whose it is, where that is not itself."""

    name: str
    kind: str
    action: str
    is_said: bool = False
    is_left_out: bool = False
    by: tuple[str, ...] = ()


@dataclass
class Table:
    """One table. Without `left_out` its rows are in an archive, but for `rows_left_out`.

    `called` is what people call its rows, where the model's own name says too little.
    """

    label: str
    topic: str
    kept: str = ALWAYS
    left_out: str = ""
    rows_left_out: str = ""
    shared: str = ""
    called: str = ""
    columns: dict[str, Column] = field(default_factory=dict)

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.label)

    @property
    def in_archive(self) -> bool:
        return not (self.left_out or self.shared)

    @property
    def title(self) -> str:
        return self.called or str(self.model._meta.verbose_name_plural).capitalize()

    def written(self) -> list[str]:
        """The columns in which people wrote what they liked."""
        return [
            one.name
            for one in self.model._meta.concrete_fields
            if self.columns[one.name].kind == "free text" and not one.generated
        ]

    def archived(self) -> list[models.Field]:
        """The columns that a file of it has. Whose authority it is, the whole archive says."""
        return [
            one
            for one in self.model._meta.concrete_fields
            if not one.generated and one.name not in ("authority", "authority_id")
        ]


@cache
def registry() -> dict[str, Table]:
    """The tables by their label, in an order in which they can be filled."""
    text = (Path(__file__).parent / "registry.txt").read_text()
    lines = re.sub(r"\n +", " ", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    everywhere: dict[str, Column] = {}
    tables: dict[str, Table] = {}
    for block in filter(None, (one.strip() for one in lines.split("\n\n"))):
        head, *rest = block.splitlines()
        label, topic = head.removeprefix("[").split("]")
        table = Table(label, topic.strip())
        for line in rest:
            _read(table, line)
        if label == "*":
            everywhere = table.columns
        else:
            names = {one.name for one in table.model._meta.concrete_fields}
            common = {name: one for name, one in everywhere.items() if name in names}
            table.columns = common | table.columns
            tables[label] = table
    return tables


def _read(table: Table, line: str) -> None:
    if found := _LINE.match(line):
        marks = found["marks"].split()
        by = tuple(next((one[3:-1] for one in marks if one.startswith("by(")), "").split(","))
        for name in line[found.end() :].split():
            table.columns[name] = Column(
                name,
                found["kind"],
                found["action"],
                "said" in marks,
                "left-out" in marks,
                tuple(filter(None, by)),
            )
        return
    name, _, said = line.partition(": ")
    if name not in ("kept", "left out", "rows left out", "shared", "called") or not said:
        raise ValueError(f"{table.label}: {line}")
    setattr(table, name.replace(" ", "_"), said)


def archived_tables() -> list[Table]:
    return [table for table in registry().values() if table.in_archive]


def in_words() -> str:
    """The part of `docs/archive-format.md` that lists the tables."""
    lines = ["| Table | Topic | Rows | Columns left out |", "| --- | --- | --- | --- |"]
    for table in registry().values():
        rows = "all"
        if table.left_out:
            rows = f"none: {table.left_out}"
        elif table.shared:
            rows = table.shared
        elif table.rows_left_out:
            rows = f"all but: {table.rows_left_out}"
        empty = [one.name for one in table.columns.values() if one.is_left_out]
        columns = ", ".join(empty) if table.in_archive else ""
        lines.append(f"| `{table.label}` | {table.topic} | {rows} | {columns} |")
    return "\n".join(lines)


def privacy_in_words() -> str:
    """The part of `docs/privacy.md` that lists what is kept of people."""
    lines = [
        "| Table | What is of a person | Kept | When a person is erased |",
        "| --- | --- | --- | --- |",
    ]
    for table in registry().values():
        said: dict[str, list[str]] = {}
        done: dict[str, list[str]] = {}
        for one in table.columns.values():
            if one.kind != "none" and one.name != "removed_by":
                said.setdefault(one.kind, []).append(one.name)
                done.setdefault(one.action, []).append(one.name)
        if said:
            what, then = (
                "; ".join(f"{kind}: {', '.join(names)}" for kind, names in groups.items())
                for groups in (said, done)
            )
            lines.append(f"| `{table.label}` | {what} | {table.kept} | {then} |")
    return "\n".join(lines)
