"""Voting and sorting on the console: how many dots, and whose gift."""

from django.core.exceptions import BadRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from programmes.pages import tell
from workshops import asking, reading
from workshops.actions import groups, votes
from workshops.doors import console_view
from workshops.models import ASKS_ABOUT_THINGS, MOST_ON_ONE, Group, InGift
from workshops.reading import GIFTS
from workshops.views.console.page import activity_of, back, choice


@console_view
@require_POST
def run_dots(request, workshop, activity_pk):
    """How many dots each person has."""
    activity = activity_of(workshop, activity_pk)
    dots = int(choice(request, "dots", *map(str, range(1, 13))))
    most = min(MOST_ON_ONE, dots)
    refusal = votes.set_limits(activity=activity, dots=dots, most_on_one=most, by=request.user)
    tell(request, refusal or f"Each person has {dots} dots.")
    return back(request, workshop, at="dots")


@console_view
@require_POST
def run_asks(request, workshop, activity_pk):
    """How many of the strongest people are asked about, where there are many."""
    activity = activity_of(workshop, activity_pk)
    said = request.POST.get("asks", request.GET.get("asks"))  # an undo says it in its address
    if activity.kind not in ASKS_ABOUT_THINGS or said not in ("all", *map(str, asking.CHOICES)):
        raise BadRequest("It is all of them, or one of the numbers that are offered.")
    before, asks = activity.asks, None if said == "all" else int(said)
    refusal = votes.set_asks(activity=activity, asks=asks, by=request.user)
    words = f"the {asks} strongest" if asks else "all of them"
    here = [workshop.authority.slug, workshop.pk, activity.pk]
    undo = reverse("workshops:run-asks", args=here, query={"asks": before or "all"})
    tell(request, refusal or f"People are asked about {words}.", undo="" if refusal else undo)
    return back(request, workshop, at="asks")


@console_view
@require_POST
def run_gift(request, workshop, activity_pk, thing_pk):
    """Whose it is to make happen, as the room said; `gift` is empty where it is taken back."""
    activity = activity_of(workshop, activity_pk)
    things = {thing.pk: thing for thing in reading.things_of(activity)}
    if (thing := things.get(thing_pk)) is None:
        return get_object_or_404(Group.objects.none())
    gift = request.POST.get("gift", request.GET.get("gift"))  # an undo says it in its address
    if gift not in ("", *InGift.values):
        raise BadRequest("It is one of the four, or none of them yet.")
    before = groups.settle_gift(row=thing.row, gift=gift, by=request.user, activity=activity)
    here = [workshop.authority.slug, workshop.pk, activity.pk, thing.pk]
    if before == gift:
        return back(request, workshop, at=f"about-{thing.pk}")
    undo = reverse("workshops:run-gift", args=here, query={"gift": before})
    words = dict(GIFTS).get(gift)
    tell(request, f"{words}: {thing}" if words else f"Not settled yet: {thing}", undo=undo)
    return back(request, workshop, at=f"about-{thing.pk}")
