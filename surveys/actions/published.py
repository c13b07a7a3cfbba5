"""Writing down a survey whose counts were published before single answers were held here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import SystemRandom
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from programmes.audit import record
from programmes.editing import make_once
from programmes.models import Programme, User
from surveys.core import MODERATE, core_of
from surveys.models import Question, Survey, SurveyAnswer

# Such figures come from after the 16 weeks; on which days people answered is not published.
_AFTER = timedelta(weeks=16)
# What of the rows is ours: the published counts say no more than moderate or large, or not.
MADE_UP = "the days, and all answers but moderate or large"
_LARGE, _SMALL = MODERATE + 1, MODERATE - 1
_shuffled = SystemRandom()


@dataclass(frozen=True)
class Told:
    """Of one published question; `large` is None where it was told with moderate alone."""

    text: str
    area: str
    moderate_or_large: int
    large: int | None = None


@transaction.atomic
def add_published(
    *,
    programme: Programme,
    pk: UUID,
    title: str,
    source: str,
    people: int,
    told: Iterable[Told],
    by: User | None,
    illustrative: str = MADE_UP,
) -> Survey:
    """A closed impact survey whose single answers make the published counts.

    Told again, it gets the questions that it lacks and stays as it is otherwise. A question of the
    core set is known by its words. Where it isn't published what each person said, the extents
    aren't shown apart (`Question.is_joined`). Only the first telling is in the history.
    """
    start = programme.starts_on or timezone.localdate()
    at = min(_at_noon(start + _AFTER), timezone.now())
    survey, is_new = make_once(
        programme.authority.surveys,
        pk=pk,
        constraint="",
        programme=programme,
        kind=Survey.Kind.IMPACT,
        moment=Survey.Moment.AFTER,
        title=title,
        source=source,
        asks_team=False,
        asks_work=False,
        opened_at=at,
        closed_at=at,
        people_answered=people,
        illustrative=illustrative,
    )
    there = {text.lower() for text in survey.questions.values_list("text", flat=True)}
    missing = [one for one in told if one.text.lower() not in there]
    for position, one in enumerate(missing, start=len(there)):
        _add_question(survey, one, position, survey.people_answered or people)
    if is_new:
        record("survey written down", survey, by=by)
    return survey


def _add_question(survey: Survey, told: Told, position: int, people: int) -> None:
    core = {one.text.lower(): one for one in core_of(Survey.Kind.IMPACT)}.get(told.text.lower())
    rest = people - told.moderate_or_large
    is_joined = told.large is None or rest > 0
    question = Question.objects.create(
        authority_id=survey.authority_id,
        survey=survey,
        kind=Question.Kind.EXTENT,
        core=core.key if core else "",
        stem=core.stem if core else core_of(Survey.Kind.IMPACT)[0].stem,
        text=core.text if core else told.text,
        area=told.area,
        is_joined=is_joined,
        position=position,
        illustrative=survey.illustrative,
    )
    large = told.large or 0
    options = [_LARGE] * large + [MODERATE] * (told.moderate_or_large - large) + [_SMALL] * rest
    _shuffled.shuffle(options)
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(
            authority_id=survey.authority_id,
            question=question,
            option=option,
            illustrative=survey.illustrative if is_joined else "",
        )
        for option in options
    )


def _at_noon(day: date) -> datetime:
    return datetime.combine(day, time(12), timezone.get_current_timezone())
