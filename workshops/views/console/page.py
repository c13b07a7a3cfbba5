"""The facilitator's console: the plan, the room, what the big screen shows, and what is next."""

import uuid

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET

from programmes.mail import site_url
from programmes.pages import go, page, qr, wants_part
from workshops import agreements, asking, looks, plans, reading, surveying, voices, window
from workshops import suggestions as suggested
from workshops.actions import votes
from workshops.doors import console_view
from workshops.forms.room import GroupForm
from workshops.listeners import screen_token
from workshops.models import ASKS_ABOUT_THINGS, Activity, ActivityKind, Group, Note, Workshop


@console_view
@require_GET
def run(request, workshop):
    if request.GET.get("since") == str(workshop.seq) and wants_part(request):
        return HttpResponse(status=204)
    return console(request, workshop)


def console(request, workshop: Workshop, *, at: str = "", keeps_ticks: bool = True, **forms):
    """The page, at the activity where the room is."""
    workshop.refresh_from_db()
    workshop.authority = request.authority
    steps = reading.steps_of(workshop)
    plan = [one for one, _ in steps]
    now = next((n for n, one in enumerate(plan) if one.pk == workshop.current_id), -1)
    here = workshop.current
    context = {
        "workshop": workshop,
        "activity": here,
        "at": at,
        "steps": steps,
        "next": plan[now + 1] if now + 1 < len(plan) else None,
        "before": plan[now - 1] if now > 0 else None,
        "present": workshop.participants.present().count(),
        "joined": workshop.participants.taking_part().count(),
        "asked": _asked(workshop),
        "has_seat": workshop.seat_id in (None, request.user.pk),
        "held": _held(workshop),
    }
    if workshop.code:
        join_url = site_url(request, reverse("room:join"))
        context |= {
            "screen_url": reverse("room:screen", args=[screen_token(workshop)]),
            "join_at": join_url.partition("://")[2].rstrip("/"),
            "qr": qr(f"{join_url}?code={workshop.code}"),
        }
    elif workshop.screen_key:
        context["screen_url"] = reverse("room:screen", args=[screen_token(workshop)])
    if here is None and not workshop.ended_at:
        context["parked"] = Note.objects.parked_before(workshop).count()
    elif here is not None:
        context |= _about(workshop, here) | forms
        if here.kind == ActivityKind.THEME:
            ticks = request.POST if request.method == "POST" else request.GET
            picked = set(ticks.getlist("note")) if keeps_ticks else set()
            context |= _looked_for(request, context, picked)
    known = len(context["things"]) if here == workshop.on_screen and "things" in context else None
    context["groups"] = groups_on_screen(workshop, known)
    return page(request, "workshops/run.html", context, region="console")


def _asked(workshop: Workshop) -> int:
    """How many came too late for a window and ask for more time."""
    if not (workshop.is_self_paced and workshop.has_closed):
        return 0
    return workshop.participants.taking_part().filter(wants_more_time=True).count()


def groups_on_screen(workshop: Workshop, count: int | None = None) -> reading.GroupsPage | None:
    """Which of a theme's groups the big screen shows; None where all are on it.

    `count` is of its groups, where somebody knows it.
    """
    shown = workshop.on_screen
    if shown is None or shown.kind != ActivityKind.THEME:
        return None
    count = reading.groups_of(shown).count() if count is None else count
    groups = reading.GroupsPage.of(workshop, count)
    return groups if groups.pages > 1 else None


def _held(workshop: Workshop):
    return (
        Note.objects.held()
        .filter(activity__workshop=workshop)
        .select_related("activity")
        .order_by("position", "id")
    )


def _about(workshop: Workshop, activity: Activity) -> dict:
    """What the console shows of an activity. What is not revealed it counts, and does not show."""
    about: dict = {"gave": reading.how_many_gave(activity)}
    about["look"] = looks.look_of(activity)
    about |= looks.on_console(activity)
    about |= voices.about(activity)
    about |= surveying.about(activity)
    about["done"] = activity.takers.filter(is_done=True, participant__removed_at=None).count()
    if activity.is_written:
        shown = activity.notes.shown() if activity.is_revealed else Note.objects.none()
        shown = shown.select_related("participant__user")
        about["columns"] = reading.columns_of(activity, shown)
        about["barriers"] = reading.barriers_to_read(activity)
        about["count"] = activity.notes.standing().count()
        if activity.is_about_a_change:
            about["next_change"], about["new_id"] = plans.next_after(activity), uuid.uuid4()
        if activity.kind in reading.GIVES_NOTES:
            about["parked"] = Note.objects.parked_before(activity.workshop).count()
    elif activity.kind == ActivityKind.THEME:
        about["things"], about["homeless"] = reading.themed(activity)
        about["form"] = GroupForm()
    elif activity.kind == ActivityKind.VOTE:
        about["things"] = reading.with_dots(activity, reading.things_of(activity))
        about["suggested"] = votes.suggested_dots(len(about["things"]))
    elif activity.kind == ActivityKind.DISCUSS:
        about["things"] = agreements.talked_of(activity, everywhere=True)
    elif activity.kind in ASKS_ABOUT_THINGS:
        about |= asking.about(activity)
        about["asks"] = _asks(activity, len(about["things"]) + len(about["rest"]))
        if activity.kind == ActivityKind.GIFT:
            reading.with_spread(activity, [*about["things"], *about["rest"]])
    about |= reading.results(activity, [*about.get("things", []), *about.get("rest", [])])
    return about | window.too_few(workshop, activity, about["gave"])


def _asks(activity: Activity, count: int) -> list[int]:
    """How many of the strongest could be asked about; none where nothing says which those are."""
    if activity.is_revealed or count < asking.MANY or not asking.strengths(activity):
        return []
    return [one for one in asking.CHOICES if one < count]


# From how many on it is quicker to look for one than to read them all.
MANY = 9
LONGEST_SEARCH = 100


def _looked_for(request, context: dict, picked: set[str]) -> dict:
    """A theme's notes and groups that the search boxes leave, with what is suggested for each note.

    A note that is ticked stays in sight whatever is looked for, so that a move takes every tick.
    """
    said = request.POST if request.method == "POST" else request.GET
    find, find_group = (said.get(name, "").strip()[:LONGEST_SEARCH] for name in SEARCHES)
    things, homeless = context["things"], context["homeless"]
    grouped = [note for thing in things for note in thing.notes]

    def left(some: list[Note]) -> list[Note]:
        return [one for one in some if reading.holds(one.text, find) or str(one.pk) in picked]

    lanes = [(thing, left(thing.notes)) for thing in things]
    return {
        "find": find,
        "find_group": find_group,
        "has_many_notes": len(grouped) + len(homeless) >= MANY,
        "has_many_groups": len(things) >= MANY,
        "agreed": suggested.put_beside([*homeless, *grouped], context["activity"]),
        "picked": {note.pk for note in [*homeless, *grouped] if str(note.pk) in picked},
        "chosen": said.get("to", "") if picked else "",
        "lanes": [
            (thing, notes)
            for thing, notes in lanes
            if reading.holds(str(thing), find_group) or any(str(one.pk) in picked for one in notes)
        ],
        "options": [thing for thing in things if reading.holds(str(thing), find_group)],
        "loose": left(homeless),
        "found": sum(reading.holds(note.text, find) for note in [*homeless, *grouped]),
        "suggesting": [note for note in [*homeless, *grouped] if note.suggested],
    }


SEARCHES = ("find", "find_group")


def back(request, workshop: Workshop, *, at: str = "", keeps_ticks: bool = True):
    """After a write, where it was made: the id of what was acted on, which keeps the focus."""
    if wants_part(request):
        return console(request, workshop, at=at, keeps_ticks=keeps_ticks)
    return go(request, console_url(workshop, at=at))


def console_url(workshop: Workshop, *, at: str = "", **query) -> str:
    here = [workshop.authority.slug, workshop.pk]
    return reverse("workshops:run", args=here, query=query, fragment=at or None)


def choice(request, name: str, *known: str) -> str:
    if (value := request.POST.get(name, "")) not in known:
        raise BadRequest(f"{name} is one of {', '.join(known)}.")
    return value


def activity_of(workshop: Workshop, pk) -> Activity:
    return get_object_or_404(workshop.activities, pk=pk)


def group_of(activity: Activity, pk: str) -> Group:
    try:
        return get_object_or_404(reading.groups_of(activity), pk=uuid.UUID(pk))
    except ValueError:
        raise BadRequest("Choose where to move it.") from None
