"""Who takes part in an authority, as what."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from programmes.access import authority_view
from programmes.actions import people as actions
from programmes.editing import Taken
from programmes.forms.people import FindPeopleForm, MembershipForm, OwnMembershipForm
from programmes.models import Membership
from programmes.pages import go, page, tell
from programmes.permissions import Permission, roles_that_may

A_PAGE = 50


@authority_view(Permission.PEOPLE_SEE)
@require_GET
def people(request):
    """Names, roles and teams for everybody; addresses and invitations for who invites people."""
    can_manage = Permission.PEOPLE_MANAGE in request.permissions
    find = FindPeopleForm(request.GET, authority=request.authority)
    members = request.authority.memberships.standing().with_people()
    found = members.found_by(**find.wanted(), by_address=can_manage)
    if not can_manage:
        found = found.defer("user__email")
    context = {
        "find": find,
        "members": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "can_manage": can_manage,
        "can_name_teams": Permission.TEAM_EDIT in request.permissions,
        "can_take": Permission.DATA_TAKE in request.permissions,
    }
    if can_manage:
        waiting = request.authority.invitations.waiting().prefetch_related("teams")
        context["invitations"] = Paginator(waiting, A_PAGE).get_page(request.GET.get("invited"))
        context["unsent"] = request.authority.invitations.unsent().exists()
    return page(request, "programmes/people.html", context, region="people-found")


@authority_view(Permission.PEOPLE_MANAGE)
@require_http_methods(["GET", "POST"])
def people_edit(request, pk):
    """Somebody's roles and teams; of oneself, the teams only."""
    membership = _membership(request, pk)
    is_self = membership.user_id == request.user.pk
    form = _edit_form(request, membership, is_self=is_self)
    if request.method == "POST" and form.is_valid():
        actions.change(
            membership=membership,
            roles=form.cleaned_data.get("roles"),
            teams=form.cleaned_data["teams"],
            by=request.user,
        )
        said = f"Changed what {_called(membership)} does here."
        tell(request, said + _if_nobody_invites(request.authority))
        return go(request, people_page(request))
    context = {
        "form": form,
        "membership": membership,
        "is_self": is_self,
        "is_last": _is_last_to_invite(membership),
        "can_name_teams": Permission.TEAM_EDIT in request.permissions,
        "can_erase": Permission.PERSON_ERASE in request.permissions,
    }
    return page(request, "programmes/people_edit.html", context)


@authority_view(Permission.PEOPLE_MANAGE)
@require_http_methods(["GET", "POST"])
def people_end(request, pk):
    """Asks first: the door closes at once."""
    membership = _membership(request, pk)
    if membership.user_id == request.user.pk:
        raise PermissionDenied
    if request.method == "POST":
        actions.end(membership=membership, by=request.user)
        tell(
            request,
            f"{_called(membership)} no longer takes part." + _if_nobody_invites(request.authority),
            undo=reverse("programmes:people-resume", args=[request.authority.slug, pk]),
        )
        return go(request, people_page(request))
    context = {
        "membership": membership,
        "is_last": _is_last_to_invite(membership),
        "can_erase": Permission.PERSON_ERASE in request.permissions,
    }
    return page(request, "programmes/people_end.html", context)


@authority_view(Permission.PEOPLE_MANAGE)
@require_POST
def people_resume(request, pk):
    """Take the end of a membership back."""
    membership = get_object_or_404(request.authority.memberships.select_related("user"), pk=pk)
    if membership.user_id == request.user.pk or not set(membership.roles) <= request.may_grant:
        raise PermissionDenied
    try:
        actions.resume(membership=membership, by=request.user)
        tell(request, f"{_called(membership)} takes part again.")
    except Taken:
        tell(request, f"{_called(membership)} takes part again already, by a new invitation.")
    return go(request, people_page(request))


def people_page(request) -> str:
    return reverse("programmes:people", args=[request.authority.slug])


def _membership(request, pk) -> Membership:
    """A standing membership that this person may decide about, or their own."""
    memberships = request.authority.memberships.standing().select_related("user")
    membership = get_object_or_404(memberships, pk=pk)
    if not set(membership.roles) <= request.may_grant:
        raise PermissionDenied
    return membership


def _edit_form(request, membership: Membership, *, is_self: bool):
    given = {
        "data": request.POST or None,
        "authority": request.authority,
        "initial": {"roles": membership.roles, "teams": membership.teams.all()},
    }
    if is_self:
        return OwnMembershipForm(**given)
    return MembershipForm(may_grant=request.may_grant, **given)


def _called(membership: Membership) -> str:
    return str(membership.user)


def _who_invite(authority):
    return authority.memberships.standing().holding_any(roles_that_may(Permission.PEOPLE_MANAGE))


def _is_last_to_invite(membership: Membership) -> bool:
    """Nobody else here can invite people, but this person can."""
    return list(_who_invite(membership.authority).values_list("pk", flat=True)[:2]) == [
        membership.pk
    ]


def _if_nobody_invites(authority) -> str:
    if _who_invite(authority).exists():
        return ""
    return " Nobody here can invite people now: the Crescendo team can."
