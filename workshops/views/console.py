"""The facilitator's console: the plan, the room, what the big screen shows, and what is next."""

import uuid

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from programmes.editing import Stale
from programmes.mail import site_url
from programmes.pages import conflict, go, page, tell, wants_part
from workshops import agreements, plans, reading, window
from workshops import suggestions as suggested
from workshops.actions import groups, notes, room, suggestions, votes
from workshops.doors import console_view
from workshops.forms.room import GroupEditForm, GroupForm, TidyForm
from workshops.listeners import screen_token
from workshops.models import (
    MOST_ON_ONE,
    Activity,
    ActivityKind,
    Group,
    InGift,
    Note,
    Participant,
    Workshop,
)
from workshops.reading import GIFTS
from workshops.views.screen import qr


@console_view
@require_GET
def run(request, workshop):
    if request.GET.get("since") == str(workshop.seq) and wants_part(request):
        return HttpResponse(status=204)
    return _console(request, workshop)


def _console(request, workshop: Workshop, *, keeps_ticks: bool = True, **forms):
    """The page, at the activity where the room is."""
    workshop.refresh_from_db()
    workshop.authority = request.authority
    steps = reading.steps_of(workshop)
    plan = [one for one, _ in steps]
    at = next((n for n, one in enumerate(plan) if one.pk == workshop.current_id), -1)
    here = workshop.current
    context = {
        "workshop": workshop,
        "activity": here,
        "steps": steps,
        "next": plan[at + 1] if at + 1 < len(plan) else None,
        "before": plan[at - 1] if at > 0 else None,
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
    if here is not None:
        context |= _about(workshop, here) | forms
        if here.kind == ActivityKind.THEME:
            ticks = request.POST if request.method == "POST" else request.GET
            picked = set(ticks.getlist("note")) if keeps_ticks else set()
            context |= _looked_for(request, context, picked)
    return page(request, "workshops/run.html", context, region="console")


def _asked(workshop: Workshop) -> int:
    """How many came too late for a window and ask for more time."""
    if not (workshop.is_self_paced and workshop.has_closed):
        return 0
    return workshop.participants.taking_part().filter(wants_more_time=True).count()


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
    elif activity.kind == ActivityKind.PLACE:
        about["things"] = reading.placed(activity, reading.things_of(activity))
    elif activity.kind == ActivityKind.GIFT:
        about["things"] = reading.with_spread(activity, reading.things_of(activity))
    about |= reading.results(activity, about.get("things", []))
    return about | window.too_few(workshop, activity, about["gave"])


# From how many on it is quicker to look for one than to read them all.
MANY = 9
LONGEST_SEARCH = 100


def _looked_for(request, context: dict, picked: set[str]) -> dict:
    """A theme's notes and groups that the search boxes leave, with what is suggested for each note.

    A note that is ticked stays in sight whatever is looked for, so that a move takes every tick.
    """
    said = request.POST if request.method == "POST" else request.GET
    find, find_group = (said.get(name, "").strip()[:LONGEST_SEARCH] for name in _SEARCHES)
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


_SEARCHES = ("find", "find_group")


def _back(request, workshop: Workshop, *, keeps_ticks: bool = True):
    if wants_part(request):
        return _console(request, workshop, keeps_ticks=keeps_ticks)
    return go(request, _url(workshop))


def _url(workshop: Workshop, **query) -> str:
    return reverse("workshops:run", args=[workshop.authority.slug, workshop.pk], query=query)


def _choice(request, name: str, *known: str) -> str:
    if (value := request.POST.get(name, "")) not in known:
        raise BadRequest(f"{name} is one of {', '.join(known)}.")
    return value


def _activity(workshop: Workshop, pk) -> Activity:
    return get_object_or_404(workshop.activities, pk=pk)


# --- the room


@console_view
@require_POST
def run_doors(request, workshop):
    if _choice(request, "way", "open", "close") == "open":
        room.open_doors(workshop=workshop, by=request.user)
        tell(request, "The doors are open. The code is on the big screen.")
    else:
        room.close_doors(workshop=workshop, by=request.user)
        tell(request, "The doors are closed. Whoever is in stays in.")
    return _back(request, workshop)


@console_view
@require_POST
def run_go(request, workshop, activity_pk):
    """On or back to an activity; nothing that was done in any is lost."""
    activity = _activity(workshop, activity_pk)
    room.go(workshop=workshop, activity=activity, by=request.user)
    tell(request, f"We’re at “{activity}”.")
    return _back(request, workshop)


# What everybody sees from then on, where it is no notes.
_SHOWN = {
    ActivityKind.VOTE: "Everybody sees the dots now.",
    ActivityKind.PLACE: "Everybody sees now where we put them.",
    ActivityKind.GIFT: "Everybody sees now how we’re split. Settle each of them together.",
    ActivityKind.PULSE: "Everybody sees the answers now.",
}
NOTHING_YET = "Nobody has written anything yet. What comes is shown at once."


@console_view
@require_POST
def run_reveal(request, workshop, activity_pk):
    activity = _activity(workshop, activity_pk)
    notes.reveal(activity=activity, by=request.user)
    tell(request, _told_of_reveal(activity))
    return _back(request, workshop)


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
    minutes = int(_choice(request, "minutes", "0", "1", "2", "5"))
    room.add_time(workshop=workshop, minutes=minutes, by=request.user)
    return _back(request, workshop)


@console_view
@require_POST
def run_screen(request, workshop):
    way = _choice(request, "way", "hold", "follow", "show code", "hide code", "new link")
    if way == "new link":
        room.renew_screen_link(workshop=workshop, by=request.user)
        tell(request, "The big screen has a new link. The old one shows nothing any more.")
    elif way in ("hold", "follow"):
        room.set_screen(workshop=workshop, by=request.user, is_held=way == "hold")
    else:
        room.set_screen(workshop=workshop, by=request.user, shows_code=way == "show code")
    return _back(request, workshop)


@console_view
@require_POST
def run_seat(request, workshop):
    """Take over from whoever runs the room; they can take it back."""
    room.take_seat(workshop=workshop, by=request.user, anyway=True)
    tell(request, "You run the room now.")
    return _back(request, workshop)


@console_view
@require_http_methods(["GET", "HEAD", "POST"])
def run_end(request, workshop):
    if request.method == "POST":
        room.end(workshop=workshop, by=request.user)
        tell(request, "That’s it for today. Thank you for holding the room.")
        return go(request, workshop.get_absolute_url())
    return page(request, "workshops/run_end.html", {"workshop": workshop, "back": _url(workshop)})


@console_view
@require_POST
def run_participant_remove(request, workshop, participant_pk):
    participant = get_object_or_404(Participant, workshop=workshop, pk=participant_pk)
    room.remove(participant=participant, by=request.user)
    tell(request, f"{participant} is not in the room any more.")
    return _back(request, workshop)


# --- notes


def _note(workshop: Workshop, pk) -> Note:
    return get_object_or_404(
        Note.objects.select_related("activity__workshop"), activity__workshop=workshop, pk=pk
    )


@console_view
@require_POST
def run_note_show(request, workshop, note_pk):
    notes.show(note=_note(workshop, note_pk), by=request.user)
    tell(request, "The note is shown like every other.")
    return _back(request, workshop)


@console_view
@require_http_methods(["GET", "HEAD", "POST"])
def run_note_tidy(request, workshop, note_pk):
    note = _note(workshop, note_pk)
    if not (note.held_for or note.activity.is_revealed):
        return get_object_or_404(Note.objects.none())
    form = TidyForm(request.POST or None, initial={"text": note.text, "version": note.version})
    if request.method == "POST" and form.is_valid():
        try:
            notes.tidy(note=note, by=request.user, **form.cleaned_data)
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=_url(workshop))
        tell(request, "Put better. The writer’s own words are kept beside it.")
        return go(request, _url(workshop))
    context = {"workshop": workshop, "note": note, "form": form, "back": _url(workshop)}
    return page(request, "workshops/run_note_tidy.html", context)


@console_view
@require_http_methods(["GET", "HEAD", "POST"])
def run_note_redact(request, workshop, note_pk):
    """Overwrite a note for good, after a page that says so."""
    note = _note(workshop, note_pk)
    if not (note.held_for or note.activity.is_revealed):
        return get_object_or_404(Note.objects.none())
    if request.method == "POST":
        notes.redact(note=note, by=request.user)
        tell(request, "Its words are gone, and kept nowhere.")
        return go(request, _url(workshop))
    context = {"workshop": workshop, "note": note, "back": _url(workshop)}
    return page(request, "workshops/run_note_redact.html", context)


@console_view
@require_POST
def run_parked(request, workshop, activity_pk):
    """Open with what was left from last time."""
    count = notes.bring_in_parked(activity=_activity(workshop, activity_pk), by=request.user)
    if count:
        tell(request, f"{count} from last time {'is' if count == 1 else 'are'} among the notes.")
    else:
        tell(request, "Nothing is left from last time.")
    return _back(request, workshop)


# --- theming


@console_view
@require_POST
def run_notes_move(request, workshop, activity_pk):
    """Put the picked notes into a group, out of any, or into a new one."""
    activity = _activity(workshop, activity_pk)
    picked = _picked(request, activity)
    if request.POST.get("way") == "find":
        return _found(request, workshop)
    if not picked:
        tell(request, "Pick a note first.")
        return _back(request, workshop)
    to = request.POST.get("to") or request.GET.get("to", "")  # an undo says it in its address
    group = None if to == "none" else _group_of(activity, to)
    before = {note.group_id for note in picked}
    moved = notes.place(activity=activity, notes=picked, group=group, by=request.user)
    if moved:
        words = f"Moved “{picked[0]}”" if len(picked) == 1 else f"Moved {len(picked)} notes"
        undo = _undo_of_move(workshop, activity, picked, before)
        tell(request, f"{words} to {group}." if group else f"{words} out of its group.", undo=undo)
    return _back(request, workshop, keeps_ticks=False)


def _found(request, workshop: Workshop):
    """What a search box leaves, with every tick; by its own address where there is no script."""
    if wants_part(request):
        return _console(request, workshop)
    kept = {name: request.POST.getlist(name) for name in (*_SEARCHES, "note", "to")}
    return go(request, _url(workshop, **{name: said for name, said in kept.items() if any(said)}))


@console_view
@require_GET
def run_note_move(request, workshop, activity_pk, note_pk):
    """One note, and where it could go: found by typing where there are many groups."""
    activity = _activity(workshop, activity_pk)
    note = get_object_or_404(reading.source_notes(activity), pk=note_pk)
    others = [group for group in reading.groups_of(activity) if group.pk != note.group_id]
    find = request.GET.get("find", "").strip()[:LONGEST_SEARCH]
    context = {
        "workshop": workshop,
        "activity": activity,
        "note": note,
        "groups": [group for group in others if reading.holds(group.title, find)],
        "is_grouped": any(group.pk == note.group_id for group in reading.groups_of(activity)),
        "has_many_groups": len(others) >= MANY,
        "find": find,
        "form": GroupForm(),
        "back": _url(workshop),
    }
    return page(request, "workshops/run_note_move.html", context, region="places")


def _undo_of_move(workshop: Workshop, activity: Activity, picked, before) -> str:
    """The address that takes a move back, where all came from one place."""
    if len(before) != 1:
        return ""
    came_from = before.pop()
    return reverse(
        "workshops:run-notes-move",
        args=[workshop.authority.slug, workshop.pk, activity.pk],
        query={"note": [str(note.pk) for note in picked], "to": str(came_from or "none")},
    )


def _picked(request, activity: Activity) -> list[Note]:
    """An undo names its notes in the address; a form sends them."""
    asked = request.POST.getlist("note") or request.GET.getlist("note")
    return [note for note in reading.source_notes(activity) if str(note.pk) in asked]


def _group_of(activity: Activity, pk: str) -> Group:
    try:
        return get_object_or_404(reading.groups_of(activity), pk=uuid.UUID(pk))
    except ValueError:
        raise BadRequest("Choose where to move it.") from None


@console_view
@require_POST
def run_group_add(request, workshop, activity_pk):
    activity = _activity(workshop, activity_pk)
    form = GroupForm(request.POST)
    if not form.is_valid():
        return _console(request, workshop, form=form)
    said = form.cleaned_data
    picked = _picked(request, activity)
    group = groups.add(
        activity=activity, pk=said["id"], title=said["title"], notes=picked, by=request.user
    )
    undo = _group_url("run-group-remove", workshop, group)
    tell(request, f"New group: {group}", undo=undo)
    return _back(request, workshop, keeps_ticks=False)


def _group_url(name: str, workshop: Workshop, group: Group, **query) -> str:
    return reverse(
        f"workshops:{name}", args=[workshop.authority.slug, workshop.pk, group.pk], query=query
    )


def _group(workshop: Workshop, pk) -> Group:
    return get_object_or_404(
        Group.objects.select_related("activity__workshop"), activity__workshop=workshop, pk=pk
    )


@console_view
@require_http_methods(["GET", "HEAD", "POST"])
def run_group_edit(request, workshop, group_pk):
    """Another name for a group, or a merge into another one."""
    group = _group(workshop, group_pk)
    initial = {"title": group.title, "version": group.version}
    form = GroupEditForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            groups.rename(group=group, by=request.user, **form.cleaned_data)
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=_url(workshop))
        tell(request, f"Renamed: {group}")
        return go(request, _url(workshop))
    others = reading.groups_of(group.activity).exclude(pk=group.pk)
    context = {"workshop": workshop, "group": group, "form": form, "others": others}
    return page(request, "workshops/run_group_edit.html", context | {"back": _url(workshop)})


@console_view
@require_POST
def run_group_merge(request, workshop, group_pk):
    group = _group(workshop, group_pk)
    into = _group_of(group.activity, request.POST.get("into", ""))
    kept = [str(one) for one in group.notes.values_list("pk", flat=True)]
    groups.merge(group=group, into=into, by=request.user)
    undo = _group_url("run-group-split", workshop, group, note=kept)
    tell(request, f"“{group}” is part of “{into}” now.", undo=undo)
    return go(request, _url(workshop))


@console_view
@require_POST
def run_group_split(request, workshop, group_pk):
    """Take a merge back, with the notes that the group had."""
    group = _group(workshop, group_pk)
    asked = request.GET.getlist("note")
    mine = [note.pk for note in reading.source_notes(group.activity) if str(note.pk) in asked]
    groups.split(group=group, notes=mine, by=request.user)
    tell(request, f"Apart again: {group}")
    return _back(request, workshop)


@console_view
@require_POST
def run_group_remove(request, workshop, group_pk):
    group = groups.remove(group=_group(workshop, group_pk), by=request.user)
    undo = _group_url("run-group-put-back", workshop, group)
    tell(request, f"Taken apart: {group}. Its notes look for a home.", undo=undo)
    return _back(request, workshop)


@console_view
@require_POST
def run_group_put_back(request, workshop, group_pk):
    group = groups.put_back(group=_group(workshop, group_pk), by=request.user)
    tell(request, f"Together again: {group}")
    return _back(request, workshop)


# --- what people suggest


@console_view
@require_POST
def run_suggestions(request, workshop, activity_pk):
    """Let people suggest where notes belong, stop it, or take up what most agree on."""
    activity = _activity(workshop, activity_pk)
    way = _choice(request, "way", "let in", "close", "accept agreed")
    if way == "accept agreed":
        _accept_agreed(request, workshop, activity)
    elif suggestions.let_in(activity=activity, is_on=way == "let in", by=request.user):
        if way == "let in":
            tell(request, "Everybody can suggest groups on their phone now.")
        else:
            tell(request, "Suggestions are closed. Those that came in wait for you here.")
    return _back(request, workshop)


def _accept_agreed(request, workshop: Workshop, activity: Activity) -> None:
    accepted = suggestions.accept_agreed(activity=activity, by=request.user)
    if accepted is None:
        tell(request, "There’s nothing that most agree on yet.")
        return
    decision, count = accepted
    words = "one note" if count == 1 else f"{count} notes"
    undo = _reopen_url(workshop, activity, decision)
    tell(request, f"Moved {words} where most see {'it' if count == 1 else 'them'}.", undo=undo)


@console_view
@require_POST
def run_suggestion(request, workshop, activity_pk, note_pk):
    """Put a note where people suggest, in a group that is there or a new one, or leave it."""
    activity = _activity(workshop, activity_pk)
    note = get_object_or_404(reading.source_notes(activity), pk=note_pk)
    if request.POST.get("way") == "leave":
        decision = suggestions.leave(activity=activity, note=note, by=request.user)
        words = f"Left where it is: “{note}”"
    else:
        to = request.POST.get("to", "")
        accepted = suggestions.accept(
            activity=activity,
            note=note,
            group=_group_of(activity, to) if to else None,
            title=request.POST.get("title", ""),
            by=request.user,
        )
        decision, tally = accepted or (None, "")
        words = f"Moved “{note}” to {tally}."
    if decision is None:
        tell(request, "That was decided a moment ago, or nobody suggests it any more.")
    else:
        tell(request, words, undo=_reopen_url(workshop, activity, decision))
    return _back(request, workshop)


def _reopen_url(workshop: Workshop, activity: Activity, decision) -> str:
    args = [workshop.authority.slug, workshop.pk, activity.pk, decision]
    return reverse("workshops:run-suggestions-reopen", args=args)


@console_view
@require_POST
def run_suggestions_reopen(request, workshop, activity_pk, decision):
    """Take one decision on suggestions back."""
    activity = _activity(workshop, activity_pk)
    suggestions.reopen(activity=activity, decision=decision, by=request.user)
    tell(request, "Taken back. The suggestions are open again.")
    return _back(request, workshop)


# --- voting, and whose gift it is


@console_view
@require_POST
def run_dots(request, workshop, activity_pk):
    """How many dots each person has."""
    activity = _activity(workshop, activity_pk)
    dots = int(_choice(request, "dots", *map(str, range(1, 13))))
    most = min(MOST_ON_ONE, dots)
    refusal = votes.set_limits(activity=activity, dots=dots, most_on_one=most, by=request.user)
    tell(request, refusal or f"Each person has {dots} dots.")
    return _back(request, workshop)


@console_view
@require_POST
def run_gift(request, workshop, activity_pk, thing_pk):
    """Whose it is to make happen, as the room said; `gift` is empty where it is taken back."""
    activity = _activity(workshop, activity_pk)
    things = {thing.pk: thing for thing in reading.things_of(activity)}
    if (thing := things.get(thing_pk)) is None:
        return get_object_or_404(Group.objects.none())
    gift = request.POST.get("gift", request.GET.get("gift"))  # an undo says it in its address
    if gift not in ("", *InGift.values):
        raise BadRequest("It is one of the four, or none of them yet.")
    before = groups.settle_gift(row=thing.row, gift=gift, by=request.user, activity=activity)
    here = [workshop.authority.slug, workshop.pk, activity.pk, thing.pk]
    if before == gift:
        return _back(request, workshop)
    undo = reverse("workshops:run-gift", args=here, query={"gift": before})
    words = dict(GIFTS).get(gift)
    tell(request, f"{words}: {thing}" if words else f"Not settled yet: {thing}", undo=undo)
    return _back(request, workshop)
