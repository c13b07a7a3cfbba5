"""What a learning pod looks at: how the small changes stand, and what to ask (`features.md` 3)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from django.db.models import (
    DateTimeField,
    Exists,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from programmes.models import Opposite, Team
from smallchanges.models import Ask, Move, SmallChange, Stage, Stakeholder, Status, Step, Update
from workshops.models import Activity, Harvest, SessionKind, Workshop

# A pod looks at what people chose and have not finished with.
LOOKED_AT = (Status.CHOSEN, Status.IN_PROGRESS, Status.PAUSED)
# What a key of the agenda begins with, before the id of what the block is about.
LOOK, STORY, OPPOSITE = "look", "story", "opposite"
# The headings of a look at a change, where nobody wrote other ones.
LOOK_COLUMNS = ["What moved", "What helps", "What’s in the way", "What next"]


def key_of(what: str, row) -> str:
    return f"{what} {row.pk}"


@dataclass(frozen=True)
class Topic:
    """A change to look at, and why: the most pressing reason first."""

    change: SmallChange
    reasons: list[str]

    @property
    def reason(self) -> str:
        return ". ".join(self.reasons)


def waiting_for_an_answer(changes: QuerySet[SmallChange]) -> dict[UUID, list[str]]:
    """What each of these changes waits to hear and from whom, in words, by the change's id.

    The one place that collects it: whatever else can be asked and left unanswered belongs here.
    """
    waiting = defaultdict(list)
    for ask in Ask.objects.waiting().filter(change__in=changes).select_related("member__user"):
        waiting[ask.change_id].append(f"{ask.who}: {ask.what}")
    rows = (
        Stakeholder.objects.standing()
        .filter(change__in=changes)
        .exclude(what_we_ask="")
        .exclude(stance=Stakeholder.Stance.ON_BOARD)
        # Of whom the ask itself is, it says so above.
        .exclude(Exists(Ask.objects.standing().filter(stakeholder=OuterRef("pk"))))
    )
    for row in rows:
        waiting[row.change_id].append(f"{row.who}: {row.what_we_ask}")
    return waiting


class State:
    """How a programme's changes, or one team's, stand for the pod that `workshop` is."""

    def __init__(self, workshop: Workshop, team: Team | None):
        self.workshop, self.programme, self.team = workshop, workshop.programme, team

    @cached_property
    def last(self) -> Workshop | None:
        """The pod before it: of the same team, or of everybody's."""
        return (
            self._others()
            .filter(Q(pod=None) | Q(pod__team=self.team), doors_opened_at__isnull=False)
            .order_by("-doors_opened_at")
            .first()
        )

    def _others(self):
        return Workshop.objects.filter(
            authority=self.workshop.authority_id,
            programme=self.programme.pk,
            kind=SessionKind.POD,
        ).exclude(pk=self.workshop.pk)

    @property
    def since(self) -> datetime:
        """From when on there can be news: the last pod, or one turn of the rhythm ago."""
        if self.last is not None and self.last.doors_opened_at:
            return self.last.doors_opened_at
        return timezone.now() - timedelta(weeks=self.programme.pod_every_weeks)

    def _changes(self):
        found = self.programme.small_changes.all()
        return found.filter(pk__in=self.team.small_changes.all()) if self.team else found

    @cached_property
    def not_reached(self) -> dict[UUID, str]:
        """The changes that the last pod had on its agenda and did not come to, with its title."""
        if self.last is None:
            return {}
        rows = self.last.activities.in_plan().filter(opened_at=None, kind="look")
        pks = rows.filter(change__isnull=False).values_list("change", flat=True)
        return dict.fromkeys(pks, self.last.title)

    def topics(self) -> list[Topic]:
        """Every change to look at: what is stuck, what was not reached, what waits for an answer,
        what nobody has told of; then the rest. Those that were quiet for longest come first.
        """
        rows = self._with_signs(self._changes().filter(status__in=LOOKED_AT))
        waiting = waiting_for_an_answer(rows)
        found = []
        for row in rows:
            stuck = _stuck(row)
            carried = self.not_reached.get(row.pk)
            asks = row.pk in waiting
            silent = row.last_heard < self.since
            # The first of these that is so says where it comes.
            signs = (bool(stuck), bool(carried), asks, silent)
            place = signs.index(True) if any(signs) else len(signs)
            reasons = [
                *([f"Carried over from {carried}"] if carried else []),
                *stuck,
                *(["Waiting for an answer"] if asks else []),
                *(["No news since last time"] if silent else []),
            ]
            topic = Topic(row, reasons or ["News since last time"])
            found.append(((place, not carried, row.last_heard), topic))
        return [topic for _, topic in sorted(found, key=lambda one: one[0])]

    def _with_signs(self, rows):
        of_it = {"change": OuterRef("pk")}
        overdue = Step.objects.standing().filter(
            **of_it, done_at=None, due_on__lt=timezone.localdate()
        )
        against = Stakeholder.objects.standing().filter(**of_it, stance=Stakeholder.Stance.AGAINST)
        done = Step.objects.standing().filter(**of_it, done_at__isnull=False)
        return rows.annotate(
            is_overdue=Exists(overdue),
            wants_help=Exists(SmallChange.objects.needing_help().filter(pk=OuterRef("pk"))),
            is_opposed=Exists(against),
            last_heard=Greatest(
                "created_at",
                _last(self._updates().filter(**of_it), "at"),
                _last(self._moves().filter(**of_it), "at"),
                _last(done, "done_at"),
            ),
        )

    def _told_there(self):
        """The updates that came out of the last pod: they tell of then, and not of since."""
        return Harvest.objects.filter(activity__workshop=self.last, update__isnull=False).values(
            "update"
        )

    def _updates(self):
        rows = Update.objects.standing()
        return rows.exclude(pk__in=self._told_there()) if self.last else rows

    def _moves(self):
        rows = Move.objects.all()
        if self.last:
            there = Update.objects.filter(pk__in=self._told_there(), move__isnull=False)
            rows = rows.exclude(pk__in=there.values("move"))
        return rows

    def story(self) -> tuple[str, SmallChange] | None:
        """The newest good news that no pod has told yet: its key, and the change that it is of."""
        grown = self._changes().exclude(status=Status.STOPPED).filter(stage=Stage.GROW)
        told = set(self._keys_elsewhere(STORY))
        news: list[Update | Move] = [
            *Update.objects.standing()
            .filter(change__in=grown)
            .select_related("change")[:_LOOKED_AT],
            *_arrivals().filter(change__in=grown).select_related("change")[:_LOOKED_AT],
        ]
        news.sort(key=lambda one: one.at, reverse=True)
        fresh = (one for one in news if key_of(STORY, one) not in told)
        found = next(fresh, None)
        return (key_of(STORY, found), found.change) if found else None

    def opposite(self) -> Opposite | None:
        """The one of the opposite list that was asked about least often, in the list's order."""
        asked = self._keys_elsewhere(OPPOSITE)
        rows = Opposite.objects.standing().filter(programme=self.programme.pk)
        return min(rows, key=lambda one: asked.count(key_of(OPPOSITE, one)), default=None)

    def _keys_elsewhere(self, what: str) -> list[str]:
        rows = Activity.objects.filter(
            workshop__in=self._others(), agenda_key__startswith=f"{what} "
        )
        return list(rows.values_list("agenda_key", flat=True))


# How many of the newest updates it looks through for a story.
_LOOKED_AT = 20


def _arrivals() -> QuerySet[Move]:
    """The moves that are a story by themselves: how it came to Grow, or to be how people work.

    One that an update brought is told with that update.
    """
    came = Q(to_stage=Stage.GROW) & ~Q(from_stage=Stage.GROW) & ~Q(why="")
    return Move.objects.filter(came | Q(to_status=Status.EMBEDDED), update=None)


def _last(rows, field: str) -> Coalesce:
    """The latest moment of a change's rows; before every other where it has none."""
    long_ago = Value(datetime(1900, 1, 1, tzinfo=timezone.get_fixed_timezone(0)))
    newest = rows.order_by().values("change").annotate(last=Max(field)).values("last")
    return Coalesce(Subquery(newest, output_field=DateTimeField()), long_ago)


def _stuck(change) -> list[str]:
    """Why it doesn't move by itself, in words; empty where nothing says so."""
    signs = (
        (change.status == Status.PAUSED, "Resting for now"),
        (change.wants_help, "Help is wanted"),
        (change.is_opposed, "Somebody we need is against it"),
        (change.is_overdue, "A step is past its day"),
    )
    return [words for is_so, words in signs if is_so]
