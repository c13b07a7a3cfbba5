"""An experiment's page, and learning on it: what was seen, what is decided, the next cycle."""

from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from blueprints import actions
from blueprints.forms.learning import BeginForm, DecideForm, ObserveForm
from blueprints.learning import (
    handed_on,
    learning_of,
    may_decide,
    may_move_back,
    may_take_back,
    moment_of,
)
from blueprints.models import Experiment
from blueprints.reading import changes_of
from programmes.access import authority_view
from programmes.pages import go, page, tell
from programmes.permissions import Permission


def decided_by(view):
    """Gives the view the experiment, if this person may decide about it and reword it."""

    @wraps(view)
    def inside(request, pk):
        experiment = get_object_or_404(request.authority.experiments.for_page(), pk=pk)
        if not may_decide(request, experiment):
            raise PermissionDenied
        return view(request, experiment)

    return inside


def _taken_back_by(view):
    """Gives the view what somebody saw, if this person may take it back."""

    @wraps(view)
    def inside(request, pk):
        seen = get_object_or_404(request.authority.observations, pk=pk)
        if not may_take_back(request, seen):
            raise PermissionDenied
        return view(request, seen)

    return inside


def moved_by(view):
    """Gives the view a move, if this person may take it back."""

    @wraps(view)
    def inside(request, pk):
        move = get_object_or_404(request.authority.experiment_moves, pk=pk)
        if not may_move_back(request, move):
            raise PermissionDenied
        return view(request, move)

    return inside


def experiment_page(request, experiment: Experiment, observe: ObserveForm | None = None):
    """`observe` is the form that somebody filled in, where there is something to mend."""
    number, place = experiment.numbers()
    pillar: Any = experiment.pillar  # with what `for_page` fetched of it
    learning = learning_of(experiment)
    may_tend = Permission.EXPERIMENT_TEND in request.permissions
    is_tried = experiment.state == Experiment.State.TRYING
    if observe is None and may_tend and is_tried:
        observe = ObserveForm(cycle=learning.now.cycle)
    context = {
        "experiment": experiment,
        "number": number,
        "anchor": f"p{number}e{place}",
        "learning": learning,
        "changes": changes_of(pillar.standing_insights),
        "observe": observe,
        "may_take_back": {
            one.pk for one in learning.now.observations if may_take_back(request, one)
        },
        "may_decide": may_decide(request, experiment),
        "may_tend": may_tend,
        "can_edit": Permission.BLUEPRINT_EDIT in request.permissions,
    }
    return page(request, "blueprints/experiment.html", context)


@authority_view(Permission.EXPERIMENT_TEND)
@require_POST
def experiment_observe(request, pk):
    """Two taps and a line."""
    experiment = get_object_or_404(request.authority.experiments.for_page(), pk=pk)
    form = ObserveForm(request.POST, cycle=experiment.cycle)
    if form.is_valid():
        said = form.cleaned_data
        try:
            seen = actions.observe(
                experiment=experiment,
                pk=said["id"],
                text=said["text"],
                we_expect=said.get("we_expect", ""),
                at=moment_of(said["on"]),
                by=request.user,
            )
        except actions.Sealed as sealed:
            form.say_sealed(sealed.cycle)
        except actions.NotTrying:
            form.add_error(None, "It isn’t being tried any more. Begin the next cycle first.")
        except actions.NothingExpected:
            form.add_error(
                None,
                "Somebody took away what we expected while you were writing. Open this page again,"
                " and say it first.",
            )
        else:
            undo = reverse("blueprints:observation-remove", args=[request.authority.slug, seen.pk])
            tell(request, "Got it. Thank you for telling us.", undo=undo)
            return go(request, f"{experiment.get_absolute_url()}#seen")
    return experiment_page(request, experiment, form)


@authority_view(Permission.EXPERIMENT_TEND)
@_taken_back_by
@require_POST
def observation_remove(request, seen):
    actions.take_back_observation(observation=seen, by=request.user)
    undo = reverse("blueprints:observation-put-back", args=[request.authority.slug, seen.pk])
    tell(request, "Taken back. What we expected stays sealed.", undo=undo)
    return go(request, f"{seen.cycle.experiment.get_absolute_url()}#seen")


@authority_view(Permission.EXPERIMENT_TEND)
@_taken_back_by
@require_POST
def observation_put_back(request, seen):
    actions.put_back_observation(observation=seen, by=request.user)
    tell(request, "It’s back.")
    return go(request, f"{seen.cycle.experiment.get_absolute_url()}#seen")


@authority_view(Permission.EXPERIMENT_TEND)
@decided_by
@require_http_methods(["GET", "POST"])
def experiment_decide(request, experiment):
    learning = learning_of(experiment)
    now = learning.now
    form = DecideForm(
        request.POST or None,
        experiment=experiment,
        why_now=now.why,
        initial={
            "decision": experiment.decision,
            "seen": experiment.decision,
            "surprised_us": now.cycle.surprised_us,
            "read": now.cycle.surprised_us,
            "why": now.why,
        },
    )
    back = experiment.get_absolute_url()
    if form.is_valid():
        move = actions.move_experiment(
            experiment=experiment,
            state=Experiment.State.DECIDED,
            decision=form.cleaned_data["decision"],
            surprised_us=form.cleaned_data["surprised_us"],
            why=form.cleaned_data["why"],
            by=request.user,
        )
        if move is None and actions.say_surprise(
            experiment=experiment, surprised_us=form.cleaned_data["surprised_us"], by=request.user
        ):
            tell(request, "Got it. The new words are in place.")
        else:
            tell_moved(request, experiment, move)
        return go(request, back)
    context = {"form": form, "experiment": experiment, "now": now, "back": back}
    return page(request, "blueprints/experiment_decide.html", context)


@authority_view(Permission.EXPERIMENT_TEND)
@require_http_methods(["GET", "POST"])
def experiment_begin(request, pk):
    """The next cycle of an experiment that is decided."""
    experiment = get_object_or_404(request.authority.experiments.for_page(), pk=pk)
    learning = learning_of(experiment)
    last, back = learning.now, experiment.get_absolute_url()
    if request.method == "GET" and experiment.state != Experiment.State.DECIDED:
        return go(request, back)
    form = BeginForm(request.POST or None, last=last.cycle, initial=handed_on(last.cycle))
    if form.is_valid():
        pk = form.cleaned_data.pop("id")
        try:
            actions.begin_cycle(experiment=experiment, pk=pk, by=request.user, **form.cleaned_data)
        except actions.NotDecided:
            form.add_error(
                None,
                "Somebody else began the next cycle, or took the decision back, while you were"
                " writing. Your words are still here, so that you can copy them.",
            )
        else:
            tell_moved(request, experiment, experiment.moves.first())
            return go(request, back)
    context = {"form": form, "experiment": experiment, "last": last, "back": back}
    return page(request, "blueprints/experiment_begin.html", context)


def tell_moved(request, experiment: Experiment, move) -> None:
    """Where it is now, with the undo of how it came there."""
    state = experiment.get_state_display().lower()
    if move is None:
        tell(request, f"It’s “{state}” already, so nothing changed.")
        return
    undo = reverse("blueprints:experiment-move-put-back", args=[request.authority.slug, move.pk])
    tell(request, f"Moved to “{state}”: {experiment}", undo=undo)
