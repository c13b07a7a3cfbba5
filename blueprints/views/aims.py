"""The authority's own improvement plan beside the blueprint: its aims, and which pillars serve."""

from uuid import uuid5

from django import forms
from django.forms.models import model_to_dict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blueprints import actions, serving
from blueprints.forms.aims import AimAddForm, AimAddManyForm, AimEditForm
from blueprints.models import Pillar
from programmes.access import authority_view, programme_or_404
from programmes.editing import Stale, Taken
from programmes.ordering import order
from programmes.pages import conflict, go, page, tell, wants_part
from programmes.permissions import Permission


@authority_view(Permission.JOURNEY_READ)
@require_GET
def improvement_plan(request):
    return _plan(request)


@authority_view(Permission.BLUEPRINT_EDIT)
@require_http_methods(["GET", "POST"])
def aim_add(request):
    programme = programme_or_404(request)
    form = AimAddForm(
        request.POST or None, pillars=_pillars(programme), others=programme.aims.standing()
    )
    if form.is_valid():
        pk = form.cleaned_data.pop("id")
        try:
            aim = actions.write_aim(
                programme=programme, pk=pk, by=request.user, **form.cleaned_data
            )
        except Taken:
            form.say_taken()
        else:
            tell(request, f"Added: {aim}")
            return go(request, _url(request))
    return page(request, "blueprints/aim_add.html", {"form": form, "back": _url(request)})


@authority_view(Permission.BLUEPRINT_EDIT)
@require_http_methods(["GET", "POST"])
def aim_add_many(request):
    """A list is read first and shown as we read it; once somebody is sure, all of it is added."""
    programme = programme_or_404(request)
    form = AimAddManyForm(
        request.POST or None, others=lambda batch: _codes_beside(programme, batch)
    )
    aims: list[tuple[str, str]] = []
    if form.is_valid():
        aims = form.cleaned_data["aims"]
        if form.cleaned_data["sure"]:
            pk = form.cleaned_data["id"]
            try:
                actions.write_aims(programme=programme, pk=pk, lines=aims, by=request.user)
            except Taken:
                form.say_taken()
                aims = []
            else:
                several = "an aim" if len(aims) == 1 else f"{len(aims)} aims"
                tell(request, f"Added: {several}")
                return go(request, _url(request))
        elif "again" in request.POST:
            aims = []
    if aims:
        # What was read stands on the page; what was typed goes along, out of sight.
        form.fields["lines"].widget = forms.HiddenInput()
    context = {"form": form, "aims": aims, "back": _url(request)}
    return page(request, "blueprints/aim_add_many.html", context)


@authority_view(Permission.BLUEPRINT_EDIT)
@require_http_methods(["GET", "POST"])
def aim_edit(request, pk):
    aim = get_object_or_404(request.authority.aims.standing(), pk=pk)
    form = AimEditForm(
        request.POST or None,
        initial=model_to_dict(aim) | {"pillars": aim.pillars.standing()},
        pillars=_pillars(aim.programme),
        others=aim.siblings().exclude(pk=pk),
    )
    back = _url(request)
    if form.is_valid():
        try:
            actions.reword_aim(aim=aim, by=request.user, **form.cleaned_data)
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=back)
        except Taken:
            form.say_taken()
        else:
            tell(request, f"Got it. The aim reads: {aim}")
            return go(request, back)
    return page(request, "blueprints/aim_edit.html", {"form": form, "aim": aim, "back": back})


@authority_view(Permission.BLUEPRINT_EDIT)
@require_POST
def aim_order(request, pk):
    aim = get_object_or_404(request.authority.aims.standing(), pk=pk)
    order(request, aim, actions.order)
    return _plan(request) if wants_part(request) else go(request, _url(request))


@authority_view(Permission.BLUEPRINT_EDIT)
@require_POST
def aim_remove(request, pk):
    aim = get_object_or_404(request.authority.aims, pk=pk)
    actions.remove(row=aim, by=request.user)
    undo = reverse("blueprints:aim-put-back", args=[request.authority.slug, pk])
    tell(request, f"Taken away: {aim}", undo=undo)
    return go(request, _url(request))


@authority_view(Permission.BLUEPRINT_EDIT)
@require_POST
def aim_put_back(request, pk):
    aim = get_object_or_404(request.authority.aims, pk=pk)
    try:
        actions.put_back(row=aim, by=request.user)
        tell(request, f"It’s back: {aim}")
    except Taken:
        tell(request, f"There’s another aim with its number by now: {aim}")
    return go(request, _url(request))


def _plan(request):
    programme = request.authority.current_programme()
    context = {
        "programme": programme,
        "reading": serving.plan_of(programme),
        "can_edit": Permission.BLUEPRINT_EDIT in request.permissions,
    }
    return page(request, "blueprints/improvement_plan.html", context, region="aims-list")


def _pillars(programme):
    return Pillar.objects.standing().filter(blueprint__programme=programme)


def _codes_beside(programme, batch) -> list[str]:
    """The codes of the standing aims, without those that this very list made before."""
    aims = programme.aims.standing().values_list("pk", "code")
    return [code for pk, code in aims if batch is None or pk != uuid5(batch, code.lower())]


def _url(request) -> str:
    return reverse("blueprints:improvement-plan", args=[request.authority.slug])
