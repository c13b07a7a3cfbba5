"""The report as a Word file that a council can go on writing in: real styles, headings and tables.

The same bytes for the same words: its parts carry no time of their making.
"""

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from docx import Document
from docx.document import Document as DocumentType
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor

from blueprints.word import Writer, set_up
from impact.across import Across, Compared
from impact.basis import Basis
from impact.papers import across_paper
from impact.reports import Line, Reading

# The first day that a ZIP can hold.
_NO_DAY = (1980, 1, 1, 0, 0, 0)
_LOGO_HIGH = Mm(16)
# Of a table: what lies between the margins, and its first column, which has the most words.
_PAGE, _FIRST = Mm(178), Mm(62)
_PLUM = RGBColor(0x6B, 0x1F, 0x52)


@dataclass(frozen=True)
class _Named:
    title: str
    authority: str
    on: date
    latest: str


def report_docx(reading: Reading) -> bytes:
    document = _begun(_Named(reading.title, reading.letterhead, reading.on, reading.latest))
    writer = Writer(document)
    if reading.logo:
        _logo(document, reading)
    writer.add("Small", reading.letterhead)
    writer.add("Title", reading.title)
    writer.add("Subtitle", reading.opening)
    writer.add("Normal", reading.why, label="What’s new")
    for part in reading.parts:
        writer.may_break()
        writer.add("Heading 1", part.heading)
        _lines(writer, part.lines)
    _figures(document, writer, reading.charts)
    _notes(writer, reading.notes)
    return _bytes(document)


def across_docx(across: Across) -> bytes:
    paper = across_paper(across)
    document = _begun(_Named(paper.title, paper.letterhead, across.on, paper.latest))
    writer = Writer(document)
    writer.add("Small", paper.letterhead)
    writer.add("Title", paper.title)
    writer.add("Subtitle", paper.opening)
    for theme in paper.themes:
        writer.may_break()
        writer.add("Heading 1", theme.heading)
        for group in theme.groups:
            writer.add("Heading 2", group.name)
            _lines(writer, group.lines)
    if across.compared:
        writer.add("Heading 1", "The same questions, side by side")
        writer.add("Small", paper.how)
    for one in across.compared:
        _compared(document, writer, one)
    _notes(writer, paper.notes)
    return _bytes(document)


def _begun(named: _Named) -> DocumentType:
    document = Document()
    set_up(document, named)
    quote: Any = document.styles["Intense Quote"]
    quote.font.color.rgb, quote.font.size, quote.font.italic = _PLUM, Pt(13), False
    # Without the template's blue line beneath.
    if (line := quote.element.pPr.find(qn("w:pBdr"))) is not None:
        quote.element.pPr.remove(line)
    return document


def _lines(writer: Writer, lines: list[Line]) -> None:
    for line in lines:
        if line.is_story:
            writer.add("Intense Quote", f"“{line.text}”")
            writer.add("Small", line.told_by)
        else:
            writer.add("Normal", f"{line.text} [{line.note}]" if line.note else line.text)
        for one in line.charts:
            writer.add("Small", one.spread)
        writer.add("Small", line.made_up_here)
        writer.may_break()


def _figures(document: DocumentType, writer: Writer, charts: list[Basis]) -> None:
    """All figures in tables, one for each set of answers."""
    if not charts:
        return
    writer.add("Heading 1", "The figures in a table")
    for labels in dict.fromkeys(tuple(one.labels) for one in charts):
        rows = [one for one in charts if tuple(one.labels) == labels]
        _table(
            document,
            writer,
            ["Question", *labels, "People"],
            [[f"{one.what} {one.title}", *map(str, one.counts), _base(one)] for one in rows],
        )


def _base(one: Basis) -> str:
    return f"{one.n} of {one.asked}" if one.asked is not None else f"{one.n}"


def _compared(document: DocumentType, writer: Writer, one: Compared) -> None:
    writer.add("Heading 2", f"{one.question} ({one.moment.lower()})")
    rows = [[row.where, row.said, row.base, row.when] for row in one.rows]
    heads = ["Where", "Moderate or large extent", "Who answered", "When"]
    _table(document, writer, heads, rows)
    writer.add("Normal", one.together)
    writer.may_break()


def _table(
    document: DocumentType, writer: Writer, heads: list[str], rows: Iterable[list[str]]
) -> None:
    """With a first row that is said again on each page, and told to who hears it as headings."""
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    table.autofit = False
    widths = [_FIRST, *[Emu((_PAGE - _FIRST) // (len(heads) - 1))] * (len(heads) - 1)]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for cell, words, width in zip(table.rows[0].cells, heads, widths, strict=True):
        cell.width = width
        cell.paragraphs[0].style = "Small"
        cell.paragraphs[0].add_run(words).bold = True
    head: Any = table.rows[0]._tr.get_or_add_trPr()
    head.append(head.makeelement(f"{{{head.nsmap['w']}}}tblHeader", {}))
    for row in rows:
        for cell, words, width in zip(table.add_row().cells, row, widths, strict=True):
            cell.width = width
            cell.paragraphs[0].add_run(words)
    writer.end.addprevious(table._tbl)
    writer.may_break()
    # Two tables without a paragraph between them would be one.
    writer.add("Small", "\u00a0")
    writer.may_break()


def _notes(writer: Writer, notes: list[tuple[int, str]]) -> None:
    if notes:
        writer.add("Heading 1", "What the sentences rest on")
    for number, words in notes:
        writer.add("Small", words, label=f"[{number}]")
        writer.may_break()


def _logo(document: DocumentType, reading: Reading) -> None:
    picture: Any = document.add_picture(io.BytesIO(reading.logo), height=_LOGO_HIGH)
    picture._inline.docPr.set("descr", f"Logo: {reading.letterhead}")


def _bytes(document: DocumentType) -> bytes:
    made, out = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as same:
        for name in parts.namelist():
            same.writestr(zipfile.ZipInfo(name, _NO_DAY), parts.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
