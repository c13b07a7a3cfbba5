"""What people suggest for a theme's notes: taken up, left, or asked for again."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from programmes.pages import tell
from workshops import reading
from workshops.actions import suggestions
from workshops.doors import console_view
from workshops.models import Activity, Workshop
from workshops.views.console.page import activity_of, back, choice, group_of


@console_view
@require_POST
def run_suggestions(request, workshop, activity_pk):
    """Let people suggest where notes belong, stop it, or take up what most agree on."""
    activity = activity_of(workshop, activity_pk)
    way = choice(request, "way", "let in", "close", "accept agreed")
    if way == "accept agreed":
        _accept_agreed(request, workshop, activity)
    elif suggestions.let_in(activity=activity, is_on=way == "let in", by=request.user):
        if way == "let in":
            tell(request, "Everybody can suggest groups on their phone now.")
        else:
            tell(request, "Suggestions are closed. Those that came in wait for you here.")
    return back(request, workshop, at="let-in")


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
    activity = activity_of(workshop, activity_pk)
    note = get_object_or_404(reading.source_notes(activity), pk=note_pk)
    if request.POST.get("way") == "leave":
        decision = suggestions.leave(activity=activity, note=note, by=request.user)
        words = f"Left where it is: “{note}”"
    else:
        to = request.POST.get("to", "")
        accepted = suggestions.accept(
            activity=activity,
            note=note,
            group=group_of(activity, to) if to else None,
            title=request.POST.get("title", ""),
            by=request.user,
        )
        decision, tally = accepted or (None, "")
        words = f"Moved “{note}” to {tally}."
    if decision is None:
        tell(request, "That was decided a moment ago, or nobody suggests it any more.")
    else:
        tell(request, words, undo=_reopen_url(workshop, activity, decision))
    return back(request, workshop, at=f"pick-{note.pk}")


def _reopen_url(workshop: Workshop, activity: Activity, decision) -> str:
    args = [workshop.authority.slug, workshop.pk, activity.pk, decision]
    return reverse("workshops:run-suggestions-reopen", args=args)


@console_view
@require_POST
def run_suggestions_reopen(request, workshop, activity_pk, decision):
    """Take one decision on suggestions back."""
    activity = activity_of(workshop, activity_pk)
    suggestions.reopen(activity=activity, decision=decision, by=request.user)
    tell(request, "Taken back. The suggestions are open again.")
    return back(request, workshop, at="let-in")
