"""Choosing which small change a block of the plan is for, from the console or from the plan."""

import uuid

from django.core.exceptions import BadRequest
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from programmes.pages import go, page, tell
from programmes.permissions import Permission
from workshops import plans, reading
from workshops.actions import planning
from workshops.actions import plans as actions
from workshops.doors import console_view
from workshops.models import Activity, Workshop
from workshops.views.console.page import LONGEST_SEARCH, MANY, console_url


@console_view
@require_http_methods(["GET", "HEAD", "POST"])
def run_change(request, workshop, activity_pk):
    """The changes that it can be for, found by typing where there are many; POST chooses."""
    activity = _about_a_change(workshop, activity_pk)
    changes = plans.offered(workshop)
    if request.method == "POST":
        return _choose(request, workshop, activity, changes)
    find = request.GET.get("find", "").strip()[:LONGEST_SEARCH]
    context = {
        "workshop": workshop,
        "activity": activity,
        "changes": [one for one in changes if reading.holds(f"{one} {one.strand or ''}", find)],
        "has_many": len(changes) >= MANY,
        "find": find,
        "from_plan": _from_plan(request),
        "back": _back(request, workshop, activity),
        "can_add": Permission.CHANGE_ADD in request.permissions,
    }
    return page(request, "workshops/run_change.html", context, region="changes")


def _about_a_change(workshop: Workshop, pk) -> Activity:
    activity = get_object_or_404(workshop.activities.select_related("change"), pk=pk)
    if not activity.is_about_a_change:
        raise Http404
    return activity


def _choose(request, workshop: Workshop, activity: Activity, changes: list):
    # An undo says it in its address; empty is none.
    wanted = request.POST.get("change", request.GET.get("change", ""))
    change = {str(one.pk): one for one in changes}.get(wanted)
    if change is None and wanted:
        raise BadRequest("Choose one of our small changes.")
    before = actions.choose_change(activity=activity, change=change, by=request.user)
    if before != (change.pk if change else None):
        words = f"It’s for “{change}” now." if change else "It’s for no small change yet."
        tell(request, words, undo=_undo(request, workshop, activity, before))
    return go(request, _back(request, workshop, activity))


@console_view
@require_POST
def run_change_next(request, workshop, activity_pk):
    """The same block once more, right after this one, for the next small change."""
    activity = _about_a_change(workshop, activity_pk)
    try:
        pk = uuid.UUID(request.POST.get("id", ""))
    except ValueError:
        raise BadRequest("The new block’s id comes with the form.") from None
    block = planning.double_block(block=activity, pk=pk, by=request.user)
    if block.change:
        tell(request, f"In the plan, right after this: {block}, for “{block.change}”.")
    else:
        tell(request, f"There twice now: {block}. Choose which small change it’s for.")
    return go(request, _back(request, workshop, activity))


def _from_plan(request) -> dict[str, str]:
    """What an address keeps of where somebody came from."""
    return {"back": "plan"} if request.GET.get("back") == "plan" else {}


def _back(request, workshop: Workshop, activity: Activity) -> str:
    """To its block in the plan, or to the console, where the change stands."""
    if _from_plan(request):
        return f"{workshop.get_absolute_url()}#block-{activity.pk}"
    return console_url(workshop, at="change")


def _undo(request, workshop: Workshop, activity: Activity, before: uuid.UUID | None) -> str:
    args = [workshop.authority.slug, workshop.pk, activity.pk]
    query = {"change": str(before or "")} | _from_plan(request)
    return reverse("workshops:run-change", args=args, query=query)
