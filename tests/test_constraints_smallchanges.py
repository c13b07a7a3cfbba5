"""SQL cannot write down what the rules of strands and small changes refuse."""

from datetime import UTC, datetime

import pytest

from smallchanges.models import ChangeTeam, Move, StrandBarrier
from tests import factories
from tests.constraints import SAME, Case, copy_refused_by, refused_by

THEN = datetime(2026, 1, 5, 9, tzinfo=UTC)
LATER = datetime(2026, 2, 2, 9, tzinfo=UTC)


def _strand(cast, **values):
    return factories.MissionStrandFactory(programme=cast.programme, **values)


def _two_strands(cast):
    return _strand(cast, title="Time with families"), _strand(cast)


def _two_barriers_of_a_strand(cast):
    strand = _strand(cast)
    return tuple(
        StrandBarrier.objects.create(
            authority=cast.authority,
            strand=strand,
            barrier=factories.BarrierFactory(programme=cast.programme),
        )
        for _ in range(2)
    )


def _change(cast, **values):
    return factories.SmallChangeFactory(programme=cast.programme, **values)


def _joint_move(cast):
    return factories.JointMoveFactory(authority=cast.authority)


def _change_that_is_embedded(cast):
    return _change(cast, stage="grow", status="embedded")


def _two_changes(cast):
    return _change(cast, title="Walk and talk"), _change(cast)


def _two_teams_of_a_change(cast):
    change = _change(cast)
    return tuple(
        ChangeTeam.objects.create(
            authority=cast.authority,
            change=change,
            team=factories.TeamFactory(authority=cast.authority),
        )
        for _ in range(2)
    )


def _move(cast):
    return Move.objects.create(
        authority=cast.authority,
        change=_change(cast),
        at=THEN,
        from_stage="influence",
        to_stage="grow",
        from_status="in progress",
        to_status="in progress",
    )


def _of_a_change(factory, **values):
    return lambda cast: factory(change=_change(cast), **values)


def _two_of_a_change(factory, **values):
    def two(cast):
        change = _change(cast)
        return factory(change=change, **values), factory(change=change)

    return two


def _removed(factory):
    return lambda cast: factory(change=_change(cast), removed_at=THEN, removed_by=cast.facilitator)


_step = _of_a_change(factories.StepFactory)
_stakeholder = _of_a_change(factories.StakeholderFactory)
_met = _of_a_change(factories.MetFactory)
_update = _of_a_change(factories.UpdateFactory)
_two_stakeholders = _two_of_a_change(factories.StakeholderFactory, who="The court team")
_two_met = _two_of_a_change(factories.MetFactory, text="Nobody had time")

CASES = [
    # --- strands
    Case(
        "strand_title_unique",
        _two_strands,
        {"title": "TIME with families", "removed_at": THEN},
        {"removed_at": None},
    ),
    Case("strand_has_a_title", _strand, {"title": "T"}, {"title": ""}),
    Case(
        "strand_removed_by_needs_removed_at",
        lambda cast: _strand(cast, removed_at=THEN, removed_by=cast.facilitator),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
    Case("strand_barrier_once", _two_barriers_of_a_strand, {}, {"barrier": SAME}),
    # --- small changes
    Case("change_title_unique", _two_changes, {"title": "Walk"}, {"title": "WALK and talk"}),
    Case("change_has_a_title", _change, {"title": "W"}, {"title": ""}),
    Case("change_stage_known", _change, {"stage": "develop"}, {"stage": "dream"}),
    Case("change_status_known", _change, {"status": "stopped"}, {"status": "lost"}),
    Case("change_gift_known", _change, {"gift": "beyond us"}, {"gift": "theirs"}),
    Case(
        "change_embedded_only_in_grow",
        _change,
        {"stage": "grow", "status": "embedded"},
        {"stage": "influence"},
    ),
    Case(
        "change_embedded_only_in_grow",
        _change_that_is_embedded,
        {"stage": "influence", "status": "in progress"},
        {"status": "embedded"},
    ),
    Case("change_team_once", _two_teams_of_a_change, {}, {"team": SAME}),
    # --- how they moved
    Case(
        "move_goes_somewhere",
        _move,
        {"to_stage": "influence", "to_status": "paused"},
        {"to_status": "in progress"},
    ),
    Case("move_goes_somewhere", _move, {"to_stage": "mission"}, {"to_stage": "influence"}),
    Case("move_stages_known", _move, {"from_stage": "develop"}, {"from_stage": "dream"}),
    Case("move_stages_known", _move, {"to_stage": "develop"}, {"to_stage": "dream"}),
    Case("move_statuses_known", _move, {"from_status": "chosen"}, {"from_status": "lost"}),
    Case("move_statuses_known", _move, {"to_status": "chosen"}, {"to_status": "lost"}),
    Case("move_embedded_only_in_grow", _move, {"to_status": "embedded"}, {"to_stage": "influence"}),
    Case(
        "move_embedded_only_in_grow",
        _move,
        {"from_stage": "grow", "from_status": "embedded", "to_stage": "influence"},
        {"from_stage": "develop"},
    ),
    # --- the plan
    Case("step_has_words", _step, {"text": "W"}, {"text": ""}),
    Case(
        "step_done_by_needs_done_at",
        lambda cast: factories.StepFactory(
            change=_change(cast), done_at=THEN, done_by=cast.practitioner
        ),
        {"done_at": LATER},
        {"done_at": None},
    ),
    Case(
        "step_removed_by_needs_removed_at",
        _removed(factories.StepFactory),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
    Case(
        "stakeholder_once_in_a_change",
        _two_stakeholders,
        {"who": "THE court team", "removed_at": THEN},
        {"removed_at": None},
    ),
    Case("stakeholder_is_named", _stakeholder, {"who": "W"}, {"who": ""}),
    Case("stakeholder_stance_known", _stakeholder, {"stance": "against"}, {"stance": "asleep"}),
    Case(
        "stakeholder_removed_by_needs_removed_at",
        _removed(factories.StakeholderFactory),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
    # The same words may tell of a barrier that was met and of what helped.
    Case(
        "met_once",
        _two_met,
        {"text": "NOBODY had time", "kind": "enabler"},
        {"kind": "barrier met"},
    ),
    Case(
        "met_once", _two_met, {"text": "NOBODY had time", "removed_at": THEN}, {"removed_at": None}
    ),
    Case("met_has_words", _met, {"text": "N"}, {"text": ""}),
    Case("met_kind_known", _met, {"kind": "enabler"}, {"kind": "weather"}),
    Case(
        "met_removed_by_needs_removed_at",
        _removed(factories.MetFactory),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
    # --- updates
    Case("update_has_words", _update, {"text": "N"}, {"text": ""}),
    Case(
        "update_removed_by_needs_removed_at",
        _removed(factories.UpdateFactory),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
]
# Keys over (authority, id), which hold the links between rows of one authority.
KEYS = {
    "update_authority_id": _update,
    "strand_authority_id": _strand,
    "change_authority_id": _change,
    "move_authority_id": _move,
    "joint_move_authority_id": _joint_move,
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.constraint)
def test_what_breaks_a_rule_is_refused(cast, case):
    assert refused_by(case, cast) == case.constraint


@pytest.mark.parametrize("constraint", KEYS)
def test_a_key_stands_once_in_an_authority(cast, constraint):
    assert copy_refused_by(KEYS[constraint](cast), constraint) == constraint
