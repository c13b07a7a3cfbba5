"""One small change: reading it, offering it, writing it, and the page of its gate."""

from django.core.exceptions import ValidationError
from django.forms.models import model_to_dict
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from programmes.access import authority_view, programme_or_404
from programmes.editing import Stale, Taken
from programmes.forms.house import AddForm
from programmes.pages import conflict, go, page, tell, wants_part
from programmes.permissions import Permission
from smallchanges import actions
from smallchanges.asking import cards
from smallchanges.forms import (
    ChangeAddForm,
    ChangeEditForm,
    MeasureAddForm,
    MetAddForm,
    MoveForm,
    ReadingForm,
    StakeholderAddForm,
    StepAddForm,
    UpdateForm,
    place_of,
)
from smallchanges.models import LIVING, Move, SmallChange, Status
from smallchanges.reading import ChangeReading, Seeds

# The regions of a change's page that have a template of their own, which the page includes.
_PARTS = {
    "change-measures": "smallchanges/_measures.html",
    "change-time": "smallchanges/_time_back.html",
    "change-stakeholders": "smallchanges/_stakeholders.html",
}


@authority_view(Permission.JOURNEY_READ)
@require_GET
def change(request, pk):
    change = change_or_404(request, pk)
    if change.pk != pk:
        tell(request, f"That small change is joined with this one: {change}")
        return go(request, change.get_absolute_url())
    return change_page(request, change)


@authority_view(Permission.CHANGE_ADD)
@require_http_methods(["GET", "POST"])
def change_add(request):
    programme = programme_or_404(request)
    strand = request.GET.get("strand")
    form = ChangeAddForm(request.POST or None, initial={"strand": strand}, programme=programme)
    if form.is_valid():
        pk = form.cleaned_data.pop("id")
        try:
            change = actions.add_change(
                programme=programme, pk=pk, by=request.user, **form.cleaned_data
            )
        except Taken:
            form.say_taken()
        except ValidationError as error:
            form.add_error(None, error)
        else:
            tell(request, f"Got it. Your idea is in Mission: {change}")
            return go(request, change.get_absolute_url())
    context = {
        "form": form,
        "back": reverse("smallchanges:changes", args=[request.authority.slug]),
    }
    return page(request, "smallchanges/change_add.html", context)


@authority_view(Permission.CHANGE_EDIT)
@require_http_methods(["GET", "POST"])
def change_edit(request, pk):
    change = change_or_404(request, pk)
    initial = model_to_dict(change)
    form = ChangeEditForm(request.POST or None, initial=initial, change=change)
    back = change.get_absolute_url()
    if form.is_valid():
        try:
            actions.edit_change(change=change, by=request.user, **form.cleaned_data)
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=back)
        except Taken:
            form.say_taken()
        except ValidationError as error:
            form.add_error(None, error)
        else:
            tell(request, "Got it. The new words are in place.")
            return go(request, back)
    context = {"form": form, "change": change, "back": back}
    return page(request, "smallchanges/change_edit.html", context)


@authority_view(Permission.CHANGE_EDIT)
@require_http_methods(["GET", "POST"])
def change_move(request, pk):
    """The page of the gate."""
    change = change_or_404(request, pk)
    initial = {
        "stage": change.stage,
        "status": Status.IN_PROGRESS if change.status == Status.CHOSEN else change.status,
        "seen": place_of(change),
        "back": request.GET.get("back", ""),
    }
    form = MoveForm(request.POST or None, initial=initial, change=change)
    if form.is_valid():
        place = {name: form.cleaned_data[name] for name in ("stage", "status", "why")}
        try:
            moved = actions.move(change=change, by=request.user, **place)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            _tell_move(request, change, moved)
            return go(request, _after_move(change, form.cleaned_data["back"]))
    back = _after_move(change, form.data.get("back", initial["back"]))
    context = {"form": form, "change": change, "back": back}
    return page(request, "smallchanges/change_move.html", context)


@authority_view(Permission.CHANGE_EDIT)
@require_POST
def change_move_undo(request, pk, move_pk):
    change = change_or_404(request, pk)
    last = get_object_or_404(change.moves, pk=move_pk)
    if back := actions.undo_move(last=last, by=request.user):
        tell(request, f"Taken back: {change} is where it was, in {back.get_to_stage_display()}.")
    else:
        tell(request, f"{change} has moved on since, so it stays where it is.")
    return go(request, change.get_absolute_url())


@authority_view(Permission.CHANGE_EDIT)
@require_POST
def update_add(request, pk):
    """Two taps and a line."""
    change = change_or_404(request, pk)
    form = UpdateForm(request.POST, change=change)
    if form.is_valid():
        pk = form.cleaned_data.pop("id")
        try:
            update = actions.share_update(
                change=change, pk=pk, by=request.user, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            undo = reverse(
                "smallchanges:update-remove", args=[request.authority.slug, change.pk, update.pk]
            )
            tell(request, "Got it. Thank you for telling us.", undo=undo)
            return go(request, f"{change.get_absolute_url()}#change-story")
    return change_page(request, change, update=form)


def change_or_404(request, pk) -> SmallChange:
    """The change, or the one that it was joined with: what is sent to the one reaches the other."""
    return get_object_or_404(request.authority.small_changes.for_page().known_as(pk))


def change_page(
    request, change: SmallChange, *, region: str = "", adding: str = "", just: object = "", **forms
):
    """The page of one change, or one region of it.

    `forms` are those that somebody filled in. `adding`, or the address, says of which kind of row
    one was just added: its empty form is open and in focus, ready for the next.
    """
    can_edit = Permission.CHANGE_EDIT in request.permissions
    adding = adding or request.GET.get("add", "")
    reading = ChangeReading(change, viewer=request.user, member=request.membership)
    if can_edit and (region in ("", "change-measures") or not wants_part(request)):
        _give_reading_forms(reading, forms.get("reading"))
    context = {
        "change": change,
        "reading": reading,
        "asks": cards(request, reading.asks),
        "seeds": Seeds(change),
        "can_add": Permission.CHANGE_ADD in request.permissions,
        "can_remove_thanks": Permission.THANKS_REMOVE in request.permissions,
        "can_edit": can_edit,
        "arranging": request.GET.get("arrange", "") if can_edit else "",
        "adding": adding,
        "just": just,
        "forms": _add_forms(request, change, adding) | forms if can_edit else {},
    }
    template = _PARTS.get(region, "") if wants_part(request) else ""
    return page(request, template or "smallchanges/change.html", context, region=region)


def _give_reading_forms(reading: ChangeReading, filled: ReadingForm | None) -> None:
    """To each measure an empty form for its next reading; to one the form that somebody filled."""
    for run in reading.runs:
        is_this = filled is not None and filled.measure == run.measure
        run.form = filled if is_this else ReadingForm(measure=run.measure)


def _add_forms(request, change: SmallChange, adding: str) -> dict:
    empty: dict[str, AddForm] = {
        "step": StepAddForm(prefix="step", authority=request.authority),
        "stakeholder": StakeholderAddForm(
            prefix="stakeholder", others=change.stakeholders.standing()
        ),
        "met": MetAddForm(prefix="met", others=change.met.standing()),
        "measure": MeasureAddForm(prefix="measure", others=change.measures.standing()),
    }
    if change.status in LIVING:
        empty["update"] = UpdateForm(change=change)
    if adding in empty:
        empty[adding].start_here()
    return empty


def _tell_move(request, change: SmallChange, moved: Move | None) -> None:
    if moved is None:
        tell(request, f"{change} is there already.")
        return
    undo = reverse(
        "smallchanges:change-move-undo", args=[request.authority.slug, change.pk, moved.pk]
    )
    tell(request, f"{change} {moved.what_happened}", undo=undo)


def _after_move(change: SmallChange, back: str) -> str:
    """To the view of all changes that the person came from, or to the change itself."""
    if not back:
        return change.get_absolute_url()
    return reverse(
        "smallchanges:changes",
        args=[change.authority.slug],
        query=QueryDict(back),  # written anew, so that it leads nowhere else
        fragment=f"change-{change.pk}",
    )
