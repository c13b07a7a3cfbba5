"""Authorities, their logos, and the programmes they run."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from programmes.access import authority_view, team_view
from programmes.actions import places
from programmes.editing import Stale, Taken
from programmes.forms.places import (
    AuthorityEditForm,
    AuthorityForm,
    ProgrammeEditForm,
    ProgrammeEndForm,
    ProgrammeForm,
)
from programmes.models import AuthorityLogo, LocalAuthority
from programmes.pages import conflict, go, page, tell
from programmes.permissions import Permission, roles_that_may


@team_view
@require_http_methods(["GET", "POST"])
def authority_add(request):
    form = AuthorityForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            authority = places.add(**form.said(), by=request.user)
        except Taken as error:
            form.say_taken(error.constraint)
        else:
            if png := form.cleaned_data["logo"]:
                places.set_logo(authority=authority, png=png, by=request.user)
            tell(request, f"{authority.name} has a place now.")
            return go(request, reverse("programmes:set-up", args=[authority.slug]))
    return page(request, "programmes/authority_add.html", {"form": form})


@team_view
@require_http_methods(["GET", "POST"])
def authority_edit(request, slug):
    authority = get_object_or_404(LocalAuthority, slug=slug)
    has = {name: getattr(authority, name) for name in ("name", "slug", "kind", "ons_code")}
    form = AuthorityEditForm(
        request.POST or None, request.FILES or None, authority=authority, initial=has
    )
    if request.method == "POST" and form.is_valid():
        try:
            changed = places.change(authority=authority, **form.said(), by=request.user)
        except Taken as error:
            form.say_taken(error.constraint)
        else:
            _change_logo(changed, form.cleaned_data, by=request.user)
            tell(request, f"Saved what we know of {changed.name}.")
            return go(request, reverse("portfolio"))
    return page(request, "programmes/authority_edit.html", {"form": form, "authority": authority})


def _change_logo(authority, said: dict, *, by) -> None:
    if said["logo"]:
        places.set_logo(authority=authority, png=said["logo"], by=by)
    elif said.get("remove_logo"):
        places.remove_logo(authority=authority, by=by)


@authority_view(Permission.JOURNEY_READ)
@require_GET
def logo(request):
    kept = get_object_or_404(AuthorityLogo, authority=request.authority)
    return HttpResponse(bytes(kept.png), content_type="image/png")


@authority_view(Permission.PROGRAMME_EDIT)
@require_GET
def set_up(request):
    """What a new place needs before its launch, and what of that is there."""
    authority = request.authority
    who_run_it = roles_that_may(Permission.PEOPLE_MANAGE)
    programme = authority.current_programme()
    teams = list(authority.teams.all())
    facilitators = list(authority.memberships.standing().holding_any(who_run_it).with_people())
    context = {
        "programme": programme,
        "teams": teams,
        "facilitators": facilitators,
        "invited": authority.invitations.waiting().holding_any(who_run_it),
        "is_ready": bool(programme and programme.starts_on and teams and facilitators),
    }
    return page(request, "programmes/set_up.html", context)


@authority_view(Permission.PROGRAMME_EDIT)
@require_http_methods(["GET", "POST"])
def programme(request):
    """The programme that runs here: begin one, or correct what is said of it."""
    running = request.authority.current_programme()
    return _edit(request, running) if running else _begin(request)


def _begin(request):
    form = ProgrammeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            places.add_programme(
                authority=request.authority,
                pk=form.cleaned_data["id"],
                by=request.user,
                **form.said(),
            )
        except Taken:
            tell(request, "Somebody else has just begun a programme here. This is it.")
            return go(request, request.path)
        return _after(request, "The programme is set up.")
    return page(request, "programmes/programme.html", {"form": form})


def _edit(request, running):
    has = {name: getattr(running, name) for name in ProgrammeEditForm.base_fields}
    form = ProgrammeEditForm(request.POST or None, initial=has)
    if request.method == "POST" and form.is_valid():
        try:
            places.change_programme(
                programme=running,
                version=form.cleaned_data["version"],
                by=request.user,
                **form.said(),
            )
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=request.path)
        return _after(request, "Saved what the programme is.")
    return page(request, "programmes/programme.html", {"form": form, "programme": running})


def _after(request, text: str):
    """On to the timeline where there is one, and to what else a new place needs otherwise."""
    tell(request, text)
    running = request.authority.current_programme()
    name = "programmes:timeline" if running and running.starts_on else "programmes:set-up"
    return go(request, reverse(name, args=[request.authority.slug]))


@authority_view(Permission.PROGRAMME_EDIT)
@require_http_methods(["GET", "POST"])
def programme_end(request):
    """Say that the programme is over. Everything in it stays readable."""
    running = request.authority.current_programme()
    if running is None:
        return go(request, reverse("programmes:programme", args=[request.authority.slug]))
    form = ProgrammeEndForm(request.POST or None, programme=running)
    if request.method == "POST" and form.is_valid():
        places.end_programme(programme=running, on=form.cleaned_data["ended_on"], by=request.user)
        undo = reverse("programmes:programme-resume", args=[request.authority.slug, running.pk])
        tell(request, "The programme has ended.", undo=undo)
        return go(request, request.authority.get_absolute_url())
    return page(request, "programmes/programme_end.html", {"form": form, "programme": running})


@authority_view(Permission.PROGRAMME_EDIT)
@require_POST
def programme_resume(request, pk):
    """Take the end of a programme back."""
    ended = get_object_or_404(request.authority.programmes, pk=pk)
    try:
        places.resume_programme(programme=ended, by=request.user)
        tell(request, "The programme goes on.")
    except Taken:
        tell(request, "Another programme runs here now, so this one stays ended.")
    return go(request, request.authority.get_absolute_url())
