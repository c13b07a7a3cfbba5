"""The report as a PDF, by typst: tagged for screen readers, the same bytes for the same words."""

from pathlib import Path
from typing import Any

from blueprints.pdf import typeset
from impact.across import Across
from impact.papers import across_paper
from impact.reports import Line, Reading

_SOURCE = Path(__file__).parent / "print" / "report.typ"


def report_pdf(reading: Reading) -> bytes:
    data = {
        "title": reading.title,
        "letterhead": reading.letterhead,
        "opening": reading.opening,
        "latest": reading.latest,
        "why": reading.why,
        "logo": list(reading.logo),
        "parts": [
            {
                "heading": part.heading,
                "groups": [{"name": "", "lines": [_line(one) for one in part.lines]}],
            }
            for part in reading.parts
        ],
        "compared": [],
        "compared_how": "",
        "notes": reading.notes,
    }
    return typeset(_SOURCE, data, reading.on)


def across_pdf(across: Across) -> bytes:
    paper = across_paper(across)
    data = {
        "title": paper.title,
        "letterhead": paper.letterhead,
        "opening": paper.opening,
        "latest": paper.latest,
        "why": "",
        "logo": [],
        "parts": [
            {
                "heading": theme.heading,
                "groups": [
                    {"name": group.name, "lines": [_line(one) for one in group.lines]}
                    for group in theme.groups
                ],
            }
            for theme in paper.themes
        ],
        "compared": [
            {
                "question": f"{one.question} ({one.moment.lower()})",
                "rows": [
                    {"where": row.where, "said": row.said, "base": row.base, "when": row.when}
                    for row in one.rows
                ],
                "together": one.together,
            }
            for one in across.compared
        ],
        "compared_how": paper.how,
        "notes": paper.notes,
    }
    return typeset(_SOURCE, data, across.on)


def _line(line: Line) -> dict[str, Any]:
    return {
        "text": line.text,
        "is_story": line.is_story,
        "told_by": line.told_by,
        "made_up": line.made_up_here,
        "note": line.note,
        "charts": [
            {"labels": one.labels, "counts": one.counts, "spoken": f"{one.what} {one.spread}"}
            for one in line.charts
        ],
    }
