"""What a closed survey says, as it may be shown: the one way from answers to any page or file.

Nothing is told while a survey is open but how many have answered, and nothing is ever told of
fewer than `FEWEST` answers; words only where at least `FEWEST_FOR_WORDS` wrote some
(`reliability.md` 5, `ux.md` 6). Both may be raised, and are never lowered.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from surveys.core import MODERATE
from surveys.models import Question, Survey, SurveyAnswer

FEWEST = 5
FEWEST_FOR_WORDS = 10
# Below so many answers a sentence counts people, and per cent follow.
FEW = 20


@dataclass(frozen=True)
class Shown:
    """One question's answers together, or why they are not shown.

    `counts` has one number for each of `labels`; it is empty for words and numbers, and where
    `answered` is below `FEWEST`. `answered` is 0 there too: a small number is not told either.
    """

    question: Question
    answered: int
    labels: list[str]
    counts: list[int]

    @property
    def is_shown(self) -> bool:
        return self.answered >= FEWEST

    @property
    def moderate_or_large(self) -> int:
        """Of an extent: how many said moderate or large."""
        if self.question.is_joined:
            return self.counts[1]
        return sum(self.counts[MODERATE:])


@dataclass(frozen=True)
class Results:
    """Of one closed survey. `asked` is None where nobody counted whom it went to."""

    survey: Survey
    answered: int
    asked: int | None
    first_on: date
    last_on: date
    questions: list[Shown]


def results_of(survey: Survey) -> Results | None:
    """None unless it has closed. Three queries, however many answered."""
    if not survey.is_closed or survey.opened_at is None or survey.closed_at is None:
        return None
    questions = list(survey.questions.all())
    given: dict = {one.pk: [] for one in questions}
    answers = SurveyAnswer.objects.of_closed().filter(question__in=questions)
    for answer in answers.only("question_id", "option", "options"):
        given[answer.question_id].append(answer)
    return Results(
        survey=survey,
        answered=survey.people_answered or 0,
        asked=survey.people_asked,
        first_on=timezone.localdate(survey.opened_at),
        last_on=timezone.localdate(survey.closed_at),
        questions=[_shown(one, given[one.pk]) for one in questions],
    )


def _shown(question: Question, answers: list[SurveyAnswer]) -> Shown:
    labels = joined_labels(question)
    if len(answers) < FEWEST:
        return Shown(question, 0, labels, [])
    return Shown(question, len(answers), labels, counts_of(question, answers))


def joined_labels(question: Question) -> list[str]:
    """As `Question.labels`, or the two that are left where moderate and large are told as one."""
    return list(TWO_EXTENTS) if question.is_joined else question.labels


TWO_EXTENTS = ("Not at all or to a small extent", "To a moderate or large extent")


def counts_of(question: Question, answers: Iterable[SurveyAnswer]) -> list[int]:
    """How many chose each of `joined_labels`; of any of several, one person counts at each."""
    chosen: Counter[int] = Counter()
    for answer in answers:
        if answer.option is not None:
            is_far = answer.option >= MODERATE
            chosen[int(is_far) if question.is_joined else answer.option] += 1
        chosen.update(answer.options or [])
    return [chosen[place] for place in range(len(joined_labels(question)))]
