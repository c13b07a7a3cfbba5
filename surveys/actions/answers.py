"""Answering a survey: one voice at a time, or sheets of paper and rows of a file all at once.

No line of history says that somebody answered. `speak` holds the survey open until the answers are
written; whoever comes after the close is refused, and nothing is written between the two.
"""

from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db import transaction

from programmes.audit import record
from programmes.editing import locked
from programmes.models import Membership, User
from surveys.actions.voices import NotOpen, speak
from surveys.models import Asked, Survey, SurveyAnswer
from surveys.said import Sheet


@transaction.atomic
def answer(
    *, survey: Survey, voice: UUID | str, sheet: Sheet, membership: Membership | None = None
) -> None:
    """All that one voice says: what it said before is changed, and what it left out now is gone.

    `membership` is whose voice it is, where that is known, so that nobody who answered is reminded.
    Raises `NotOpen`.
    """
    row = _keep(survey, voice, sheet)
    if membership is not None:
        asked = Asked.objects.filter(survey=row, membership=membership)
        asked.update(has_answered=not sheet.is_empty)


@transaction.atomic
def take_sheets(*, survey: Survey, batch: UUID, sheets: Sequence[Sheet], by: User | None) -> int:
    """Answers from paper or a file, each sheet a voice of its own; all of them or none.

    The same batch sent twice is there once. Returns how many were new; raises `NotOpen`. History
    says how many, and nothing of what they say.
    """
    row = _locked_open(survey)
    new = 0
    for number, sheet in enumerate(sheets):
        voice = _voice_of(batch, number)
        if not sheet.is_empty and not _voice(row, voice).exists():
            _keep(row, voice, sheet)
            new += 1
    if new:
        record("answer sheets taken in", row, by=by, sheets=new)
    return new


@transaction.atomic
def take_back_sheets(*, survey: Survey, batch: UUID, count: int, by: User) -> int:
    """Undo `take_sheets` while the survey is open; returns how many were there."""
    row = _locked_open(survey)
    voices = [_voice_of(batch, number) for number in range(count)]
    there = [voice for voice in voices if _voice(row, voice).exists()]
    for voice in there:
        _keep(row, voice, Sheet())
    if there:
        record("answer sheets taken back", row, by=by, sheets=len(there))
    return len(there)


def _voice_of(batch: UUID, number: int) -> str:
    """What it becomes in the database, only the survey's secret can make."""
    return f"sheet {batch} {number}"


def _locked_open(survey: Survey) -> Survey:
    row = locked(survey, may_be_pointed_at=True)
    if not row.is_open or row.removed_at is not None:
        raise NotOpen
    return row


_CHANGES = ("option", "options", "number", "text", "team", "work", "look")


def _keep(survey: Survey, voice: UUID | str, sheet: Sheet) -> Survey:
    # First, since it holds the survey open, and one sheet of a voice waits for another.
    row = speak(survey, voice)
    questions = list(row.questions.all())
    if not set(sheet.said) <= set(questions):
        raise BadRequest("An answer is to one of the survey’s own questions.")
    team = sheet.team if row.asks_team else None
    work = sheet.work if row.asks_work else ""
    SurveyAnswer.objects.bulk_create(
        [
            SurveyAnswer(
                authority_id=row.authority_id,
                question=one,
                nullifier=one.nullifier(row, voice),
                team=team,
                work=work,
                **sheet.said[one].values(),
            )
            for one in questions
            if one in sheet.said
        ],
        update_conflicts=True,
        unique_fields=["question", "nullifier"],
        update_fields=_CHANGES,
    )
    left_out = [one for one in questions if one not in sheet.said]
    SurveyAnswer.objects.filter(
        question__in=left_out, nullifier__in=[one.nullifier(row, voice) for one in left_out]
    ).delete()
    if sheet.is_empty:
        _voice(row, voice).delete()
    return row


def _voice(survey: Survey, voice: UUID | str):
    return survey.voices.filter(name=survey.voice_name(voice))
