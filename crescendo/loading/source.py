"""From a file's bytes to its tables, and back from a key to the line it stands on."""

import bisect
import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

MAX_BYTES = 1_000_000
# No honest line is longer: the longest text that a journey holds has 2,000 characters. A parser
# needs minutes for a key of half a million parts, and no time at all for one that fits this.
MAX_LINE = 4_000
# Names and places inside a file, such as ("strand", 0, "change", 2, "gift"); lists count from 0.
Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """Something that stops a file from being loaded, in the words that a person reads."""

    file: str
    line: int | None
    key: str
    what: str

    def __str__(self):
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.key}: {self.what}" if self.key else f"{where}: {self.what}"


class Refused(Exception):
    """Nothing was loaded. `problems` has all of them, in the order of files and lines."""

    def __init__(self, problems: list[Problem]):
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass
class Source:
    """One file that was read: its tables, its lines, and what is wrong with it."""

    name: str
    tables: dict
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, place: Place, what: str) -> None:
        self.problems.append(Problem(self.name, self.line(place), name_of(place), what))

    def line(self, place: Place) -> int | None:
        """The line of the key at `place`; of what holds it, where the key itself is missing."""
        for length in range(len(place), 0, -1):
            within = [line for key, line in self.lines.items() if key[:length] == place[:length]]
            if within:
                return min(within)
        return None

    def in_order(self) -> list[Problem]:
        """What is wrong, from the first line to the last; what has no line comes at the end."""
        return sorted(self.problems, key=lambda one: one.line or MAX_BYTES)


def name_of(place: Place) -> str:
    """Such as strand[1].change[3].gift: people count from 1."""
    name = ""
    for part in place:
        if isinstance(part, int):
            name += f"[{part + 1}]"
        else:
            shown = part if part.isprintable() and len(part) < 60 else f"{part[:60]!r}"
            name += f".{shown}" if name else shown
    return name


def read(path: Path) -> Source:
    """The tables of the TOML file at `path`. Raises `Refused` where it cannot be read as one."""
    text = _text(path)
    try:
        return Source(path.name, tomllib.loads(text), dict(_Scanner(text).lines()))
    except tomllib.TOMLDecodeError as error:
        raise _refused(path, *_explained(str(error), text)) from None
    except RecursionError:
        raise _refused(path, "is nested too deeply. See docs/journey-format.md.") from None
    except ValueError:  # a number with thousands of digits
        raise _refused(path, "has a number that is too long to be one.") from None


def _text(path: Path) -> str:
    raw = _bytes(path)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refused(path, "is written in UTF-16. Save it as UTF-8.", line=1)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The decoder counts from behind a byte order mark.
        at = error.start + (3 if raw.startswith(b"\xef\xbb\xbf") else 0)
        raise _refused(
            path,
            f"is not written in UTF-8: byte {at + 1} of the file ({raw[at]:#04x}) is no part of"
            " it. Save the file as UTF-8.",
            line=raw.count(b"\n", 0, at) + 1,
        ) from None
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > MAX_LINE:
            raise _refused(
                path,
                f"this line has {len(line):,} characters. {MAX_LINE:,} are the most:"
                " put each thing on a line of its own.",
                line=number,
            )
    return text


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise _refused(path, "is a folder. Name the files in it.")
        if not path.exists():
            raise _refused(path, "is not there. Check the name and the folder.")
        if not path.is_file():
            raise _refused(path, "is not a file that can be read to its end.")
        with path.open("rb") as file:
            raw, size = file.read(MAX_BYTES + 1), os.fstat(file.fileno()).st_size
    except OSError as error:
        raise _refused(path, f"cannot be read: {error.strerror}.") from None
    if len(raw) > MAX_BYTES:
        raise _refused(
            path,
            f"has {size / 1e6:.1f} MB. 1 MB is the most, and a whole journey needs"
            " less than a hundredth of it: is it the right file?",
        )
    return raw


def _refused(path: Path, what: str, line: int | None = None) -> Refused:
    return Refused([Problem(path.name, line, "", what)])


def _explained(error: str, text: str) -> tuple[str, int]:
    """What tomllib says, in our form: the problem, and its line."""
    found = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", error, re.S)
    if found is None:
        what, line, column = error.removesuffix(" (at end of document)"), text.count("\n") + 1, ""
    else:
        what, line, column = found[1], int(found[2]), f" at column {found[3]}"
    here = text.split("\n")[line - 1]
    what = re.sub(r"[\x00-\x1f\x7f]", lambda one: f"U+{ord(one[0]):04X}", what)
    if re.search(r"=\s*\d{4}-\d", here):
        right = 'A date is written "2021-11" or "2021-11-03", with the quotes'
    elif re.match(r"\s*[^\s#=]+\s*=\s*[^\s\"'\[{0-9+-]", here):
        right = 'Text needs quotes: key = "text"'
    else:
        right = "See docs/journey-format.md"
    return f"is not TOML{column}: {what}. {right}.", line


class _Scanner:
    """Walks a text that tomllib has accepted, to learn on which line each key and value begins.

    tomllib itself tells lines only of what it refuses. The text is known to be right, so this
    looks no closer than it must to know where a value ends.
    """

    _BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
    _KEY = re.compile(r"""[ \t]*([\w-]+|"(?:[^"\\]|\\.)*"|'[^']*')[ \t]*""")
    _STRING = re.compile(
        r'"""(?:[^\\]|\\.)*?"{3,5}(?!")'
        r"|'''.*?'{3,5}(?!')"
        r'|"(?:[^"\\]|\\.)*"'
        r"|'[^']*'",
        re.S,
    )
    _OTHER = re.compile(r"[^,\]}\n#]+")  # a number, a date, true or false

    def __init__(self, text: str):
        self.text = text.replace("\r\n", "\n")
        self.at = 0
        self.breaks = [found.start() for found in re.finditer("\n", self.text)]
        self.counts: dict[Place, int] = {}  # how many of each [[table]] there were so far

    def lines(self) -> Iterator[tuple[Place, int]]:
        table: Place = ()
        self._skip(self._BLANK)
        while self.at < len(self.text):
            line = self._line()
            if self.text[self.at] == "[":
                table = self._header()
                yield table, line
            else:
                yield from self._pair(table)
            self._skip(self._BLANK)

    def _header(self) -> Place:
        many = self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        keys = self._keys()
        self.at += 2 if many else 1
        place: Place = ()
        for key in keys[:-1]:
            place = self._newest((*place, key))
        last = (*place, keys[-1])
        if not many:
            return last
        self.counts[last] = self.counts.get(last, 0) + 1
        return self._newest(last)

    def _newest(self, place: Place) -> Place:
        """The newest of the tables called `place`, where there are several."""
        return (*place, self.counts[place] - 1) if place in self.counts else place

    def _keys(self) -> list[str]:
        keys = []
        while True:
            found = self._skip(self._KEY)
            key = found[1]
            keys.append(next(iter(tomllib.loads(f"{key}=0"))) if key[0] in "\"'" else key)
            if self.text[self.at] != ".":
                return keys
            self.at += 1

    def _pair(self, table: Place) -> Iterator[tuple[Place, int]]:
        line = self._line()
        place = (*table, *self._keys())
        self.at += 1  # the equals sign
        yield place, line
        yield from self._value(place)

    def _value(self, place: Place) -> Iterator[tuple[Place, int]]:
        self._skip(self._BLANK)
        match self.text[self.at]:
            case "[":
                self.at += 1
                yield from self._list(place)
            case "{":
                self.at += 1
                yield from self._inline_table(place)
            case '"' | "'":
                self._skip(self._STRING)
            case _:
                self._skip(self._OTHER)

    def _list(self, place: Place) -> Iterator[tuple[Place, int]]:
        number = 0
        while self._next_is_not("]"):
            yield (*place, number), self._line()
            yield from self._value((*place, number))
            number += 1

    def _inline_table(self, place: Place) -> Iterator[tuple[Place, int]]:
        while self._next_is_not("}"):
            yield from self._pair(place)

    def _next_is_not(self, end: str) -> bool:
        """Step over blanks and a comma; over `end` too, and then say False."""
        self._skip(self._BLANK)
        if self.text[self.at] == ",":
            self.at += 1
            self._skip(self._BLANK)
        if self.text[self.at] == end:
            self.at += 1
            return False
        return True

    def _skip(self, pattern: re.Pattern) -> re.Match:
        found = pattern.match(self.text, self.at)
        if found is None:
            raise AssertionError(f"tomllib reads what this does not, at {self.at}")
        self.at = found.end()
        return found

    def _line(self) -> int:
        return bisect.bisect_left(self.breaks, self.at) + 1
