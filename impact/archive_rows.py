"""What stands in an archive: which rows of an authority, and how each column is written down.

People are named by their address and templates by their key, never by a number of this database,
so that the same authority gives the same archive wherever it lives.
"""

import json
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models

from impact.archive_untold import as_told, without_untold
from impact.registry import Table, archived_tables
from programmes.models import AuditEvent, LocalAuthority, User
from workshops.models import Template, TemplateBlock, Workshop

# Stands in a column that an archive leaves out, where something was there.
LEFT_OUT = "(left out)"
# What is left out for good: an open door's code, and the words of mail that went.
_EMPTIED = ("code", "screen_key", "subject", "body")
# Of an event whose target is the authority itself.
ITSELF = "this authority"
EVENTS = AuditEvent._meta.label
_BLOCK = ("kind", "title", "prompt", "say", "minutes", "columns", "candour", "dots", "most_on_one")


class People:
    """Everybody that the rows point at, by their number here."""

    def __init__(self, authority: LocalAuthority):
        self.emails: dict[int, str] = {}
        self._gone: dict[int, str] = {}
        numbers: set[int | None] = set()
        for table in archived_tables():
            if table.label == EVENTS:
                events = AuditEvent.objects.filter(authority_id=authority.pk)
                numbers |= set(events.values_list("actor_id", flat=True).distinct())
                on_people = events.filter(target_type="user", target_id__regex=r"^\d{1,18}$")
                numbers |= {int(one) for one in on_people.values_list("target_id", flat=True)}
                for details in events.filter(details__has_key="users").values_list(
                    "details", flat=True
                ):
                    numbers |= set(details["users"])
                continue
            for column in table.archived():
                if column.related_model is User:
                    rows = rows_of(table, authority).order_by()
                    numbers |= set(rows.values_list(column.attname, flat=True).distinct())
        known = [one for one in numbers if one is not None]
        self.rows = list(User.objects.filter(pk__in=known).order_by("email"))
        self.emails = {one.pk: one.email for one in self.rows}

    def named(self, number: int | None) -> str | None:
        """Their address. Somebody whose account is gone altogether is told from others, only."""
        if number is None or number in self.emails:
            return self.emails.get(number or 0)
        return self._gone.setdefault(number, f"gone {len(self._gone) + 1}")


def rows_of(table: Table, authority: LocalAuthority) -> models.QuerySet:
    """The rows of a table that an archive of the authority has, in one order everywhere."""
    rows = table.model._base_manager.filter(authority_id=authority.pk)
    if table.label == EVENTS:
        return rows.order_by("id")
    return without_untold(rows, authority).order_by("pk")


def written_rows(table: Table, authority: LocalAuthority, people: People) -> Iterable[dict]:
    """The rows as they stand in a file: by the names of the columns, in plain values."""
    if table.label == EVENTS:
        for event in rows_of(table, authority):
            yield _event(event, people)
        return
    columns = table.archived()
    templates = template_keys() if table.model is Workshop else {}
    for row in rows_of(table, authority).values(*(one.attname for one in columns)):
        kept = as_told(table.model, row)
        written = {}
        for column in columns:
            value = kept[column.attname]
            if table.columns[column.name].is_left_out:
                written[column.name] = _left_out(column, value)
            elif column.related_model is User:
                written[column.name] = people.named(value)
            elif column.related_model is Template:
                written[column.name] = templates.get(value)
            else:
                written[column.name] = plain(value)
        yield written


def _left_out(column: models.Field, value: Any) -> Any:
    if column.name in _EMPTIED:
        return None if column.null else ""
    return LEFT_OUT if value not in (None, "", b"") else plain(value)


def plain(value: Any) -> Any:
    """As JSON has it, and as PostgreSQL reads it back into the column that it came from."""
    if isinstance(value, bytes | memoryview):
        return f"\\x{bytes(value).hex()}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value


def _event(event: AuditEvent, people: People) -> dict:
    target: str | None = event.target_id
    details = event.details
    if event.target_type == "user" and event.target_id.isdecimal():
        target = people.named(int(event.target_id))
    elif event.target_type == "localauthority":
        target = ITSELF
    if "users" in details:
        details = details | {"users": [people.named(one) for one in details["users"]]}
    return {
        "at": plain(event.at),
        "actor": people.named(event.actor_id),
        "actor_kind": event.actor_kind,
        "verb": event.verb,
        "target_type": event.target_type,
        "target_id": target,
        "target_label": event.target_label,
        "details": details,
    }


def template_keys() -> dict[UUID, str]:
    """By its id, what names a ready-made session everywhere."""
    made = Template.objects.values_list("pk", "key", "number")
    return {pk: f"{key} {number}" for pk, key, number in made}


def templates_of(authority: LocalAuthority) -> list[dict]:
    """The ready-made sessions that its workshops began with, with their blocks."""
    used = Workshop.objects.filter(authority=authority).order_by().values("template")
    found = Template.objects.filter(pk__in=used).order_by("key", "number")
    return [
        {
            "key": one.key,
            "number": one.number,
            "kind": one.kind,
            "title": one.title,
            "about": one.about,
            "position": one.position,
            "blocks": [
                {name: getattr(block, name) for name in _BLOCK}
                for block in TemplateBlock.objects.filter(template=one).order_by("position", "pk")
            ],
        }
        for one in found
    ]


def people_rows(people: People) -> list[dict]:
    """Name and address alone; a password or a second step stays where its person set it up."""
    return [
        {"email": one.email, "name": one.name, "is_active": one.is_active} for one in people.rows
    ]


def authority_row(authority: LocalAuthority) -> dict:
    names = ("name", "slug", "kind", "ons_code", "logo_changed_at", "created_at")
    return {name: plain(getattr(authority, name)) for name in names}


def as_json(rows: Iterable[dict] | dict) -> bytes:
    """A row a line, so that two archives can be laid side by side."""
    if isinstance(rows, dict):
        return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return (f"[\n{lines}\n]\n" if lines else "[]\n").encode()
