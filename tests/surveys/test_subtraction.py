"""Somebody adds and subtracts what a survey's results tell, to work out what a small group said.

They know who is in which team, what everybody's work is and who answered what, and have every
figure of two waves. What they can have is every sum of what is told, with any factors: a vector
space over the people. A group is worked out where a vector is there that is 0 for all others. Exact
rational numbers; nothing here knows of the graph by which `surveys.groups` chooses.
"""

from fractions import Fraction
from itertools import product

from hypothesis import example, given, settings
from hypothesis import strategies as st

from surveys.groups import FEWEST, FEWEST_OF_BOTH, Groups, choose

TEAMS, WORKS = "ABCD", ("practitioner", "manager", "")
CELLS = list(product(TEAMS, WORKS))


def _told(groups: Groups, cells: dict) -> tuple[list[list[int]], bool]:
    """The sums that are told of one question, each by the people it counts, by cell; filters too.

    And whether cells of both are among them.
    """
    rows = []
    if sum(cells.values()) < FEWEST:
        return rows, False
    rows.append([1] * len(CELLS))
    teams = groups.teams if groups.team_holds(cells) else ()
    works = groups.works if groups.work_holds(cells) else ()
    rows += [[int(team in group) for team, _ in CELLS] for group in teams]
    rows += [[int(work in group) for _, work in CELLS] for group in works]
    both = groups.both_hold(cells)
    if both:
        rows += [
            [int(team in some and work in others) for team, work in CELLS]
            for some, others in product(teams, works)
        ]
    return rows, both


def _rank(rows: list[list[int]]) -> int:
    left = [[Fraction(value) for value in row] for row in rows]
    rank = 0
    for column in range(len(left[0]) if left else 0):
        pivot = next((row for row in left[rank:] if row[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        left.insert(rank, pivot)
        for at, row in enumerate(left):
            if at != rank and row[column]:
                factor = row[column] / pivot[column]
                left[at] = [one - factor * other for one, other in zip(row, pivot, strict=True)]
        rank += 1
    return rank


def _smallest_had(rows: list[list[int]], cells: dict, below: int) -> int:
    """Of how many people, fewer than `below`, the smallest group is that can be had; else 0.

    Cells that every told sum counts alike can only be had together. A vector that is 0 outside some
    columns is there exactly if the other columns alone have a lower rank.
    """
    alike: dict[tuple, int] = {}
    for column, people in zip(zip(*rows, strict=True), (cells[one] for one in CELLS), strict=True):
        if people:
            alike[column] = alike.get(column, 0) + people
    columns, weights = list(alike), list(alike.values())
    whole, smallest = _rank([list(row) for row in zip(*columns, strict=True)]), 0

    def tried(at: int, taken: list[int], people: int) -> None:
        nonlocal smallest
        if taken:
            others = [one for index, one in enumerate(columns) if index not in taken]
            rest = [list(row) for row in zip(*others, strict=True)] if others else []
            if _rank(rest) < whole:
                smallest = min(smallest or people, people)
                return
        for index in range(at, len(columns)):
            if people + weights[index] < below:
                tried(index + 1, [*taken, index], people + weights[index])

    tried(0, [], 0)
    return smallest


def _table(most: int):
    people = st.one_of(st.just(0), st.integers(1, 6), st.integers(0, most))
    return st.fixed_dictionaries(dict.fromkeys(CELLS, people))


SKIPPED = st.lists(
    st.fixed_dictionaries({cell: st.integers(0, 2) for cell in CELLS}), min_size=1, max_size=3
)


def _answered(table: dict, skipped: list[dict]) -> list[dict]:
    """Who answered each question: everybody the first, and fewer the others."""
    fewer = [{cell: max(0, table[cell] - skip[cell]) for cell in CELLS} for skip in skipped]
    return [table, *fewer]


def _broken(questions: list[dict]) -> list[int]:
    """Of how many people the groups are that can be had of a wave, and must not."""
    groups = choose(questions)
    broken = []
    for cells in questions:
        rows, has_both = _told(groups, cells)
        below = FEWEST_OF_BOTH if has_both else FEWEST
        if rows and (had := _smallest_had(rows, cells, below)):
            broken.append(had)
    return broken


WAVE = st.tuples(_table(30), SKIPPED)


@settings(max_examples=60, deadline=None)
@given(before=WAVE, after=WAVE)
@example(
    # Each team and each work has enough, and their difference would be three managers of A.
    before=(
        dict.fromkeys(CELLS, 0)
        | {("A", "practitioner"): 8, ("A", "manager"): 3, ("B", "practitioner"): 0}
        | {("B", "manager"): 9},
        [dict.fromkeys(CELLS, 0)],
    ),
    after=(dict.fromkeys(CELLS, 12), [dict.fromkeys(CELLS, 2)]),
)
def test_no_group_of_one_to_four_and_no_crossing_of_one_to_nine_can_be_had(before, after):
    """Two waves share no unknown, even of one person: all their sums are a direct sum of spaces,
    whose smallest groups are those of one.
    """
    assert [_broken(_answered(*wave)) for wave in (before, after)] == [[], []]


def test_the_attack_finds_what_would_be_told_without_care():
    """Else the test above would hold nothing that could be seen."""
    careless = Groups(
        teams=tuple(frozenset(team) for team in "AB"),
        works=(frozenset(["practitioner"]), frozenset(["manager"])),
    )
    cells = dict.fromkeys(CELLS, 0) | {
        ("A", "practitioner"): 8,
        ("A", "manager"): 3,
        ("B", "manager"): 9,
    }
    rows = [
        [1] * len(CELLS),
        *([int(team in group) for team, _ in CELLS] for group in careless.teams),
        *([int(work in group) for _, work in CELLS] for group in careless.works),
    ]
    assert _smallest_had(rows, cells, FEWEST) == 3
    assert (careless.team_holds(cells), careless.work_holds(cells)) == (True, False)


def test_what_can_be_told_is_told():
    """Hiding everything would be safe too."""
    full = dict.fromkeys(CELLS, 12)
    found = choose([full])
    assert (len(found.teams), len(found.works)) == (4, 3)
    assert found.both_hold(full)
    # Five supporters in one team: joined with the next smallest, and still by team and by work.
    few = dict.fromkeys(CELLS, 6) | {("D", work): 1 for work in WORKS}
    found = choose([few])
    assert sorted(map(sorted, found.teams)) == [["A", "D"], ["B"], ["C"]]
    assert len(found.works) == 3
    assert (found.work_holds(few), found.both_hold(few), found.small) == (True, False, {"D"})
