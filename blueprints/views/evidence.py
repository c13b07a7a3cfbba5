"""The evidence pack: seeing it, and letting insights rest on what is in it."""

from uuid import UUID

from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import push_url

from blueprints import actions
from blueprints.evidence import pack_of, weeks_of
from blueprints.forms.evidence import EvidenceFilterForm, EvidenceLinkForm
from blueprints.models import Insight
from programmes.access import authority_view, programme_or_404
from programmes.pages import go, page, tell
from programmes.permissions import Permission


@authority_view(Permission.JOURNEY_READ)
@require_GET
def evidence(request):
    response = _evidence(request, request.authority.current_programme())
    query = _query(request)
    return push_url(response, f"{request.path}{'?' if query else ''}{query.urlencode()}")


@authority_view(Permission.BLUEPRINT_EDIT)
@require_POST
def evidence_link(request):
    """What was ticked is added to an insight that is there already."""
    programme = programme_or_404(request)
    form = EvidenceLinkForm(request.POST, programme=programme)
    if form.is_valid():
        insight = form.cleaned_data["insight"]
        try:
            made = actions.link_evidence(insight=insight, evidence=form.evidence, by=request.user)
        except Insight.DoesNotExist:
            form.add_error("insight", "Somebody took this insight away a moment ago.")
        else:
            _tell_linked(request, insight, made)
            page_url = reverse("blueprints:insights", args=[request.authority.slug])
            return go(request, f"{page_url}#row-{insight.pk}")
    return _evidence(request, programme, form)


def _tell_linked(request, insight: Insight, made: list) -> None:
    if not made:
        tell(request, f"It rests on that already: {insight}")
        return
    undo = reverse(
        "blueprints:evidence-unlink",
        args=[request.authority.slug, insight.pk],
        query={"evidence": [link.pk for link in made]},
    )
    tell(request, f"Linked: {insight}", undo=undo)


@authority_view(Permission.BLUEPRINT_EDIT)
@require_POST
def evidence_unlink(request, pk):
    """The address says which links, so that undoing takes back just those."""
    insight = get_object_or_404(request.authority.insights, pk=pk)
    links = _ids(request.GET.getlist("evidence"))
    if actions.unlink_evidence(insight=insight, evidence=links, by=request.user):
        tell(request, f"Not linked any more: {insight}")
    return go(request, reverse("blueprints:insights", args=[request.authority.slug]))


def _ids(values: list[str]) -> list[UUID]:
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found


def _evidence(request, programme, link_form: EvidenceLinkForm | None = None):
    can_edit = Permission.BLUEPRINT_EDIT in request.permissions
    if programme is None:
        return page(request, "blueprints/evidence.html", {"programme": None})
    filters = EvidenceFilterForm(request.GET, programme=programme)
    sections = pack_of(programme, filters.wanted, page=request.GET.get("page"))
    context = {
        "programme": programme,
        "weeks": weeks_of(programme.milestones.all()),
        "filters": filters,
        "query": _query(request),
        "sections": sections,
        "found": sum(section.total for section in sections),
        "can_edit": can_edit,
        "insights": list(programme.insights.standing()) if can_edit else [],
        "link_form": link_form,
        "ticked": link_form.ticked if link_form else set(),
        "chosen": request.POST.get("insight", ""),
    }
    return page(request, "blueprints/evidence.html", context, region="evidence-pack")


def _query(request) -> QueryDict:
    """The filters in the address, without those that are empty."""
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in request.GET.items() if value})
    return query
