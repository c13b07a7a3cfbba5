"""What we keep of somebody, for themselves: to take along, or to have erased."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from impact import personal
from impact.actions import erasure
from programmes.access import member_view
from programmes.models import Membership
from programmes.pages import go, page, tell


@member_view
@require_GET
def about_me(request):
    """All that names them, as a page and as data, in one zip."""
    return HttpResponse(
        personal.take_along(request.user),
        content_type="application/zip",
        headers={"Content-Disposition": 'attachment; filename="about-me.zip"'},
    )


@member_view
@require_http_methods(["GET", "POST"])
def erase_me(request):
    """Ask the facilitators of one's places to be erased: they look first what names one."""
    memberships = list(Membership.objects.standing().of(request.user).select_related("user"))
    if request.method == "POST":
        asked = sum(erasure.ask_for_erasure(membership=one, by=request.user) for one in memberships)
        if asked:
            tell(request, "We’ve written to your facilitators. They’ll answer you within a month.")
        else:
            tell(
                request, "Your facilitators know already, or there is none: ask the Crescendo team."
            )
        return go(request, reverse("places:account"))
    return page(request, "impact/erase_me.html", {"memberships": memberships})
