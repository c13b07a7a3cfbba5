"""The parts of a change's plan: its steps, who must be on board, and what it met."""

from typing import Any

from django.core.exceptions import BadRequest
from django.forms.models import model_to_dict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from programmes.access import authority_view
from programmes.editing import Stale, Taken
from programmes.ordering import order
from programmes.pages import conflict, go, page, tell, wants_part
from programmes.permissions import Permission
from smallchanges import actions
from smallchanges.forms import (
    MetAddForm,
    StakeholderAddForm,
    StakeholderEditForm,
    StepAddForm,
    StepEditForm,
)
from smallchanges.models import (
    Measure,
    Met,
    Reading,
    SmallChange,
    Stakeholder,
    Step,
    Update,
)
from smallchanges.views.change import change_or_404, change_page

# The region of the change's page that shows each kind of row.
_REGIONS = {
    Step: "change-steps",
    Stakeholder: "change-stakeholders",
    Met: "change-met",
    Update: "change-story",
    Measure: "change-measures",
    Reading: "change-measures",
}
_NOUNS = {
    Step: "step",
    Stakeholder: "stakeholder",
    Met: "met",
    Update: "update",
    Measure: "measure",
    Reading: "reading",
}


@authority_view(Permission.CHANGE_EDIT)
@require_POST
def step_add(request, pk):
    change = change_or_404(request, pk)
    form = StepAddForm(request.POST, prefix="step", authority=request.authority)
    if not form.is_valid():
        return change_page(request, change, region=_REGIONS[Step], step=form)
    pk = form.cleaned_data.pop("id")
    step = actions.add_step(change=change, pk=pk, by=request.user, **form.cleaned_data)
    return _added(request, step)


@authority_view(Permission.CHANGE_EDIT)
@require_http_methods(["GET", "POST"])
def step_edit(request, pk, row_pk):
    step = _row(request, pk, Step, row_pk)
    form = StepEditForm(
        request.POST or None,
        initial=model_to_dict(step),
        authority=request.authority,
        owner_now=step.owner_id,
    )
    back = _place(step.change, Step)
    if form.is_valid():
        try:
            actions.edit_step(step=step, by=request.user, **form.cleaned_data)
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=back)
        tell(request, "Got it. The step is as you wrote it.")
        return go(request, back)
    context = {"form": form, "change": step.change, "back": back}
    return page(request, "smallchanges/step_edit.html", context)


@authority_view(Permission.CHANGE_EDIT)
@require_POST
def step_tick(request, pk, row_pk):
    """The form says what is meant, so that tapping twice is not taking back."""
    step = _row(request, pk, Step, row_pk)
    done = request.POST.get("done")
    if done not in ("yes", "no"):
        raise BadRequest("A step is done or it is not.")
    actions.tick_step(step=step, done=done == "yes", by=request.user)
    return _answer(request, step.change, Step)


@authority_view(Permission.CHANGE_EDIT)
@require_POST
def step_order(request, pk, row_pk):
    step = _row(request, pk, Step, row_pk)
    order(request, step, actions.order)
    return _answer(request, step.change, Step)


@authority_view(Permission.CHANGE_EDIT)
@require_POST
def stakeholder_add(request, pk):
    change = change_or_404(request, pk)
    form = StakeholderAddForm(
        request.POST, prefix="stakeholder", others=change.stakeholders.standing()
    )
    if form.is_valid():
        pk = form.cleaned_data.pop("id")
        try:
            stakeholder = actions.add_stakeholder(
                change=change, pk=pk, by=request.user, **form.cleaned_data
            )
        except Taken:
            form.say_taken()
        else:
            return _added(request, stakeholder)
    return change_page(request, change, region=_REGIONS[Stakeholder], stakeholder=form)


@authority_view(Permission.CHANGE_EDIT)
@require_http_methods(["GET", "POST"])
def stakeholder_edit(request, pk, row_pk):
    stakeholder = _row(request, pk, Stakeholder, row_pk)
    change = stakeholder.change
    form = StakeholderEditForm(
        request.POST or None,
        initial=model_to_dict(stakeholder),
        others=change.stakeholders.standing().exclude(pk=row_pk),
    )
    back = _place(change, Stakeholder)
    if form.is_valid():
        try:
            actions.edit_stakeholder(stakeholder=stakeholder, by=request.user, **form.cleaned_data)
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=back)
        except Taken:
            form.say_taken()
        else:
            tell(request, f"Got it: {stakeholder}.")
            return go(request, back)
    context = {"form": form, "stakeholder": stakeholder, "change": change, "back": back}
    return page(request, "smallchanges/stakeholder_edit.html", context)


@authority_view(Permission.CHANGE_EDIT)
@require_POST
def met_add(request, pk):
    change = change_or_404(request, pk)
    form = MetAddForm(request.POST, prefix="met", others=change.met.standing())
    if form.is_valid():
        pk = form.cleaned_data.pop("id")
        try:
            met = actions.add_met(change=change, pk=pk, by=request.user, **form.cleaned_data)
        except Taken:
            form.say_taken()
        else:
            return _added(request, met)
    return change_page(request, change, region=_REGIONS[Met], met=form)


@authority_view(Permission.CHANGE_EDIT)
@require_POST
def row_remove(request, pk, row_pk, kind):
    row = _row(request, pk, kind, row_pk, standing=False)
    actions.remove_from_plan(row=row, by=request.user)
    undo = reverse(
        f"smallchanges:{_NOUNS[kind]}-put-back", args=[request.authority.slug, pk, row_pk]
    )
    tell(request, f"Taken away: {row}", undo=undo)
    return _answer(request, row.change, kind)


@authority_view(Permission.CHANGE_EDIT)
@require_POST
def row_put_back(request, pk, row_pk, kind):
    row = _row(request, pk, kind, row_pk, standing=False)
    try:
        actions.put_back_in_plan(row=row, by=request.user)
        tell(request, f"It’s back: {row}")
    except Taken:
        tell(request, f"Somebody has written this again meanwhile: {row}")
    return go(request, _place(row.change, kind))


def _row(request, pk, kind, row_pk, *, standing: bool = True):
    change = change_or_404(request, pk)
    of_kind: dict[type, Any] = {
        Step: change.steps,
        Stakeholder: change.stakeholders,
        Met: change.met,
        Update: change.updates,
        Measure: change.measures,
        Reading: Reading.objects.filter(measure__in=change.measures.standing()),
    }
    rows = of_kind[kind]
    return get_object_or_404(rows.standing() if standing else rows, pk=row_pk)


def _place(change: SmallChange, kind) -> str:
    return f"{change.get_absolute_url()}#{_REGIONS[kind]}"


def _answer(request, change: SmallChange, kind):
    """After a write: the region for htmx, else the page at that place, shown as it was."""
    if wants_part(request):
        return change_page(request, change, region=_REGIONS[kind])
    shown_as = f"?{request.GET.urlencode()}" if request.GET else ""
    return go(request, f"{change.get_absolute_url()}{shown_as}#{_REGIONS[kind]}")


def _added(request, row: Step | Stakeholder | Met):
    """After a new row: the same, with an empty form in focus for the next one."""
    noun = _NOUNS[type(row)]
    tell(request, f"Added: {row}")
    if wants_part(request):
        return change_page(request, row.change, region=_REGIONS[type(row)], adding=noun)
    # Without a fragment: a browser that jumps to one puts the focus nowhere else.
    return go(request, f"{row.change.get_absolute_url()}?add={noun}")
