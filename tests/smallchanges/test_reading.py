"""Strands and small changes as pages show them, and how few questions that takes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from smallchanges import actions, reading
from smallchanges.models import SmallChange, Stage
from smallchanges.reading import ChangeReading
from tests import factories


def _change(cast, strand=None, **values):
    return factories.SmallChangeFactory(programme=cast.programme, strand=strand, **values)


def _moved(change, *ways, by=None):
    """Through the gate: (stage, status) or (stage, status, why), each a day after the other."""
    start = timezone.now() - timedelta(days=100)
    return [
        actions.move(
            change=change,
            stage=way[0],
            status=way[1],
            why=way[2] if len(way) > 2 else "Because",
            by=by,
            at=start + timedelta(days=days),
        )
        for days, way in enumerate(ways)
    ]


# --- lines and columns


def test_each_strand_is_a_line_of_its_living_changes(cast, strand):
    empty = factories.MissionStrandFactory(programme=cast.programme, position=3)
    factories.MissionStrandFactory(programme=cast.programme, removed_at=timezone.now())
    factories.MissionStrandFactory(programme=cast.other_programme)
    grown = _change(cast, strand, stage="grow", status="embedded")
    begun = _change(cast, strand, stage="mission", status="chosen")
    _change(cast, strand, status="proposed")
    _change(cast, strand, status="stopped")
    assert reading.lines_of(cast.programme) == [(strand, [begun, grown]), (empty, [])]


def test_changes_without_a_standing_strand_have_a_last_line(cast, strand):
    gone = factories.MissionStrandFactory(programme=cast.programme, removed_at=timezone.now())
    lost = _change(cast, gone, status="chosen")
    none = _change(cast, status="chosen")
    assert reading.lines_of(cast.programme) == [(strand, []), (None, [lost, none])]


def test_a_page_may_choose_what_is_on_the_lines(cast, strand):
    idea = _change(cast, strand, status="proposed")
    _change(cast, strand, status="chosen")
    found = cast.programme.small_changes.matching(status="proposed")
    assert reading.lines_of(cast.programme, found) == [(strand, [idea])]


@pytest.mark.parametrize("rows", [1, 30])
def test_lines_are_two_queries_and_a_tally(cast, django_assert_num_queries, rows):
    for _ in range(rows):
        strand = factories.MissionStrandFactory(programme=cast.programme)
        _change(cast, strand, status="chosen")
    with django_assert_num_queries(3):
        lines = reading.lines_of(cast.programme)
    living = cast.programme.small_changes.living()
    tally = reading.Tally(living)
    with django_assert_num_queries(2):
        assert reading.lines_of(cast.programme, living, tally=tally) == lines
    assert len(lines) == rows


@pytest.mark.parametrize("rows", [1, 30])
def test_columns_are_two_queries(cast, strand, django_assert_num_queries, rows):
    team = factories.TeamFactory(authority=cast.authority)
    for stage in ("mission", "grow"):
        for _ in range(rows):
            change = _change(cast, strand, stage=stage)
            change.teams.add(team, through_defaults={"authority": cast.authority})
    tally = reading.Tally(cast.programme.small_changes.all())
    with django_assert_num_queries(2):
        columns = reading.columns_of(cast.programme.small_changes.all(), tally, most=4)
        said = [
            (change.strand.title, list(change.teams.all()))
            for _, shown, _ in columns
            for change in shown
        ]
    shown = min(rows, 4)
    assert [(stage.value, len(changes), in_all) for stage, changes, in_all in columns] == [
        ("mission", shown, rows),
        ("develop", 0, 0),
        ("influence", 0, 0),
        ("grow", shown, rows),
    ]
    assert len(said) == 2 * shown


def test_changes_are_told_apart(cast, strand):
    factories.SmallChangeFactory(programme=cast.other_programme)
    _change(cast, strand, status="proposed")
    _change(cast, status="proposed", stage="grow")
    _change(cast, strand, status="in progress", stage="develop")
    _change(cast, status="embedded", stage="grow")
    _change(cast, status="stopped", stage="grow")
    tally = reading.Tally(cast.programme.small_changes.all())
    assert (tally.all, tally.living, tally.growing, tally.ideas, tally.stopped) == (5, 2, 1, 2, 1)
    assert [tally.of(stage=stage) for stage in Stage] == [1, 1, 0, 3]
    assert (tally.of(strand=strand.pk), tally.of(strand=None)) == (2, 3)
    assert tally.of(strand=None, stage="grow", status=("stopped", "embedded")) == 2


# --- one change


@pytest.mark.parametrize(
    ("purpose", "said"),
    [
        ("So that nobody calls", "nobody calls"),
        ("so that, at last, we can write", "at last, we can write"),
        ("So nobody calls", "nobody calls"),
        ("Sofas are for everybody", "Sofas are for everybody"),
        ("Families are heard", "Families are heard"),
        ("", ""),
    ],
)
def test_a_purpose_is_told_after_so_that(purpose, said):
    assert ChangeReading(SmallChange(purpose=purpose)).so_that == said


def _stairs(change) -> list[tuple]:
    return [
        (stair.stage.value, stair.state, stair.arrival and stair.arrival.why, stair.is_first)
        for stair in ChangeReading(change).stairs
    ]


def test_an_idea_stands_on_the_first_stair(change):
    assert _stairs(change) == [
        ("mission", "now", None, True),
        ("develop", "next", None, False),
        ("influence", "next", None, False),
        ("grow", "next", None, False),
    ]


def test_stairs_say_how_each_stage_was_last_reached(change):
    _moved(
        change,
        ("develop", "chosen", "We chose it"),
        ("develop", "in progress", "We began"),
        ("grow", "in progress", "It grew"),
        ("influence", "in progress", "Too soon"),
    )
    assert _stairs(change) == [
        ("mission", "done", None, True),
        ("develop", "done", "We chose it", False),
        ("influence", "now", "Too soon", False),
        ("grow", "next", None, False),
    ]


def test_a_stage_that_was_passed_over_has_no_arrival(change):
    _moved(change, ("grow", "in progress", "It grew"))
    assert [stair[:3] for stair in _stairs(change)] == [
        ("mission", "done", None),
        ("develop", "done", None),
        ("influence", "done", None),
        ("grow", "now", "It grew"),
    ]


def test_a_move_that_was_taken_back_is_not_told(cast, change):
    first, slip = _moved(change, ("develop", "chosen"), ("grow", "embedded"))
    actions.undo_move(last=slip, by=cast.practitioner)
    told = ChangeReading(change)
    assert (told.moves, change.moves.count()) == ([first], 3)
    assert [stair.arrival for stair in told.stairs] == [None, first, None, None]
    actions.undo_move(last=first, by=cast.practitioner)  # not the newest, so it stays
    assert ChangeReading(change).moves == [first]


def test_what_was_met_helped_or_got_in_the_way(change):
    help_, hinder = (
        factories.MetFactory(change=change, kind=kind) for kind in ("enabler", "barrier met")
    )
    assert ChangeReading(change).met == {"barriers": [hinder], "enablers": [help_]}
    assert ChangeReading(change).has_met is True
    change.met.update(removed_at=timezone.now())
    assert ChangeReading(change).met == {"barriers": [], "enablers": []}
    assert ChangeReading(change).has_met is False


def test_everybody_who_is_not_on_board_is_waited_for(change):
    stances = ["on board", "not asked", "against", "unsure", "warming up"]
    people = [
        factories.StakeholderFactory(change=change, stance=stance, position=position)
        for position, stance in enumerate(stances)
    ]
    factories.StakeholderFactory(change=change, removed_at=timezone.now())
    assert ChangeReading(change).waiting_for == people[1:]


def test_its_thread_begins_at_the_barriers_of_its_strand(cast, change, strand):
    barrier, removed = factories.BarrierFactory.create_batch(2, programme=cast.programme)
    strand.barriers.set([barrier, removed], through_defaults={"authority": cast.authority})
    type(removed).objects.filter(pk=removed.pk).update(removed_at=timezone.now())
    assert ChangeReading(change).barriers == [barrier]
    assert ChangeReading(_change(cast)).barriers == []
