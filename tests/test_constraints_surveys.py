"""SQL cannot write down what surveys refuse."""

from datetime import UTC, datetime

import pytest

from surveys.models import Question
from tests import factories
from tests.constraints import SAME, Case, copy_refused_by, refused_by

THEN = datetime(2026, 1, 5, 9, tzinfo=UTC)
LATER = datetime(2026, 2, 2, 9, tzinfo=UTC)


def _survey(cast, **values):
    return factories.SurveyFactory(programme=cast.programme, **values)


def _open(cast):
    return _survey(cast, state="open")


def _closed(cast):
    return _survey(cast, opened_at=THEN, closed_at=LATER, people_answered=0)


def _question(cast, **values):
    return factories.QuestionFactory(survey=_survey(cast), **values)


def _two_core(cast):
    survey = _survey(cast)
    locked = {
        name: {
            "core": name,
            "kind": "extent",
            "stem": "How far do you agree?",
            "text": text,
        }
        for name, text in (
            ("check-valued", "I feel valued in my role"),
            ("check-connected", "I feel connected to the people I work with"),
        )
    }
    return tuple(factories.QuestionFactory(survey=survey, **words) for words in locked.values())


def _asked(cast):
    return factories.AskedFactory(survey=_survey(cast))


def _two_asked(cast):
    first = _asked(cast)
    return first, factories.AskedFactory(survey=first.survey)


def _answer(cast, **values):
    return factories.SurveyAnswerFactory(question=_question(cast), **values)


def _two_answers(cast):
    first = _answer(cast, nullifier="a")
    return first, factories.SurveyAnswerFactory(question=first.question, nullifier="b")


def _two_voices(cast):
    first = factories.VoiceFactory(survey=_survey(cast), name="a")
    return first, factories.VoiceFactory(survey=first.survey, name="b")


def _group(cast, **values):
    return factories.SplitGroupFactory(survey=_survey(cast), **values)


def _two_groups(cast):
    first = _group(cast)
    return first, factories.SplitGroupFactory(survey=first.survey, label="Managers")


def _tally(cast):
    return factories.TallyFactory(question=_question(cast))


def _two_tallies(cast):
    first = _tally(cast)
    group = factories.SplitGroupFactory(survey=first.question.survey, label="Managers")
    return first, factories.TallyFactory(question=first.question, group=group)


CASES = [
    Case("survey_kind_known", _survey, {"kind": "pulse"}, {"kind": "quiz"}),
    Case("survey_moment_known", _survey, {"moment": "after"}, {"moment": "soon"}),
    Case("survey_has_a_title", _survey, {"title": "V"}, {"title": ""}),
    Case(
        "survey_opened_by_needs_opened_at",
        lambda cast: _survey(cast, removed_at=THEN),
        {"title": "V"},
        {"opened_by": 1},
    ),
    Case("survey_closed_by_needs_closed_at", _open, {"title": "V"}, {"closed_by": 1}),
    Case("survey_closes_after_it_opens", _closed, {"closed_at": THEN}, {"opened_at": LATER}),
    Case("survey_secret_while_open", _open, {"secret": b"s" * 32}, {"secret": b""}),
    Case("survey_secret_while_open", _open, {"secret": b"t" * 32}, {"secret": b"s" * 31}),
    Case("survey_secret_while_open", _closed, {"title": "V"}, {"secret": b"s" * 32}),
    Case("survey_secret_while_open", _survey, {"title": "V"}, {"secret": b"s" * 32}),
    Case("survey_counted_at_its_close", _closed, {"people_answered": 3}, {"people_answered": None}),
    Case("survey_counted_at_its_close", _open, {"people_asked": 3}, {"people_answered": 3}),
    Case(
        "survey_asked_at_least_who_answered",
        _closed,
        {"people_answered": 3, "people_asked": 3},
        {"people_asked": 2},
    ),
    Case(
        "survey_removed_by_needs_removed_at",
        lambda cast: _survey(cast, removed_at=THEN, removed_by=cast.facilitator),
        {"title": "V"},
        {"removed_at": None},
    ),
    # --- questions
    Case(
        "question_core_once_in_a_survey",
        _two_core,
        {},
        {"core": "check-valued", "text": "I feel valued in my role"},
    ),
    Case("question_kind_known", _question, {"kind": "scale"}, {"kind": "essay"}),
    Case("question_area_known", _question, {"area": "purpose"}, {"area": "money"}),
    Case("question_core_known", _question, {"core": ""}, {"core": "invented"}),
    Case(
        "question_core_words_are_locked",
        lambda cast: _two_core(cast)[0],
        {"position": 3},
        {"text": "I feel valued"},
    ),
    Case("question_has_words", _question, {"text": "V"}, {"text": ""}),
    Case(
        "question_options_fit_its_kind",
        _question,
        {"kind": "choice", "options": ["A", "B"]},
        {"options": ["A"]},
    ),
    Case("question_options_fit_its_kind", _question, {"kind": "text"}, {"options": ["A", "B"]}),
    Case(
        "question_unit_is_a_numbers",
        _question,
        {"kind": "number", "unit": "hours"},
        {"kind": "text"},
    ),
    Case("question_joined_is_an_extent", _question, {"is_joined": True}, {"kind": "scale"}),
    # --- who was asked, and what was said
    Case("asked_once", _two_asked, {}, {"membership": SAME}),
    Case("answer_once_to_a_question", _two_answers, {"nullifier": "c"}, {"nullifier": SAME}),
    Case("answer_is_one_thing", _answer, {"option": 3}, {"number": 2}),
    Case("answer_is_one_thing", _answer, {"option": 1}, {"option": None}),
    Case("answer_has_words", _answer, {"option": None, "text": "V"}, {"text": ""}),
    Case(
        "answer_work_known",
        lambda cast: _answer(cast, nullifier="a"),
        {"work": "manager"},
        {"work": "cook"},
    ),
    Case(
        "answer_look_known",
        _answer,
        {"option": None, "text": "V", "look": "shown"},
        {"look": "seen"},
    ),
    Case("answer_look_is_at_words", _answer, {"option": 1}, {"look": "shown"}),
    Case(
        "answer_of_nobody_tells_nothing_of_them",
        lambda cast: _answer(cast, nullifier="a", work="manager"),
        {"option": 1},
        {"nullifier": None},
    ),
    # --- running surveys
    Case("voice_counts_once", _two_voices, {"name": "c"}, {"name": SAME}),
    Case("voice_has_a_name", lambda cast: _two_voices(cast)[0], {"name": "c"}, {"name": ""}),
    Case(
        "question_core_stays",
        lambda cast: _two_core(cast)[0],
        {"position": 3},
        {"removed_at": LATER},
    ),
    Case(
        "question_removed_by_needs_removed_at",
        lambda cast: _question(cast, removed_at=THEN, removed_by=cast.facilitator),
        {"text": "V"},
        {"removed_at": None},
    ),
    # --- splits
    Case("split_group_once", _two_groups, {"label": "Others"}, {"label": SAME}),
    Case("split_group_by_known", _group, {"by": "team"}, {"by": "age"}),
    Case("split_group_has_a_label", _group, {"label": "V"}, {"label": ""}),
    Case("tally_once", _two_tallies, {}, {"group": SAME}),
    Case("tally_of_five_at_least", _tally, {"answered": 5}, {"answered": 4}),
    Case("tally_counts_in_two", _tally, {"counts": [5, 0]}, {"counts": [3, 1, 1]}),
]
# Keys over (authority, id), which hold the links between rows of one authority.
KEYS = {
    "survey_authority_id": _survey,
    "question_authority_id": _question,
    "asked_authority_id": _asked,
    "split_group_authority_id": _group,
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.constraint)
def test_what_breaks_a_rule_is_refused(cast, case):
    assert refused_by(case, cast) == case.constraint


@pytest.mark.parametrize("constraint", KEYS)
def test_a_key_stands_once_in_an_authority(cast, constraint):
    assert copy_refused_by(KEYS[constraint](cast), constraint) == constraint


def test_a_nullifier_needs_its_surveys_secret(cast):
    """One voice has another name for each question, and none once the secret is destroyed."""
    survey = _open(cast)
    first, second = (factories.QuestionFactory(survey=survey) for _ in range(2))
    name = first.nullifier(survey, cast.facilitator.pk)
    assert name == first.nullifier(survey, cast.facilitator.pk)
    assert len({name, second.nullifier(survey, cast.facilitator.pk)}) == 2
    survey.secret = b""
    assert Question.objects.get(pk=first.pk).nullifier(survey, cast.facilitator.pk) == ""
