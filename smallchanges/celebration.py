"""What there is to celebrate: cheers, gathered; the wall; and what is new since a time."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Q
from django.urls import reverse

from programmes.models import Programme, User, Value, start_of_day
from smallchanges.models import (
    Cheer,
    Move,
    Rule,
    SmallChange,
    SmallChangeQuerySet,
    Status,
    ThankYou,
)

# Of one kind on the wall; what is more is in the list of all small changes, and on their pages.
MOST_ON_THE_WALL = 60
MOST_THANKS = 4 * MOST_ON_THE_WALL

# --- cheers


@dataclass(frozen=True)
class Cheers:
    """How many people cheered a thing, and whether whoever looks is one of them."""

    count: int = 0
    mine: bool = False

    @property
    def others(self) -> int:
        return self.count - self.mine


def cheers_of(change: SmallChange, *, viewer: User | None) -> dict[UUID, Cheers]:
    """By the id of the change, of its updates and of its moves; one query."""
    of_it = Q(change=change) | Q(update__change=change) | Q(move__change=change)
    found: dict[UUID, Cheers] = defaultdict(Cheers)
    for row in (
        Cheer.objects.filter(of_it)
        .values("change", "update", "move")
        .annotate(count=Count("pk"), mine=Count("pk", filter=Q(user=viewer)))
        .order_by()
    ):
        thing = row["change"] or row["update"] or row["move"]
        found[thing] = Cheers(row["count"], bool(row["mine"]))
    return found


# --- the wall


@dataclass
class Brick:
    """One small change on the wall: what happened, and the thanks that are tied to it."""

    change: SmallChange
    # What it taught, where it stopped.
    learned: str = ""
    # By the value that people lived by, in the order of the values; None comes last.
    thanks: list[tuple[Value | None, list[ThankYou]]] = field(default_factory=list)
    cheers: Cheers = field(default_factory=Cheers)


class Wall:
    """What a programme celebrates, since a time or since its start; six queries."""

    def __init__(self, programme: Programme, since: datetime | None):
        self.programme, self.since = programme, since

    @cached_property
    def embedded(self) -> list[Brick]:
        """What is how we work now, the newest first."""
        return [self._brick(change) for change in self._became[Status.EMBEDDED]]

    @cached_property
    def stopped(self) -> list[Brick]:
        """What taught us something by stopping."""
        return [self._brick(change) for change in self._became[Status.STOPPED]]

    @cached_property
    def thanked(self) -> list[Brick]:
        """Other changes that somebody was thanked for."""
        told = {one.pk for became in self._became.values() for one in became}
        changes = {one.change_id: one.change for one in self._thanks if one.change_id not in told}
        return [self._brick(change) for change in changes.values()]

    @cached_property
    def cleared(self) -> list[Rule]:
        """Rules that were habit or myth after all."""
        return list(self.programme.authority.rules.cleared_since(self.since)[:MOST_ON_THE_WALL])

    @property
    def has_more(self) -> bool:
        """Whether something was left off, so that the wall stays one that people read."""
        most = max(len(self.embedded), len(self.stopped), len(self.cleared))
        return most == MOST_ON_THE_WALL or len(self._thanks) == MOST_THANKS

    @property
    def is_empty(self) -> bool:
        return not (self.embedded or self.stopped or self.thanked or self.cleared)

    @cached_property
    def _became(self) -> dict[str, list[SmallChange]]:
        return {
            status: list(_that_became(self.programme, status, self.since)[:MOST_ON_THE_WALL])
            for status in (Status.EMBEDDED, Status.STOPPED)
        }

    @cached_property
    def _learned(self) -> dict[UUID, str]:
        stopped = self._became[Status.STOPPED]
        moves = Move.objects.filter(change__in=stopped, to_status=Status.STOPPED).order_by("at")
        return dict(moves.values_list("change", "why"))

    @cached_property
    def _thanks(self) -> list[ThankYou]:
        thanks = ThankYou.objects.for_list().filter(change__programme=self.programme)
        if self.since:
            thanks = thanks.filter(created_at__gte=self.since)
        return list(thanks.select_related("change", "value", "by")[:MOST_THANKS])

    @cached_property
    def _cheers(self) -> dict[UUID, int]:
        shown = {one.pk for became in self._became.values() for one in became}
        shown |= {one.change_id for one in self._thanks}
        gathered = Cheer.objects.filter(change__in=shown).order_by().values("change")
        return dict(gathered.annotate(n=Count("pk")).values_list("change", "n"))

    def _brick(self, change: SmallChange) -> Brick:
        return Brick(
            change,
            learned=self._learned.get(change.pk, "") if change.status == Status.STOPPED else "",
            thanks=by_value(one for one in self._thanks if one.change_id == change.pk),
            cheers=Cheers(self._cheers.get(change.pk, 0)),
        )


def by_value(thanks: Iterable[ThankYou]) -> list[tuple[Value | None, list[ThankYou]]]:
    """Thank-yous under the values that they name, in the order of the values; None comes last."""
    grouped: dict[Any, list[ThankYou]] = defaultdict(list)
    for one in thanks:
        grouped[one.value].append(one)
    return sorted(
        grouped.items(), key=lambda group: (group[0] is None, group[0].position if group[0] else 0)
    )


def _that_became(programme: Programme, status: str, since: datetime | None) -> SmallChangeQuerySet:
    """Changes that have this status now, and came to it at, or after, a time.

    With `became_at`, their newest move to it; one that began so has none. The newest first.
    """
    came = Q(moves__to_status=status)
    found = programme.small_changes.filter(status=status)
    if since:
        lately = Move.objects.filter(change=OuterRef("pk"), to_status=status, at__gte=since)
        found = found.filter(Exists(lately))
    newest = F("became_at").desc(nulls_last=True)
    return found.annotate(became_at=Max("moves__at", filter=came)).order_by(newest, "title")


# --- what is new


@dataclass(frozen=True)
class Celebrated:
    """One thing to be glad of. `kind`: embedded, learned, thanked, cheered or cleared.

    `title` names the small change (of a rule that was cleared, the change that it stood in the way
    of, or nothing), since mails carry no other words of people. `url` is a path.
    """

    kind: str
    title: str
    url: str


def celebrated_since(programme: Programme, then: datetime) -> list[Celebrated]:
    """What happened at, or after, a time, each change once for each kind; five queries."""
    became = {
        status: _that_became(programme, status, then)
        for status in (Status.EMBEDDED, Status.STOPPED)
    }
    # Of one without a name no more than its day is known.
    lately = Q(created_at__gte=then) | Q(by=None, created_at__gte=start_of_day(then))
    thanked = programme.small_changes.filter(
        Exists(ThankYou.objects.standing().filter(lately, change=OuterRef("pk")))
    )
    of_it = Q(change=OuterRef("pk")) | Q(move__change=OuterRef("pk"))
    of_it |= Q(update__change=OuterRef("pk"), update__removed_at=None)
    cheered = programme.small_changes.filter(
        Exists(Cheer.objects.filter(of_it, created_at__gte=then))
    )
    changes = (
        *(("embedded", change) for change in became[Status.EMBEDDED]),
        *(("learned", change) for change in became[Status.STOPPED]),
        *(("thanked", change) for change in thanked.order_by("title")),
        *(("cheered", change) for change in cheered.order_by("title")),
    )
    # Their addresses are made here: each change would ask for its authority anew.
    slug = programme.authority.slug
    return [
        *(
            Celebrated(kind, change.title, reverse("smallchanges:change", args=[slug, change.pk]))
            for kind, change in changes
        ),
        *(
            Celebrated(
                "cleared",
                rule.change.title if rule.change else "",
                reverse("smallchanges:rule", args=[slug, rule.pk]),
            )
            for rule in programme.authority.rules.cleared_since(then)
        ),
    ]
