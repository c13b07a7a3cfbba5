"""What others share: finding it, reading it, and taking it as a seed of something of one's own."""

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.forms.models import model_to_dict
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import push_url

from programmes.access import authority_view, programme_or_404
from programmes.editing import Stale, Taken
from programmes.pages import conflict, go, page, tell
from programmes.permissions import Permission
from smallchanges import actions
from smallchanges import inspiration as reading
from smallchanges.forms import FindForm, SeedAddForm, SeedEditForm
from smallchanges.models import Status
from smallchanges.views.change import change_or_404

CARDS_ON_A_PAGE = 20


@authority_view(Permission.JOURNEY_READ)
@require_GET
def inspiration(request):
    programme = request.authority.current_programme()
    filters = FindForm(request.GET, programme=programme, reader=request.authority)
    found = reading.find(reader=request.authority, **filters.asked)
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in request.GET.items() if value})
    context = {
        "filters": filters,
        "query": query,
        "cards": Paginator(found, CARDS_ON_A_PAGE).get_page(request.GET.get("page")),
        "ours": request.authority.shares.newest_of_each(),
    }
    response = page(request, "smallchanges/inspiration.html", context, region="inspiration-list")
    # The address can be shared, so it holds the filters that are on and no empty ones.
    return push_url(response, f"{request.path}?{query.urlencode()}")


@authority_view(Permission.JOURNEY_READ)
@require_GET
def shared(request, share_pk):
    """One change as others read it; words that were replaced lead to the newest."""
    found = _found(request, share_pk)
    if found.share != share_pk:
        return go(request, _shared_url(request, found.share))
    context = {
        "found": found,
        "can_take": _can_take(request, found),
    }
    return page(request, "smallchanges/shared.html", context)


@authority_view(Permission.CHANGE_ADD)
@require_http_methods(["GET", "POST"])
def seed_take(request, share_pk):
    """Not a copy: five questions about here, and a small change of one's own."""
    programme = programme_or_404(request)
    found = _found(request, share_pk)
    back = _shared_url(request, found.share)
    if found.words is None or found.is_ours:
        return go(request, back)
    form = SeedAddForm(
        request.POST or None, initial={"title": found.words.title}, programme=programme
    )
    if form.is_valid():
        pk = form.cleaned_data.pop("id")
        try:
            seed = actions.take_seed(
                share=found.share, programme=programme, pk=pk, by=request.user, **form.cleaned_data
            )
        except Taken:
            form.say_taken()
        except ValidationError as error:
            form.add_error(None, error)
        else:
            tell(request, f"Got it. Your own idea is in Mission: {seed.change}")
            return go(request, seed.change.get_absolute_url())
    context = {"form": form, "found": found, "back": back}
    return page(request, "smallchanges/seed_take.html", context)


@authority_view(Permission.CHANGE_EDIT)
@require_http_methods(["GET", "POST"])
def seed_edit(request, pk):
    """What is different here, and what those whose change it was hear of it."""
    change = change_or_404(request, pk)
    seed = get_object_or_404(request.authority.seeds, change=change)
    form = SeedEditForm(request.POST or None, initial=model_to_dict(seed))
    back = f"{change.get_absolute_url()}#seed"
    if form.is_valid():
        try:
            actions.edit_seed(seed=seed, by=request.user, **form.cleaned_data)
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=back)
        tell(request, "Got it. The new words are in place.")
        return go(request, back)
    last = change.moves.first() if change.status == Status.STOPPED else None
    context = {"form": form, "change": change, "seed": seed, "last": last, "back": back}
    return page(request, "smallchanges/seed_edit.html", context)


def _found(request, share_pk) -> reading.Page:
    if (found := reading.read(share_pk, reader=request.authority)) is None:
        raise Http404
    return found


def _can_take(request, found: reading.Page) -> bool:
    may = Permission.CHANGE_ADD in request.permissions and not found.is_ours
    return may and request.authority.current_programme() is not None


def _shared_url(request, share_pk) -> str:
    return reverse("smallchanges:shared", args=[request.authority.slug, share_pk])
