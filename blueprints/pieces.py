"""What an insight rests on, as pages name it: each piece of evidence in words, with its source."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from blueprints.models import EVIDENCE, Evidence, Insight
from programmes.models import Programme
from smallchanges.models import Met

# What the form of an insight shows beside its small changes, which it lists all.
LINKED = tuple(name for name in EVIDENCE if name != "change")
# One, and several; what a change met is told apart by whether it helped.
_NOUNS = {
    "change": ("small change", "small changes"),
    "barrier": ("barrier from the start", "barriers from the start"),
    Met.Kind.BARRIER: ("barrier met", "barriers met"),
    Met.Kind.ENABLER: ("enabler", "enablers"),
    "ask": ("ask", "asks"),
    "rule": ("rule of the permission book", "rules of the permission book"),
    "measure": ("measure", "measures"),
    "move": ("stopped change", "stopped changes"),
}
# Which rows of each kind a programme has; those of the permission book are the authority's, where
# no change of another programme met them.
_OF_A_PROGRAMME: dict[str, Callable[[Programme], Q]] = {
    "barrier": lambda programme: Q(programme=programme),
    "rule": lambda programme: (
        Q(authority=programme.authority_id) & (Q(change=None) | Q(change__programme=programme))
    ),
}
_SOURCES = ("change", "barrier", "met__change", "ask__change")
_MORE_SOURCES = ("rule", "measure__change", "move__change")


def rows_of(programme: Programme, name: str):
    """All rows of one kind of `EVIDENCE` that a programme has, taken away or not."""
    model: Any = EVIDENCE[name]
    is_its = _OF_A_PROGRAMME.get(name, lambda its: Q(change__programme=its))
    return model._base_manager.filter(is_its(programme))


def is_standing(row) -> bool:
    """Whether people can still read it where it was written; a move and a change always."""
    return getattr(row, "stands", getattr(row, "removed_at", None) is None)


def words_of(name: str, row) -> str:
    """What it says, in one line."""
    words = row.why if name == "move" else str(row)
    return words[:1].upper() + words[1:]


def change_of(name: str, row):
    """The small change that it belongs to, where it does."""
    return row.change if name in ("met", "ask", "measure", "move") else None


def url_of(slug: str, name: str, row) -> str:
    """Where it can be read, at its very place on that page."""
    if name == "barrier":
        return reverse("programmes:ambition", args=[slug], fragment=f"row-{row.pk}")
    if name in ("change", "rule"):
        return reverse(f"smallchanges:{name}", args=[slug, row.pk])
    place = {"met": "met", "ask": "ask", "measure": "row", "move": "move"}[name]
    page = reverse("smallchanges:change", args=[slug, row.change_id])
    return f"{page}#{place}-{row.pk}"


@dataclass(frozen=True)
class Piece:
    """One thing that an insight rests on. Of what was taken away no words are left."""

    evidence: Evidence
    # How it is counted: a key of `_NOUNS`.
    noun: str
    words: str
    about: str
    url: str

    @property
    def is_gone(self) -> bool:
        return not self.url

    @property
    def label(self) -> str:
        """What it is, with a capital: Barrier met."""
        return _NOUNS[self.noun][0].capitalize()


@dataclass(frozen=True)
class Rests:
    """All that an insight rests on, kind by kind."""

    pieces: list[Piece]

    @property
    def said(self) -> str:
        """Such as: 2 small changes, 1 barrier met, 1 ask."""
        counted = []
        for noun, (one, several) in _NOUNS.items():
            if count := sum(piece.noun == noun for piece in self.pieces):
                counted.append(f"{count} {one if count == 1 else several}")
        return ", ".join(counted)

    @property
    def others(self) -> list[Piece]:
        """Those that are no small change: the page names these itself."""
        return [piece for piece in self.pieces if piece.noun != "change"]


def rests_of(insights: Iterable[Insight], slug: str) -> dict[UUID, Rests]:
    """What each of these rests on; one query."""
    found: dict[UUID, list[Piece]] = defaultdict(list)
    rows = Evidence.objects.filter(insight__in=[insight.pk for insight in insights])
    order = list(EVIDENCE)
    for evidence in visible(rows).select_related(*_SOURCES, *_MORE_SOURCES):
        found[evidence.insight_id].append(_piece(evidence, slug))
    for pieces in found.values():
        pieces.sort(key=lambda piece: order.index(piece.evidence.what[0]))
    return {insight.pk: Rests(found[insight.pk]) for insight in insights}


def visible(rows):
    """Without the links that a barrier has kept which became part of another: that one has them."""
    return rows.filter(Q(barrier=None) | Q(barrier__merged_into=None))


def _piece(evidence: Evidence, slug: str) -> Piece:
    name, _ = evidence.what
    row = getattr(evidence, name)
    noun = row.kind if name == "met" else name
    if not is_standing(row):
        return Piece(evidence, noun, "", "", "")
    change = change_of(name, row)
    return Piece(
        evidence, noun, words_of(name, row), change.title if change else "", url_of(slug, name, row)
    )
