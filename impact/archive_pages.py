"""The archive for eyes: an index, and a page for each topic, without scripts and good to print."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import models
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify

from impact.archive_rows import EVENTS, LEFT_OUT, People
from impact.basis import bases_of
from impact.registry import Table, registry
from programmes.models import LocalAuthority, User

STYLE = b"""body { font: 1rem/1.5 Georgia, serif; max-width: 46rem; margin: 2rem auto; }
body { padding: 0 1rem; }
h1, h2, h3 { line-height: 1.2; } h3 { margin: 1.5rem 0 0; font-size: 1rem; }
dl { display: grid; grid-template-columns: 11rem 1fr; gap: 0 1rem; margin: 0; }
dt { color: #555; } dd { margin: 0; overflow-wrap: anywhere; white-space: pre-line; }
@media (max-width: 30rem) { dl { display: block; } }
@media print { body { margin: 0; max-width: none; } article { break-inside: avoid; } }
"""
# Columns that say something to the application alone.
_UNREAD = {"id", "position", "version", "authority", "search", "row", "was", "now", "key"}
_UNREAD |= {"png", "logo", "secret", "digest", "before"}
# A story is told by role: who told it stands in the data, so that it stays theirs, and on no page.
_UNNAMED = {("impact.Story", "told_by"), ("impact.Crossing", "by")}
# Which words of a row name it, the first that it has.
_NAMING = (
    "title",
    "heading",
    "name",
    "text",
    "question",
    "what",
    "stem",
    "who",
    "focus",
    "words",
    "label",
)
_SHORT = 90
# Names of columns that are the same everywhere, as people would say them.
_IN_WORDS = {
    "created_at": "kept since",
    "created_by": "written by",
    "illustrative": "made up to show",
    "removed_at": "taken away",
    "removed_by": "taken away by",
    "user": "who",
    "by": "by",
    "at": "when",
    "on": "day",
}


def pages_of(
    authority: LocalAuthority, people: People, tables: dict[str, list[dict]]
) -> Iterator[tuple[str, bytes]]:
    """The files, by name."""
    names = {one.email: str(one) for one in people.rows}
    labels = {
        row["id"]: _naming(row, names) for rows in tables.values() for row in rows if "id" in row
    }
    topics: dict[str, list[dict]] = {}
    places: dict[str, int] = {}
    for label, rows in tables.items():
        table = registry()[label]
        if rows:
            read = [_read(table, row, labels, names) for row in _in_order(table, rows, places)]
            topics.setdefault(table.topic, []).append({"title": table.title, "rows": read})
    index = [
        {
            "title": topic,
            "file": f"{slugify(topic)}.html",
            "rows": sum(len(one["rows"]) for one in read),
        }
        for topic, read in topics.items()
    ]
    context: dict[str, Any] = {"authority": authority, "topics": index}
    yield "index.html", _rendered("index", context)
    for topic, read in zip(index, topics.values(), strict=True):
        page = _rendered("topic", context | {"topic": topic, "tables": read})
        yield f"pages/{topic['file']}", page


def _rendered(name: str, context: dict) -> bytes:
    return render_to_string(f"impact/archive/{name}.html", context).encode()


def _in_order(table: Table, rows: list[dict], places: dict[str, int]) -> list[dict]:
    """As they stand under what they belong to, as a report's sentences do; else as in the file.

    `places` has where each row stood that was read before, and gets these.
    """
    within = [
        one.name
        for one in (table.archived() if table.label != EVENTS else [])
        if one.is_relation and one.related_model is not User
    ]

    def place(row: dict) -> tuple[int, int]:
        return (places.get(row[within[0]] or "", 0) if within else 0, row.get("position", 0))

    ordered = sorted(rows, key=place)
    places.update({row["id"]: place for place, row in enumerate(ordered) if "id" in row})
    return ordered


def _naming(row: dict, names: dict[str, str]) -> str:
    if "user" in row:
        return names.get(row["user"], "")
    words = next((row[one] for one in _NAMING if row.get(one)), "")
    return words if len(words) <= _SHORT else f"{words[:_SHORT]}…"


def _read(table: Table, row: dict, labels: dict[str, str], names: dict[str, str]) -> dict:
    """A row's heading, and what it says under the names of its columns."""
    if table.label == EVENTS:
        lines = [
            ("When", in_words(None, row["at"])),
            ("Who", names.get(row["actor"], row["actor"] or "Crescendo by itself")),
        ]
        return {"heading": f"{row['verb'].capitalize()}: {row['target_label']}", "lines": lines}
    heading = labels.get(row.get("id", "")) or table.title
    lines = []
    for column in table.archived():
        value = row[column.name]
        if column.name in _UNREAD or value in (None, "", [], LEFT_OUT):
            continue
        if (table.label, column.name) in _UNNAMED:
            continue
        if column.name == "drafted" and value == row["text"]:
            continue
        if column.related_model is User:
            said = names.get(value, value)
        elif column.is_relation:
            said = labels.get(value, "")
        else:
            said = in_words(column, value)
        if said and said != heading:
            lines.append((column_in_words(column), said))
    return {"heading": heading, "lines": lines}


def column_in_words(column: models.Field) -> str:
    name = _IN_WORDS.get(column.name, column.verbose_name)
    return str(name).capitalize()


def in_words(column: models.Field | None, value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if column is not None and column.name == "rests_on":
        return "\n".join(one.told for one in bases_of(value))
    if column is not None and column.name == "parts":
        return "\n".join(text for part in value for _, text in part["texts"])
    if isinstance(value, list):
        one_of = getattr(column, "base_field", None)
        return ", ".join(in_words(one_of, one) if one_of else str(one) for one in value)
    if column is not None and column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if column is None or isinstance(column, models.DateTimeField):
        moment = timezone.localtime(datetime.fromisoformat(value))
        return date_format(moment, "j F Y, H:i")
    if isinstance(column, models.DateField):
        return date_format(date.fromisoformat(value), "j F Y")
    return str(value)
