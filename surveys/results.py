"""What a closed survey says, as it may be shown: the one way from answers to any page or file.

Nothing is told while a survey is open but how many have answered, and nothing is ever told of
fewer than `FEWEST` answers; words only where at least `FEWEST_FOR_WORDS` wrote some and somebody
looked at them (`reliability.md` 5, `ux.md` 6). Both may be raised, and are never lowered. Groups
are told as they were counted at the close (`Tally`), and no other way.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from statistics import median
from uuid import UUID

from django.utils import timezone

from surveys.core import MODERATE, SCALE, SHARES, QuestionKind
from surveys.models import Question, SplitGroup, Survey, SurveyAnswer, Tally

FEWEST = 5
FEWEST_FOR_WORDS = 10
# Below so many answers a sentence counts people, and per cent follow.
FEW = 20

TWO_EXTENTS = ("Not at all or to a small extent", "To a moderate or large extent")
TWO_SHARES = ("Less than 20%", "20% or more")
# From which place on a group's counts are joined. Of extents the close has joined them already.
_IN_TWO = {
    QuestionKind.EXTENT: (1, TWO_EXTENTS),
    QuestionKind.SHARE: (SHARES.index("20% to 30%"), TWO_SHARES),
    QuestionKind.SCALE: (SCALE.index("4"), ("1 to 3", "4 or 5")),
}


@dataclass(frozen=True)
class Numbers:
    """Of what people counted: half of them are between `low` and `high`."""

    low: Decimal
    middle: Decimal
    high: Decimal


@dataclass(frozen=True)
class GroupShown:
    """How one group answered one question; never of fewer than `FEWEST`.

    Answers are joined into two, so that one voice stands out less (`ux.md` 6).
    """

    group: SplitGroup
    answered: int
    labels: list[str]
    counts: list[int]


@dataclass(frozen=True)
class Shown:
    """One question's answers together, or why they are not shown.

    `counts` has one number for each of `labels`; it is empty for words and numbers, and where
    `answered` is below what its kind needs. `answered` is 0 there too: a small number is not told
    either. `words` are those that somebody let through, in random order; `groups` is by
    `SplitGroup.By`.
    """

    question: Question
    answered: int
    labels: list[str]
    counts: list[int]
    numbers: Numbers | None = None
    words: list[str] = field(default_factory=list)
    groups: dict[str, list[GroupShown]] = field(default_factory=dict)

    @property
    def is_shown(self) -> bool:
        return self.answered >= FEWEST

    @property
    def moderate_or_large(self) -> int:
        """Of an extent: how many said moderate or large."""
        if self.question.is_joined:
            return self.counts[1]
        return sum(self.counts[MODERATE:])

    @property
    def large(self) -> int | None:
        """Of an extent: how many said large. None where it was published with moderate alone."""
        return None if self.question.is_joined else self.counts[-1]

    @property
    def moderate(self) -> int | None:
        """As `large`."""
        return None if self.large is None else self.moderate_or_large - self.large

    @property
    def middle(self) -> int | None:
        """The place in `labels` of the middle answer; of an even number the lower of the two.

        None where nothing is shown, and where answers have no order.
        """
        ordered = {QuestionKind.SHARE, QuestionKind.SCALE, QuestionKind.EXTENT}
        return self._at(0.5) if self.counts and self.question.kind in ordered else None

    @property
    def half_between(self) -> tuple[int, int] | None:
        """The places in `labels` between which the middle half of the answers lies."""
        return None if self.middle is None else (self._at(0.25), self._at(0.75))

    def _at(self, share: float) -> int:
        so_far = 0
        for place, count in enumerate(self.counts):
            so_far += count
            if so_far >= share * self.answered:
                return place
        return len(self.counts) - 1


@dataclass(frozen=True)
class Results:
    """Of one closed survey. `answered` is 0 below `FEWEST`: a small number is not told.

    `asked` is None where nobody counted whom it went to.
    """

    survey: Survey
    answered: int
    asked: int | None
    first_on: date
    last_on: date
    questions: list[Shown]

    @property
    def is_shown(self) -> bool:
        return self.answered >= FEWEST

    @property
    def silent(self) -> int | None:
        """How many were asked and didn't answer, where that is known and may be told."""
        return self.asked - self.answered if self.asked is not None and self.is_shown else None


def results_of(survey: Survey) -> Results | None:
    """None unless it has closed. Three queries, however many answered."""
    return results_of_all([survey]).get(survey.pk)


def results_of_all(surveys: Iterable[Survey]) -> dict[UUID, Results]:
    """By survey, of those that have closed, in their order. Three queries for all of them."""
    closed = [
        one for one in surveys if one.is_closed and one.opened_at is not None and one.closed_at
    ]
    questions: dict[UUID, list[Question]] = defaultdict(list)
    for question in Question.objects.filter(survey__in=closed):
        questions[question.survey_id].append(question)
    given = _answers(closed)
    groups = _groups(closed)
    return {
        survey.pk: Results(
            survey=survey,
            answered=_told(survey.people_answered or 0),
            asked=survey.people_asked,
            first_on=timezone.localdate(survey.opened_at),
            last_on=timezone.localdate(survey.closed_at),
            questions=[_shown(one, given[one.pk], groups[one.pk]) for one in questions[survey.pk]],
        )
        for survey in closed
    }


def _answers(surveys: list[Survey]) -> dict[UUID, list[SurveyAnswer]]:
    found: dict[UUID, list[SurveyAnswer]] = defaultdict(list)
    answers = SurveyAnswer.objects.of_closed().filter(question__survey__in=surveys)
    columns = ("question_id", "option", "options", "number", "text", "look")
    for answer in answers.only(*columns):
        found[answer.question_id].append(answer)
    return found


def _groups(surveys: list[Survey]) -> dict[UUID, dict[str, list[GroupShown]]]:
    """By question, then by what they are told apart by."""
    found: dict[UUID, dict[str, list[GroupShown]]] = defaultdict(lambda: defaultdict(list))
    tallies = Tally.objects.filter(question__survey__in=surveys, answered__gte=FEWEST)
    tallies = tallies.exclude(group__by=SplitGroup.By.BOTH, answered__lt=FEWEST_FOR_WORDS)
    tallies = tallies.select_related("group", "question")
    for tally in tallies.order_by("group__by", "group__position"):
        if told := _in_two(tally):
            found[tally.question_id][tally.group.by].append(told)
    return found


def _in_two(tally: Tally) -> GroupShown | None:
    """None where answers have no order and are more than two: nothing says which to join."""
    question, counts = tally.question, tally.counts
    if question.kind in _IN_TWO:
        cut, labels = _IN_TWO[QuestionKind(question.kind)]
        counts = [sum(counts[:cut]), sum(counts[cut:])]
    elif question.kind == QuestionKind.CHOICE and len(question.options) == 2:
        labels = (question.options[0], question.options[1])
    else:
        return None
    return GroupShown(tally.group, tally.answered, list(labels), counts)


def _told(answered: int) -> int:
    return answered if answered >= FEWEST else 0


def _shown(
    question: Question, answers: list[SurveyAnswer], groups: dict[str, list[GroupShown]]
) -> Shown:
    labels = joined_labels(question)
    is_words = question.kind == QuestionKind.TEXT
    if len(answers) < (FEWEST_FOR_WORDS if is_words else FEWEST):
        return Shown(question, 0, labels, [])
    return Shown(
        question,
        len(answers),
        labels,
        counts_of(question, answers) if labels else [],
        numbers=_numbers([one.number for one in answers if one.number is not None]),
        # The close gave each a random id, so that their order is random, and the same every time.
        words=[
            one.text
            for one in sorted(answers, key=lambda one: one.pk)
            if one.text and one.look == SurveyAnswer.Look.SHOWN
        ],
        groups=dict(groups),
    )


def _numbers(values: list[Decimal]) -> Numbers | None:
    """Quartiles as the medians of the lower and the upper half."""
    if len(values) < FEWEST:
        return None
    ordered, half = sorted(values), len(values) // 2
    return Numbers(median(ordered[:half]), median(ordered), median(ordered[-half:]))


def joined_labels(question: Question) -> list[str]:
    """As `Question.labels`, or the two that are left where moderate and large are told as one."""
    return list(TWO_EXTENTS) if question.is_joined else question.labels


def counts_of(question: Question, answers: Iterable[SurveyAnswer]) -> list[int]:
    """How many chose each of `joined_labels`; of any of several, one person counts at each."""
    chosen: Counter[int] = Counter()
    for answer in answers:
        if answer.option is not None:
            is_far = answer.option >= MODERATE
            chosen[int(is_far) if question.is_joined else answer.option] += 1
        chosen.update(answer.options or [])
    return [chosen[place] for place in range(len(joined_labels(question)))]
