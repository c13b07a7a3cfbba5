"""Writing step 2: mission strands, small changes, their plans, and the way that they have come."""

from typing import Any
from uuid import uuid5

from django.core.exceptions import ValidationError

from programmes.editing import Taken
from programmes.models import Barrier, Gift
from smallchanges import actions
from smallchanges.models import (
    Measure,
    Met,
    MissionStrand,
    SmallChange,
    Stakeholder,
    Status,
    Step,
)

from .desk import Sheet, at_noon
from .journey import ChangeRow, MeasureRow, MoveRow, StakeholderRow, StepRow, StrandRow
from .kinds import At


def write_strands(sheet: Sheet) -> None:
    for row in sheet.journey.strand:
        named = sheet.named(row.barriers, sheet.desk.statements[Barrier], "barrier")
        barriers = _standing(named)
        programme = sheet.desk.programme
        strand = sheet.desk.strands.find(row.title, programme)
        if strand is None:
            sheet.add(
                sheet.desk.strands,
                row.title,
                programme,
                actions.add_strand,
                row.at.into("title"),
                programme=programme,
                title=row.title,
                about=row.about or "",
                barriers=barriers,
                illustrative=sheet.mark(row.illustrative),
            )
        elif strand.removed_at is None and strand.merged_into_id is None:
            _fill_strand(sheet, row, strand, barriers)


def _standing(barriers: list[Barrier]) -> list[Barrier]:
    """For a barrier that was merged into another the other one; none for one taken away."""
    standing = {}
    for barrier in barriers:
        one: Any = barrier
        while one.merged_into:
            one = one.merged_into
        if one.stands:
            standing[one.pk] = one
    return list(standing.values())


def _fill_strand(
    sheet: Sheet, row: StrandRow, strand: MissionStrand, barriers: list[Barrier]
) -> None:
    said = sheet.blanks(strand, about=row.about)
    linked = list(strand.barriers.all())
    is_open = not linked and not sheet.desk.memory.is_peoples(strand)
    filled = [*said, *(["barriers"] if barriers and is_open else [])]
    marks = sheet.marks(strand, row.illustrative, filled)
    if filled or marks:
        actions.edit_strand(
            strand=strand,
            version=strand.version,
            title=strand.title,
            about=said.get("about", strand.about),
            barriers=barriers if "barriers" in filled else _standing(linked),
            by=None,
            **marks,
        )
        sheet.filled += 1


def write_changes(sheet: Sheet) -> None:
    for row, strand_row in sheet.journey.changes():
        programme = sheet.desk.programme
        strand = sheet.desk.strands.find(strand_row.title, programme) if strand_row else None
        if strand:
            strand = strand.merged_into or strand
            strand = None if strand.removed_at else strand
        change = sheet.desk.changes.find(row.title, programme)
        if change and change.merged_into_id:
            continue  # what became of it is people's
        if change is None:
            change = _add_change(sheet, row, strand)
        else:
            _fill_change(sheet, row, change, strand)
            _move_from_there(sheet, row, change)
        if change:
            _write_plan(sheet, row, change)
            _write_moves(sheet, row, change)


def _said_of(sheet: Sheet, row: ChangeRow) -> dict[str, Any]:
    return {
        "purpose": row.purpose or "",
        "led_by": row.led_by or "",
        "why": row.why or "",
        "success": row.success or "",
        "tracking": row.tracking or "",
        "result": row.result or "",
        "impact": row.impact or "",
        "lead": sheet.standing_person(row, "lead"),
    }


def _add_change(sheet: Sheet, row: ChangeRow, strand: MissionStrand | None) -> SmallChange | None:
    stage, status = row.begins_as
    return sheet.add(
        sheet.desk.changes,
        row.title,
        sheet.desk.programme,
        actions.add_change,
        row.at.into("title"),
        programme=sheet.desk.programme,
        strand=strand,
        teams=sheet.named(row.teams, sheet.desk.teams, "team"),
        title=row.title,
        stage=stage,
        status=status,
        gift=row.gift or Gift.OURS,
        illustrative=sheet.mark(row.illustrative),
        **_said_of(sheet, row),
    )


def _fill_change(
    sheet: Sheet, row: ChangeRow, change: SmallChange, strand: MissionStrand | None
) -> None:
    said = sheet.blanks(change, strand=strand, **_said_of(sheet, row))
    is_open = not sheet.desk.memory.is_peoples(change)
    if is_open and row.gift and change.gift == Gift.OURS != row.gift:
        said["gift"] = row.gift
    linked = list(change.teams.all())
    teams = sheet.named(row.teams, sheet.desk.teams, "team")
    new_teams = teams if is_open and not linked else []
    has_moved = change.pk in sheet.desk.moved
    filled = [
        *said,
        *(["teams"] if new_teams else []),
        *(["stage and dates"] if row.move and not has_moved else []),
    ]
    marks = sheet.marks(change, row.illustrative, filled)
    if said or new_teams or marks:
        actions.edit_change(
            change=change,
            version=change.version,
            strand=said.pop("strand", change.strand),
            teams=new_teams or linked,
            by=None,
            **said,
            **marks,
        )
        sheet.filled += 1


def _move_from_there(sheet: Sheet, row: ChangeRow, change: SmallChange) -> None:
    """A change that nobody has moved yet goes where a file says that it is."""
    if row.move or change.pk in sheet.desk.moved:
        return
    status = row.status
    if status is None and row.is_chosen and change.status == Status.PROPOSED:
        status = Status.CHOSEN
    if row.stage or status:
        _pass(
            sheet,
            change,
            at=row.at,
            stage=row.stage or change.stage,
            status=status or change.status,
            why="",
        )


# --- the action plan, and what the change met


def _write_plan(sheet: Sheet, row: ChangeRow, change: SmallChange) -> None:
    desk = sheet.desk
    for planned in row.steps:
        step = desk.plan_steps.find(planned.text, change)
        if step is None:
            _add_step(sheet, planned, change)
        elif step.removed_at is None:
            _fill_step(sheet, planned, step)
    for one in row.stakeholder:
        stakeholder = desk.stakeholders.find(one.who, change)
        if stakeholder and stakeholder.removed_at is None:
            _fill_stakeholder(sheet, one, stakeholder)
        elif stakeholder is None:
            sheet.add(
                desk.stakeholders,
                one.who,
                change,
                actions.add_stakeholder,
                one.at,
                change=change,
                who=one.who,
                what_we_ask=one.what_we_ask or "",
                stance=one.stance or Stakeholder.Stance.NOT_ASKED,
                who_talks=one.who_talks or "",
                organisation=one.organisation or "",
                influence=one.influence or "",
                what_came=one.what_came or "",
                illustrative=sheet.mark(one.illustrative),
            )
    for counted in row.measure:
        _write_measure(sheet, counted, change)
    for kind, said in ((Met.Kind.BARRIER, row.barrier_met), (Met.Kind.ENABLER, row.enabler)):
        for words in said:
            if not desk.met[kind].find(words.text, change):
                sheet.add(
                    desk.met[kind],
                    words.text,
                    change,
                    actions.add_met,
                    words.at,
                    change=change,
                    kind=kind,
                    text=words.text,
                    illustrative=sheet.mark(None),
                )


def _add_step(sheet: Sheet, row: StepRow, change: SmallChange) -> None:
    step = sheet.add(
        sheet.desk.plan_steps,
        row.text,
        change,
        actions.add_step,
        row.at,
        change=change,
        text=row.text,
        owner=sheet.standing_person(row, "owner"),
        due_on=row.due.day if row.due else None,
        illustrative=sheet.mark(row.illustrative),
    )
    if step:
        _tick(sheet, row, step)


def _tick(sheet: Sheet, row: StepRow, step: Step) -> None:
    member = sheet.person(row, "done_by")
    if row.done:
        actions.tick_step(
            step=step,
            done=True,
            by=None,
            person=member.user if member else None,
            at=at_noon(row.done),
        )


def _fill_step(sheet: Sheet, row: StepRow, step: Step) -> None:
    said = sheet.blanks(
        step, owner=sheet.standing_person(row, "owner"), due_on=row.due.day if row.due else None
    )
    done = sheet.blanks(step, done_at=row.done)
    marks = sheet.marks(step, row.illustrative, [*said, *done])
    if said or marks:
        actions.edit_step(
            step=step,
            version=step.version,
            text=step.text,
            owner=said.get("owner", step.owner),
            due_on=said.get("due_on", step.due_on),
            by=None,
            **marks,
        )
    if done:
        _tick(sheet, row, step)
    sheet.filled += bool(said or done or marks)


def _fill_stakeholder(sheet: Sheet, row: StakeholderRow, stakeholder: Stakeholder) -> None:
    said = sheet.blanks(
        stakeholder,
        what_we_ask=row.what_we_ask,
        who_talks=row.who_talks,
        organisation=row.organisation,
        influence=row.influence,
        what_came=row.what_came,
    )
    is_open = not sheet.desk.memory.is_peoples(stakeholder)
    not_asked = Stakeholder.Stance.NOT_ASKED
    if is_open and row.stance and stakeholder.stance == not_asked != row.stance:
        said["stance"] = row.stance
    marks = sheet.marks(stakeholder, row.illustrative, said)
    if said or marks:
        actions.edit_stakeholder(
            stakeholder=stakeholder, version=stakeholder.version, by=None, **said, **marks
        )
        sheet.filled += 1


# --- what is counted


def _write_measure(sheet: Sheet, row: MeasureRow, change: SmallChange) -> None:
    measure = sheet.desk.measures.find(row.what, change)
    if measure is None:
        measure = sheet.add(
            sheet.desk.measures,
            row.what,
            change,
            actions.add_measure,
            row.at,
            change=change,
            what=row.what,
            unit=row.unit or "",
            better=row.better,
            baseline=row.baseline,
            baseline_on=row.baseline_on.day if row.baseline_on else None,
            target=row.target,
            illustrative=sheet.mark(row.illustrative),
        )
    elif measure.removed_at is None:
        _fill_measure(sheet, row, measure)
    if measure and measure.removed_at is None:
        _write_readings(sheet, row, measure)


def _fill_measure(sheet: Sheet, row: MeasureRow, measure: Measure) -> None:
    said = sheet.blanks(
        measure,
        unit=row.unit,
        baseline=row.baseline,
        baseline_on=row.baseline_on.day if row.baseline_on else None,
        target=row.target,
    )
    marks = sheet.marks(measure, row.illustrative, said)
    if said or marks:
        actions.edit_measure(measure=measure, version=measure.version, by=None, **said, **marks)
        sheet.filled += 1


def _write_readings(sheet: Sheet, row: MeasureRow, measure: Measure) -> None:
    """Where it has none, and nobody took one away: dates that count from today move each day."""
    if measure.readings.all():
        return
    for number, one in enumerate(row.reading, 1):
        try:
            actions.add_reading(
                measure=measure,
                pk=uuid5(measure.pk, f"reading {number}"),
                on=one.on.day,
                value=one.value,
                note=one.note or "",
                by=None,
                illustrative=sheet.mark(None),
            )
        except Taken:
            one.at.refuse("is of a day that has a reading already. Take one of them out.")
        else:
            sheet.added += 1


# --- the way that it has come


def _write_moves(sheet: Sheet, row: ChangeRow, change: SmallChange) -> None:
    """Its moves, where it has made none; what people moved stays where they put it."""
    if change.pk in sheet.desk.moved:
        return
    for after, move in enumerate(row.move):
        _pass(
            sheet,
            change,
            at=move.at,
            stage=move.stage or change.stage,
            status=move.status or change.status,
            why=move.why or "",
            move=move,
            after=after,
        )
    if row.move:
        sheet.desk.moved.add(change.pk)


def _pass(
    sheet: Sheet,
    change: SmallChange,
    *,
    at: At,
    stage: str,
    status: str,
    why: str,
    move: MoveRow | None = None,
    after: int = 0,
) -> None:
    """Through the gate, or refuse with its words."""
    member = sheet.person(move, "by") if move else None
    try:
        passage = actions.move(
            change=change,
            stage=stage,
            status=status,
            why=why,
            by=None,
            person=member.user if member else None,
            at=at_noon(move.on, after) if move else None,
            illustrative=sheet.mark(None),
        )
    except ValidationError as error:
        for field, messages in error.message_dict.items():
            at.into(field).refuse(" ".join(messages))
        return
    if passage:
        sheet.added += 1
        sheet.desk.moved.add(change.pk)
