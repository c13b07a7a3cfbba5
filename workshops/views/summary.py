"""What a workshop came to: its notes for those who were there, what was agreed for everybody."""

from functools import partial

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from programmes.access import authority_view
from programmes.mail import site_url
from programmes.pages import go, page, tell
from programmes.permissions import Permission
from workshops import afterwards, rings
from workshops.actions import summaries
from workshops.doors import console_view
from workshops.letters import people
from workshops.listeners import may_run
from workshops.upcoming import upcoming


@authority_view(Permission.JOURNEY_READ)
@require_GET
def summary(request, pk):
    reads_notes = rings.reads_notes(request.user, request.permissions)
    workshops = request.authority.workshops.select_related("programme")
    workshop = get_object_or_404(workshops.annotate(reads_notes=reads_notes), pk=pk)
    workshop.authority = workshop.programme.authority = request.authority
    can_run = may_run(request.user, workshop)
    parts = afterwards.parts_of(workshop)
    context = {
        "workshop": workshop,
        "parts": parts if workshop.reads_notes else rings.without_notes(parts),
        "came": afterwards.came_of(workshop),
        "next": upcoming(workshop.programme, besides=workshop).next,
        "can_run": can_run,
        "mail": summaries.standing(workshop) if can_run and workshop.ended_at else None,
    }
    return page(request, "workshops/summary.html", context)


@console_view
@require_http_methods(["GET", "HEAD", "POST"])
def summary_send(request, workshop):
    """GET says who gets what, as counts; POST sends it to whoever has not had it."""
    back = reverse("workshops:summary", args=[request.authority.slug, workshop.pk])
    if workshop.ended_at is None:
        tell(request, "It can go once the workshop is over.")
        return go(request, back)
    if request.method == "POST":
        address = partial(site_url, request)
        count = summaries.send(workshop=workshop, by=request.user, address=address)
        tell(request, _said(count, len(summaries.standing(workshop).to)))
        return go(request, back)
    context = {"workshop": workshop, "back": back, "mail": summaries.standing(workshop)}
    context |= summaries.essence_of(workshop)
    return page(request, "workshops/summary_send.html", context)


def _said(count: int, waiting: int) -> str:
    if not count:
        return "Nobody is waiting for it: everybody who can have it has it."
    if waiting >= count:
        return "The mail didn’t go. Try again in a few minutes."
    if waiting:
        return f"Sent to {people(count - waiting)}. {people(waiting)} still to go: send again."
    return f"Sent to {people(count)}."
