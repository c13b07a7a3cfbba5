"""The facilitators' logs of all places, for the Crescendo team to learn from."""

from django.core.paginator import Paginator
from django.views.decorators.http import require_GET

from impact.forms.learning import LearningFilterForm
from impact.models import LearningNote
from programmes.access import team_view
from programmes.pages import page

_ON_A_PAGE = 30


@team_view
@require_GET
def learning_across(request):
    filters = LearningFilterForm(request.GET)
    notes = LearningNote.objects.for_list().found_by(**filters.wanted)
    context = {
        "notes": Paginator(
            notes.select_related("workshop", "by", "authority"), _ON_A_PAGE
        ).get_page(request.GET.get("page")),
        "filters": filters,
        "query": request.GET,
    }
    return page(request, "impact/learning_across.html", context)
