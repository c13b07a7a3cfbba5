"""Sentences that the data of surveys says, each with what it rests on."""

from dataclasses import dataclass, field

from impact.basis import Basis, capital
from impact.figures import Figure, figures_in, results_in
from impact.models import ReportSentence
from programmes.models import Programme
from programmes.wording import in_words
from surveys.core import QuestionKind
from surveys.models import Survey
from surveys.results import FEW, FEWEST, FEWEST_FOR_WORDS, Results
from surveys.wording import days_of

# The one question of the core set that is about time with families, beside the pulse.
_TIME = "impact-time"
_RULES = (
    (
        "small-groups",
        f"We tell nothing of fewer than {in_words(FEWEST)} answers, and people’s own words only"
        f" where at least {in_words(FEWEST_FOR_WORDS)} wrote some. Groups that are too small are"
        " told together.",
    ),
    (
        "small-numbers",
        f"Where fewer than {FEW} people answered we count people first: one person more or less"
        " would move a percentage a long way.",
    ),
    (
        "no-proof",
        "These numbers say what people told us, when. They can’t say that small changes alone"
        " brought it about.",
    ),
)


@dataclass(frozen=True)
class Drafted:
    """A sentence as the data says it. `key` is the same whenever it is drafted."""

    key: str
    text: str
    rests_on: list[Basis] = field(default_factory=list)
    kind: str = ReportSentence.Kind.DATA
    made_up: str = ""


@dataclass(frozen=True)
class FromSurveys:
    people: list[Drafted]
    families: list[Drafted]
    numbers: list[Drafted]


def from_surveys(programme: Programme) -> FromSurveys:
    """Four queries, however many surveys there are."""
    results = [
        one for one in results_in(programme.authority) if one.survey.programme_id == programme.pk
    ]
    figures = figures_in(results)
    families = [one for one in figures if _is_about_families(one)]
    people = [one for one in figures if not _is_about_families(one)]
    numbers = [_asked(one) for one in results] if results else []
    return FromSurveys(
        people=[_figure(one) for one in people],
        families=[_figure(one) for one in families],
        numbers=[*numbers, *(_rule(*one) for one in _RULES if numbers)],
    )


def _is_about_families(figure: Figure) -> bool:
    return figure.question.core == _TIME or figure.question.kind == QuestionKind.SHARE


def _figure(figure: Figure) -> Drafted:
    survey, question = figure.survey, figure.question
    text = figure.sentence
    if survey.moment != Survey.Moment.AFTER or survey.kind != Survey.Kind.IMPACT:
        text = f"{survey.get_moment_display()}: {text[:1].lower()}{text[1:]}"
    made_up = survey.illustrative or question.illustrative
    basis = Basis(
        kind="survey",
        ids=[str(survey.pk), str(question.pk)],
        what=f"“{' '.join(filter(None, (question.stem, question.text)))}”",
        n=figure.n,
        asked=figure.asked if figure.asked and figure.asked >= figure.n else None,
        first_on=figure.first_on.isoformat(),
        last_on=figure.last_on.isoformat(),
        labels=figure.shown.labels if figure.shown.counts else [],
        counts=figure.shown.counts,
        core=question.core,
        moment=survey.moment,
        title=survey.title,
        source=survey.source,
        made_up=made_up,
    )
    return Drafted(f"question:{question.pk}", text, [basis], made_up=made_up)


def _asked(results: Results) -> Drafted:
    """Of one survey: who was asked, who answered, who did not, and when."""
    survey = results.survey
    days = days_of(results.first_on, results.last_on)
    when = f"published in {survey.source}" if survey.source else days
    if results.answered < FEWEST:
        said = f"fewer than {in_words(FEWEST)} people answered, so nothing of it is told"
    elif results.asked is None:
        said = f"{in_words(results.answered)} people answered; how many were asked isn’t known"
    elif results.asked == results.answered:
        said = f"all {in_words(results.answered)} people who were asked answered"
    else:
        silent = results.asked - results.answered
        said = (
            f"{in_words(results.answered)} of {in_words(results.asked)} people who were asked"
            f" answered, and {in_words(silent)} didn’t"
        )
    text = f"“{survey.title}” ({survey.get_moment_display().lower()}, {when}): {said}."
    basis = Basis(
        kind="survey",
        ids=[str(survey.pk)],
        what=capital(survey.get_kind_display()),
        first_on=results.first_on.isoformat(),
        last_on=results.last_on.isoformat(),
        made_up=survey.illustrative,
    )
    return Drafted(f"survey:{survey.pk}", text, [basis], made_up=survey.illustrative)


def _rule(key: str, text: str) -> Drafted:
    return Drafted(f"rule:{key}", text)
