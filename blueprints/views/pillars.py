"""Writing pillars."""

from django.forms.models import model_to_dict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from blueprints import actions
from blueprints.forms.blueprint import PillarAddForm, PillarEditForm, PillarRemoveForm
from blueprints.models import Pillar
from blueprints.views.blueprint import workbench_answer, workbench_url
from programmes.access import authority_view, programme_or_404
from programmes.editing import Stale, Taken
from programmes.ordering import order
from programmes.pages import conflict, go, page, tell
from programmes.permissions import Permission


@authority_view(Permission.BLUEPRINT_EDIT)
@require_http_methods(["GET", "POST"])
def pillar_add(request):
    programme = programme_or_404(request)
    others = Pillar.objects.standing().filter(blueprint__programme=programme)
    form = PillarAddForm(request.POST or None, programme=programme, others=others)
    if form.is_valid():
        blueprint = actions.begin(programme=programme, by=request.user)
        pk = form.cleaned_data.pop("id")
        try:
            pillar = actions.write_pillar(
                blueprint=blueprint, pk=pk, by=request.user, **form.cleaned_data
            )
        except Taken:
            form.say_taken()
        else:
            tell(request, f"A new pillar: {pillar}")
            return go(request, workbench_url(request))
    context = {"form": form, "back": workbench_url(request)}
    return page(request, "blueprints/pillar_add.html", context)


@authority_view(Permission.BLUEPRINT_EDIT)
@require_http_methods(["GET", "POST"])
def pillar_edit(request, pk):
    pillar = get_object_or_404(request.authority.pillars.standing(), pk=pk)
    form = PillarEditForm(
        request.POST or None,
        initial=model_to_dict(pillar) | {"aims": pillar.aims.standing()},
        programme=pillar.blueprint.programme,
        pillar=pillar,
        others=pillar.siblings().exclude(pk=pk),
    )
    back = workbench_url(request)
    if form.is_valid():
        try:
            actions.reword_pillar(pillar=pillar, by=request.user, **form.cleaned_data)
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=back)
        except Taken:
            form.say_taken()
        else:
            tell(request, f"Got it. The pillar reads: {pillar}")
            return go(request, back)
    context = {"form": form, "pillar": pillar, "back": back}
    return page(request, "blueprints/pillar_edit.html", context)


@authority_view(Permission.BLUEPRINT_EDIT)
@require_POST
def pillar_order(request, pk):
    pillar = get_object_or_404(request.authority.pillars.standing(), pk=pk)
    order(request, pillar, actions.order)
    return workbench_answer(request)


@authority_view(Permission.BLUEPRINT_EDIT)
@require_http_methods(["GET", "POST"])
def pillar_remove(request, pk):
    """GET says which experiments go along; POST takes them all away, if those are still all."""
    pillars = request.authority.pillars
    # A second press of the button finds the pillar gone already, and that is what it wanted.
    pillar = get_object_or_404(pillars.standing() if request.method == "GET" else pillars, pk=pk)
    form = PillarRemoveForm(request.POST or None)
    surprised = False
    if form.is_valid():
        try:
            told = form.cleaned_data["experiments"]
            actions.remove_pillar(pillar=pillar, experiments=told, by=request.user)
        except Stale:
            surprised = True
        else:
            undo = reverse("blueprints:pillar-put-back", args=[request.authority.slug, pk])
            tell(request, f"Taken away: {pillar}", undo=undo)
            return go(request, workbench_url(request))
    context = {
        "pillar": pillar,
        "experiments": pillar.experiments.standing(),
        "surprised": surprised,
        "back": workbench_url(request),
    }
    return page(request, "blueprints/pillar_remove.html", context)


@authority_view(Permission.BLUEPRINT_EDIT)
@require_POST
def pillar_put_back(request, pk):
    pillar = get_object_or_404(request.authority.pillars, pk=pk)
    try:
        actions.put_back_pillar(pillar=pillar, by=request.user)
        tell(request, f"It’s back, with its experiments: {pillar}")
    except Taken:
        tell(request, f"There’s a new pillar with the same title by now: {pillar}")
    return go(request, workbench_url(request))
