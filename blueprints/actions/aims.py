"""Writing down the aims of the authority's own improvement plan, and which pillars serve them."""

from collections.abc import Iterable
from uuid import UUID, uuid5

from django.db import transaction

from blueprints.models import Aim
from programmes.audit import ids_of, record
from programmes.editing import make_once, next_position, save_version, unless_taken
from programmes.models import Programme, User

from .rows import ONCE, link


@transaction.atomic
def write_aim(*, programme: Programme, pk: UUID, pillars, by: User | None, **words: str) -> Aim:
    """A new aim and the pillars that serve it. `words`: code, title, owner, link, illustrative."""
    aim, made = make_once(
        programme.authority.aims,
        pk=pk,
        constraint=ONCE[Aim],
        programme=programme,
        position=next_position(programme.aims),
        **words,
    )
    if made:
        link(aim.pillars, pillars)
        record("aim written", aim, by=by, pillars=ids_of(pillars))
    return aim


@transaction.atomic
def write_aims(
    *, programme: Programme, pk: UUID, lines: Iterable[tuple[str, str]], by: User | None
) -> list[Aim]:
    """Many aims, each a (code, title); all of them, or where one is `Taken`, none.

    `pk` is the form's, from which each aim's own follows: a list sent twice is there once.
    """
    return [
        write_aim(
            programme=programme,
            pk=uuid5(pk, code.lower()),
            pillars=[],
            by=by,
            code=code,
            title=title,
        )
        for code, title in lines
    ]


@transaction.atomic
def reword_aim(*, aim: Aim, version: int, pillars, by: User | None, **words: str) -> Aim:
    with unless_taken(ONCE[Aim]):
        save_version(aim, version=version, **words)
    taken_away = aim.pillars.exclude(removed_at=None)
    link(aim.pillars, [*pillars, *taken_away])
    record("aim reworded", aim, by=by, pillars=ids_of(pillars))
    return aim
