"""Calendar invitations: one event for each workshop, told of with a higher number when it moves."""

from datetime import UTC, datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, vCalAddress

from workshops.models import Workshop

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
    start = start.astimezone(UTC)
    event = Event()
    event.add("uid", f"{workshop.pk}@workshops.crescendo")
    event.add("sequence", workshop.invitation_number)
    event.add("dtstamp", timezone.now())
    event.add("dtstart", start)
    event.add("dtend", start + length)
    event.add("summary", f"{workshop.title} ({workshop.authority.name})")
    if workshop.place:
        event.add("location", workshop.place)
    event.add("description", _about(workshop, link))
    event.add("url", link)
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    event.add("organizer", _organizer(workshop))
    if to:
        event.add("attendee", _attendee(to))
    calendar = Calendar()
    calendar.add("prodid", "-//Crescendo//Workshops//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(event)
    return calendar.to_ical().decode()


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
