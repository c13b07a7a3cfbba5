"""Merging gives links on and takes them back: no link is lost, and none is left behind."""

import os
from collections import defaultdict
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programmes.actions import ambition as actions
from programmes.models import Barrier, BarrierTeam, Value
from smallchanges import actions as changes
from smallchanges.models import StrandBarrier
from tests import factories
from tests.at_once import while_waiting

EXAMPLES = 5 * int(os.environ.get("FUZZ_EXAMPLES", "4"))
BARRIERS, TEAMS, STRANDS = 5, 3, 2

# What people do: the numbers say to which of the rows that it can be done to at that moment.
picks = st.integers(0, 4)
some = st.sets(picks, max_size=3)
one_or_two = st.sets(picks, min_size=1, max_size=2)
# What each barrier is linked to at first.
beginnings = st.lists(some, min_size=BARRIERS, max_size=BARRIERS)
deeds = st.lists(
    st.one_of(
        st.tuples(st.just("merge"), picks, one_or_two),
        st.tuples(st.just("merge"), picks, one_or_two),
        st.tuples(st.just("unmerge"), picks, one_or_two),
        st.tuples(st.just("set_teams"), picks, some),
        st.tuples(st.just("set_strand"), picks, some),
        st.tuples(st.just("remove"), picks, some),
        st.tuples(st.just("put_back"), picks, some),
    ),
    min_size=3,
    max_size=12,
)
tried = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@dataclass
class Room:
    """People at a list of barriers with teams and strands, and what they would say of it.

    `own` is what they ticked for each barrier. `unticked` is what they took from it although one of
    its parts still had it: whether that comes back with another part is left open.
    """

    cast: object
    barriers: list = field(default_factory=list)
    own: dict = field(default_factory=lambda: defaultdict(set))
    unticked: dict = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self):
        programme, authority = self.cast.programme, self.cast.authority
        self.barriers = [factories.BarrierFactory(programme=programme) for _ in range(BARRIERS)]
        self.teams = [factories.TeamFactory(authority=authority) for _ in range(TEAMS)]
        self.strands = [factories.MissionStrandFactory(programme=programme) for _ in range(STRANDS)]

    def begin(self, beginning: list[set]) -> None:
        for barrier, picked in zip(self.barriers, beginning, strict=True):
            for end in ([*self.teams, *self.strands][pick] for pick in picked):
                manager = barrier.teams if end in self.teams else barrier.strands
                manager.add(end, through_defaults={"authority": self.cast.authority})
                self.own[barrier.pk].add(end.pk)

    def read(self) -> None:
        found = Barrier.objects.in_bulk([row.pk for row in self.barriers])
        self.barriers = [found[row.pk] for row in self.barriers]

    def links(self) -> dict:
        """What each barrier is linked to, by its id."""
        found = defaultdict(set)
        for barrier, team in BarrierTeam.objects.values_list("barrier_id", "team_id"):
            found[barrier].add(team)
        for barrier, strand in StrandBarrier.objects.values_list("barrier_id", "strand_id"):
            found[barrier].add(strand)
        return found

    def rows(self) -> set:
        """Every link with where it came from."""
        return {
            *BarrierTeam.objects.values_list("barrier_id", "team_id", "merged_from_id"),
            *StrandBarrier.objects.values_list("barrier_id", "strand_id", "merged_from_id"),
        }

    def standing(self) -> list:
        return [row for row in self.barriers if row.stands]

    def parts(self, barrier) -> list:
        return [row for row in self.barriers if row.merged_into_id == barrier.pk]

    def tick(self, links: dict, barrier, ends: set, among: set) -> None:
        """From now on people want `barrier` to have, of `among`, just `ends`."""
        had = links[barrier.pk] & among
        of_parts = set().union(*(links[part.pk] for part in self.parts(barrier)))
        self.own[barrier.pk] = (self.own[barrier.pk] - (had - ends)) | (ends - had)
        self.unticked[barrier.pk] |= (had - ends) & of_parts
        self.unticked[barrier.pk] -= ends

    # --- what they do

    def merge(self, number: int, others: set) -> None:
        standing = self.standing()
        if len(standing) < 2:
            return
        into, parts = _chosen(standing, number, others)
        before = self.links()
        actions.merge(into=into, others=parts, by=self.cast.facilitator)
        after = self.links()
        assert after[into.pk] == before[into.pk].union(*(before[part.pk] for part in parts))
        assert {part.pk: after[part.pk] for part in parts} == {
            part.pk: before[part.pk] for part in parts
        }

    def unmerge(self, number: int, others: set) -> None:
        holders = [row for row in self.barriers if self.parts(row)]
        if not holders:
            return
        into = holders[number % len(holders)]
        parts = self.parts(into)
        taken = [parts[other] for other in sorted({other % len(parts) for other in others})]
        before = self.links()
        actions.unmerge(into=into, others=taken, by=self.cast.facilitator)
        after = self.links()
        assert {part.pk: after[part.pk] for part in taken} == {
            part.pk: before[part.pk] for part in taken
        }

    def set_teams(self, number: int, ticked: set) -> None:
        standing = self.standing()
        if not standing:
            return
        barrier = standing[number % len(standing)]
        teams = {self.teams[one % TEAMS] for one in ticked}
        ticked_ends = {team.pk for team in teams}
        self.tick(self.links(), barrier, ticked_ends, {team.pk for team in self.teams})
        actions.edit_barrier(
            barrier=barrier,
            version=barrier.version,
            text=barrier.text,
            gift="",
            teams=list(teams),
            by=self.cast.facilitator,
        )

    def set_strand(self, number: int, ticked: set) -> None:
        strand, standing = self.strands[number % STRANDS], self.standing()
        strand.refresh_from_db()
        barriers = {standing[one % len(standing)] for one in ticked if standing}
        links = self.links()
        for barrier in standing:
            self.tick(links, barrier, {strand.pk} if barrier in barriers else set(), {strand.pk})
        changes.edit_strand(
            strand=strand,
            version=strand.version,
            title=strand.title,
            about="",
            barriers=list(barriers),
            by=self.cast.facilitator,
        )

    def remove(self, number: int, _) -> None:
        if standing := self.standing():
            actions.remove(statement=standing[number % len(standing)], by=self.cast.facilitator)

    def put_back(self, number: int, _) -> None:
        if gone := [row for row in self.barriers if row.removed_at]:
            actions.put_back(statement=gone[number % len(gone)], by=self.cast.facilitator)

    # --- what holds at any time

    def check(self) -> None:
        """Each barrier has what people ticked for it and what its parts have, and nothing else."""
        links = self.links()
        for barrier in self.barriers:
            wanted = self.own[barrier.pk].union(*(links[part.pk] for part in self.parts(barrier)))
            left_open = self.unticked[barrier.pk]
            assert links[barrier.pk] - left_open == wanted - left_open
            assert self.own[barrier.pk] <= links[barrier.pk] <= wanted


def _chosen(standing: list, number: int, others: set) -> tuple:
    """Into which of these, and which others of them."""
    into = standing[number % len(standing)]
    rest = [row for row in standing if row != into]
    return into, [rest[other] for other in sorted({other % len(rest) for other in others})]


def _do(room: Room, deeds_) -> None:
    for name, number, others in deeds_:
        getattr(room, name)(number, others)
        room.read()
        room.check()


def test_no_link_is_lost_and_none_is_left_behind(cast):
    """Whatever people do, in whatever order; and in the end everything can be taken apart."""

    @tried
    @given(beginnings, deeds)
    def try_it(beginning, done):
        with transaction.atomic():
            room = Room(cast)
            room.begin(beginning)
            _do(room, done)
            for barrier in room.barriers:
                parts = room.parts(barrier)
                actions.unmerge(into=barrier, others=parts, by=cast.facilitator)
            room.read()
            assert {pk: ends for pk, ends in room.links().items() if ends} == {
                pk: ends for pk, ends in room.own.items() if ends
            }
            assert {came_from for *_, came_from in room.rows()} <= {None}
            transaction.set_rollback(True)

    try_it()


def test_an_unmerge_at_once_brings_back_exactly_what_was(cast):
    """Every link, and where each came from; after whatever people did before."""

    @tried
    @given(beginnings, deeds, picks, st.sets(picks, min_size=1, max_size=3))
    def try_it(beginning, done, number, others):
        with transaction.atomic():
            room = Room(cast)
            room.begin(beginning)
            _do(room, done)
            if len(standing := room.standing()) > 1:
                into, parts = _chosen(standing, number, others)
                before = room.rows()
                actions.merge(into=into, others=parts, by=cast.facilitator)
                actions.unmerge(into=into, others=parts, by=cast.facilitator)
                open_ends = {(into.pk, end) for end in room.unticked[into.pk]}
                changed = room.rows() ^ before
                assert {row[:2] for row in changed} <= open_ends
            transaction.set_rollback(True)

    try_it()


@pytest.fixture
def rows(cast):
    """Barriers a to d, and a team that all but the first meet."""
    team = factories.TeamFactory(authority=cast.authority)
    made = [factories.BarrierFactory(programme=cast.programme, text=text) for text in "abcd"]
    for barrier in made[1:]:
        barrier.teams.add(team, through_defaults={"authority": cast.authority})
    return made


def _carriers(barrier) -> list[str | None]:
    """By whom its links came, None for its own."""
    links = BarrierTeam.objects.filter(barrier=barrier).select_related("merged_from")
    return [str(link.merged_from) if link.merged_from else None for link in links]


def test_a_link_that_two_parts_bring_stays_with_the_second(cast, rows):
    a, b, c, _ = rows
    actions.merge(into=a, others=[b, c], by=cast.facilitator)
    assert _carriers(a) == ["b"]
    actions.unmerge(into=a, others=[b], by=cast.facilitator)
    assert (_carriers(a), _carriers(b)) == (["c"], [None])
    actions.unmerge(into=a, others=[c], by=cast.facilitator)
    assert (_carriers(a), _carriers(c)) == ([], [None])


def test_a_link_goes_all_the_way_up_and_all_the_way_back(cast, rows):
    a, b, _, d = rows
    e = factories.BarrierFactory(programme=cast.programme, text="e")
    actions.merge(into=e, others=[b], by=cast.facilitator)
    actions.merge(into=a, others=[e], by=cast.facilitator)
    assert (_carriers(a), _carriers(e), _carriers(b)) == (["e"], ["b"], [None])
    actions.unmerge(into=e, others=[b], by=cast.facilitator)
    assert (_carriers(a), _carriers(e), _carriers(b)) == ([], [], [None])
    actions.merge(into=a, others=[d], by=cast.facilitator)
    assert _carriers(a) == ["d"]


def test_what_people_ticked_themselves_stays_when_a_part_goes(cast, rows):
    _, b, c, _ = rows
    actions.merge(into=b, others=[c], by=cast.facilitator)
    actions.unmerge(into=b, others=[c], by=cast.facilitator)
    assert (_carriers(b), _carriers(c)) == ([None], [None])


def test_lists_without_links_merge_too(cast):
    one, two = (factories.ValueFactory(programme=cast.programme) for _ in range(2))
    assert actions.merge(into=one, others=[two], by=cast.facilitator) == one
    assert list(Value.objects.standing()) == [one]
    assert actions.unmerge(into=one, others=[two], by=cast.facilitator) is True
    assert actions.unmerge(into=one, others=[two], by=cast.facilitator) is False
    assert list(Value.objects.standing()) == [one, two]


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_at_once_into_one_another_make_no_ring(cast, rows):
    a, b, *_ = rows

    def merge(into, other):
        return actions.merge(into=into, others=[other], by=cast.facilitator)

    first, second = while_waiting(lambda: merge(a, b), lambda: merge(b, a))
    assert (first, type(second)) == (a, actions.Gone)
    assert [row.text for row in Barrier.objects.standing()] == ["a", "c", "d"]


@pytest.mark.django_db(transaction=True)
def test_two_who_take_the_same_part_out_at_once_take_it_out_once(cast, rows):
    a, b, *_ = rows
    actions.merge(into=a, others=[b], by=cast.facilitator)

    def unmerge():
        return actions.unmerge(into=a, others=[b], by=cast.facilitator)

    assert while_waiting(unmerge, unmerge) == (True, False)
    assert (_carriers(a), _carriers(b)) == ([], [None])
