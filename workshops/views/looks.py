"""A look at a small change: what was said of it, written down at the console."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from programmes.pages import go, page, tell
from workshops import looks
from workshops.actions import harvest
from workshops.actions.harvest import DoesNotFit
from workshops.doors import console_view
from workshops.forms.room import WriteDownForm
from workshops.models import ActivityKind, Harvest
from workshops.views.console.page import console_url


@console_view
@require_http_methods(["GET", "HEAD", "POST"])
def run_write_down(request, workshop, activity_pk):
    """One thing that was said: it is among the notes, and on the change, at once."""
    found = workshop.activities.select_related("change")
    activity = get_object_or_404(found, pk=activity_pk, kind=ActivityKind.LOOK)
    if activity.change is None:
        raise Http404
    form = WriteDownForm(request.POST or None, authority=request.authority)
    back = console_url(workshop, at="look")
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = harvest.write_down(activity=activity, pk=said.pop("id"), by=request.user, **said)
        except DoesNotFit as error:
            form.add_error("stage", str(error))
        else:
            if made is not None:
                tell(request, f"On the change now: {made}", undo=_undo(workshop, made))
            return go(request, back)
    context = {
        "workshop": workshop,
        "activity": activity,
        "look": looks.look_of(activity),
        "form": form,
        "back": back,
    }
    return page(request, "workshops/run_write_down.html", context)


def _undo(workshop, made: Harvest) -> str:
    """Where what came of it is taken away from its change again; the note stays."""
    name, pk = made.became
    args = [workshop.authority.slug, made.target.change_id, pk]
    return reverse(f"smallchanges:{name}-remove", args=args)
