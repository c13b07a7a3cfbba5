"""What a learning pod's rhythm does by itself; the worker runs it (`crescendo/tasks.py`)."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from programmes.editing import Stale, locked
from programmes.models import Membership, Milestone, Notice, NoticeKind
from programmes.notices import (
    at_nine,
    begins_round,
    each_by_itself,
    is_polite,
    notify,
    site_link,
)
from workshops.actions import planning, pods
from workshops.models import Activity, ActivityKind, Invitee, PodAgenda, SessionKind, Workshop

NUDGE_BEFORE = timedelta(days=3)
# A nudge that would go at a weekend waits for Monday: by then it is less than three days.
_LOOKS_AHEAD = NUDGE_BEFORE + timedelta(days=1)


def queue_pod_nudges(now: datetime) -> None:
    """Three days before a pod, once: its agenda, to whoever is asked and whoever works on it."""
    rows = Workshop.objects.filter(
        kind=SessionKind.POD,
        ended_at=None,
        doors_opened_at=None,
        starts_at__gt=now,
        starts_at__lte=now + _LOOKS_AHEAD,
    )
    coming = rows.select_related("authority", "pod", "programme")
    each_by_itself(coming, partial(_nudge_if_due, now=now))


def _nudge_if_due(workshop: Workshop, now: datetime) -> None:
    due_at = _nudge_at(workshop)
    if due_at and due_at <= now:
        _nudge(workshop, due_at)


def _nudge_at(workshop: Workshop) -> datetime | None:
    if workshop.starts_at is None:
        return None
    return at_nine(timezone.localdate(workshop.starts_at) - NUDGE_BEFORE)


@transaction.atomic
def _nudge(workshop: Workshop, due_at: datetime) -> None:
    told = _key(workshop, "")
    had = set(
        Notice.objects.filter(authority=workshop.authority, key__startswith=told).values_list(
            "key", flat=True
        )
    )
    has_agenda = PodAgenda.objects.filter(workshop=workshop).exists()
    # Once, even where there is nobody to write to.
    if has_agenda and begins_round(workshop.authority, f"agenda {workshop.pk}"):
        # It may have been made weeks ago: what people changed in it stays.
        pods.make_agenda(workshop=workshop, by=None)
    looks = workshop.activities.in_plan().filter(kind=ActivityKind.LOOK, change__isnull=False)
    topics = list(looks.select_related("change"))
    context = {
        "workshop": workshop,
        "starts_at": timezone.localtime(workshop.starts_at),
        "topics": [one.change.title for one in topics if one.change and not one.if_time],
        "if_time": [one.change.title for one in topics if one.change and one.if_time],
        "link": site_link(workshop.get_absolute_url()),
    }
    for email in _to(workshop, topics):
        if _key(workshop, email) not in had:
            notify(
                authority=workshop.authority,
                to=email,
                kind=NoticeKind.POD,
                key=_key(workshop, email),
                template="workshops/email/pod",
                context=context,
                due_at=due_at,
            )


def _key(workshop: Workshop, email: str) -> str:
    return f"pod {workshop.pk} {email}"[:200]


def _to(workshop: Workshop, topics: list[Activity]) -> list[str]:
    """Whoever is invited, and the members of the teams whose changes are looked at."""
    agenda = PodAgenda.objects.filter(workshop=workshop).first()
    teams = Q(teams__small_changes__in=[one.change_id for one in topics])
    if agenda and agenda.team_id:
        teams |= Q(teams=agenda.team_id)
    members = Membership.objects.standing().filter(teams, authority=workshop.authority)
    emails = {email.lower() for email in members.values_list("user__email", flat=True)}
    return sorted(emails | set(workshop.invitees.values_list("email", flat=True)))


def follow_timeline(now: datetime) -> None:
    """A session that people were sent the day of goes where its date on the timeline went.

    Their calendars hear of it: of another day or place, or that the date was taken off. In working
    hours, as all mail that nobody presses a button for; a moment later, so that an undo is no news.
    """
    if not is_polite(now):
        return
    asked = Invitee.objects.filter(workshop=OuterRef("pk"))
    rows = Workshop.objects.filter(Exists(asked), ended_at=None, doors_opened_at=None)
    of_a_date = rows.filter(milestone__isnull=False, starts_at__gt=now)
    told = of_a_date.filter(Exists(asked.exclude(sent_at=None))).select_related("milestone")
    lost = rows.filter(milestone=None, pod__number__isnull=False).select_related("pod")
    each_by_itself([*told, *lost], partial(_follow, today=timezone.localdate(now)))


def _follow(workshop: Workshop, today: date) -> None:
    if workshop.milestone is None:
        _find_its_date(workshop, today)
    elif workshop.milestone.on >= today:
        _move(workshop, workshop.milestone)


def _move(workshop: Workshop, to: Milestone) -> None:
    place = to.place or workshop.place
    start = _at_its_time(workshop, to.on)
    if (workshop.starts_at, workshop.place) != (start, place):
        _change(workshop, starts_at=start, place=place)


def _at_its_time(workshop: Workshop, day: date) -> datetime:
    """That day, at the hour that it has."""
    start = planning.start_on(day)
    if workshop.starts_at is None:
        return start
    here = timezone.localtime(workshop.starts_at)
    return start.replace(hour=here.hour, minute=here.minute)


@transaction.atomic
def _find_its_date(workshop: Workshop, today: date) -> None:
    """Its date was taken off the timeline: it has none, unless somebody put it on again."""
    row, number = locked(workshop), workshop.pod.number or 0
    found = Milestone.objects.filter(
        programme=row.programme_id,
        kind=Milestone.Kind.POD,
        number=number,
        workshops=None,
        on__gte=today,
    ).first()
    if found is not None:
        row.milestone = found
        row.save(update_fields=["milestone"])
        _change(row, starts_at=_at_its_time(row, found.on))
    elif row.starts_at is not None:
        _change(row, starts_at=None)


def _change(workshop: Workshop, **fields) -> None:
    # Where somebody is changing it by hand at this moment, the next run looks again.
    with suppress(Stale):
        planning.change(
            workshop=workshop, version=workshop.version, by=None, address=site_link, **fields
        )
