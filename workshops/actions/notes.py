"""What people write in a room, and what the facilitator may do with it.

Writing is nobody's entry in history: that a person took part is kept, never what they gave.
"""

from uuid import UUID

from django.core.exceptions import BadRequest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from psycopg import sql

from blueprints.actions import close_round
from programmes import guard
from programmes.audit import record
from programmes.editing import Stale, locked
from programmes.models import User
from workshops import telling
from workshops.models import (
    NOTE_LENGTH,
    Activity,
    Candour,
    Group,
    Note,
    Participant,
    TakingPart,
    writer_digest,
)


class Closed(Exception):
    """The workshop is over, or its time to give is: nothing can be written any more."""


def write(
    *,
    activity: Activity,
    participant: Participant,
    key: str,
    pk: UUID,
    text: str,
    column: int = 0,
    influence: int = 0,
    support: int = 0,
    ask: str = "",
) -> Note:
    """A new note. `pk` is made in the browser, so that a note that is sent twice is there once.

    `key` is the device's own. A note that may name a person or a case is held back. Raises `Closed`
    after the workshop's end, and BadRequest where the id is somebody else's.
    """
    mine = writer_digest(key, pk)
    note = Note(
        pk=pk,
        column=column,
        text=text,
        writer_digest=mine,
        held_for=_held_for(text, ask),
        influence=influence,
        support=support,
        ask=ask,
    )
    try:
        with transaction.atomic():
            _write(note, held(activity), participant)
    except IntegrityError:
        there = Note.objects.select_related("activity").filter(pk=pk).first()
        if there is None:
            raise
        if there.writer_digest != mine:
            raise BadRequest("This id is not ours to give.") from None
        return there
    return note


def _write(note: Note, activity: Activity, participant: Participant) -> None:
    _check_open(activity)
    note.activity, note.authority_id = activity, activity.authority_id
    note.candour, note.created_at = activity.candour, activity.day_given
    note.participant = None if activity.candour == Candour.ANONYMOUS else participant
    note.position = activity.next_position
    note.save(force_insert=True)
    take_part(activity=activity, participant=participant)
    telling.written(note)


@transaction.atomic
def change(*, note: Note, version: int, text: str, **words) -> Note:
    """Its writer's other words. Raises `Stale` where it was changed, or tidied, meanwhile."""
    _check_open(held(note.activity))
    row = _standing(note)
    if row.version != version:
        raise Stale(row)
    row.text, row.as_written = text, ""
    for name, value in words.items():
        setattr(row, name, value)
    row.held_for = _held_for(text, row.ask)
    row.version += 1
    row.save()
    telling.changed(row)
    return row


@transaction.atomic
def take_back(*, note: Note) -> bool:
    """Its writer takes it away; they can put it back. False where it is gone already."""
    row = locked(note, may_be_pointed_at=True)
    if row.removed_at or row.redacted_at:
        return False
    row.removed_at = row.activity.day_given
    row.save(update_fields=["removed_at"])
    telling.changed(row)
    return True


@transaction.atomic
def say_done(*, activity: Activity, participant: Participant) -> None:
    """This person has no more to give here. Raises `Closed` where nobody is asked any more."""
    now = held(activity)
    _check_open(now)
    take_part(activity=now, participant=participant, is_done=True)


@transaction.atomic
def put_back(*, note: Note) -> Note:
    row = locked(note, may_be_pointed_at=True)
    row.removed_at = None
    row.save(update_fields=["removed_at"])
    telling.changed(row)
    return row


def take_part(*, activity: Activity, participant: Participant, is_done: bool = False) -> None:
    """That this person gave something, or says that they have no more."""
    one = TakingPart(
        authority_id=activity.authority_id,
        activity=activity,
        participant=participant,
        created_at=activity.day_given,
        is_done=is_done,
    )
    if is_done:
        once = ["activity", "participant"]
        TakingPart.objects.bulk_create(
            [one], update_conflicts=True, unique_fields=once, update_fields=["is_done"]
        )
    else:
        TakingPart.objects.bulk_create([one], ignore_conflicts=True)


# --- the room


@transaction.atomic
def reveal(*, activity: Activity, by: User) -> Activity:
    """Show everybody what was written, in an order that tells nothing of who wrote when.

    Each row is written anew in that order, since PostgreSQL keeps marks of when and beside what a
    row was written (`reliability.md` 5). Revealing once more changes nothing. A round of two voices
    is closed by it, for good.
    """
    row = locked(activity)
    if row.revealed_at:
        return row
    row.revealed_at = timezone.now()
    row.save(update_fields=["revealed_at"])
    if row.round is not None:
        close_round(placing=row.round, by=by)
    shuffle(row)
    record("activity revealed", row, by=by)
    telling.moved_on(row.workshop)
    return row


def shuffle(activity: Activity) -> None:
    """Write an activity's notes anew, in random order.

    Taken out and put in again: an updated row stays on its page where there is room, and so would
    lie beside those that were written with it.
    """
    columns: list[sql.Composable] = [
        sql.Identifier(str(field.column))
        for field in Note._meta.concrete_fields
        if field.name != "position"
    ]
    query = sql.SQL(
        "WITH gone AS (DELETE FROM workshops_note WHERE activity_id = %s RETURNING *),"
        " mixed AS (SELECT * FROM gone ORDER BY gen_random_uuid())"
        " INSERT INTO workshops_note ({columns}, position)"
        " SELECT {columns}, row_number() OVER () - 1 FROM mixed"
    ).format(columns=sql.SQL(", ").join(columns))
    with connection.cursor() as cursor:
        cursor.execute(query, [activity.pk])


@transaction.atomic
def report(*, note: Note) -> None:
    """Anybody may ask for a look: the note leaves every screen at once."""
    row = _standing(note)
    row.held_for = Note.HeldFor.REPORT
    row.save(update_fields=["held_for"])
    telling.changed(row)


@transaction.atomic
def show(*, note: Note, by: User) -> Note:
    """The facilitator has looked, and it may be seen."""
    row = _standing(note)
    row.held_for = ""
    row.save(update_fields=["held_for"])
    record("note shown", row, by=by)
    telling.changed(row)
    return row


@transaction.atomic
def tidy(*, note: Note, version: int, text: str, by: User) -> Note:
    """The facilitator's wording. The writer's is kept beside it, and it is marked as tidied."""
    row = _standing(note)
    if row.version != version:
        raise Stale(row)
    row.as_written = row.as_written or row.text
    row.text, row.held_for = text, ""
    row.version += 1
    row.save(update_fields=["as_written", "text", "held_for", "version"])
    record("note tidied", row, by=by)
    telling.changed(row)
    return row


@transaction.atomic
def redact(*, note: Note, by: User) -> Note:
    """Overwrite what should not have been written. It is kept nowhere, and cannot come back."""
    row = locked(note, may_be_pointed_at=True)
    row.text = row.as_written = row.ask = ""
    row.held_for, row.redacted_at, row.redacted_by = "", timezone.now(), by
    row.version += 1
    row.save()
    row.agreements.all().delete()
    record("note redacted", row, by=by)
    telling.redacted(row)
    return row


@transaction.atomic
def place(*, activity: Activity, notes: list[Note], group: Group | None, by: User) -> int:
    """Put notes into one of a theme activity's groups, or out of any; how many moved."""
    pks = [note.pk for note in notes]
    moved = Note.objects.filter(pk__in=pks).exclude(group=group).update(group=group)
    if moved:
        record("notes placed", activity, by=by, group=str(group.pk) if group else "", notes=moved)
        telling.grouped(activity)
    return moved


def bring_in_barriers(activity: Activity) -> None:
    """The barriers of the ambition as notes to group, each of which stands for its barrier."""
    barriers = activity.workshop.programme.barriers.standing()
    Note.objects.bulk_create(
        Note(
            authority_id=activity.authority_id,
            activity=activity,
            text=barrier.text[:NOTE_LENGTH],
            candour=Candour.HIDDEN,
            barrier=barrier,
            position=position,
        )
        for position, barrier in enumerate(barriers)
    )


@transaction.atomic
def bring_in_parked(*, activity: Activity, by: User) -> int:
    """What earlier sessions left for this one, among what is written here; answers how many.

    Each is the note again, in its words as they stood; what it came from is kept.
    """
    parked = list(Note.objects.parked_before(activity.workshop).select_for_update(of=("self",)))
    last = activity.notes.count()
    Note.objects.bulk_create(
        Note(
            authority_id=activity.authority_id,
            activity=activity,
            text=note.text,
            candour=Candour.HIDDEN,
            carried_from=note,
            position=last + place,
        )
        for place, note in enumerate(parked)
    )
    Note.objects.filter(pk__in=[note.pk for note in parked]).update(is_parked=False)
    if parked:
        record("parked notes brought in", activity, by=by, notes=len(parked))
        telling.moved_on(activity.workshop)
    return len(parked)


# --- helpers


def held(activity: Activity) -> Activity:
    """The activity as it stands; nobody reveals it, or ends its room, before this commits.

    People who give something hold it beside one another. The room's own row comes last, when the
    room is told: who takes it first could wait for one who waits for it. So it is the activity that
    says whether the room is over, by its secret, and not the room.
    """
    # Where its notes are shown, with the place after them.
    query = (
        "SELECT *, CASE WHEN revealed_at IS NULL THEN 0 ELSE (SELECT coalesce(max(position) + 1, 0)"
        " FROM workshops_note WHERE activity_id = workshops_activity.id) END AS next_position"
        " FROM workshops_activity WHERE id = %s FOR KEY SHARE"
    )
    for row in Activity.objects.raw(query, [activity.pk]):
        row.workshop = activity.workshop
        return row
    raise BadRequest("This isn’t here any more.")


def _held_for(text: str, ask: str) -> str:
    return Note.HeldFor.GUARD if guard.look(text) or guard.look(ask) else Note.HeldFor.NOTHING


def _standing(note: Note) -> Note:
    row = locked(note, may_be_pointed_at=True)
    if row.removed_at or row.redacted_at:
        raise BadRequest("This note has been taken away.")
    return row


def _check_open(activity: Activity) -> None:
    if activity.is_over or activity.workshop.has_closed_for(activity):
        raise Closed
