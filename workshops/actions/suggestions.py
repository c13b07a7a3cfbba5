"""Where people see a note, as they suggest it, and what the facilitator makes of it.

A suggestion is kept as a vote is: by `Activity.voter`, and nobody's once the workshop is over. What
people suggest is no entry in history; what is decided on it is.
"""

import uuid
from collections import defaultdict
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db import transaction

from programmes.audit import record
from programmes.editing import locked
from programmes.models import User
from workshops import telling
from workshops.actions import groups
from workshops.actions import notes as note_actions
from workshops.actions.votes import Refusal
from workshops.models import Activity, Group, Note, Participant, Suggestion
from workshops.suggestions import Tally, Targets, agreed, same, tallies

NOT_OPEN: Refusal = "Suggestions aren’t open. Say it out loud."
OVER: Refusal = "The workshop is over. What you gave is kept."
GONE: Refusal = "That isn’t here any more."
DECIDED: Refusal = "That’s decided by now. Say it out loud if you see it another way."
NONE_THERE: Refusal = "You have no suggestion there to take back."


@transaction.atomic
def let_in(*, activity: Activity, is_on: bool, by: User) -> bool:
    """Let people suggest where notes belong, or stop it; what they said until then stays."""
    row = locked(activity)
    if row.takes_suggestions == is_on:
        return False
    row.takes_suggestions = is_on
    row.save(update_fields=["takes_suggestions"])
    record("suggestions let in" if is_on else "suggestions closed", row, by=by)
    telling.grouped(row)
    return True


@transaction.atomic
def suggest(
    *,
    activity: Activity,
    participant: Participant,
    note: Note,
    group: Group | None = None,
    title: str = "",
) -> Refusal:
    """Where this person sees a note: a new suggestion replaces theirs, until it is decided on.

    Nobody decides while this is on its way: they lock the activity, which this holds.
    """
    now = note_actions.held(activity)
    if refusal := _closed_for(now, participant) or _gone(now, note, group):
        return refusal
    mine = now.suggestions.filter(voter=now.voter(participant), note=note)
    if mine.exclude(decision=None).exists():
        return DECIDED
    if group is None and (found := Targets(now).named(title)):
        group = found
    where = {"group": group, "title": "" if group else title}
    Suggestion.objects.update_or_create(
        activity=now,
        voter=now.voter(participant),
        note=note,
        defaults=where,
        create_defaults={"authority_id": now.authority_id, **where},
    )
    note_actions.take_part(activity=now, participant=participant)
    telling.suggested(now)
    return ""


@transaction.atomic
def take_back(*, activity: Activity, participant: Participant, note: Note) -> Refusal:
    """This person suggests nothing for a note any more, unless it is decided on."""
    now = note_actions.held(activity)
    if refusal := _closed_for(now, participant):
        return refusal
    mine = now.suggestions.filter(voter=now.voter(participant), note=note)
    if mine.exclude(decision=None).exists():
        return DECIDED
    if not mine.delete()[0]:
        return NONE_THERE
    telling.suggested(now)
    return ""


# --- what the facilitator makes of them


@transaction.atomic
def accept(
    *, activity: Activity, note: Note, by: User, group: Group | None = None, title: str = ""
) -> tuple[UUID, Tally] | None:
    """Put a note where people suggest; None where nobody does, or it is decided on already."""
    now = locked(activity)
    wanted = group or same(title)
    for tally in tallies(now).get(note.pk, []):
        if tally.target == wanted:
            return _settle(now, [(note, tally)], by=by), tally
    return None


@transaction.atomic
def accept_agreed(*, activity: Activity, by: User) -> tuple[UUID, int] | None:
    """Put each note where most people see it, where they agree on one; None where they do on none.

    What may name somebody waits for a look.
    """
    now = locked(activity)
    by_note = {pk: best for pk, several in tallies(now).items() if (best := agreed(several))}
    chosen = [(note, by_note[note.pk]) for note in Note.objects.shown().filter(pk__in=by_note)]
    return (_settle(now, chosen, by=by), len(chosen)) if chosen else None


@transaction.atomic
def leave(*, activity: Activity, note: Note, by: User) -> UUID | None:
    """Put the suggestions for a note aside; None where there are none."""
    now = locked(activity)
    decision = uuid.uuid4()
    if not now.suggestions.open().filter(note=note).update(decision=decision):
        return None
    record("suggestions put aside", now, by=by)
    telling.suggested(now)
    return decision


@transaction.atomic
def reopen(*, activity: Activity, decision: UUID, by: User) -> bool:
    """Take a decision back: notes go where they were, and people can change their minds again.

    A note that was moved on since stays where it is now.
    """
    now = locked(activity)
    rows = now.suggestions.filter(decision=decision)
    settled = list(rows.select_related("note", "came_from", "went_to"))
    if not settled:
        return False
    moved = {one.note_id: one for one in settled if one.note.group_id == one.went_to_id}
    by_place: dict[Group | None, list[Note]] = defaultdict(list)
    for one in moved.values():
        if one.went_to_id is not None:
            by_place[one.came_from].append(one.note)
    for group, several in by_place.items():
        note_actions.place(activity=now, notes=several, group=group, by=by)
    rows.update(decision=None, came_from=None, went_to=None)
    for group in {one.went_to for one in settled if _was_started_by(one)}:
        if not group.notes.exists():
            groups.remove(group=group, by=by)
    record("suggestions reopened", now, by=by)
    telling.suggested(now)
    return True


def _settle(activity: Activity, chosen: list[tuple[Note, Tally]], *, by: User) -> UUID:
    """Move each note where its tally says, and close what was suggested for it."""
    decision = uuid.uuid4()
    by_target: dict[Group | str, list[tuple[Note, Tally]]] = defaultdict(list)
    for note, tally in chosen:
        by_target[tally.target].append((note, tally))
    for several in by_target.values():
        notes, tally = [note for note, _ in several], several[0][1]
        group = tally.group or groups.add(
            activity=activity, pk=uuid.uuid4(), title=tally.title, notes=[], by=by
        )
        for note in notes:
            _close(activity, note, tally, decision=decision, went_to=group)
        note_actions.place(activity=activity, notes=notes, group=group, by=by)
    record("suggestions accepted", activity, by=by, notes=len(chosen))
    return decision


def _close(activity: Activity, note: Note, tally: Tally, *, decision: UUID, went_to: Group) -> None:
    rows = activity.suggestions.open().filter(note=note)
    if tally.group:
        # Whoever typed the name of a group that is there by now meant it.
        for one in rows.exclude(title=""):
            if same(one.title) == same(tally.group.title):
                rows.filter(pk=one.pk).update(group=tally.group, title="")
    rows.update(decision=decision, came_from=note.group_id, went_to=went_to)


def _was_started_by(one: Suggestion) -> bool:
    """Whether its group came to be by the decision on it."""
    return bool(one.title and one.went_to and same(one.title) == same(one.went_to.title))


def _closed_for(activity: Activity, participant: Participant) -> Refusal:
    if participant.workshop_id != activity.workshop_id:
        raise BadRequest("This activity is another room's.")
    if activity.is_over or participant.removed_at:
        return OVER
    return "" if activity.takes_suggestions else NOT_OPEN


def _gone(activity: Activity, note: Note, group: Group | None) -> Refusal:
    if note.activity.workshop_id != activity.workshop_id:
        raise BadRequest("This was said in another room.")
    if group and group.activity_id != activity.pk:
        raise BadRequest("This group is another theme's.")
    lost = group and (group.removed_at or group.merged_into_id)
    return "" if note.may_be_shown and not lost else GONE
