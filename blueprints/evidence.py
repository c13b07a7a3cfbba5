"""The evidence pack: what an authority's small changes met, gathered by itself for sensemaking."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, DateField, Exists, Max, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce, Lower, TruncDate
from django.utils import timezone

from blueprints.models import Evidence, Insight
from blueprints.pieces import rows_of, url_of, visible, words_of
from programmes.models import BarrierTeam, Milestone, Programme
from smallchanges.models import (
    SLIP,
    ChangeTeam,
    Met,
    MissionStrand,
    Reading,
    SmallChange,
    Status,
    StrandBarrier,
)
from smallchanges.numbers import amount
from smallchanges.runs import Run

# Of each kind so many stand in the pack; all of them on pages of their own.
FIRST, A_PAGE = 20, 60
# From so many on, the middle of them says something about the next.
ENOUGH = 5
WEEKS, NEAR = 16, 14
_CHANGES_NAMED = 6


# --- where in the 16 weeks we are


@dataclass(frozen=True)
class Weeks:
    """Where a programme is in its 16 weeks of support, after the third workshop."""

    begin_on: date
    today: date

    @property
    def number(self) -> int:
        """1 in the first week; 0 or less before."""
        return (self.today - self.begin_on).days // 7 + 1

    @property
    def is_before(self) -> bool:
        return self.number < 1

    @property
    def is_over(self) -> bool:
        return self.number > WEEKS

    @property
    def is_near(self) -> bool:
        """Whether the end of them is in sight."""
        return NEAR <= self.number <= WEEKS


def weeks_of(milestones: Iterable[Milestone]) -> Weeks | None:
    """None while the timeline has no date for them."""
    begin = next((one.on for one in milestones if one.kind == Milestone.Kind.INFLUENCE), None)
    return Weeks(begin, timezone.localdate()) if begin else None


# --- which rows of each kind


def _met(programme: Programme, kind: str):
    rows = rows_of(programme, "met").filter(removed_at=None, kind=kind)
    told_on = TruncDate(Coalesce("update__at", "created_at"))
    return rows.select_related("change").annotate(told_on=told_on).order_by("-told_on", "pk")


def _barriers(programme: Programme):
    strands = Prefetch("strands", MissionStrand.objects.for_list(), to_attr="grew")
    rows = programme.barriers.standing().prefetch_related(strands)
    return rows.annotate(told_on=TruncDate("created_at"))


def _asks(programme: Programme):
    asks = programme.authority.asks.standing().filter(change__programme=programme)
    return asks.for_list().annotate(told_on=TruncDate("asked_at"))


def _rules(programme: Programme):
    rules = programme.authority.rules.for_list().filter(
        Q(change=None) | Q(change__programme=programme)
    )
    return rules.annotate(told_on=TruncDate(Coalesce("verdict__at", "created_at")))


def _stopped(programme: Programme):
    """Why changes stopped that have not begun again since."""
    stops = rows_of(programme, "move").filter(
        to_status=Status.STOPPED, change__status=Status.STOPPED
    )
    stops = stops.exclude(from_status=Status.STOPPED).exclude(why__in=("", SLIP))
    return stops.select_related("change").annotate(told_on=TruncDate("at")).order_by("-at", "pk")


def _measures(programme: Programme):
    readings = Reading.objects.standing()
    newest = readings.filter(measure=OuterRef("pk")).order_by("-on").values("on")[:1]
    told_on = Coalesce(Subquery(newest), TruncDate("created_at"), output_field=DateField())
    return (
        rows_of(programme, "measure")
        .filter(removed_at=None)
        .select_related("change")
        .prefetch_related(Prefetch("readings", readings, to_attr="taken"))
        .annotate(told_on=told_on)
        .order_by("change__position", "change__created_at", "position", "pk")
    )


@dataclass(frozen=True)
class Kind:
    """One part of the pack. `field` is what points at its rows from a piece of evidence."""

    name: str
    field: str
    title: str
    about: str
    rows: Callable[[Programme], Any]


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "met",
            "met",
            "Barriers met",
            "What small changes ran into on their way.",
            lambda programme: _met(programme, Met.Kind.BARRIER),
        ),
        Kind(
            "enablers",
            "met",
            "What helped",
            "What made change easier, so that we can ask for more of it.",
            lambda programme: _met(programme, Met.Kind.ENABLER),
        ),
        Kind(
            "asks",
            "ask",
            "What we asked for",
            "Whose yes, time or money it took, and how long each yes took to arrive.",
            _asks,
        ),
        Kind(
            "rules",
            "rule",
            "The permission book",
            "What people were told they may not do, and what it turned out to be.",
            _rules,
        ),
        Kind(
            "stopped",
            "move",
            "What stopped changes taught",
            "They ended, and what they taught stays.",
            _stopped,
        ),
        Kind(
            "measures",
            "measure",
            "What we counted",
            "Where it began, where it is, and what may be said of it.",
            _measures,
        ),
        Kind(
            "beginning",
            "barrier",
            "The barriers we began with",
            "What we said at the start, and what became of it.",
            _barriers,
        ),
    )
}


@dataclass(frozen=True)
class Wanted:
    """What the address asks for."""

    kind: str = ""
    strand: UUID | None = None
    team: UUID | None = None
    since: date | None = None
    until: date | None = None
    is_unused: bool = False


def narrowed(kind: Kind, programme: Programme, wanted: Wanted):
    """The rows of one kind that fit every filter that is set."""
    rows = kind.rows(programme)
    if wanted.strand:
        rows = rows.filter(_in_strand(kind, wanted.strand))
    if wanted.team:
        rows = rows.filter(_of_team(kind, wanted.team))
    if wanted.since:
        rows = rows.filter(told_on__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(told_on__lte=wanted.until)
    if wanted.is_unused:
        used = Evidence.objects.filter(insight__removed_at=None)
        rows = rows.exclude(Exists(used.filter(**{kind.field: OuterRef("pk")})))
    return rows


def _in_strand(kind: Kind, strand: UUID) -> Q:
    if kind.field == "barrier":
        links = StrandBarrier.objects.filter(strand=strand)
        return Q(pk__in=links.values("barrier"))
    return Q(change__strand=strand)


def _of_team(kind: Kind, team: UUID) -> Q:
    if kind.field == "barrier":
        return Q(pk__in=BarrierTeam.objects.filter(team=team).values("barrier"))
    # Asked apart from the row, so that what a change of two teams met is found once.
    of_change = Q(change__in=ChangeTeam.objects.filter(team=team).values("change"))
    return of_change | Q(team=team) if kind.field == "rule" else of_change


# --- what a page shows of them


@dataclass
class Item:
    """One thing to look at: a row, or several that say the same of different changes."""

    kind: Kind
    rows: list[Any]
    # The insights that rest on it already.
    insights: list[Insight] = field(default_factory=list)

    @property
    def row(self) -> Any:
        return self.rows[0]

    @property
    def words(self) -> str:
        return words_of(self.kind.field, self.row)

    @property
    def value(self) -> str:
        """What its box sends: the ids of all its rows."""
        return ",".join(str(row.pk) for row in self.rows)

    @property
    def url(self) -> str:
        return url_of(self.row.authority.slug, self.kind.field, self.row)

    @property
    def sources(self) -> list[tuple[SmallChange, str]]:
        """The first changes that it is about, and where on each one's page."""
        slug = self.row.authority.slug
        rows = self.rows[:_CHANGES_NAMED]
        return [(row.change, url_of(slug, self.kind.field, row)) for row in rows]

    @property
    def more(self) -> int:
        """How many changes more it is about."""
        return len(self.rows[_CHANGES_NAMED:])

    @property
    def days_to_yes(self) -> int:
        return _days(self.row.asked_at, self.row.said_yes_at)

    @property
    def run(self) -> Run:
        return Run(self.row, self.row.taken)

    @property
    def target(self) -> str:
        """Without a unit in words: what is counted has been said by then."""
        is_sign = self.row.unit in ("%", "£", "€", "$")
        return amount(self.row.target, self.row.unit if is_sign else "")


@dataclass(frozen=True)
class Times:
    """How long yeses took, in days: the middle of each part, where there are enough of them."""

    to_a_yes: int | None
    yeses: int
    to_arrive: int | None
    arrived: int


@dataclass(frozen=True)
class Section:
    kind: Kind
    items: list[Item]
    page: Page
    times: Times | None = None

    @property
    def total(self) -> int:
        return self.page.paginator.count

    @property
    def more(self) -> bool:
        return self.total > len(self.items)


def pack_of(programme: Programme, wanted: Wanted, *, page: str | None = None) -> list[Section]:
    """The pack as an address asks for it; as many queries however much there is."""
    kinds = [KINDS[wanted.kind]] if wanted.kind else list(KINDS.values())
    size = A_PAGE if wanted.kind else FIRST
    sections = [_section(kind, programme, wanted, size, page) for kind in kinds]
    items = [item for section in sections for item in section.items]
    _tell_insights(items, programme)
    for item in items:
        # All rows are of this authority, which need not be asked for again.
        for row in item.rows:
            row.authority = programme.authority
    return sections


def _section(kind: Kind, programme: Programme, wanted: Wanted, size: int, page) -> Section:
    rows = narrowed(kind, programme, wanted)
    if kind.field == "met":
        found = Paginator(_alike(rows), size).get_page(page)
        items = _gathered(kind, rows, [one["words"] for one in found])
    else:
        found = Paginator(rows, size).get_page(page)
        items = [Item(kind, [row]) for row in found]
    return Section(kind, items, found, _times(rows) if kind.name == "asks" else None)


def _alike(rows):
    """The words that rows have, each once; those first that most changes met."""
    words = rows.order_by().values(words=Lower("text"))
    return words.annotate(count=Count("pk"), newest=Max("told_on")).order_by(
        "-count", "-newest", "words"
    )


def _gathered(kind: Kind, rows, words: list[str]) -> list[Item]:
    """The rows with each of these words together; one query."""
    found: dict[str, list[Any]] = defaultdict(list)
    # PostgreSQL has made the words lower-case: it and Python differ about a few letters.
    for row in rows.annotate(words=Lower("text")).filter(words__in=words):
        found[row.words].append(row)
    return [Item(kind, found[one]) for one in words if found[one]]


def _times(asks) -> Times:
    """Of all asks that fit, not only of those on this page; one query."""
    said = list(
        asks.exclude(said_yes_at=None)
        .order_by()
        .values_list("asked_at", "said_yes_at", "released_at")
    )
    to_a_yes = [_days(asked, yes) for asked, yes, _ in said]
    to_arrive = [_days(yes, here) for _, yes, here in said if here]
    return Times(_middle(to_a_yes), len(to_a_yes), _middle(to_arrive), len(to_arrive))


def _days(start: datetime, end: datetime) -> int:
    return max((timezone.localdate(end) - timezone.localdate(start)).days, 0)


def _middle(days: list[int]) -> int | None:
    return round(median(days)) if len(days) >= ENOUGH else None


def _tell_insights(items: list[Item], programme: Programme) -> None:
    """Give each item the standing insights that rest on it; one query."""
    by_row = {(item.kind.field, row.pk): item for item in items for row in item.rows}
    wanted = Q()
    for name in {name for name, _ in by_row}:
        wanted |= Q(**{f"{name}__in": [pk for its, pk in by_row if its == name]})
    if not wanted:
        return
    rows = Evidence.objects.filter(wanted, insight__programme=programme, insight__removed_at=None)
    for evidence in visible(rows).select_related("insight").order_by("insight__position"):
        item = by_row[evidence.what]
        if evidence.insight not in item.insights:
            item.insights.append(evidence.insight)
