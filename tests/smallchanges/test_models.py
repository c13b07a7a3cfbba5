"""What lists ask of strands and small changes, and what a move says of itself."""

from datetime import UTC, datetime, timedelta

import pytest

from smallchanges.models import NO_STRAND, SORTS, MissionStrand, Move, SmallChange, Stage
from tests import factories

THEN = datetime(2026, 1, 5, 9, tzinfo=UTC)


def _change(cast, title, **values):
    return factories.SmallChangeFactory(programme=cast.programme, title=title, **values)


def _move(change, days: int, **values):
    places = {"from_stage": "mission", "to_stage": "develop"}
    places |= {"from_status": "proposed", "to_status": "proposed"}
    return Move.objects.create(
        authority=change.authority,
        change=change,
        at=THEN + timedelta(days=days),
        **places | values,
    )


def _titles(found) -> list[str]:
    return [change.title for change in found]


# --- what a move says


@pytest.mark.parametrize(
    ("values", "said", "back"),
    [
        ({}, "moved to Develop.", False),
        ({"to_status": "chosen"}, "moved to Develop and was chosen.", False),
        (
            {"from_stage": "grow", "to_stage": "influence", "to_status": "in progress"},
            "went back to Influence and is under way.",
            True,
        ),
        ({"to_stage": "mission", "to_status": "paused"}, "is resting for now.", False),
        (
            {"to_stage": "mission", "to_status": "stopped"},
            "has stopped, and keeps what it taught.",
            False,
        ),
        ({"to_stage": "grow", "to_status": "embedded"}, "moved to Grow and is how we work now.", 0),
        (
            {"to_stage": "mission", "from_status": "chosen", "to_status": "proposed"},
            "is an idea again.",
            False,
        ),
    ],
)
def test_a_move_says_what_happened(values, said, back):
    places = {"from_stage": "mission", "to_stage": "develop"}
    places |= {"from_status": "proposed", "to_status": "proposed"}
    move = Move(**places | values)
    assert (move.what_happened, move.goes_back) == (said, bool(back))


def test_stages_are_numbered():
    assert [stage.number for stage in Stage] == [1, 2, 3, 4]


# --- lists of changes


def test_living_changes_are_chosen_and_not_stopped(cast):
    for status in ("proposed", "chosen", "in progress", "paused", "stopped"):
        _change(cast, status, status=status)
    _change(cast, "embedded", status="embedded", stage="grow")
    assert sorted(_titles(SmallChange.objects.living())) == [
        *("chosen", "embedded", "in progress", "paused")
    ]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["Minutes", "Quiet hour", "Shoes"]),
        ({"q": "HOUR"}, ["Quiet hour"]),
        ({"q": "write less"}, ["Minutes"]),
        ({"q": "%"}, []),
        ({"stage": "grow"}, ["Shoes"]),
        ({"status": "chosen"}, ["Minutes"]),
        ({"gift": "beyond us"}, ["Shoes"]),
        ({"strand": NO_STRAND}, ["Shoes"]),
        ({"q": "m", "gift": "ours"}, ["Minutes"]),
        ({"q": "s", "gift": "beyond us", "stage": "mission"}, []),
    ],
)
def test_a_filter_finds_what_fits_all_of_it(cast, change, wanted, found):
    _change(cast, "Minutes", strand=change.strand, purpose="So that we write less", status="chosen")
    _change(cast, "Shoes", stage="grow", gift="beyond us")
    assert sorted(_titles(SmallChange.objects.matching(**wanted))) == found


def test_a_strand_and_a_team_find_their_changes_once(cast, change, strand):
    north, south = factories.TeamFactory.create_batch(2, authority=cast.authority)
    change.teams.set([north, south], through_defaults={"authority": cast.authority})
    _change(cast, "Elsewhere")
    found = SmallChange.objects.matching
    assert _titles(found(strand=str(strand.pk))) == ["Quiet hour"]
    assert _titles(found(team=str(north.pk))) == ["Quiet hour"]
    assert _titles(found(team=str(south.pk), strand=NO_STRAND)) == []


def test_a_change_last_moved_when_it_passed_the_gate_or_was_written(cast, change):
    _move(change, days=1)
    _move(change, days=3, from_stage="develop", to_stage="influence")
    unmoved = _change(cast, "Unmoved")
    moved = {row.title: row.moved_at for row in SmallChange.objects.for_list()}
    assert moved == {"Quiet hour": THEN + timedelta(days=3), "Unmoved": unmoved.created_at}


def test_the_list_goes_by_strands_and_stages(cast):
    second, first = (
        factories.MissionStrandFactory(programme=cast.programme, position=position)
        for position in (5, 2)
    )
    for title, values in {
        "4": {"strand": second},
        "3": {"strand": first, "stage": "grow"},
        "1": {"strand": first, "stage": "mission"},
        "2": {"strand": first, "stage": "develop"},
        "5": {"strand": None},
    }.items():
        _change(cast, title, **values)
    assert _titles(SmallChange.objects.for_list()) == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize(
    ("column", "up"),
    [
        ("title", ["apples", "Pears", "Plums"]),
        ("strand", ["Plums", "Pears", "apples"]),
        ("stage", ["Pears", "apples", "Plums"]),
        ("status", ["Plums", "Pears", "apples"]),
        ("gift", ["apples", "Plums", "Pears"]),
        ("moved", ["Pears", "Plums", "apples"]),
    ],
)
def test_the_table_is_sorted_by_any_column_either_way(cast, column, up):
    """By the order of stages, statuses and gifts, not by the alphabet; no strand comes last."""
    first, second = (
        factories.MissionStrandFactory(programme=cast.programme, position=position)
        for position in (0, 1)
    )
    pears = _change(
        cast, "Pears", strand=second, stage="mission", status="in progress", gift="beyond us"
    )
    plums = _change(
        cast, "Plums", strand=first, stage="grow", status="chosen", gift="needs sponsorship"
    )
    apples = _change(cast, "apples", stage="develop", status="stopped", gift="ours")
    for days, change in enumerate([pears, plums, apples]):
        _move(change, days=days)
    rows = SmallChange.objects.for_list()
    assert _titles(rows.sorted_by(column)) == up
    down = up[::-1] if column != "strand" else ["Pears", "Plums", "apples"]
    assert _titles(rows.sorted_by(column, down=True)) == down
    assert column in SORTS


# --- lists of strands


def test_a_strand_counts_what_stands(cast, strand):
    barriers = factories.BarrierFactory.create_batch(2, programme=cast.programme)
    merged = factories.BarrierFactory(programme=cast.programme, merged_into=barriers[0])
    removed = factories.BarrierFactory(programme=cast.programme, removed_at=THEN)
    strand.barriers.set(
        [*barriers, merged, removed], through_defaults={"authority": cast.authority}
    )
    for title, status in {"1": "proposed", "2": "stopped", "3": "chosen"}.items():
        _change(cast, title, strand=strand, status=status)
    factories.MissionStrandFactory(programme=cast.programme, removed_at=THEN)
    (row,) = MissionStrand.objects.for_list()
    assert (row.barriers_count, row.changes_count) == (2, 3)


def test_rows_know_their_siblings(cast, strand, change):
    later = factories.MissionStrandFactory(programme=cast.programme, position=2)
    factories.MissionStrandFactory(programme=cast.programme, removed_at=THEN)
    factories.MissionStrandFactory(programme=cast.other_programme)
    assert list(strand.siblings()) == [strand, later]
    second, first = (factories.StepFactory(change=change, position=position) for position in (4, 1))
    factories.StepFactory(change=change, removed_at=THEN)
    factories.StepFactory(change=_change(cast, "Elsewhere"))
    assert list(first.siblings()) == [first, second]
