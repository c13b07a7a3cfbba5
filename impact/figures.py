"""What surveys of one authority came to, as sentences that lead to their question.

The report, the feed and the Impact page all begin here, so that a figure is the same in each.
"""

from dataclasses import dataclass
from datetime import date

from programmes.models import LocalAuthority
from surveys.models import Question, Survey
from surveys.results import Results, Shown, results_of_all
from surveys.wording import base_of, sentence_of, when_of


@dataclass(frozen=True)
class Figure:
    """One question of one closed survey, as it may be told.

    `sentence` counts people first where they are few; `base` says who answered; `when` is the days,
    or where it was published. `anchor` is its place on the Impact page.
    """

    results: Results
    shown: Shown

    @property
    def survey(self) -> Survey:
        return self.results.survey

    @property
    def question(self) -> Question:
        return self.shown.question

    @property
    def sentence(self) -> str:
        return sentence_of(self.shown)

    @property
    def n(self) -> int:
        return self.shown.answered

    @property
    def asked(self) -> int | None:
        return self.results.asked

    @property
    def base(self) -> str:
        return base_of(self.results)

    @property
    def when(self) -> str:
        return when_of(self.results)

    @property
    def first_on(self) -> date:
        return self.results.first_on

    @property
    def last_on(self) -> date:
        return self.results.last_on

    @property
    def anchor(self) -> str:
        return f"#q-{self.question.pk}"


def results_in(authority: LocalAuthority) -> list[Results]:
    """Of every closed survey that stands, the newest first. Four queries, however many they are."""
    surveys = authority.surveys.closed().order_by("-closed_at", "-created_at", "pk")
    return list(results_of_all(surveys).values())


def figures_in(results: list[Results]) -> list[Figure]:
    """Those that have a sentence: shown, and not in people's own words."""
    figures = [Figure(one, shown) for one in results for shown in one.questions]
    return [figure for figure in figures if figure.sentence]
