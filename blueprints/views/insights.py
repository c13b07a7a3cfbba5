"""What the small changes taught us about the system."""

from django.forms.models import model_to_dict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blueprints import actions, reading
from blueprints.forms.blueprint import InsightAddForm, InsightEditForm
from blueprints.forms.evidence import InsightFilterForm
from blueprints.models import Insight
from blueprints.pieces import LINKED
from programmes.access import authority_view, programme_or_404
from programmes.editing import Stale, Taken
from programmes.ordering import order
from programmes.pages import conflict, go, page, tell, wants_part
from programmes.permissions import Permission


@authority_view(Permission.JOURNEY_READ)
@require_GET
def insights(request):
    return _insights(request)


@authority_view(Permission.BLUEPRINT_EDIT)
@require_http_methods(["GET", "POST"])
def insight_add(request):
    programme = programme_or_404(request)
    # What was ticked in the evidence pack is sent here, and opens the form.
    begins = "begin" in request.POST
    begun = {name: request.POST.getlist(name) for name in LINKED} if begins else {}
    form = InsightAddForm(
        None if begins else request.POST or None,
        initial={"kind": request.GET.get("kind", "")} | begun,
        programme=programme,
        others=programme.insights.standing(),
    )
    if form.is_valid():
        pk = form.cleaned_data.pop("id")
        try:
            insight = actions.write_insight(
                programme=programme,
                pk=pk,
                evidence=form.evidence,
                by=request.user,
                **form.words,
            )
        except Taken:
            form.say_taken()
        else:
            tell(request, f"Added: {insight}")
            return go(request, _url(request))
    return page(request, "blueprints/insight_add.html", {"form": form, "back": _url(request)})


@authority_view(Permission.BLUEPRINT_EDIT)
@require_http_methods(["GET", "POST"])
def insight_edit(request, pk):
    insight = get_object_or_404(request.authority.insights.standing(), pk=pk)
    form = InsightEditForm(
        request.POST or None,
        initial=model_to_dict(insight),
        programme=insight.programme,
        insight=insight,
        others=insight.programme.insights.standing().exclude(pk=pk),
    )
    back = _url(request)
    if form.is_valid():
        try:
            actions.reword_insight(
                insight=insight,
                evidence=form.evidence,
                unlinked=form.unlinked,
                by=request.user,
                **form.words,
            )
        except Stale as stale:
            form.keep_what_came_since()
            return conflict(request, form=form, row=stale.row, back=back)
        except Taken:
            form.say_taken()
        else:
            tell(request, "Got it. The new words are in place.")
            return go(request, back)
    context = {"form": form, "back": back}
    return page(request, "blueprints/insight_edit.html", context)


@authority_view(Permission.BLUEPRINT_EDIT)
@require_POST
def insight_order(request, pk):
    insight = get_object_or_404(request.authority.insights.standing(), pk=pk)
    order(request, insight, actions.order)
    return _insights(request) if wants_part(request) else go(request, _url(request))


@authority_view(Permission.BLUEPRINT_EDIT)
@require_POST
def insight_remove(request, pk):
    insight = get_object_or_404(request.authority.insights, pk=pk)
    actions.remove(row=insight, by=request.user)
    undo = reverse("blueprints:insight-put-back", args=[request.authority.slug, pk])
    tell(request, f"Taken away: {insight}", undo=undo)
    return go(request, _url(request))


@authority_view(Permission.BLUEPRINT_EDIT)
@require_POST
def insight_put_back(request, pk):
    insight = get_object_or_404(request.authority.insights, pk=pk)
    try:
        actions.put_back(row=insight, by=request.user)
        tell(request, f"It’s back: {insight}")
    except Taken:
        tell(request, f"Somebody has written this again meanwhile: {insight}")
    return go(request, _url(request))


def _insights(request):
    programme = request.authority.current_programme()
    wanted = InsightFilterForm(request.GET).wanted
    found = reading.insights_of(programme, **wanted) if programme else {}
    groups = [
        (kind, found.get(kind, []))
        for kind in (Insight.Kind.BARRIER, Insight.Kind.ENABLER)
        if wanted.get("kind", kind) == kind
    ]
    shown = [one.insight for _, of_kind in groups for one in of_kind]
    context = {
        "programme": programme,
        "groups": groups,
        "insights": shown,
        "wanted": wanted,
        "wheres": Insight.Where.choices,
        "can_edit": Permission.BLUEPRINT_EDIT in request.permissions,
    }
    return page(request, "blueprints/insights.html", context, region="insights-list")


def _url(request) -> str:
    return reverse("blueprints:insights", args=[request.authority.slug])
