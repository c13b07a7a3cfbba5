"""Answers in a CSV file: one row a person, one column a question (`docs/answers-format.md`).

A file is read whole, and every problem in it is told with its row and column and what would fit;
with one problem nothing of it is taken.
"""

import csv
import hashlib
import io
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from programmes.models import Team
from surveys.cells import Unfit, has_words, in_words, plain, said_in, work_in
from surveys.models import Question, Survey
from surveys.said import Said, Sheet

LARGEST_FILE = 1024 * 1024  # bytes
MOST_ROWS = 2000
MOST_COLUMNS = 200
MOST_PROBLEMS = 40
# A column that is for people alone; a row whose note begins with the word is shown, and not taken.
NOTE = "note"
EXAMPLE = "example"
TEAM, WORK = "team", "work"
_RESERVED = (NOTE, TEAM, WORK)
# A cell that begins so is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass
class FileRead:
    """Either sheets, or what is wrong."""

    sheets: list[Sheet] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    batch: UUID | None = None


class _Wrong(Exception):
    """The file as a whole cannot be read; the words say why."""


@dataclass(frozen=True)
class _Column:
    """One column: a question's, or one of `_RESERVED`; neither where nothing stands in it."""

    number: int
    question: Question | None = None
    reserved: str = ""

    @property
    def place(self) -> str:
        return f"column {letters_of(self.number)}"

    @property
    def name(self) -> str:
        return f"{self.place} (“{self.question or self.reserved.capitalize()}”)"


def read(content: bytes, survey: Survey) -> FileRead:
    """What a file says, for `take_sheets`. The same file is the same batch, however it is sent."""
    result = FileRead(batch=uuid5(survey.pk, hashlib.sha256(content).hexdigest()))
    questions = list(survey.questions.all())
    try:
        rows = _rows(_text(content), _Headings(survey, questions))
        first, head = next(((n, row) for n, row in rows if has_words(row)), (0, []))
        body = [(n, row) for n, row in rows if n > first and has_words(row)]
        if len(body) > MOST_ROWS:
            raise _Wrong(f"Up to {MOST_ROWS:,} rows fit in one file. This has {len(body):,}.")
        if len(head) > MOST_COLUMNS:
            raise _Wrong(f"Up to {MOST_COLUMNS} columns fit in one file. This has {len(head):,}.")
    except _Wrong as wrong:
        result.problems = [str(wrong)]
        return result
    columns = _Headings(survey, questions).read(first, head, result.problems)
    teams = {plain(team.name): team for team in survey.authority.teams.all()}
    for number, row in body:
        if len(result.problems) > MOST_PROBLEMS:
            # A file that is another one altogether would give a problem for each of its cells.
            break
        if (sheet := _sheet(number, row, columns, teams, result.problems)) is not None:
            result.sheets.append(sheet)
    if not result.problems and not result.sheets:
        result.problems = ["There is no answer in this file: below the headings, each row is one."]
    if result.problems:
        result.sheets = []
        if len(result.problems) > MOST_PROBLEMS:
            result.problems[MOST_PROBLEMS:] = ["And more like these."]
    return result


def template_of(survey: Survey) -> str:
    """A file to fill in: the headings, and one example that is not taken."""
    questions = list(survey.questions.standing())
    names = [_heading(number, one, questions) for number, one in enumerate(questions, start=1)]
    values = [in_words(one) for one in questions]
    ends = [TEAM] * survey.asks_team + [WORK] * survey.asks_work
    team = survey.authority.teams.values_list("name", flat=True).first() or ""
    said = {TEAM: team, WORK: "Practitioner"}
    out = io.StringIO()
    # Excel takes a file for UTF-8 where it begins so.
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow([NOTE, *names, *ends])
    writer.writerow(
        [
            "Example: not read. Write below it",
            *(_harmless(one) for one in [*values, *(said[end] for end in ends)]),
        ]
    )
    return out.getvalue()


def _heading(number: int, question: Question, questions: list[Question]) -> str:
    """Its words, unless only its number is sure to mean it."""
    words = str(question)
    same = sum(plain(str(one)) == plain(words) for one in questions)
    is_clear = same == 1 and plain(words) not in _RESERVED and not plain(words).isdigit()
    return words if is_clear and not words.startswith(_FORMULA) else str(number)


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


# --- from bytes to rows


def _text(content: bytes) -> str:
    if len(content) > LARGEST_FILE:
        raise _Wrong("This file is too large. Up to 1 MB fits: some thousands of answers.")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _Wrong(f"This file is “Unicode text”. {_SAVE_IT_SO}")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise _Wrong(f"This is an Excel workbook, and not a CSV file. {_SAVE_IT_SO}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _Wrong(
            f"Line {line} has letters that we can’t read: it seems to be an older Windows file."
            f" {_SAVE_IT_SO}"
        ) from None
    if "\0" in text:
        raise _Wrong(f"This is no text file. {_SAVE_IT_SO}")
    return text


_SAVE_IT_SO = "In Excel choose “Save as”, then “CSV UTF-8 (comma delimited)”."


def _rows(text: str, headings: "_Headings") -> list[tuple[int, list[str]]]:
    """Each row with its number, as a spreadsheet counts them."""
    with_most: list[list[str]] = []
    most = -1
    for delimiter in ",;\t":
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        except csv.Error:
            continue
        head = next((row for row in rows if has_words(row)), [])
        known = sum(headings.knows(cell) for cell in head)
        if known > most:
            with_most, most = rows, known
    if most < 0:
        raise _Wrong("A quotation mark opens in this file and never closes, so we can’t read on.")
    if not any(has_words(row) for row in with_most):
        raise _Wrong("This file is empty.")
    return list(enumerate(with_most, start=1))


# --- headings


class _Headings:
    """Which column is which: a question by its number, its core key, or its words."""

    def __init__(self, survey: Survey, questions: list[Question]):
        self.survey = survey
        self.questions = questions
        self.known: dict[str, list[Question]] = {}
        for number, one in enumerate(questions, start=1):
            names = {str(number), one.core, plain(str(one)), plain(f"{one.stem} {one}")}
            for name in names - {"", *_RESERVED}:
                self.known.setdefault(name, []).append(one)
        # A number means the question at that place, even where it is the words of another.
        self.known |= {str(number): [one] for number, one in enumerate(questions, start=1)}

    def knows(self, cell: str) -> bool:
        return plain(cell) in self.known or plain(cell) in _RESERVED

    def read(self, row: int, cells: list[str], problems: list[str]) -> list[_Column]:
        columns: list[_Column] = []
        seen: dict[object, _Column] = {}
        for number, cell in enumerate(cells, start=1):
            column = self._column(row, number, cell, problems)
            what = column.question or column.reserved
            if what and what in seen:
                problems.append(
                    f"Row {row}, {column.place}: “{_short(cell)}” is the same as"
                    f" {seen[what].place}. Keep one of them."
                )
            elif what:
                seen[what] = column
            columns.append(column)
        if not any(column.question for column in columns) and not problems:
            problems.append(f"Row {row}: there is no question here. {self._would_fit()}")
        return columns

    def _column(self, row: int, number: int, cell: str, problems: list[str]) -> _Column:
        name = plain(cell)
        where = f"Row {row}, column {letters_of(number)}"
        if name in _RESERVED:
            if name == TEAM and not self.survey.asks_team:
                problems.append(f"{where}: this survey doesn’t ask for teams. Leave it out.")
            if name == WORK and not self.survey.asks_work:
                problems.append(f"{where}: this survey doesn’t ask what people do. Leave it out.")
            return _Column(number, reserved=name)
        found = self.known.get(name, [])
        if len(found) > 1:
            problems.append(f"{where}: two questions are called “{_short(cell)}”. Use the number.")
        elif not found and name:
            problems.append(f"{where}: no question is called “{_short(cell)}”. {self._would_fit()}")
        return _Column(number, question=found[0] if found else None)

    def _would_fit(self) -> str:
        listed = "; ".join(f"{n} {one}" for n, one in enumerate(self.questions, start=1))
        return f"A heading is a question’s number or its words: {listed}."


def letters_of(number: int) -> str:
    """As a spreadsheet calls a column, from 1 on: A, B … Z, AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


# --- rows


def _sheet(
    row: int,
    cells: list[str],
    columns: list[_Column],
    teams: dict[str, Team],
    problems: list[str],
) -> Sheet | None:
    """What one row says; None for an example, and for one with nothing that can be taken."""
    if _is_example(cells, columns):
        return None
    said: dict[Question, Said] = {}
    team, work, before = None, "", len(problems)
    for extra, cell in enumerate(cells[len(columns) :], start=len(columns) + 1):
        if cell.strip():
            problems.append(
                f"Row {row}, column {letters_of(extra)}: “{_short(cell)}” stands under no heading."
            )
    for column, cell in zip(columns, cells, strict=False):
        words = cell.strip()
        if not words:
            continue
        try:
            if column.question is not None:
                said[column.question] = said_in(words, column.question)
            elif column.reserved == TEAM:
                team = _team_in(words, teams)
            elif column.reserved == WORK:
                work = work_in(words)
            elif not column.reserved:
                raise Unfit("stands under no heading. Write one above it, or leave it out.")
        except Unfit as unfit:
            where = column.name if column.question or column.reserved else column.place
            problems.append(f"Row {row}, {where}: “{_short(words)}” {unfit}")
    if not said and len(problems) == before:
        problems.append(f"Row {row}: there is no answer in it. Take the row out, or fill it in.")
    return Sheet(said, team, work) if said else None


def _is_example(cells: list[str], columns: list[_Column]) -> bool:
    return any(
        column.reserved == NOTE and plain(cell).startswith(EXAMPLE)
        for column, cell in zip(columns, cells, strict=False)
    )


def _team_in(words: str, teams: dict[str, Team]) -> Team:
    if (team := teams.get(plain(words))) is None:
        listed = "; ".join(team.name for team in teams.values())
        fits = f"Teams here: {listed}." if listed else "No team has been set up yet."
        raise Unfit(f"is none of the teams here. {fits} Leave it empty for “rather not say”.")
    return team


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= 60 else f"{words[:59]}…"
