"""The phone: one thing at a time, and one's own notes with it."""

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blueprints.voices import Sheet
from programmes.editing import Stale
from programmes.pages import conflict, go, page, tell, wants_part
from workshops import reading, voices, window
from workshops import suggestions as suggested
from workshops.actions import notes
from workshops.actions.window import ask_for_time
from workshops.afterwards import fates_of
from workshops.doors import activity_in_room, looking_back_view, note_in_room, participant_view
from workshops.forms.room import NoteEditForm, NoteForm, RoleEditForm, RoleForm
from workshops.models import ASKS_ABOUT_THINGS, Activity, ActivityKind, Note, Workshop
from workshops.telling import phone_context
from workshops.word_back import since_then


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
        return phone_page(request, at, form=form)
    return phone_page(request, at or workshop.current, form=form)


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
        return go(request, room_of(workshop))
    if request.GET.get("since") == str(workshop.seq) and wants_part(request):
        return HttpResponse(status=204)
    return phone_page(request, activity)


@participant_view
@require_GET
def thanks(request):
    """The end of one's steps: when it closes, and what happens then."""
    _seen(request)
    workshop = request.workshop
    if not workshop.is_self_paced or workshop.has_closed:
        return go(request, room_of(workshop))
    return phone_page(request, None)


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
    return go(request, room_of(request.workshop))


def room_of(workshop: Workshop) -> str:
    return reverse("room:room", args=[workshop.pk])


def phone_page(
    request,
    activity: Activity | None,
    *,
    form: NoteForm | None = None,
    half: reading.Thing | None = None,
    sheet: Sheet | None = None,
    is_refused: bool = False,
):
    workshop = request.workshop
    context = phone_context(workshop, activity)
    context |= {"participant": request.participant, "steps": reading.steps_of(workshop)}
    context["here"] = _here(workshop, activity)
    if workshop.is_self_paced:
        context |= _steps(request, activity)
    if workshop.ended_at:
        fates = fates_of(workshop, request.participant, request.key)
        context["fates"] = since_then(workshop.programme, fates)
    if activity is not None:
        context |= _own(request, activity, form, context["things"])
        if activity.takes_suggestions:
            grouped = [note for thing in context["things"] for note in thing.notes]
            voter = activity.voter(request.participant)
            suggested.put_own_beside([*grouped, *context["homeless"]], activity, voter)
        for thing in context["things"]:
            if half is not None and thing.pk == half.pk:
                thing.across, thing.up = half.across, half.up
        if sheet is not None:
            context |= {"sheet": sheet, "action_was_sent": True}
    answer = page(request, "room/room.html", context | {"is_refused": is_refused}, region="stage")
    if is_refused:
        # A phone that sends what waited on it must not take this for an answer that all is well.
        answer["X-Not-Kept"] = "closed"
    return answer


def _here(workshop: Workshop, activity: Activity | None) -> str:
    """The address of what is shown, so that a phone that asks anew stays where it is."""
    if workshop.is_self_paced and activity is not None:
        return reverse("room:step", args=[workshop.pk, activity.pk])
    return room_of(workshop)


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
    if activity.kind == ActivityKind.SENSE:
        own["sheet"] = voices.sheet_of(activity, request.participant)
        own["action"] = reverse("room:speak", args=[request.workshop.pk, activity.pk])
    if activity.is_written:
        mine = reading.own_notes(activity, request.participant, request.key)
        own["mine"] = _newest_first(request, mine)
        own["form"] = form or _form_of(activity)(activity=activity)
    if activity.kind == ActivityKind.VOTE:
        own["things"] = reading.with_dots(activity, reading.things_of(activity), voter)
        own["left"] = activity.dots - reading.own_votes(activity, voter)
    if activity.kind in ASKS_ABOUT_THINGS:
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


def back(request, activity: Activity, at: str = ""):
    """After a write: the region at that activity for htmx, else the page where one was on it."""
    if wants_part(request):
        return phone_page(request, activity)
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
        return phone_page(request, activity, form=form, is_refused=is_late)
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
            return go(request, room_of(request.workshop))
        return phone_page(request, activity, form=form, is_refused=True)
    request.order = list(dict.fromkeys([_start_of(note), *request.order]))
    _tell_kept(request, note)
    return back(request, activity)


def _start_of(note: Note) -> str:
    """What a device remembers of the id of a note that it wrote."""
    return note.pk.hex[:8]


def _newest_first(request, own: list[Note]) -> list[Note]:
    """What was written on another device comes last."""
    place = {start: at for at, start in enumerate(request.order)}
    return sorted(own, key=lambda note: place.get(_start_of(note), len(place)))


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
    return back(request, note.activity)


@participant_view
@require_POST
def note_put_back(request, pk):
    note = _own_note(request, pk)
    notes.put_back(note=note)
    tell(request, f"Back again: {note}")
    return back(request, note.activity)


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
    return back(request, note.activity if paced else request.workshop.current or note.activity)
