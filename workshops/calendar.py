"""What calendars read: invitations by mail, and the address that a member's own calendar asks.

One event for each workshop, told of with a higher number when it moves.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core import signing
from django.db.models import Count, Sum
from django.utils import timezone
from icalendar import Calendar, Event, vCalAddress

from programmes.models import AuditEvent, LocalAuthority, Milestone
from workshops.agenda import AN_HOUR
from workshops.models import Activity, CalendarFeed, Workshop

# What a calendar does with the event: note it down, change it or take it out (RFC 5546).
REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"


def event_of(
    workshop: Workshop,
    *,
    method: str,
    link: str,
    length: timedelta,
    starts_at: datetime | None = None,
    to: str = "",
) -> str:
    """The text of an .ics file about a workshop that has a date.

    Times are in UTC, so that a calendar anywhere shows the right hour. `to` is whom it invites: one
    address, since nobody needs to see who else is asked. `starts_at` is the day that it was on, of
    one that has none any more.
    """
    start = starts_at or workshop.starts_at
    if start is None:
        raise ValueError("a calendar needs a day")
    event = _event(workshop, start, length, stamp=timezone.now())
    event.add("description", _about(workshop, link))
    event.add("url", link)
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    event.add("organizer", _organizer(workshop))
    if to:
        event.add("attendee", _attendee(to))
    calendar = _calendar(method)
    calendar.add_component(event)
    return calendar.to_ical().decode()


def _event(workshop: Workshop, start: datetime, length: timedelta, *, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", f"{workshop.pk}@workshops.crescendo")
    event.add("sequence", workshop.invitation_number)
    event.add("dtstamp", stamp)
    event.add("dtstart", start.astimezone(UTC))
    event.add("dtend", start.astimezone(UTC) + length)
    event.add("summary", f"{workshop.title} ({workshop.authority.name})")
    if workshop.place:
        event.add("location", workshop.place)
    return event


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Crescendo//Workshops//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _about(workshop: Workshop, link: str) -> str:
    return (
        f"A Crescendo workshop for {workshop.authority.formal_name}. On the day you join with a"
        " code that you’ll see in the room: a phone is enough, and you need no account.\n\n"
        f"If you do have an account, the plan is here: {link}"
    )


def _organizer(workshop: Workshop) -> vCalAddress:
    _, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    organizer = vCalAddress(f"mailto:{sender}")
    organizer.params["CN"] = f"Crescendo, {workshop.authority.name}"
    return organizer


def _attendee(email: str) -> vCalAddress:
    attendee = vCalAddress(f"mailto:{email}")
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    attendee.params["PARTSTAT"] = "NEEDS-ACTION"
    # We read no answers; a calendar need not ask for one.
    attendee.params["RSVP"] = "FALSE"
    return attendee


# --- the address that a member's calendar asks

_SIGNER = signing.Signer(salt="crescendo.calendar-feed")
# How often a calendar that asks us should do so.
ASK_AGAIN_AFTER = timedelta(hours=6)


def key_of(feed: CalendarFeed) -> str:
    """What stands in the address."""
    return _SIGNER.sign(feed.secret.hex)


def feed_of(authority: LocalAuthority, key: str) -> CalendarFeed | None:
    """Whose address it is; None for one that is not ours, was renewed, or whose member has left."""
    try:
        secret = _SIGNER.unsign(key)
    except signing.BadSignature:
        return None
    standing = authority.memberships.standing()
    return authority.calendar_feeds.filter(secret=secret, membership__in=standing).first()


def dates_of(authority: LocalAuthority) -> str:
    """The text of an .ics file with every workshop that has a day, and every date without one.

    Titles, days and places alone. The same text as long as none of them changes.
    """
    calendar = _calendar(PUBLISH)
    calendar.add("x-wr-calname", f"Crescendo, {authority.name}")
    calendar.add("refresh-interval", ASK_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    workshops = list(
        authority.workshops.filter(starts_at__isnull=False).order_by("starts_at", "created_at")
    )
    minutes = _minutes_of(workshops)
    for workshop in workshops:
        workshop.authority = authority
        length = timedelta(minutes=minutes.get(workshop.pk) or AN_HOUR)
        if workshop.starts_at is not None:
            start = workshop.starts_at
            calendar.add_component(_event(workshop, start, length, stamp=workshop.created_at))
    planned = {workshop.milestone_id for workshop in workshops}
    dates = [one for one in authority.milestones.all() if one.pk not in planned]
    moves = _moves_of(authority)
    for date in dates:
        moved = moves[str(date.pk)] + moves[str(date.programme_id)]
        calendar.add_component(_day(date, authority, moved))
    return calendar.to_ical().decode()


def _minutes_of(workshops: list[Workshop]) -> dict:
    """How long each keeps free, by its id; one query for all."""
    rows = Activity.objects.filter(workshop__in=workshops, is_skipped=False, if_time=False)
    return dict(rows.order_by().values_list("workshop").annotate(minutes=Sum("minutes")))


def _moves_of(authority: LocalAuthority) -> Counter:
    """How often each date was moved by hand, and each programme's dates by its plan: history knows.

    It only grows, so that a calendar takes a date that moved for news.
    """
    verbs = ("date moved", "date put back", "timeline laid out")
    rows = AuditEvent.objects.filter(authority_id=authority.pk, verb__in=verbs)
    counts = rows.order_by().values_list("target_id").annotate(count=Count("pk"))
    return Counter(dict(counts))


def _day(date: Milestone, authority: LocalAuthority, moved: int) -> Event:
    """A date of the timeline that nobody has planned yet: the whole day, which blocks nothing."""
    event = Event()
    event.add("uid", f"{date.pk}@dates.crescendo")
    event.add("sequence", moved)
    event.add("dtstamp", date.created_at)
    event.add("dtstart", date.on)
    event.add("dtend", date.on + timedelta(days=1))
    event.add("summary", f"{date.title} ({authority.name})")
    if date.place:
        event.add("location", date.place)
    event.add("transp", "TRANSPARENT")
    return event
