"""Writing step 3: insights, and the local blueprint with its pillars and experiments."""

from typing import Any

from blueprints import actions
from blueprints.models import Blueprint, Commitment, Experiment, Insight, Need, Pillar
from programmes.models import Membership

from .desk import Sheet, at_noon
from .journey import ExperimentRow, InsightRow, PillarRow


def write_insights(sheet: Sheet) -> None:
    if table := sheet.journey.sensemaking:
        for row in table.enablers:
            _write_insight(sheet, row, Insight.Kind.ENABLER)
        for row in table.barriers:
            _write_insight(sheet, row, Insight.Kind.BARRIER)


def _write_insight(sheet: Sheet, row: InsightRow, kind: str) -> None:
    desk = sheet.desk
    named = sheet.named(row.changes, desk.changes, "small change")
    changes = list({one.pk: one for one in (row.merged_into or row for row in named)}.values())
    insight = desk.insights.find(row.text, desk.programme)
    if insight is None:
        sheet.add(
            desk.insights,
            row.text,
            desk.programme,
            actions.write_insight,
            row.at.within("text"),
            programme=desk.programme,
            changes=changes,
            text=row.text,
            kind=kind,
            sits_in=row.sits_in or "",
            illustrative=sheet.mark(row.illustrative),
        )
    elif insight.removed_at is None:
        said: dict[str, Any] = sheet.blanks(insight, sits_in=row.sits_in)
        linked = list(insight.changes.all())
        is_open = not linked and not desk.memory.is_peoples(insight)
        filled = [*said, *(["small changes"] if changes and is_open else [])]
        marks: dict[str, Any] = sheet.marks(insight, row.illustrative, filled)
        if filled or marks:
            actions.reword_insight(
                insight=insight,
                version=insight.version,
                changes=changes if is_open else linked,
                by=None,
                **said,
                **marks,
            )
            sheet.filled += 1


def write_blueprint(sheet: Sheet) -> None:
    table = sheet.journey.blueprint
    if table is None:
        return
    desk = sheet.desk
    blueprint = _begin(sheet)
    _fill_focus(sheet, blueprint, table.focus)
    for kind, said in ((Commitment, table.commitments), (Need, table.needs)):
        for words in said:
            if not desk.lines[kind].find(words.text, blueprint):
                sheet.add(
                    desk.lines[kind],
                    words.text,
                    blueprint,
                    actions.write_line,
                    words.at,
                    kind=kind,
                    blueprint=blueprint,
                    text=words.text,
                    illustrative=sheet.mark(None),
                )
    for row in table.pillar:
        _write_pillar(sheet, row, blueprint)


def _begin(sheet: Sheet) -> Blueprint:
    programme = sheet.desk.programme
    blueprint = Blueprint.objects.filter(programme=programme).first()
    if blueprint is None:
        blueprint = actions.begin(programme=programme, by=None)
        sheet.added += 1
    return blueprint


def _fill_focus(sheet: Sheet, blueprint: Blueprint, focus: str | None) -> None:
    if said := sheet.blanks(blueprint, focus=focus):
        actions.word_focus(
            blueprint=blueprint,
            version=blueprint.version,
            focus=said["focus"],
            by=None,
            **sheet.marks(blueprint, None, said),
        )
        sheet.filled += 1


def _write_pillar(sheet: Sheet, row: PillarRow, blueprint: Blueprint) -> None:
    desk = sheet.desk
    insights = [
        one for one in sheet.named(row.insights, desk.insights, "insight") if not one.removed_at
    ]
    said = {
        "so_that": row.so_that or "",
        "sponsor": _sponsor(sheet, row),
        "practitioner_lead": sheet.standing_person(row, "practitioner_lead"),
    }
    pillar = desk.pillars.find(row.title, blueprint)
    if pillar is None:
        pillar = sheet.add(
            desk.pillars,
            row.title,
            blueprint,
            actions.write_pillar,
            row.at.into("title"),
            blueprint=blueprint,
            insights=insights,
            title=row.title,
            illustrative=sheet.mark(row.illustrative),
            **said,
        )
    elif pillar.removed_at is None:
        _fill_pillar(sheet, row, pillar, said, insights)
    if pillar is None or pillar.removed_at:
        return
    for one in row.experiments:
        _write_experiment(sheet, one, pillar)


def _sponsor(sheet: Sheet, row: PillarRow) -> Membership | None:
    member = sheet.standing_person(row, "sponsor")
    if member and member.pk not in sheet.desk.sponsors:
        row.at.into("sponsor").refuse(
            f"{row.sponsor} is no manager in {sheet.desk.authority}. A pillar's sponsor is one."
        )
    return member


def _fill_pillar(
    sheet: Sheet, row: PillarRow, pillar: Pillar, said: dict[str, Any], insights: list[Insight]
) -> None:
    said = sheet.blanks(pillar, **said)
    linked = list(pillar.insights.all())
    is_open = not linked and not sheet.desk.memory.is_peoples(pillar)
    filled = [*said, *(["insights"] if insights and is_open else [])]
    marks = sheet.marks(pillar, row.illustrative, filled)
    if filled or marks:
        actions.reword_pillar(
            pillar=pillar,
            version=pillar.version,
            insights=insights if is_open else linked,
            by=None,
            **said,
            **marks,
        )
        sheet.filled += 1


def _write_experiment(sheet: Sheet, row: ExperimentRow, pillar: Pillar) -> None:
    desk = sheet.desk
    said = {
        "we_try": row.we_try or "",
        "we_expect": row.we_expect or "",
        "how_we_know": row.how_we_know or "",
        "who": row.who or "",
        "from_on": row.from_.day if row.from_ else None,
        "to_on": row.to.day if row.to else None,
    }
    experiment = desk.experiments.find(row.title, pillar)
    if experiment is None:
        experiment = sheet.add(
            desk.experiments,
            row.title,
            pillar,
            actions.write_experiment,
            row.at.within("title"),
            pillar=pillar,
            title=row.title,
            state=row.state or Experiment.State.IDEA,
            decision=row.decision or "",
            illustrative=sheet.mark(row.illustrative),
            **said,
        )
    elif experiment.removed_at is None:
        _fill_experiment(sheet, row, experiment, said)
        if row.state and not row.move and experiment.pk not in desk.tried:
            _pass(sheet, experiment, state=row.state, decision=row.decision or "")
    if experiment and experiment.removed_at is None:
        _write_moves(sheet, row, experiment)


def _fill_experiment(
    sheet: Sheet, row: ExperimentRow, experiment: Experiment, said: dict[str, Any]
) -> None:
    said = sheet.blanks(experiment, **said)
    begins, ends = (said.get(day) or getattr(experiment, day) for day in ("from_on", "to_on"))
    if begins and ends and ends < begins:
        row.at.into("to" if row.to else "from").refuse(
            f"does not fit: it would go from {begins} to {ends}."
            " An experiment ends after it begins."
        )
        return
    will_move = row.move and experiment.pk not in sheet.desk.tried
    filled = [*said, *(["state"] if will_move else [])]
    marks = sheet.marks(experiment, row.illustrative, filled)
    if said or marks:
        actions.reword_experiment(
            experiment=experiment,
            version=experiment.version,
            pillar=experiment.pillar,
            by=None,
            **said,
            **marks,
        )
        sheet.filled += 1


def _write_moves(sheet: Sheet, row: ExperimentRow, experiment: Experiment) -> None:
    """Its moves, where it has made none; what people moved stays where they put it."""
    if experiment.pk in sheet.desk.tried:
        return
    for after, move in enumerate(row.move):
        member = sheet.person(move, "by")
        _pass(
            sheet,
            experiment,
            state=move.state,
            decision=move.decision or "",
            why=move.why or "",
            person=member.user if member else None,
            at=at_noon(move.on, after),
        )


def _pass(sheet: Sheet, experiment: Experiment, **move) -> None:
    if actions.move_experiment(
        experiment=experiment, by=None, illustrative=sheet.mark(None), **move
    ):
        sheet.added += 1
        sheet.desk.tried.add(experiment.pk)
