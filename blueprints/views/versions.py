"""Versions of the blueprint: making one, putting names to it, reading it, and what changed."""

from functools import wraps
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from blueprints import actions
from blueprints.changed import WhatChanged, tell_when, what_changed
from blueprints.forms.versions import VersionForm
from blueprints.models import Blueprint, BlueprintVersion
from blueprints.versions import (
    WITHOUT,
    fingerprint,
    lacking,
    names_of,
    parts_now,
    read,
    reasons_since,
    same_words,
    signed_by,
    title_of,
    voices_of,
    with_names,
)
from programmes.access import authority_view, programme_or_404
from programmes.editing import Stale, Taken
from programmes.pages import go, page, tell
from programmes.permissions import Permission

State = BlueprintVersion.State


def _with_a_voice(view):
    """Whoever can put their name to a version, as a practitioner or as a leader; others get 403."""

    @wraps(view)
    def inside(request, pk):
        version = get_object_or_404(request.authority.versions.shown(), pk=pk)
        if not voices_of(request.permissions):
            raise PermissionDenied
        return view(request, version)

    return inside


# --- reading


@authority_view(Permission.JOURNEY_READ)
@require_GET
def versions(request):
    programme = request.authority.current_programme()
    rows = list(_of(request, programme).defer("parts")) if programme else []
    states = [row.state for row in rows]
    context = {
        "programme": programme,
        "rows": [(row, signed_by(row)) for row in rows],
        "next": rows[0].number + 1 if rows else 1,
        "has_draft": State.DRAFT in states,
        "can_edit": Permission.BLUEPRINT_EDIT in request.permissions,
    }
    return page(request, "blueprints/versions.html", context)


@authority_view(Permission.JOURNEY_READ)
@require_GET
def version(request, pk):
    """All words of a version; of a draft also what it waits for, and what moved on beside it."""
    rows = with_names(request.authority.versions.shown()).select_related("blueprint__programme")
    version = get_object_or_404(rows, pk=pk)
    others = version.blueprint.versions.shown().defer("parts")
    can_edit = Permission.BLUEPRINT_EDIT in request.permissions
    context = {
        "version": version,
        "reading": read(request.authority, version.parts),
        "signed": signed_by(version),
        "holds": next((one for one in others if one.state == State.AGREED), None),
        "before": next((one for one in others if one.number < version.number), None),
        "can_edit": can_edit,
        **(_of_a_draft(request, version) if version.state == State.DRAFT else {}),
    }
    return page(request, "blueprints/version.html", context)


def _of_a_draft(request, version: Any) -> dict[str, Any]:
    mine = next((one for one in version.names if one.by_id == request.user.pk), None)
    lacks = _lacks(request, version.parts)
    return {
        "mine": mine,
        "voices": [] if mine or lacks else voices_of(request.permissions),
        "lacks": lacks,
        "voices_there": {one.voice for one in version.names},
        "since": what_changed(version.parts, parts_now(version.blueprint)),
    }


def _lacks(request, parts: list[dict]) -> list[tuple[int, str, list[str], str]]:
    """(number, title, what is missing, where to mend it) of each pillar that lacks a voice."""
    slug = request.authority.slug
    return [
        (
            number,
            title_of(part),
            [WITHOUT[one] for one in part["facts"]["without"]],
            reverse("blueprints:pillar-edit", args=[slug, part["id"]]),
        )
        for number, part in lacking(parts)
    ]


@authority_view(Permission.JOURNEY_READ)
@require_GET
def version_changes(request, pk):
    """Against the version before it, or any other that `?with=` names: the older on the left."""
    shown = list(_shown_with(request, pk))
    this = next((one for one in shown if one.pk == pk), None)
    if this is None:
        raise Http404
    other = _chosen(request, shown) or next((o for o in shown if o.number < this.number), None)
    if other is None:
        return _changes_page(request, shown, None, this)
    older, newer = sorted((other, this), key=lambda one: one.number)
    return _changes_page(request, shown, older, newer)


@authority_view(Permission.JOURNEY_READ)
@require_GET
def version_now(request):
    """The living blueprint against the version that holds, or any other that `?with=` names."""
    programme = programme_or_404(request)
    shown = list(_of(request, programme))
    agreed = next((one for one in shown if one.state == State.AGREED), None)
    older = _chosen(request, shown) or agreed or next(iter(shown), None)
    return _changes_page(request, shown, older, None)


def _shown_with(request, pk):
    """The versions of the blueprint that `pk` is one of."""
    blueprint = get_object_or_404(request.authority.blueprints, versions=pk)
    return with_names(blueprint.versions.shown())


def _chosen(request, shown: list) -> Any:
    asked = request.GET.get("with", "")
    if not asked:
        return None
    found = next((one for one in shown if str(one.pk) == asked), None)
    if found is None:
        raise Http404
    return found


def _changes_page(request, shown: list, older: Any, newer: Any):
    """`newer` is None for the living blueprint; without `older` there is nothing to compare."""
    found = WhatChanged([], 0)
    if older:
        after = newer.parts if newer else parts_now(older.blueprint)
        names = names_of(request.authority, older.parts, after)
        found = what_changed(older.parts, after, names=names)
        tell_when(found, older, newer.made_at if newer else None)
    context = {
        "older": older,
        "newer": newer,
        "changed": found,
        "signed": signed_by(newer) if newer else "",
        "others": [one for one in shown if one != newer],
        "can_edit": Permission.BLUEPRINT_EDIT in request.permissions,
        "has_draft": any(one.state == State.DRAFT for one in shown),
    }
    return page(request, "blueprints/version_changes.html", context)


# --- making one, and taking it back


@authority_view(Permission.BLUEPRINT_EDIT)
@require_http_methods(["GET", "POST"])
def version_add(request):
    """What would be in it, what is missing, and why it is another than the one before."""
    programme = programme_or_404(request)
    blueprint = Blueprint.objects.filter(programme=programme).first()
    shown = list(blueprint.versions.shown()) if blueprint else []
    before = shown[0] if shown else None
    if before and before.state == State.DRAFT and not _is_of(request, before):
        tell(request, f"Version {before.number} waits for names already. Agree it, or withdraw it.")
        return go(request, _url(before, "version"))
    parts = parts_now(blueprint) if blueprint else []
    changed = what_changed(before.parts, parts) if before else None
    form = _form(request, before, parts, changed)
    moved_on = False
    if blueprint and form.is_valid():
        try:
            made = actions.propose_version(
                blueprint=blueprint,
                pk=form.cleaned_data["id"],
                seen=form.cleaned_data["seen"],
                why=form.cleaned_data.get("why", ""),
                whys=form.whys,
                by=request.user,
            )
        except Stale:
            moved_on = True
            typed = request.POST.copy()
            typed["seen"] = fingerprint(parts)
            form.data = typed
        except Taken:
            tell(request, "Somebody made one just now, and it waits for names.")
            return go(request, _list_url(request))
        else:
            tell(request, _made(made), undo=_url(made, "version-withdraw"))
            return go(request, _url(made, "version"))
    context = {
        "form": form,
        "before": before,
        "number": before.number + 1 if before else 1,
        "reading": read(request.authority, parts),
        "has_words": bool(parts),
        "is_same": before is not None and same_words(before.parts, parts),
        "changed": changed,
        "lacks": _lacks(request, parts),
        "moved_on": moved_on,
        "back": _list_url(request),
    }
    return page(request, "blueprints/version_add.html", context)


def _is_of(request, draft: BlueprintVersion) -> bool:
    """Whether this form made the draft already: it was sent twice."""
    return request.method == "POST" and request.POST.get("id") == str(draft.pk)


def _form(request, before, parts, changed) -> VersionForm:
    reasons = reasons_since(before, [one.pk for one in changed.changes]) if before else {}
    return VersionForm(
        request.POST or None,
        initial={"seen": fingerprint(parts)},
        changed=changed,
        reasons=reasons,
    )


def _made(version: BlueprintVersion) -> str:
    if lacking(version.parts):
        return f"Version {version.number} is there to read. It can’t be signed yet."
    return f"Version {version.number} is there to read, and waits for a name of each."


@authority_view(Permission.BLUEPRINT_EDIT)
@require_POST
def version_withdraw(request, pk):
    version = get_object_or_404(request.authority.versions, pk=pk)
    version = actions.withdraw_version(version=version, by=request.user)
    if version.state == State.WITHDRAWN:
        undo = _url(version, "version-put-back")
        tell(request, f"Withdrawn: version {version.number}. Nobody can sign it.", undo=undo)
    else:
        tell(request, f"Version {version.number} is agreed by now, so it stays.")
    return go(request, _withdrawn_to(request))


def _withdrawn_to(request) -> str:
    """On to a new one, where that is what they want."""
    again = request.POST.get("then") == "again"
    slug = request.authority.slug
    return reverse("blueprints:version-add", args=[slug]) if again else _list_url(request)


@authority_view(Permission.BLUEPRINT_EDIT)
@require_POST
def version_put_back(request, pk):
    version = get_object_or_404(request.authority.versions, pk=pk)
    try:
        actions.put_back_version(version=version, by=request.user)
    except Taken:
        tell(request, "There’s a newer version by now, so this one stays withdrawn.")
        return go(request, _list_url(request))
    tell(request, f"It’s back: version {version.number}")
    return go(request, _url(version, "version"))


# --- names


@authority_view(Permission.JOURNEY_READ)
@_with_a_voice
@require_POST
def version_sign(request, version):
    voice = request.POST.get("voice", "")
    if voice not in voices_of(request.permissions):
        raise BadRequest("As which of the two?")
    try:
        version = actions.sign_version(version=version, voice=voice, by=request.user)
    except ValidationError as error:
        tell(request, " ".join(error.messages))
    else:
        if version.state == State.DRAFT:
            undo = _url(version, "version-unsign")
            tell(request, "Got it. Your name is under it, and it waits for the other.", undo=undo)
        else:
            tell(request, f"It’s agreed: version {version.number} holds from today.")
    return go(request, _url(version, "version"))


@authority_view(Permission.JOURNEY_READ)
@_with_a_voice
@require_POST
def version_unsign(request, version):
    if actions.unsign_version(version=version, by=request.user):
        tell(request, "Your name isn’t under it any more.")
    else:
        tell(request, "There’s no name of yours that can be taken back.")
    return go(request, _url(version, "version"))


# --- what they share


def _of(request, programme):
    """Versions of this programme's blueprint, the newest first, with who signed them."""
    return with_names(request.authority.versions.shown().filter(blueprint__programme=programme))


def _url(version: BlueprintVersion, name: str) -> str:
    return reverse(f"blueprints:{name}", args=[version.authority.slug, version.pk])


def _list_url(request) -> str:
    return reverse("blueprints:versions", args=[request.authority.slug])
