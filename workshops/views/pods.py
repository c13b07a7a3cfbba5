"""Learning pods: the agenda that their changes make, and the invitation to all of them."""

from functools import partial
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from programmes.access import authority_view, programme_or_404
from programmes.mail import site_url
from programmes.pages import go, page, tell
from programmes.permissions import Permission
from workshops.actions import pods, series
from workshops.actions.pods import A_POD_TAKES, DoorsOpened, Made
from workshops.forms.planner import WhoComesForm
from workshops.forms.pods import AgendaForm
from workshops.letters import people
from workshops.models import PodAgenda, SessionKind, Workshop
from workshops.views.planner import answer_with_plan, block_or_404


@authority_view(Permission.WORKSHOP_RUN)
@require_http_methods(["GET", "POST"])
def pod_agenda(request, pk):
    """GET asks how long and for whom; POST makes the agenda, or brings it up to date.

    A POST without a form's fields is the one tap on the plan: as long and for whom it was.
    """
    found = request.authority.workshops.select_related("programme", "template", "milestone")
    workshop = get_object_or_404(found, pk=pk, kind=SessionKind.POD, ended_at=None)
    workshop.authority = request.authority
    agenda = PodAgenda.objects.filter(workshop=workshop).first()
    says = request.method == "POST" and "minutes" in request.POST
    initial: dict[str, Any] = {"minutes": A_POD_TAKES}
    if agenda:
        initial |= {"minutes": agenda.minutes, "team": agenda.team_id}
    form = AgendaForm(request.POST if says else None, authority=request.authority, initial=initial)
    back = workshop.get_absolute_url()
    if form.is_valid():
        return _make(request, workshop, for_team=True, **form.cleaned_data)
    if request.method == "POST" and not says:
        return _make(request, workshop)
    context = {"form": form, "workshop": workshop, "agenda": agenda, "back": back}
    return page(request, "workshops/pod_agenda.html", context)


def _make(request, workshop: Workshop, **said):
    try:
        made = pods.make_agenda(workshop=workshop, by=request.user, **said)
    except DoorsOpened:
        tell(request, "The doors have been open, so the agenda stays as people saw it.")
    else:
        tell(request, _said(made))
    return go(request, workshop.get_absolute_url())


def _said(made: Made) -> str:
    words = []
    if made.added:
        words.append(f"{len(made.added)} new")
    if made.gone:
        words.append(f"{made.gone} gone, since nothing waits there any more")
    if not words:
        return "The agenda is up to date: nothing has changed."
    return f"The agenda is up to date: {', '.join(words)}. What you changed is as you left it."


@authority_view(Permission.WORKSHOP_RUN)
@require_POST
def block_time(request, pk, block_pk):
    """Whether there is time for a block for certain, or only if some is left."""
    workshop, block = block_or_404(request, pk, block_pk)
    if_time = request.POST.get("if_time") == "yes"
    if pods.set_if_time(block=block, if_time=if_time, by=request.user):
        tell(request, f"{'Only if there’s time' if if_time else 'There’s time for it'}: {block}")
    return answer_with_plan(request, workshop)


@authority_view(Permission.WORKSHOP_RUN)
@require_http_methods(["GET", "POST"])
def pods_invite(request):
    """Invite to every pod that is to come, in one step."""
    programme = programme_or_404(request)
    programme.authority = request.authority
    data = request.POST if request.method == "POST" else None
    form = WhoComesForm(data, authority=request.authority)
    back = reverse("workshops:workshops", args=[request.authority.slug])
    if form.is_valid():
        asked, new = series.invite_to_pods(
            programme=programme,
            emails=form.cleaned_data["emails"],
            by=request.user,
            address=partial(site_url, request),
        )
        tell(request, _invited(len(asked), new, len(form.cleaned_data["emails"])))
        return go(request, back)
    context = {"form": form, "pods": series.pods_to_come(programme), "back": back}
    return page(request, "workshops/pods_invite.html", context)


def _invited(asked: int, new: int, emails: int) -> str:
    if not asked:
        return "There’s no pod to come. Put one on the timeline first."
    if not new:
        return "They’re on the list of every pod already."
    pods = "1 pod" if asked == 1 else f"{asked} pods"
    return f"{people(emails)} invited to {pods}. The mails are on their way, one for each date."
