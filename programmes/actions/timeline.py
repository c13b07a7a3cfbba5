"""The timeline: laid out from the start date, and moved by people."""

from datetime import date, timedelta

from django.db import transaction

from programmes.audit import record
from programmes.editing import locked
from programmes.models import Milestone, Programme, User

Kind = Milestone.Kind

# Weeks after the launch. The order is the programme's model: launch, two ambition workshops, the
# three workshops of the Small Changes Inspiration Programme; then 16 weeks of support with a
# learning pod every few weeks (by `pod_every_weeks`); then sensemaking, the blueprint and a
# celebration. The model gives the order and the 16 weeks. That workshops are two weeks apart, and
# that the blueprint and the celebration follow at a month's distance, is our choice: enough time to
# tidy up what came out of one before the next begins. People move what does not suit them.
WEEKS_AFTER_LAUNCH = {
    Kind.LAUNCH: 0,
    Kind.VALUES: 2,
    Kind.VISION: 4,
    Kind.MISSION: 6,
    Kind.DEVELOP: 8,
    Kind.INFLUENCE: 10,
    Kind.SENSEMAKING: 28,
    Kind.BLUEPRINT: 32,
    Kind.CELEBRATION: 36,
}
WEEKS_OF_SUPPORT = 16


def is_planned(milestone: Milestone, programme: Programme) -> bool:
    """False for a learning pod that people held on to when the rhythm left no place for it."""
    return milestone.number * programme.pod_every_weeks <= WEEKS_OF_SUPPORT


def planned_day(milestone: Milestone, programme: Programme) -> date | None:
    """Where the plan has it; None where it has no place for it, and while there is no start."""
    if programme.starts_on is None or not is_planned(milestone, programme):
        return None
    return milestone.laid_out_on


def plan(programme: Programme) -> dict[tuple[str, int], date]:
    """Where the model puts each (kind, number); empty while there is no start date."""
    if programme.starts_on is None:
        return {}
    pods = range(1, WEEKS_OF_SUPPORT // programme.pod_every_weeks + 1)
    places = [(str(kind), 0) for kind in WEEKS_AFTER_LAUNCH] + [(str(Kind.POD), n) for n in pods]
    return {place: programme.starts_on + _after_launch(programme, *place) for place in places}


def _after_launch(programme: Programme, kind: str, number: int) -> timedelta:
    weeks = WEEKS_AFTER_LAUNCH.get(Kind(kind))
    if weeks is None:
        weeks = WEEKS_AFTER_LAUNCH[Kind.INFLUENCE] + number * programme.pod_every_weeks
    return timedelta(weeks=weeks)


@transaction.atomic
def lay_out(*, programme: Programme, by: User | None, illustrative: str = "") -> list[Milestone]:
    """Bring the timeline in line with the programme's start and rhythm; safe to call at any time.

    Every date is a whole number of weeks after the launch, so all fall on its weekday. A date that
    people moved stays where they put it; only where "back to plan" would lead is counted anew. A
    pod that falls out of a new rhythm goes, unless somebody gave it a date or a place of its own.
    Without a start date only such dates are left. Writes one event, and none where nothing changed.

    `illustrative` marks the dates that are new, where the start they follow from is made up.
    """
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    wanted = plan(programme)
    standing = {(row.kind, row.number): row for row in programme.milestones.all()}
    dropped = [
        row
        for key, row in standing.items()
        if key not in wanted and row.moved_to is None and not row.place
    ]
    added = [
        Milestone(
            authority_id=programme.authority_id,
            programme=programme,
            kind=kind,
            number=number,
            laid_out_on=day,
            illustrative=illustrative,
        )
        for (kind, number), day in wanted.items()
        if (kind, number) not in standing
    ]
    shifted = _shifted(programme, [row for row in standing.values() if row not in dropped])
    if added or dropped or shifted:
        # Only while nobody gives one a date or a place of its own in this very moment: whoever was
        # quicker is waited for, and the row looked at again.
        still = Milestone.objects.filter(
            pk__in=[row.pk for row in dropped], moved_to=None, place=""
        ).select_for_update()
        Milestone.objects.filter(pk__in=[row.pk for row in still]).delete()
        Milestone.objects.bulk_create(added)
        Milestone.objects.bulk_update(shifted, ["laid_out_on"])
        record(
            "timeline laid out",
            programme,
            by=by,
            starts_on=programme.starts_on.isoformat() if programme.starts_on else None,
            pod_every_weeks=programme.pod_every_weeks,
        )
    return list(programme.milestones.all())


def _shifted(programme: Programme, rows: list[Milestone]) -> list[Milestone]:
    """Those of `rows` that the plan now puts on another day, with that day set."""
    if programme.starts_on is None:
        return []
    shifted = []
    for row in rows:
        day = programme.starts_on + _after_launch(programme, row.kind, row.number)
        if row.laid_out_on != day:
            row.laid_out_on = day
            shifted.append(row)
    return shifted


@transaction.atomic
def move(
    *, milestone: Milestone, on: date, place: str, by: User | None, illustrative: str | None = None
) -> bool:
    """Give it a day and a place of its own; the planned day means that it follows the plan again.

    `illustrative`, unless it is None, says what of it is made up.

    False, and no event, where that is so already.
    """
    row = locked(milestone)
    moved_to = None if on == row.laid_out_on else on
    if (row.moved_to, row.place) == (moved_to, place):
        return False
    before = row.on
    row.moved_to, row.place = moved_to, place
    if illustrative is not None:
        row.illustrative = illustrative
    row.save(update_fields=["moved_to", "place", "illustrative"])
    record("date moved", row, by=by, before=before.isoformat(), after=on.isoformat())
    return True


@transaction.atomic
def put_back(*, milestone: Milestone, by: User) -> bool:
    """Back to the day that the plan gives it; its place stays.

    False, and no event, where it is there already, and where there is no plan to go back to.
    """
    row = locked(milestone)
    if row.moved_to is None or planned_day(row, row.programme) is None:
        return False
    before = row.on
    row.moved_to = None
    row.save(update_fields=["moved_to"])
    record(
        "date put back", row, by=by, before=before.isoformat(), after=row.laid_out_on.isoformat()
    )
    return True


@transaction.atomic
def drop_pod(*, pod: Milestone, by: User) -> None:
    """Take a pod off the timeline for which the rhythm has no place any more."""
    record("pod dropped", pod, by=by, on=pod.on.isoformat())
    pod.delete()


@transaction.atomic
def keep_pod(*, programme: Programme, number: int, on: date, place: str, by: User) -> Milestone:
    """Undo `drop_pod`."""
    planned = on
    if programme.starts_on is not None:
        planned = programme.starts_on + _after_launch(programme, Kind.POD, number)
    pod, made = Milestone.objects.get_or_create(
        programme=programme,
        kind=Kind.POD,
        number=number,
        defaults={
            "authority_id": programme.authority_id,
            "laid_out_on": planned,
            "moved_to": on,
            "place": place,
        },
    )
    if made:
        record("pod kept", pod, by=by, on=on.isoformat())
    return pod
