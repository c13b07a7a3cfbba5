"""An authority's dates in a member's own calendar."""

import hashlib

from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_GET, require_POST

from programmes.access import authority_view, open_view
from programmes.mail import site_url
from programmes.models import LocalAuthority
from programmes.pages import go, page, tell
from programmes.permissions import Permission
from workshops.actions import calendars as actions
from workshops.calendar import dates_of, feed_of, key_of
from workshops.models import CalendarFeed


@open_view(reason="a calendar program has no account; its address is signed, and one member's")
def calendar(request, authority_slug):
    """The dates, for whichever program asks with a key that a member has made and not stopped."""
    authority = get_object_or_404(LocalAuthority, slug=authority_slug)
    if feed_of(authority, request.GET.get("key", "")) is None:
        raise Http404  # whatever it wants: an address without a key tells nothing
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    text = dates_of(authority)
    etag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    answer = HttpResponse(
        text,
        content_type="text/calendar; charset=utf-8",
        headers={"ETag": etag, "Cache-Control": "private, max-age=900"},
    )
    return get_conditional_response(request, etag=etag, response=answer)


@authority_view(Permission.JOURNEY_READ)
@require_GET
def calendar_feed(request):
    """One's own address, with how to make it, renew it and stop it."""
    feed = CalendarFeed.objects.filter(membership=request.membership).first()
    address = ""
    if feed is not None:
        here = reverse("workshops:calendar", args=[request.authority.slug])
        address = site_url(request, f"{here}?key={key_of(feed)}")
    context = {
        "feed": feed,
        "address": address,
        "for_programs": f"webcal://{address.partition('://')[2]}" if address else "",
    }
    return page(request, "workshops/calendar_feed.html", context)


@authority_view(Permission.JOURNEY_READ)
@require_POST
def calendar_renew(request):
    # The Crescendo team sees every place without taking part in it.
    if request.membership is None:
        tell(request, "An address is for people who take part here.")
    else:
        actions.renew(membership=request.membership, by=request.user)
        tell(request, "Here’s your address. It’s yours alone.")
    return go(request, reverse("workshops:calendar-feed", args=[request.authority.slug]))


@authority_view(Permission.JOURNEY_READ)
@require_POST
def calendar_stop(request):
    if request.membership and actions.stop(membership=request.membership, by=request.user):
        tell(request, "Stopped. Your calendar gets no more dates from us.")
    return go(request, reverse("workshops:calendar-feed", args=[request.authority.slug]))
