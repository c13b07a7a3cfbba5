"""Closed surveys as the feed tells them: what `surveys.results` shows, answer by answer.

Nothing is counted here, so that the feed can never say more than the page does.
"""

from typing import Any

from programmes.models import LocalAuthority
from surveys.core import MODERATE, QuestionKind
from surveys.models import Question, SplitGroup, Survey, Tally
from surveys.results import (
    FEWEST,
    FEWEST_FOR_WORDS,
    TWO_EXTENTS,
    Results,
    Shown,
    joined_labels,
    results_of,
)

_TOO_FEW = "Fewer than five answered"
_NOT_COUNTED = "What people wrote or counted is not in the feed"


def result_rows(authority: LocalAuthority) -> list[dict[str, Any]]:
    """The oldest survey first; each question among everybody, then in groups."""
    closed = authority.surveys.closed().with_questions().order_by("closed_at", "pk")
    rows = []
    for survey in closed:
        results = results_of(survey)
        if results is not None:
            rows += _rows_of(results, _tallies(survey))
    return rows


def _tallies(survey: Survey) -> dict[Any, list[Tally]]:
    """By question, those of groups that may be shown: two-way ones need more answers."""
    tallies = (
        Tally.objects.filter(question__survey=survey, answered__gte=FEWEST)
        .exclude(group__by=SplitGroup.By.BOTH, answered__lt=FEWEST_FOR_WORDS)
        .select_related("group")
        .order_by("group__by", "group__position", "pk")
    )
    found: dict[Any, list[Tally]] = {}
    for tally in tallies:
        found.setdefault(tally.question_id, []).append(tally)
    return found


def _rows_of(results: Results, tallies: dict[Any, list[Tally]]) -> list[dict[str, Any]]:
    rows = []
    for place, shown in enumerate(results.questions, start=1):
        about = {
            "survey_id": results.survey.pk,
            "question_id": shown.question.pk,
            "place": place,
            "core": shown.question.core,
            "area": shown.question.area,
            "question": f"{shown.question.stem} {shown.question.text}".strip(),
            "asked": results.asked,
            "first_on": results.first_on,
            "last_on": results.last_on,
            "is_illustrative": bool(results.survey.illustrative),
        }
        everybody = about | {"group_by": "everybody", "group": "Everybody"}
        if shown.is_shown and shown.counts:
            rows += _answers(everybody, shown.question, shown.labels, shown.counts, shown.answered)
            for tally in tallies.get(shown.question.pk, []):
                group = about | {"group_by": tally.group.by, "group": tally.group.label}
                labels = _labels_of(tally, shown)
                rows += _answers(group, shown.question, labels, tally.counts, tally.answered)
        else:
            why = _NOT_COUNTED if shown.is_shown else _TOO_FEW
            rows.append(everybody | _nothing(why) | {"base": shown.answered or None})
    return rows


def _labels_of(tally: Tally, shown: Shown) -> list[str]:
    """Groups are counted in two extents where everybody is in four."""
    labels = joined_labels(shown.question)
    return list(TWO_EXTENTS) if len(tally.counts) != len(labels) else labels


def _answers(about: dict, question: Question, labels, counts, base: int) -> list[dict[str, Any]]:
    return [
        about
        | {
            "answer": label,
            "answer_place": place + 1,
            "is_moderate_or_large": _is_far(question, place, len(labels)),
            "count": count,
            "base": base,
            "per_cent": round(100 * count / base, 1),
            "not_shown": "",
        }
        for place, (label, count) in enumerate(zip(labels, counts, strict=True))
    ]


def _is_far(question: Question, place: int, answers: int) -> bool | None:
    if question.kind != QuestionKind.EXTENT:
        return None
    return place >= (1 if answers == len(TWO_EXTENTS) else MODERATE)


def _nothing(why: str) -> dict[str, Any]:
    names = ("answer", "answer_place", "is_moderate_or_large", "count", "base", "per_cent")
    return dict.fromkeys(names) | {"not_shown": why}
