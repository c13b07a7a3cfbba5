"""The blueprint's own pages: reading it, writing it, and what it stands for."""

from django.forms.models import model_to_dict
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blueprints import actions, reading
from blueprints.forms.blueprint import FocusForm, LineAddForm, LineEditForm
from blueprints.models import Blueprint, Commitment, Need
from programmes.access import authority_view, programme_or_404
from programmes.editing import Stale, Taken
from programmes.ordering import order
from programmes.pages import conflict, go, page, tell, wants_part
from programmes.permissions import Permission

# What a line is called in the form that asks for it.
_LABELS = {
    Commitment: "What does our blueprint stand for?",
    Need: "What does our blueprint need to work?",
}


@authority_view(Permission.JOURNEY_READ)
@require_GET
def blueprint(request):
    programme = request.authority.current_programme()
    found = reading.blueprint_of(programme)
    may_review = Permission.REVIEW in request.permissions
    context = {
        "programme": programme,
        "reading": reading.as_it_lives(found, programme, reader=request.membership),
        "can_edit": Permission.BLUEPRINT_EDIT in request.permissions,
        "today": timezone.localdate(),
        "reviews_url": _reviews_url(request) if may_review else "",
        "can_share": Permission.BLUEPRINT_SHARE in request.permissions,
    }
    return page(request, "blueprints/blueprint.html", context)


@authority_view(Permission.BLUEPRINT_EDIT)
@require_GET
def blueprint_edit(request):
    return workbench(request)


@authority_view(Permission.BLUEPRINT_EDIT)
@require_http_methods(["GET", "POST"])
def focus_edit(request):
    programme = programme_or_404(request)
    blueprint = Blueprint.objects.filter(programme=programme).first() or Blueprint()
    form = FocusForm(request.POST or None, initial=model_to_dict(blueprint))
    back = workbench_url(request)
    if form.is_valid():
        blueprint = actions.begin(programme=programme, by=request.user)
        try:
            actions.word_focus(blueprint=blueprint, by=request.user, **form.cleaned_data)
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=back)
        tell(request, "That’s our focus now.")
        return go(request, back)
    return page(request, "blueprints/focus_edit.html", {"form": form, "back": back})


@authority_view(Permission.BLUEPRINT_EDIT)
@require_http_methods(["GET", "POST"])
def line_add(request, kind):
    programme = programme_or_404(request)
    others = kind.objects.standing().filter(blueprint__programme=programme)
    form = LineAddForm(request.POST or None, others=others, label=_LABELS[kind])
    if form.is_valid():
        blueprint = actions.begin(programme=programme, by=request.user)
        pk = form.cleaned_data.pop("id")
        try:
            line = actions.write_line(
                kind=kind, blueprint=blueprint, pk=pk, by=request.user, **form.cleaned_data
            )
        except Taken:
            form.say_taken()
        else:
            tell(request, f"Added: {line}")
            return go(request, workbench_url(request))
    context = {"form": form, "noun": kind._meta.verbose_name, "back": workbench_url(request)}
    return page(request, "blueprints/line_add.html", context)


@authority_view(Permission.BLUEPRINT_EDIT)
@require_http_methods(["GET", "POST"])
def line_edit(request, pk, kind):
    line = get_object_or_404(_lines(request, kind).standing(), pk=pk)
    form = LineEditForm(
        request.POST or None,
        initial=model_to_dict(line),
        others=line.siblings().exclude(pk=pk),
        label=_LABELS[kind],
    )
    back = workbench_url(request)
    if form.is_valid():
        try:
            actions.reword_line(line=line, by=request.user, **form.cleaned_data)
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=back)
        except Taken:
            form.say_taken()
        else:
            tell(request, "Got it. The new words are in place.")
            return go(request, back)
    context = {"form": form, "noun": kind._meta.verbose_name, "back": back}
    return page(request, "blueprints/line_edit.html", context)


@authority_view(Permission.BLUEPRINT_EDIT)
@require_POST
def line_order(request, pk, kind):
    line = get_object_or_404(_lines(request, kind).standing(), pk=pk)
    order(request, line, actions.order)
    return workbench_answer(request)


@authority_view(Permission.BLUEPRINT_EDIT)
@require_POST
def line_remove(request, pk, kind):
    line = get_object_or_404(_lines(request, kind), pk=pk)
    actions.remove(row=line, by=request.user)
    noun = kind._meta.model_name
    undo = reverse(f"blueprints:{noun}-put-back", args=[request.authority.slug, pk])
    tell(request, f"Taken away: {line}", undo=undo)
    return go(request, workbench_url(request))


@authority_view(Permission.BLUEPRINT_EDIT)
@require_POST
def line_put_back(request, pk, kind):
    line = get_object_or_404(_lines(request, kind), pk=pk)
    try:
        actions.put_back(row=line, by=request.user)
        tell(request, f"It’s back: {line}")
    except Taken:
        tell(request, f"Somebody has written this again meanwhile: {line}")
    return go(request, workbench_url(request))


def workbench(request):
    """Where the blueprint is written: everything in it, with what can be done to it."""
    context = {"reading": reading.blueprint_of(programme_or_404(request))}
    return page(request, "blueprints/blueprint_edit.html", context, region="blueprint-parts")


def workbench_url(request) -> str:
    return reverse("blueprints:blueprint-edit", args=[request.authority.slug])


def workbench_answer(request):
    """After a small write on the workbench: its parts for htmx, else the page again."""
    return workbench(request) if wants_part(request) else go(request, workbench_url(request))


def _reviews_url(request) -> str:
    """Where what waits for a leader is answered, if there is such a page."""
    try:
        return reverse("blueprints:reviews", args=[request.authority.slug])
    except NoReverseMatch:
        return ""


def _lines(request, kind):
    return {Commitment: request.authority.commitments, Need: request.authority.needs}[kind]
