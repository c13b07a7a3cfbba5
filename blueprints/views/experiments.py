"""Reading and writing experiments, and moving them through their gate."""

from django.forms.models import model_to_dict
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blueprints import actions
from blueprints.forms.blueprint import ExperimentAddForm, ExperimentEditForm, ExperimentMoveForm
from blueprints.models import Pillar
from blueprints.views.blueprint import workbench_answer, workbench_url
from blueprints.views.cycles import decided_by, experiment_page, moved_by, tell_moved
from programmes.access import authority_view
from programmes.editing import Stale, Taken
from programmes.ordering import order
from programmes.pages import conflict, go, page, tell
from programmes.permissions import Permission

# Of an experiment, what its cycle has of them as well.
_OF_THE_CYCLE = ("we_try", "we_expect", "how_we_know", "who", "from_on", "to_on")


@authority_view(Permission.JOURNEY_READ)
@require_GET
def experiment(request, pk):
    found = get_object_or_404(request.authority.experiments.for_page(), pk=pk)
    return experiment_page(request, found)


@authority_view(Permission.BLUEPRINT_EDIT)
@require_http_methods(["GET", "POST"])
def experiment_add(request, pk):
    """`pk` is the pillar's."""
    pillar = get_object_or_404(request.authority.pillars.standing(), pk=pk)
    form = ExperimentAddForm(request.POST or None, others=pillar.experiments.standing())
    if form.is_valid():
        pk = form.cleaned_data.pop("id")
        try:
            experiment = actions.write_experiment(
                pillar=pillar, pk=pk, by=request.user, **form.cleaned_data
            )
        except Taken:
            form.say_taken()
        except Pillar.DoesNotExist:
            raise Http404 from None
        else:
            tell(request, f"A new experiment: {experiment}")
            return go(request, experiment.get_absolute_url())
    context = {"form": form, "pillar": pillar, "back": workbench_url(request)}
    return page(request, "blueprints/experiment_add.html", context)


@authority_view(Permission.EXPERIMENT_TEND)
@decided_by
@require_http_methods(["GET", "POST"])
def experiment_edit(request, experiment):
    cycle = experiment.cycle
    form = ExperimentEditForm(
        request.POST or None,
        initial=model_to_dict(experiment) | model_to_dict(cycle, fields=_OF_THE_CYCLE),
        experiment=experiment,
        # A pillar's lead leads no other.
        keeps_pillar=Permission.BLUEPRINT_EDIT not in request.permissions,
    )
    back = experiment.get_absolute_url()
    if form.is_valid():
        try:
            actions.reword_experiment(experiment=experiment, by=request.user, **form.cleaned_data)
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=back)
        except actions.Sealed as sealed:
            form.say_sealed(sealed.cycle)
        except Taken:
            form.say_taken()
        except Pillar.DoesNotExist:
            raise Http404 from None
        else:
            tell(request, "Got it. The new words are in place.")
            return go(request, back)
    context = {
        "form": form,
        "experiment": experiment,
        "back": back,
        "cycle": cycle,
        "seen": cycle.observations.exists(),
    }
    return page(request, "blueprints/experiment_edit.html", context)


@authority_view(Permission.BLUEPRINT_EDIT)
@require_http_methods(["GET", "POST"])
def experiment_move(request, pk):
    experiment = get_object_or_404(request.authority.experiments.in_standing_pillars(), pk=pk)
    form = ExperimentMoveForm(
        request.POST or None,
        experiment=experiment,
        initial={"state": experiment.state, "seen": experiment.state},
    )
    back = experiment.get_absolute_url()
    if form.is_valid():
        del form.cleaned_data["seen"]
        move = actions.move_experiment(experiment=experiment, by=request.user, **form.cleaned_data)
        tell_moved(request, experiment, move)
        return go(request, back)
    context = {"form": form, "experiment": experiment, "back": back}
    return page(request, "blueprints/experiment_move.html", context)


@authority_view(Permission.EXPERIMENT_TEND)
@moved_by
@require_POST
def experiment_move_put_back(request, move):
    experiment = move.experiment
    if actions.move_back(move=move, by=request.user):
        tell(request, f"Back to “{move.get_from_state_display().lower()}”: {experiment}")
    else:
        tell(request, f"It has moved on since, so we left it where it is: {experiment}")
    return go(request, experiment.get_absolute_url())


@authority_view(Permission.BLUEPRINT_EDIT)
@require_POST
def experiment_order(request, pk):
    experiment = get_object_or_404(request.authority.experiments.in_standing_pillars(), pk=pk)
    order(request, experiment, actions.order)
    return workbench_answer(request)


@authority_view(Permission.BLUEPRINT_EDIT)
@require_POST
def experiment_remove(request, pk):
    experiment = get_object_or_404(request.authority.experiments, pk=pk)
    actions.remove(row=experiment, by=request.user)
    undo = reverse("blueprints:experiment-put-back", args=[request.authority.slug, pk])
    tell(request, f"Taken away: {experiment}", undo=undo)
    return go(request, workbench_url(request))


@authority_view(Permission.BLUEPRINT_EDIT)
@require_POST
def experiment_put_back(request, pk):
    experiment = get_object_or_404(request.authority.experiments, pk=pk)
    try:
        actions.put_back(row=experiment, by=request.user)
        tell(request, f"It’s back: {experiment}")
    except Taken:
        tell(request, f"Its pillar has a new experiment with the same title by now: {experiment}")
    except actions.PillarGone:
        tell(request, f"Its pillar has been taken away meanwhile: {experiment.pillar}")
    return go(request, workbench_url(request))
