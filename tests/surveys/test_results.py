"""Results: what may be told of a closed survey, in numbers and in sentences."""

from decimal import Decimal

import pytest

from surveys.core import core_of
from surveys.models import Survey
from surveys.results import results_of
from surveys.wording import base_of, per_cent, sentence_of
from tests import factories


def _closed(cast, kind="own", **values):
    return factories.SurveyFactory(programme=cast.programme, kind=kind, state="closed", **values)


def _ask(survey, answers, **values):
    """A question with `answers`: an option, a list of options, a number or a text each."""
    question = factories.QuestionFactory(survey=survey, **values)
    for answer in answers:
        said = {"option": None}
        if isinstance(answer, int):
            said["option"] = answer
        elif isinstance(answer, list):
            said["options"] = answer
        elif isinstance(answer, Decimal):
            said["number"] = answer
        else:
            said["text"], said["look"] = answer
        factories.SurveyAnswerFactory(question=question, **said)
    return question


def test_per_cent_has_a_decimal_only_where_that_is_all_of_it():
    said = [per_cent(*one) for one in ((7, 8), (6, 8), (8, 8), (10, 19), (399, 400), (1, 400))]
    assert said == ["87.5%", "75%", "100%", "53%", "99%", "1%"]


def test_the_sentences_of_each_kind(cast):
    """Counts lead below twenty, per cent from there on; never a rate without its base."""
    survey = _closed(cast, kind="impact", people_asked=22, people_answered=19)
    core = {one.key: one for one in core_of("impact")}

    def locked(key):
        one = core[key]
        return {"core": key, "kind": one.kind, "stem": one.stem, "text": one.text}

    _ask(survey, [3] * 3 + [2] * 5, **locked("impact-time"))
    _ask(survey, [2] * 7 + [0], is_joined=True, **locked("impact-valued"))
    _ask(survey, [2] * 14 + [0] * 8, text="Going home on time")
    _ask(survey, [1, 1, 2, 2, 3], kind="share", text="How much")
    _ask(survey, [[0, 1], [1], [1], [], [0]], kind="choices", text="Which", options=["A", "B"])
    _ask(survey, [Decimal(n) for n in (2, 4, 6, 8, 9)], kind="number", text="Hours", unit="hours")
    _ask(survey, [0] * 4, text="Hidden")
    results = results_of(survey)
    assert [sentence_of(one) for one in results.questions] == [
        "All eight people said that small changes had positively affected the time that they or"
        " their team spend in direct work with children, young people or families to a moderate or"
        " large extent (100%). Three said to a large extent, five to a moderate extent.",
        "Seven of eight people said that small changes had positively affected how valued they feel"
        " in their role to a moderate or large extent (87.5%).",
        "64% of people (14 of 22) said to a moderate or large extent, asked “Going home on time”."
        " None said to a large extent.",
        "The middle answer of five people was 20% to 30% of their working time last week, and the"
        " middle half lies between 10% to 20% and 20% to 30%.",
        "Three of five people chose “B”, asked “Which” (60%).",
        "The middle answer of five people was 6 hours, and the middle half lies between 3 and 8.5.",
        "",
    ]
    assert (results.questions[-1].answered, results.questions[-1].counts) == (0, [])
    assert base_of(results) == "19 of 22 who were asked answered; 3 didn’t"


def test_words_need_ten_who_wrote_and_somebody_who_looked(cast):
    survey = _closed(cast, people_answered=12)
    words = [(f"Words {n}", "shown") for n in range(8)]
    kept = [("Kept back", "kept back"), ("Not looked at", "")]
    _ask(survey, words + kept, kind="text", text="Ten")
    _ask(survey, [*words, ("One more", "shown")], kind="text", text="Nine")
    ten, nine = results_of(survey).questions
    assert sorted(ten.words) == [f"Words {n}" for n in range(8)]
    assert (ten.answered, nine.answered, nine.words) == (10, 0, [])


def test_groups_are_told_as_they_were_counted(cast):
    survey = _closed(cast, people_answered=4)
    question = _ask(survey, [0] * 6)
    group = factories.SplitGroupFactory(survey=survey, by="team", label="Team A")
    factories.TallyFactory(question=question, group=group, answered=6, counts=[6, 0])
    factories.SplitGroupFactory(survey=survey, by="work", label="Practitioners")
    results = results_of(survey)
    (shown,) = results.questions
    told = {
        by: [(one.group.label, one.answered, one.counts) for one in groups]
        for by, groups in shown.groups.items()
    }
    assert told == {"team": [("Team A", 6, [6, 0])]}
    assert shown.groups["team"][0].labels == [
        "Not at all or to a small extent",
        "To a moderate or large extent",
    ]
    # Of four people not even the number is told.
    assert (results.answered, base_of(results)) == (0, "Too few people answered to show it")


@pytest.mark.parametrize("state", ["draft", "open"])
def test_nothing_is_told_before_the_close(cast, state):
    survey = factories.SurveyFactory(programme=cast.programme, state=state)
    assert results_of(Survey.objects.get(pk=survey.pk)) is None
