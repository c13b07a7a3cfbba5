"""What is kept of an authority and stands in no file: no archive tells what no page may."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models import Count, Q

from blueprints.models import Place
from impact.models import ReportSentence, Story
from programmes.models import LocalAuthority, Notice
from surveys.core import QuestionKind
from surveys.models import Survey, SurveyAnswer
from surveys.results import FEWEST, FEWEST_FOR_WORDS


def without_untold(rows: models.QuerySet, authority: LocalAuthority) -> models.QuerySet:
    """The rows of one table without those that no file has."""
    narrowed = _ROWS.get(rows.model)
    return narrowed(rows, authority) if narrowed else rows


def as_told(model: type[models.Model], row: dict[str, Any]) -> dict[str, Any]:
    """One row by its columns, without a number that is too small to be told."""
    if model is Survey and 0 < (row["people_answered"] or 0) < FEWEST:
        return row | {"people_answered": 0}
    return row


def _notices(rows: models.QuerySet, authority: LocalAuthority) -> models.QuerySet:
    # Who was reminded of an open survey had not answered by then.
    return rows.exclude(sent_at=None, dropped_at=None).exclude(key__startswith="survey ")


def _places(rows: models.QuerySet, authority: LocalAuthority) -> models.QuerySet:
    return rows.exclude(thing__round__closed_at=None)


def _answers(rows: models.QuerySet, authority: LocalAuthority) -> models.QuerySet:
    """Those of closed surveys to questions that enough people answered."""
    answers = SurveyAnswer.objects.of_closed().filter(authority=authority)
    written = Q(question__kind=QuestionKind.TEXT)
    counted = answers.order_by().values("question").annotate(given=Count("pk"))
    enough = counted.filter(
        Q(written, given__gte=FEWEST_FOR_WORDS) | Q(~written, given__gte=FEWEST)
    )
    return rows.filter(question__in=list(enough.values_list("question", flat=True)))


def _sentences(rows: models.QuerySet, authority: LocalAuthority) -> models.QuerySet:
    public = Story.objects.public().filter(authority=authority).values_list("pk", flat=True)
    stories = Q(kind=ReportSentence.Kind.STORY)
    return rows.filter(~stories | Q(key__in=[f"story:{pk}" for pk in public]))


_ROWS: dict[type[models.Model], Callable[[models.QuerySet, LocalAuthority], models.QuerySet]] = {
    Notice: _notices,
    Place: _places,
    SurveyAnswer: _answers,
    ReportSentence: _sentences,
}
