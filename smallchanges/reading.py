"""Strands and small changes as pages show them."""

import re
from collections import defaultdict
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, prefetch_related_objects
from django.db.models.functions import Lower

from programmes.models import Barrier, Membership, Programme, User, Value
from smallchanges import inspiration, maps
from smallchanges.celebration import Cheers, by_value, cheers_of
from smallchanges.charts import Chart, chart_of
from smallchanges.models import (
    LIVING,
    Ask,
    Met,
    MissionStrand,
    Move,
    Reading,
    Rule,
    Seed,
    Share,
    SmallChange,
    SmallChangeQuerySet,
    Stage,
    Stakeholder,
    StanceMove,
    Status,
    Step,
    ThankYou,
    Update,
)
from smallchanges.runs import Run
from smallchanges.timeback import TimeBackReading

Lines = list[tuple[MissionStrand | None, list[SmallChange]]]
# How many changes of one stage a line names, and how many where the lines hold more than FEW.
NAMED_OF_FEW, NAMED_OF_MANY, FEW = 6, 2, 60
# Of no strand in particular: None stands for the changes that have none.
ANY = object()


def lines_of(
    programme: Programme,
    changes: SmallChangeQuerySet | None = None,
    *,
    tally: "Tally | None" = None,
    most: int | None = None,
) -> Lines:
    """Each standing strand with its changes, smallest stage first; two queries, and its tally's.

    Shows the living changes of the programme, or `changes` where a page has chosen (and may have
    told apart) among them: of each stage the first `most`, whose `in_all` says how many there are;
    where it is not said, fewer of many, so that all lines can be seen together.
    A strand's `ideas` says how many wait to be chosen.
    A last line, with None for its strand, holds the changes that have none; it is left out where
    there are no such changes.
    """
    if changes is None:
        changes = programme.small_changes.living()
        tally = Tally(programme.small_changes.all()).only(LIVING)
    tally = tally or Tally(changes)
    most = most or (NAMED_OF_MANY if tally.all > FEW else NAMED_OF_FEW)
    of_strand = defaultdict(list)
    for change in changes.first_of_each("strand", "stage", most=most).to_name().in_stage_order():
        change.in_all = tally.of(strand=change.strand_id, stage=change.stage)
        of_strand[change.strand_id].append(change)
    strands = list(programme.strands.standing())
    for strand in strands:
        strand.ideas = tally.whole.of(strand=strand.pk, status=(Status.PROPOSED,))
    lines: Lines = [(strand, of_strand.pop(strand.pk, [])) for strand in strands]
    if rest := [change for changes in of_strand.values() for change in changes]:
        lines.append((None, rest))
    return lines


Columns = list[tuple[Stage, list[SmallChange], int]]


def columns_of(changes: SmallChangeQuerySet, tally: "Tally", *, most: int) -> Columns:
    """The board: each stage, its first changes in the order of strands, and how many it has.

    Two queries.
    """
    in_stage = defaultdict(list)
    for change in changes.first_of_each("stage", most=most).for_list().briefly():
        in_stage[change.stage].append(change)
    return [(stage, in_stage[stage], tally.of(stage=stage)) for stage in Stage]


def owners_of(programme: Programme):
    """The memberships that lead a change of the programme or own a step of one, by name."""
    leads = programme.small_changes.filter(lead=OuterRef("pk"))
    owns = Step.objects.standing().filter(owner=OuterRef("pk"), change__programme=programme)
    return (
        programme.authority.memberships.filter(Exists(leads) | Exists(owns))
        .select_related("user")
        .order_by(Lower("user__name"), "user__email")
    )


class Tally:
    """How many small changes there are, told apart by strand, stage and status; one query."""

    def __init__(self, changes: SmallChangeQuerySet):
        self.groups = changes.tally()
        self.whole = self

    def only(self, status: Sequence[str]) -> "Tally":
        """The same of those with one of these statuses; its `whole` still knows the others."""
        tally = copy(self)
        tally.groups = [group for group in self.groups if group[2] in status]
        return tally

    def of(self, *, strand=ANY, stage: str = "", status: Sequence[str] = ()) -> int:
        return sum(
            number
            for strand_pk, in_stage, has_status, number in self.groups
            if (strand is ANY or strand_pk == strand)
            and (not stage or in_stage == stage)
            and (not status or has_status in status)
        )

    @property
    def all(self) -> int:
        return self.of()

    @property
    def living(self) -> int:
        return self.of(status=LIVING)

    @property
    def growing(self) -> int:
        return self.of(status=LIVING, stage=Stage.GROW)

    @property
    def ideas(self) -> int:
        return self.of(status=(Status.PROPOSED,))

    @property
    def stopped(self) -> int:
        return self.of(status=(Status.STOPPED,))


@dataclass(frozen=True)
class Stair:
    """One of the four stages on a change's way.

    `state` is "done", "now" or "next". `arrival` is the last move to it; a stage that was reached
    without one is where the change began, or one that it passed over.
    """

    stage: Stage
    state: str
    arrival: Move | None
    is_first: bool


class ChangeReading:
    """What the page of one change shows; each part is asked for once it is shown."""

    def __init__(
        self,
        change: SmallChange,
        *,
        viewer: User | None = None,
        member: Membership | None = None,
    ):
        self.change, self.viewer, self.member = change, viewer, member

    @property
    def so_that(self) -> str:
        """Its purpose, which some begin with "So that" or "So" and some do not."""
        return re.sub(r"^so\b( that\b)?[ ,…]*", "", self.change.purpose, flags=re.IGNORECASE)

    @cached_property
    def moves(self) -> list[Move]:
        """How it has moved, newest first, without moves that were taken back."""
        kept = []
        moves = iter(self.change.moves.select_related("by"))
        for move in moves:
            if move.took_back:
                next(moves, None)
            else:
                kept.append(move)
        return kept

    @cached_property
    def story(self) -> list[Any]:
        """What happened, newest first: each update with its move, and the moves without one.

        Those that people can cheer have `cheered`, how many did: updates, and what it taught when
        it stopped.
        """
        told = list(self.change.updates.standing().select_related("by", "move"))
        prefetch_related_objects(told, Prefetch("met", Met.objects.standing()))
        of_updates = {update.move_id for update in told}
        moves = [move for move in self.moves if move.pk not in of_updates]
        story: list[Any] = sorted([*told, *moves], key=lambda one: one.at, reverse=True)
        for one in story:
            if isinstance(one, Update) or one.is_learning:
                one.cheered = self._all_cheers[one.pk]
        return story

    @property
    def updates(self) -> list[Update]:
        return [one for one in self.story if isinstance(one, Update)]

    @property
    def has_updates(self) -> bool:
        return bool(self.updates)

    @property
    def help_wanted(self) -> Update | None:
        """The newest update, where it asks for somebody's help."""
        newest = next((one for one in self.story if isinstance(one, Update)), None)
        is_at_work = self.change.status in LIVING
        return newest if newest and newest.needs_help and is_at_work else None

    @cached_property
    def stairs(self) -> list[Stair]:
        """The four stages, with how it last came to each that it has reached."""
        here = Stage(self.change.stage)
        first = self.moves[-1].from_stage if self.moves else here
        arrivals: dict[str, Move] = {}
        for move in self.moves:
            if move.from_stage != move.to_stage:
                arrivals.setdefault(move.to_stage, move)
        stairs = []
        for stage in Stage:
            state = "done" if stage.number < here.number else "now" if stage == here else "next"
            arrival = None if state == "next" else arrivals.get(stage)
            stairs.append(Stair(stage, state, arrival, stage == first))
        return stairs

    @cached_property
    def offered(self):
        """What people offered in the inbox that it came from, or that became a part of it."""
        return list(self.change.offered.standing())

    @cached_property
    def steps(self):
        return list(self.change.steps.standing().select_related("owner__user"))

    @cached_property
    def stakeholders(self):
        """Each with its `turns`: how they changed their mind, oldest first."""
        turns = Prefetch("stance_moves", StanceMove.objects.standing(), to_attr="turns")
        return list(self.change.stakeholders.standing().prefetch_related(turns))

    @property
    def map(self) -> list[maps.Dot]:
        return maps.dots_of(self.stakeholders)

    @cached_property
    def runs(self) -> list[Run]:
        """Each measure with its readings; two queries."""
        standing = Prefetch("readings", Reading.objects.standing(), to_attr="taken")
        measures = self.change.measures.standing().prefetch_related(standing)
        return [Run(measure, measure.taken) for measure in measures]

    @property
    def charts(self) -> list[tuple[Run, Chart | None]]:
        return [(run, chart_of(run)) for run in self.runs]

    @cached_property
    def time_back(self) -> TimeBackReading:
        return TimeBackReading(self.change, self.member)

    @cached_property
    def asks(self) -> list[Ask]:
        """What it asks of people, and what they said; two queries."""
        return list(self.change.asks.standing().for_list())

    @property
    def waiting_for(self) -> list[Stakeholder]:
        """Who is not on board yet."""
        return [one for one in self.stakeholders if one.stance != Stakeholder.Stance.ON_BOARD]

    @cached_property
    def met(self) -> dict[str, list[Met]]:
        """What got in the way (`barriers`) and what helped (`enablers`); one query."""
        told: dict[str, list[Met]] = {"barriers": [], "enablers": []}
        for met in self.change.met.standing():
            told["barriers" if met.kind == Met.Kind.BARRIER else "enablers"].append(met)
        return told

    @property
    def has_met(self) -> bool:
        return any(self.met.values())

    @cached_property
    def barriers(self):
        """What its strand comes from: where its golden thread begins.

        So do the threads of those that were joined with it, in whatever strand they were.
        """
        here = Q(strands__small_changes=self.change)
        joined = Q(strands__small_changes__merged_into=self.change)
        return list(Barrier.objects.standing().filter(here | joined).distinct())

    # --- the permission book, cheers and thanks

    @cached_property
    def rules(self) -> list[Rule]:
        """What people were told is not allowed while they worked on it."""
        return list(self.change.rules.for_list())

    @cached_property
    def _all_cheers(self) -> dict[UUID, Cheers]:
        return cheers_of(self.change, viewer=self.viewer)

    @property
    def cheers(self) -> Cheers:
        """The change's own."""
        return self._all_cheers[self.change.pk]

    @cached_property
    def thanks(self) -> list[tuple[Value | None, list[ThankYou]]]:
        """Thank-yous under the values that they name."""
        return by_value(self.change.thanks.for_list())


class Seeds:
    """Where a change grew from, what others may read of it, and what grew from it elsewhere."""

    def __init__(self, change: SmallChange):
        self.change = change

    @cached_property
    def seed(self) -> Seed | None:
        return self.change.authority.seeds.filter(change=self.change).first()

    @cached_property
    def origin(self) -> inspiration.Origin | None:
        reader = self.change.authority
        return inspiration.origin_of(self.change.pk, reader=reader) if self.seed else None

    @cached_property
    def shares(self) -> list[Share]:
        """All words that were ever written for others, the newest first."""
        return list(self.change.shares.all())

    @property
    def newest(self) -> Share | None:
        return next(iter(self.shares), None)

    @property
    def is_shared(self) -> bool:
        return any(one.is_open for one in self.shares)

    @property
    def was_shared(self) -> bool:
        return any(one.shared_at for one in self.shares)

    @cached_property
    def family(self) -> inspiration.Family:
        return inspiration.family_of(self.change.pk, reader=self.change.authority)
