"""Cheers, thank-yous, and the wall."""

from datetime import timedelta

from django.core.exceptions import BadRequest
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from programmes.access import authority_view
from programmes.pages import go, page, tell, wants_part
from programmes.permissions import Permission
from smallchanges import actions
from smallchanges.celebration import Wall, cheers_of
from smallchanges.forms import ThanksForm
from smallchanges.models import SmallChange, ThankYou
from smallchanges.views.change import change_or_404

# How far back the wall looks, with the words for it.
PERIODS = (("weeks", "Last four weeks"), ("all", "Since the start"))
_WEEKS = timedelta(weeks=4)


@authority_view(Permission.JOURNEY_READ)
@require_GET
def wall(request):
    programme = request.authority.current_programme()
    period = "all" if request.GET.get("period") == "all" else "weeks"
    since = timezone.now() - _WEEKS if period == "weeks" else None
    context = {
        "programme": programme,
        "periods": PERIODS,
        "period": period,
        "since": since,
        "until": timezone.localdate(),
        "wall": Wall(programme, since) if programme else None,
    }
    return page(request, "smallchanges/wall.html", context)


@authority_view(Permission.JOURNEY_READ)
@require_POST
def change_cheer(request, pk):
    change = change_or_404(request, pk)
    return _cheer(request, change, change)


@authority_view(Permission.JOURNEY_READ)
@require_POST
def update_cheer(request, pk, row_pk):
    change = change_or_404(request, pk)
    return _cheer(request, change, get_object_or_404(change.updates.standing(), pk=row_pk))


@authority_view(Permission.JOURNEY_READ)
@require_POST
def move_cheer(request, pk, move_pk):
    """What a change taught when it stopped; other moves tell of themselves in updates."""
    change = change_or_404(request, pk)
    move = get_object_or_404(change.moves, pk=move_pk)
    if not move.is_learning:
        raise Http404
    return _cheer(request, change, move)


def _cheer(request, change: SmallChange, thing):
    """The form says what is meant, so that a tap that is sent twice takes nothing back."""
    wish = request.POST.get("cheer")
    if wish not in ("yes", "no"):
        raise BadRequest("One cheers, or one does not.")
    actions.cheer(thing=thing, is_on=wish == "yes", by=request.user)
    if not wants_part(request):
        return go(request, f"{change.get_absolute_url()}#cheer-{thing.pk}")
    cheers = cheers_of(change, viewer=request.user)
    tell(request, "You cheered. Tap again to take it back." if wish == "yes" else "Taken back.")
    context = {"change": change, "thing": thing, "cheers": cheers[thing.pk]}
    return page(request, "smallchanges/_cheer.html", context, region="cheer")


@authority_view(Permission.CHANGE_EDIT)
@require_http_methods(["GET", "POST"])
def thanks_add(request, pk):
    change = change_or_404(request, pk)
    form = ThanksForm(request.POST or None, change=change, writer=str(request.user))
    if form.is_valid():
        thanks = actions.thank(change=change, by=request.user, **form.said)
        if not thanks.by_id:
            # The address says that it went well. A message would wait in the session, which is
            # theirs, and say when.
            return go(request, f"{change.get_absolute_url()}?thanked=yes#thanks")
        address = [request.authority.slug, change.pk, thanks.pk]
        undo = reverse("smallchanges:thanks-remove", args=address)
        tell(request, f"Said. It’s on the wall too: thank you, {thanks.to_whom}.", undo=undo)
        return go(request, _place(change))
    context = {"form": form, "change": change, "back": _place(change)}
    return page(request, "smallchanges/thanks_add.html", context)


@authority_view(Permission.CHANGE_EDIT)
@require_POST
def thanks_remove(request, pk, thanks_pk):
    change = change_or_404(request, pk)
    thanks = get_object_or_404(change.thanks, pk=thanks_pk)
    if _may_take_away(request, thanks):
        actions.remove_thanks(thanks=thanks, by=request.user)
        undo = reverse(
            "smallchanges:thanks-put-back", args=[request.authority.slug, change.pk, thanks_pk]
        )
        tell(request, f"Taken away: {thanks}", undo=undo)
    return go(request, _place(change))


@authority_view(Permission.CHANGE_EDIT)
@require_POST
def thanks_put_back(request, pk, thanks_pk):
    change = change_or_404(request, pk)
    thanks = get_object_or_404(change.thanks, pk=thanks_pk)
    if _may_take_away(request, thanks):
        actions.put_back_thanks(thanks=thanks, by=request.user)
        tell(request, f"It’s back: {thanks}")
    return go(request, _place(change))


def _may_take_away(request, thanks: ThankYou) -> bool:
    """Whoever wrote it, if a name is known, and facilitators; others are told so."""
    may = thanks.by_id == request.user.pk or Permission.THANKS_REMOVE in request.permissions
    if not may:
        tell(request, "Whoever said this thank-you can take it away, or a facilitator.")
    return may


def _place(change: SmallChange) -> str:
    return f"{change.get_absolute_url()}#thanks"
