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
from surveys.models import Asked, Question, Survey, SurveyAnswer, Voice
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
    says how many, and nothing of what they say. As many queries for thousands as for one.
    """
    row = _locked_open(survey)
    sent = {
        row.voice_name(voice): (voice, sheet)
        for number, sheet in enumerate(sheets)
        if not sheet.is_empty and (voice := _voice_of(batch, number))
    }
    for name in row.voices.filter(name__in=sent).values_list("name", flat=True):
        del sent[name]
    if sent:
        Voice.objects.bulk_create(
            Voice(authority_id=row.authority_id, survey=row, name=name) for name in sent
        )
        questions = list(row.questions.all())
        SurveyAnswer.objects.bulk_create(
            [one for said in sent.values() for one in _rows(row, questions, *said)]
        )
        record("answer sheets taken in", row, by=by, sheets=len(sent))
    return len(sent)


@transaction.atomic
def take_back_sheets(*, survey: Survey, batch: UUID, count: int, by: User) -> int:
    """Undo `take_sheets` while the survey is open; returns how many were there."""
    row = _locked_open(survey)
    voices = [_voice_of(batch, number) for number in range(count)]
    there = row.voices.filter(name__in=[row.voice_name(voice) for voice in voices])
    gone, _ = there.delete()
    if gone:
        _answers(list(row.questions.all()), row, voices).delete()
        record("answer sheets taken back", row, by=by, sheets=gone)
    return gone


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
    SurveyAnswer.objects.bulk_create(
        _rows(row, questions, voice, sheet),
        update_conflicts=True,
        unique_fields=["question", "nullifier"],
        update_fields=_CHANGES,
    )
    _answers([one for one in questions if one not in sheet.said], row, [voice]).delete()
    if sheet.is_empty:
        row.voices.filter(name=row.voice_name(voice)).delete()
    return row


def _rows(
    survey: Survey, questions: list[Question], voice: UUID | str, sheet: Sheet
) -> list[SurveyAnswer]:
    """What one voice says, as it is kept while the survey is open."""
    if not set(sheet.said) <= set(questions):
        raise BadRequest("An answer is to one of the survey’s own questions.")
    return [
        SurveyAnswer(
            authority_id=survey.authority_id,
            question=one,
            nullifier=one.nullifier(survey, voice),
            team=sheet.team if survey.asks_team else None,
            work=sheet.work if survey.asks_work else "",
            **sheet.said[one].values(),
        )
        for one in questions
        if one in sheet.said
    ]


def _answers(questions: list[Question], survey: Survey, voices: Sequence[UUID | str]):
    """What these voices said to these questions."""
    names = [one.nullifier(survey, voice) for one in questions for voice in voices]
    return SurveyAnswer.objects.filter(question__in=questions, nullifier__in=names)
