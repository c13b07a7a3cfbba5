"""Writing the authority, its programme and teams, its timeline, and the steps that are done."""

from collections.abc import Iterable
from uuid import uuid4

from programmes.actions import places, steps, timeline
from programmes.editing import Taken
from programmes.models import JourneyStep, LocalAuthority, Milestone, Programme

from .desk import Desk, Sheet, at_noon
from .journey import AuthorityTable, Journey, MilestoneRow

_DATE = "date"


def desk_of(table: AuthorityTable) -> tuple[Desk | None, bool]:
    """The desk of the authority that a file is about, and whether the file has just made it."""
    alike = _alike(table)
    if len(alike) > 1:
        one, other = list(alike)[:2]
        table.at.into("name").refuse(
            f"“{table.name}” could be {one} or {other}: name, address and ONS code lead to"
            " different authorities. Put right the one that is wrong."
        )
        return None, False
    if alike:
        [authority] = alike
        return (Desk(authority), False) if _is_the_same(table, authority) else (None, False)
    if table.kind is None:
        table.at.into("kind").refuse(
            f"is missing, and {table.name} is not here yet. Load the file that says it as well."
        )
        return None, False
    made = _add(table)
    return (Desk(made), True) if made else (None, False)


def _alike(table: AuthorityTable) -> dict[LocalAuthority, str]:
    """The authorities that have the file's ONS code, its name or its address, and which."""
    found: dict[LocalAuthority, str] = {}
    for column, value in (
        ("ons_code", table.ons_code),
        ("name__iexact", table.name),
        ("slug", table.slug),
    ):
        if value:
            for row in LocalAuthority.objects.filter(**{column: value}):
                found.setdefault(row, column)
    return found


def _is_the_same(table: AuthorityTable, authority: LocalAuthority) -> bool:
    """Not where they share no more than an address that the file chose, or differ in ONS code."""
    here = table.at.into("slug")
    if table.ons_code and authority.ons_code and table.ons_code != authority.ons_code:
        table.at.into("ons_code").refuse(
            f"is {table.ons_code}, and {authority} here has {authority.ons_code}."
            " Put right the one that is wrong."
        )
        return False
    named_alike = table.name.lower() == authority.name.lower()
    if here.is_given and not named_alike and table.ons_code != (authority.ons_code or None):
        here.refuse(f"“{table.slug}” is the address of {authority}. Choose another.")
        return False
    return True


def _add(table: AuthorityTable) -> LocalAuthority | None:
    try:
        return places.add(
            name=table.name,
            slug=table.slug or "",
            kind=table.kind or "",
            ons_code=table.ons_code or "",
            by=None,
        )
    except Taken:
        table.at.into("name").refuse(f"“{table.name}” is the name of an authority here already.")
        return None


def write_authority(sheet: Sheet) -> None:
    """The ONS code, where nobody has said it yet; its name and address stay as people have them."""
    authority, code = sheet.desk.authority, sheet.journey.authority.ons_code
    if code and not authority.ons_code and not sheet.desk.memory.is_peoples(authority):
        places.change(
            authority=authority,
            name=authority.name,
            slug=authority.slug,
            kind=authority.kind,
            ons_code=code,
            by=None,
        )
        sheet.filled += 1


def write_programme(sheet: Sheet, all_of_it: Iterable[Sheet]) -> bool:
    """Find the programme of the file, or make it with its rhythm; then fill it.

    False, after refusing, where there is none and the file does not say enough to make it.
    """
    desk, table = sheet.desk, sheet.journey.programme
    if not hasattr(desk, "programme"):
        programme = _programme_of(desk, table.service if table else None)
        if programme is None:
            if table is None or table.service is None or table.model is None:
                at = sheet.journey.at.into("programme")
                at.refuse(
                    f"is missing, and {desk.authority} has none yet."
                    " Load the file that says it as well."
                )
                return False
            programme = places.add_programme(
                authority=desk.authority,
                pk=uuid4(),
                model=table.model,
                service=table.service,
                pod_every_weeks=_rhythm(all_of_it),
                by=None,
            )
            sheet.added += 1
        desk.programme = programme
    _fill_programme(sheet)
    return True


def _programme_of(desk: Desk, service: str | None) -> Programme | None:
    """The one for this service; else the one that runs; else the one that ran last."""
    rows = list(desk.authority.programmes.order_by("created_at"))
    for row in rows:
        if service and row.service.lower() == service.lower():
            return row
    running = [row for row in rows if row.ended_on is None]
    return next(reversed(running or rows), None)


def _rhythm(sheets: Iterable[Sheet]) -> int:
    said = [
        sheet.journey.small_changes.learning_pod_every_weeks
        for sheet in sheets
        if sheet.journey.small_changes
    ]
    return next(filter(None, said), Programme._meta.get_field("pod_every_weeks").default)


def _fill_programme(sheet: Sheet) -> None:
    programme, journey = sheet.desk.programme, sheet.journey
    started = journey.programme.started if journey.programme else None
    blanks = sheet.blanks(programme, **_said_of_programme(journey))
    if programme.ended_on and "starts_on" in blanks:
        del blanks["starts_on"]
    if not blanks:
        return
    only_month = bool(started and started.month_only and "starts_on" in blanks)
    own = "day of the start" if only_month and not sheet.is_made_up else None
    # Even a real start leaves the other dates to the plan: they are no facts of this authority.
    sheet.desk.is_laid_out |= "starts_on" in blanks
    sheet.desk.programme = places.change_programme(
        programme=programme,
        version=programme.version,
        by=None,
        illustrative_dates=_DATE if sheet.is_made_up or only_month else "",
        **blanks,
        **sheet.marks(programme, own, blanks),
    )
    sheet.filled += 1


def _said_of_programme(journey: Journey) -> dict:
    said: dict = {}
    if table := journey.programme:
        said["context"] = table.context
        said["starts_on"] = table.started.day if table.started else None
    if scoping := journey.scoping:
        said["believes_in_practice"] = scoping.believes_in_practice
        said["sees_system_falls_short"] = scoping.sees_system_falls_short
        said["will_listen_to_staff"] = scoping.will_listen_to_staff
        said["scoping_notes"] = scoping.notes
    if changes := journey.small_changes:
        said["changes_prioritised"] = changes.prioritised
    if coming := journey.next:
        said["what_happens_now"] = coming.now
        said["celebration"] = coming.celebration
    return said


def write_teams(sheet: Sheet) -> None:
    desk, table = sheet.desk, sheet.journey.programme
    for words in table.teams if table else []:
        there = desk.teams.find(words.text, desk.programme)
        if there or desk.memory.is_gone(desk.teams.pk_of(words.text, desk.programme)):
            continue
        sheet.add(
            desk.teams,
            words.text,
            desk.programme,
            places.add_team,
            words.at,
            authority=desk.authority,
            name=words.text,
            illustrative=sheet.mark(None),
        )


# --- the timeline and the steps


def write_timeline(sheet: Sheet) -> None:
    """Dates and places of their own, for what is on the timeline and nobody has moved."""
    standing = {
        (one.kind, one.number): one for one in Milestone.objects.filter(programme=_programme(sheet))
    }
    for row in sheet.journey.milestone:
        milestone = standing.get((row.kind, row.number or 0))
        if milestone is None:
            _miss(sheet, row)
        elif not sheet.desk.memory.is_peoples(milestone):
            _move_milestone(sheet, row, milestone)


def _miss(sheet: Sheet, row: MilestoneRow) -> None:
    """What is not on the timeline: a mistake, unless people took it off."""
    if _programme(sheet).starts_on is None:
        row.at.into("kind").refuse(
            "cannot have a date: the timeline follows from the programme's start, which nobody has"
            ' said yet. Add it: started = "2021-11", in [programme].'
        )
    elif sheet.desk.is_laid_out:
        pods = timeline.WEEKS_OF_SUPPORT // _programme(sheet).pod_every_weeks
        row.at.into("number").refuse(
            f"is {row.number}, but the timeline has {pods} learning pods. Use 1 to {pods}."
        )


def _move_milestone(sheet: Sheet, row: MilestoneRow, milestone: Milestone) -> None:
    on = row.on.day if row.on and milestone.moved_to is None else milestone.on
    place = milestone.place or row.place or ""
    if (on, place) == (milestone.on, milestone.place):
        return
    was = milestone.illustrative.split(", ") if milestone.illustrative else []
    said = [_DATE] * (on != milestone.on) + ["place"] * (place != milestone.place)
    timeline.move(
        milestone=milestone,
        on=on,
        place=place,
        by=None,
        illustrative=sheet.mark(row.illustrative, ", ".join(dict.fromkeys([*was, *said])))
        or milestone.illustrative,
    )
    sheet.filled += 1


def write_steps(sheet: Sheet) -> None:
    """Steps of which nobody has said anything yet."""
    spoken_of = set(_programme(sheet).steps.values_list("step", flat=True))
    for row in sheet.journey.step:
        if row.number in spoken_of:
            continue
        member = sheet.person(row, "done_by")
        steps.say_done(
            programme=_programme(sheet),
            step=JourneyStep.Step(row.number),
            by=None,
            person=member.user if member else None,
            said=row.said or "",
            at=at_noon(row.done),
            illustrative=sheet.mark(None),
        )
        sheet.added += 1


def _programme(sheet: Sheet) -> Programme:
    return sheet.desk.programme
