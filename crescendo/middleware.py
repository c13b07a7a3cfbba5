"""What every answer has in common: readable addresses, and pages that stay private."""

import time

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.http import HttpResponse, HttpResponseBadRequest
from django.utils.http import urlencode

from programmes.pages import wants_part


def readable_address(get_response):
    """Refuse a NUL in an address: PostgreSQL cannot hold one, and would fail inside a query."""

    def middleware(request):
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest("That address has a character in it that cannot be read.")
        return get_response(request)

    return middleware


def private_pages(get_response):
    """Nothing that a signed-in person saw stays in a shared computer's cache, nor do they.

    A sign-in ends after a working day however busy it was: Django alone counts from the last time
    that something was put into the session.
    """

    def middleware(request):
        if request.user.is_authenticated and _is_of_yesterday(request):
            logout(request)
        response = get_response(request)
        if request.user.is_authenticated or request.path.startswith(
            ("/accounts/", "/invitations/")
        ):
            response["Cache-Control"] = "no-store, private"
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
        return response

    return middleware


def whole_pages(get_response):
    """A redirect leads the whole page under htmx too, which alone would put it into a part of it.

    Whoever has to sign in comes back to the page that they were on.
    """

    def middleware(request):
        response = get_response(request)
        if not wants_part(request) or "Location" not in response:
            return response
        address, here = response["Location"], request.htmx.current_url_abs_path
        if address.startswith(settings.LOGIN_URL) and here:
            address = f"{settings.LOGIN_URL}?{urlencode({REDIRECT_FIELD_NAME: here})}"
        answer = HttpResponse(headers={"HX-Redirect": address})
        answer.cookies = response.cookies
        return answer

    return middleware


def _is_of_yesterday(request) -> bool:
    ways_in = get_authentication_records(request, request.user)
    return bool(ways_in) and time.time() - ways_in[0]["at"] > settings.SESSION_COOKIE_AGE
