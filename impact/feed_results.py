"""Closed surveys as the feed tells them: what `surveys.results` shows, answer by answer.

Nothing is counted here, so that the feed can never say more than the page does.
"""

from typing import Any

from programmes.models import LocalAuthority
from surveys.core import MODERATE, QuestionKind
from surveys.models import Question
from surveys.results import TWO_EXTENTS, Results, results_of_all

_TOO_FEW = "Fewer than five answered"
_NOT_COUNTED = "What people wrote or counted is not in the feed"


def result_rows(authority: LocalAuthority) -> list[dict[str, Any]]:
    """The oldest survey first; each question among everybody, then in groups."""
    closed = authority.surveys.closed().with_questions().order_by("closed_at", "pk")
    return [row for results in results_of_all(closed).values() for row in _rows_of(results)]


def _rows_of(results: Results) -> list[dict[str, Any]]:
    rows = []
    # A survey that was published elsewhere has no days of its own.
    first_on, last_on = (
        (None, None) if results.survey.source else (results.first_on, results.last_on)
    )
    for place, shown in enumerate(results.questions, start=1):
        about = {
            "survey_id": results.survey.pk,
            "question_id": shown.question.pk,
            "place": place,
            "core": shown.question.core,
            "area": shown.question.area,
            "question": f"{shown.question.stem} {shown.question.text}".strip(),
            "asked": results.asked,
            "first_on": first_on,
            "last_on": last_on,
            "is_illustrative": bool(results.survey.illustrative),
        }
        everybody = about | {"group_by": "everybody", "group": "Everybody"}
        if shown.is_shown and shown.counts:
            rows += _answers(everybody, shown.question, shown.labels, shown.counts, shown.answered)
            for by, groups in shown.groups.items():
                for told in groups:
                    group = about | {"group_by": by, "group": told.group.label}
                    rows += _answers(group, shown.question, told.labels, told.counts, told.answered)
        else:
            why = _NOT_COUNTED if shown.is_shown else _TOO_FEW
            rows.append(everybody | _nothing(why) | {"base": shown.answered or None})
    return rows


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
