"""Mission strands."""

from django.core.exceptions import ValidationError
from django.forms.models import model_to_dict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from programmes.access import authority_view, programme_or_404
from programmes.editing import Stale, Taken
from programmes.ordering import order
from programmes.pages import conflict, go, page, tell, wants_part
from programmes.permissions import Permission
from smallchanges import actions
from smallchanges.forms import StrandAddForm, StrandEditForm


@authority_view(Permission.JOURNEY_READ)
@require_GET
def strands(request):
    return _strands_page(request)


@authority_view(Permission.JOURNEY_READ)
@require_GET
def strand(request, pk):
    strand = strand_or_404(request, pk)
    if strand.pk != pk:
        tell(request, f"That strand is joined with this one: {strand}")
        return go(request, strand.get_absolute_url())
    context = {
        "strand": strand,
        "barriers": strand.barriers.standing(),
        "changes": strand.small_changes.for_list(),
        "can_edit": Permission.STRAND_EDIT in request.permissions,
        "can_add": Permission.CHANGE_ADD in request.permissions,
    }
    return page(request, "smallchanges/strand.html", context)


@authority_view(Permission.STRAND_EDIT)
@require_http_methods(["GET", "POST"])
def strand_add(request):
    programme = programme_or_404(request)
    form = StrandAddForm(
        request.POST or None, programme=programme, others=programme.strands.standing()
    )
    if form.is_valid():
        pk = form.cleaned_data.pop("id")
        try:
            strand = actions.add_strand(
                programme=programme, pk=pk, by=request.user, **form.cleaned_data
            )
        except Taken:
            form.say_taken()
        else:
            tell(request, f"A new strand: {strand}")
            return go(request, strand.get_absolute_url())
    context = {"form": form, "back": _strands_url(request)}
    return page(request, "smallchanges/strand_add.html", context)


@authority_view(Permission.STRAND_EDIT)
@require_http_methods(["GET", "POST"])
def strand_edit(request, pk):
    strand = strand_or_404(request, pk)
    form = StrandEditForm(
        request.POST or None,
        initial=model_to_dict(strand),
        programme=strand.programme,
        others=strand.programme.strands.standing().exclude(pk=strand.pk),
    )
    back = strand.get_absolute_url()
    if form.is_valid():
        try:
            actions.edit_strand(strand=strand, by=request.user, **form.cleaned_data)
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=back)
        except Taken:
            form.say_taken()
        else:
            tell(request, f"Got it. The strand reads: {strand}")
            return go(request, back)
    context = {"form": form, "strand": strand, "back": back}
    return page(request, "smallchanges/strand_edit.html", context)


@authority_view(Permission.STRAND_EDIT)
@require_POST
def strand_order(request, pk):
    strand = get_object_or_404(request.authority.strands.standing(), pk=pk)
    order(request, strand, actions.order)
    return _strands_page(request) if wants_part(request) else go(request, _strands_url(request))


@authority_view(Permission.STRAND_EDIT)
@require_POST
def strand_remove(request, pk):
    strand = get_object_or_404(request.authority.strands, pk=pk)
    try:
        actions.remove_strand(strand=strand, by=request.user)
    except ValidationError as error:
        tell(request, str(error.message))
        return go(request, strand.get_absolute_url())
    undo = reverse("smallchanges:strand-put-back", args=[request.authority.slug, pk])
    tell(request, f"Taken away: {strand}", undo=undo)
    return go(request, _strands_url(request))


@authority_view(Permission.STRAND_EDIT)
@require_POST
def strand_put_back(request, pk):
    strand = get_object_or_404(request.authority.strands, pk=pk)
    try:
        actions.put_back_strand(strand=strand, by=request.user)
        tell(request, f"It’s back: {strand}")
    except Taken:
        tell(request, f"There’s a new strand with the same title by now: {strand}")
    return go(request, _strands_url(request))


def strand_or_404(request, pk):
    """The strand, or the one that it was joined with."""
    return get_object_or_404(request.authority.strands.standing().for_page().known_as(pk))


def _strands_page(request):
    programme = request.authority.current_programme()
    context = {
        "programme": programme,
        "strands": programme.strands.for_list() if programme else [],
        "can_edit": Permission.STRAND_EDIT in request.permissions,
    }
    return page(request, "smallchanges/strands.html", context, region="strands-list")


def _strands_url(request) -> str:
    return reverse("smallchanges:strands", args=[request.authority.slug])
