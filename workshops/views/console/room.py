"""Running the room from the console: doors, where it is, the clock, the big screen, the end."""

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST

from programmes.pages import go, page, tell
from workshops import reading
from workshops.actions import notes, room
from workshops.doors import console_view
from workshops.models import Activity, ActivityKind, Participant
from workshops.views.console.page import activity_of, back, choice, console_url

PAGES = [str(page) for page in range(1, 100)]


@console_view
@require_POST
def run_doors(request, workshop):
    if choice(request, "way", "open", "close") == "open":
        room.open_doors(workshop=workshop, by=request.user)
        tell(request, "The doors are open. The code is on the big screen.")
    else:
        room.close_doors(workshop=workshop, by=request.user)
        tell(request, "The doors are closed. Whoever is in stays in.")
    return back(request, workshop, at="doors")


@console_view
@require_POST
def run_go(request, workshop, activity_pk):
    """On or back to an activity; nothing that was done in any is lost."""
    activity = activity_of(workshop, activity_pk)
    room.go(workshop=workshop, activity=activity, by=request.user)
    tell(request, f"We’re at “{activity}”.")
    return back(request, workshop)


# What everybody sees from then on, where it is no notes.
_SHOWN = {
    ActivityKind.VOTE: "Everybody sees the dots now.",
    ActivityKind.PLACE: "Everybody sees now where we put them.",
    ActivityKind.GIFT: "Everybody sees now how we’re split. Settle each of them together.",
    ActivityKind.PULSE: "Everybody sees the answers now.",
    ActivityKind.SENSE: "Closed, and everybody sees both voices now. Start where they’re apart.",
}
NOTHING_YET = "Nobody has written anything yet. What comes is shown at once."


@console_view
@require_POST
def run_reveal(request, workshop, activity_pk):
    activity = activity_of(workshop, activity_pk)
    notes.reveal(activity=activity, by=request.user)
    tell(request, _told_of_reveal(activity))
    return back(request, workshop)


def _told_of_reveal(activity: Activity) -> str:
    if not activity.is_written:
        return _SHOWN.get(ActivityKind(activity.kind), "Everybody sees it now.")
    if activity.kind == ActivityKind.CHECK_IN and reading.how_many_gave(activity):
        return "Everybody sees it now, in no particular order."
    if not activity.notes.standing().exists():
        return NOTHING_YET
    return "Everybody sees the notes now, in no particular order."


@console_view
@require_POST
def run_clock(request, workshop):
    minutes = int(choice(request, "minutes", "0", "1", "2", "5"))
    room.add_time(workshop=workshop, minutes=minutes, by=request.user)
    return back(request, workshop, at="clock-1")


@console_view
@require_POST
def run_screen(request, workshop):
    way = choice(request, "way", "hold", "follow", "show code", "hide code", "new link")
    if way == "new link":
        room.renew_screen_link(workshop=workshop, by=request.user)
        tell(request, "The big screen has a new link. The old one shows nothing any more.")
    elif way in ("hold", "follow"):
        room.set_screen(workshop=workshop, by=request.user, is_held=way == "hold")
    else:
        room.set_screen(workshop=workshop, by=request.user, shows_code=way == "show code")
    return back(request, workshop, at="scr")


@console_view
@require_POST
def run_screen_turn(request, workshop):
    """Other groups of the theme that the big screen shows; the last, where they are fewer now."""
    room.turn_screen(workshop=workshop, page=int(choice(request, "page", *PAGES)), by=request.user)
    return back(request, workshop, at="turn-on")


@console_view
@require_POST
def run_seat(request, workshop):
    """Take over from whoever runs the room; they can take it back."""
    room.take_seat(workshop=workshop, by=request.user, anyway=True)
    tell(request, "You run the room now.")
    return back(request, workshop)


@console_view
@require_http_methods(["GET", "HEAD", "POST"])
def run_end(request, workshop):
    if request.method == "POST":
        room.end(workshop=workshop, by=request.user)
        tell(request, "That’s it for today. Thank you for holding the room.")
        return go(request, workshop.get_absolute_url())
    return page(
        request, "workshops/run_end.html", {"workshop": workshop, "back": console_url(workshop)}
    )


@console_view
@require_POST
def run_participant_remove(request, workshop, participant_pk):
    participant = get_object_or_404(Participant, workshop=workshop, pk=participant_pk)
    room.remove(participant=participant, by=request.user)
    tell(request, f"{participant} is not in the room any more.")
    return back(request, workshop)
