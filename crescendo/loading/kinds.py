"""The kinds of value that a key of a journey file can have, and how each is read."""

import dataclasses
import datetime as dt
import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Protocol

from django.db import models

from .source import Place, Source

# Read from a file of this many rows in one list, a person would have lost their way long before.
MAX_ROWS = 200


@dataclass(frozen=True)
class At:
    """A place in one file, and what may be said about it there."""

    source: Source
    place: Place
    illustrative: bool
    today: dt.date

    def into(self, key: str | int) -> "At":
        return dataclasses.replace(self, place=(*self.place, key))

    @property
    def is_given(self) -> bool:
        """Whether the file has this key, right or wrong."""
        table: Any = self.source.tables
        for part in self.place:
            if isinstance(part, str) and (not isinstance(table, dict) or part not in table):
                return False
            table = table[part]
        return True

    def within(self, key: str) -> "At":
        """The place of `key`; of the whole, where a text alone stands for a table."""
        return self.into(key) if self.into(key).is_given else self

    @property
    def line(self) -> int | None:
        return self.source.line(self.place)

    def refuse(self, what: str) -> Any:
        """None, so that whoever reads a value can end with it."""
        self.source.refuse(self.place, what)


class Kind(Protocol):
    @property
    def says(self) -> str:
        """As docs/journey-format.md has it."""

    def read(self, value: Any, at: At) -> Any:
        """The value as the rows need it; None, after `at.refuse()`, where it is no such thing."""


def key(kind: Kind, *, needed: bool = False) -> Any:
    """A key of a table. `needed`: not by an illustrative file, which adds to what is there."""
    many = isinstance(kind, Texts | Rows)
    return dataclasses.field(
        default_factory=list if many else lambda: None,
        metadata={"kind": kind, "needed": needed},
    )


def text_of(model: type[models.Model], field: str) -> "Text":
    """Text as long as the column that holds it."""
    column: Any = model._meta.get_field(field)
    return Text(column.max_length, paragraphs=isinstance(column, models.TextField))


@dataclass(frozen=True)
class Text:
    max_length: int
    paragraphs: bool = False

    @property
    def says(self) -> str:
        return f"text, up to {self.max_length:,} characters"

    def read(self, value: Any, at: At) -> str | None:
        if not isinstance(value, str):
            return at.refuse(f"has to be text in quotes, and is {_called(value)}.")
        for number, one in enumerate(value, 1):
            if unicodedata.category(one) == "Cc" and one not in "\t\n\r":
                return at.refuse(
                    f"character {number} is a control character, U+{ord(one):04X}. Take it out."
                )
        text = value.strip() if self.paragraphs else " ".join(value.split())
        if not text:
            return at.refuse("is empty. Write something, or leave the line out.")
        if len(text) > self.max_length:
            return at.refuse(
                f"has {len(text):,} characters. {self.max_length:,} are the most: say it shorter."
            )
        return text


@dataclass(frozen=True)
class Pattern:
    """Text of a fixed shape."""

    pattern: str
    says: str

    def read(self, value: Any, at: At) -> str | None:
        if isinstance(value, str) and re.fullmatch(self.pattern, value, re.ASCII):
            return value
        shown = f"{value!r}"[:60] if isinstance(value, str) else _called(value)
        return at.refuse(f"is {shown}. Write {self.says}.")


@dataclass(frozen=True)
class OneOf:
    """One of the choices of a column."""

    choices: tuple[str, ...]

    @property
    def says(self) -> str:
        return "one of " + ", ".join(f'"{choice}"' for choice in self.choices)

    def read(self, value: Any, at: At) -> str | None:
        if isinstance(value, str) and value in self.choices:
            return value
        shown = f"{value!r}"[:60] if isinstance(value, str) else _called(value)
        return at.refuse(f"is {shown}. Use {self.says}.")


@dataclass(frozen=True)
class Number:
    least: int
    most: int

    @property
    def says(self) -> str:
        return f"a whole number from {self.least} to {self.most:,}"

    def read(self, value: Any, at: At) -> int | None:
        if isinstance(value, int) and not isinstance(value, bool):
            if self.least <= value <= self.most:
                return value
            return at.refuse(f"is out of range. It has to be {self.says}.")
        return at.refuse(f"has to be {self.says}, and is {_called(value)}.")


@dataclass(frozen=True)
class Amount:
    """A number that somebody counted."""

    most: Decimal

    @property
    def says(self) -> str:
        return f"a number, with two digits after the point at most, up to {self.most:,}"

    def read(self, value: Any, at: At) -> Decimal | None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return at.refuse(f"has to be {self.says}, and is {_called(value)}.")
        number = Decimal(str(value))
        if not number.is_finite() or abs(number) > self.most or number != round(number, 2):
            return at.refuse(f"has to be {self.says}, and is {value}.")
        return number


@dataclass(frozen=True)
class Flag:
    says: ClassVar[str] = "true or false"

    def read(self, value: Any, at: At) -> bool | None:
        if isinstance(value, bool):
            return value
        return at.refuse(f"has to be true or false, without quotes, and is {_called(value)}.")


@dataclass(frozen=True)
class Moment:
    """A day, and whether the file knew no more than the month."""

    day: dt.date
    month_only: bool = False


@dataclass(frozen=True)
class Day:
    """A day or a month. An illustrative file may count from the day that it is loaded on."""

    says: ClassVar[str] = 'a date: "2021-11-03", or "2021-11" where only the month is known'

    YEARS = range(1990, 2100)

    _COUNTED = re.compile(r"(?:in (\d{1,3}) (day|week)s?|(\d{1,3}) (day|week)s? ago)")

    def read(self, value: Any, at: At) -> Moment | None:
        moment = self._read(value, at)
        if moment and moment.day.year not in self.YEARS:
            return at.refuse(
                f"is in the year {moment.day.year}."
                f" Years go from {self.YEARS[0]} to {self.YEARS[-1]}."
            )
        return moment

    def _read(self, value: Any, at: At) -> Moment | None:
        if isinstance(value, dt.datetime):
            return at.refuse("has a time of day. Write the date only.")
        if isinstance(value, dt.date):
            return Moment(value)
        if not isinstance(value, str):
            return at.refuse(f"has to be {self.says}; it is {_called(value)}.")
        if value == "today" or self._COUNTED.fullmatch(value):
            if at.illustrative:
                return Moment(self._counted(value, at.today))
            return at.refuse(
                f"{value!r} has a meaning in illustrative files only. Write {self.says}."
            )
        if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", value, re.ASCII):
            try:
                month_only = len(value) == len("2021-11")
                return Moment(dt.date.fromisoformat(value + "-01" * month_only), month_only)
            except ValueError:
                pass
        return at.refuse(f"{value[:40]!r} is no date. Write {self.says}.")

    def _counted(self, value: str, today: dt.date) -> dt.date:
        """Friday instead of a weekend that is past, Monday instead of one to come."""
        found = self._COUNTED.fullmatch(value)
        if found is None:
            return today
        ahead, unit, back, unit_back = found.groups()
        days = int(ahead or back) * (7 if (unit or unit_back) == "week" else 1)
        day = today + dt.timedelta(days=days if ahead else -days)
        weekend = day.weekday() - 4  # 1 on a Saturday, 2 on a Sunday
        if weekend > 0:
            day += dt.timedelta(days=3 - weekend if ahead else -weekend)
        return day


@dataclass(frozen=True)
class Words:
    """A text of a list, with its place."""

    text: str
    at: At


@dataclass(frozen=True)
class Texts:
    """A list of texts, each once. One alone needs no brackets."""

    text: Text

    @property
    def says(self) -> str:
        return f"a list of texts, each up to {self.text.max_length:,} characters"

    def read(self, value: Any, at: At) -> list[Words]:
        if isinstance(value, str):
            value_at = [(value, at)]
        else:
            value_at = _listed(value, at, self.says)
        read = ((self.text.read(one, here), here) for one, here in value_at)
        return list(_once((text, here, Words(text or "", here)) for text, here in read))


@dataclass
class Row:
    """A table of the file. Subclasses add its keys; `at` is where it stands."""

    at: At = dataclasses.field(repr=False)

    @classmethod
    def kinds(cls) -> dict[str, tuple[Kind, bool]]:
        """Each key's kind, and whether it is needed. A key that is a Python word ends in _."""
        return {
            one.name.removesuffix("_"): (one.metadata["kind"], one.metadata["needed"])
            for one in dataclasses.fields(cls)
            if one.metadata
        }

    @classmethod
    def read(cls, table: dict, at: At):
        """The row; with what is wrong in it left out, and told to `at`."""
        kinds = cls.kinds()
        read = {}
        for name, value in table.items():
            if name in kinds:
                read[name] = kinds[name][0].read(value, at.into(name))
            else:
                at.into(name).refuse(f"is no key here. {_nearest(name, kinds)}")
        for name, (kind, needed) in kinds.items():
            if needed and name not in table:
                at.into(name).refuse(f"is missing. Add it: {kind.says}.")
        fields = {one.name for one in dataclasses.fields(cls)}
        named = {
            name if name in fields else f"{name}_": value
            for name, value in read.items()
            if value is not None
        }
        row = cls(at=at, **named)
        row.check()
        return row

    def check(self) -> None:
        """Refuse keys that do not go together."""


@dataclass(frozen=True)
class Table:
    """One table."""

    row: type[Row]
    says: ClassVar[str] = "a table"

    def read(self, value: Any, at: At) -> Row | None:
        if isinstance(value, dict):
            return self.row.read(value, at)
        return at.refuse(f"has to be a table, and is {_called(value)}.")


@dataclass(frozen=True)
class Rows:
    """A list of tables, told apart by their key `main`, if any.

    With `short`, a text alone stands for a table that has no more than that key.
    """

    row: type[Row]
    main: str = "title"
    short: bool = False

    @property
    def says(self) -> str:
        return "a list of texts or tables" if self.short else "a list of tables"

    def read(self, value: Any, at: At) -> list[Row]:
        if isinstance(value, str) and self.short:
            value_at = [(value, at)]
        else:
            value_at = _listed(value, at, self.says)
        rows = [row for one, here in value_at if (row := self._row(one, here))]
        if not self.main:
            return rows
        return list(_once((getattr(row, self.main), row.at.within(self.main), row) for row in rows))

    def _row(self, value: Any, at: At) -> Row | None:
        if isinstance(value, dict):
            return self.row.read(value, at)
        if self.short and isinstance(value, str):
            text = self.row.kinds()[self.main][0].read(value, at)
            return self.row(at=at, **{self.main: text})
        wanted = "text in quotes or a table" if self.short else "a table"
        return at.refuse(f"has to be {wanted}, and is {_called(value)}.")


def _listed(value: Any, at: At, says: str) -> list[tuple[Any, At]]:
    if not isinstance(value, list):
        at.refuse(f"has to be {says}, and is {_called(value)}.")
        return []
    if len(value) > MAX_ROWS:
        at.refuse(f"has {len(value):,} things. {MAX_ROWS} are the most.")
        return []
    return [(one, at.into(number)) for number, one in enumerate(value)]


def _once(found: Iterable[tuple[Any, At, Any]]) -> Iterable:
    """Of (text, place, thing) the things that have a text which no other had before them."""
    first: dict[str, At] = {}
    for text, at, thing in found:
        if text is None:
            continue
        before = first.setdefault(str(text).lower(), at)
        if before is at:
            yield thing
        else:
            at.refuse(f"“{text}” is there already, on line {before.line}. Take one of them out.")


def _nearest(name: str, known: Iterable[str]) -> str:
    if near := difflib.get_close_matches(name, known, n=1):
        return f"Did you mean {near[0]}?"
    return f"Those that are: {', '.join(sorted(known))}."


def _called(value: Any) -> str:
    """What a person would call this value."""
    if isinstance(value, bool):
        return "true or false"
    names = {
        str: "text",
        int: "a whole number",
        float: "a number with a point",
        list: "a list",
        dict: "a table",
        dt.datetime: "a date with a time",
        dt.date: "a date",
        dt.time: "a time",
    }
    return names[type(value)]
