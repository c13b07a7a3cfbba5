"""What people answer on their phones: dots, marks, suggestions, and that they are done."""

import uuid
from functools import partial

from django.core.exceptions import BadRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from blueprints.views.voices import kept
from programmes import guard
from programmes.pages import go, page, tell, wants_part
from workshops import reading, voices
from workshops import suggestions as suggested
from workshops.actions import notes, suggestions, votes
from workshops.actions import voices as room_voices
from workshops.doors import activity_in_room, participant_view
from workshops.forms.room import SuggestForm
from workshops.models import ASKS_ABOUT_THINGS, MOST_DOTS, Activity, ActivityKind, Group, Note
from workshops.views.room import back, phone_page


@participant_view
@require_POST
def vote(request, pk):
    """How many dots one thing shall have, instead of as many as it had when they chose.

    A phone that has had no answer to what it sent before names each number that may stand by now.
    """
    activity = activity_in_room(request, pk)
    things = {str(thing.pk): thing for thing in reading.things_of(activity)}
    thing = things.get(request.POST.get("thing", ""))
    had = {_dots(said) for said in request.POST.getlist("had")}
    wanted = _dots(request.POST.get("wanted", ""))
    if activity.kind != ActivityKind.VOTE or thing is None or not had:
        raise BadRequest("A dot goes on one of the things that are voted on.")
    if refusal := votes.put(
        activity=activity,
        participant=request.participant,
        group=thing.group,
        note=thing.note,
        had=had,
        wanted=wanted,
    ):
        tell(request, refusal)
    return back(request, activity, at=f"vote-{thing.pk}")


def _dots(said: str) -> int:
    if said not in map(str, range(MOST_DOTS + 1)):
        raise BadRequest(f"Dots are a number up to {MOST_DOTS}.")
    return int(said)


@participant_view
@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request, pk, note_pk):
    """Where one person sees a note: a group that is there, or a new name; theirs alone."""
    activity = activity_in_room(request, pk)
    note = _note_of_theme(activity, note_pk)
    here = reverse("room:room", args=[request.workshop.pk], fragment=f"of-{note.pk}")
    if not activity.takes_suggestions:
        tell(request, suggestions.NOT_OPEN)
        return go(request, here)
    form = SuggestForm()
    if request.method == "POST":
        form = SuggestForm(request.POST)
        if request.POST.get("way") == "take back":
            refusal = suggestions.take_back(
                activity=activity, participant=request.participant, note=note
            )
            tell(request, refusal or "Taken back.")
            return go(request, here)
        if said := _where(request, activity, form):
            refusal = suggestions.suggest(
                activity=activity, participant=request.participant, note=note, **said
            )
            tell(request, refusal or _kept_suggestion(said.get("title", "")))
            return go(request, here)
    suggested.put_own_beside([note], activity, activity.voter(request.participant))
    groups = [group for group in reading.groups_of(activity) if group.pk != note.group_id]
    context = {"note": note, "groups": groups, "form": form, "back": here}
    return page(request, "room/suggest.html", context)


def _note_of_theme(activity: Activity, pk) -> Note:
    is_theme = activity.kind == ActivityKind.THEME
    return get_object_or_404(
        reading.source_notes(activity) if is_theme else Note.objects.none(), pk=pk
    )


def _where(request, activity: Activity, form: SuggestForm) -> dict:
    """The group that was chosen, or the name that was typed; nothing where it does not fit."""
    if to := request.POST.get("to", ""):
        return {"group": _group_of(activity, to)}
    return {"title": form.cleaned_data["title"]} if form.is_valid() else {}


def _group_of(activity: Activity, pk: str) -> Group:
    try:
        return get_object_or_404(reading.groups_of(activity), pk=uuid.UUID(pk))
    except ValueError:
        raise BadRequest("Choose one of the groups.") from None


def _kept_suggestion(title: str) -> str:
    if title and guard.look(title):
        return (
            "Got it. It may name somebody: put it another way, if so. Only the facilitator sees it."
        )
    return "Got it. The facilitator sees how many suggest what, never who."


# Why a mark is not kept, in the words of what people do there.
_OF_A_MARK: dict[str, str] = {
    votes.NOT_YET: "This hasn’t started yet.",
    votes.OVER: "Everybody’s answers are shown by now, so yours stays as it is.",
    votes.CLOSED: votes.CLOSED,
    votes.GONE: "That isn’t here any more.",
}
_CHOICES = {
    ActivityKind.PLACE: 5,
    ActivityKind.GIFT: len(reading.GIFTS),
    ActivityKind.PULSE: 5,
    ActivityKind.CHECK_IN: 5,
}


@participant_view
@require_POST
def mark(request, pk):
    """One person's answer about one thing, or to one question; another one replaces it."""
    activity = activity_in_room(request, pk)
    kind = ActivityKind(activity.kind)
    across, up = (_score(request, name, _CHOICES.get(kind, 0)) for name in ("across", "up"))
    thing = None
    if kind in ASKS_ABOUT_THINGS:
        things = {str(thing.pk): thing for thing in reading.things_of(activity)}
        thing = things.get(request.POST.get("thing", ""))
        if thing is None:
            raise BadRequest("A mark is about one of the things that are here.")
        if kind == ActivityKind.PLACE and not (across and up):
            thing.across, thing.up = across, up
            tell(request, "One more: choose a number on both lines.")
            return phone_page(request, activity, half=thing)
    if not across:
        raise BadRequest("Choose one of the answers.")
    refusal = votes.mark(
        activity=activity,
        participant=request.participant,
        across=across,
        up=up if kind == ActivityKind.PLACE else 0,
        group=thing.group if thing else None,
        note=thing.note if thing else None,
    )
    if refusal:
        tell(request, _OF_A_MARK[refusal])
    elif thing is None:
        tell(request, "Got it. You can change it until everybody’s is shown.")
    return back(request, activity, at=f"thing-{thing.pk}" if thing else "")


def _score(request, name: str, most: int) -> int:
    """0 where nothing was chosen."""
    said = request.POST.get(name, "")
    return int(said) if said in map(str, range(1, most + 1)) else 0


@participant_view
@require_POST
def speak(request, pk):
    """What one person places as one of two voices; halves wait until they are whole."""
    activity = activity_in_room(request, pk)
    if activity.kind != ActivityKind.SENSE or activity.round is None:
        raise BadRequest("There is nothing to place here.")
    sheet = voices.sheet_of(activity, request.participant, request.POST)
    if sheet is None:
        tell(request, "It has closed, so what you placed before stays as it is.")
        return back(request, activity)
    if request.POST.get("voice") == voices.NEITHER and not sheet.is_settled:
        sheet.problem = _NEITHER
    else:
        put = partial(room_voices.speak, activity=activity, participant=request.participant)
        sheet.problem = kept(sheet, put)
    if not (wants_part(request) or sheet.problem or sheet.halves):
        if sheet.placed == len(sheet.found):
            notes.say_done(activity=activity, participant=request.participant)
        tell(request, f"Got it: {sheet.placed} of {len(sheet.found)} placed.")
        return back(request, activity)
    return phone_page(request, activity, sheet=sheet)


_NEITHER = "Thank you. Then listen in: two voices are placed here, so we keep nothing of yours."


@participant_view
@require_POST
def done(request, pk):
    """ "I’m done": the facilitator sees how many are, never who."""
    activity = activity_in_room(request, pk)
    try:
        notes.say_done(activity=activity, participant=request.participant)
    except notes.Closed:
        tell(request, votes.CLOSED)
    else:
        tell(request, "Thank you. You can still change it until everybody’s is shown.")
    return back(request, activity)
