"""A session that stays open for days: each person's own steps, and what the facilitator sees."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from programmes.days import is_working
from workshops import reading
from workshops.models import (
    Activity,
    ActivityKind,
    Candour,
    Invitee,
    Letter,
    Participant,
    TakingPart,
    Workshop,
)

# Nothing is given in these: people read them.
TO_READ = (ActivityKind.READ, ActivityKind.THEME, ActivityKind.DISCUSS)
# Answers are added up, whatever is said of names in the plan.
ADDED_UP = (
    *(ActivityKind.VOTE, ActivityKind.PLACE, ActivityKind.GIFT, ActivityKind.PULSE),
    *(ActivityKind.SENSE, ActivityKind.SURVEY),
)
# Fewer than this could point at one person.
FEWEST_COUNTED = 3


@dataclass(frozen=True)
class Step:
    """One part of a window, as one person sees it."""

    number: int
    activity: Activity
    is_done: bool

    @property
    def is_to_read(self) -> bool:
        """Nothing is asked here; or not any more, since everybody sees what was given."""
        return self.activity.kind in TO_READ or self.activity.is_revealed


def has_something(activity: Activity) -> bool:
    """Whether there is anything in it for somebody who is alone with it."""
    if activity.kind == ActivityKind.THEME:
        things, homeless = reading.themed(activity)
        return bool(things or homeless)
    if activity.kind in reading.ABOUT_EARLIER:
        return bool(reading.things_of(activity))
    if activity.kind == ActivityKind.SENSE:
        return bool(activity.round_id) or activity.opened_at is None
    return True


def steps_of(workshop: Workshop, participant: Participant) -> list[Step]:
    """What this person is led through, in the plan's order."""
    opened = workshop.activities.in_plan().filter(opened_at__isnull=False)
    gave = TakingPart.objects.filter(activity__workshop=workshop, participant=participant)
    done = set(gave.values_list("activity", flat=True))
    parts = [one for one in opened if has_something(one)]
    return [Step(number, one, one.pk in done) for number, one in enumerate(parts, start=1)]


def first_open(steps: list[Step]) -> Step | None:
    """Where somebody goes on: at the start, then at the first part where they gave nothing yet."""
    if not any(step.is_done for step in steps):
        return steps[0] if steps else None
    return next((step for step in steps if not step.is_done and not step.is_to_read), None)


@dataclass(frozen=True)
class Part:
    """One part of a window, as the facilitator sees it: how many gave, never who."""

    activity: Activity
    # None where it would point at one person.
    gave: int | None
    is_opened: bool
    is_ready: bool

    @property
    def is_to_read(self) -> bool:
        return self.activity.kind in TO_READ


def parts_of(workshop: Workshop) -> list[Part]:
    gave = Count("takers", filter=Q(takers__participant__removed_at=None))
    return [
        Part(
            activity=one,
            gave=None if is_too_few(one, one.gave) else one.gave,
            is_opened=one.opened_at is not None,
            is_ready=one.opened_at is None and is_ready(one),
        )
        for one in workshop.activities.in_plan().annotate(gave=gave)
    ]


def is_ready(activity: Activity) -> bool:
    """Whether a part that is not open yet makes sense to somebody who is alone with it.

    Groups are made together, so a part to group notes in opens when the facilitator goes to it.
    """
    return activity.kind != ActivityKind.THEME and has_something(activity)


def is_too_few(activity: Activity, count: int) -> bool:
    """Whether a count of an anonymous part could point at one person. Nobody is too few too."""
    is_anonymous = activity.candour == Candour.ANONYMOUS or activity.kind in ADDED_UP
    return is_anonymous and count < FEWEST_COUNTED


def too_few(workshop: Workshop, activity: Activity, gave: int) -> dict:
    """What console and screen say instead of counts that could point at one person.

    Over days somebody may have seen who was at it, which nobody can in a room full of people.
    """
    if not workshop.is_self_paced or activity.is_revealed or not is_too_few(activity, gave):
        return {}
    return {"gave": None, "done": 0, "count": None, "marked": None}


def not_yet(workshop: Workshop) -> list[Invitee]:
    """The invited addresses that gave nothing as members. A guest cannot be told apart."""
    gave = TakingPart.objects.filter(
        activity__workshop=workshop,
        participant__user__isnull=False,
        participant__removed_at=None,
    )
    there = {email.lower() for email in gave.values_list("participant__user__email", flat=True)}
    return [one for one in workshop.invitees.all() if one.email not in there]


def not_reached(workshop: Workshop) -> list[Letter]:
    """Of those whom the reminder is for: who has not had it, and still has given nothing."""
    late = {one.email for one in not_yet(workshop)}
    waiting = workshop.letters.waiting(Letter.Kind.REMINDER)
    return [one for one in waiting if one.email in late]


# --- days


def later_by(until: datetime, days: int) -> datetime:
    """The same hour in London, so many days after the deadline, or after today where it passed."""
    was = timezone.localtime(until)
    day = max(was.date(), timezone.localdate()) + timedelta(days=days)
    return datetime.combine(day, was.time(), timezone.get_current_timezone())


def eve_of(day: date) -> date:
    """The last working day before it."""
    eve = day - timedelta(days=1)
    while not is_working(eve):
        eve -= timedelta(days=1)
    return eve


def is_eve(workshop: Workshop) -> bool:
    """Whether today is the day for its reminder. Nobody is written to at weekends."""
    if workshop.collects_until is None:
        return False
    today = timezone.localdate()
    return is_working(today) and today >= eve_of(timezone.localdate(workshop.collects_until))
