"""Stories: reading them, telling one, and each step outwards on its teller's yes."""

from functools import wraps

from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from impact.actions import stories as actions
from impact.forms.stories import PickForm, StoryAddForm, StoryAnewForm, StoryFilterForm
from impact.models import Ring, Story, StoryPick
from programmes import guard
from programmes.access import authority_view
from programmes.models import Team
from programmes.pages import go, page, tell
from programmes.permissions import Permission

# What a yes to each ring means, in full.
MEANS = {
    Ring.AUTHORITY: "Everybody who takes part here can read it: practitioners, managers, leaders"
    " and those who facilitate. A panel may pick it, and say why.",
    Ring.PUBLIC: "It may stand in the impact report, on paper and on the web, and other authorities"
    " may read it.",
}


def _of_its_teller(view):
    """Hand the view the story, to its teller alone, whatever else somebody looks after."""

    @wraps(view)
    def behind(request, pk):
        return view(request, _own_or_403(request, pk))

    return behind


def _to_take_away(view):
    """Its teller; and those who facilitate, where it names somebody after all."""

    @wraps(view)
    def behind(request, pk):
        row = _story_or_404(request, pk)
        if row.told_by_id != request.user.pk and Permission.WORKSHOP_RUN not in request.permissions:
            raise PermissionDenied
        return view(request, row)

    return behind


def _taken_away_by_them(view):
    """Whoever took it away; sent twice, it is its teller's."""

    @wraps(view)
    def behind(request, pk):
        theirs = Q(removed_by=request.user) | Q(removed_at=None, told_by=request.user)
        row = get_object_or_404(request.authority.stories.filter(theirs), pk=pk)
        return view(request, row)

    return behind


@authority_view(Permission.JOURNEY_READ)
@require_GET
def stories(request):
    wanted = StoryFilterForm(request.GET, changes=_changes(request)).cleaned_data
    rows = _readable(request).prefetch_related(_picks())
    if change := wanted.get("change"):
        rows = rows.filter(change=change)
    if wanted.get("picked"):
        picked = StoryPick.objects.standing().filter(story=OuterRef("pk"))
        rows = rows.exclude(ring=Ring.TEAM).filter(Exists(picked))
    rows = list(rows)
    context = {
        "stories": rows,
        "picked": [one for one in rows if one.ring != Ring.TEAM and one.picks_here],
        "others": [one for one in rows if one.ring == Ring.TEAM or not one.picks_here],
        "change": change,
        "only_picked": bool(wanted.get("picked")),
        "can_tell": _changes(request).exists(),
    }
    return page(request, "impact/stories.html", context)


@authority_view(Permission.JOURNEY_READ)
@require_http_methods(["GET", "POST"])
def story_add(request):
    facilitates = Permission.WORKSHOP_RUN in request.permissions
    teams = _own_teams(request)
    form = StoryAddForm(
        request.POST or None,
        initial={"change": request.GET.get("change"), "team": teams.first()},
        changes=_changes(request),
        teams=teams,
        members=request.authority.memberships.standing() if facilitates else None,
    )
    finding = None
    if form.is_valid():
        finding = _to_warn_of(request, form)
        if finding is None:
            said = form.cleaned_data
            member = said.pop("member", None)
            is_own = member is None or member.user_id == request.user.pk
            team = said.pop("team", None)
            story = actions.tell_story(
                pk=said.pop("id"),
                told_by=request.user if is_own else member.user,
                # What somebody else told is for them to let into their team.
                team=team if is_own else None,
                by=request.user,
                **said,
            )
            # The same form sent again, after the story was taken away.
            if story.removed_at:
                return go(request, _list_url(request))
            tell(request, _kept(story) if is_own else _ASKED)
            return go(request, story.get_absolute_url())
    context = {"form": form, "finding": finding, "back": _list_url(request)}
    return page(request, "impact/story_add.html", context)


def _kept(story: Story) -> str:
    first = story.team or "Those who facilitate here"
    return f"Got it. {first} can read it too, and nobody else until you say so."


_ASKED = "Got it. We’ve asked them by mail whether it may go further."


@authority_view(Permission.JOURNEY_READ)
@require_GET
def story(request, pk):
    row = _story_or_404(request, pk)
    is_own = row.told_by_id == request.user.pk
    further = actions.next_ring(row)
    can_pick = Permission.STORY_PICK in request.permissions
    context = {
        "story": row,
        "is_own": is_own,
        "further": further,
        "can_ask": can_pick and not is_own and further and row.told_by_id is not None,
        "can_pick": can_pick,
        "can_remove": is_own or Permission.WORKSHOP_RUN in request.permissions,
        "said_yes": list(row.crossings.all()) if is_own else [],
    }
    return page(request, "impact/story.html", context)


@authority_view(Permission.JOURNEY_READ)
@_of_its_teller
@require_http_methods(["GET", "POST"])
def story_cross(request, row):
    """GET shows the very words and who would read them; POST is the yes."""
    rings = actions.ORDER[actions.ORDER.index(Ring(row.ring)) + 1 :]
    if request.method == "POST":
        if request.POST.get("ring") not in Ring.values:
            raise BadRequest("Which of the rings?")
        row = actions.cross(
            story=row,
            ring=request.POST["ring"],
            digest=request.POST.get("digest", ""),
            by=request.user,
        )
        who = "Anyone" if row.ring == Ring.PUBLIC else "Everyone here"
        undo = _url(request, "story-take-back", row)
        tell(request, f"{who} can read it now. You can take it back at any time.", undo=undo)
        return go(request, row.get_absolute_url())
    if not rings:
        return go(request, row.get_absolute_url())
    context = {
        "story": row,
        "rings": [(ring, MEANS[ring]) for ring in rings],
        "back": row.get_absolute_url(),
    }
    return page(request, "impact/story_cross.html", context)


@authority_view(Permission.JOURNEY_READ)
@_of_its_teller
@require_POST
def story_take_back(request, row):
    row = actions.take_back_story(story=row, by=request.user)
    undo = _url(request, "story-give-again", row)
    tell(request, "You’ve taken it back: it’s read where it began, and nowhere else", undo=undo)
    return go(request, row.get_absolute_url())


@authority_view(Permission.JOURNEY_READ)
@_of_its_teller
@require_POST
def story_give_again(request, row):
    row = actions.give_story_again(story=row, by=request.user)
    tell(request, "It’s read again as far as you’d said")
    return go(request, row.get_absolute_url())


@authority_view(Permission.STORY_PICK)
@require_POST
def story_ask(request, pk):
    row = _story_or_404(request, pk)
    if actions.ask_for_story(story=row, by=request.user):
        tell(request, "We’ve asked them by mail. It’s theirs to say, so we ask once.")
    else:
        tell(request, "They were asked already, or can’t be asked by mail. It’s theirs to say.")
    return go(request, row.get_absolute_url())


@authority_view(Permission.JOURNEY_READ)
@_of_its_teller
@require_http_methods(["GET", "POST"])
def story_anew(request, row):
    initial = {"text": row.text, "teller": row.teller}
    form = StoryAnewForm(request.POST or None, initial=initial)
    finding = None
    if form.is_valid():
        finding = _to_warn_of(request, form)
        if finding is None:
            said = form.cleaned_data
            anew = actions.tell_anew(story=row, pk=said.pop("id"), by=request.user, **said)
            undo = _url(request, "story-put-back", row)
            tell(
                request,
                "Written anew, and the old words are gone. Bring those back too?",
                undo=undo,
            )
            return go(request, anew.get_absolute_url())
    context = {"form": form, "finding": finding, "story": row, "back": row.get_absolute_url()}
    return page(request, "impact/story_anew.html", context)


@authority_view(Permission.JOURNEY_READ)
@_to_take_away
@require_POST
def story_remove(request, row):
    actions.remove_story(story=row, by=request.user)
    undo = _url(request, "story-put-back", row)
    tell(request, "Taken away. Nobody reads it any more", undo=undo)
    return go(request, _list_url(request))


@authority_view(Permission.JOURNEY_READ)
@_taken_away_by_them
@require_POST
def story_put_back(request, row):
    actions.put_back_story(story=row, by=request.user)
    tell(request, "It’s back")
    return go(request, _list_url(request))


# --- picks


@authority_view(Permission.STORY_PICK)
@require_http_methods(["GET", "POST"])
def story_pick(request, pk):
    row = _pickable_or_404(request, pk)
    form = PickForm(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        pick = actions.pick_story(story=row, pk=said.pop("id"), by=request.user, **said)
        undo = reverse("impact:pick-remove", args=[request.authority.slug, pick.pk])
        tell(request, "Picked. We tell its teller by mail", undo=undo)
        return go(request, row.get_absolute_url())
    context = {"form": form, "story": row, "back": row.get_absolute_url()}
    return page(request, "impact/story_pick.html", context)


@authority_view(Permission.STORY_PICK)
@require_POST
def pick_remove(request, pk):
    pick = _pick_or_404(request, pk)
    actions.remove_pick(pick=pick, by=request.user)
    undo = reverse("impact:pick-put-back", args=[request.authority.slug, pick.pk])
    tell(request, f"No longer picked by {pick.panel}", undo=undo)
    return go(request, pick.story.get_absolute_url())


@authority_view(Permission.STORY_PICK)
@require_POST
def pick_put_back(request, pk):
    pick = _pick_or_404(request, pk)
    actions.put_back_pick(pick=pick, by=request.user)
    tell(request, f"It’s back: picked by {pick.panel}")
    return go(request, pick.story.get_absolute_url())


# --- which


def _changes(request):
    """Those that one can tell of."""
    return request.authority.small_changes.order_by("title")


def _own_teams(request):
    if request.membership is None:
        return Team.objects.none()
    return request.membership.teams.all()


def _readable(request):
    facilitates = Permission.WORKSHOP_RUN in request.permissions
    return request.authority.stories.read_by(request.user, facilitates=facilitates)


def _picks() -> Prefetch:
    return Prefetch("picks", queryset=StoryPick.objects.standing(), to_attr="picks_here")


def _story_or_404(request, pk) -> Story:
    row = get_object_or_404(_readable(request).prefetch_related(_picks()), pk=pk)
    row.authority = request.authority
    return row


def _own_or_403(request, pk) -> Story:
    """Nobody else decides for the teller, whoever may read it and whatever they look after."""
    row = _story_or_404(request, pk)
    if row.told_by_id != request.user.pk:
        raise PermissionDenied
    return row


def _pickable_or_404(request, pk) -> Story:
    row = get_object_or_404(request.authority.stories.read_by_all_here(), pk=pk)
    row.authority = request.authority
    return row


def _pick_or_404(request, pk) -> StoryPick:
    """Of a story that all here may read, as it is now."""
    pick = get_object_or_404(request.authority.story_picks.select_related("story"), pk=pk)
    if pick.story.removed_at or pick.story.ring == Ring.TEAM:
        raise Http404
    pick.story.authority = request.authority
    return pick


def _to_warn_of(request, form) -> guard.Finding | None:
    """What its words seem to name; None once they said to keep them as they are."""
    if "anyway" in request.POST:
        return None
    return guard.look(f"{form.cleaned_data['teller']}\n{form.cleaned_data['text']}")


def _url(request, view: str, row: Story) -> str:
    return reverse(f"impact:{view}", args=[request.authority.slug, row.pk])


def _list_url(request) -> str:
    return reverse("impact:stories", args=[request.authority.slug])
