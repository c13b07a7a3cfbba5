"""What Crescendo keeps of one person, for that person: a page to read, and the same as JSON.

What they said in their own name comes in full. Of what only names them, such as a change that they
lead, comes that it does: its words are other people's too.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from django.db import models
from django.template.loader import render_to_string

from impact.archive import STYLE
from impact.archive_pages import column_in_words, in_words
from impact.archive_rows import plain
from impact.registry import Column, Table, registry
from programmes.models import AuditEvent, LocalAuthority, Membership, User
from workshops.models import Participant

NOT_HERE = (
    "What you wrote or chose without your name: anonymous notes, dots, answers to surveys, places"
    " in two voices, thank-yous from “a colleague” and what you offered without a name. Nothing"
    " in Crescendo leads from them to you, so nobody can find them for you, us included.",
    "Your password and the keys of your second step: only scrambles of them are kept, and a copy"
    " in a file would help nobody but a thief.",
    "What other people wrote, where they may have named you. Your facilitator can look for it.",
)

# What of an event is for machines.
_UNREAD = ("target_type", "target_id", "actor_kind", "details", "verb")


def take_along(user: User) -> bytes:
    """A zip of `about-me.html` and `about-me.json`."""
    found = list(_found(user))
    as_json = {
        "person": {"name": user.name, "email": user.email, "joined": plain(user.date_joined)},
        "tables": {table.label: rows for table, rows, _ in found},
        "not_here": NOT_HERE,
    }
    read = [{"title": table.title, "rows": lines} for table, _, lines in found]
    context = {"who": user, "tables": read, "not_here": NOT_HERE}
    files = {
        "about-me.html": render_to_string("impact/archive/personal.html", context).encode(),
        "about-me.json": json.dumps(as_json, ensure_ascii=False, indent=1).encode(),
        "archive.css": STYLE,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in files.items():
            bundle.writestr(name, content)
    return out.getvalue()


def _found(user: User) -> Iterator[tuple[Table, list[dict], list[dict]]]:
    """Each table with rows of theirs: as data, and in words."""
    places = dict(LocalAuthority.objects.values_list("pk", "name"))
    for table in registry().values():
        if table.model is User:
            continue
        rows, lines = [], []
        seen = set()
        for column in sorted(table.columns.values(), key=lambda one: not one.is_said):
            way = _way(table, column)
            if not way:
                continue
            theirs = table.model._base_manager.filter(**{way: _key(way, user)}).order_by("pk")
            for row in theirs:
                if row.pk in seen:
                    continue
                seen.add(row.pk)
                told = _told(table, row, column, user)
                rows.append({name: plain(value) for name, (_, value) in told.items()})
                lines.append(_lines(table, row, told, places))
        if rows:
            yield table, rows, lines


def _way(table: Table, column: Column) -> str:
    """The look-up from a row to the person; empty where the column leads to nobody."""
    field = table.model._meta.get_field(column.name)
    if table.model is AuditEvent:
        return "actor_id" if column.name == "actor_id" else ""
    if field.related_model is User:
        return column.name
    if field.related_model is Membership:
        return f"{column.name}__user"
    if field.related_model is Participant and column.is_said:
        return f"{column.name}__user"
    return column.name if isinstance(field, models.EmailField) else ""


def _key(way: str, user: User) -> Any:
    if way == "actor_id":
        return user.pk
    return user.email if way.endswith("email") else user


def _told(table: Table, row: models.Model, way: Column, user: User) -> dict[str, tuple]:
    """What is told of a row: (the column's name in words, the value) by the column's name."""
    is_own = way.is_said or table.left_out != "" or table.model is AuditEvent
    told: dict[str, tuple] = {}
    for field in table.model._meta.concrete_fields:
        column = table.columns[field.name]
        is_the_way = field.name == way.name
        if column.kind == "pseudonymous" or column.is_left_out or field.generated:
            continue
        value = getattr(row, field.attname)
        if field.related_model in (User, Membership) or isinstance(field, models.EmailField):
            # Other people's names are theirs.
            if is_the_way:
                told[field.name] = (column_in_words(field), "you")
        elif is_own or field.name in ("id", "created_at", "title", "name", "kind"):
            told[field.name] = (column_in_words(field), value)
    return told


def _lines(table: Table, row: models.Model, told: dict, places: dict[int, str]) -> dict:
    lines: list[tuple[str, str]] = []
    fields = {one.name: one for one in table.model._meta.concrete_fields}
    if place := places.get(getattr(row, "authority_id", None) or 0):
        lines.append(("Place", place))
    for name, (words, value) in told.items():
        field = fields[name]
        if name in _UNREAD:
            continue
        if field.is_relation or name in ("id", "position", "version", "authority_id"):
            if value == "you":
                lines.append((words, "you"))
        elif value not in (None, "", []):
            lines.append((words, in_words(field, plain(value))))
    heading = next((told[one][1] for one in ("title", "name", "verb") if one in told), "")
    return {
        "heading": str(heading).capitalize() or table.title,
        "lines": lines,
    }
