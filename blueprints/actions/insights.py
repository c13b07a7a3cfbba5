"""Writing insights, and what they rest on."""

from uuid import UUID

from django.db import transaction

from blueprints.models import Insight
from programmes.audit import ids_of, record
from programmes.editing import make_once, next_position, save_version, unless_taken
from programmes.models import Programme, User

from .rows import ONCE, link


@transaction.atomic
def write_insight(*, programme: Programme, pk: UUID, changes, by: User | None, **words) -> Insight:
    """A new insight and the small changes that it comes from. `words`: text, kind, sits_in."""
    insight, made = make_once(
        programme.authority.insights,
        pk=pk,
        constraint=ONCE[Insight],
        programme=programme,
        position=next_position(programme.insights),
        **words,
    )
    if made:
        link(insight.changes, changes)
        record("insight written", insight, by=by, kind=insight.kind, changes=ids_of(changes))
    return insight


@transaction.atomic
def reword_insight(*, insight: Insight, version: int, changes, by: User | None, **words) -> Insight:
    with unless_taken(ONCE[Insight]):
        save_version(insight, version=version, **words)
    link(insight.changes, changes)
    record("insight reworded", insight, by=by, kind=insight.kind, changes=ids_of(changes))
    return insight
