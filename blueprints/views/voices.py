"""Two voices: opening a round, placing in it blind, closing it, and where the talk starts."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.forms.models import model_to_dict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from blueprints import actions, overlay_map, voices
from blueprints.forms.voices import FIELDS, RoundAddForm, RoundEditForm
from blueprints.models import Place, PlacingRound
from programmes.access import authority_view, programme_or_404
from programmes.editing import Stale, Taken
from programmes.pages import conflict, go, page, tell
from programmes.permissions import Permission


@authority_view(Permission.JOURNEY_READ)
@require_GET
def voices_list(request):
    """All rounds, the one that is open first."""
    programme = request.authority.current_programme()
    rounds = list(programme.placing_rounds.order_by("-opened_at")) if programme else []
    for one in rounds:
        one.authority = request.authority
    context = {
        "programme": programme,
        "open": next((one for one in rounds if not one.is_closed), None),
        "closed": [one for one in rounds if one.is_closed],
        "can_edit": Permission.BLUEPRINT_EDIT in request.permissions,
        "has_a_voice": bool(voices.voices_of(request.permissions)),
    }
    return page(request, "blueprints/voices_list.html", context)


@authority_view(Permission.BLUEPRINT_EDIT)
@require_http_methods(["GET", "POST"])
def voices_add(request):
    programme = programme_or_404(request)
    begun = programme.placing_rounds.open().first()
    if begun and request.method == "GET":
        tell(request, "A round is open already. Close it first: one at a time is enough.")
        return go(request, begun.get_absolute_url())
    initial = {} if request.method == "POST" else voices.most_linked(programme)
    form = RoundAddForm(request.POST or None, programme=programme, initial=initial)
    if form.is_valid():
        pk = form.cleaned_data.pop("id")
        try:
            placing = actions.open_round(
                programme=programme, pk=pk, by=request.user, **form.cleaned_data
            )
        except Taken:
            form.say_one_is_open()
        else:
            tell(request, "It’s open. Whoever can speak sees it on their first page.")
            return go(request, placing.get_absolute_url())
    return page(request, "blueprints/voices_add.html", {"form": form, "back": _url(request)})


@authority_view(Permission.JOURNEY_READ)
@require_GET
def voices_round(request, pk):
    """While it is open, only until when; once it is closed, both voices side by side."""
    placing = _round(request, pk)
    rows = voices.overlay_of(placing)
    has_a_voice = bool(voices.voices_of(request.permissions))
    own = voices.own_of(placing, voices.member(request.user)) if has_a_voice else voices.Own()
    context = {
        "placing": placing,
        "things": [row.thing for row in rows] or voices.things_of(placing),
        "has_placed": bool(own.places),
        "rows": rows,
        "talk": voices.talk_of(rows),
        "drawn": overlay_map.drawn(rows),
        "can_edit": Permission.BLUEPRINT_EDIT in request.permissions,
        "has_a_voice": has_a_voice,
    }
    return page(request, "blueprints/voices_round.html", context)


@authority_view(Permission.BLUEPRINT_EDIT)
@require_http_methods(["GET", "POST"])
def voices_edit(request, pk):
    placing = _round(request, pk)
    back = placing.get_absolute_url()
    if placing.is_closed:
        return _has_closed(request, placing)
    things = voices.things_of(placing)
    chosen = {
        name: [one.what[1] for one in things if one.what[0] == kind]
        for name, kind in FIELDS.items()
    }
    form = RoundEditForm(
        request.POST or None,
        programme=placing.programme,
        initial=model_to_dict(placing) | chosen,
        has_begun=voices.has_begun(placing),
    )
    if form.is_valid():
        try:
            actions.edit_round(placing=placing, by=request.user, **form.cleaned_data)
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=back)
        except actions.RoundBegun:
            form.say_begun()
        except actions.RoundClosed:
            return _has_closed(request, placing)
        else:
            tell(request, "Got it. The round is up to date.")
            return go(request, back)
    context = {"form": form, "placing": placing, "back": back}
    return page(request, "blueprints/voices_edit.html", context)


@authority_view(Permission.BLUEPRINT_EDIT)
@require_http_methods(["GET", "POST"])
def voices_close(request, pk):
    """First what closing means; nothing opens a round again."""
    placing = _round(request, pk)
    if request.method == "POST":
        actions.close_round(placing=placing, by=request.user)
        placing.refresh_from_db()
        has_talk = bool(voices.talk_of(voices.overlay_of(placing)))
        start = " Start the talk where the two are furthest apart." if has_talk else ""
        tell(request, f"It’s closed.{start}")
        return go(request, placing.get_absolute_url())
    if placing.is_closed:
        return _has_closed(request, placing)
    context = {"placing": placing, "back": placing.get_absolute_url()}
    return page(request, "blueprints/voices_close.html", context)


def _with_a_voice(view):
    """Whoever speaks as one who works with families, or as a leader; others get 403."""

    @wraps(view)
    def inside(request, pk):
        if not (may := voices.voices_of(request.permissions)):
            raise PermissionDenied
        return view(request, pk, may)

    return inside


@authority_view(Permission.JOURNEY_READ)
@_with_a_voice
@require_http_methods(["GET", "POST"])
def voices_place(request, pk, may: list[Place.Voice]):
    placing = _round(request, pk)
    if not placing.takes_places:
        return _has_closed(request, placing)
    said = request.POST if request.method == "POST" else None
    offered = [(str(voice), voices.OF_MEMBERS[voice]) for voice in may]
    sheet = voices.sheet_of(placing, voices.member(request.user), offered, said)
    if said is not None:
        sheet.problem = kept(sheet, actions.place)
        if not (request.htmx or sheet.problem or sheet.halves):
            tell(request, f"Got it: {sheet.placed} of {len(sheet.found)}. Change it any time.")
            return go(request, placing.get_absolute_url())
    context = {
        "sheet": sheet,
        "placing": placing,
        "action": request.path,
        "action_was_sent": said is not None,
    }
    return page(request, "blueprints/voices_place.html", context, region="placed-so-far")


def kept(sheet: voices.Sheet, place) -> str:
    """Keep what of a sheet can be kept with `place`; what is in the way, in words, or empty."""
    answers = voices.answers_in(sheet.found)
    if not answers:
        return ""
    if sheet.voice not in Place.Voice.values:
        return "First choose which voice is yours. Then we keep what you place."
    try:
        place(placing=sheet.placing, who=sheet.who, voice=sheet.voice, answers=answers)
    except actions.RoundClosed:
        return "It has closed, so what you placed before stays as it is."
    except actions.SpokeOtherwise:
        return "You’ve spoken with the other voice in this round already, and keep to it."
    sheet.is_settled = True
    return ""


def _round(request, pk) -> PlacingRound:
    placing = get_object_or_404(request.authority.placing_rounds.select_related("programme"), pk=pk)
    placing.authority = request.authority
    return placing


def _has_closed(request, placing: PlacingRound):
    tell(request, "This round takes no more places.")
    return go(request, placing.get_absolute_url())


def _url(request) -> str:
    return reverse("blueprints:voices-list", args=[request.authority.slug])
