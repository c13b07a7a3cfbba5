"""Coming into a room: with the code from the big screen, or as a member with one tap."""

from functools import partial

from allauth.core.ratelimit import consume
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from programmes.access import authority_view, open_view, permissions_in
from programmes.pages import go, page
from programmes.permissions import Permission
from workshops.actions import room
from workshops.doors import keep_key
from workshops.forms.room import JoinForm, plain_code
from workshops.listeners import cookie_of
from workshops.models import Workshop

# Wrong codes alone count: sixty people behind one address all come in. While many addresses guess,
# none is shut out that has hardly guessed: else whoever guesses could lock every room.
LIMITS = ("join_code", "join_code_of_all", "join_code_of_a_few")


@open_view(reason="guests have no account")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request):
    """Only a POST brings anybody in: mail scanners and previews open links too."""
    form = JoinForm(request.POST or None, initial={"code": request.GET.get("code", "")})
    if request.method == "POST" and form.is_valid():
        if not _may_try(request):
            form.add_error("code", "That’s a lot of wrong codes. Wait a minute, then try again.")
        elif (workshop := _behind(form.cleaned_data["code"])) is None:
            for limit in LIMITS:
                consume(request, action=limit, key="everybody")
            form.add_error(
                "code", "No open workshop has this code. Look at the big screen once more."
            )
        else:
            return _come_in(request, workshop, form.cleaned_data["name"])
    code = form.data.get("code") or request.GET.get("code", "")
    return page(request, "room/join.html", {"form": form, "own": _own(request, code)})


def _own(request, code: str) -> Workshop | None:
    """The workshop behind a link, for a member of its authority: they come in with one tap.

    They may see all of its workshops anyway, so that this tells nobody anything new.
    """
    if not (code and request.user.is_authenticated):
        return None
    found = Workshop.objects.with_doors_open().filter(code=plain_code(code))
    workshop = found.select_related("authority").first()
    if workshop is None:
        return None
    may = permissions_in(request.user, workshop.authority)
    return workshop if Permission.JOURNEY_READ in may else None


def _may_try(request) -> bool:
    own, of_all, of_a_few = (
        partial(consume, request, action=limit, key="everybody", dry_run=True) for limit in LIMITS
    )
    return bool(own() and (of_all() or of_a_few()))


def _behind(code: str) -> Workshop | None:
    return Workshop.objects.with_doors_open().filter(code=code).first()


def _come_in(request, workshop: Workshop, name: str):
    try:
        _, key = room.join(workshop=workshop, name=name)
    except room.DoorsClosed:
        return go(request, reverse("room:join"))
    return _with_key(request, workshop, key)


@authority_view(Permission.JOURNEY_READ)
@require_POST
def enter(request, pk):
    """A member comes in with one tap, on as many devices as they like."""
    workshop = get_object_or_404(request.authority.workshops, pk=pk)
    try:
        _, key = room.join_as_member(workshop=workshop, user=request.user)
    except room.DoorsClosed:
        return go(request, workshop.get_absolute_url())
    if request.COOKIES.get(cookie_of(workshop.pk)):
        return go(request, reverse("room:room", args=[workshop.pk]))
    return _with_key(request, workshop, key)


def _with_key(request, workshop: Workshop, key: str):
    answer = go(request, reverse("room:room", args=[workshop.pk]))
    keep_key(answer, workshop.pk, key)
    return answer
