"""The people who run Crescendo: who they are, and who joins or leaves them."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from programmes.access import team_view
from programmes.actions import invitations, people
from programmes.actions.invitations import NotOpen
from programmes.forms.people import InviteToCrescendoTeamForm
from programmes.mail import site_url
from programmes.models import Invitation, User
from programmes.pages import go, page, tell
from programmes.views.invitations import what_became_of


@team_view
@require_http_methods(["GET", "POST"])
def crescendo_team(request):
    """Everybody in the team, who is invited to it, and a field to invite one more."""
    form = InviteToCrescendoTeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        [outcome] = invitations.invite(
            authority=None,
            emails=[form.cleaned_data["email"]],
            by=request.user,
            address=partial(site_url, request),
        )
        if outcome.invitation is None:
            form.add_error("email", f"{outcome.email} is in the Crescendo team already.")
        else:
            tell(request, what_became_of(outcome.invitation))
            return go(request, request.path)
    context = {
        "form": form,
        "team": User.objects.in_crescendo_team(),
        "invitations": _waiting(),
    }
    return page(request, "programmes/crescendo_team.html", context)


@team_view
@require_http_methods(["GET", "POST"])
def crescendo_team_remove(request, person):
    """Asks first. Nobody removes themselves, so somebody always stays."""
    user = get_object_or_404(User.objects.in_crescendo_team(), pk=person)
    if user == request.user:
        raise PermissionDenied
    if request.method == "POST":
        people.leave_crescendo_team(user=user, by=request.user)
        tell(request, f"{user} is no longer in the Crescendo team.")
        return go(request, reverse("places:crescendo-team"))
    return page(request, "programmes/crescendo_team_remove.html", {"person": user})


@team_view
@require_POST
def crescendo_team_invitation_send_again(request, invitation):
    kept = get_object_or_404(_waiting(), pk=invitation)
    invitations.send_again(
        invitations=_waiting().filter(pk=invitation),
        by=request.user,
        address=partial(site_url, request),
    )
    tell(request, what_became_of(kept))
    return go(request, reverse("places:crescendo-team"))


@team_view
@require_POST
def crescendo_team_invitation_withdraw(request, invitation):
    kept = get_object_or_404(Invitation.objects.filter(authority=None), pk=invitation)
    try:
        invitations.withdraw(invitation=kept, by=request.user)
        tell(request, f"The invitation of {kept.email} is withdrawn. Its link no longer works.")
    except NotOpen:
        tell(request, f"{kept.email} said yes just before, and is in the team now.")
    return go(request, reverse("places:crescendo-team"))


def _waiting():
    return Invitation.objects.filter(authority=None).waiting()
