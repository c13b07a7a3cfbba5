"""From journey files to rows: all files of one loading, or none of them.

What is there is left as it is. Only what is missing is made, and what nobody has said yet is filled
in: loading again changes nothing, and undoes nothing that people did in between.
"""

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from programmes.models import LocalAuthority

from . import source
from .ambition import write_ambition, write_findings
from .blueprint import write_blueprint, write_insights
from .changes import write_changes, write_strands
from .desk import Desk, Sheet
from .journey import Journey, read_journey
from .places import (
    desk_of,
    write_authority,
    write_programme,
    write_steps,
    write_teams,
    write_timeline,
)
from .source import Refused

# In the order in which later parts refer to earlier ones. Each part is written for all files of an
# authority before the next begins, so that they may refer to one another.
_PARTS: tuple[Callable[[Sheet], None], ...] = (
    write_authority,
    write_teams,
    write_ambition,
    write_findings,
    write_strands,
    write_changes,
    write_insights,
    write_blueprint,
    write_timeline,
    write_steps,
)
_ONE_AT_A_TIME = 0x4A4F55524E4559  # any number that nothing else locks by


@dataclass(frozen=True)
class Loaded:
    """What became of one file: how many rows it added, and how many that were there it filled."""

    file: str
    authority: LocalAuthority
    added: int
    filled: int

    def __str__(self):
        parts = [
            f"{count} row{'' if count == 1 else 's'} {what}"
            for count, what in ((self.added, "added"), (self.filled, "filled in"))
            if count
        ]
        return f"{self.file}: {', '.join(parts) or 'nothing new'}"


def load(paths: Iterable[Path]) -> list[Loaded]:
    """Write these files into the database. Raises `Refused`, and writes nothing, for a bad one."""
    journeys = _read(list(dict.fromkeys(paths)))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
        sheets = _write(journeys)
        _refuse(journeys)
    sheet_of = {sheet.journey.source.name: sheet for sheet in sheets}
    return [_loaded(sheet_of[journey.source.name]) for journey in journeys]


def _loaded(sheet: Sheet) -> Loaded:
    return Loaded(sheet.journey.source.name, sheet.desk.authority, sheet.added, sheet.filled)


def _read(paths: list[Path]) -> list[Journey]:
    journeys, problems = [], []
    today = timezone.localdate()
    for path, name in zip(paths, _names(paths), strict=True):
        try:
            read = source.read(path)
        except Refused as refused:
            problems += [dataclasses.replace(one, file=name) for one in refused.problems]
            continue
        read.name = name
        journeys.append(read_journey(read, today))
        problems += read.in_order()
    if problems:
        raise Refused(problems)
    return journeys


def _names(paths: list[Path]) -> list[str]:
    """What messages call each file: its name, or all of its path where two have one name."""
    often = Counter(path.name for path in paths)
    return [path.name if often[path.name] == 1 else str(path) for path in paths]


def _write(journeys: list[Journey]) -> list[Sheet]:
    """Files that tell facts come first: what an illustrative one adds, it adds to those."""
    desks: dict[int, list[Sheet]] = {}
    by_authority: dict[int, Desk] = {}
    for journey in sorted(journeys, key=lambda one: bool(one.illustrative)):
        desk, is_new = desk_of(journey.authority)
        if desk is None:
            continue
        pk = desk.authority.pk
        sheet = Sheet(by_authority.setdefault(pk, desk), journey)
        sheet.added += is_new
        desks.setdefault(pk, []).append(sheet)
    for sheets in desks.values():
        if all(write_programme(sheet, sheets) for sheet in sheets):
            for write in _PARTS:
                for sheet in sheets:
                    write(sheet)
    return [sheet for sheets in desks.values() for sheet in sheets]


def _refuse(journeys: list[Journey]) -> None:
    if problems := [one for journey in journeys for one in journey.source.in_order()]:
        raise Refused(problems)
