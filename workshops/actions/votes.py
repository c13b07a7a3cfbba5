"""Dots and marks: what people choose, without anybody being able to say who chose what.

A voter is `Activity.voter` of a participant: the same for all of one person's votes in one
activity, and nobody's once the workshop is over. Nothing here is an entry in history, but for what
a facilitator sets.
"""

from math import floor, sqrt

from django.core.exceptions import BadRequest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from programmes.audit import record
from programmes.editing import constraint_of, locked
from programmes.models import User
from workshops import telling
from workshops.actions.notes import held, take_part
from workshops.models import MOST_DOTS, Activity, Group, Mark, Note, Participant, Vote

# Why something was not done, in words for the person; empty where it was.
type Refusal = str

NOT_YET: Refusal = "Voting hasn’t started."
OVER: Refusal = "Voting is over. The dots are as they are."
CLOSED: Refusal = "The time for this is up, so what you gave stays as it is."
GONE: Refusal = "That isn’t up for a vote any more."
NONE_LEFT: Refusal = "You have no dots left. Take one back to put it somewhere else."
ENOUGH_ON_ONE: Refusal = "That’s as many of your dots as one thing can have."
NONE_THERE: Refusal = "You have no dot there to take back."
TOO_QUICK: Refusal = "That was too quick for us. Please try again."
CHANGED: Refusal = "You changed this on another screen. Here’s how it stands now."
SPENT: Refusal = "Somebody has used more dots than that already. Their choice stays."
SHOWN: Refusal = "The dots are shown by now, so their number stays."
ANSWERED: Refusal = "The answers are shown by now, so it stays as it is."
UNFIT: Refusal = f"Give 1 to {MOST_DOTS} dots each, and no more on one thing than in all."

# Dots suggested for a number of groups, from the practice of other tools (`features.md` 2.6).
FEWEST_SUGGESTED, MOST_SUGGESTED = 3, 8
SUGGESTED_BY_ROOT = 1.5
# Each try that is lost was lost to one more dot of the same person.
TRIES = MOST_DOTS + 1
_TRY_AGAIN = {
    "vote_slot_once",
    "vote_slot_on_one_once",
    # Somebody changed the limits between reading and writing them.
    "vote_limits_are_its_activitys",
}
_PAST_A_LIMIT = {
    "vote_within_the_dots": NONE_LEFT,
    "vote_within_the_most_on_one": ENOUGH_ON_ONE,
}


def suggested_dots(groups: int) -> int:
    """How many dots each person might have: 1.5 times the root of what is voted on, 3 to 8.

    Halves are rounded up.
    """
    wanted = floor(sqrt(groups) * SUGGESTED_BY_ROOT + 0.5)
    return min(max(wanted, FEWEST_SUGGESTED), MOST_SUGGESTED)


@transaction.atomic
def cast(
    *,
    activity: Activity,
    participant: Participant,
    group: Group | None = None,
    note: Note | None = None,
) -> Refusal:
    """One dot more of this person on a group, or on a note.

    Open from when the room first came to the activity until it is revealed, wherever the room is
    by then. How many dots there are, and how many may go on one thing, is held by the constraints
    of `Vote` alone: each dot has the lowest slot that is free, and where another request of the
    same person was quicker, the next one is tried.
    """
    for _ in range(TRIES):
        now = held(activity)
        if refusal := _closed_for(now, participant) or _not_up_for_a_vote(now, group, note):
            return refusal
        try:
            with transaction.atomic():
                _put_a_dot(now, now.voter(participant), group, note)
        except IntegrityError as error:
            refused_by = constraint_of(error)
            if refused_by in _PAST_A_LIMIT:
                return _PAST_A_LIMIT[refused_by]
            if refused_by not in _TRY_AGAIN:
                raise
        else:
            take_part(activity=now, participant=participant)
            _tell(now)
            return ""
    return TOO_QUICK


@transaction.atomic
def put(
    *,
    activity: Activity,
    participant: Participant,
    had: set[int],
    wanted: int,
    group: Group | None = None,
    note: Note | None = None,
) -> Refusal:
    """As many of this person's dots on a group, or on a note, as they want there.

    `had` is what stood there when they chose; several numbers, where their phone could not know.
    What is sent again changes nothing, and neither does what comes late: by then another number
    stands, as it does where they chose otherwise on another screen. One request of a person at a
    time, since each counts what the one before it left.
    """
    locked(participant, may_be_pointed_at=True)
    there = _dots_of(activity, participant).filter(group=group, note=note).count()
    if there == wanted:
        return ""
    if there not in had:
        return CHANGED
    one_step = cast if wanted > there else take_back
    for _ in range(abs(wanted - there)):
        if refusal := one_step(activity=activity, participant=participant, group=group, note=note):
            return refusal
    return ""


@transaction.atomic
def take_back(
    *,
    activity: Activity,
    participant: Participant,
    group: Group | None = None,
    note: Note | None = None,
) -> Refusal:
    """One dot less of this person on a group, or on a note, until the activity is revealed."""
    now = held(activity)
    if refusal := _closed_for(now, participant):
        return refusal
    there = _dots_of(now, participant).filter(group=group, note=note)
    last = there.order_by("-slot_on_one").select_for_update().first()
    if last is None:
        return NONE_THERE
    last.delete()
    _tell(now)
    return ""


def left(activity: Activity, participant: Participant) -> int:
    """How many dots this person still has."""
    return max(activity.dots - _dots_of(activity, participant).count(), 0)


@transaction.atomic
def mark(
    *,
    activity: Activity,
    participant: Participant,
    across: int,
    up: int = 0,
    note: Note | None = None,
    group: Group | None = None,
) -> Refusal:
    """This person's answer about a note, a group or nothing in particular; a new one replaces it.

    `across` is 1 to 5, `up` 0 to 5, of which 0 says nothing. Open for as long as `cast` is.
    """
    if not (1 <= across <= 5 and 0 <= up <= 5):
        raise BadRequest("A mark is on a scale of five.")
    now = held(activity)
    if refusal := _closed_for(now, participant):
        return refusal
    if (note or group) and (refusal := _not_up_for_a_vote(now, group, note)):
        return refusal
    Mark.objects.update_or_create(
        activity=now,
        voter=now.voter(participant),
        note=note,
        group=group,
        defaults={"across": across, "up": up},
        create_defaults={
            "authority_id": now.authority_id,
            "created_at": now.day_given,
            "across": across,
            "up": up,
        },
    )
    take_part(activity=now, participant=participant)
    _tell(now)
    return ""


@transaction.atomic
def set_limits(*, activity: Activity, dots: int, most_on_one: int, by: User) -> Refusal:
    """How many dots each person has, and how many of them may go on one thing.

    Refused once they are shown, and where somebody has spent more already: votes carry their
    activity's limits along (`LimitsOfAVote`), so the database says so.
    """
    now = locked(activity)
    if now.is_revealed:
        return SHOWN
    if not 1 <= most_on_one <= dots <= MOST_DOTS:
        return UNFIT
    if (now.dots, now.most_on_one) == (dots, most_on_one):
        return ""
    now.dots, now.most_on_one = dots, most_on_one
    try:
        with transaction.atomic():
            now.save(update_fields=["dots", "most_on_one"])
    except IntegrityError as error:
        if constraint_of(error) not in _PAST_A_LIMIT:
            raise
        return SPENT
    record("vote limits set", now, by=by, dots=dots, most_on_one=most_on_one)
    _tell(now)
    return ""


@transaction.atomic
def set_asks(*, activity: Activity, asks: int | None, by: User) -> Refusal:
    """How many things people are asked about, the strongest; None is all.

    What they said of others is kept. Refused once the answers are shown.
    """
    now = locked(activity)
    if now.is_revealed:
        return ANSWERED
    if now.asks != asks:
        now.asks = asks
        now.save(update_fields=["asks"])
        record("number asked about set", now, by=by, asks=asks)
        telling.asked(now)
    return ""


def _tell(activity: Activity) -> None:
    telling.chosen(activity)


def _closed_for(activity: Activity, participant: Participant) -> Refusal:
    if participant.workshop_id != activity.workshop_id:
        raise BadRequest("This activity is another room's.")
    if activity.is_revealed or activity.is_over or participant.removed_at:
        return OVER
    if activity.workshop.has_closed_for(activity):
        return CLOSED
    return "" if activity.opened_at else NOT_YET


def _not_up_for_a_vote(activity: Activity, group: Group | None, note: Note | None) -> Refusal:
    thing = group or note
    if thing is None or (group and note):
        raise BadRequest("A dot goes on one thing.")
    if thing.activity.workshop_id != activity.workshop_id:
        raise BadRequest("This was said in another room.")
    gone = thing.removed_at or (
        thing.merged_into_id if isinstance(thing, Group) else not thing.may_be_shown
    )
    return GONE if gone else ""


def _put_a_dot(activity: Activity, voter: str, group: Group | None, note: Note | None) -> None:
    """In the lowest slots that are free, which may be past the limits: the database says so."""
    given = Vote.objects.filter(activity=activity, voter=voter)
    Vote.objects.create(
        authority_id=activity.authority_id,
        created_at=activity.day_given,
        activity=activity,
        voter=voter,
        group=group,
        note=note,
        slot=_lowest_free(given.values_list("slot", flat=True)),
        slot_on_one=_lowest_free(
            given.filter(group=group, note=note).values_list("slot_on_one", flat=True)
        ),
        dots=activity.dots,
        most_on_one=activity.most_on_one,
    )


def _lowest_free(taken) -> int:
    slots = set(taken)
    return next(slot for slot in range(1, len(slots) + 2) if slot not in slots)


def _dots_of(activity: Activity, participant: Participant) -> QuerySet[Vote]:
    return Vote.objects.filter(activity=activity, voter=activity.voter(participant))
