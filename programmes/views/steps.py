"""The four steps of the journey: what each is about, and what people say of it."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from programmes.access import authority_view, programme_or_404
from programmes.actions import steps as actions
from programmes.forms.timeline import StepBackForm, StepDoneForm
from programmes.kinds import KINDS
from programmes.models import JourneyStep, Programme
from programmes.pages import go, page, tell
from programmes.permissions import Permission
from programmes.views.lists import rows_of

_ABOUT = {
    JourneyStep.Step.AMBITION: (
        "Before anything changes, we ask what keeps us from families and agree how we want to work "
        "together. Out of that come our values, our vision and the barriers that stop us from "
        "living them."
    ),
    JourneyStep.Step.SMALL_CHANGES: (
        "Barriers become mission strands, and strands become changes that are small enough to make "
        "ourselves. Each one grows from Mission to Develop, Influence and Grow, and a learning pod "
        "looks after it on the way."
    ),
    JourneyStep.Step.BLUEPRINT: (
        "Practitioners and leaders look together at what the small changes met, and at what that "
        "says about the system. From it they write a local blueprint: a living plan of pillars, "
        "with experiments to try."
    ),
    JourneyStep.Step.CULTURE: (
        "Listening, testing and learning carry on when the programme has ended: pods, an idea box, "
        "time to reflect, and celebrations of what was done. New small changes start from here."
    ),
}


@authority_view(Permission.JOURNEY_READ)
@require_GET
def step(request, step: int):
    return _page(request, _step(step))


@authority_view(Permission.TIMELINE_EDIT)
@require_POST
def step_done(request, step: int):
    """People say that a step is done: never a percentage."""
    which, programme = _step(step), programme_or_404(request)
    form = StepDoneForm(request.POST)
    if not form.is_valid():
        return _page(request, which, form)
    if actions.say_done(programme=programme, step=which, by=request.user, **form.cleaned_data):
        undo = _address(request, "programmes:step-done-undo", which)
        tell(request, f"{which.label} is done. Well worth a celebration.", undo=undo)
    return go(request, _address(request, "programmes:step", which))


@authority_view(Permission.TIMELINE_EDIT)
@require_POST
def step_done_undo(request, step: int):
    which = _step(step)
    if actions.take_done_back(programme=programme_or_404(request), step=which, by=request.user):
        tell(request, f"{which.label} is not done yet.")
    return go(request, _address(request, "programmes:step", which))


@authority_view(Permission.TIMELINE_EDIT)
@require_POST
def step_back(request, step: int):
    """Why people go back is kept as learning."""
    which, programme = _step(step), programme_or_404(request)
    form = StepBackForm(request.POST)
    if not form.is_valid():
        return _page(request, which, form)
    learned = actions.go_back(programme=programme, step=which, by=request.user, **form.cleaned_data)
    if learned:
        undo = _address(request, "programmes:step-back-undo", which, learned.pk)
        tell(request, "We’re back here, and what we learned is kept.", undo=undo)
    return go(request, _address(request, "programmes:step", which))


@authority_view(Permission.TIMELINE_EDIT)
@require_POST
def step_back_undo(request, step: int, pk: UUID):
    which = _step(step)
    learned = get_object_or_404(programme_or_404(request).step_returns, pk=pk, step=which)
    if actions.take_return_back(learned=learned, by=request.user):
        tell(request, f"{which.label} is done again, as it was.")
    return go(request, _address(request, "programmes:step", which))


def _step(number: int) -> JourneyStep.Step:
    if number not in JourneyStep.Step:
        raise Http404
    return JourneyStep.Step(number)


def _page(request, which: JourneyStep.Step, form: StepDoneForm | StepBackForm | None = None):
    """The step's page; `form` is one that was sent and has to be looked at again."""
    programme = request.authority.current_programme()
    context = {
        "step": which,
        "about": _ABOUT[which],
        "programme": programme,
        "can_edit": Permission.TIMELINE_EDIT in request.permissions,
        "can_begin": Permission.PROGRAMME_EDIT in request.permissions,
    }
    if programme:
        states = actions.states(programme)
        context |= {
            "states": states,
            "state": states[which - 1],
            "done_form": form if isinstance(form, StepDoneForm) else StepDoneForm(),
            "back_form": form if isinstance(form, StepBackForm) else StepBackForm(),
            "dates": [one for one in programme.milestones.all() if one.step == which],
            "learned": programme.step_returns.filter(step=which).select_related("by"),
            "said": _said(programme) if which == JourneyStep.Step.AMBITION else [],
        }
    return page(request, "programmes/step.html", context)


def _said(programme: Programme) -> list[tuple[int, str]]:
    """How many stand on each list of step 1, with what they are, such as (4, "principles")."""
    counted = [(kind, rows_of(programme, kind).standing().count()) for kind in KINDS.values()]
    return [(count, kind.one if count == 1 else kind.word) for kind, count in counted]


def _address(request, name: str, *which) -> str:
    return reverse(name, args=[request.authority.slug, *which])
