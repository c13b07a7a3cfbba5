"""What the facilitator does with one note, and what was left from last time."""

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST

from programmes.editing import Stale
from programmes.pages import conflict, go, page, tell
from workshops.actions import notes
from workshops.doors import console_view
from workshops.forms.room import TidyForm
from workshops.models import Note, Workshop
from workshops.views.console.page import activity_of, back, console_url


def _note(workshop: Workshop, pk) -> Note:
    return get_object_or_404(
        Note.objects.select_related("activity__workshop"), activity__workshop=workshop, pk=pk
    )


@console_view
@require_POST
def run_note_show(request, workshop, note_pk):
    notes.show(note=_note(workshop, note_pk), by=request.user)
    tell(request, "The note is shown like every other.")
    return back(request, workshop, at="look")


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
            return conflict(request, form=form, row=stale.row, back=console_url(workshop))
        tell(request, "Put better. The writer’s own words are kept beside it.")
        return go(request, console_url(workshop, at=f"note-{note.pk}"))
    context = {"workshop": workshop, "note": note, "form": form, "back": console_url(workshop)}
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
        return go(request, console_url(workshop, at=f"col-{note.column}"))
    context = {"workshop": workshop, "note": note, "back": console_url(workshop)}
    return page(request, "workshops/run_note_redact.html", context)


@console_view
@require_POST
def run_parked(request, workshop, activity_pk):
    """Open with what was left from last time."""
    count = notes.bring_in_parked(activity=activity_of(workshop, activity_pk), by=request.user)
    if count:
        tell(request, f"{count} from last time {'is' if count == 1 else 'are'} among the notes.")
    else:
        tell(request, "Nothing is left from last time.")
    return back(request, workshop)
