"""Which groups of a survey's people may be told apart, so that no small one can be worked out.

Told are, of each question: everybody together, a partition by team and one by what people do, each
with small groups joined, and both crossed only where every crossing holds `FEWEST_OF_BOTH`. Whoever
reads them can add and subtract. Let team groups and work groups be the nodes of a graph, with an
edge for each crossing where somebody is, as heavy as people are there. Any sum of what is told
gives the people of an edge the weight x(team) + y(work), and the people whose weight is not 0 are
those on the edges between nodes of different worth, taken with x and -y: at least one cut of the
graph. Every cut can be had. So nobody can work out a group of one to four exactly if no cut of one
to four people is there, which the lightest cut of each connected part tells (Stoer and Wagner, "A
simple min-cut algorithm", 1997). Where it is lighter, work is joined further, and else teams.

Groups are chosen once for a survey, and hold for what each question was answered by, since people
leave some out: a question that breaks them is not split.

A second wave adds nothing to work with: its answers are other unknowns, even of the same people,
and no row says who is in both. To subtract one wave from another one has to know that everybody but
one answered as before, and then knows more than any figure here tells. Nor are there steps of one
wave: results come out at the close, once.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from surveys.core import FEWEST

FEWEST_OF_BOTH = 10
# Groups are chosen to hold for the questions that so many of the most answered one's answered.
_NEARLY_ALL = 0.8

# Of one question: how many people answered, by their team and their work.
type Cells = Mapping[tuple[Hashable, Hashable], int]
type Group = frozenset
type Partition = tuple[Group, ...]


@dataclass(frozen=True)
class Groups:
    """`small` are the team or work keys that had too few."""

    teams: Partition = ()
    works: Partition = ()
    small: frozenset = field(default_factory=frozenset)

    def team_holds(self, cells: Cells) -> bool:
        return bool(self.teams) and _all_large(self.teams, _by_team(cells))

    def work_holds(self, cells: Cells) -> bool:
        """Beside what is told by team, if that is."""
        if not self.works or not _all_large(self.works, _by_work(cells)):
            return False
        return not self.team_holds(cells) or is_safe(self.teams, self.works, cells)

    def both_hold(self, cells: Cells) -> bool:
        if not (self.team_holds(cells) and self.work_holds(cells)):
            return False
        crossed = crossings(self.teams, self.works, cells).values()
        return all(people >= FEWEST_OF_BOTH for people in crossed)


def choose(questions: Sequence[Cells]) -> Groups:
    """The finest groups that we find for a survey whose questions were answered by these people.

    A partition of one group says no more than everybody together, and is left out.
    """
    most = max((sum(cells.values()) for cells in questions), default=0)
    main = [cells for cells in questions if sum(cells.values()) >= most * _NEARLY_ALL]
    if most < FEWEST:
        return Groups()
    by_team, by_work = [_by_team(one) for one in main], [_by_work(one) for one in main]
    small = frozenset(
        key for counts in (*by_team, *by_work) for key, people in counts.items() if people < FEWEST
    )
    teams, works = _joined(by_team), _joined(by_work)
    if len(teams) > 1 and len(works) > 1:
        teams, works = _made_safe(teams, works, main)
    return Groups(
        teams=teams if len(teams) > 1 else (),
        works=works if len(works) > 1 else (),
        small=small,
    )


def is_safe(teams: Partition, works: Partition, cells: Cells) -> bool:
    """Whether nothing of one to four people can be worked out of both partitions together."""
    return _lightest_cut(crossings(teams, works, cells)) >= FEWEST


def crossings(teams: Partition, works: Partition, cells: Cells) -> dict[tuple[Group, Group], int]:
    """How many are in each team group and work group at once; none where nobody is."""
    team_of = {key: group for group in teams for key in group}
    work_of = {key: group for group in works for key in group}
    crossed: dict[tuple[Group, Group], int] = defaultdict(int)
    for (team, work), people in cells.items():
        if people:
            crossed[team_of.get(team, frozenset()), work_of.get(work, frozenset())] += people
    return dict(crossed)


def _made_safe(
    teams: Partition, works: Partition, main: list[Cells]
) -> tuple[Partition, Partition]:
    """Join work until both can be told, else teams; else only teams are."""

    def safe_with(tried: Partition) -> float:
        return min(_lightest_cut(crossings(teams, tried, cells)) for cells in main)

    def safe_beside(tried: Partition) -> float:
        return min(_lightest_cut(crossings(tried, works, cells)) for cells in main)

    if coarser := _coarsened(works, safe_with):
        return teams, coarser
    if coarser := _coarsened(teams, safe_beside):
        return coarser, works
    return teams, ()


def _coarsened(groups: Partition, lightest: Callable[[Partition], float]) -> Partition:
    """Join two at a time, those that help most, until it is safe; empty where two groups aren't."""
    while len(groups) > 1:
        if lightest(groups) >= FEWEST:
            return groups
        tried = [
            (*(one for one in groups if one not in pair), pair[0] | pair[1])
            for pair in combinations(groups, 2)
        ]
        groups = max(tried, key=lightest)
    return ()


def _joined(counts: Sequence[Mapping]) -> Partition:
    """Each key by itself, and those with too few joined: the smallest with the next smallest."""
    groups = [frozenset([key]) for key in sorted({key for one in counts for key in one}, key=str)]

    def fewest(group: Group) -> int:
        """Of the questions that any of them answered."""
        sums = [sum(one.get(key, 0) for key in group) for one in counts]
        return min((people for people in sums if people), default=0)

    while len(groups) > 1:
        groups.sort(key=fewest)
        if fewest(groups[0]) >= FEWEST:
            break
        groups[:2] = [groups[0] | groups[1]]
    return tuple(groups)


def _all_large(groups: Partition, counts: Mapping) -> bool:
    sums = [sum(counts.get(key, 0) for key in group) for group in groups]
    told = {key for group in groups for key in group}
    return all(key in told for key in counts) and all(
        people == 0 or people >= FEWEST for people in sums
    )


def _by_team(cells: Cells) -> dict:
    return _summed((team, people) for (team, _), people in cells.items())


def _by_work(cells: Cells) -> dict:
    return _summed((work, people) for (_, work), people in cells.items())


def _summed(pairs: Iterable[tuple[Hashable, int]]) -> dict:
    sums: dict = defaultdict(int)
    for key, people in pairs:
        if people:
            sums[key] += people
    return dict(sums)


# --- the lightest cut


def _lightest_cut(crossed: Mapping[tuple[Group, Group], int]) -> float:
    """Over every connected part; without end where no part can be cut, since nobody is there."""
    heavy: dict[tuple, dict[tuple, int]] = defaultdict(dict)
    for (team, work), people in crossed.items():
        heavy["team", team]["work", work] = people
        heavy["work", work]["team", team] = people
    lightest = float("inf")
    while heavy:
        part = _part_of(next(iter(heavy)), heavy)
        lightest = min(lightest, _stoer_wagner({node: dict(heavy.pop(node)) for node in part}))
    return lightest


def _part_of(node: tuple, heavy: Mapping[tuple, Mapping[tuple, int]]) -> list[tuple]:
    """Whatever hangs together with `node`."""
    found, waiting = {node}, [node]
    while waiting:
        for other in heavy[waiting.pop()]:
            if other not in found:
                found.add(other)
                waiting.append(other)
    return list(found)


def _stoer_wagner(heavy: dict[tuple, dict[tuple, int]]) -> float:
    """Of one connected part, with the weights both ways; takes `heavy` apart."""
    lightest = float("inf")
    while len(heavy) > 1:
        # The node that hangs together most with those taken before comes next.
        pull = dict.fromkeys(heavy, 0)
        order: list[tuple] = []
        cut = 0
        while pull:
            node = max(pull, key=lambda one: pull[one])
            cut = pull.pop(node)
            order.append(node)
            for other, people in heavy[node].items():
                if other in pull:
                    pull[other] += people
        lightest = min(lightest, cut)
        last, before = order[-1], order[-2]
        for other, people in heavy.pop(last).items():
            del heavy[other][last]
            if other != before:
                heavy[before][other] = heavy[before].get(other, 0) + people
                heavy[other][before] = heavy[before][other]
    return lightest
