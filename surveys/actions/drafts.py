"""Writing a survey before it opens: what it is called, what it asks, and in which order."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from programmes.audit import record
from programmes.editing import locked, make_once, next_position, save_version, shift
from programmes.editing import put_back as mark_back
from programmes.editing import take_away as mark_away
from programmes.models import Programme, User
from surveys.core import core_of
from surveys.models import Question, Survey


class NotADraft(Exception):
    """It has opened: what people are asked stays as they were asked it."""


@transaction.atomic
def add_survey(
    *,
    programme: Programme,
    pk: UUID,
    kind: str,
    moment: str,
    title: str,
    by: User | None,
    intro: str = "",
    source: str = "",
    asks_team: bool = True,
    asks_work: bool = True,
    illustrative: str = "",
    closes_on: date | None = None,
) -> Survey:
    """Begin a draft; it asks the locked questions of its kind already."""
    survey, is_new = make_once(
        programme.authority.surveys,
        pk=pk,
        constraint="",  # two may well be called alike
        programme=programme,
        kind=kind,
        moment=moment,
        title=title,
        intro=intro,
        source=source,
        asks_team=asks_team,
        asks_work=asks_work,
        illustrative=illustrative,
        closes_on=closes_on,
    )
    if is_new:
        Question.objects.bulk_create(
            Question(
                authority_id=survey.authority_id,
                survey=survey,
                kind=one.kind,
                core=one.key,
                area=one.area,
                stem=one.stem,
                text=one.text,
                position=position,
                illustrative=illustrative,
            )
            for position, one in enumerate(core_of(kind))
        )
        record("survey added", survey, by=by, kind=kind, moment=moment)
    return survey


@transaction.atomic
def edit_survey(*, survey: Survey, version: int, by: User, **fields) -> Survey:
    """Raises `NotADraft` and `Stale`. Its kind stays: the locked questions came with it."""
    row = _draft(survey)
    save_version(row, version=version, **fields)
    record("survey edited", row, by=by)
    return row


@transaction.atomic
def remove_survey(*, survey: Survey, by: User) -> Survey:
    """Take a draft away; it can be put back. What people answered is never taken away."""
    row = _draft(survey)
    if row.removed_at is None:
        mark_away(row, by=by)
        record("survey removed", row, by=by)
    return row


@transaction.atomic
def put_back_survey(*, survey: Survey, by: User) -> Survey:
    row = locked(survey)
    if row.removed_at is not None:
        mark_back(row)
        record("survey put back", row, by=by)
    return row


# --- its questions


@transaction.atomic
def add_question(
    *,
    survey: Survey,
    pk: UUID,
    kind: str,
    text: str,
    by: User | None,
    area: str = "",
    stem: str = "",
    options: Sequence[str] = (),
    unit: str = "",
    is_joined: bool = False,
) -> Question:
    """Ask one more of their own, at the end. Raises `NotADraft`."""
    row = _draft(survey)
    question, is_new = make_once(
        Question.objects.filter(survey=row),
        pk=pk,
        constraint="",
        authority_id=row.authority_id,
        survey=row,
        kind=kind,
        text=text,
        area=area,
        stem=stem,
        options=list(options),
        unit=unit,
        is_joined=is_joined,
        position=next_position(row.questions),
        illustrative=row.illustrative,
    )
    if is_new:
        record("question added", question, by=by, survey=str(row.pk), kind=kind)
    return question


@transaction.atomic
def edit_question(*, question: Question, version: int, by: User | None, **fields) -> Question:
    """Raises `NotADraft` and `Stale`. Of a core question the database keeps the words."""
    _draft(question.survey)
    row = save_version(question, version=version, **fields)
    record("question edited", row, by=by, survey=str(row.survey_id))
    return row


@transaction.atomic
def remove_question(*, question: Question, by: User) -> Question:
    """Ask it no more; it can be put back until the survey opens. Raises `NotADraft`."""
    _draft(question.survey)
    row = locked(question)
    if row.removed_at is None:
        mark_away(row, by=by)
        record("question removed", row, by=by, survey=str(row.survey_id))
    return row


@transaction.atomic
def put_back_question(*, question: Question, by: User) -> Question:
    """Raises `NotADraft`."""
    _draft(question.survey)
    row = locked(question)
    if row.removed_at is not None:
        mark_back(row)
        record("question put back", row, by=by, survey=str(row.survey_id))
    return row


@transaction.atomic
def order_question(*, row: Question, places: int, by: User) -> bool:
    """Move it up (-1) or down (+1); False at the end already. Raises `NotADraft`."""
    survey = _draft(row.survey)
    moved = shift(survey.questions.standing(), row, by=places)
    if moved:
        record("question ordered", row, by=by, survey=str(survey.pk), places=places)
    return moved


def _draft(survey: Survey) -> Survey:
    row = locked(survey)
    if not row.is_draft:
        raise NotADraft
    return row
