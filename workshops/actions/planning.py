"""Planning a workshop: its day and place, its blocks, and who helps to run it."""

from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from programmes.actions import timeline
from programmes.audit import record
from programmes.editing import Stale, locked, make_once, save_version, shift
from programmes.models import Milestone, Programme, User
from workshops import letters, plans, telling
from workshops.actions import pods
from workshops.letters import Address
from workshops.models import (
    WITH_A_CHANGE,
    Activity,
    ActivityKind,
    CoFacilitator,
    SessionKind,
    Template,
    Workshop,
)

# When a workshop begins that is planned from a date on the timeline, until somebody says otherwise.
TEN_O_CLOCK = time(10)


class HasBegun(Exception):
    """People have been there already: it cannot be taken away or left out."""


@transaction.atomic
def plan(
    *,
    programme: Programme,
    pk: UUID,
    by: User | None,
    title: str,
    kind: str = "",
    template: Template | None = None,
    milestone: Milestone | None = None,
    starts_at: datetime | None = None,
    place: str = "",
) -> Workshop:
    """A workshop with the blocks of a ready-made session, or without any to begin with.

    A learning pod's blocks are made from how the small changes stand (`actions/pods.py`).
    """
    row, made = make_once(
        programme.authority.workshops,
        pk=pk,
        constraint="",
        programme=programme,
        milestone=milestone,
        template=template,
        kind=template.kind if template else kind,
        title=title,
        starts_at=starts_at,
        place=place,
        created_by=by,
    )
    if made:
        Activity.objects.bulk_create(_copies(row, template))
        record("workshop planned", row, by=by, kind=str(row.kind))
        _move_its_date(row, by=by)
        if row.kind == SessionKind.POD and template:
            pods.make_agenda(workshop=row, by=by)
    return row


def _copies(workshop: Workshop, template: Template | None) -> list[Activity]:
    return [
        Activity(
            authority_id=workshop.authority_id,
            workshop=workshop,
            position=position,
            **block.words(),
        )
        for position, block in enumerate(template.blocks.all() if template else [])
    ]


def start_on(day: date) -> datetime:
    """A time to begin with on this day."""
    return datetime.combine(day, TEN_O_CLOCK, timezone.get_current_timezone())


@transaction.atomic
def plan_date(*, milestone: Milestone, pk: UUID, by: User | None) -> Workshop:
    """The workshop of a date on the timeline, from its ready-made session; once for each date."""
    row = locked(milestone)
    if (there := row.workshops.order_by("created_at").first()) is not None:
        return there
    made = plan(
        programme=row.programme,
        pk=pk,
        by=by,
        title=row.title,
        kind=SessionKind(row.kind),
        template=Template.objects.newest().filter(kind=row.kind).first(),
        milestone=row,
        starts_at=start_on(row.on),
        place=row.place,
    )
    if made.kind == SessionKind.POD and made.template is None:
        pods.make_agenda(workshop=made, by=by)
    return made


@transaction.atomic
def change(
    *, workshop: Workshop, version: int, by: User | None, address: Address, **fields
) -> Workshop:
    """Another title, day or place. Whoever is invited is told where one of the three is new."""
    row = locked(workshop)
    was, before = row.starts_at, {name: getattr(row, name) for name in fields}
    if before == fields and row.version == version:
        return row
    row = save_version(row, version=version, **fields)
    record("workshop changed", row, by=by, on=_day(row.starts_at))
    _move_its_date(row, by=by)
    letters.tell_of_change(row, was=was, by=by, address=address)
    return row


def _day(moment: datetime | None) -> str | None:
    return timezone.localdate(moment).isoformat() if moment else None


def _move_its_date(row: Workshop, *, by: User | None) -> None:
    """The timeline says the same day and place as its workshop."""
    if row.milestone and row.starts_at:
        timeline.move(
            milestone=row.milestone,
            on=timezone.localdate(row.starts_at),
            place=row.place or row.milestone.place,
            by=by,
        )


@transaction.atomic
def call_off(*, workshop: Workshop, by: User, address: Address) -> None:
    """It does not happen: it is gone, and whoever was invited is told.

    Raises `HasBegun` once its doors were open, since people may have written in it.
    """
    row = locked(workshop)
    if row.doors_opened_at is not None:
        raise HasBegun
    record("workshop called off", row, by=by, on=_day(row.starts_at))
    letters.tell_of_end(row, by=by, address=address)
    row.delete()


@transaction.atomic
def set_co_facilitators(*, workshop: Workshop, users: list[User], by: User) -> None:
    """Who may run it, beside those who may run every one."""
    row = locked(workshop)
    before = {one.user_id for one in row.co_facilitators.all()}
    if before == {user.pk for user in users}:
        return
    row.co_facilitators.exclude(user__in=users).delete()
    CoFacilitator.objects.bulk_create(
        CoFacilitator(authority_id=row.authority_id, workshop=row, user=user)
        for user in users
        if user.pk not in before
    )
    record("co-facilitators chosen", row, by=by, users=sorted(user.pk for user in users))


# --- blocks


@transaction.atomic
def add_block(
    *,
    workshop: Workshop,
    pk: UUID,
    by: User,
    after: Activity | None = None,
    at: int | None = None,
    **fields,
) -> Activity:
    """A new block after another one, at a place in the plan, or at its end."""
    row = locked(workshop)
    blocks = _in_order(row)
    if after in blocks:
        at = blocks.index(after) + 1
    place = len(blocks) if at is None else min(at, len(blocks))
    made, is_new = make_once(
        Activity.objects.filter(authority_id=row.authority_id, workshop=row),
        pk=pk,
        constraint="",
        authority_id=row.authority_id,
        workshop=row,
        position=place,
        **fields,
    )
    if is_new:
        blocks.insert(place, made)
        _renumber(blocks)
        if after in blocks:
            pods.keep_order(row)
        pods.take_back_in(row, made.agenda_key)
        record("block added", made, by=by, kind=str(made.kind))
        _tell_the_room(row)
    return made


def _tell_the_room(workshop: Workshop) -> None:
    """Who runs it while the plan changes sees the new one."""
    if workshop.doors_opened_at:
        telling.screen(workshop)


def _in_order(workshop: Workshop) -> list[Activity]:
    return list(workshop.activities.order_by("position", "created_at"))


def _renumber(blocks: list[Activity]) -> None:
    for position, block in enumerate(blocks):
        block.position = position
    Activity.objects.bulk_update(blocks, ["position"])


@transaction.atomic
def change_block(*, block: Activity, version: int, by: User, **fields) -> Activity:
    """Other words or minutes. Of a block that people have been in, what it asked for stays."""
    row = locked(block)
    # It began while somebody wrote: what it asks for is not theirs to change any more.
    if row.opened_at and {"kind", "columns", "candour", "dots"} & fields.keys():
        raise Stale(row)
    if fields.get("kind", row.kind) not in WITH_A_CHANGE:
        fields["change"] = None
    saved = save_version(row, version=version, **fields)
    record("block changed", saved, by=by)
    _tell_the_room(saved.workshop)
    return saved


@transaction.atomic
def order_block(*, row: Activity, places: int, by: User) -> bool:
    """Up (less than 0) or down in the plan; False where there is no such place for it."""
    workshop = locked(row.workshop)
    if not places or not shift(Activity.objects.filter(workshop=row.workshop_id), row, by=places):
        return False
    pods.keep_order(workshop)
    record("block moved", row, by=by, places=places)
    _tell_the_room(workshop)
    return True


@transaction.atomic
def double_block(*, block: Activity, pk: UUID, by: User) -> Activity:
    """The same once more, right after it, as if nobody had been there.

    Where it is for a small change, the new one is for the next that has none of its kind yet.
    """
    words = block.words() | {"change": plans.next_after(block)}
    if block.kind == ActivityKind.LOOK and words["change"]:
        words["title"] = plans.title_of_look(words["change"])
    return add_block(workshop=block.workshop, pk=pk, after=block, by=by, **words)


@transaction.atomic
def skip_block(*, block: Activity, is_skipped: bool, by: User) -> bool:
    """Leave it out of the plan, or take it back in; False where that is so already.

    Raises `HasBegun` where people have been there.
    """
    row = locked(block)
    if row.is_skipped == is_skipped:
        return False
    if row.opened_at is not None:
        raise HasBegun
    row.is_skipped = is_skipped
    row.save(update_fields=["is_skipped"])
    record("block left out" if is_skipped else "block taken back in", row, by=by)
    _tell_the_room(row.workshop)
    return True


@transaction.atomic
def remove_block(*, block: Activity, by: User) -> dict:
    """Take it out of the plan for good; returns what `add_block` makes it anew from.

    Raises `HasBegun` where people have been there.
    """
    row = locked(block)
    if row.opened_at is not None or row.notes.exists():
        raise HasBegun
    record("block removed", row, by=by)
    kept = row.words() | {"at": row.position, "is_skipped": row.is_skipped}
    kept |= {name: getattr(row, name) for name in ("agenda_key", "reason", "if_time")}
    pods.leave_out(row)
    if row.change_id is not None:
        kept["change_id"] = str(row.change_id)
    row.delete()
    _tell_the_room(row.workshop)
    return kept
