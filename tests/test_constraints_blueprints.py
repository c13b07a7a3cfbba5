"""SQL cannot write down what the blueprint's rules refuse."""

from datetime import UTC, date, datetime

import pytest

from blueprints.models import InsightChange, PillarInsight
from tests import factories
from tests.constraints import SAME, Case, copy_refused_by, refused_by

THEN = datetime(2026, 1, 5, 9, tzinfo=UTC)
LATER = datetime(2026, 2, 2, 9, tzinfo=UTC)


def _insight(cast, **values):
    return factories.InsightFactory(programme=cast.programme, **values)


def _two_insights(cast):
    return _insight(cast, text="Time is not protected"), _insight(cast)


def _two_changes_of_an_insight(cast):
    insight = _insight(cast)
    return tuple(
        InsightChange.objects.create(
            authority=cast.authority,
            insight=insight,
            change=factories.SmallChangeFactory(programme=cast.programme),
        )
        for _ in range(2)
    )


def _blueprint(cast):
    return factories.BlueprintFactory(programme=cast.programme)


def _one(factory):
    return lambda cast: factory(blueprint=_blueprint(cast))


def _two(factory, **values):
    def two(cast):
        blueprint = _blueprint(cast)
        return factory(blueprint=blueprint, **values), factory(blueprint=blueprint)

    return two


def _removed(factory):
    return lambda cast: factory(
        blueprint=_blueprint(cast), removed_at=THEN, removed_by=cast.manager
    )


_commitment = _one(factories.CommitmentFactory)
_need = _one(factories.NeedFactory)
_pillar = _one(factories.PillarFactory)
_two_commitments = _two(factories.CommitmentFactory, text="Practice comes first")
_two_needs = _two(factories.NeedFactory, text="Protected time")
_two_pillars = _two(factories.PillarFactory, title="Build partnerships")


def _two_insights_of_a_pillar(cast):
    pillar = _pillar(cast)
    return tuple(
        PillarInsight.objects.create(
            authority=cast.authority, pillar=pillar, insight=_insight(cast)
        )
        for _ in range(2)
    )


def _experiment(cast, **values):
    return factories.ExperimentFactory(pillar=_pillar(cast), **values)


def _two_experiments(cast):
    pillar = _pillar(cast)
    return (
        factories.ExperimentFactory(pillar=pillar, title="Take turns"),
        factories.ExperimentFactory(pillar=pillar),
    )


def _move(cast):
    """From idea to trying."""
    return factories.ExperimentMoveFactory(experiment=_experiment(cast))


CASES = [
    # --- insights
    Case(
        "insight_said_once",
        _two_insights,
        {"text": "TIME is not protected", "removed_at": THEN},
        {"removed_at": None},
    ),
    Case("insight_has_words", _insight, {"text": "T"}, {"text": ""}),
    Case("insight_kind_known", _insight, {"kind": "enabler"}, {"kind": "barrier met"}),
    Case("insight_sits_somewhere_known", _insight, {"sits_in": "culture"}, {"sits_in": "weather"}),
    Case(
        "insight_removed_by_needs_removed_at",
        lambda cast: _insight(cast, removed_at=THEN, removed_by=cast.manager),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
    Case("insight_change_once", _two_changes_of_an_insight, {}, {"change": SAME}),
    # --- what the blueprint stands for, and what it needs
    Case(
        "commitment_said_once",
        _two_commitments,
        {"text": "PRACTICE comes first", "removed_at": THEN},
        {"removed_at": None},
    ),
    Case("commitment_has_words", _commitment, {"text": "P"}, {"text": ""}),
    Case(
        "commitment_removed_by_needs_removed_at",
        _removed(factories.CommitmentFactory),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
    Case(
        "need_said_once",
        _two_needs,
        {"text": "PROTECTED time", "removed_at": THEN},
        {"removed_at": None},
    ),
    Case("need_has_words", _need, {"text": "P"}, {"text": ""}),
    Case(
        "need_removed_by_needs_removed_at",
        _removed(factories.NeedFactory),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
    # --- pillars
    Case(
        "pillar_title_unique",
        _two_pillars,
        {"title": "BUILD partnerships", "removed_at": THEN},
        {"removed_at": None},
    ),
    Case("pillar_has_a_title", _pillar, {"title": "B"}, {"title": ""}),
    Case(
        "pillar_removed_by_needs_removed_at",
        _removed(factories.PillarFactory),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
    Case("pillar_insight_once", _two_insights_of_a_pillar, {}, {"insight": SAME}),
    # --- experiments
    Case(
        "experiment_title_unique",
        _two_experiments,
        {"title": "TAKE turns", "removed_at": THEN},
        {"removed_at": None},
    ),
    Case("experiment_has_a_title", _experiment, {"title": "T"}, {"title": ""}),
    Case("experiment_state_known", _experiment, {"state": "trying"}, {"state": "lost"}),
    Case(
        "experiment_decision_when_decided",
        _experiment,
        {"state": "decided", "decision": "adopt"},
        {"decision": ""},
    ),
    Case(
        "experiment_decision_when_decided",
        _experiment,
        {"state": "decided", "decision": "stop"},
        {"decision": "forget"},
    ),
    Case(
        "experiment_decision_when_decided",
        _experiment,
        {"state": "decided", "decision": "adapt"},
        {"state": "trying"},
    ),
    Case(
        "experiment_ends_after_it_starts",
        _experiment,
        {"from_on": date(2026, 3, 2), "to_on": date(2026, 3, 2)},
        {"to_on": date(2026, 3, 1)},
    ),
    Case(
        "experiment_removed_by_needs_removed_at",
        lambda cast: _experiment(cast, removed_at=THEN, removed_by=cast.manager),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
    # --- how they moved
    Case(
        "experiment_move_goes_somewhere",
        _move,
        {"to_state": "waiting for a yes"},
        {"to_state": "idea"},
    ),
    Case(
        "experiment_move_goes_somewhere",
        _move,
        {
            "from_state": "decided",
            "from_decision": "adopt",
            "to_state": "decided",
            "to_decision": "amplify",
        },
        {"to_decision": "adopt"},
    ),
    Case(
        "experiment_move_states_known",
        _move,
        {"from_state": "trying", "to_state": "idea"},
        {"from_state": "lost"},
    ),
    Case(
        "experiment_move_states_known",
        _move,
        {"to_state": "waiting for a yes"},
        {"to_state": "lost"},
    ),
    Case(
        "experiment_move_decision_when_decided",
        _move,
        {"to_state": "decided", "to_decision": "adopt"},
        {"to_decision": ""},
    ),
    Case(
        "experiment_move_decision_when_decided",
        _move,
        {"from_state": "decided", "from_decision": "adapt"},
        {"from_state": "idea"},
    ),
    Case(
        "experiment_move_decision_when_decided",
        _move,
        {"to_state": "decided", "to_decision": "adopt"},
        {"to_decision": "forget"},
    ),
]
# Keys over (authority, id), which hold the links between rows of one authority.
KEYS = {
    "insight_authority_id": _insight,
    "blueprint_authority_id": _blueprint,
    "pillar_authority_id": _pillar,
    "experiment_authority_id": _experiment,
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.constraint)
def test_what_breaks_a_rule_is_refused(cast, case):
    assert refused_by(case, cast) == case.constraint


@pytest.mark.parametrize("constraint", KEYS)
def test_a_key_stands_once_in_an_authority(cast, constraint):
    assert copy_refused_by(KEYS[constraint](cast), constraint) == constraint
