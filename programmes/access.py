"""Doors. The first decorator of every view says who may enter, and a test reads what it says."""

from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from programmes.models import LocalAuthority, Membership, Programme
from programmes.permissions import (
    CRESCENDO_TEAM,
    NEEDS_SECOND_STEP,
    Permission,
    grantable_by,
    permissions_of,
)


def authority_view(permission: Permission, *also: Permission):
    """Members of the authority in the address who hold `permission` (and `also`).

    Sets `request.authority`, `request.membership` (None for the Crescendo team without one),
    `request.roles`, `request.permissions` and `request.may_grant`. An outsider gets 404, so that
    an address tells nothing; a member without the permission gets 403.
    """
    needed = frozenset({permission, *also})

    def decorator(view):
        @wraps(view)
        def door(request, authority_slug, *args, **kwargs):
            _enter(request, authority_slug)
            if not needed <= request.permissions:
                raise PermissionDenied
            if (answer := _second_step(request)) is not None:
                return answer
            return view(request, *args, **kwargs)

        door.door = ("authority", needed)  # type: ignore[attr-defined]
        return door

    return decorator


def team_view(view):
    """The Crescendo team. Everybody else gets 404: they need not know that the page is there."""

    @wraps(view)
    def door(request, *args, **kwargs):
        if not request.user.is_crescendo_team:
            raise Http404
        request.roles = {CRESCENDO_TEAM}
        if (answer := _second_step(request)) is not None:
            return answer
        return view(request, *args, **kwargs)

    door.door = ("team", frozenset())  # type: ignore[attr-defined]
    return door


def member_view(view):
    """Anybody who is signed in, for pages about themselves."""

    @wraps(view)
    def door(request, *args, **kwargs):
        return view(request, *args, **kwargs)

    door.door = ("member", frozenset())  # type: ignore[attr-defined]
    return door


def open_view(*, reason: str):
    """Anybody at all. The reason is for the reader of the code."""

    def decorator(view):
        @wraps(view)
        def door(request, *args, **kwargs):
            return view(request, *args, **kwargs)

        door.door = ("open", reason)  # type: ignore[attr-defined]
        return login_not_required(door)

    return decorator


def permissions_in(user, authority: LocalAuthority) -> frozenset[Permission]:
    """What somebody may do in an authority, asked outside a page of it: nothing before they have
    set up the second step that their role needs.
    """
    membership = Membership.objects.standing().filter(user=user, authority=authority).first()
    roles = _roles(user, membership)
    return frozenset() if _lacks_second_step(user, roles) else permissions_of(roles)


def programme_or_404(request) -> Programme:
    """Before an authority has a programme there is nothing to write."""
    if (programme := request.authority.current_programme()) is None:
        raise Http404
    return programme


def _enter(request, authority_slug: str) -> None:
    user = request.user
    # All of them, since the frame's place switcher shows them: one query for both.
    request.memberships = list(Membership.objects.standing().of(user))
    request.membership = next(
        (one for one in request.memberships if one.authority.slug == authority_slug), None
    )
    roles = _roles(user, request.membership)
    if not roles:
        raise Http404
    if request.membership:
        request.authority = request.membership.authority
    else:
        request.authority = get_object_or_404(LocalAuthority, slug=authority_slug)
    request.roles = roles
    request.permissions = permissions_of(roles)
    request.may_grant = grantable_by(roles)


def _roles(user, membership: Membership | None) -> set[str]:
    roles = set(membership.roles) if membership else set()
    return roles | {CRESCENDO_TEAM} if user.is_crescendo_team else roles


def _second_step(request) -> HttpResponse | None:
    """Send to its set-up a person whose role needs a second step and who has none yet."""
    if _lacks_second_step(request.user, request.roles):
        return redirect(reverse("mfa_index"))
    return None


def _lacks_second_step(user, roles: set[str]) -> bool:
    if not settings.REQUIRE_SECOND_STEP or not roles & NEEDS_SECOND_STEP:
        return False
    return not user.has_second_step
