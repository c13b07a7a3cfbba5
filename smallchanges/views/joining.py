"""What belongs together, and what is two: joining, taking apart and splitting."""

from collections.abc import Callable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import QueryDict
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from programmes.access import authority_view, programme_or_404
from programmes.editing import Taken
from programmes.pages import go, page, tell
from programmes.permissions import Permission
from smallchanges import actions
from smallchanges.forms import ChangeSplitForm, StrandSplitForm
from smallchanges.models import MissionStrand, SmallChange

from .change import change_or_404
from .strands import strand_or_404

# How many changes with the same words are offered: who finds too many says another word.
_OFFERED = 20
_GONE = "Somebody joined or took away one of them a moment ago. Look again."
_WRITTEN = "Something was written there since. You can join the two instead."

# --- small changes


@authority_view(Permission.CHANGE_EDIT)
@require_GET
def change_same(request, pk):
    """Find the change that is the same as this one, by words."""
    change = change_or_404(request, pk)
    words = request.GET.get("q", "").strip()[:80]
    context = {"change": change, "words": words}
    if words:
        others = change.programme.small_changes.exclude(pk=change.pk)
        is_guess = not others.says(words)
        found = others.matching(q=words, is_guess=is_guess).for_list()
        found = found.closest_first(words, is_guess=is_guess).briefly()
        context |= {"found": found[:_OFFERED], "is_guess": is_guess}
    return page(request, "smallchanges/change_same.html", context)


@authority_view(Permission.CHANGE_EDIT)
@require_http_methods(["GET", "POST"])
def change_join(request, pk, other_pk):
    """Both side by side, and what will happen. Without a word on which to keep, the first stays."""
    both = [change_or_404(request, one) for one in (pk, other_pk)]
    if both[0] == both[1]:
        tell(request, f"They are one already: {both[0]}")
        return go(request, both[0].get_absolute_url())
    if request.method == "POST":
        return _join(request, both, apart="smallchanges:change-apart", back=request.path)
    counted = _counted(request.authority.small_changes, pks=[one.pk for one in both])
    context = {"change": both[0], "both": [counted[one.pk] for one in both]}
    return page(request, "smallchanges/change_join.html", context)


@authority_view(Permission.CHANGE_EDIT)
@require_POST
def change_apart(request, pk):
    change = change_or_404(request, pk)
    parts = change.joined(manager="_base_manager").filter(pk__in=_ids(request, "part"))
    again = "smallchanges:change-join"
    return _take_apart(request, change, list(parts), again=again)


@authority_view(Permission.CHANGE_EDIT)
@require_http_methods(["GET", "POST"])
def change_split(request, pk):
    change = change_or_404(request, pk)
    form = ChangeSplitForm(request.POST or None, change=change)
    return _split(request, "change", change, form, actions.split_change)


@authority_view(Permission.CHANGE_EDIT)
@require_POST
def change_split_undo(request, pk):
    return _undo_split(request, change_or_404(request, pk))


# --- strands


@authority_view(Permission.STRAND_EDIT)
@require_http_methods(["GET", "POST"])
def strands_join(request):
    """Tick those that belong together; then all of them side by side, and what will happen."""
    programme = programme_or_404(request)
    standing = programme.strands.for_list()
    ticked = {UUID(one) for one in _ids(request, "strand")}
    chosen = [strand for strand in standing if strand.pk in ticked]
    back = reverse("smallchanges:strands", args=[request.authority.slug])
    if request.method == "POST" and len(chosen) > 1:
        return _join(request, chosen, apart="smallchanges:strand-apart", back=back)
    if request.method == "POST":
        tell(request, _GONE)
        return go(request, back)
    context = {"strands": standing, "ticked": ticked, "chosen": chosen, "back": back}
    return page(request, "smallchanges/strands_join.html", context)


@authority_view(Permission.STRAND_EDIT)
@require_POST
def strand_apart(request, pk):
    strand = strand_or_404(request, pk)
    parts = strand.joined.filter(pk__in=_ids(request, "part"))
    return _take_apart(request, strand, list(parts), again="smallchanges:strands-join")


@authority_view(Permission.STRAND_EDIT)
@require_http_methods(["GET", "POST"])
def strand_split(request, pk):
    strand = strand_or_404(request, pk)
    form = StrandSplitForm(request.POST or None, strand=strand)
    return _split(request, "strand", strand, form, actions.split_strand)


@authority_view(Permission.STRAND_EDIT)
@require_POST
def strand_split_undo(request, pk):
    return _undo_split(request, strand_or_404(request, pk))


# --- what both do


def _join(request, rows: list, *, apart: str, back: str):
    """Join these into that whose words are kept, and offer to take them apart again."""
    keep = request.POST.get("keep") or request.GET.get("keep")
    into = next((row for row in rows if str(row.pk) == keep), rows[0])
    others = [row for row in rows if row != into]
    try:
        actions.join(into=into, others=others, by=request.user)
    except actions.Gone:
        tell(request, _GONE)
        return go(request, back)
    except ValidationError as error:
        tell(request, str(error.message))
        return go(request, back)
    query = QueryDict(mutable=True)
    query.setlist("part", [str(one.pk) for one in others])
    undo = reverse(apart, args=[request.authority.slug, into.pk], query=query)
    tell(request, f"Joined. All of it is here now: {into}", undo=undo)
    return go(request, into.get_absolute_url())


def _take_apart(request, whole, parts: list, *, again: str):
    if not actions.take_apart(into=whole, others=parts, by=request.user):
        tell(request, "They are apart already.")
        return go(request, whole.get_absolute_url())
    slug = request.authority.slug
    if isinstance(whole, MissionStrand):
        query = QueryDict(mutable=True)
        query.setlist("strand", [str(one.pk) for one in (whole, *parts)])
        query["keep"] = str(whole.pk)
        undo = reverse(again, args=[slug], query=query)
    else:
        undo = reverse(again, args=[slug, whole.pk, parts[0].pk]) if len(parts) == 1 else ""
    names = ", ".join(str(part) for part in parts)
    tell(request, f"Apart again, with all that was its own: {names}", undo=str(undo))
    return go(request, whole.get_absolute_url())


def _split(request, noun: str, whole: MissionStrand | SmallChange, form, split: Callable):
    """`noun` is "strand" or "change", and `split` the action that makes two of one."""
    back = whole.get_absolute_url()
    if form.is_valid():
        pk = form.cleaned_data.pop("id")
        try:
            new = split(**{noun: whole}, pk=pk, by=request.user, **form.cleaned_data)
        except Taken:
            form.say_taken()
        except actions.Gone:
            tell(request, _GONE)
            return go(request, back)
        else:
            undo = reverse(f"smallchanges:{noun}-split-undo", args=[request.authority.slug, new.pk])
            tell(request, f"Now there are two. The new one: {new}", undo=undo)
            return go(request, new.get_absolute_url())
    context = {"form": form, noun: whole, "back": back}
    return page(request, f"smallchanges/{noun}_split.html", context)


def _undo_split(request, new: MissionStrand | SmallChange):
    whole = new.split_from
    if whole and actions.undo_split(new=new, by=request.user):
        tell(request, f"They are one again: {whole}")
        return go(request, whole.get_absolute_url())
    tell(request, _WRITTEN)
    return go(request, new.get_absolute_url())


def _counted(changes, *, pks: list) -> dict:
    """These changes with what would go along, counted."""
    rows = {
        name: Count(f"{name}", filter=Q(**{f"{name}__removed_at": None}), distinct=True)
        for name in ("steps", "stakeholders", "met", "asks", "updates", "measures")
    }
    counts = {f"{name}_count": count for name, count in rows.items()}
    found = changes.filter(pk__in=pks).select_related("strand").prefetch_related("teams")
    return {row.pk: row for row in found.annotate(**counts)}


def _ids(request, name: str) -> list[str]:
    """Ids of the address, or of the form that was sent."""
    asked = [*request.GET.getlist(name), *request.POST.getlist(name)]
    return [one for one in asked if _is_id(one)]


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
