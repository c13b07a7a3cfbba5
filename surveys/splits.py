"""What is kept of a closing survey's splits: groups, how they are called, and counts of each."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from surveys import groups
from surveys.groups import Groups
from surveys.halves import Halves, halves_of
from surveys.models import Question, SplitGroup, Survey, SurveyAnswer, Tally, Work

_NO_TEAM, _NO_WORK = "People who named no team", "People who didn’t say what they do"
_LONGEST = 200


@dataclass(frozen=True)
class _Part:
    """One group to be written, and whose answers count in it: its teams and its works."""

    by: SplitGroup.By
    label: str
    joined_because: str
    teams: frozenset | None
    works: frozenset | None

    def holds(self, answer: SurveyAnswer) -> bool:
        in_team = self.teams is None or answer.team_id in self.teams
        return in_team and (self.works is None or answer.work in self.works)


def write_splits(survey: Survey, answers: list[SurveyAnswer]) -> None:
    """Write `SplitGroup` and `Tally` of a survey that is closing, from its answers of then."""
    halves = {one: found for one in survey.questions.all() if (found := halves_of(one))}
    questions = list(halves)
    given: dict = defaultdict(list)
    for answer in answers:
        given[answer.question_id].append(answer)
    cells = {
        one.pk: Counter(
            (
                answer.team_id if survey.asks_team else None,
                answer.work if survey.asks_work else "",
            )
            for answer in given[one.pk]
        )
        for one in questions
    }
    chosen = groups.choose(list(cells.values()))
    names = _names(answers)
    for position, part in enumerate(_parts(chosen, names)):
        tallies = [
            tally
            for question in questions
            if _may_tell(chosen, part.by, cells[question.pk])
            and (tally := _tally(question, halves[question], part, given[question.pk]))
        ]
        if tallies:
            group = SplitGroup.objects.create(
                authority_id=survey.authority_id,
                survey=survey,
                by=part.by,
                label=part.label,
                joined_because=part.joined_because,
                position=position,
                illustrative=survey.illustrative,
            )
            for tally in tallies:
                tally.group = group
            Tally.objects.bulk_create(tallies)


def _may_tell(chosen: Groups, by: str, cells: groups.Cells) -> bool:
    if sum(cells.values()) < groups.FEWEST:
        return False
    holds = {
        SplitGroup.By.TEAM: chosen.team_holds,
        SplitGroup.By.WORK: chosen.work_holds,
        SplitGroup.By.BOTH: chosen.both_hold,
    }
    return holds[SplitGroup.By(by)](cells)


def _tally(
    question: Question, halves: Halves, part: _Part, answers: list[SurveyAnswer]
) -> Tally | None:
    """None of a group in which nobody answered."""
    inside = [one for one in answers if part.holds(one)]
    if not inside:
        return None
    return Tally(
        authority_id=question.authority_id,
        question=question,
        answered=len(inside),
        counts=halves.counts_of(inside),
        illustrative=question.illustrative,
    )


# --- in words


def _names(answers: Iterable[SurveyAnswer]) -> dict:
    """What each team and each work is called."""
    names: dict = {None: _NO_TEAM, "": _NO_WORK, **{one.value: one.label for one in Work}}
    names.update({one.team_id: one.team.name for one in answers if one.team is not None})
    return names


def _parts(chosen: Groups, names: dict) -> list[_Part]:
    by = SplitGroup.By
    order = {key: position for position, key in enumerate(["practitioner", "manager"])}

    def sorted_by_name(partition: groups.Partition) -> list[groups.Group]:
        return sorted(
            partition,
            key=lambda group: (
                min(order.get(key, 2) for key in group),
                None in group or "" in group,
                _label(group, names),
            ),
        )

    teams, works = sorted_by_name(chosen.teams), sorted_by_name(chosen.works)
    parts = [
        _Part(by.TEAM, _label(one, names), _because(one, chosen, names), one, None) for one in teams
    ]
    parts += [
        _Part(by.WORK, _label(one, names), _because(one, chosen, names), None, one) for one in works
    ]
    parts += [
        _Part(by.BOTH, f"{_label(team, names)}: {_label(work, names)}", "", team, work)
        for team in teams
        for work in works
    ]
    return parts


def _label(group: groups.Group, names: dict) -> str:
    first, *others = sorted((names[key] for key in group), key=_unsaid_last)
    return _listed([first, *(_inside(name) for name in others)])


def _inside(name: str) -> str:
    """As it reads within a sentence: a team's own name stays as it is."""
    return f"{name[0].lower()}{name[1:]}" if name in (_NO_TEAM, _NO_WORK) else name


def _because(group: groups.Group, chosen: Groups, names: dict) -> str:
    if len(group) == 1:
        return ""
    small = sorted((names[key] for key in group & chosen.small), key=_unsaid_last)
    others = sorted((names[key] for key in group - chosen.small), key=_unsaid_last)
    if not small:
        return (
            "Joined because with the other figures a few people’s answers could be worked out"
            " if they stood apart."
        )
    if not others:
        return "Only a few people answered in each of these, so they’re joined."
    few, many = _listed(small), _listed([_inside(name) for name in others])
    if not {_NO_TEAM, _NO_WORK} & set(small):
        return f"Only a few people in {few} answered, so they’re joined with {many}."[:300]
    if len(small) == 1:
        return f"Only a few {_inside(few)} answered, so they’re joined with {many}."[:300]
    return "Only a few people answered in some of these, so they’re joined."


def _unsaid_last(name: str) -> tuple[bool, str]:
    return name in (_NO_TEAM, _NO_WORK), name


def _listed(names: list[str]) -> str:
    """“A, B and C”; the last ones only counted where that would be too long."""
    told, left = list(names), 0
    while len(told) > 1 and len(", ".join(told)) > _LONGEST // 2:
        told.pop()
        left += 1
    if left:
        return f"{', '.join(told)} and {left} more"
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
