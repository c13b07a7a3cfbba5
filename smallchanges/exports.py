"""The list of small changes as a file: what the table shows, and the words behind it.

What people wrote may begin as a formula does, and a spreadsheet would run it (`reliability.md`,
T12).
"""

import csv
import io
from collections.abc import Callable, Iterable
from typing import Any

import xlsxwriter
from django.utils import timezone

from smallchanges.models import SmallChange

# Each column of a change, as `for_list` brings it, with its lead.
COLUMNS: dict[str, Callable[[Any], object]] = {
    "Small change": lambda change: change.title,
    "So that": lambda change: change.purpose,
    "Strand": lambda change: change.strand or "",
    "Stage": lambda change: change.get_stage_display(),
    "Status": lambda change: change.get_status_display(),
    "In whose gift": lambda change: change.get_gift_display(),
    "Teams": lambda change: ", ".join(team.name for team in change.teams.all()),
    "Who leads it": lambda change: ", ".join(
        str(who) for who in (change.lead and change.lead.user, change.led_by) if who
    ),
    "Last moved": lambda change: timezone.localtime(change.moved_at).strftime("%d/%m/%Y"),
    "Why do we need it?": lambda change: change.why,
    "What does success look like?": lambda change: change.success,
    "How will we keep each other going?": lambda change: change.tracking,
    "What came of it?": lambda change: change.result,
    "What did that mean for people?": lambda change: change.impact,
    "Illustrative": lambda change: change.illustrative,
}
# With the full-width signs, which some programs read as the plain ones.
_BEGIN_A_FORMULA = tuple("=+-@＝＋－＠")


def as_csv(changes: Iterable[SmallChange]) -> bytes:
    """With the mark by which Excel knows UTF-8."""
    out = io.StringIO()
    rows = csv.writer(out, quoting=csv.QUOTE_ALL)
    for row in _rows(changes):
        rows.writerow([harmless(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def harmless(words: str) -> str:
    """With an apostrophe before what a spreadsheet would take for a formula."""
    risky = words.lstrip().startswith(_BEGIN_A_FORMULA) or words[:1] in ("\t", "\r", "\n")
    return f"'{words}" if risky else words


def as_xlsx(changes: Iterable[SmallChange]) -> bytes:
    """One sheet; every cell is text."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("Small changes")
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet.set_column(0, len(COLUMNS) - 1, 24, wrapped)
        sheet.freeze_panes(1, 1)
        for number, row in enumerate(_rows(changes)):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
    return out.getvalue()


def _rows(changes: Iterable[SmallChange]) -> Iterable[list[str]]:
    yield list(COLUMNS)
    for change in changes:
        yield [str(said(change)) for said in COLUMNS.values()]
