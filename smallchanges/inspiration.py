"""What one authority reads of another: shared words, and where their seeds went. Nothing else.

The only module that asks across authorities. What it answers are plain values and no rows, so that
no page can follow a link from them into another authority.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery

from programmes.models import LocalAuthority
from smallchanges.models import Seed, Share, Stage, Status

# More generations than the programme will have years; a guard, not a rule.
_GENERATIONS = 40


@dataclass(frozen=True)
class Origin:
    """Whose change a change grew from. Without `share` they have taken their words back."""

    place: str
    share: UUID | None
    title: str


@dataclass(frozen=True)
class Sprout:
    """Where a seed went, as far as those who took it tell, and what grew from there.

    `share` is what they share of it themselves, if they do.
    """

    place: str
    since: datetime
    stage: Stage
    status: Status
    told: str
    illustrative: str
    share: UUID | None
    title: str
    family: "Family"

    @property
    def failed(self) -> bool:
        return self.status == Status.STOPPED


@dataclass(frozen=True)
class Family:
    """What grew from one change. `quiet` took a seed too, and keep to themselves how it goes."""

    sprouts: tuple[Sprout, ...] = ()
    quiet: int = 0

    def __bool__(self):
        return bool(self.sprouts or self.quiet)


@dataclass(frozen=True)
class Page:
    """One change as others read it. `words` is None where they were taken back."""

    share: UUID
    place: str
    words: Any
    ended_at: datetime | None
    is_ours: bool
    origin: Origin | None
    family: Family


@dataclass(frozen=True)
class News:
    """A seed that somebody took: of which change of ours, when, and by whom if they tell."""

    change: UUID
    title: str
    lead: UUID | None
    place: str
    taken_at: datetime


def find(*, reader: LocalAuthority, q: str = "", near: str = "", place: str = ""):
    """What others share, the closest first: a query to page through."""
    found = Share.objects.shared().exclude(authority=reader)
    return found.found_by(q=q, near=near, place=place).to_read()


def places(*, reader: LocalAuthority) -> list[tuple[str, str]]:
    """Who shares anything: (slug, name) by name."""
    sharing = Share.objects.shared().filter(authority=OuterRef("pk"))
    others = LocalAuthority.objects.exclude(pk=reader.pk).filter(Exists(sharing))
    return list(others.order_by("name").values_list("slug", "name"))


def read(share: UUID, *, reader: LocalAuthority) -> Page | None:
    """What is shared by now of the change that these words are about; None for what never was.

    Whoever has an old address gets the newest words.
    """
    once = Share.objects.shared_before().filter(pk=share).select_related("authority").first()
    if once is None:
        return None
    words = Share.objects.shared().filter(change=once.change_id).to_read().first()
    return Page(
        share=words.pk if words else once.pk,
        place=once.authority.name,
        words=words,
        ended_at=None if words else once.ended_at,
        is_ours=once.authority_id == reader.pk,
        origin=origin_of(once.change_id, reader=reader),
        family=family_of(once.change_id, reader=reader),
    )


def is_shared(share: UUID) -> bool:
    return Share.objects.shared().filter(pk=share).exists()


def origin_of(change: UUID, *, reader: LocalAuthority) -> Origin | None:
    """Where a change grew from, if whoever took the seed tells, or reads this themselves."""
    seeds = Seed.objects.filter(change=change)
    seed = seeds.filter(Q(tells=True) | Q(authority=reader)).select_related("share__authority")
    if not (one := seed.first()):
        return None
    now = Share.objects.shared().filter(change=one.share.change_id).values("pk", "title").first()
    return Origin(
        place=one.share.authority.name,
        share=now["pk"] if now else None,
        title=now["title"] if now else "",
    )


def family_of(change: UUID, *, reader: LocalAuthority) -> Family:
    """The tree that grew from a change; one query for each generation, and one for the last.

    What grew from a place that does not tell is not shown either: it would tell of that place.
    """
    generations: list[list[dict]] = []
    parents = [change]
    while parents and len(generations) < _GENERATIONS:
        generations.append(_seeds_of(parents))
        parents = [one["change"] for one in generations[-1] if _tells(one, reader)]
    families: dict[UUID, Family] = {}
    for generation in reversed(generations):
        families = _families(generation, reader, families)
    return families.get(change, Family())


def seeds_since(authority: LocalAuthority, then: datetime) -> list[News]:
    """The seeds that others took of an authority's changes since `then`, the oldest first."""
    taken = (
        Seed.objects.filter(share__authority=authority, taken_at__gt=then)
        .exclude(authority=authority)
        .select_related("share__change", "authority")
        .order_by("taken_at")
    )
    return [
        News(
            change=one.share.change_id,
            title=one.share.change.title,
            lead=one.share.change.lead_id,
            place=one.authority.name if one.tells else "",
            taken_at=one.taken_at,
        )
        for one in taken
    ]


def _seeds_of(parents: Iterable[UUID]) -> list[dict]:
    own = Share.objects.shared().filter(change=OuterRef("change"))
    return list(
        Seed.objects.from_words_on(parents)
        .annotate(
            own_share=Subquery(own.values("pk")[:1]), own_title=Subquery(own.values("title")[:1])
        )
        .order_by("taken_at", "pk")
        .values(
            *("parent", "change", "authority", "authority__name", "tells", "told", "taken_at"),
            *("illustrative", "change__stage", "change__status", "own_share", "own_title"),
        )
    )


def _tells(seed: dict, reader: LocalAuthority) -> bool:
    return seed["tells"] or seed["authority"] == reader.pk


def _families(
    generation: list[dict], reader: LocalAuthority, grown: dict[UUID, Family]
) -> dict[UUID, Family]:
    """By the change that they grew from; `grown` holds what grew from each of this generation."""
    sprouts: dict[UUID, list[Sprout]] = defaultdict(list)
    quiet: dict[UUID, int] = defaultdict(int)
    for seed in generation:
        if not _tells(seed, reader):
            quiet[seed["parent"]] += 1
            continue
        sprouts[seed["parent"]].append(
            Sprout(
                place=seed["authority__name"],
                since=seed["taken_at"],
                stage=Stage(seed["change__stage"]),
                status=Status(seed["change__status"]),
                told=seed["told"],
                illustrative=seed["illustrative"],
                share=seed["own_share"],
                title=seed["own_title"] or "",
                family=grown.get(seed["change"], Family()),
            )
        )
    return {
        parent: Family(tuple(sprouts[parent]), quiet[parent])
        for parent in {seed["parent"] for seed in generation}
    }
