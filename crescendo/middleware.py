"""What every answer has in common: readable addresses, and pages that stay private."""

from django.http import HttpResponseBadRequest


def readable_address(get_response):
    """Refuse a NUL in an address: PostgreSQL cannot hold one, and would fail inside a query."""

    def middleware(request):
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest("That address has a character in it that cannot be read.")
        return get_response(request)

    return middleware


def private_pages(get_response):
    """Nothing that a signed-in person saw stays in a shared computer's cache."""

    def middleware(request):
        response = get_response(request)
        if request.user.is_authenticated or request.path.startswith(
            ("/accounts/", "/invitations/")
        ):
            response["Cache-Control"] = "no-store, private"
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
        return response

    return middleware
