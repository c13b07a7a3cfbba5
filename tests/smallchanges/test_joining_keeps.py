"""Joining, splitting and undoing both: every barrier still leads to the pillars that it led to."""

import os
from collections import defaultdict
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from blueprints.models import Evidence, Pillar
from programmes.actions import ambition
from programmes.models import Barrier
from smallchanges import actions
from smallchanges.models import (
    ChangeTeam,
    Measure,
    Met,
    MissionStrand,
    MovedRow,
    SmallChange,
    Step,
    StrandBarrier,
)
from tests import factories

EXAMPLES = 2 * int(os.environ.get("FUZZ_EXAMPLES", "4"))
ROWS = 4

picks = st.integers(0, ROWS - 1)
some = st.sets(picks, max_size=2)
kinds = st.sampled_from(["barrier", "strand", "change"])
deeds = st.lists(
    st.one_of(
        st.tuples(st.just("join"), kinds, picks, some),
        st.tuples(st.just("join"), kinds, picks, some),
        st.tuples(st.just("apart"), kinds, picks, some),
        st.tuples(st.just("split"), st.sampled_from(["strand", "change"]), picks, some),
    ),
    min_size=2,
    max_size=8,
)
# Of each barrier its strands, of each change its strand, its insights and what it met.
worlds = st.tuples(
    st.lists(some, min_size=ROWS, max_size=ROWS),
    st.lists(picks, min_size=ROWS, max_size=ROWS),
    st.lists(some, min_size=ROWS, max_size=ROWS),
    st.lists(some, min_size=ROWS, max_size=ROWS),
)
tried = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    # To make a story that fails shorter takes minutes: each is played in a database.
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@dataclass
class World:
    """Four barriers, strands, changes, insights and pillars, and what people do to them."""

    cast: object
    undone: list = field(default_factory=list)

    def __post_init__(self):
        of = {"programme": self.cast.programme}
        self.barriers = [factories.BarrierFactory(**of) for _ in range(ROWS)]
        self.strands = [factories.MissionStrandFactory(**of) for _ in range(ROWS)]
        self.insights = [factories.InsightFactory(**of) for _ in range(ROWS)]
        self.teams = [factories.TeamFactory(authority=self.cast.authority) for _ in range(ROWS)]
        blueprint = factories.BlueprintFactory(programme=self.cast.programme)
        for insight in self.insights:
            pillar = factories.PillarFactory(blueprint=blueprint)
            pillar.insights.add(insight, through_defaults={"authority": self.cast.authority})

    def begin(self, strands_of, strand_of, insights_of, met_of) -> None:
        owner = {"through_defaults": {"authority": self.cast.authority}}
        for barrier, chosen in zip(self.barriers, strands_of, strict=True):
            barrier.strands.add(*(self.strands[one] for one in chosen), **owner)
        self.changes = []
        for strand, chosen, met in zip(strand_of, insights_of, met_of, strict=True):
            change = factories.SmallChangeFactory(
                programme=self.cast.programme, strand=self.strands[strand]
            )
            change.insights.add(*(self.insights[one] for one in chosen), **owner)
            change.teams.add(*(self.teams[one] for one in chosen), **owner)
            for one in met:
                factories.MetFactory(change=change, text=f"Met {one}")
                factories.MeasureFactory(change=change, what=f"Measure {one}")
            factories.StepFactory(change=change)
            self.changes.append(change)

    # --- what people do

    def standing(self, kind) -> list:
        rows = {
            "barrier": Barrier.objects.standing(),
            "strand": MissionStrand.objects.standing(),
            "change": SmallChange.objects,
        }[kind]
        return sorted(rows.all(), key=lambda one: (one.created_at, one.pk))

    def do(self, deed) -> None:
        name, kind, pick, more = deed
        rows = self.standing(kind)
        row = rows[pick % len(rows)]
        others = {rows[one % len(rows)].pk: rows[one % len(rows)] for one in more}
        others.pop(row.pk, None)
        getattr(self, f"_{name}")(kind, row, list(others.values()), more)

    def _join(self, kind, into, others, _more) -> None:
        if not others:
            return
        join = ambition.merge if kind == "barrier" else actions.join
        try:
            join(into=into, others=others, by=self.cast.facilitator)
        except ValidationError:
            return
        self.undone.append(lambda: self._part(kind, into, others))

    def _apart(self, kind, into, _others, more) -> None:
        parts = list(type(into)._base_manager.filter(merged_into=into).order_by("created_at"))
        chosen = [parts[one] for one in more if one < len(parts)]
        if chosen:
            self._part(kind, into, chosen)

    def _part(self, kind, into, others) -> None:
        apart = ambition.unmerge if kind == "barrier" else actions.take_apart
        apart(into=into, others=others, by=self.cast.facilitator)

    def _split(self, kind, row, _others, more) -> None:
        by = {"pk": uuid4(), "title": f"New {uuid4()}", "by": self.cast.facilitator}
        if kind == "change":
            steps, met = list(row.steps.all()), list(row.met.all())
            new = actions.split_change(
                change=row,
                purpose="",
                steps=[one for place, one in enumerate(steps) if place in more],
                met=[one for place, one in enumerate(met) if place in more],
                asks=[],
                **by,
            )
        else:
            inside = list(row.small_changes.all())
            barriers = list(row.barriers.standing())
            new = actions.split_strand(
                strand=row,
                about="",
                changes=[one for place, one in enumerate(inside) if place in more],
                barriers=[one for place, one in enumerate(barriers) if place in more],
                **by,
            )
        self.undone.append(lambda: actions.undo_split(new=new, by=self.cast.facilitator))

    def undo_all(self) -> None:
        for undo in reversed(self.undone):
            undo()

    # --- what there is

    def reach(self) -> dict:
        """From every barrier that ever was the pillars that it leads to, as a reader follows it."""
        barrier_of = _wholes(Barrier)
        strand_of, change_of = _wholes(MissionStrand), _wholes(SmallChange)
        roots = dict(MissionStrand._base_manager.values_list("pk", "split_from"))
        strands = defaultdict(set)
        for barrier, strand in StrandBarrier.objects.values_list("barrier", "strand"):
            strands[barrier_of[barrier]].add(strand_of[strand])
        changes = defaultdict(set)
        for change, strand in SmallChange._base_manager.values_list("pk", "strand"):
            while strand:
                changes[strand_of[strand]].add(change_of[change])
                strand = roots[strand] or roots[strand_of[strand]]
        pillars = defaultdict(set)
        for change, pillar in Pillar.objects.values_list("insights__changes", "pk"):
            if change:
                pillars[change_of[change]].add(pillar)
        return {
            barrier: {
                pillar
                for strand in strands[whole]
                for change in changes[strand]
                for pillar in pillars[change]
            }
            for barrier, whole in barrier_of.items()
        }

    def state(self) -> dict:
        """All of it, row by row."""
        links = ("barrier_id", "strand_id", "merged_from_id")
        return {
            "strands": set(MissionStrand._base_manager.values_list("pk", "merged_into")),
            "changes": set(SmallChange._base_manager.values_list("pk", "merged_into", "strand")),
            "links": set(StrandBarrier.objects.values_list(*links)),
            "moved": MovedRow.objects.count(),
            **{
                kind._meta.model_name: set(kind._base_manager.values_list("pk", "change"))
                for kind in (ChangeTeam, Step, Met, Measure, Evidence)
            },
        }


def _wholes(kind) -> dict:
    merged = dict(kind._base_manager.values_list("pk", "merged_into"))
    found = {}
    for pk in merged:
        one = pk
        while merged[one]:
            one = merged[one]
        found[pk] = one
    return found


@pytest.fixture
def one_world(cast):
    def play(world, story) -> None:
        with transaction.atomic():
            one = World(cast)
            one.begin(*world)
            first, reached = one.state(), one.reach()
            for deed in story:
                one.do(deed)
                now = one.reach()
                assert all(reached[barrier] <= now[barrier] for barrier in reached), deed
            one.undo_all()
            assert one.state() == first
            transaction.set_rollback(True)

    return play


def test_nothing_that_a_barrier_led_to_is_lost_and_undoing_all_restores_it(one_world):
    @tried
    @given(worlds, deeds)
    def plays(world, story):
        one_world(world, story)

    plays()
