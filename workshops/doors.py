"""Doors of a room, beside those of `programmes.access`: for guests, and for who runs a workshop."""

import secrets
from datetime import timedelta
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from programmes.access import authority_view
from programmes.pages import go, tell
from programmes.permissions import Permission
from workshops.actions import room
from workshops.listeners import cookie_of, may_run, participant_of
from workshops.models import GUESTS_LOOK_BACK, GUESTS_STAY, Activity, Note

# A workshop over days comes before it; a key that opens nothing any more does no harm.
KEY_LASTS = timedelta(days=30) + GUESTS_LOOK_BACK
# Of how many notes a device remembers in which order it wrote them.
MOST_IN_ORDER = 80


def participant_view(view):
    """Whoever is in the room: a member by their sign-in, a guest by the key on their device.

    Sets `request.participant`, `request.workshop` and `request.key`, the device's own, with
    `request.order`: the beginnings of the ids of what it wrote, newest first. That order lies on
    the device alone; kept by us it would tell of anonymous notes which are one person's. Everybody
    else gets 404, so that an address tells nothing.
    """
    return _room_door(view, GUESTS_STAY)


def looking_back_view(view):
    """As `participant_view`, and long after: for what became of what somebody wrote."""
    return _room_door(view, GUESTS_LOOK_BACK)


def _room_door(view, stays: timedelta):
    @wraps(view)
    def door(request, workshop_pk: UUID, *args, **kwargs):
        participant = participant_of(request, workshop_pk, stays=stays)
        if participant is None:
            raise Http404
        request.participant, request.workshop = participant, participant.workshop
        request.key = request.COOKIES.get(cookie_of(workshop_pk)) or secrets.token_urlsafe(32)
        request.order = before = _order_of(request, workshop_pk)
        answer = view(request, *args, **kwargs)
        if request.order != before:
            _keep_order(answer, workshop_pk, request.order)
        # A member on another device; and a key lasts on from each visit, where it is open for days.
        if cookie_of(workshop_pk) not in request.COOKIES or request.workshop.collects_until:
            keep_key(answer, workshop_pk, request.key)
        return answer

    door.door = ("participant", frozenset())  # type: ignore[attr-defined]
    return login_not_required(door)


def keep_key(answer, workshop_pk: UUID, key: str) -> None:
    """Put a device's key into a cookie that no script can read."""
    _keep(answer, cookie_of(workshop_pk), key)


def _keep_order(answer, workshop_pk: UUID, order: list[str]) -> None:
    """For the pages of this room alone: no other needs it, and of many rooms it would be long."""
    here = reverse("room:room", args=[workshop_pk])
    _keep(answer, _order_cookie(workshop_pk), ".".join(order[:MOST_IN_ORDER]), path=here)


def _keep(answer, name: str, said: str, *, path: str = "/") -> None:
    answer.set_cookie(
        name,
        said,
        path=path,
        max_age=int(KEY_LASTS.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _order_cookie(workshop_pk: UUID) -> str:
    return f"order-{workshop_pk.hex}"


def _order_of(request, workshop_pk: UUID) -> list[str]:
    said = request.COOKIES.get(_order_cookie(workshop_pk), "")
    return said.split(".")[:MOST_IN_ORDER] if said else []


def activity_in_room(request, pk: UUID) -> Activity:
    """One that was opened: what comes later is not there yet."""
    query = (
        "SELECT * FROM workshops_activity"
        " WHERE workshop_id = %s AND id = %s AND opened_at IS NOT NULL"
    )
    for activity in Activity.objects.raw(query, [request.workshop.pk, pk]):
        activity.workshop = request.workshop
        return activity
    raise Http404


def note_in_room(request, pk: UUID) -> Note:
    return get_object_or_404(
        Note.objects.select_related("activity__workshop"),
        activity__workshop=request.workshop,
        pk=pk,
    )


def console_view(view):
    """Whoever may run the workshop; it is handed to the view.

    A write takes the seat, unless somebody else sits in it: then they are told, and nothing is
    done. Only `run_seat` takes it from them.
    """

    @authority_view(Permission.JOURNEY_READ)
    @wraps(view)
    def door(request, pk: UUID, **kwargs):
        workshop = get_object_or_404(
            request.authority.workshops.select_related("current", "programme", "seat"), pk=pk
        )
        workshop.authority = request.authority
        if not may_run(request.user, workshop):
            raise PermissionDenied
        if request.method == "POST" and request.resolver_match.url_name != "run-seat":
            try:
                room.take_seat(workshop=workshop, by=request.user)
            except room.SeatTaken:
                tell(request, f"{workshop.seat} runs the room. Take over first, if you need to.")
                return go(request, reverse("workshops:run", args=[request.authority.slug, pk]))
        elif workshop.seat_id == request.user.pk:
            room.stay_seated(workshop=workshop)
        return view(request, workshop, **kwargs)

    return door
