"""The facilitators' log: what they learned, session by session."""

from datetime import timedelta

from django.core.paginator import Paginator
from django.forms.models import model_to_dict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from impact.actions import learning as actions
from impact.forms.learning import LearningAddForm, LearningEditForm, LearningFilterForm
from programmes.access import authority_view
from programmes.editing import Stale
from programmes.pages import conflict, go, page, tell
from programmes.permissions import Permission

_ON_A_PAGE = 30
# So long after a session people still remember how it went.
_FRESH = timedelta(weeks=3)
# Older ones are chosen from the log of that time.
_OFFERED = 40


@authority_view(Permission.LEARNING_LOG)
@require_GET
def learning(request):
    filters = LearningFilterForm(request.GET)
    notes = request.authority.learning_notes.for_list().found_by(**filters.wanted)
    context = {
        "notes": Paginator(notes, _ON_A_PAGE).get_page(request.GET.get("page")),
        "filters": filters,
        "fresh": [] if filters.wanted else _without_a_note(request),
        "query": request.GET,
    }
    return page(request, "impact/learning.html", context, region="learning-list")


@authority_view(Permission.LEARNING_LOG)
@require_http_methods(["GET", "POST"])
def learning_add(request):
    """Of a session that is named in the address, the session and its day are filled in."""
    workshops = _workshops(request)
    named = {str(one.pk): one for one in workshops}.get(request.GET.get("workshop", ""))
    initial = {"workshop": named, "on": timezone.localdate(named.starts_at)} if named else None
    form = LearningAddForm(request.POST or None, initial=initial, workshops=workshops)
    if form.is_valid():
        said = form.cleaned_data
        actions.keep_learning(
            authority=request.authority, pk=said.pop("id"), by=request.user, **said
        )
        tell(request, "Kept in your log.")
        return go(request, _url(request))
    context = {"form": form, "workshop": named, "back": _url(request)}
    return page(request, "impact/learning_add.html", context)


@authority_view(Permission.LEARNING_LOG)
@require_http_methods(["GET", "POST"])
def learning_edit(request, pk):
    note = get_object_or_404(request.authority.learning_notes.standing(), pk=pk)
    workshops = _workshops(request, besides=note.workshop_id)
    form = LearningEditForm(request.POST or None, initial=model_to_dict(note), workshops=workshops)
    back = _url(request)
    if form.is_valid():
        try:
            actions.edit_learning(note=note, by=request.user, **form.cleaned_data)
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=back)
        tell(request, "Got it. The new words are in place.")
        return go(request, back)
    return page(request, "impact/learning_edit.html", {"form": form, "back": back})


@authority_view(Permission.LEARNING_LOG)
@require_POST
def learning_remove(request, pk):
    note = get_object_or_404(request.authority.learning_notes, pk=pk)
    actions.remove_learning(note=note, by=request.user)
    undo = reverse("impact:learning-put-back", args=[request.authority.slug, pk])
    tell(request, "Taken out of the log", undo=undo)
    return go(request, _url(request))


@authority_view(Permission.LEARNING_LOG)
@require_POST
def learning_put_back(request, pk):
    note = get_object_or_404(request.authority.learning_notes, pk=pk)
    actions.put_back_learning(note=note, by=request.user)
    tell(request, "It’s back in the log")
    return go(request, _url(request))


def _without_a_note(request) -> list:
    """Sessions that are just over, and that nobody wrote a line about."""
    since = timezone.now() - _FRESH
    noted = request.authority.learning_notes.standing().filter(workshop__isnull=False)
    return list(
        request.authority.workshops.filter(ended_at__gte=since)
        .exclude(pk__in=noted.values("workshop"))
        .order_by("-ended_at")[:3]
    )


def _workshops(request, *, besides=None):
    """The newest that have begun, and the one that the note is of."""
    begun = request.authority.workshops.filter(starts_at__lte=timezone.now())
    newest = begun.order_by("-starts_at").values_list("pk", flat=True)[:_OFFERED]
    offered = [*newest, *([besides] if besides else [])]
    return request.authority.workshops.filter(pk__in=offered).order_by("-starts_at")


def _url(request) -> str:
    return reverse("impact:learning", args=[request.authority.slug])
