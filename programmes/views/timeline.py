"""The timeline: when we meet, laid out from the launch and moved by people."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db.models import Count
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from programmes.access import authority_view, programme_or_404
from programmes.actions import timeline as actions
from programmes.forms.timeline import MoveDateForm, PodForm
from programmes.models import JourneyStep, Milestone, Programme
from programmes.pages import go, page, tell
from programmes.permissions import Permission

Kind = Milestone.Kind
_ABOUT: dict[str, str] = {
    Kind.LAUNCH: "Everybody meets, and hears what this is and isn’t.",
    Kind.VALUES: "What we promise to bring, and how the exact opposite would look.",
    Kind.VISION: "What children’s social care should stand on here, and what stops us.",
    Kind.MISSION: "Barriers become themes, and the ones we choose become mission strands.",
    Kind.DEVELOP: "Many ideas for each strand, and a plan for the few that come first.",
    Kind.INFLUENCE: "Who needs to be on board, and who talks to them.",
    Kind.POD: "What moved, what helps, what’s in the way, and what comes next.",
    Kind.SENSEMAKING: "Practitioners and leaders look together at what the changes met.",
    Kind.BLUEPRINT: "What we learned becomes pillars, and experiments to try.",
    Kind.CELEBRATION: "Thank you to everybody, and a look at what carries on.",
}


@dataclass(frozen=True)
class Stop:
    """A date on the line, as a page shows it."""

    milestone: Milestone
    is_past: bool
    is_next: bool
    # True for a pod that people kept when the rhythm left no place for it.
    is_extra: bool
    planned_on: date | None
    # Whether its session has a plan already.
    has_plan: bool = False

    @property
    def about(self) -> str:
        return _ABOUT[self.milestone.kind]

    @property
    def was_moved(self) -> bool:
        """Whether it leaves the day that the plan gives it, if that gives it one."""
        return self.planned_on not in (None, self.milestone.on)


@authority_view(Permission.JOURNEY_READ)
@require_GET
def timeline(request):
    programme = request.authority.current_programme()
    stops = _stops(programme, timezone.localdate()) if programme else []
    context = {
        "programme": programme,
        "can_edit": Permission.TIMELINE_EDIT in request.permissions,
        "can_begin": Permission.PROGRAMME_EDIT in request.permissions,
        "stops": stops,
        "coming": next((stop.milestone for stop in stops if stop.is_next), None),
        "steps": JourneyStep.Step.choices,
        "weeks_of_support": actions.WEEKS_OF_SUPPORT,
    }
    return page(request, "programmes/timeline.html", context)


@authority_view(Permission.TIMELINE_EDIT)
@require_http_methods(["GET", "POST"])
def milestone_move(request, pk: UUID):
    milestone = get_object_or_404(request.authority.milestones, pk=pk)
    before = milestone.on, milestone.place
    data = request.POST if request.method == "POST" else None
    form = MoveDateForm(data, initial={"on": milestone.on, "place": milestone.place})
    if form.is_valid():
        if actions.move(milestone=milestone, by=request.user, **form.cleaned_data):
            undo = _undo(request, "programmes:milestone-move-back", milestone.pk, *before)
            on = _day(form.cleaned_data["on"])
            tell(request, f"{milestone.title} is on {on} now.", undo=undo)
        return go(request, _address(request))
    context = {
        "milestone": milestone,
        "form": form,
        "planned_on": actions.planned_day(milestone, milestone.programme),
        "back": _address(request),
    }
    return page(request, "programmes/milestone_move.html", context)


@authority_view(Permission.TIMELINE_EDIT)
@require_POST
def milestone_move_back(request, pk: UUID):
    """Undo of a move: to the day and the place that the address names."""
    milestone = get_object_or_404(request.authority.milestones, pk=pk)
    form = MoveDateForm(request.GET)
    if not form.is_valid():
        raise BadRequest("An undo names a day.")
    if actions.move(milestone=milestone, by=request.user, **form.cleaned_data):
        tell(request, f"{milestone.title} is back on {_day(form.cleaned_data['on'])}.")
    return go(request, _address(request))


@authority_view(Permission.TIMELINE_EDIT)
@require_POST
def milestone_put_back(request, pk: UUID):
    """To the day that the plan gives it; a pod that the plan has no place for leaves the line."""
    milestone = get_object_or_404(request.authority.milestones, pk=pk)
    on, place = milestone.on, milestone.place
    if not actions.is_planned(milestone, milestone.programme):
        actions.drop_pod(pod=milestone, by=request.user)
        undo = _undo(request, "programmes:pod-keep", milestone.number, on, place)
        tell(request, f"{milestone.title} is off the timeline.", undo=undo)
    elif actions.put_back(milestone=milestone, by=request.user):
        undo = _undo(request, "programmes:milestone-move-back", milestone.pk, on, place)
        planned = _day(milestone.laid_out_on)
        tell(request, f"{milestone.title} is back to plan: {planned}.", undo=undo)
    return go(request, _address(request))


@authority_view(Permission.TIMELINE_EDIT)
@require_POST
def pod_keep(request, number: int):
    """Undo of taking a pod off the line."""
    programme = programme_or_404(request)
    form = PodForm({**request.GET.dict(), "number": number})
    if not form.is_valid():
        raise BadRequest("An undo names a day.")
    pod = actions.keep_pod(programme=programme, by=request.user, **form.cleaned_data)
    tell(request, f"{pod.title} is back on {_day(pod.on)}.")
    return go(request, _address(request))


def _stops(programme: Programme, today: date) -> list[Stop]:
    milestones = list(
        programme.milestones.annotate(workshops_planned=Count("workshops")).order_by("on", "number")
    )
    coming = next((one for one in milestones if one.on >= today), None)
    return [
        Stop(
            milestone=one,
            is_past=one.on < today,
            is_next=one is coming,
            is_extra=not actions.is_planned(one, programme),
            planned_on=actions.planned_day(one, programme),
            has_plan=bool(one.workshops_planned),
        )
        for one in milestones
    ]


def _day(value: date) -> str:
    return date_format(value, "l j F Y")


def _address(request) -> str:
    return reverse("programmes:timeline", args=[request.authority.slug])


def _undo(request, name: str, which: UUID | int, on: date, place: str) -> str:
    """The address that brings back this day and this place."""
    query = {"on": on.isoformat(), "place": place}
    return reverse(name, args=[request.authority.slug, which], query=query)
