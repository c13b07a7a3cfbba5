"""Mission strands, and the barriers that each comes from."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from programmes.audit import record
from programmes.editing import (
    locked,
    make_once,
    next_position,
    put_back,
    save_version,
    take_away,
    unless_taken,
)
from programmes.models import Barrier, Programme, User
from smallchanges.models import MissionStrand


@transaction.atomic
def add_strand(
    *,
    programme: Programme,
    pk: UUID,
    title: str,
    about: str,
    barriers: list[Barrier],
    by: User | None,
    illustrative: str = "",
) -> MissionStrand:
    """Raises `Taken` for its title."""
    strand, is_new = make_once(
        programme.authority.strands,
        pk=pk,
        constraint="strand_title_unique",
        programme=programme,
        title=title,
        about=about,
        position=next_position(programme.strands),
        illustrative=illustrative,
    )
    if is_new:
        _link_barriers(strand, barriers)
        record("strand added", strand, by=by)
    return strand


@transaction.atomic
def edit_strand(
    *,
    strand: MissionStrand,
    version: int,
    title: str,
    about: str,
    barriers: list[Barrier],
    by: User | None,
    **marks: str,
) -> MissionStrand:
    """Raises `Stale`, and `Taken` for its title. `marks`: illustrative, where it is to be set."""
    with unless_taken("strand_title_unique"):
        save_version(strand, version=version, title=title, about=about, **marks)
    _link_barriers(strand, barriers)
    record("strand edited", strand, by=by)
    return strand


def _link_barriers(strand: MissionStrand, barriers: list[Barrier]) -> None:
    """Link these, and keep the links that nobody could see: of barriers merged or taken away."""
    hidden = strand.barriers.exclude(pk__in=strand.programme.barriers.standing())
    strand.barriers.set(
        [*barriers, *hidden], through_defaults={"authority_id": strand.authority_id}
    )


@transaction.atomic
def remove_strand(*, strand: MissionStrand, by: User) -> None:
    """Raises ValidationError while a small change is in it."""
    strand = locked(strand)
    if strand.removed_at is not None:
        return
    if strand.small_changes.exists():
        raise ValidationError("Small changes are still in this strand. Move them first.")
    take_away(strand, by=by)
    record("strand removed", strand, by=by)


@transaction.atomic
def put_back_strand(*, strand: MissionStrand, by: User) -> None:
    """Raises `Taken` where another strand has its title by now."""
    strand = locked(strand)
    if strand.removed_at is None:
        return
    with unless_taken("strand_title_unique"):
        put_back(strand)
    record("strand put back", strand, by=by)
