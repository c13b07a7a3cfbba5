"""Closing a survey for good: from here on nobody can tell whose an answer was."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from programmes.audit import record
from programmes.editing import locked
from programmes.models import User, start_of_today
from programmes.notices import each_by_itself
from surveys.models import Survey, SurveyAnswer
from surveys.splits import write_splits

from .asking import forget_asked
from .voices import NotOpen


class FewerAsked(Exception):
    """More people answered than are said to have been asked; `answered` is how many."""

    def __init__(self, answered: int):
        super().__init__(str(answered))
        self.answered = answered


@transaction.atomic
def close_survey(
    *, survey: Survey, by: User | None = None, people_asked: int | None = None
) -> Survey:
    """End it for good (`reliability.md` 5). Closing once more changes nothing.

    Who answered is counted, what splits may show is written (`surveys.groups`), and all answers are
    taken out and written anew in random order: of one day, under new ids, and without what made
    several of them one person's, their team or their work. Who was asked, the links and the secret
    go. `people_asked` is how many were asked in all; where nobody says, it is how many were mailed,
    and unknown where more answered than that. Raises `NotOpen` and `FewerAsked`.
    """
    row = locked(survey)
    if row.is_closed:
        return row
    if row.is_draft:
        raise NotOpen
    answers = list(SurveyAnswer.objects.filter(question__survey=row).select_related("team"))
    answered = _people(row, answers)
    asked = people_asked or row.asked.count() or None
    if asked is not None and asked < answered:
        if people_asked:
            raise FewerAsked(answered)
        asked = None
    write_splits(row, answers)
    _write_anew(row, answers)
    row.voices.all().delete()
    forget_asked(row)
    row.closed_at, row.closed_by, row.secret = timezone.now(), by, b""
    row.people_asked, row.people_answered = asked, answered
    row.save(update_fields=["closed_at", "closed_by", "secret", "people_asked", "people_answered"])
    record("survey closed", row, by=by)
    return row


def close_due(now: datetime) -> None:
    """Close those whose last day is over."""
    over = Survey.objects.open().filter(closes_on__lt=timezone.localdate(now))
    each_by_itself(over, lambda survey: close_survey(survey=survey))


def _people(survey: Survey, answers: list[SurveyAnswer]) -> int:
    """How many answered anything: never fewer than answered any one question."""
    to_each: dict = {}
    for one in answers:
        to_each[one.question_id] = to_each.get(one.question_id, 0) + 1
    return max([survey.voices.count(), *to_each.values()])


def _write_anew(survey: Survey, answers: list[SurveyAnswer]) -> None:
    day = start_of_today()
    held = [
        SurveyAnswer(
            authority_id=one.authority_id,
            question_id=one.question_id,
            created_at=day,
            option=one.option,
            options=sorted(one.options) if one.options is not None else None,
            number=one.number,
            text=one.text,
            look=one.look,
            illustrative=one.illustrative,
        )
        for one in answers
    ]
    SurveyAnswer.objects.filter(question__survey=survey).delete()
    secrets.SystemRandom().shuffle(held)
    SurveyAnswer.objects.bulk_create(held)
