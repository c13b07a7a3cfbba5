"""After a workshop: what came out of it, and what became of what each person wrote."""

from dataclasses import dataclass

from workshops import reading
from workshops.models import (
    TARGETS,
    Activity,
    ActivityKind,
    Group,
    Harvest,
    Note,
    Participant,
    Workshop,
)
from workshops.reading import Thing


@dataclass
class Part:
    """One activity as it is looked back at: what was written, grouped, chosen or agreed."""

    activity: Activity
    columns: list[tuple[int, str, list[Note]]]
    things: list[Thing]


@dataclass(frozen=True)
class Fate:
    """A note, and what it became by itself or with its group. None is: kept, and not taken up."""

    note: Note
    harvest: Harvest | None


def parts_of(workshop: Workshop) -> list[Part]:
    """What everybody in the room saw, part by part; nothing that was never shown."""
    parts = []
    for activity in workshop.activities.in_plan().filter(opened_at__isnull=False):
        columns, things = [], []
        if activity.is_written and activity.is_revealed:
            columns = reading.columns_of(activity, activity.notes.shown())
        elif activity.kind == ActivityKind.THEME:
            things = reading.themed(activity)[0]
        elif activity.kind == ActivityKind.VOTE and activity.is_revealed:
            things = reading.with_dots(activity, reading.things_of(activity))
        elif activity.kind == ActivityKind.DISCUSS:
            things = [one for one in reading.things_of(activity) if one.row.outcome]
        if things or any(notes for _, _, notes in columns):
            parts.append(Part(activity, columns, things))
    return parts


def came_of(workshop: Workshop) -> list[Harvest]:
    """What the journey has from this workshop, in the order in which it was brought in."""
    return list(
        Harvest.objects.filter(activity__workshop=workshop)
        .select_related("note", "group", *TARGETS)
        .order_by("created_at")
    )


def fates_of(workshop: Workshop, participant: Participant, key: str) -> list[Fate]:
    """What became of what this person wrote, as only they can ask it."""
    rows = (
        Note.objects.standing()
        .filter(activity__workshop=workshop)
        .select_related("activity", "group")
        .order_by("activity__position", "column", "id")
    )
    own = [note for note in rows if reading.is_own(note, participant, key)]
    by_row = {(one.note_id or one.group_id): one for one in came_of(workshop)}
    return [Fate(note, by_row.get(note.pk) or _of_group(note, by_row)) for note in own]


def _of_group(note: Note, by_row: dict) -> Harvest | None:
    """Of a note's group, or of the group that this became part of."""
    group: Group | None = note.group
    while group is not None and group.merged_into is not None:
        group = group.merged_into
    return by_row.get(group.pk) if group is not None else None
