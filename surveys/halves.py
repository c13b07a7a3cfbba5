"""A group's answers joined into two, so that one voice can't stand out (`ux.md` 6).

Of no group anything finer is kept or told.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from surveys.core import MODERATE, SCALE, SHARES, QuestionKind
from surveys.models import Question, SurveyAnswer

TWO_EXTENTS = ("Not at all or to a small extent", "To a moderate or large extent")
TWO_SHARES = ("Less than 20%", "20% or more")


@dataclass(frozen=True)
class Halves:
    """From the place `cut` on, an answer counts in the second."""

    cut: int
    labels: tuple[str, str]

    def counts_of(self, answers: Iterable[SurveyAnswer]) -> list[int]:
        chosen = [int(one.option >= self.cut) for one in answers if one.option is not None]
        return [chosen.count(0), chosen.count(1)]


_OF_KIND = {
    QuestionKind.EXTENT: Halves(MODERATE, TWO_EXTENTS),
    QuestionKind.SHARE: Halves(SHARES.index("20% to 30%"), TWO_SHARES),
    QuestionKind.SCALE: Halves(SCALE.index("4"), ("1 to 3", "4 or 5")),
}


def halves_of(question: Question) -> Halves | None:
    """None of words and numbers, and where nothing says which of several answers to join."""
    if question.kind == QuestionKind.CHOICE and len(question.options) == 2:
        return Halves(1, (question.options[0], question.options[1]))
    return _OF_KIND.get(QuestionKind(question.kind))
