"""What people count, and what they say of the time that a change gives back."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from programmes.audit import record
from programmes.editing import locked, make_once, next_position, save_version, unless_taken
from programmes.models import Membership, User
from smallchanges.models import Measure, Reading, SmallChange, TimeBack
from smallchanges.timeback import week_of


@transaction.atomic
def add_measure(
    *,
    change: SmallChange,
    pk: UUID,
    what: str,
    unit: str,
    better: str,
    baseline: Decimal | None,
    baseline_on: date | None,
    target: Decimal | None,
    by: User | None,
    illustrative: str = "",
) -> Measure:
    """Raises `Taken` where the change counts the same already."""
    measure, is_new = make_once(
        change.measures,
        pk=pk,
        constraint="measure_once_in_a_change",
        authority_id=change.authority_id,
        what=what,
        unit=unit,
        better=better,
        baseline=baseline,
        baseline_on=baseline_on,
        target=target,
        position=next_position(change.measures),
        illustrative=illustrative,
    )
    if is_new:
        record("measure added", measure, by=by, better=better)
    return measure


@transaction.atomic
def edit_measure(*, measure: Measure, version: int, by: User | None, **fields) -> Measure:
    """Raises `Stale` and `Taken`."""
    with unless_taken("measure_once_in_a_change"):
        save_version(measure, version=version, **fields)
    record("measure edited", measure, by=by, better=measure.better)
    return measure


@transaction.atomic
def add_reading(
    *,
    measure: Measure,
    pk: UUID,
    on: date,
    value: Decimal,
    note: str,
    by: User | None,
    illustrative: str = "",
) -> Reading:
    """Raises `Taken` where that day has one already."""
    reading, is_new = make_once(
        measure.readings,
        pk=pk,
        constraint="reading_once_a_day",
        authority_id=measure.authority_id,
        on=on,
        value=value,
        note=note,
        illustrative=illustrative,
    )
    if is_new:
        record("reading added", measure, by=by, reading=str(reading.pk), on=on.isoformat())
    return reading


@transaction.atomic
def say_time_back(
    *, change: SmallChange, member: Membership, by: User | None, **said: str
) -> TimeBack:
    """What a member says of this week: `gives_back`, `costs`, or both; a later answer replaces.

    History keeps that they answered, as of every write, and never what.
    """
    week = week_of(timezone.localdate())
    told, is_new = TimeBack.objects.get_or_create(
        change=change,
        member=member,
        week=week,
        defaults={"authority_id": change.authority_id} | said,
    )
    if not is_new:
        told = locked(told)
        if all(getattr(told, name) == hours for name, hours in said.items()):
            return told
        for name, hours in said.items():
            setattr(told, name, hours)
        told.save(update_fields=list(said))
    record("time back told", change, by=by)
    return told


@transaction.atomic
def take_back_time_back(*, change: SmallChange, member: Membership, by: User | None) -> bool:
    """What a member said of this week is gone, for good; False where there was nothing."""
    week = week_of(timezone.localdate())
    gone, _ = TimeBack.objects.filter(change=change, member=member, week=week).delete()
    if gone:
        record("time back taken back", change, by=by)
    return bool(gone)
