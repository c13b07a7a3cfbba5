"""What difference it makes, for everybody in an authority."""

from django.urls import reverse
from django.views.decorators.http import require_GET

from impact.difference import difference_of, groups_of, story_of
from impact.figures import results_in
from programmes.access import authority_view
from programmes.pages import page
from programmes.permissions import Permission
from surveys.looks import waiting_in


@authority_view(Permission.JOURNEY_READ)
@require_GET
def impact(request):
    """Every figure that may be told, with what people say beside it.

    `survey` and `by` in the address choose whose groups are shown; both are links.
    """
    results = results_in(request.authority)
    groups = groups_of(results, survey=request.GET.get("survey", ""), by=request.GET.get("by", ""))
    can_run = Permission.SURVEY_RUN in request.permissions
    context = {
        "groups": groups,
        "difference": difference_of(results),
        "open": list(request.authority.surveys.open().order_by("closes_on", "pk")),
        "story": story_of(request.authority),
        "can_run": can_run,
        "can_take": Permission.DATA_TAKE in request.permissions,
        "write_url": reverse("surveys:survey-add", args=[request.authority.slug]),
        "waiting": waiting_in(request.authority) if can_run else {},
    }
    return page(request, "impact/impact.html", context, region="impact-groups")
