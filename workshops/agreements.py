"""What people agreed in their talks: in this one, and before about the same thing."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from workshops import reading
from workshops.models import Activity, Agreement, Group, Note, Workshop
from workshops.reading import Thing


@dataclass(frozen=True)
class Before:
    """What was said in an earlier talk, or in this one of something that became part of it."""

    pk: UUID
    outcome: str
    is_here: bool
    # The talk's title, or that of the other session that it was in.
    where: str
    # What it was said of, where that has other words.
    about: str
    # Those words are a note's own, and no group's name or barrier.
    is_of_a_note: bool


def talked_of(activity: Activity, *, everywhere: bool = False) -> list[Thing]:
    """The things of a talk, most dots first, with what was agreed about each now and before.

    `everywhere` looks at other sessions of the programme too: for the facilitator, since a guest of
    this one may not see what was agreed in those.
    """
    things = reading.by_dots(activity, reading.things_of(activity))
    _put_beside(things, activity, everywhere=everywhere)
    return things


def all_of(activity: Activity) -> list[Thing]:
    """What was agreed in a talk, to look back at: about what was taken apart since, too."""
    things = talked_of(activity)
    shown = {one.pk for thing in things for one in thing.before}
    shown |= {thing.agreement.pk for thing in things if thing.agreement}
    rows = activity.agreements.said().exclude(pk__in=shown).select_related("group", "note")
    talked = [thing for thing in things if thing.agreement or any(b.is_here for b in thing.before)]
    return talked + [Thing(one.about, agreement=one) for one in rows]


def of_groups(workshop: Workshop) -> dict[UUID, str]:
    """What was agreed last about each group of a workshop, by the group's id."""
    rows = Agreement.objects.said().filter(activity__workshop=workshop, group__isnull=False)
    return dict(rows.order_by("activity__position").values_list("group", "outcome"))


def _put_beside(things: list[Thing], activity: Activity, *, everywhere: bool) -> None:
    said = _said(activity, everywhere=everywhere)
    if not said:
        return
    workshop = activity.workshop
    merged = _links(Group.objects.filter(activity__workshop=workshop), "merged_into")
    # Only from other sessions is anything brought in.
    others = Note.objects.filter(activity__workshop__programme=workshop.programme_id)
    carried = _links(others, "carried_from") if everywhere else {}
    for thing in things:
        found = {one.pk: one for name in _names(thing, merged, carried) for one in said[name]}
        for one in sorted(found.values(), key=lambda one: one.created_at):
            if one.activity_id == activity.pk and one.about.pk == thing.pk:
                thing.agreement = one
            elif _came_before(one, activity):
                thing.before.append(_before(one, thing, activity))


def _said(activity: Activity, *, everywhere: bool) -> dict[UUID, list[Agreement]]:
    """Agreements by the id of what they are about, and of the barrier that a note stands for."""
    workshop = activity.workshop
    rows = Agreement.objects.said().select_related("group", "note", "activity__workshop")
    if everywhere:
        rows = rows.filter(activity__workshop__programme=workshop.programme_id)
    else:
        rows = rows.filter(activity__workshop=workshop)
    said: dict[UUID, list[Agreement]] = defaultdict(list)
    for one in rows:
        said[one.about.pk].append(one)
        if one.note is not None and one.note.barrier_id is not None:
            said[one.note.barrier_id].append(one)
    return said


def _links(rows, field: str) -> dict[UUID, UUID]:
    return dict(rows.filter(**{f"{field}__isnull": False}).values_list("pk", field))


def _names(thing: Thing, merged: dict[UUID, UUID], carried: dict[UUID, UUID]) -> Iterator[UUID]:
    """The ids under which people may have talked about a thing, and about what is in it."""
    yield thing.pk
    for pk in merged:
        *_, last = _along(merged, pk)
        if last == thing.pk:
            yield pk
    for note in [*thing.notes, *([thing.note] if thing.note else [])]:
        yield from _along(carried, note.pk)
        if note.barrier_id is not None:
            yield note.barrier_id


def _along(links: dict[UUID, UUID], pk: UUID) -> Iterator[UUID]:
    while True:
        yield pk
        if pk not in links:
            return
        pk = links[pk]


def _came_before(one: Agreement, activity: Activity) -> bool:
    """In this session by the plan, in others by the clock."""
    if one.activity.workshop_id == activity.workshop_id:
        return one.activity.position <= activity.position
    return activity.opened_at is None or one.created_at < activity.opened_at


def _before(one: Agreement, thing: Thing, activity: Activity) -> Before:
    talk = one.activity
    where = talk.title if talk.workshop_id == activity.workshop_id else talk.workshop.title
    about = "" if str(one.about) == str(thing) else str(one.about)
    of_a_note = one.note is not None and one.note.barrier_id is None
    return Before(one.pk, one.outcome, talk.pk == activity.pk, where, about, of_a_note)
