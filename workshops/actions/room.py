"""Running a room: doors, who comes in, where it is, the clock, the big screen, the end."""

import secrets
import uuid
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from programmes.audit import record
from programmes.editing import locked
from programmes.models import User
from workshops import asking, reading, surveying, telling
from workshops.actions import notes
from workshops.actions.votes import suggested_dots
from workshops.models import (
    ASKS_ABOUT_THINGS,
    MOST_COLUMNS,
    MOST_ON_ONE,
    SEAT_HELD_FOR,
    Activity,
    ActivityKind,
    Candour,
    Mark,
    Participant,
    SessionKind,
    Suggestion,
    Vote,
    Workshop,
    digest_of,
    new_code,
)
from workshops.pods import LOOK_COLUMNS

# The four questions of a small change's plan, where nobody wrote other ones.
PLAN_QUESTIONS = (
    "Why we need it",
    "What success looks like",
    "Our steps: who, and by when",
    "How we’ll know",
)
TRIES_FOR_A_CODE = 5


class DoorsClosed(Exception):
    """Nobody new can come in."""


class SeatTaken(Exception):
    """Somebody else runs the room, and was there a moment ago."""


@transaction.atomic
def open_doors(*, workshop: Workshop, by: User) -> Workshop:
    """Give the room a code. A workshop that was closed before gets another one."""
    row = locked(workshop)
    if let_in(row):
        record("workshop doors opened", row, by=by)
        telling.screen(row)
    return row


def let_in(row: Workshop) -> bool:
    """The doors of a room that is locked already; False where nothing is to be done."""
    if row.code is not None or row.ended_at is not None:
        return False
    row.doors_opened_at = row.doors_opened_at or timezone.now()
    row.screen_key = row.screen_key or uuid.uuid4()
    _take_code(row)
    return True


def _take_code(row: Workshop) -> None:
    for left in reversed(range(TRIES_FOR_A_CODE)):
        row.code = new_code()
        try:
            with transaction.atomic():
                row.save(update_fields=["code", "doors_opened_at", "screen_key"])
            return
        except IntegrityError:
            if not left:
                raise


@transaction.atomic
def close_doors(*, workshop: Workshop, by: User) -> Workshop:
    """Nobody new comes in; whoever is in stays. A window's link works for all of its days."""
    row = locked(workshop)
    if row.code is not None and not row.is_collecting:
        row.code = None
        row.save(update_fields=["code"])
        record("workshop doors closed", row, by=by)
        telling.screen(row)
    return row


@transaction.atomic
def join(*, workshop: Workshop, name: str) -> tuple[Participant, str]:
    """A guest comes in; returns the key that only their device will hold."""
    row = locked(workshop)
    if row.code is None:
        raise DoorsClosed
    key = secrets.token_urlsafe(32)
    return _enter(row, name=name, key_digest=digest_of(key)), key


@transaction.atomic
def join_as_member(*, workshop: Workshop, user: User) -> tuple[Participant, str]:
    """A member comes in, once however many devices they use; with a key for this device."""
    key = secrets.token_urlsafe(32)
    row = locked(workshop)
    if found := row.participants.filter(user=user).first():
        return found, key
    if row.ended_at is not None:
        raise DoorsClosed
    return _enter(row, name=user.name, user=user), key


def _enter(workshop: Workshop, **who) -> Participant:
    last = workshop.participants.aggregate(last=Max("number"))["last"] or 0
    participant = Participant.objects.create(
        authority_id=workshop.authority_id, workshop=workshop, number=last + 1, **who
    )
    telling.screen(workshop)
    return participant


@transaction.atomic
def remove(*, participant: Participant, by: User) -> None:
    """Somebody who should not be here: their page and their stream end."""
    row = locked(participant, may_be_pointed_at=True)
    if row.removed_at is None:
        row.removed_at = timezone.now()
        row.save(update_fields=["removed_at"])
        record("participant removed", row, by=by)
        telling.screen(row.workshop)


# --- where the room is


@transaction.atomic
def go(*, workshop: Workshop, activity: Activity | None, by: User) -> Workshop:
    """Move the room to an activity, forwards or back; nothing that was done in any is lost."""
    if activity is not None and not locked(activity).opened_at:
        begin(activity, has_clock=not workshop.is_collecting)
    elif activity is not None and _bring_in(activity):
        activity.save(update_fields=["round", "survey"])
    row = locked(workshop)
    row.current = activity
    if not row.screen_is_held:
        row.screen_page = 1
    if row.has_closed and not row.went_on_at:
        row.went_on_at = timezone.now()
    row.save(update_fields=["current", "screen_page", "went_on_at"])
    record("workshop moved on", row, by=by, to=str(activity.pk) if activity else "")
    telling.moved_on(row)
    return row


def begin(activity: Activity, *, has_clock: bool = True) -> None:
    """Open an activity that is locked already to whoever is in the room."""
    activity.opened_at = timezone.now()
    if has_clock:
        activity.timer_ends_at = timezone.now() + timedelta(minutes=activity.minutes)
    if activity.kind == ActivityKind.THEME and activity.workshop.kind == SessionKind.MISSION:
        notes.bring_in_barriers(activity)
    if activity.kind == ActivityKind.IDEAS and not activity.columns:
        activity.columns = [row.title[:60] for row in _to_have_ideas_for(activity)[:MOST_COLUMNS]]
    if activity.kind == ActivityKind.PLAN and not activity.columns:
        activity.columns = list(PLAN_QUESTIONS)
    if activity.kind == ActivityKind.LOOK and not activity.columns:
        activity.columns = list(LOOK_COLUMNS)
    if activity.kind == ActivityKind.VOTE and not activity.dots:
        activity.dots = suggested_dots(len(reading.things_of(activity)))
        activity.most_on_one = min(MOST_ON_ONE, activity.dots)
    if activity.kind in ASKS_ABOUT_THINGS and activity.asks is None:
        activity.asks = asking.suggested(activity)
    _bring_in(activity)
    if not activity.secret:
        activity.secret = secrets.token_bytes(32)
    began = ["opened_at", "timer_ends_at", "dots", "most_on_one", "asks", "secret", "columns"]
    activity.save(update_fields=[*began, "round", "survey"])


def _bring_in(activity: Activity) -> bool:
    """What an activity is about, where nobody chose it in the plan."""
    return bring_in_round(activity) or surveying.bring_in(activity)


def bring_in_round(activity: Activity) -> bool:
    """Where nobody chose a round of two voices, the one that is open; whether there was one."""
    if activity.kind != ActivityKind.SENSE or activity.round_id or activity.is_revealed:
        return False
    activity.round = activity.workshop.programme.placing_rounds.open().first()
    return activity.round is not None


def _to_have_ideas_for(activity: Activity) -> list:
    """The strands; where people co-design a blueprint, the pillars that they grouped before."""
    if activity.workshop.kind == SessionKind.BLUEPRINT:
        themes = reading.earlier(activity, [ActivityKind.THEME])
        return list(reading.groups_of(themes[0])) if themes else []
    return list(activity.workshop.programme.strands.standing())


@transaction.atomic
def add_time(*, workshop: Workshop, minutes: int, by: User) -> None:
    """Give the current activity more time, from now where its time was up; 0 stops the clock."""
    if workshop.current is None:
        return
    activity = locked(workshop.current)  # before its room, as everybody takes them
    row = locked(workshop)
    start = max(activity.timer_ends_at or timezone.now(), timezone.now())
    activity.timer_ends_at = start + timedelta(minutes=minutes) if minutes else None
    activity.save(update_fields=["timer_ends_at"])
    record("workshop clock set", row, by=by, minutes=minutes)
    telling.clock(row)


# --- the big screen


@transaction.atomic
def set_screen(*, workshop: Workshop, by: User, is_held=None, shows_code=None) -> Workshop:
    """Hold the screen at what it shows now, let it follow again, show the code or hide it."""
    row = locked(workshop)
    if is_held is not None:
        row.screen_is_held = is_held
        row.screen_shows = row.current if is_held else None
        row.screen_page = row.screen_page if is_held else 1
    if shows_code is not None:
        row.screen_shows_code = shows_code
    row.save(update_fields=["screen_is_held", "screen_shows", "screen_shows_code", "screen_page"])
    record("workshop screen set", row, by=by, held=row.screen_is_held, code=row.screen_shows_code)
    telling.screen(row)
    return row


@transaction.atomic
def turn_screen(*, workshop: Workshop, page: int, by: User) -> Workshop:
    """Show other groups of a theme, where not all fit."""
    row = locked(workshop)
    if row.screen_page != page:
        row.screen_page = page
        row.save(update_fields=["screen_page"])
        record("workshop screen turned", row, by=by, page=page)
        telling.screen(row)
    return row


@transaction.atomic
def renew_screen_link(*, workshop: Workshop, by: User) -> Workshop:
    """A new link for the big screen; the old one shows nothing any more."""
    row = locked(workshop)
    row.screen_key = uuid.uuid4()
    row.save(update_fields=["screen_key"])
    record("workshop screen link renewed", row, by=by)
    return row


# --- the facilitator's seat


@transaction.atomic
def take_seat(*, workshop: Workshop, by: User, anyway: bool = False) -> Workshop:
    """Run the room. Raises `SeatTaken` where somebody else does, and was not silent for a minute.

    `anyway` is for a co-facilitator who said that they take over.
    """
    row = locked(workshop)
    now = timezone.now()
    silent = row.seat_seen_at is None or row.seat_seen_at + SEAT_HELD_FOR < now
    if row.seat_id not in (None, by.pk) and not silent and not anyway:
        raise SeatTaken
    if row.seat_id != by.pk:
        row.seat = by
        record("workshop seat taken", row, by=by)
    row.seat_seen_at = now
    row.save(update_fields=["seat", "seat_seen_at"])
    return row


def stay_seated(*, workshop: Workshop) -> None:
    """Whoever runs the room looked at it just now."""
    Workshop.objects.filter(pk=workshop.pk).update(seat_seen_at=timezone.now())


# --- the end


@transaction.atomic
def end(*, workshop: Workshop, by: User) -> Workshop:
    """Close the room. Who voted for what can be told by nobody from here on.

    The secrets that made one person's votes one voter's are destroyed, and the votes written anew
    in random order (`reliability.md` 5).
    """
    # Activities before their room, as whoever gives something takes them: else they could wait for
    # one another.
    for activity in workshop.activities.order_by("pk").select_for_update():
        _unlink(activity)
        # Again, where it was shown: what came late lies beside whoever was there last.
        if activity.candour == Candour.ANONYMOUS:
            notes.shuffle(activity)
    row = locked(workshop)
    if row.ended_at is None:
        row.ended_at, row.code = timezone.now(), None
        row.save(update_fields=["ended_at", "code"])
        record("workshop ended", row, by=by)
        telling.moved_on(row)
        # The last stays: deleted in this transaction, nobody would be told that it is over.
        row.events.filter(seq__lt=row.seq).delete()
    return row


def _unlink(activity: Activity) -> None:
    activity.secret = b""
    activity.save(update_fields=["secret"])
    kinds: tuple[type[Vote] | type[Mark] | type[Suggestion], ...] = (Vote, Mark, Suggestion)
    for kind in kinds:
        held: list[Vote | Mark | Suggestion] = list(kind._base_manager.filter(activity=activity))
        kind._base_manager.filter(activity=activity).delete()
        voters = {one.voter: secrets.token_hex(32) for one in held}
        secrets.SystemRandom().shuffle(held)
        for one in held:
            one.pk, one.voter = uuid.uuid4(), voters[one.voter]
            one.save(force_insert=True)
