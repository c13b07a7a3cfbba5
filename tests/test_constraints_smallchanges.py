"""SQL cannot write down what the rules of strands and small changes refuse."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from smallchanges.models import ChangeTeam, Move, StrandBarrier
from tests import factories
from tests.constraints import SAME, Case, copy_refused_by, refusal, refused_by, write

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


def _shared(cast, **values):
    return factories.shared(_change(cast), **values)


def _two_shares(cast):
    """One that others read, and one that is being written."""
    change = _change(cast)
    return factories.shared(change, version=1), factories.ShareFactory(change=change, version=2)


def _share(cast, **values):
    return factories.ShareFactory(change=_change(cast), **values)


def _taken_back(cast):
    return _share(cast, asked_at=THEN, shared_at=THEN, ended_at=THEN)


def _two_in_the_making(cast):
    """The second has ended."""
    first = _share(cast)
    return first, factories.ShareFactory(change=first.change, version=2, ended_at=THEN)


def _two_that_were_read(cast):
    change = _change(cast)
    ended = factories.shared(change, version=1, ended_at=THEN)
    return factories.shared(change, version=2), ended


def _two_consents(cast):
    share = factories.ShareFactory(change=_change(cast))
    return factories.ConsentFactory(share=share), factories.ConsentFactory(share=share)


def _not_yet(cast):
    return factories.ConsentFactory(
        share__change=_change(cast), says="not yet", digest=None, why="Too long"
    )


def _seed(cast):
    return factories.SeedFactory(change=_change(cast), tells=True, told="It grows")


def _consent(cast):
    return _shared(cast).consent


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
    # --- what others read, and where it went
    Case("share_version_once", _two_shares, {}, {"version": 1}),
    Case("share_one_in_the_making", _two_in_the_making, {}, {"ended_at": None}),
    Case("share_one_of_a_change", _two_that_were_read, {}, {"ended_at": None}),
    Case("share_has_words", _share, {"title": "T"}, {"title": ""}),
    Case("share_has_words", _share, {"sentence": "S"}, {"sentence": ""}),
    Case("share_has_words", _share, {"what_we_did": "W"}, {"what_we_did": ""}),
    Case("share_has_a_setting", _share, {"our_setting": "Ours"}, {"our_setting": ""}),
    Case(
        "share_asked_by_needs_asked_at",
        lambda cast: _share(cast, asked_at=THEN, asked_by=cast.facilitator),
        {"asked_at": LATER},
        {"asked_at": None},
    ),
    Case(
        "share_shared_by_needs_shared_at",
        lambda cast: _share(
            cast, asked_at=THEN, ended_at=THEN, shared_at=THEN, shared_by=cast.facilitator
        ),
        {"shared_at": LATER},
        {"shared_at": None},
    ),
    Case(
        "share_ended_by_needs_ended_at",
        lambda cast: _share(cast, ended_at=THEN, ended_by=cast.facilitator),
        {"ended_at": LATER},
        {"ended_at": None},
    ),
    Case("share_stands_on_a_consent", _shared, {"asked_at": LATER}, {"consent": None}),
    Case("share_stands_on_a_consent", _taken_back, {"asked_at": LATER}, {"ended_at": None}),
    Case("share_was_asked_about", _shared, {"asked_at": LATER}, {"asked_at": None}),
    Case("consent_once_a_person", _two_consents, {}, {"membership": SAME}),
    Case("consent_says_known", _not_yet, {"why": "So"}, {"says": "perhaps"}),
    Case("consent_yes_names_the_words", _consent, {"at": THEN}, {"digest": None}),
    Case("consent_yes_names_the_words", _not_yet, {"at": THEN}, {"says": "yes"}),
    Case("consent_not_yet_says_why", _not_yet, {"why": "So"}, {"why": ""}),
    Case("seed_has_a_starting_point", _seed, {"starting_point": "S"}, {"starting_point": ""}),
    Case("seed_says_what_differs", _seed, {"what_differs": "W"}, {"what_differs": ""}),
    Case("seed_told_where_it_tells", _seed, {"told": "So"}, {"tells": False}),
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
    "share_authority_id": _share,
    "share_words": _share,
    "consent_authority_id": _not_yet,
    "consent_to_words": lambda cast: _two_consents(cast)[0],
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.constraint)
def test_what_breaks_a_rule_is_refused(cast, case):
    assert refused_by(case, cast) == case.constraint


@pytest.mark.parametrize("constraint", KEYS)
def test_a_key_stands_once_in_an_authority(cast, constraint):
    assert copy_refused_by(KEYS[constraint](cast), constraint) == constraint


def test_words_that_somebody_said_yes_to_are_changed_no_more(cast):
    share = factories.ConsentFactory(share__change=_change(cast)).share
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert refusal(lambda: write(share, {"title": "Other words"})) == "consent_same_words"


def test_what_is_shared_stands_on_a_yes_to_exactly_these_words(cast):
    share = _shared(cast)
    other = factories.ConsentFactory(share__change=_change(cast))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    no_more = {"says": "not yet", "digest": None, "why": "Not these"}
    refused = [
        refusal(lambda: write(share.consent, no_more)),
        refusal(lambda: write(share, {"consent": other})),
    ]
    assert refused == ["share_consent_to_these_words"] * 2
