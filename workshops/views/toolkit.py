"""The ready-made sessions: the Crescendo team reads them, and writes new versions of them."""

from typing import cast

from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from programmes.access import team_view
from programmes.editing import Stale
from programmes.ordering import order
from programmes.pages import go, page, tell, wants_part
from workshops.actions import templates
from workshops.agenda import in_hours, length_of
from workshops.forms.toolkit import SessionAddForm, SessionEditForm, blocks_form
from workshops.models import Template
from workshops.reading import holds

# More than this are searched.
EASILY_SEEN = 7


@team_view
@require_GET
def sessions(request):
    """In the order in which facilitators are offered them; or those that a search finds."""
    return _list(request)


def _list(request):
    rows = list(Template.objects.newest().prefetch_related("blocks").select_related("created_by"))
    search = request.GET.get("q", "").strip()[:80]
    found = [row for row in rows if holds(f"{row.title} {row.about}", search)]
    context = {
        "sessions": [(row, in_hours(length_of(row.blocks.all()))) for row in found],
        "retired": _retired(),
        "q": search,
        "is_long": len(rows) > EASILY_SEEN,
    }
    return page(request, "workshops/sessions.html", context, region="toolkit-sessions")


@team_view
@require_POST
def session_order(request, key):
    order(request, _in_use(key), templates.order)
    return _list(request) if wants_part(request) else go(request, reverse("toolkit:sessions"))


def _retired() -> list[Template]:
    """The newest version of each session that nobody starts from any more."""
    used = Template.objects.newest().values("key")
    newest: dict[str, Template] = {}
    for row in Template.objects.exclude(key__in=used).order_by("number"):
        newest[row.key] = row
    return sorted(newest.values(), key=lambda row: row.title)


@team_view
@require_GET
def session(request, key):
    """The version in use, or the one that the address names."""
    versions = list(_versions(key))
    wanted = request.GET.get("version", "")
    if wanted:
        found = next((one for one in versions if str(one.number) == wanted), None)
    else:
        found = versions[0]
    if found is None:
        raise Http404
    blocks = list(found.blocks.all())
    context = {
        "template": found,
        "blocks": blocks,
        "length": in_hours(length_of(blocks)),
        "versions": versions,
        "is_offered": found.retired_at is None,
        "is_newest": found == versions[0],
    }
    return page(request, "workshops/session.html", context)


@team_view
@require_http_methods(["GET", "POST"])
def session_add(request):
    data = request.POST or None
    form, blocks = SessionAddForm(data), blocks_form(data)
    if form.is_valid() and blocks.is_valid():
        pk = form.cleaned_data.pop("id")
        template, _ = templates.make(
            pk=pk, by=request.user, blocks=blocks.kept(), **form.cleaned_data
        )
        tell(request, f"A new session: {template}")
        return go(request, _address(template))
    context = {"form": form, "blocks": blocks, "back": reverse("toolkit:sessions")}
    return page(request, "workshops/session_add.html", context)


@team_view
@require_http_methods(["GET", "POST"])
def session_edit(request, key):
    """Saving makes a new version; workshops that were planned keep the one they started from."""
    template = _in_use(key)
    data = request.POST.copy() if request.POST else None
    form = SessionEditForm(
        data,
        initial={"title": template.title, "about": template.about, "number": template.number},
    )
    blocks = blocks_form(data, template.blocks.all())
    newer = None
    if form.is_valid() and blocks.is_valid():
        number = form.cleaned_data.pop("number")
        try:
            if number != template.number:
                raise Stale(template)
            saved = templates.write(
                template=template, by=request.user, blocks=blocks.kept(), **form.cleaned_data
            )
        except Stale as stale:
            # What was typed stays on the page; sent once more, it means it.
            newer = stale.row
            data = cast(QueryDict, data)
            data["number"] = str(newer.number)
        else:
            tell(request, _said(saved, template))
            return go(request, _address(saved))
    context = {"form": form, "blocks": blocks, "template": template, "newer": newer}
    status = 409 if newer else 200
    context["back"] = _address(template)
    return page(request, "workshops/session_edit.html", context, status=status)


def _said(saved: Template, before: Template) -> str:
    if saved == before:
        return "Nothing was different, so it stays as it is."
    return f"Version {saved.number} is in use now: {saved}"


@team_view
@require_POST
def session_retire(request, key):
    template = _versions(key).first()
    if templates.retire(template=template, by=request.user):
        tell(
            request,
            f"Not offered any more: {template}",
            undo=reverse("toolkit:session-bring-back", args=[key]),
        )
    return go(request, reverse("toolkit:sessions"))


@team_view
@require_POST
def session_bring_back(request, key):
    template = _versions(key).first()
    if templates.bring_back(template=template, by=request.user):
        tell(request, f"Offered again: {template}")
    return go(request, reverse("toolkit:sessions"))


def _versions(key: str):
    """The newest first; 404 where there is no such session."""
    versions = Template.objects.filter(key=key).order_by("-number").select_related("created_by")
    if not versions.exists():
        raise Http404
    return versions


def _in_use(key: str) -> Template:
    return get_object_or_404(Template.objects.newest(), key=key)


def _address(template: Template) -> str:
    return reverse("toolkit:session", args=[template.key])
