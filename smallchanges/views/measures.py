"""What a change's people count, and what they say of the time that it gives back."""

from django.core.exceptions import BadRequest
from django.forms.models import model_to_dict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from programmes.access import authority_view
from programmes.editing import Stale, Taken
from programmes.pages import conflict, go, page, tell, wants_part
from programmes.permissions import Permission
from smallchanges import actions
from smallchanges.forms import MeasureAddForm, MeasureEditForm, ReadingForm
from smallchanges.models import SmallChange, TimeBack
from smallchanges.numbers import amount
from smallchanges.views.change import change_or_404, change_page

_MEASURES = "change-measures"
_TIME = "change-time"


@authority_view(Permission.CHANGE_EDIT)
@require_POST
def measure_add(request, pk):
    change = change_or_404(request, pk)
    form = MeasureAddForm(request.POST, prefix="measure", others=change.measures.standing())
    if form.is_valid():
        pk = form.cleaned_data.pop("id")
        try:
            measure = actions.add_measure(
                change=change, pk=pk, by=request.user, **form.cleaned_data
            )
        except Taken:
            form.say_taken()
        else:
            tell(request, f"We’re counting: {measure}")
            return _answer(request, change, _MEASURES, just=measure.pk)
    return change_page(request, change, region=_MEASURES, measure=form)


@authority_view(Permission.CHANGE_EDIT)
@require_http_methods(["GET", "POST"])
def measure_edit(request, pk, row_pk):
    measure = _measure_or_404(request, pk, row_pk)
    change = measure.change
    form = MeasureEditForm(
        request.POST or None,
        initial=model_to_dict(measure),
        others=change.measures.standing().exclude(pk=row_pk),
    )
    back = f"{change.get_absolute_url()}#{_MEASURES}"
    if form.is_valid():
        try:
            actions.edit_measure(measure=measure, by=request.user, **form.cleaned_data)
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=back)
        except Taken:
            form.say_taken()
        else:
            tell(request, f"Got it: {measure}")
            return go(request, back)
    context = {"form": form, "measure": measure, "change": change, "back": back}
    return page(request, "smallchanges/measure_edit.html", context)


@authority_view(Permission.CHANGE_EDIT)
@require_POST
def reading_add(request, pk, row_pk):
    """One field and one tap."""
    measure = _measure_or_404(request, pk, row_pk)
    form = ReadingForm(request.POST, measure=measure)
    if form.is_valid():
        pk = form.cleaned_data.pop("id")
        try:
            reading = actions.add_reading(
                measure=measure, pk=pk, by=request.user, **form.cleaned_data
            )
        except Taken:
            form.say_taken()
        else:
            undo = reverse(
                "smallchanges:reading-remove",
                args=[request.authority.slug, measure.change_id, reading.pk],
            )
            said = f"Added: {amount(reading.value, measure.unit)} on {reading.on:%-d %B %Y}"
            tell(request, said, undo=undo)
            return _answer(request, measure.change, _MEASURES, just=measure.pk)
    return change_page(request, measure.change, region=_MEASURES, reading=form)


@authority_view(Permission.CHANGE_EDIT)
@require_POST
def time_back(request, pk):
    """One tap says one thing: what the week's time was, or what it cost."""
    change = change_or_404(request, pk)
    said = {name: request.POST[name] for name in ("gives_back", "costs") if request.POST.get(name)}
    if not said or not set(said.values()) <= set(TimeBack.Hours.values):
        raise BadRequest("It is one of the ranges.")
    if request.membership is None:
        tell(request, "Only people who work here can say how their own time was.")
        return _answer(request, change, _TIME)
    told = actions.say_time_back(change=change, member=request.membership, by=request.user, **said)
    if told.gives_back and told.costs:
        tell(request, "Got it. It counts from Monday, together with what others say.")
    else:
        tell(request, "Got it. One more tap and it counts.")
    return _answer(request, change, _TIME, just="time")


@authority_view(Permission.CHANGE_EDIT)
@require_POST
def time_back_take_back(request, pk):
    change = change_or_404(request, pk)
    if request.membership and actions.take_back_time_back(
        change=change, member=request.membership, by=request.user
    ):
        tell(request, "Taken back. Nothing is kept of it.")
    else:
        tell(request, "There was nothing to take back.")
    return _answer(request, change, _TIME, just="time")


def _measure_or_404(request, pk, row_pk):
    change = change_or_404(request, pk)
    return get_object_or_404(change.measures.standing(), pk=row_pk)


def _answer(request, change: SmallChange, region: str, *, just: object = ""):
    """After a write: the region for htmx, else the page at that place."""
    if wants_part(request):
        return change_page(request, change, region=region, just=just)
    opened = "?add=time" if just == "time" else ""
    return go(request, f"{change.get_absolute_url()}{opened}#{region}")
