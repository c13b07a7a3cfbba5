"""After a workshop: what came out of it, where it was said, and what became of one's own words."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from programmes.models import Programme
from workshops import agreements, reading, voices
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
    # Of two voices: the whole overlay, and where the talk started.
    voices: dict
    # How many notes are in it that whoever reads it does not get.
    unread: int = 0


@dataclass(frozen=True)
class Fate:
    """A note, and what it became by itself or with its group. None is: kept, and not taken up."""

    note: Note
    harvest: Harvest | None


def parts_of(workshop: Workshop) -> list[Part]:
    """What everybody in the room saw, part by part; nothing that was never shown."""
    parts = []
    for activity in workshop.activities.in_plan().filter(opened_at__isnull=False):
        columns, things, both = [], [], {}
        if activity.is_written and activity.is_revealed:
            columns = reading.columns_of(activity, activity.notes.shown())
        elif activity.kind == ActivityKind.THEME:
            things = reading.themed(activity)[0]
        elif activity.kind == ActivityKind.VOTE and activity.is_revealed:
            things = reading.with_dots(activity, reading.things_of(activity))
        elif activity.kind == ActivityKind.PLACE and activity.is_revealed:
            placed = reading.placed(activity, reading.things_of(activity))
            things = [thing for thing in placed if thing.spot]
        elif activity.kind == ActivityKind.GIFT and activity.is_revealed:
            things = [thing for thing in reading.things_of(activity) if thing.row.gift]
        elif activity.kind == ActivityKind.DISCUSS:
            things = agreements.all_of(activity)
        elif activity.kind == ActivityKind.SENSE and activity.is_revealed:
            both = voices.about(activity)
        if things or both or any(notes for _, _, notes in columns):
            parts.append(Part(activity, columns, things, both))
    return parts


def came_of(workshop: Workshop) -> list[Harvest]:
    """What the journey has from this workshop, in the order in which it was brought in.

    Not what was taken out of the journey since: those words are nobody's to read any more.
    """
    return [one for one in _harvests_of(workshop) if not one.was_taken_out]


def _harvests_of(workshop: Workshop) -> list[Harvest]:
    return list(
        Harvest.objects.filter(activity__workshop=workshop)
        .select_related("activity", "note", "group", *TARGETS, *_OF_CHANGES)
        .order_by("created_at")
    )


def came_by_thing(workshop: Workshop) -> dict[UUID | None, Harvest]:
    """All that ever came of it, by the id of the note or the group that it came from."""
    return _by_thing(_harvests_of(workshop))


def _by_thing(harvests: list[Harvest]) -> dict[UUID | None, Harvest]:
    return {one.note_id or one.group_id: one for one in harvests}


# Targets that are read on the page of their change, with that.
_OF_CHANGES = ("stakeholder__change", "update__change", "met__change", "step__change")


@dataclass(frozen=True)
class Source:
    """The part of a workshop in which something was said, and the day."""

    title: str
    day: date | None
    workshop_pk: UUID
    activity_pk: UUID


def source_of(harvest: Harvest) -> Source:
    activity = harvest.activity
    moment = activity.opened_at or activity.workshop.starts_at
    day = timezone.localdate(moment) if moment else None
    return Source(activity.workshop.title, day, activity.workshop_id, activity.pk)


def give_sources(rows: Iterable) -> None:
    """Give each of these rows, of any kind, `sources`: where it was said, the first first.

    One query for all of them, and for what was merged into them where they have `parts`. A
    workshop in which several notes said the same is named once. Rows that were asked about before
    are left as they are, so that a region of a page may ask again.
    """
    kinds = {kind: name for name, kind in TARGETS.items()}
    waiting: dict[tuple, list] = defaultdict(list)
    for row in [part for one in rows for part in (one, *getattr(one, "parts", ()))]:
        if not hasattr(row, "sources"):
            row.sources = []
            waiting[kinds[type(row)], row.pk].append(row)
    if not waiting:
        return
    asked = defaultdict(list)
    for name, pk in waiting:
        asked[name].append(pk)
    any_of = Q()
    for name, pks in asked.items():
        any_of |= Q(**{f"{name}__in": pks})
    harvests = Harvest.objects.filter(any_of).select_related("activity__workshop")
    for harvest in harvests.order_by("created_at"):
        for row in waiting.get(harvest.became, ()):
            if all(one.workshop_pk != harvest.activity.workshop_id for one in row.sources):
                row.sources.append(source_of(harvest))


# How many of the newest things a page tells of, and how many harvests it looks through for them.
_NEWEST = 4
_LOOKED_THROUGH = 40


def newest_of(programme: Programme) -> list[Harvest]:
    """The things that came out of workshops last and still stand, each once; one query.

    Nobody who must be on board: those are people, and this is for the first page. Nor what was
    said of a change: that says little away from it.
    """
    none = {"stakeholder": None, "update": None, "met": None, "step": None}
    rows = (
        Harvest.objects.filter(activity__workshop__programme=programme, **none)
        .select_related("activity__workshop", *TARGETS)
        .order_by("-created_at")[:_LOOKED_THROUGH]
    )
    found: dict[tuple, Harvest] = {}
    for harvest in rows:
        if not harvest.was_taken_out and not getattr(harvest.target, "merged_into_id", None):
            found.setdefault(harvest.became, harvest)
    newest = list(found.values())[:_NEWEST]
    for harvest in newest:
        harvest.target.sources = [source_of(harvest)]
    return newest


_PARTS_OF_A_CHANGE = {
    "stakeholder": "change-stakeholders",
    "update": "change-story",
    "met": "change-met",
    "step": "change-steps",
}


def place_of(harvest: Harvest, slug: str) -> str:
    """The address at which a harvested thing is read, in the authority of this slug."""
    target = harvest.target
    match harvest.became[0]:
        case "strand" | "change" | "experiment" as name:
            view = "blueprints" if name == "experiment" else "smallchanges"
            return reverse(f"{view}:{name}", args=[slug, target.pk])
        case "stakeholder" | "update" | "met" | "step" as name:
            here = reverse("smallchanges:change", args=[slug, target.change_id])
            return f"{here}#{_PARTS_OF_A_CHANGE[name]}"
        case "insight":
            return reverse("blueprints:insights", args=[slug], fragment=f"row-{target.pk}")
        case "pillar":
            return reverse("blueprints:blueprint", args=[slug])
        case statements:
            return reverse("programmes:ambition", args=[slug], fragment=f"{statements}s")


def fates_of(workshop: Workshop, participant: Participant, key: str) -> list[Fate]:
    """What became of what this person wrote, as only they can ask it."""
    rows = (
        Note.objects.standing()
        .filter(activity__workshop=workshop)
        .select_related("activity", "group")
        .order_by("activity__position", "column", "id")
    )
    own = [note for note in rows if reading.is_own(note, participant, key)]
    by_row = _by_thing(came_of(workshop))
    return [Fate(note, by_row.get(note.pk) or _of_group(note, by_row)) for note in own]


def _of_group(note: Note, by_row: dict) -> Harvest | None:
    """Of a note's group, or of the group that this became part of."""
    group: Group | None = note.group
    while group is not None and group.merged_into is not None:
        group = group.merged_into
    return by_row.get(group.pk) if group is not None else None
