"""Which comments wait for somebody to look at them, before others may read them.

A question that fewer than `FEWEST_FOR_WORDS` answered shows its words to nobody at all.
"""

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from programmes.models import LocalAuthority
from surveys.core import QuestionKind
from surveys.models import Question, Survey, SurveyAnswer
from surveys.results import FEWEST_FOR_WORDS


def _enough(questions: QuerySet[Question]) -> QuerySet[Question]:
    return (
        questions.filter(kind=QuestionKind.TEXT)
        .annotate(wrote=Count("answers"))
        .filter(wrote__gte=FEWEST_FOR_WORDS)
    )


def questions_to_look_at(survey: Survey) -> QuerySet[Question]:
    """Of a closed survey, those whose words somebody may look at; with `wrote`, how many wrote."""
    if not survey.is_closed:
        return Question.objects.none()
    return _enough(survey.questions.all())


def comments_of(survey: Survey) -> QuerySet[SurveyAnswer]:
    """Words to look at, with their question: those that wait first, then in random order."""
    enough = questions_to_look_at(survey).values("pk")
    return (
        SurveyAnswer.objects.of_closed()
        .filter(question__in=enough)
        .select_related("question")
        .order_by("question__position", "look", "pk")
    )


def waiting_in(authority: LocalAuthority) -> dict[UUID, int]:
    """By survey, how many comments wait for a look; one query."""
    waits = Count("answers", filter=Q(answers__look=SurveyAnswer.Look.WAITING))
    questions = Question.objects.filter(survey__in=authority.surveys.closed())
    found: dict[UUID, int] = {}
    for question in _enough(questions).annotate(waits=waits).filter(waits__gt=0):
        found[question.survey_id] = found.get(question.survey_id, 0) + question.waits
    return found
