"""Authorities, their programmes, and the teams of their service."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from programmes.actions import timeline
from programmes.audit import record
from programmes.editing import locked, make_once, save_version, unless_taken
from programmes.models import AuthorityLogo, LocalAuthority, Membership, Programme, Team, User

# An authority's name, address and ONS code are each its own.
_OWN = ("authority_slug_unique", "authority_name_unique", "authority_ons_code_unique")


@transaction.atomic
def add(*, name: str, slug: str, kind: str, ons_code: str, by: User | None) -> LocalAuthority:
    """Add an authority. Raises `Taken` where another has its name, address or ONS code."""
    fields = {"name": name, "slug": slug, "kind": kind, "ons_code": ons_code}
    with unless_taken(*_OWN):
        authority = LocalAuthority.objects.create(**fields)
    record("authority added", authority, by=by, kind=kind, ons_code=ons_code)
    return authority


@transaction.atomic
def change(
    *, authority: LocalAuthority, name: str, slug: str, kind: str, ons_code: str, by: User | None
) -> LocalAuthority:
    """Correct what is said of an authority. Links to an old address lead nowhere any more.

    Raises `Taken` as `add` does.
    """
    row = locked(authority)
    row.name, row.slug, row.kind, row.ons_code = name, slug, kind, ons_code
    with unless_taken(*_OWN):
        row.save(update_fields=["name", "slug", "kind", "ons_code"])
    record("authority changed", row, by=by, slug=slug, kind=kind, ons_code=ons_code)
    return row


@transaction.atomic
def set_logo(*, authority: LocalAuthority, png: bytes, by: User) -> None:
    """Show this picture on the authority's pages; `programmes.logos` drew it."""
    AuthorityLogo.objects.update_or_create(authority=authority, defaults={"png": png})
    _logo_changed(authority, "logo set", by, at=timezone.now())


@transaction.atomic
def remove_logo(*, authority: LocalAuthority, by: User) -> None:
    AuthorityLogo.objects.filter(authority=authority).delete()
    _logo_changed(authority, "logo removed", by, at=None)


def _logo_changed(authority, verb, by, *, at) -> None:
    authority.logo_changed_at = at
    authority.save(update_fields=["logo_changed_at"])
    record(verb, authority, by=by)


@transaction.atomic
def add_programme(
    *, authority: LocalAuthority, by: User | None, pk, illustrative_dates: str = "", **fields
) -> Programme:
    """Begin a programme, and lay its timeline out where it has a start date.

    `illustrative_dates` marks the dates of the timeline, where that start is made up.

    Raises `Taken` where another is running: an authority runs one at a time.
    """
    programme, is_new = make_once(
        authority.programmes,
        pk=pk,
        constraint="programme_one_running_in_an_authority",
        **fields,
    )
    if is_new:
        record("programme added", programme, by=by, **_dates(programme))
        timeline.lay_out(programme=programme, by=by, illustrative=illustrative_dates)
    return programme


@transaction.atomic
def change_programme(
    *,
    programme: Programme,
    version: int,
    by: User | None,
    illustrative_dates: str = "",
    **fields,
) -> Programme:
    """Correct what is said of a programme; a new start date lays its timeline out anew.

    Raises `Stale` where somebody else was quicker. `illustrative_dates` as in `add_programme`.
    """
    save_version(programme, version=version, **fields)
    record("programme changed", programme, by=by, **_dates(programme))
    timeline.lay_out(programme=programme, by=by, illustrative=illustrative_dates)
    return programme


@transaction.atomic
def end_programme(*, programme: Programme, on: date, by: User) -> None:
    """Say that a programme is over. Everything stays readable, and another may begin."""
    row = locked(programme)
    if row.ended_on is None:
        save_version(row, version=row.version, ended_on=on)
        record("programme ended", row, by=by, **_dates(row))


@transaction.atomic
def resume_programme(*, programme: Programme, by: User) -> None:
    """Undo `end_programme`. Raises `Taken` where another programme began meanwhile."""
    row = locked(programme)
    if row.ended_on is not None:
        with unless_taken("programme_one_running_in_an_authority"):
            save_version(row, version=row.version, ended_on=None)
        record("programme resumed", row, by=by, **_dates(row))


def _dates(programme: Programme) -> dict:
    dates = {"starts_on": programme.starts_on, "ended_on": programme.ended_on}
    return {"model": programme.model} | {
        name: day.isoformat() if day else None for name, day in dates.items()
    }


@transaction.atomic
def add_team(
    *, authority: LocalAuthority, name: str, by: User | None, pk, illustrative: str = ""
) -> Team:
    """Name a team of the service. Raises `Taken` where one has this name."""
    team, is_new = make_once(
        authority.teams, pk=pk, constraint="team_name_unique", name=name, illustrative=illustrative
    )
    if is_new:
        record("team added", team, by=by)
    return team


@transaction.atomic
def rename_team(*, team: Team, name: str, by: User) -> None:
    """Raises `Taken` where another team has this name."""
    team.name = name
    with unless_taken("team_name_unique"):
        team.save(update_fields=["name"])
    record("team renamed", team, by=by)


class Linked(Exception):
    """Something belongs to the team still. `to` says what, in words."""

    def __init__(self, to: list[str]):
        super().__init__(", ".join(to))
        self.to = to


@transaction.atomic
def remove_team(*, team: Team, by: User) -> None:
    """Only while nothing is linked to it, raises `Linked` otherwise.

    Whoever links something to the team in the same moment is refused by its foreign key.
    """
    row = locked(team)
    if linked := linked_to(row):
        raise Linked(linked)
    record("team removed", row, by=by)
    row.delete()


def linked_to(team: Team) -> list[str]:
    """What belongs to a team, in plural words such as "small changes"; apps above us included.

    What is over holds no team: nobody could give it to another one any more.
    """
    fields: Iterable[Any] = Team._meta.get_fields(include_hidden=True)
    links = [field for field in fields if field.auto_created]
    # A table that only joins two others stands for the other one.
    joining = {link.through for link in links if link.many_to_many}
    found = (
        link.related_model
        for link in links
        if link.related_model not in joining
        and _standing(link.related_model).filter(**{link.field.name: team}).exists()
    )
    return sorted(
        "people" if model is Membership else str(model._meta.verbose_name_plural) for model in found
    )


def _standing(model):
    """All rows, or those that a model's own `standing()` says are not over."""
    rows = model._default_manager
    return rows.standing() if hasattr(rows, "standing") else rows.all()
