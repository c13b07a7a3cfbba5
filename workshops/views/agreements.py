"""What people agree in a talk, written down at the console."""

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from programmes.editing import Stale
from programmes.pages import conflict, go, page, tell
from workshops import agreements
from workshops.actions import agreements as actions
from workshops.doors import console_view
from workshops.forms.room import OutcomeForm
from workshops.models import ActivityKind, Agreement, Group
from workshops.views.console.page import console_url


@console_view
@require_http_methods(["GET", "HEAD", "POST"])
def run_outcome(request, workshop, activity_pk, thing_pk):
    """What people agreed in a talk about one thing, in their words."""
    activity = get_object_or_404(workshop.activities, pk=activity_pk, kind=ActivityKind.DISCUSS)
    things = {thing.pk: thing for thing in agreements.talked_of(activity, everywhere=True)}
    if (thing := things.get(thing_pk)) is None:
        return get_object_or_404(Group.objects.none())
    now = thing.agreement or Agreement(version=0)
    initial = {"outcome": now.outcome, "version": now.version}
    form = OutcomeForm(request.POST or None, initial=initial)
    back = console_url(workshop, at=f"about-{thing.pk}")
    if request.method == "POST" and form.is_valid():
        try:
            actions.say(activity=activity, about=thing.row, by=request.user, **form.cleaned_data)
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=back)
        tell(request, "Written down, in your words.")
        return go(request, back)
    context = {"workshop": workshop, "thing": thing, "form": form, "back": back}
    return page(request, "workshops/run_outcome.html", context)
