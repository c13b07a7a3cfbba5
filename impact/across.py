"""What authorities share of their reports, side by side: by theme, then by the alphabet.

Never ranked. Only locked questions are compared, each authority's with its own base and dates; they
are counted together only where at least two ask the same question at the same moment.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch
from django.utils import timezone

from impact.basis import Basis, people
from impact.models import Report, ReportShare, SectionKey
from impact.reports import Line, Reading, read, with_words
from surveys.core import CORE, MODERATE, QuestionKind
from surveys.models import Survey
from surveys.wording import per_cent

# Of fewer nothing is counted together: it would be the one authority's own.
FEWEST_TOGETHER = 2
_MOMENTS = dict(Survey.Moment.choices)


@dataclass(frozen=True)
class Group:
    """What one authority says on a theme."""

    name: str
    lines: list[Line]
    # Of its bars: impact.reports.Part.keys.
    keys: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Theme:
    key: str
    heading: str
    groups: list[Group]


@dataclass(frozen=True)
class Row:
    """One authority's answers to a locked question."""

    where: str
    far: int
    n: int
    basis: Basis

    @property
    def said(self) -> str:
        return f"{self.far} of {self.n} ({per_cent(self.far, self.n)})"

    @property
    def base(self) -> str:
        return self.basis.who

    @property
    def when(self) -> str:
        return self.basis.when


@dataclass(frozen=True)
class Compared:
    """One locked question at one moment; `together` is empty where nothing may be added up."""

    core: str
    moment: str
    question: str
    rows: list[Row]
    together: str


@dataclass(frozen=True)
class Across:
    authorities: list[str]
    themes: list[Theme]
    compared: list[Compared]
    # The newest day of what is in it.
    on: date


def across() -> Across:
    """What stands shared now. As many queries for ten authorities as for one."""
    reports = with_words(Report.objects.select_related("authority").defer("logo"))
    shares = ReportShare.objects.to_read().prefetch_related(Prefetch("report", reports))
    readings = [(share.authority.name, read(share.report, keys=share.keys)) for share in shares]
    days = [reading.on for _, reading in readings]
    return Across(
        authorities=[name for name, _ in readings],
        themes=_themes(readings),
        compared=_compared(readings),
        on=max(days, default=timezone.localdate()),
    )


def _themes(readings: list[tuple[str, Reading]]) -> list[Theme]:
    found: dict[str, list[Group]] = defaultdict(list)
    for name, reading in readings:
        for part in reading.parts:
            found[part.key].append(Group(name, part.lines, part.keys))
    # Notes are numbered within one report, and here there are several: each sentence has its own.
    return [Theme(key, key.label, found[key]) for key in SectionKey if key in found]


def _compared(readings: list[tuple[str, Reading]]) -> list[Compared]:
    rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for name, reading in readings:
        for basis in reading.charts:
            if (far := _moderate_or_large(basis)) is not None:
                place = (basis.core, basis.moment)
                rows[place].append(Row(name, far, sum(basis.counts), basis))
    return [
        Compared(
            core=one.key,
            moment=_MOMENTS[moment],
            question=" ".join(filter(None, (one.stem, one.text))),
            rows=rows[one.key, moment],
            together=_together(rows[one.key, moment]),
        )
        for one in CORE
        for moment in _MOMENTS
        if one.kind == QuestionKind.EXTENT and (one.key, moment) in rows
    ]


def _moderate_or_large(basis: Basis) -> int | None:
    if not basis.core or len(basis.counts) not in (2, 4):
        return None
    return sum(basis.counts[MODERATE:]) if len(basis.counts) == 4 else basis.counts[1]


def _together(rows: list[Row]) -> str:
    """Of each authority its newest answers, so that nobody counts twice."""
    newest = {row.where: row for row in sorted(rows, key=lambda row: row.basis.last_on)}
    if len(newest) < FEWEST_TOGETHER:
        return ""
    far = sum(row.far for row in newest.values())
    n = sum(row.n for row in newest.values())
    return (
        f"Together: {far} of {people(n)} ({per_cent(far, n)}), from {len(newest)} authorities. They"
        " were asked in different places and at different times."
    )
