"""The data that leaves: what the feed has, who has a key to it, and giving one away."""

from dataclasses import dataclass

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from impact.actions import feeds as actions
from impact.feed_fields import TABLES
from impact.forms.feeds import FeedKeyAddForm
from impact.models import FeedKey, FeedScope
from programmes.access import authority_view
from programmes.mail import site_url
from programmes.pages import go, page, tell
from programmes.permissions import Permission


@dataclass(frozen=True)
class Shown:
    """A key as it is shown once, and what to paste where; an empty token can't be shown again."""

    key: FeedKey
    token: str
    address: str
    table: str

    @property
    def curl(self) -> str:
        return f'curl -H "Authorization: Bearer {self.token}" {self.address}{self.table}.csv'

    @property
    def power_query(self) -> str:
        """One table for Power BI and Excel, which speak the same language."""
        return (
            "let\n"
            f'    Key = "{self.token}",\n'
            f'    Answer = Web.Contents("{self.address}", [\n'
            f'        RelativePath = "{self.table}.csv",\n'
            '        Headers = [Authorization = "Bearer " & Key]\n'
            "    ]),\n"
            '    Rows = Csv.Document(Answer, [Delimiter = ",", Encoding = 65001]),\n'
            "    Named = Table.PromoteHeaders(Rows)\n"
            "in\n"
            "    Named"
        )


@authority_view(Permission.DATA_TAKE)
@require_http_methods(["GET", "POST"])
def data(request):
    """A key is shown in the answer to the form that made it, and nowhere else."""
    form = FeedKeyAddForm(request.POST or None)
    shown = None
    if form.is_valid():
        said = form.cleaned_data
        key, token = actions.give_key(
            authority=request.authority, pk=said.pop("id"), by=request.user, **said
        )
        shown = _shown(request, key, token)
        form = FeedKeyAddForm()
    keys = list(request.authority.feed_keys.for_list())
    context = {
        "form": form,
        "shown": shown,
        "open": [key for key in keys if key.is_open],
        "ended": [key for key in keys if not key.is_open],
        "tables": [
            (scope.label, [table for table in TABLES if table.scope == scope])
            for scope in FeedScope
        ],
        "address": _feed(request),
    }
    return page(request, "impact/data.html", context)


@authority_view(Permission.DATA_TAKE)
@require_POST
def feed_key_take_back(request, pk):
    """For good: a key that was out of our hands is not given back."""
    key = get_object_or_404(request.authority.feed_keys, pk=pk)
    actions.take_back_key(key=key, by=request.user)
    tell(request, f"It opens nothing any more: the key for {key}")
    return go(request, reverse("impact:data", args=[request.authority.slug]))


def _shown(request, key: FeedKey, token: str) -> Shown:
    first = next(table.name for table in TABLES if table.scope in key.scopes)
    return Shown(key, token, _feed(request), first)


def _feed(request) -> str:
    return site_url(request, reverse("api:root"))
