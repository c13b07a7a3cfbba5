"""What a workshop came to, for whoever was there and whoever could not be."""

from functools import partial

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from programmes.access import authority_view
from programmes.mail import site_url
from programmes.pages import go, page, tell
from programmes.permissions import Permission
from workshops import afterwards
from workshops.actions import summaries
from workshops.doors import console_view
from workshops.listeners import may_run


@authority_view(Permission.JOURNEY_READ)
@require_GET
def summary(request, pk):
    workshop = get_object_or_404(request.authority.workshops.select_related("programme"), pk=pk)
    workshop.authority = request.authority
    context = {
        "workshop": workshop,
        "parts": afterwards.parts_of(workshop),
        "came": afterwards.came_of(workshop),
        "next": summaries.next_time(workshop),
        "can_run": may_run(request.user, workshop),
    }
    return page(request, "workshops/summary.html", context)


@console_view
@require_POST
def summary_send(request, workshop):
    count = summaries.send(workshop=workshop, by=request.user, address=partial(site_url, request))
    if count:
        tell(request, f"On its way to {count} {'person' if count == 1 else 'people'}.")
    else:
        tell(request, "Nobody to send it to: guests without an account were the only ones here.")
    return go(request, reverse("workshops:summary", args=[request.authority.slug, workshop.pk]))
