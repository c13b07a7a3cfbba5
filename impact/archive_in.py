"""Bringing an archive in: all of it or nothing, with every rule of the database in force.

What people see has its own ids again. Numbers are this database's: the authority's, its people's
and history's. What an archive leaves out, such as keys and secrets, is made anew.
"""

import json
import secrets
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import Error, connection, models, transaction

from blueprints.models import BlueprintVersion, SignOff
from impact.archive_file import Opened, Refused
from impact.archive_rows import EVENTS, ITSELF, LEFT_OUT, template_keys
from impact.models import Report, ReportSection, ReportSentence
from impact.registry import Table, registry
from programmes.audit import record_outside
from programmes.forms.people import plain_address
from programmes.models import AuditEvent, LocalAuthority, User
from smallchanges.models import Seed, Share
from smallchanges.models.inbox import new_key
from workshops.models import Template, TemplateBlock

_AT_ONE_GO = 500
# What PostgreSQL holds to its words once it stands is written together with what belongs to it.
_VERSIONS, _NAMES_UNDER_THEM = BlueprintVersion._meta.label, SignOff._meta.label
_REPORTS = Report._meta.label
_IN_REPORTS = (ReportSection._meta.label, ReportSentence._meta.label)
_SEEDS = Seed._meta.label
# What changes of these by itself, while their words stay.
_BECOMES = {"state", "agreed_at", "ended_at", "published_at", "published_by_id"}
_BECOMES |= {"withdrawn_at", "withdrawn_by_id"}
_LONG_AGO = "2000-01-01T00:00:00+00:00"
_DIGEST = 32  # bytes
# As the columns that are left out have it where nothing was there.
_NOTHING = (None, "", "\\x")


@dataclass(frozen=True)
class Brought:
    """What came in. `without` are changes whose seed's words are in an authority not here."""

    authority: LocalAuthority
    rows: int
    people_made: int
    without: int


def bring_in(file: IO[bytes], *, slug: str = "") -> Brought:
    """Make the authority that the archive holds, under `slug` or its own. Raises `Refused`."""
    opened = Opened(file)
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            brought = _bring_in(opened, slug)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        return brought
    except Error as error:
        rule = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        raise Refused(
            f"Something in it doesn’t fit ({rule or 'a value of the wrong kind'})."
            " Nothing was brought in."
        ) from error
    except (KeyError, TypeError, ValueError, AttributeError, ValidationError) as error:
        raise Refused(
            f"Something in it isn’t as an archive has it ({error}). Nothing was brought in."
        ) from error


def _bring_in(opened: Opened, slug: str) -> Brought:
    _refuse_what_is_here(opened.tables)
    authority = _authority(opened.authority, slug)
    people, made = _people(opened.users)
    templates = _templates(opened.templates)
    seeds = opened.tables[_SEEDS]
    shares = {row["id"] for row in opened.tables[Share._meta.label]}
    elsewhere = Share.objects.filter(pk__in=[row["share"] for row in seeds])
    shares |= set(map(str, elsewhere.values_list("pk", flat=True)))
    known = [row for row in seeds if row["share"] in shares]
    tables = opened.tables | {_SEEDS: known}
    writer = _Writer(authority, people, templates)
    for label, rows in tables.items():
        if label == _VERSIONS:
            writer.write_versions(rows, tables[_NAMES_UNDER_THEM])
        elif label == _REPORTS:
            writer.write_reports(rows, {one: tables[one] for one in _IN_REPORTS})
        elif label == EVENTS:
            writer.write_history(rows)
        elif label not in (_NAMES_UNDER_THEM, *_IN_REPORTS):
            writer.write(registry()[label], rows)
    record_outside("authority brought in", authority, by=None)
    return Brought(authority, sum(map(len, tables.values())), made, len(seeds) - len(known))


def _refuse_what_is_here(tables: dict[str, list[dict]]) -> None:
    for label, rows in tables.items():
        ids = [uuid.UUID(row["id"]) for row in rows if "id" in row]
        if ids and registry()[label].model._base_manager.filter(pk__in=ids).exists():
            raise Refused(
                "What is in it is in this database already: the same rows can’t be there twice."
                " Erase the authority first, or bring it into another installation."
            )


def _authority(row: dict, slug: str) -> LocalAuthority:
    slug = slug or row["slug"]
    if LocalAuthority.objects.filter(slug=slug).exists():
        raise Refused(f"There is an authority at /{slug}/ already. Choose another with --as.")
    name, number = row["name"], 2
    while LocalAuthority.objects.filter(name__iexact=name).exists():
        name, number = f"{row['name'][:70]} ({number})", number + 1
    code = row["ons_code"]
    if LocalAuthority.objects.filter(ons_code=code).exists():
        code = ""
    authority = LocalAuthority(name=name, slug=slug, kind=row["kind"], ons_code=code)
    try:
        authority.full_clean()
    except ValidationError as error:
        raise Refused(f"The authority can’t be made: {' '.join(error.messages)}") from None
    authority.save()
    LocalAuthority.objects.filter(pk=authority.pk).update(
        created_at=row["created_at"], logo_changed_at=row["logo_changed_at"]
    )
    authority.refresh_from_db()
    return authority


def _people(rows: list[dict]) -> tuple[dict[str, int], int]:
    """Everybody's number here, by their address, and how many were made.

    Who is here already stays as they are; who is not gets no password, and signs in by a code.
    """
    here = dict(
        User.objects.filter(email__in=[row["email"] for row in rows]).values_list("email", "pk")
    )
    made = 0
    for row in rows:
        if row["email"] in here:
            continue
        email = plain_address(row["email"])
        user = User.objects.create_user(
            email, name=row["name"][:120], is_active=row["is_active"] is True
        )
        if user.is_active:
            EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        here[row["email"]] = user.pk
        made += 1
    return here, made


def _templates(rows: list[dict]) -> dict[str, str]:
    """The ready-made sessions' ids here, by what names them everywhere."""
    here = {name: pk for pk, name in template_keys().items()}
    for row in rows:
        words = dict(row)
        blocks = words.pop("blocks")
        if f"{row['key']} {row['number']}" in here:
            continue
        made = Template.objects.create(**words)
        TemplateBlock.objects.bulk_create(
            TemplateBlock(template=made, position=place, **block)
            for place, block in enumerate(blocks)
        )
        here[f"{row['key']} {row['number']}"] = made.pk
    return {name: str(pk) for name, pk in here.items()}


class _Writer:
    """Writes rows as they stand in an archive, with this database's numbers."""

    def __init__(self, authority: LocalAuthority, people: dict[str, int], templates: dict):
        self.authority, self.people, self.templates = authority, people, templates
        self._gone: dict[str, int] = {}

    def write(self, table: Table, rows: Iterable[dict]) -> None:
        columns = table.archived()
        ready = [self._row(table, columns, row) for row in rows]
        names = ", ".join(f'"{one.column}"' for one in columns)
        name = table.model._meta.db_table
        for start in range(0, len(ready), _AT_ONE_GO):
            with connection.cursor() as cursor:
                cursor.execute(
                    f'INSERT INTO "{name}" (authority_id, {names})'  # noqa: S608 - our own names
                    f' SELECT authority_id, {names} FROM jsonb_populate_recordset(NULL::"{name}",'
                    " %s::jsonb)",
                    [json.dumps(ready[start : start + _AT_ONE_GO])],
                )

    def _row(self, table: Table, columns: list[models.Field], row: dict) -> dict[str, Any]:
        if row.keys() != {one.name for one in columns}:
            odd = sorted(row.keys() ^ {one.name for one in columns})[0]
            raise Refused(f"A row of {table.label} has no {odd}, or nobody knows what it is.")
        ready: dict[str, Any] = {"authority_id": self.authority.pk}
        for column in columns:
            value = row[column.name]
            if table.columns[column.name].is_left_out:
                if value not in (LEFT_OUT, *_NOTHING):
                    raise Refused(f"{table.label} says what {column.name} is: it never should.")
                value = _anew(column) if value == LEFT_OUT else value
            elif value is not None and column.related_model is User:
                value = self.people[value]
            elif value is not None and column.related_model is Template:
                value = self.templates[value]
            ready[str(column.column)] = value
        return ready

    def write_versions(self, rows: list[dict], names: list[dict]) -> None:
        """One after the other as it happened: a draft, the names under it, and what it became.

        The database takes names under a draft alone, and lets none become agreed without them.
        """
        of_version: dict[str, list[dict]] = {}
        for name in names:
            of_version.setdefault(name["version"], []).append(name)
        for row in sorted(rows, key=lambda one: (one["state"] == "draft", one["made_at"])):
            draft = row | {"state": "draft", "agreed_at": None, "ended_at": None}
            self.write(registry()[_VERSIONS], [draft])
            self.write(registry()[_NAMES_UNDER_THEM], of_version.pop(row["id"], []))
            with _names_of_the_erased(row["id"]):
                if row["state"] == "superseded":
                    self._become(_VERSIONS, row, state="agreed", ended_at=None)
                self._become(_VERSIONS, row)
        if of_version:
            raise Refused("There are names under a version that isn’t in it.")

    def write_reports(self, rows: list[dict], within: dict[str, list[dict]]) -> None:
        """As withdrawn drafts, of which there may be any number; with their words, what they are.

        The database takes words into a draft alone, and holds those of what was published.
        """
        nobody = dict.fromkeys(("published_at", "published_by", "withdrawn_by"))
        unseen = nobody | {"state": "withdrawn", "withdrawn_at": _LONG_AGO}
        self.write(registry()[_REPORTS], [row | unseen for row in rows])
        for label, words in within.items():
            self.write(registry()[label], words)
        for row in rows:
            self._become(_REPORTS, row)

    def _become(self, label: str, row: dict, **otherwise: Any) -> None:
        """Let a row that is there have the state, and whose and when it was, that it has in it."""
        table = registry()[label]
        ready = self._row(table, table.archived(), row | otherwise)
        said = {name: value for name, value in ready.items() if name in _BECOMES}
        table.model._base_manager.filter(pk=row["id"]).update(**said)

    def write_history(self, rows: list[dict]) -> None:
        table = AuditEvent._meta.db_table
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {table} (authority_id, at, actor_id, actor_kind, verb,"  # noqa: S608
                " target_type, target_id, target_label, details)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb)",
                [self._event(row) for row in rows],
            )

    def _event(self, row: dict) -> tuple:
        target, details = row["target_id"], row["details"]
        if row["target_type"] == "user":
            target = str(self._number(target))
        elif target == ITSELF:
            target = str(self.authority.pk)
        if "users" in details:
            details = details | {"users": [self._number(one) for one in details["users"]]}
        actor = None if row["actor"] is None else self._number(row["actor"])
        words = (row["actor_kind"], row["verb"], row["target_type"])
        label = row["target_label"]
        return (self.authority.pk, row["at"], actor, *words, target, label, json.dumps(details))

    def _number(self, name: str) -> int:
        """Somebody whose account is gone has a number that no account ever has."""
        if name in self.people:
            return self.people[name]
        return self._gone.setdefault(name, -1 - len(self._gone))


@contextmanager
def _names_of_the_erased(version: str) -> Iterator[None]:
    """A version is agreed by two: for that moment erased ones are told apart by numbers of nobody.

    Whether numbers are somebody's is looked at when the transaction ends.
    """
    names = SignOff._base_manager.filter(version=uuid.UUID(version))
    for number, pk in enumerate(names.filter(by=None).values_list("pk", flat=True), start=1):
        names.filter(pk=pk).update(by_id=-number)
    yield
    names.filter(by_id__lt=0).update(by=None)


def _anew(column: models.Field) -> Any:
    """In the place of what an archive leaves out."""
    if column.name == "key":
        return new_key()
    if isinstance(column, models.BinaryField):
        return f"\\x{secrets.token_hex(_DIGEST)}"
    return secrets.token_hex(_DIGEST)
