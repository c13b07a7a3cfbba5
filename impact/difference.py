"""What difference it makes: the parts of the Impact page, read from closed surveys and stories."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils.formats import date_format

from impact.figures import Figure, figures_in
from impact.models import Story, StoryPick
from impact.pulse import Pulse, pulse_of
from programmes.models import LocalAuthority, Programme
from surveys.charts import TWO_STYLES, Bar, Line, bar_of, dots_of, in_short, lines_of, name_of
from surveys.core import Area, QuestionKind
from surveys.models import Question, SplitGroup, Survey
from surveys.results import FEW, GroupShown, Results, Shown, results_of
from surveys.wording import base_of, people, per_cent, when_of

_MOMENTS = {
    Survey.Moment.START: "Start",
    Survey.Moment.DURING: "On the way",
    Survey.Moment.AFTER: "After 16 weeks",
}


@dataclass(frozen=True)
class Card:
    """One question of one survey, as a picture with its numbers in words.

    `label` says when it was asked, where it stands beside the same question of another time.
    """

    results: Results
    shown: Shown
    label: str = ""
    is_now: bool = False

    @property
    def question(self) -> Question:
        return self.shown.question

    @property
    def is_extent(self) -> bool:
        return self.question.kind == QuestionKind.EXTENT

    @property
    def bar(self) -> Bar | None:
        """Of an extent."""
        if not self.is_extent or not self.shown.is_shown:
            return None
        return bar_of(self.label or self.question.text, self.shown.labels, self.shown.counts)

    @property
    def lines(self) -> list[Line]:
        """Of answers to choose from."""
        return [] if self.is_extent or not self.shown.counts else lines_of(self.shown)

    @property
    def name(self) -> str:
        return name_of(self.shown)

    @property
    def dots(self) -> list[str]:
        """One a person, while they are few."""
        return dots_of(self.shown) if self.shown.answered < FEW else []

    @property
    def numbers(self) -> str:
        numbers = self.shown.numbers
        return in_short(numbers, self.question.unit) if numbers else ""

    @property
    def pairs(self) -> list[tuple[str, int]]:
        return list(zip(self.shown.labels, self.shown.counts, strict=True))

    @property
    def per_cent(self) -> str:
        """Of an extent: moderate or large."""
        return per_cent(self.shown.moderate_or_large, self.shown.answered)

    @property
    def how_many(self) -> str:
        """Of an extent, moderate or large: “7 of 8”, and from twenty on “64%” with its counts."""
        far, of = self.shown.moderate_or_large, self.shown.answered
        return f"{far} of {of}" if of < FEW else f"{self.per_cent} ({far} of {of})"

    @property
    def share(self) -> str:
        """As `per_cent`, where the counts led."""
        return self.per_cent if self.shown.answered < FEW else ""


@dataclass(frozen=True)
class Compared:
    """One question as it was answered each time, the earliest first."""

    text: str
    cards: list[Card]


@dataclass(frozen=True)
class Part:
    """What one survey says under one heading; `questions` are what of it belongs there."""

    results: Results
    cards: list[Card]

    @property
    def survey(self) -> Survey:
        return self.results.survey

    @property
    def base(self) -> str:
        return base_of(self.results)

    @property
    def when(self) -> str:
        return when_of(self.results)


@dataclass(frozen=True)
class AreaPart:
    label: str
    cards: list[Card]


@dataclass(frozen=True)
class Headline:
    """The strongest finding: `lead` begins its sentence, `rest` ends it."""

    figure: Figure
    dots: list[str]
    lead: str
    rest: str


@dataclass(frozen=True)
class Difference:
    results: list[Results]
    headline: Headline | None
    temperature: list[Compared]
    checks: list[Part]
    impact: list[tuple[Part, list[AreaPart]]]
    pulse: Pulse | None
    own: list[Part]
    comments: list[Part]


def difference_of(results: list[Results]) -> Difference:
    """All parts but the groups, from every closed survey, the newest first."""
    checks = _of_kind(results, Survey.Kind.TEMPERATURE)
    impacts = _of_kind(results, Survey.Kind.IMPACT)
    pulses = _of_kind(results, Survey.Kind.PULSE)
    return Difference(
        results=results,
        headline=headline_of(figures_in(results)),
        temperature=_compared(checks),
        checks=_parts(list(reversed(checks)), _is_core_extent),
        impact=[(part, _areas(part)) for part in _parts(impacts, _is_of_an_area)],
        pulse=pulse_of(pulses),
        own=_parts(results, _is_own),
        comments=_parts(results, _has_enough_words),
    )


def newest_impact(programme: Programme) -> Part | None:
    """What small changes did, from the newest survey of a programme that asked it, where it may be
    told. Four queries at most.
    """
    asked = programme.surveys.closed().filter(kind=Survey.Kind.IMPACT)
    survey = asked.order_by("-closed_at", "pk").first()
    results = results_of(survey) if survey else None
    parts = _parts([results], _is_of_an_area) if results and results.is_shown else []
    return next(iter(parts), None)


def _of_kind(results: list[Results], kind: str) -> list[Results]:
    return [one for one in results if one.survey.kind == kind]


def _is_core_extent(results: Results, shown: Shown) -> bool:
    return bool(shown.question.core) and shown.question.kind == QuestionKind.EXTENT


def _is_of_an_area(results: Results, shown: Shown) -> bool:
    """Of what small changes did, with an area of impact: the core questions, and own ones too."""
    question = shown.question
    return bool(question.area) and question.kind == QuestionKind.EXTENT


def _is_own(results: Results, shown: Shown) -> bool:
    question = shown.question
    if question.core or question.kind == QuestionKind.TEXT:
        return False
    if results.survey.kind == Survey.Kind.PULSE and question.kind == QuestionKind.SHARE:
        return False
    return not (results.survey.kind == Survey.Kind.IMPACT and _is_of_an_area(results, shown))


def _has_enough_words(results: Results, shown: Shown) -> bool:
    return shown.question.kind == QuestionKind.TEXT and shown.is_shown


def _parts(results: list[Results], belongs: Callable[[Results, Shown], bool]) -> list[Part]:
    """Of each survey that has any such question."""
    parts = [
        Part(one, [Card(one, shown) for shown in one.questions if belongs(one, shown)])
        for one in results
    ]
    return [part for part in parts if part.cards]


def _areas(part: Part) -> list[AreaPart]:
    """In the order of the four areas; one without a question is left out."""
    found = [
        AreaPart(area.label, [card for card in part.cards if card.question.area == area])
        for area in Area
    ]
    return [one for one in found if one.cards]


def _compared(checks: list[Results]) -> list[Compared]:
    """The core questions of temperature checks, each with all times that it was asked."""
    oldest_first = list(reversed(checks))
    labels = _labels(oldest_first)
    cards: dict[str, list[Card]] = defaultdict(list)
    for one in oldest_first:
        for shown in one.questions:
            if _is_core_extent(one, shown):
                label = labels[one.survey.pk]
                is_now = one is oldest_first[-1]
                cards[shown.question.core].append(Card(one, shown, label, is_now))
    return [Compared(those[-1].question.text, those) for those in cards.values()]


def _labels(results: list[Results]) -> dict:
    """When each was asked; with its month where two were asked at the same moment."""
    moments = [one.survey.moment for one in results]
    found = {}
    for one in results:
        label = _MOMENTS[Survey.Moment(one.survey.moment)]
        if moments.count(one.survey.moment) > 1:
            label = f"{label}, {date_format(one.last_on, 'M Y')}"
        found[one.survey.pk] = label
    return found


# --- the strongest finding


def headline_of(figures: list[Figure]) -> Headline | None:
    """Of the newest impact survey: time with families, or else what most people said.

    Without one, time in the newest temperature check, or else the newest figure of an extent.
    """
    extents = [one for one in figures if one.question.kind == QuestionKind.EXTENT]
    impact = [one for one in extents if one.survey.kind == Survey.Kind.IMPACT]
    newest = [one for one in impact if one.survey == impact[0].survey]
    chosen = (
        _core(newest, "impact-time")
        or max(newest, key=_share, default=None)
        or _core(extents, "check-time")
        or next(iter(extents), None)
    )
    if chosen is None:
        return None
    lead = people(chosen.shown.moderate_or_large, chosen.n)
    dots = dots_of(chosen.shown) if chosen.n < FEW else []
    return Headline(chosen, dots, lead, chosen.sentence.removeprefix(lead))


def _core(figures: Iterable[Figure], key: str) -> Figure | None:
    return next((one for one in figures if one.question.core == key), None)


def _share(figure: Figure) -> float:
    return figure.shown.moderate_or_large / figure.n


def story_of(authority: LocalAuthority) -> Story | None:
    """A story that anyone may read: one that a panel picked, or else the newest."""
    picked = StoryPick.objects.standing().filter(story=OuterRef("pk"))
    stories = Story.objects.public().filter(authority=authority)
    return (
        stories.annotate(is_picked=Exists(picked))
        .order_by("-is_picked", "-told_on", "-created_at")
        .first()
    )


# --- by team, and by what people do


@dataclass(frozen=True)
class GroupRow:
    told: GroupShown
    bar: Bar

    @property
    def counts(self) -> list[tuple[str, int]]:
        return list(zip(self.told.labels, self.told.counts, strict=True))


@dataclass(frozen=True)
class GroupCard:
    """One question by group; without rows where a group of it would be too small."""

    question: Question
    rows: list[GroupRow]

    @property
    def key(self) -> list[tuple[str, str]]:
        """What the two colours stand for, as (style, label)."""
        return list(zip(TWO_STYLES, self.rows[0].told.labels, strict=True))


@dataclass(frozen=True)
class Groups:
    """How the groups of one survey answered; the choices are (value, label) of what else there is.

    `joined` says of each group that was joined why.
    """

    survey: Survey
    by: str
    results: Results
    cards: list[GroupCard]
    hidden: list[Question]
    joined: list[str]
    surveys: list[Survey]
    ways: list[tuple[str, str]]


def groups_of(results: list[Results], *, survey: str, by: str) -> Groups | None:
    """Of the survey and the way that were asked for, or else the newest, by team.

    None where no survey has any group that is shown.
    """
    told_apart = [one for one in results if _ways(one)]
    # A pulse is one question, which has its own picture too.
    told_apart.sort(key=lambda one: one.survey.kind == Survey.Kind.PULSE)
    if not told_apart:
        return None
    chosen = next((one for one in told_apart if str(one.survey.pk) == survey), told_apart[0])
    ways = _ways(chosen)
    way = by if by in ways else ways[0]
    cards, hidden = [], []
    for shown in chosen.questions:
        rows = [_group_row(one) for one in shown.groups.get(way, [])]
        if rows:
            cards.append(GroupCard(shown.question, rows))
        elif shown.counts:
            hidden.append(shown.question)
    why = {row.told.group.joined_because: None for card in cards for row in card.rows}
    return Groups(
        survey=chosen.survey,
        by=way,
        results=chosen,
        cards=cards,
        hidden=hidden,
        joined=[one for one in why if one],
        surveys=[one.survey for one in told_apart],
        ways=[(one, SplitGroup.By(one).label) for one in ways],
    )


def _ways(results: Results) -> list[str]:
    """By what its answers are told apart, in the order of `SplitGroup.By`."""
    found = {by for shown in results.questions for by, groups in shown.groups.items() if groups}
    return [by for by in SplitGroup.By.values if by in found]


def _group_row(told: GroupShown) -> GroupRow:
    return GroupRow(told, bar_of(told.group.label, told.labels, told.counts))
