"""Whose voice is in a pillar: what its insights rest on, counted, and who stands behind it.

Built with people, never to them: a pillar without a practitioner's voice, or without a leader's,
says so on its page.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from blueprints.models import Evidence, Pillar
from programmes.models import Barrier, Membership
from programmes.permissions import Permission, permissions_of
from smallchanges.models import Ask, Met, StrandBarrier

# The pieces of evidence that people take away without the insight, each by its own mark.
_REMOVABLE = ("met", "ask", "rule", "measure")
# The pieces that belong to a small change, which they bring along.
_OF_A_CHANGE = (*_REMOVABLE, "move")


@dataclass(frozen=True)
class Voice:
    """What is heard in one pillar; each thing once, however many insights rest on it."""

    barriers: int = 0
    barriers_met: int = 0
    enablers: int = 0
    changes: int = 0
    practitioners: bool = False
    leaders: bool = False

    @property
    def heard(self) -> list[str]:
        """Such as "7 barriers", "1 thing that helped", "3 small changes"; nothing of nought."""
        counted = (
            (self.barriers, "barrier", "barriers"),
            (self.barriers_met, "thing met in the way", "things met in the way"),
            (self.enablers, "thing that helped", "things that helped"),
            (self.changes, "small change", "small changes"),
        )
        return [f"{n} {one if n == 1 else several}" for n, one, several in counted if n]

    @property
    def said(self) -> str:
        """All of it in one: "7 barriers, 1 thing that helped and 3 small changes"."""
        *others, last = self.heard or [""]
        return f"{', '.join(others)} and {last}" if others else last


@dataclass(frozen=True)
class Missing:
    """The pillars in which one of the two is not heard, in the order in which they were given."""

    practitioners: list[Pillar]
    leaders: list[Pillar]

    def __bool__(self) -> bool:
        return bool(self.practitioners or self.leaders)


def of(pillars: Iterable[Pillar]) -> dict[UUID, Voice]:
    """The voice of each of these pillars of one authority, by its id. Four queries."""
    pillars = list(pillars)
    if not pillars:
        return {}
    pieces = defaultdict(list)
    for piece in _pieces(pillars):
        pieces[piece["pillar"]].append(piece)
    strands = _barriers_of_strands(pillars[0].authority_id)
    roots = _what_barriers_became(pillars[0].authority_id)
    permissions = _permissions_of_people(pillars)
    return {
        pillar.pk: _voice(
            pieces[pillar.pk],
            strands,
            roots,
            sponsor=permissions[pillar.sponsor_id],
            lead=permissions[pillar.practitioner_lead_id],
        )
        for pillar in pillars
    }


def missing_of(pillars: Iterable[Pillar]) -> Missing:
    """Which of these pillars lack a practitioner's voice, and which a leader."""
    pillars = list(pillars)
    voices = of(pillars)
    return Missing(
        practitioners=[one for one in pillars if not voices[one.pk].practitioners],
        leaders=[one for one in pillars if not voices[one.pk].leaders],
    )


def _voice(pieces, strands, roots, *, sponsor, lead) -> Voice:
    changes = {piece["of_change"] for piece in pieces} - {None}
    # Met and barriers by their own ids, so that what two insights rest on counts once.
    met = {piece["met"]: piece["met__kind"] for piece in pieces if piece["met"]}
    said = {piece["barrier"] for piece in pieces} - {None}
    said |= {one for piece in pieces for one in strands.get(piece["of_strand"], ())}
    barriers = {roots[one] for one in said if roots[one]}
    answered = any(piece["ask"] and piece["ask__state"] != Ask.State.WAITING for piece in pieces)
    return Voice(
        barriers=len(barriers),
        barriers_met=sum(kind == Met.Kind.BARRIER for kind in met.values()),
        enablers=sum(kind == Met.Kind.ENABLER for kind in met.values()),
        changes=len(changes),
        practitioners=bool(changes or barriers or met) or Permission.VOICE_PRACTITIONER in lead,
        leaders=answered or Permission.VOICE_LEADER in sponsor,
    )


def _pieces(pillars: list[Pillar]) -> QuerySet[Evidence, dict[str, Any]]:
    """What the standing insights of these pillars rest on, without what was taken away.

    `of_change` and `of_strand` are the small change that it is, or is of, and that one's strand.
    """
    changes = ("change", *(f"{piece}__change" for piece in _OF_A_CHANGE))
    return (
        Evidence.objects.filter(
            insight__pillars__in=pillars,
            insight__removed_at=None,
            change__merged_into=None,
            **{f"{piece}__removed_at": None for piece in _REMOVABLE},
        )
        .order_by()
        .annotate(
            pillar=F("insight__pillars"),
            of_change=Coalesce(*changes),
            of_strand=Coalesce(*(f"{change}__strand" for change in changes)),
        )
        .values(
            *("pillar", "of_change", "of_strand", "barrier"),
            *("met", "met__kind", "ask", "ask__state"),
        )
    )


def _barriers_of_strands(authority_id: int) -> dict[UUID, list[UUID]]:
    """The barriers that each standing strand of an authority comes from."""
    found = defaultdict(list)
    links = StrandBarrier.objects.filter(authority=authority_id, strand__removed_at=None)
    for strand, barrier in links.values_list("strand", "barrier"):
        found[strand].append(barrier)
    return found


def _what_barriers_became(authority_id: int) -> dict[UUID, UUID | None]:
    """For each barrier itself, or the one that it is part of by now; None where that is gone."""
    rows = Barrier.objects.filter(authority=authority_id).order_by()
    table = {
        pk: (into, removed)
        for pk, into, removed in rows.values_list("pk", "merged_into", "removed_at")
    }
    became: dict[UUID, UUID | None] = {}
    for pk in table:
        last = pk
        while into := table[last][0]:
            last = into
        became[pk] = None if table[last][1] else last
    return became


def _permissions_of_people(pillars: list[Pillar]) -> dict[UUID | None, frozenset[Permission]]:
    """What sponsors and leads may do, by their memberships; nothing, where they have left."""
    # By a query within, so that it is asked even where nobody is named: a page asks as often.
    rows = Pillar.objects.filter(pk__in=[one.pk for one in pillars]).order_by()
    named = Q(pk__in=rows.values("sponsor")) | Q(pk__in=rows.values("practitioner_lead"))
    members = Membership.objects.standing().filter(named)
    found: dict[UUID | None, frozenset[Permission]] = defaultdict(frozenset)
    for pk, roles in members.values_list("pk", "roles"):
        found[pk] = permissions_of(roles)
    return found
