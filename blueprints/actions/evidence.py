"""Linking an insight to what it rests on, beside the small changes that it comes from."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from blueprints.models import EVIDENCE, Evidence, Insight
from blueprints.pieces import visible
from programmes.audit import ids_of, record
from programmes.editing import locked, save_version
from programmes.models import User

# Rows by which of `EVIDENCE` they are.
type Pieces = Mapping[str, Collection[Any]]


@transaction.atomic
def link_evidence(
    *, insight: Insight, evidence: Pieces, by: User | None, illustrative: str = ""
) -> list[Evidence]:
    """Let an insight rest on these too; returns the links that were not there.

    Raises its version where there are any, so that whoever changes it meanwhile hears of it.
    Raises `Insight.DoesNotExist` where it was taken away a moment ago.
    """
    now = locked(insight)
    if now.removed_at:
        raise Insight.DoesNotExist
    made = add_evidence(now, evidence, illustrative=illustrative)
    if made:
        save_version(now, version=now.version)
        record("evidence linked", insight, by=by, **_ids(made))
    return made


@transaction.atomic
def unlink_evidence(*, insight: Insight, evidence: Collection[UUID], by: User) -> int:
    """Undo `link_evidence`; `evidence` are the links' ids. Returns how many were still there."""
    now = locked(insight)
    links = list(now.evidence.filter(pk__in=evidence))
    if links:
        now.evidence.filter(pk__in=[link.pk for link in links]).delete()
        save_version(now, version=now.version)
        record("evidence unlinked", insight, by=by, **_ids(links))
    return len(links)


def add_evidence(insight: Insight, evidence: Pieces, *, illustrative: str = "") -> list[Evidence]:
    """Links that stay are not touched: they remember the merge that they came with."""
    there = {link.what for link in insight.evidence.all()}
    made = [
        Evidence(
            authority_id=insight.authority_id,
            insight=insight,
            illustrative=illustrative,
            **{f"{name}_id": row.pk},
        )
        for name, rows in evidence.items()
        for row in rows
        if (name, row.pk) not in there
    ]
    return Evidence.objects.bulk_create(made)


def drop_evidence(insight: Insight, evidence: Collection[tuple[str, UUID]]) -> None:
    """Unlink these, but for what nobody sees: a barrier that became part of another keeps its."""
    if evidence:
        wanted = Q()
        for name, pk in evidence:
            wanted |= Q(**{name: pk})
        links = visible(insight.evidence.filter(wanted)).values_list("pk", flat=True)
        insight.evidence.filter(pk__in=list(links)).delete()


def _ids(links: Collection[Evidence]) -> dict[str, Any]:
    """As history names them: by their kinds and ids."""
    found: dict[str, Any] = {}
    for name in EVIDENCE:
        if pks := sorted(str(pk) for its, pk in (link.what for link in links) if its == name):
            found[name] = pks
    return found


def ids_of_pieces(evidence: Pieces) -> dict[str, Any]:
    """The same of rows, with no kind that has none."""
    return {name: ids_of(rows) for name, rows in evidence.items() if rows}
