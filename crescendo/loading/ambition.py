"""Writing step 1: what people value and want, what stops them, and what the surveys said."""

from typing import Any
from uuid import uuid5

from programmes.actions import ambition
from programmes.audit import record
from programmes.editing import next_position
from programmes.models import (
    Barrier,
    Opposite,
    Principle,
    Statement,
    TemperatureFinding,
    Value,
    WayOfWorking,
)
from surveys.actions.published import MADE_UP, Told, add_published
from surveys.models import Question

from .desk import Sheet
from .journey import BarrierRow, SurveyTable
from .kinds import At, Words

_Question = TemperatureFinding.Question


def write_ambition(sheet: Sheet) -> None:
    table = sheet.journey.ambition
    if table is None:
        return
    for kind, said in (
        (Value, table.values),
        (Opposite, table.opposite),
        (Principle, table.principles),
    ):
        for words in said:
            _state(sheet, kind, words.text, words.at, None)
    for row in table.barriers:
        _write_barrier(sheet, row)


def _state(sheet: Sheet, kind: type[Statement], text: str, at: At, own: str | None):
    """The statement, new where there is none; one that was reworded or merged is there."""
    shelf, programme = sheet.desk.statements[kind], sheet.desk.programme
    return shelf.find(text, programme) or sheet.add(
        shelf,
        text,
        programme,
        ambition.add,
        at,
        programme=programme,
        kind=kind,
        text=text,
        source=Statement.Source.JOURNEY_FILE,
        source_ref=text,
        illustrative=sheet.mark(own),
    )


def _write_barrier(sheet: Sheet, row: BarrierRow) -> None:
    barrier = _state(sheet, Barrier, row.text, row.at, row.illustrative)
    teams = sheet.named(row.teams, sheet.desk.teams, "team")
    if barrier is None or not barrier.stands:
        return
    said = sheet.blanks(barrier, gift=row.gift)
    has_teams = bool(barrier.teams.all()) or sheet.desk.memory.is_peoples(barrier)
    filled = [*said, *(["teams"] if teams and not has_teams else [])]
    marks = sheet.marks(barrier, row.illustrative, filled)
    if not filled and not marks:
        return
    ambition.edit_barrier(
        barrier=barrier,
        version=barrier.version,
        text=barrier.text,
        gift=said.get("gift", barrier.gift),
        teams=teams if "teams" in filled else list(barrier.teams.all()),
        by=None,
        **marks,
    )
    sheet.filled += 1


# --- what is shown as it was published, and not edited in the browser


def write_findings(sheet: Sheet) -> None:
    """What the temperature check found, ways of working, and published survey results."""
    journey = sheet.journey
    if check := journey.temperature_check:
        for question, said in (
            (_Question.KEEPS_US_FROM_FAMILIES, check.keeps_us_from_families),
            (_Question.IN_THE_WAY_OF_CHANGE, check.gets_in_the_way_of_change),
            (_Question.CHANGE_WANTED, check.change_wanted),
        ):
            _keep(sheet, TemperatureFinding, said, question=question)
    if journey.programme:
        _keep(sheet, WayOfWorking, journey.programme.ways_of_working)
    if survey := journey.survey:
        _keep_results(sheet, survey)


def _keep(sheet: Sheet, kind: Any, said: list[Words], **which) -> None:
    rows = kind.objects.filter(programme=sheet.desk.programme, **which)
    there = {text.lower() for text in rows.values_list("text", flat=True)}
    for words in said:
        if words.text.lower() not in there:
            _make(sheet, kind, text=words.text, **which)


def _keep_results(sheet: Sheet, survey: SurveyTable) -> None:
    programme = sheet.desk.programme
    told = [
        Told(row.text, row.area, row.together or 0, row.of_whom_large) for row in survey.question
    ]
    pk = uuid5(programme.pk, "survey: published")
    rows = Question.objects.filter(survey_id=pk)
    before, is_new = rows.count(), not programme.surveys.filter(pk=pk).exists()
    add_published(
        programme=programme,
        pk=pk,
        title=f"What small changes did, {programme.service or programme.authority}"[:120],
        source=survey.source or "",
        people=survey.respondents or 0,
        told=told,
        by=None,
        illustrative=sheet.mark(None) or MADE_UP,
    )
    sheet.added += rows.count() - before + is_new


def _make(sheet: Sheet, kind: Any, **fields) -> None:
    programme = sheet.desk.programme
    row = kind.objects.create(
        authority_id=programme.authority_id,
        programme=programme,
        position=next_position(kind.objects.filter(programme=programme)),
        illustrative=sheet.mark(None),
        **fields,
    )
    record(f"{kind._meta.verbose_name} added", row, by=None)
    sheet.added += 1
