"""The phone: one thing at a time, and one's own notes with it."""

import uuid

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from programmes.editing import Stale
from programmes.pages import conflict, go, page, tell, wants_part
from workshops import guard, reading, window
from workshops import suggestions as suggested
from workshops.actions import notes, suggestions, votes
from workshops.actions.window import ask_for_time
from workshops.afterwards import fates_of
from workshops.doors import activity_in_room, looking_back_view, note_in_room, participant_view
from workshops.forms.room import NoteEditForm, NoteForm, RoleEditForm, RoleForm, SuggestForm
from workshops.models import Activity, ActivityKind, Group, Note, Workshop
from workshops.telling import phone_context


@looking_back_view
@require_GET
def room(request, *, form: NoteForm | None = None, at: Activity | None = None):
    """Where the room is. Who polls says which `seq` they have: nothing new, no answer.

    Over days it is where this person goes on.
    """
    _seen(request)
    workshop = request.workshop
    if request.GET.get("since") == str(workshop.seq) and wants_part(request):
        return HttpResponse(status=204)
    if workshop.is_self_paced and at is None:
        at = None if workshop.has_closed else _goes_on(request)
        return _page(request, at, form=form)
    return _page(request, at or workshop.current, form=form)


def _goes_on(request) -> Activity | None:
    step = window.first_open(window.steps_of(request.workshop, request.participant))
    return step.activity if step else None


@participant_view
@require_GET
def step(request, pk):
    """One part of a window over days, whenever somebody wants to look at it."""
    _seen(request)
    workshop = request.workshop
    activity = activity_in_room(request, pk)
    if not workshop.is_self_paced:
        return go(request, _room_of(workshop))
    if request.GET.get("since") == str(workshop.seq) and wants_part(request):
        return HttpResponse(status=204)
    return _page(request, activity)


@participant_view
@require_GET
def thanks(request):
    """The end of one's steps: when it closes, and what happens then."""
    _seen(request)
    workshop = request.workshop
    if not workshop.is_self_paced or workshop.has_closed:
        return go(request, _room_of(workshop))
    return _page(request, None)


@participant_view
@require_POST
def more_time(request):
    """After the deadline: ask the facilitator, who sees how many ask, and never who."""
    wants = request.POST.get("wants") != "no"
    if not ask_for_time(participant=request.participant, wants=wants):
        tell(request, "It’s open: go ahead.")
    elif wants:
        tell(request, "We’ve asked. The facilitator sees that somebody did, not who.")
    else:
        tell(request, "Taken back. Nobody is asked any more.")
    return go(request, _room_of(request.workshop))


def _room_of(workshop: Workshop) -> str:
    return reverse("room:room", args=[workshop.pk])


def _page(
    request,
    activity: Activity | None,
    *,
    form: NoteForm | None = None,
    half: reading.Thing | None = None,
    is_refused: bool = False,
):
    workshop = request.workshop
    context = phone_context(workshop, activity)
    context |= {"participant": request.participant, "steps": reading.steps_of(workshop)}
    context["here"] = _here(workshop, activity)
    if workshop.is_self_paced:
        context |= _steps(request, activity)
    if workshop.ended_at:
        context["fates"] = fates_of(workshop, request.participant, request.key)
    if activity is not None:
        context |= _own(request, activity, form, context["things"])
        if activity.takes_suggestions:
            grouped = [note for thing in context["things"] for note in thing.notes]
            voter = activity.voter(request.participant)
            suggested.put_own_beside([*grouped, *context["homeless"]], activity, voter)
        for thing in context["things"]:
            if half is not None and thing.pk == half.pk:
                thing.across, thing.up = half.across, half.up
    answer = page(request, "room/room.html", context | {"is_refused": is_refused}, region="stage")
    if is_refused:
        # A phone that sends what waited on it must not take this for an answer that all is well.
        answer["X-Not-Kept"] = "closed"
    return answer


def _here(workshop: Workshop, activity: Activity | None) -> str:
    """The address of what is shown, so that a phone that asks anew stays where it is."""
    if workshop.is_self_paced and activity is not None:
        return reverse("room:step", args=[workshop.pk, activity.pk])
    return _room_of(workshop)


def _steps(request, activity: Activity | None) -> dict:
    """The parts that this person is led through, and those beside the one that is shown."""
    steps = window.steps_of(request.workshop, request.participant)
    pk = activity.pk if activity else None
    at = next((n for n, one in enumerate(steps) if one.activity.pk == pk), -1)
    return {
        "own_steps": steps,
        "at": steps[at] if at >= 0 else None,
        "previous": steps[at - 1] if at > 0 else None,
        "following": steps[at + 1] if 0 <= at < len(steps) - 1 else None,
        "goes_on": window.first_open(steps),
    }


def _own(request, activity: Activity, form: NoteForm | None, things: list) -> dict:
    """What is this person's alone."""
    voter = activity.voter(request.participant)
    own: dict = {}
    if activity.is_written:
        own["mine"] = reading.own_notes(activity, request.participant, request.key)
        own["form"] = form or _form_of(activity)(activity=activity)
    if activity.kind == ActivityKind.VOTE:
        own["things"] = reading.with_dots(activity, reading.things_of(activity), voter)
        own["left"] = activity.dots - reading.own_votes(activity, voter)
    if activity.kind in (ActivityKind.PLACE, ActivityKind.GIFT):
        own["things"] = reading.with_marks(activity, things, voter)
        own["marked"] = sum(1 for thing in things if thing.across)
    if activity.kind in (ActivityKind.PULSE, ActivityKind.CHECK_IN):
        mark = reading.marks_of(activity, voter).get(None)
        own["answer"] = mark.across if mark else 0
    return own


def _form_of(activity: Activity) -> type[NoteForm]:
    return RoleForm if activity.kind == ActivityKind.STAKEHOLDERS else NoteForm


def _of_a_role(said: dict) -> dict:
    """What is said of somebody who must be on board, beside who they are."""
    return {name: said[name] for name in ("influence", "support", "ask") if name in said}


def _seen(request) -> None:
    if request.workshop.is_long_over:
        return  # That somebody looked back is nobody's business.
    participant = request.participant
    participant.seen_at = timezone.now()
    participant.save(update_fields=["seen_at"])


def _back(request, activity: Activity, at: str = ""):
    """After a write: the region at that activity for htmx, else the page where one was on it."""
    if wants_part(request):
        return _page(request, activity)
    address = _here(request.workshop, activity)
    return go(request, f"{address}#{at}" if at else address)


@participant_view
@require_POST
def note_add(request, pk):
    activity = activity_in_room(request, pk)
    if not activity.is_written:
        raise BadRequest("There is nothing to write here.")
    form = _form_of(activity)(request.POST, activity=activity)
    if not form.is_valid():
        is_late = request.workshop.has_closed_for(activity)
        return _page(request, activity, form=form, is_refused=is_late)
    try:
        note = notes.write(
            activity=activity,
            participant=request.participant,
            key=request.key,
            pk=form.cleaned_data["id"],
            text=form.cleaned_data["text"],
            column=int(form.cleaned_data["column"] or 0),
            **_of_a_role(form.cleaned_data),
        )
    except notes.Closed:
        if request.workshop.ended_at or not request.workshop.has_closed:
            return go(request, _room_of(request.workshop))
        return _page(request, activity, form=form, is_refused=True)
    _tell_kept(request, note)
    return _back(request, activity)


def _tell_kept(request, note: Note) -> None:
    if note.held_for:
        tell(
            request,
            "Got it. It may name somebody, so the facilitator looks at it first. Change it if so.",
        )
    elif note.activity.is_revealed and request.workshop.is_self_paced:
        tell(request, "Got it. It’s among everybody’s notes.")
    elif note.activity.is_revealed:
        tell(request, "Got it. It’s on its way to the big screen.")
    else:
        tell(request, "Got it. It’s yours alone until the facilitator shows all notes.")


@participant_view
@require_http_methods(["GET", "HEAD", "POST"])
def note_edit(request, pk):
    note = _own_note(request, pk)
    kind = RoleEditForm if note.activity.kind == ActivityKind.STAKEHOLDERS else NoteEditForm
    initial = {
        name: getattr(note, name) for name in ("text", "version", "influence", "support", "ask")
    }
    form = kind(request.POST or None, activity=note.activity, initial=initial)
    here = _here(request.workshop, note.activity)
    if request.method == "POST" and form.is_valid():
        try:
            said = form.cleaned_data
            changed = notes.change(
                note=note, version=said["version"], text=said["text"], **_of_a_role(said)
            )
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=here)
        except notes.Closed:
            if request.workshop.ended_at:
                return go(request, here)
            form.add_error("text", _closed_while_typing(request.workshop))
        else:
            _tell_kept(request, changed)
            return go(request, here)
    return page(request, "room/note_edit.html", {"form": form, "note": note, "back": here})


def _closed_while_typing(workshop: Workshop) -> str:
    return f"This closed on {workshop.deadline}, so your note stays as it was. Ask for more time."


@participant_view
@require_POST
def note_remove(request, pk):
    note = _own_note(request, pk)
    if notes.take_back(note=note):
        undo = reverse("room:note-put-back", args=[request.workshop.pk, note.pk])
        tell(request, f"Taken back: {note}", undo=undo)
    return _back(request, note.activity)


@participant_view
@require_POST
def note_put_back(request, pk):
    note = _own_note(request, pk)
    notes.put_back(note=note)
    tell(request, f"Back again: {note}")
    return _back(request, note.activity)


def _own_note(request, pk) -> Note:
    note = note_in_room(request, pk)
    mine = reading.is_own(note, request.participant, request.key)
    return note if mine else get_object_or_404(Note.objects.none())


@participant_view
@require_POST
def note_report(request, pk):
    """Two taps: it leaves every screen at once, until the facilitator has looked."""
    note = note_in_room(request, pk)
    if not note.activity.is_revealed or note.redacted_at or note.removed_at:
        return get_object_or_404(Note.objects.none())
    notes.report(note=note)
    tell(request, "Thank you. It’s off the screens, and the facilitator will look at it.")
    paced = request.workshop.is_self_paced
    return _back(request, note.activity if paced else request.workshop.current or note.activity)


@participant_view
@require_POST
def vote(request, pk):
    """One dot more, or one less, on one thing."""
    activity = activity_in_room(request, pk)
    things = {str(thing.pk): thing for thing in reading.things_of(activity)}
    thing = things.get(request.POST.get("thing", ""))
    way = request.POST.get("way")
    if activity.kind != ActivityKind.VOTE or thing is None or way not in ("more", "less"):
        raise BadRequest("A dot goes on one of the things that are voted on.")
    act = votes.cast if way == "more" else votes.take_back
    if refusal := act(
        activity=activity, participant=request.participant, group=thing.group, note=thing.note
    ):
        tell(request, refusal)
    return _back(request, activity)


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
_ABOUT_THINGS = (ActivityKind.PLACE, ActivityKind.GIFT)


@participant_view
@require_POST
def mark(request, pk):
    """One person's answer about one thing, or to one question; another one replaces it."""
    activity = activity_in_room(request, pk)
    kind = ActivityKind(activity.kind)
    across, up = (_score(request, name, _CHOICES.get(kind, 0)) for name in ("across", "up"))
    thing = None
    if kind in _ABOUT_THINGS:
        things = {str(thing.pk): thing for thing in reading.things_of(activity)}
        thing = things.get(request.POST.get("thing", ""))
        if thing is None:
            raise BadRequest("A mark is about one of the things that are here.")
        if kind == ActivityKind.PLACE and not (across and up):
            thing.across, thing.up = across, up
            tell(request, "One more: choose a number on both lines.")
            return _page(request, activity, half=thing)
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
    return _back(request, activity, at=f"thing-{thing.pk}" if thing else "")


def _score(request, name: str, most: int) -> int:
    """0 where nothing was chosen."""
    said = request.POST.get(name, "")
    return int(said) if said in map(str, range(1, most + 1)) else 0


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
    return _back(request, activity)
