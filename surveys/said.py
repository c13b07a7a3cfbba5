"""One person's answers, before anything is kept of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from programmes.models import Team
from surveys.models import Question, Survey, SurveyAnswer, Work

# For one who answers, where `Work` says what a group of them is called.
OWN_WORK = {
    Work.PRACTITIONER: "Practitioner",
    Work.MANAGER: "Manager",
    Work.BUSINESS_SUPPORT: "Business support",
    Work.PARTNER: "From a partner agency",
}
# Of a scale from 1 to 5.
LOW, HIGH = "Not at all", "Very much"


@dataclass(frozen=True)
class Said:
    """An answer to one question: one of the four, as `SurveyAnswer` keeps it."""

    option: int | None = None
    options: tuple[int, ...] | None = None
    number: Decimal | None = None
    text: str | None = None

    @classmethod
    def of(cls, answer: SurveyAnswer) -> "Said":
        options = None if answer.options is None else tuple(answer.options)
        return cls(answer.option, options, answer.number, answer.text)

    def values(self) -> dict[str, Any]:
        """The fields of a row. Words are looked at anew whenever they are sent."""
        options = None if self.options is None else list(self.options)
        return {
            "option": self.option,
            "options": options,
            "number": self.number,
            "text": self.text,
            "look": SurveyAnswer.Look.WAITING,
        }


@dataclass(frozen=True)
class Sheet:
    """What one person said in all. What they left out is not in `said`."""

    said: Mapping[Question, Said] = field(default_factory=dict)
    team: Team | None = None
    work: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.said


def said_by(survey: Survey, voice: UUID | str) -> Sheet:
    """What one voice has said in an open survey so far; empty once it has closed."""
    questions = {one.nullifier(survey, voice): one for one in survey.questions.all()}
    questions.pop("", None)
    answers = list(
        SurveyAnswer.objects.filter(nullifier__in=questions, question__survey=survey)
        .select_related("team")
        .order_by("question")
    )
    return Sheet(
        said={questions[one.nullifier or ""]: Said.of(one) for one in answers},
        team=next((one.team for one in answers), None),
        work=next((one.work for one in answers), ""),
    )
