"""Writing insights, and what they rest on."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from blueprints.models import Insight
from programmes.audit import ids_of, record
from programmes.editing import make_once, next_position, save_version, unless_taken
from programmes.models import Programme, User

from .evidence import Pieces, add_evidence, drop_evidence, ids_of_pieces
from .rows import ONCE, link


@transaction.atomic
def write_insight(
    *,
    programme: Programme,
    pk: UUID,
    changes,
    by: User | None,
    evidence: Pieces | None = None,
    **words,
) -> Insight:
    """A new insight, the small changes that it comes from, and what else it rests on.

    `words`: text, kind, sits_in.
    """
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
        add_evidence(insight, evidence or {})
        ids = ids_of_pieces(evidence or {})
        record("insight written", insight, by=by, kind=insight.kind, changes=ids_of(changes), **ids)
    return insight


@transaction.atomic
def reword_insight(
    *,
    insight: Insight,
    version: int,
    changes,
    by: User | None,
    evidence: Pieces | None = None,
    unlinked: Collection[tuple[str, UUID]] = (),
    **words,
) -> Insight:
    """Change its words and its small changes; of what else it rests on, add and unlink these."""
    with unless_taken(ONCE[Insight]):
        save_version(insight, version=version, **words)
    link(insight.changes, changes)
    add_evidence(insight, evidence or {})
    drop_evidence(insight, unlinked)
    ids = ids_of_pieces(evidence or {})
    if unlinked:
        ids["unlinked"] = sorted(str(pk) for _, pk in unlinked)
    record("insight reworded", insight, by=by, kind=insight.kind, changes=ids_of(changes), **ids)
    return insight
