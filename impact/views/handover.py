"""The hand-over: who ran the sessions, what comes next, and the day on which Crescendo leaves."""

from django.core.exceptions import BadRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from impact import meter
from impact.actions import handover as actions
from impact.forms.learning import PartnershipEndForm
from impact.handover import (
    count_of,
    end_of,
    has_local_facilitator,
    held_by,
    lately,
    periods_of,
    steps_of,
)
from impact.models import Hands, Whose
from programmes.access import authority_view, programme_or_404
from programmes.pages import go, page, tell
from programmes.permissions import Permission


@authority_view(Permission.JOURNEY_READ)
@require_GET
def handover(request):
    programme = request.authority.current_programme()
    held = held_by(programme) if programme else []
    end = end_of(programme) if programme else None
    periods = periods_of(held)
    steps = steps_of(
        held,
        has_facilitator=has_local_facilitator(request.authority),
        has_end=end is not None,
    )
    context = {
        "programme": programme,
        "held": list(reversed(held)),
        "asked": Hands.ASKED,
        "periods": periods,
        "charts": meter.charts_of(periods),
        "counts": {name: count_of(held, name) for name in Hands.ASKED},
        "lately": lately(held),
        "steps": steps,
        "next": next((step for step in steps if not step.is_done), None),
        "end": end,
        "has_left": end is not None and end.ends_on < timezone.localdate(),
        "runs": Permission.WORKSHOP_RUN in request.permissions,
        "can_correct": Permission.LEARNING_LOG in request.permissions,
        "can_end": programme is not None and Permission.PROGRAMME_EDIT in request.permissions,
    }
    return page(request, "impact/handover.html", context)


@authority_view(Permission.LEARNING_LOG)
@require_http_methods(["GET", "POST"])
def hands(request, pk):
    """Who ran one session: a tap for each part of it."""
    workshop = get_object_or_404(
        request.authority.workshops.filter(ended_at__isnull=False).select_related("programme"),
        pk=pk,
    )
    if request.method == "POST":
        what, whose = request.POST.get("what"), request.POST.get("whose", "")
        if what not in Hands.ASKED or whose not in ("", *Whose.values):
            raise BadRequest("Which part, and whose?")
        actions.say_hands(workshop=workshop, what=what, whose=whose, by=request.user)
        tell(request, "Got it. The meter has counted it.")
        return go(request, request.path)
    row = next(one for one in held_by(workshop.programme) if one.workshop.pk == workshop.pk)
    parts = [
        (name, question, row.whose[name], name in row.said)
        for name, question in Hands.ASKED.items()
    ]
    context = {"workshop": workshop, "day": row.day, "parts": parts, "choices": Whose.choices}
    return page(request, "impact/hands.html", context)


@authority_view(Permission.PROGRAMME_EDIT)
@require_http_methods(["GET", "POST"])
def partnership_end(request):
    programme = programme_or_404(request)
    before = end_of(programme)
    initial = {"ends_on": before.ends_on} if before else None
    form = PartnershipEndForm(request.POST or None, initial=initial)
    if form.is_valid():
        said = form.cleaned_data
        end = actions.end_partnership(
            programme=programme, pk=said["id"], ends_on=said["ends_on"], by=request.user
        )
        undo = reverse("impact:partnership-end-remove", args=[request.authority.slug, end.pk])
        tell(request, f"Crescendo’s last day is {end}", undo=undo)
        return go(request, _url(request))
    context = {"form": form, "end": before, "back": _url(request)}
    return page(request, "impact/partnership_end.html", context)


@authority_view(Permission.PROGRAMME_EDIT)
@require_POST
def partnership_end_remove(request, pk):
    end = get_object_or_404(request.authority.partnership_ends, pk=pk)
    actions.remove_end(end=end, by=request.user)
    undo = reverse("impact:partnership-end-put-back", args=[request.authority.slug, pk])
    tell(request, f"No longer Crescendo’s last day: {end}", undo=undo)
    return go(request, _url(request))


@authority_view(Permission.PROGRAMME_EDIT)
@require_POST
def partnership_end_put_back(request, pk):
    end = get_object_or_404(request.authority.partnership_ends, pk=pk)
    actions.put_back_end(end=end, by=request.user)
    tell(request, f"Crescendo’s last day is {end} again")
    return go(request, _url(request))


def _url(request) -> str:
    return reverse("impact:handover", args=[request.authority.slug])
