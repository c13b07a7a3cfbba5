"""The teams of the service."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from programmes.access import authority_view
from programmes.actions import places
from programmes.actions.places import Linked
from programmes.editing import Taken
from programmes.forms.people import TeamEditForm, TeamForm
from programmes.pages import go, page, tell
from programmes.permissions import Permission


@authority_view(Permission.TEAM_EDIT)
@require_GET
def teams(request):
    return page(request, "programmes/teams.html", {"teams": request.authority.teams.all()})


@authority_view(Permission.TEAM_EDIT)
@require_http_methods(["GET", "POST"])
def team_add(request):
    form = TeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            team = places.add_team(
                authority=request.authority,
                name=form.cleaned_data["name"],
                pk=form.cleaned_data["id"],
                by=request.user,
            )
        except Taken:
            form.add_error("name", form.TAKEN)
        else:
            tell(request, f"Added {team.name}.")
            return go(request, _list(request))
    return page(request, "programmes/team_add.html", {"form": form})


@authority_view(Permission.TEAM_EDIT)
@require_http_methods(["GET", "POST"])
def team_edit(request, pk):
    """Another name for the same team: everything that is linked to it stays."""
    team = get_object_or_404(request.authority.teams, pk=pk)
    form = TeamEditForm(request.POST or None, initial={"name": team.name})
    if request.method == "POST" and form.is_valid():
        try:
            places.rename_team(team=team, name=form.cleaned_data["name"], by=request.user)
        except Taken:
            team.refresh_from_db()
            form.add_error("name", form.TAKEN)
        else:
            tell(request, f"It’s called {team.name} now.")
            return go(request, _list(request))
    return page(request, "programmes/team_edit.html", {"form": form, "team": team})


@authority_view(Permission.TEAM_EDIT)
@require_http_methods(["GET", "POST"])
def team_remove(request, pk):
    """Asks first; explains instead where something belongs to the team."""
    team = get_object_or_404(request.authority.teams, pk=pk)
    linked = places.linked_to(team)
    if request.method == "POST":
        try:
            places.remove_team(team=team, by=request.user)
        except Linked as error:
            linked = error.to
        else:
            tell(request, f"{team.name} is gone from the list.")
            return go(request, _list(request))
    return page(request, "programmes/team_remove.html", {"team": team, "linked": linked})


def _list(request) -> str:
    return reverse("programmes:teams", args=[request.authority.slug])
