"""What a journey file may say: its tables and keys, and what in them must go together.

`docs/journey-format.md` tells people the same, and a test holds the two together.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.text import slugify

from blueprints.models import (
    Blueprint,
    Commitment,
    Experiment,
    ExperimentMove,
    Insight,
    LearningCycle,
    Need,
    Pillar,
)
from programmes.models import (
    Barrier,
    Gift,
    JourneyStep,
    LocalAuthority,
    Milestone,
    Opposite,
    Principle,
    Programme,
    Team,
    TemperatureFinding,
    Value,
    WayOfWorking,
)
from programmes.models.people import RESERVED_SLUGS
from smallchanges.models import (
    LIVING,
    MOST,
    Measure,
    Met,
    MissionStrand,
    Move,
    Reading,
    SmallChange,
    Stage,
    Stakeholder,
    Status,
    Step,
)
from surveys.core import Area
from surveys.models import Question, Survey

from .kinds import (
    Amount,
    At,
    Day,
    Flag,
    Moment,
    Number,
    OneOf,
    Pattern,
    Row,
    Rows,
    Table,
    Texts,
    Words,
    key,
    text_of,
)
from .source import Source

ILLUSTRATIVE = text_of(MissionStrand, "illustrative")
PERSON = Pattern(r"[^@\s]+@[^@\s]+", "the e-mail address of somebody who takes part there")
ANSWER = OneOf(tuple(answer.value for answer in Programme.Answer if answer.value))
# Nothing is shown of fewer people, so nothing is kept of them either.
FEWEST_RESPONDENTS = 5


def _choices(choices) -> OneOf:
    return OneOf(tuple(choices.values))


@dataclass
class AuthorityTable(Row):
    name: str = key(text_of(LocalAuthority, "name"), needed=True)
    kind: str | None = key(_choices(LocalAuthority.Kind))
    ons_code: str | None = key(Pattern(r"E\d{8}", 'an E and eight digits, such as "E09000030"'))
    slug: str | None = key(
        Pattern(
            r"[a-z][a-z0-9-]{0,59}",
            "the word of its address: lower-case letters, digits and hyphens, up to 60",
        )
    )

    def check(self) -> None:
        _need_unless_illustrative(self, "kind")
        if self.name is None:
            return
        if self.slug is None:
            self.slug = slugify(self.name)[:60].strip("-_")
            if not self.slug[:1].isalpha() or "_" in self.slug:
                self.at.into("name").refuse(
                    'makes no web address. Add one of your own: slug = "some-borough".'
                )
        if self.slug in RESERVED_SLUGS:
            here = self.at.into("slug")
            here.refuse(
                f"“{self.slug}” is the address of a page of Crescendo. Choose another:"
                f' slug = "{self.slug}-council".'
            )


@dataclass
class ProgrammeTable(Row):
    model: str | None = key(_choices(Programme.Model))
    service: str | None = key(text_of(Programme, "service"))
    started: Moment | None = key(Day())
    context: str | None = key(text_of(Programme, "context"))
    teams: list[Words] = key(Texts(text_of(Team, "name")))
    ways_of_working: list[Words] = key(Texts(text_of(WayOfWorking, "text")))

    def check(self) -> None:
        _need_unless_illustrative(self, "model", "service")


@dataclass
class ScopingTable(Row):
    believes_in_practice: str | None = key(ANSWER)
    sees_system_falls_short: str | None = key(ANSWER)
    will_listen_to_staff: str | None = key(ANSWER)
    notes: str | None = key(text_of(Programme, "scoping_notes"))


@dataclass
class TemperatureTable(Row):
    keeps_us_from_families: list[Words] = key(Texts(text_of(TemperatureFinding, "text")))
    gets_in_the_way_of_change: list[Words] = key(Texts(text_of(TemperatureFinding, "text")))
    change_wanted: list[Words] = key(Texts(text_of(TemperatureFinding, "text")))


@dataclass
class BarrierRow(Row):
    text: str = key(text_of(Barrier, "text"), needed=True)
    gift: str | None = key(_choices(Gift))
    teams: list[Words] = key(Texts(text_of(Team, "name")))
    illustrative: str | None = key(ILLUSTRATIVE)


@dataclass
class AmbitionTable(Row):
    values: list[Words] = key(Texts(text_of(Value, "text")))
    opposite: list[Words] = key(Texts(text_of(Opposite, "text")))
    principles: list[Words] = key(Texts(text_of(Principle, "text")))
    barriers: list[BarrierRow] = key(Rows(BarrierRow, main="text", short=True))


@dataclass
class MoveRow(Row):
    """One passage of a change through its gate."""

    on: Moment = key(Day(), needed=True)
    stage: str | None = key(_choices(Stage))
    status: str | None = key(_choices(Status))
    why: str | None = key(text_of(Move, "why"))
    by: str | None = key(PERSON)

    def check(self) -> None:
        if self.stage is None and self.status is None:
            self.at.into("stage").refuse("is missing. Say where it moved: stage, status, or both.")


@dataclass
class StepRow(Row):
    text: str = key(text_of(Step, "text"), needed=True)
    owner: str | None = key(PERSON)
    due: Moment | None = key(Day())
    done: Moment | None = key(Day())
    done_by: str | None = key(PERSON)
    illustrative: str | None = key(ILLUSTRATIVE)

    def check(self) -> None:
        _need_done(self)


@dataclass
class StakeholderRow(Row):
    who: str = key(text_of(Stakeholder, "who"), needed=True)
    what_we_ask: str | None = key(text_of(Stakeholder, "what_we_ask"))
    stance: str | None = key(_choices(Stakeholder.Stance))
    who_talks: str | None = key(text_of(Stakeholder, "who_talks"))
    organisation: str | None = key(text_of(Stakeholder, "organisation"))
    influence: str | None = key(_choices(Stakeholder.Influence))
    what_came: str | None = key(text_of(Stakeholder, "what_came"))
    illustrative: str | None = key(ILLUSTRATIVE)


@dataclass
class ReadingRow(Row):
    on: Moment = key(Day(), needed=True)
    value: Decimal = key(Amount(MOST), needed=True)
    note: str | None = key(text_of(Reading, "note"))


@dataclass
class MeasureRow(Row):
    what: str = key(text_of(Measure, "what"), needed=True)
    unit: str | None = key(text_of(Measure, "unit"))
    better: str = key(_choices(Measure.Better), needed=True)
    baseline: Decimal | None = key(Amount(MOST))
    baseline_on: Moment | None = key(Day())
    target: Decimal | None = key(Amount(MOST))
    reading: list[ReadingRow] = key(Rows(ReadingRow, main=""))
    illustrative: str | None = key(ILLUSTRATIVE)

    def check(self) -> None:
        if (self.baseline is None) != (self.baseline_on is None):
            word = "baseline" if self.baseline is None else "baseline_on"
            self.at.into(word).refuse("is missing: how it was, and when, go together.")


@dataclass
class ChangeRow(Row):
    title: str = key(text_of(SmallChange, "title"), needed=True)
    purpose: str | None = key(text_of(SmallChange, "purpose"))
    chosen: bool | None = key(Flag())
    stage: str | None = key(_choices(Stage))
    status: str | None = key(_choices(Status))
    gift: str | None = key(_choices(Gift))
    teams: list[Words] = key(Texts(text_of(Team, "name")))
    lead: str | None = key(PERSON)
    led_by: str | None = key(text_of(SmallChange, "led_by"))
    why: str | None = key(text_of(SmallChange, "why"))
    success: str | None = key(text_of(SmallChange, "success"))
    tracking: str | None = key(text_of(SmallChange, "tracking"))
    result: str | None = key(text_of(SmallChange, "result"))
    impact: str | None = key(text_of(SmallChange, "impact"))
    steps: list[StepRow] = key(Rows(StepRow, main="text", short=True))
    stakeholder: list[StakeholderRow] = key(Rows(StakeholderRow, main="who"))
    measure: list[MeasureRow] = key(Rows(MeasureRow, main="what"))
    barrier_met: list[Words] = key(Texts(text_of(Met, "text")))
    enabler: list[Words] = key(Texts(text_of(Met, "text")))
    move: list[MoveRow] = key(Rows(MoveRow, main=""))
    illustrative: str | None = key(ILLUSTRATIVE)
    # Named among the changes that people are known to have made, without their strand.
    is_known = False

    @property
    def is_chosen(self) -> bool:
        """As the file says; where it does not, a change that something came of was chosen."""
        if self.chosen is not None:
            return self.chosen
        return self.is_known or self.status in LIVING or bool(self.result or self.impact)

    @property
    def begins_as(self) -> tuple[str, str]:
        """The stage and the status that it has before its moves."""
        status = Status.CHOSEN if self.is_chosen else Status.PROPOSED
        return self.stage or Stage.MISSION, self.status or status

    def check(self) -> None:
        if self.move and (self.stage or self.status):
            word = "stage" if self.stage else "status"
            self.at.into(word).refuse("goes without: the newest move says it. Take one out.")
        elif self.status and (self.status in LIVING) != self.is_chosen:
            if self.status != Status.STOPPED:
                self.at.into("status").refuse(
                    f'is "{self.status}", and the change is {"" if self.is_chosen else "not "}'
                    "chosen. Put one of them right."
                )
        elif self.status == Status.EMBEDDED and self.stage != Stage.GROW:
            self.at.into("status").refuse('"embedded" needs stage = "grow".')
        _check_order(self.move)


@dataclass
class StrandRow(Row):
    title: str = key(text_of(MissionStrand, "title"), needed=True)
    about: str | None = key(text_of(MissionStrand, "about"))
    barriers: list[Words] = key(Texts(text_of(Barrier, "text")))
    change: list[ChangeRow] = key(Rows(ChangeRow))
    illustrative: str | None = key(ILLUSTRATIVE)


@dataclass
class SmallChangesTable(Row):
    prioritised: int | None = key(Number(0, 1000))
    started: int | None = key(Number(0, 1000))
    learning_pod_every_weeks: int | None = key(Number(1, 16))
    known: list[ChangeRow] = key(Rows(ChangeRow))

    def check(self) -> None:
        for change in self.known:
            change.is_known = True
        if self.prioritised is None or self.started is None:
            return
        if self.started > self.prioritised:
            self.at.into("started").refuse(
                f"is {self.started}, more than the {self.prioritised} that were prioritised."
                " Put one of them right."
            )


@dataclass
class InsightRow(Row):
    text: str = key(text_of(Insight, "text"), needed=True)
    sits_in: str | None = key(_choices(Insight.Where))
    changes: list[Words] = key(Texts(text_of(SmallChange, "title")))
    illustrative: str | None = key(ILLUSTRATIVE)


@dataclass
class SensemakingTable(Row):
    enablers: list[InsightRow] = key(Rows(InsightRow, main="text", short=True))
    barriers: list[InsightRow] = key(Rows(InsightRow, main="text", short=True))


@dataclass
class ExperimentMoveRow(Row):
    """One passage of an experiment through its gate."""

    on: Moment = key(Day(), needed=True)
    state: str = key(_choices(Experiment.State), needed=True)
    decision: str | None = key(_choices(Experiment.Decision))
    why: str | None = key(text_of(ExperimentMove, "why"))
    by: str | None = key(PERSON)

    def check(self) -> None:
        _check_decision(self)


@dataclass
class ExperimentRow(Row):
    title: str = key(text_of(Experiment, "title"), needed=True)
    we_try: str | None = key(text_of(LearningCycle, "we_try"))
    we_expect: str | None = key(text_of(LearningCycle, "we_expect"))
    how_we_know: str | None = key(text_of(LearningCycle, "how_we_know"))
    who: str | None = key(text_of(LearningCycle, "who"))
    from_: Moment | None = key(Day())
    to: Moment | None = key(Day())
    state: str | None = key(_choices(Experiment.State))
    decision: str | None = key(_choices(Experiment.Decision))
    move: list[ExperimentMoveRow] = key(Rows(ExperimentMoveRow, main=""))
    illustrative: str | None = key(ILLUSTRATIVE)

    def check(self) -> None:
        if self.from_ and self.to and self.to.day < self.from_.day:
            self.at.into("to").refuse("is before from. An experiment ends after it begins.")
        if self.move and (self.state or self.decision):
            word = "state" if self.state else "decision"
            self.at.into(word).refuse("goes without: the newest move says it. Take one out.")
        else:
            _check_decision(self)
        _check_order(self.move)


@dataclass
class PillarRow(Row):
    title: str = key(text_of(Pillar, "title"), needed=True)
    so_that: str | None = key(text_of(Pillar, "so_that"))
    sponsor: str | None = key(PERSON)
    practitioner_lead: str | None = key(PERSON)
    insights: list[Words] = key(Texts(text_of(Insight, "text")))
    experiments: list[ExperimentRow] = key(Rows(ExperimentRow, short=True))
    illustrative: str | None = key(ILLUSTRATIVE)


@dataclass
class BlueprintTable(Row):
    focus: str | None = key(text_of(Blueprint, "focus"))
    commitments: list[Words] = key(Texts(text_of(Commitment, "text")))
    needs: list[Words] = key(Texts(text_of(Need, "text")))
    pillar: list[PillarRow] = key(Rows(PillarRow))


@dataclass
class QuestionRow(Row):
    """How many said "to a moderate extent" or "to a large extent"."""

    text: str = key(text_of(Question, "text"), needed=True)
    area: str = key(_choices(Area), needed=True)
    moderate_or_large: int | None = key(Number(0, 100_000))
    moderate: int | None = key(Number(0, 100_000))
    large: int | None = key(Number(0, 100_000))

    @property
    def together(self) -> int | None:
        """How many said either; None where the file does not say."""
        if self.moderate_or_large is not None:
            return self.moderate_or_large
        if self.moderate is None or self.large is None:
            return None
        return self.moderate + self.large

    @property
    def of_whom_large(self) -> int | None:
        if self.large is not None or self.moderate is None or self.together is None:
            return self.large
        return self.together - self.moderate

    def check(self) -> None:
        here = self.at.into("moderate_or_large")
        parts = (self.moderate or 0) + (self.large or 0)
        if self.together is None:
            here.refuse("is missing. Add it: how many said moderate or large. Or add both counts.")
        elif parts > self.together or (
            None not in (self.moderate, self.large) and parts != self.together
        ):
            here.refuse(
                f"is {self.together}, but moderate and large make {parts}. Put one of them right."
            )


@dataclass
class SurveyTable(Row):
    source: str | None = key(text_of(Survey, "source"))
    respondents: int | None = key(Number(FEWEST_RESPONDENTS, 10_000))
    question: list[QuestionRow] = key(Rows(QuestionRow, main="text"))

    def check(self) -> None:
        if self.respondents is None and self.question:
            self._count_respondents()
        for question in self.question:
            if (together := question.together) is None or self.respondents is None:
                continue
            if together > self.respondents:
                counted = "moderate_or_large" if question.moderate_or_large is not None else "large"
                question.at.into(counted).refuse(
                    f"{together} answers are more than the {self.respondents} respondents."
                    " Put one of them right."
                )

    def _count_respondents(self) -> None:
        """Where nobody says how many answered: as many as a question gives single counts for."""
        told_apart = [
            question.together
            for question in self.question
            if question.together and None not in (question.moderate, question.large)
        ]
        here = self.at.into("respondents")
        if not told_apart:
            here.refuse("is missing. Add it: how many people answered.")
        elif max(told_apart) < FEWEST_RESPONDENTS:
            here.refuse(
                f"is missing, and the answers make {max(told_apart)}. It has to be"
                f" {FEWEST_RESPONDENTS} or more: of fewer people nothing is kept."
            )
        else:
            self.respondents = max(told_apart)


@dataclass
class NextTable(Row):
    now: str | None = key(text_of(Programme, "what_happens_now"))
    celebration: str | None = key(text_of(Programme, "celebration"))


@dataclass
class MilestoneRow(Row):
    """A date on the timeline that is not where the model puts it, or has a place."""

    kind: str = key(_choices(Milestone.Kind), needed=True)
    number: int | None = key(Number(1, 16))
    on: Moment | None = key(Day())
    place: str | None = key(text_of(Milestone, "place"))
    illustrative: str | None = key(ILLUSTRATIVE)

    def check(self) -> None:
        is_pod = self.kind == Milestone.Kind.POD
        if is_pod and self.number is None:
            self.at.into("number").refuse("is missing. Say which learning pod it is: 1, 2, 3 …")
        elif self.number is not None and self.kind and not is_pod:
            self.at.into("number").refuse("goes with learning pods only. Take it out.")


@dataclass
class StepDoneRow(Row):
    """One of the four steps of the journey, that people call done."""

    number: int = key(Number(1, 4), needed=True)
    done: Moment = key(Day(), needed=True)
    done_by: str | None = key(PERSON)
    said: str | None = key(text_of(JourneyStep, "said"))

    def check(self) -> None:
        _check_past(self, "done")


@dataclass
class Journey(Row):
    """A whole file."""

    illustrative: bool | None = key(Flag())
    authority: AuthorityTable = key(Table(AuthorityTable), needed=True)
    programme: ProgrammeTable | None = key(Table(ProgrammeTable))
    scoping: ScopingTable | None = key(Table(ScopingTable))
    temperature_check: TemperatureTable | None = key(Table(TemperatureTable))
    ambition: AmbitionTable | None = key(Table(AmbitionTable))
    strand: list[StrandRow] = key(Rows(StrandRow))
    small_changes: SmallChangesTable | None = key(Table(SmallChangesTable))
    sensemaking: SensemakingTable | None = key(Table(SensemakingTable))
    blueprint: BlueprintTable | None = key(Table(BlueprintTable))
    survey: SurveyTable | None = key(Table(SurveyTable))
    next: NextTable | None = key(Table(NextTable))
    milestone: list[MilestoneRow] = key(Rows(MilestoneRow, main=""))
    step: list[StepDoneRow] = key(Rows(StepDoneRow, main="number"))

    @property
    def source(self) -> Source:
        return self.at.source

    def changes(self) -> Iterator[tuple[ChangeRow, StrandRow | None]]:
        """Every change, with its strand where the file knows it."""
        for strand in self.strand:
            for change in strand.change:
                yield change, strand
        for change in self.small_changes.known if self.small_changes else []:
            yield change, None

    def check(self) -> None:
        _need_unless_illustrative(self, "programme")
        seen: dict[str, ChangeRow] = {}
        for change, _ in self.changes():
            first = seen.setdefault(change.title.lower(), change)
            if first is not change:
                change.at.into("title").refuse(
                    f"“{change.title}” is there already, on line {first.at.into('title').line}."
                    " Take one of them out."
                )
        dates: dict[tuple, MilestoneRow] = {}
        for one in self.milestone:
            first_one = dates.setdefault((one.kind, one.number), one)
            if first_one is not one:
                one.at.into("kind").refuse(
                    f"is there already, on line {first_one.at.into('kind').line}."
                    " Take one of them out."
                )
        said = Counter(change.is_chosen for change, _ in self.changes())[True]
        started = self.small_changes.started if self.small_changes else None
        if started is not None and started != said:
            self.at.into("small_changes").into("started").refuse(
                f"is {started}, but the changes with chosen = true are {said}."
                " Put one of them right."
            )


def read_journey(source: Source, today: date) -> Journey:
    """The journey in a file. What is wrong with it is in `source.problems`."""
    illustrative = source.tables.get("illustrative") is True
    return Journey.read(source.tables, At(source, (), illustrative, today))


def _need_unless_illustrative(row: Row, *names: str) -> None:
    """An illustrative file adds to what is there already; any other has to say these."""
    for name in names:
        here = row.at.into(name)
        if not here.illustrative and getattr(row, name) is None and not here.is_given:
            here.refuse(f"is missing. Add it: {row.kinds()[name][0].says}.")


def _check_past(row, key: str) -> None:
    """What happened has happened."""
    moment = getattr(row, key)
    if moment and moment.day > row.at.today:
        row.at.into(key).refuse("is still to come. Write when it happened, or leave it out.")


def _need_done(row) -> None:
    _check_past(row, "done")
    if row.done_by and row.done is None and not row.at.into("done").is_given:
        row.at.into("done").refuse("is missing. Say when it was done.")


def _check_decision(row) -> None:
    decided = row.state == Experiment.State.DECIDED
    if decided and row.decision is None and not row.at.into("decision").is_given:
        row.at.into("decision").refuse(
            f"is missing. Say what was decided: {row.kinds()['decision'][0].says}."
        )
    elif row.decision and not decided:
        row.at.into("decision").refuse('goes with state = "decided" only. Take one out.')


def _check_order(moves: list) -> None:
    """Moves stand in the order in which they happened, and none is still to come."""
    last = date.min
    for move in moves:
        if move.on is None:
            continue
        if move.on.day < last:
            move.at.into("on").refuse("is before the move above. Put the oldest first.")
        _check_past(move, "on")
        last = max(last, move.on.day)
