"""Opening a survey, and going back while nobody has answered."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from programmes.audit import record
from programmes.editing import locked
from programmes.models import User
from surveys.models import Survey, SurveyAnswer, new_secret

from .asking import follow_closing_day, forget_asked
from .drafts import NotADraft
from .voices import NotOpen


class NothingAsked(Exception):
    """It has no question."""


class Answered(Exception):
    """Somebody has answered: it stays open, and then closes."""


@transaction.atomic
def open_survey(*, survey: Survey, by: User | None, closes_on: date | None = None) -> Survey:
    """Let people answer: it gets its secret, and its questions stay as they are from here on.

    Questions that were taken away go for good. Opening once more changes nothing. Raises
    `NotADraft` where it has closed or was taken away, and `NothingAsked`.
    """
    row = locked(survey)
    if row.is_open:
        return row
    if row.is_closed or row.removed_at is not None:
        raise NotADraft
    row.questions.exclude(removed_at=None).delete()
    if not row.questions.exists():
        raise NothingAsked
    row.opened_at, row.opened_by, row.secret = timezone.now(), by, new_secret()
    row.closes_on = closes_on or row.closes_on
    row.save(update_fields=["opened_at", "opened_by", "secret", "closes_on"])
    record("survey opened", row, by=by, closes_on=_day(row.closes_on))
    return row


@transaction.atomic
def change_closing_day(*, survey: Survey, closes_on: date | None, by: User) -> Survey:
    """Without a day it stays open until somebody closes it. Raises `NotOpen`."""
    row = locked(survey)
    if not row.is_open:
        raise NotOpen
    if row.closes_on != closes_on:
        before, row.closes_on = row.closes_on, closes_on
        row.save(update_fields=["closes_on"])
        follow_closing_day(row)
        record(
            "survey closing day changed", row, by=by, was=_day(before), closes_on=_day(closes_on)
        )
    return row


@transaction.atomic
def back_to_draft(*, survey: Survey, by: User) -> Survey:
    """Undo `open_survey` while nobody has answered: its secret and its mailed links go.

    Raises `Answered`, and `NotOpen` where it has closed.
    """
    row = locked(survey)
    if row.is_draft:
        return row
    if row.is_closed:
        raise NotOpen
    if row.voices.exists() or SurveyAnswer.objects.filter(question__survey=row).exists():
        raise Answered
    forget_asked(row)
    row.opened_at = row.opened_by = None
    row.secret = b""
    row.save(update_fields=["opened_at", "opened_by", "secret"])
    record("survey back to draft", row, by=by)
    return row


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
