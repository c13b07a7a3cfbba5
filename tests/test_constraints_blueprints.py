"""SQL cannot write down what the blueprint's rules refuse."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from blueprints.models import (
    Evidence,
    Observation,
    Pillar,
    PillarAim,
    PillarInsight,
    SignOff,
)
from tests import factories
from tests.constraints import SAME, Case, copy_refused_by, refusal, refused_by, write

THEN = datetime(2026, 1, 5, 9, tzinfo=UTC)
LATER = datetime(2026, 2, 2, 9, tzinfo=UTC)


def _insight(cast, **values):
    return factories.InsightFactory(programme=cast.programme, **values)


def _two_insights(cast):
    return _insight(cast, text="Time is not protected"), _insight(cast)


def _two_pieces_of_evidence(cast):
    insight = _insight(cast)
    return tuple(
        Evidence.objects.create(
            authority=cast.authority,
            insight=insight,
            change=factories.SmallChangeFactory(programme=cast.programme),
        )
        for _ in range(2)
    )


def _evidence_of_a_barrier(cast):
    """It came with a barrier that was merged; and a piece of evidence of a change."""
    insight = _insight(cast)
    into, part = (factories.BarrierFactory(programme=cast.programme) for _ in range(2))
    change = factories.SmallChangeFactory(programme=cast.programme)
    other = factories.EvidenceFactory(insight=_insight(cast), change=change)
    return other, factories.EvidenceFactory(insight=insight, barrier=into, merged_from=part)


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


def _aim(cast, **values):
    return factories.AimFactory(programme=cast.programme, **values)


def _two_aims(cast):
    return _aim(cast, code="A1"), _aim(cast)


def _two_aims_of_a_pillar(cast):
    pillar = _pillar(cast)
    return tuple(
        PillarAim.objects.create(authority=cast.authority, pillar=pillar, aim=_aim(cast))
        for _ in range(2)
    )


def _experiment(cast, **values):
    return factories.ExperimentFactory(pillar=_pillar(cast), **values)


def _cycle(cast):
    return _experiment(cast).cycle


def _two_cycles(cast):
    experiment = _experiment(cast)
    return experiment.cycle, factories.LearningCycleFactory(experiment=experiment)


def _observation(cast, **values):
    return factories.ObservationFactory(cycle=_cycle(cast), **values)


def _answer(cast, **values):
    return factories.AnswerFactory(experiment=_experiment(cast), **values)


def _promise(cast, **values):
    return factories.PromiseFactory(experiment=_experiment(cast), **values)


def _telling(cast, **values):
    return factories.TellingFactory(promise=_promise(cast), **values)


def _review(cast, **values):
    return factories.ReviewFactory(pillar=_pillar(cast), **values)


def _version(cast, **values):
    return factories.BlueprintVersionFactory(blueprint=_blueprint(cast), **values)


def _two_versions(cast):
    """One that was withdrawn, and a draft."""
    blueprint = _blueprint(cast)
    first = factories.BlueprintVersionFactory(blueprint=blueprint, state="withdrawn", ended_at=THEN)
    return first, factories.BlueprintVersionFactory(blueprint=blueprint, number=2)


def _two_drafts(cast):
    first, second = _two_versions(cast)
    return second, first


def _agreed_and_draft(cast):
    blueprint = _blueprint(cast)
    drafts = []
    for number in (1, 2):
        draft = factories.BlueprintVersionFactory(blueprint=blueprint, number=number)
        for voice in ("practitioner", "leader"):
            factories.SignOffFactory(version=draft, voice=voice)
        if number == 1:
            write(draft, {"state": "agreed", "agreed_at": THEN})
        drafts.append(draft)
    return tuple(drafts)


def _agreed_and_withdrawn(cast):
    agreed, draft = _agreed_and_draft(cast)
    draft.delete()
    return agreed, factories.BlueprintVersionFactory(
        blueprint=agreed.blueprint, state="withdrawn", ended_at=THEN
    )


def _sign_off(cast):
    return factories.SignOffFactory(version=_version(cast))


def _two_sign_offs(cast):
    version = _version(cast)
    return tuple(factories.SignOffFactory(version=version) for _ in range(2))


def _two_experiments(cast):
    pillar = _pillar(cast)
    return (
        factories.ExperimentFactory(pillar=pillar, title="Take turns"),
        factories.ExperimentFactory(pillar=pillar),
    )


def _move(cast):
    """From idea to trying."""
    return factories.ExperimentMoveFactory(experiment=_experiment(cast))


def _placing(cast, **values):
    return factories.PlacingRoundFactory(programme=cast.programme, **values)


def _two_rounds(cast):
    return _placing(cast), _placing(cast, closed_at=THEN, secret=b"")


def _placed(cast, placing=None):
    change = factories.SmallChangeFactory(programme=cast.programme)
    return factories.PlacedThingFactory(round=placing or _placing(cast), change=change)


def _two_placed(cast):
    placing = _placing(cast)
    return _placed(cast, placing), _placed(cast, placing)


def _place(cast):
    return factories.PlaceFactory(thing=_placed(cast))


def _two_places(cast):
    thing = _placed(cast)
    return factories.PlaceFactory(thing=thing, nullifier="a"), factories.PlaceFactory(thing=thing)


def _partner_link(cast):
    return factories.PartnerLinkFactory(authority=cast.authority)


CASES = [
    # --- two voices
    Case(
        "placing_round_one_open_at_a_time",
        _two_rounds,
        {"question": "Q"},
        {"closed_at": None, "secret": b"s" * 32},
    ),
    Case("placing_round_has_a_question", _placing, {"question": "Q"}, {"question": ""}),
    Case(
        "placing_round_secret_goes_when_it_closes",
        _placing,
        {"secret": b"s" * 32},
        {"closed_at": THEN},
    ),
    Case(
        "placing_round_secret_goes_when_it_closes",
        _placing,
        {"closed_at": THEN, "secret": b""},
        {"secret": b"s" * 32},
    ),
    Case("placed_thing_once", _two_placed, {}, {"change": SAME}),
    Case("placed_thing_is_one_thing", _placed, {}, {"change": None}),
    Case("place_once_for_a_thing", _two_places, {"nullifier": "b"}, {"nullifier": "a"}),
    Case("place_voice_known", _place, {"voice": "leader"}, {"voice": "neither"}),
    Case("place_within_the_scale", _place, {"matters": 5, "can_move": 1}, {"can_move": 0}),
    Case("place_within_the_scale", _place, {"matters": 1, "can_move": 5}, {"matters": 6}),
    # --- links for partners
    Case("partner_link_says_for_whom", _partner_link, {"for_whom": "P"}, {"for_whom": ""}),
    Case(
        "partner_link_ends_after_it_begins",
        _partner_link,
        {"made_at": THEN, "expires_at": LATER},
        {"expires_at": THEN},
    ),
    Case(
        "partner_link_revoked_by_needs_revoked_at",
        lambda cast: factories.PartnerLinkFactory(
            authority=cast.authority, revoked_at=THEN, revoked_by=cast.manager
        ),
        breaks={"revoked_at": None},
    ),
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
    # --- what they rest on
    Case("evidence_once", _two_pieces_of_evidence, {}, {"change": SAME}),
    Case(
        "evidence_is_one_thing", lambda cast: _two_pieces_of_evidence(cast)[1], {}, {"change": None}
    ),
    Case(
        "evidence_merged_from_is_a_barriers",
        _evidence_of_a_barrier,
        {},
        {"barrier": None, "change": SAME},
    ),
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
    # --- the improvement plan
    Case("aim_code_unique", _two_aims, {"code": "a1", "removed_at": THEN}, {"removed_at": None}),
    Case("aim_has_a_code", _aim, {"code": "1"}, {"code": ""}),
    Case("aim_has_a_title", _aim, {"title": "T"}, {"title": ""}),
    Case(
        "aim_link_is_https",
        _aim,
        {"link": "https://council.example/plan"},
        {"link": "http://council.example/plan"},
    ),
    Case(
        "aim_removed_by_needs_removed_at",
        lambda cast: _aim(cast, removed_at=THEN, removed_by=cast.manager),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
    Case("pillar_aim_once", _two_aims_of_a_pillar, {}, {"aim": SAME}),
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
        "experiment_waits_since",
        _experiment,
        {"state": "waiting for a yes", "waiting_since": THEN, "reminded_at": LATER},
        {"waiting_since": None, "reminded_at": None},
    ),
    Case("experiment_waits_since", _experiment, {"state": "trying"}, {"reminded_at": LATER}),
    # --- their cycles
    Case("cycle_numbered_once", _two_cycles, {}, {"number": SAME}),
    Case("cycle_is_numbered_from_one", _cycle, {"number": 3}, {"number": 0}),
    Case(
        "cycle_ends_after_it_starts",
        _cycle,
        {"from_on": date(2026, 3, 2), "to_on": date(2026, 3, 2)},
        {"to_on": date(2026, 3, 1)},
    ),
    Case("cycle_sealed_expects_something", _cycle, {"we_expect": ""}, {"sealed_at": THEN}),
    Case(
        "cycle_decision_has_its_day",
        _cycle,
        {"decision": "adapt", "decided_at": THEN},
        {"decided_at": None},
    ),
    Case(
        "cycle_decision_has_its_day",
        _cycle,
        {"decision": "adapt", "decided_at": THEN},
        {"decision": "forget"},
    ),
    Case(
        "cycle_decided_by_needs_decided_at",
        lambda cast: factories.LearningCycleFactory(
            experiment=_experiment(cast), decision="adopt", decided_at=THEN, decided_by=cast.manager
        ),
        {"decided_at": LATER},
        {"decision": "", "decided_at": None},
    ),
    Case("observation_has_words", _observation, {"text": "T"}, {"text": ""}),
    Case(
        "observation_removed_by_needs_removed_at",
        lambda cast: _observation(cast, removed_at=THEN, removed_by=cast.manager),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
    # --- what managers answer, promise and review
    Case("answer_kind_known", _answer, {"kind": "not yet", "words": "W"}, {"kind": "maybe"}),
    Case("answer_says_if_and_why", _answer, {"kind": "yes if", "words": "W"}, {"words": ""}),
    Case(
        "answer_removed_by_needs_removed_at",
        lambda cast: _answer(cast, removed_at=THEN, removed_by=cast.manager),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
    Case("promise_for_one_thing", _promise, {}, {"experiment": None}),
    Case(
        "promise_says_what",
        _promise,
        {"what": "", "amount": 4, "unit": "hours"},
        {"amount": None, "unit": ""},
    ),
    Case("promise_says_what", _promise, {"amount": 4, "unit": "hours"}, {"unit": ""}),
    Case(
        "promise_unit_known",
        _promise,
        {"amount": 4, "unit": "pounds a year"},
        {"unit": "sheep"},
    ),
    Case(
        "promise_not_kept_says_why",
        _promise,
        {"kept": False, "told_at": THEN, "why": "No money"},
        {"why": ""},
    ),
    Case("promise_not_kept_says_why", _promise, {"kept": True, "told_at": THEN}, {"kept": None}),
    Case(
        "promise_told_by_needs_told_at",
        lambda cast: _promise(cast, kept=True, told_at=THEN, told_by=cast.manager),
        {"told_at": LATER},
        {"kept": None, "told_at": None},
    ),
    Case(
        "promise_removed_by_needs_removed_at",
        lambda cast: _promise(cast, removed_at=THEN, removed_by=cast.manager),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
    Case("telling_not_kept_says_why", _telling, {"kept": False, "why": "No money"}, {"why": ""}),
    Case(
        "telling_removed_by_needs_removed_at",
        lambda cast: _telling(cast, removed_at=THEN, removed_by=cast.manager),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
    Case("review_going_known", _review, {"going": "stuck"}, {"going": "badly"}),
    Case(
        "review_removed_by_needs_removed_at",
        lambda cast: _review(cast, removed_at=THEN, removed_by=cast.manager),
        {"removed_at": LATER},
        {"removed_at": None},
    ),
    # --- versions
    Case(
        "version_numbered_once",
        _agreed_and_withdrawn,
        {},
        {"state": "draft", "ended_at": None},
    ),
    Case(
        "version_one_draft_at_a_time",
        _two_drafts,
        {},
        {"state": "draft", "ended_at": None},
    ),
    Case(
        "version_one_agreed_at_a_time",
        _agreed_and_draft,
        {},
        {"state": "agreed", "agreed_at": LATER},
    ),
    Case("version_is_numbered_from_one", _version, {}, {"number": 0}),
    Case(
        "version_state_has_its_days",
        _version,
        {"state": "withdrawn", "ended_at": THEN},
        {"ended_at": None},
    ),
    Case("sign_off_once_each", _two_sign_offs, {}, {"by": SAME}),
    Case("sign_off_voice_known", _sign_off, {"voice": "practitioner"}, {"voice": "guest"}),
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
    "aim_authority_id": _aim,
    "insight_authority_id": _insight,
    "blueprint_authority_id": _blueprint,
    "pillar_authority_id": _pillar,
    "experiment_authority_id": _experiment,
    "experiment_move_authority_id": _move,
    "cycle_authority_id": _cycle,
    "answer_authority_id": _answer,
    "promise_authority_id": _promise,
    "version_authority_id": _version,
    "placing_round_authority_id": _placing,
    "placed_thing_authority_id": _placed,
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.constraint)
def test_what_breaks_a_rule_is_refused(cast, case):
    assert refused_by(case, cast) == case.constraint


@pytest.mark.parametrize("constraint", KEYS)
def test_a_key_stands_once_in_an_authority(cast, constraint):
    assert copy_refused_by(KEYS[constraint](cast), constraint) == constraint


# --- what triggers hold


def _sealed(cast):
    return factories.ObservationFactory(cycle=_cycle(cast)).cycle


@pytest.mark.parametrize(
    "values",
    [
        {"we_expect": "Something else"},
        {"sealed_at": None},
        {"sealed_at": LATER},
        {"number": 7},
    ],
    ids=str,
)
def test_what_is_sealed_stays(cast, values):
    cycle = _sealed(cast)
    write(cycle, {"surprised_us": "That it was so quick", "how_we_know": "We ask"})
    assert refusal(lambda: write(cycle, values)) == "cycle_sealed_stays"
    cycle.refresh_from_db()
    assert (cycle.we_expect, cycle.sealed_at is None) == ("Better notes", False)


def test_a_sealed_cycle_is_not_handed_to_another_experiment(cast):
    cycle, other = _sealed(cast), _experiment_beside(cast)
    assert refusal(lambda: write(cycle, {"experiment": other})) == "cycle_sealed_stays"


def _experiment_beside(cast):
    experiment = factories.ExperimentFactory(pillar=Pillar.objects.get())
    experiment.cycles.all().delete()
    return experiment


def test_a_sealed_cycle_is_not_deleted_to_be_written_anew(cast):
    cycle = _sealed(cast)

    def delete():
        with connection.cursor() as cursor:
            cursor.execute('SET CONSTRAINTS "cycle_sealed_is_kept" IMMEDIATE')
            cursor.execute("DELETE FROM blueprints_observation WHERE cycle_id = %s", [cycle.pk])
            cursor.execute("DELETE FROM blueprints_learningcycle WHERE id = %s", [cycle.pk])

    assert refusal(delete) == "cycle_sealed_is_kept"


def test_nothing_is_seen_before_the_seal(cast):
    cycle = _cycle(cast)
    write(cycle, {"we_expect": "Better notes"})

    def see():
        Observation.objects.create(authority=cast.authority, cycle=cycle, text="Worse notes")

    assert refusal(see) == "observation_in_a_sealed_cycle"
    write(cycle, {"sealed_at": THEN})
    see()
    assert cycle.observations.count() == 1


@pytest.mark.parametrize(
    "values", [{"parts": "[1]"}, {"why": "Another"}, {"number": 9}, {"made_at": LATER}], ids=str
)
def test_the_words_of_a_version_stay(cast, values):
    """Of a draft as well: it is what people read before they sign it."""
    assert refusal(lambda: write(_version(cast), values)) == "version_words_stay"


def test_a_version_is_agreed_by_one_of_each(cast):
    version = _version(cast)
    agree = {"state": "agreed", "agreed_at": THEN}
    for voice in ("leader", "leader"):
        factories.SignOffFactory(version=version, voice=voice)
        refused = refusal(lambda: write(version, agree))
        assert refused == "version_agreed_by_one_of_each"
    factories.SignOffFactory(version=version, voice="practitioner")
    write(version, agree)
    assert refusal(lambda: write(version, {"agreed_at": LATER})) == "version_words_stay"
    refused = refusal(lambda: write(version, {"state": "draft", "agreed_at": None}))
    assert refused in ("version_goes_one_way", "version_words_stay")


def test_nothing_is_written_down_as_if_it_had_been_agreed(cast):
    blueprint = _blueprint(cast)

    def write_down():
        factories.BlueprintVersionFactory(
            blueprint=blueprint, state="superseded", agreed_at=THEN, ended_at=LATER
        )

    assert refusal(write_down) == "version_agreed_by_one_of_each"


def test_an_agreed_version_is_not_deleted(cast):
    agreed, _ = _agreed_and_draft(cast)

    def delete():
        with connection.cursor() as cursor:
            cursor.execute('SET CONSTRAINTS "version_is_kept" IMMEDIATE')
            cursor.execute("DELETE FROM blueprints_signoff WHERE version_id = %s", [agreed.pk])
            cursor.execute("DELETE FROM blueprints_blueprintversion WHERE id = %s", [agreed.pk])

    assert refusal(delete) == "version_is_kept"


# --- names under a version


def _names_under_an_agreed(cast):
    agreed, _ = _agreed_and_draft(cast)
    return agreed.sign_offs.get(voice="leader")


@pytest.mark.parametrize("values", [{"voice": "practitioner"}, {"at": LATER}], ids=str)
def test_a_name_under_what_was_agreed_stays(cast, values):
    name = _names_under_an_agreed(cast)
    assert refusal(lambda: write(name, values)) == "sign_off_stays"
    assert refusal(lambda: write(name, {"by": cast.manager})) == "sign_off_stays"
    # Somebody who is erased leaves their place empty, and nobody takes it.
    write(name, {"by": None})
    assert refusal(lambda: write(name, {"by": cast.manager})) == "sign_off_stays"


def test_a_name_is_not_handed_to_what_was_agreed_nor_added_to_it(cast):
    agreed, draft = _agreed_and_draft(cast)
    name = draft.sign_offs.first()
    assert refusal(lambda: write(name, {"version": agreed})) == "sign_off_under_a_draft"
    refused = refusal(lambda: factories.SignOffFactory(version=agreed))
    assert refused == "sign_off_under_a_draft"
    write(agreed, {"state": "superseded", "ended_at": LATER})
    refused = refusal(lambda: factories.SignOffFactory(version=agreed))
    assert refused == "sign_off_under_a_draft"


def test_a_name_under_what_was_agreed_is_not_deleted_and_goes_with_its_authority(cast):
    name = _names_under_an_agreed(cast)
    draft = SignOff.objects.filter(version__state="draft").first()

    def delete(row):
        with connection.cursor() as cursor:
            cursor.execute('SET CONSTRAINTS "sign_off_is_kept" IMMEDIATE')
            cursor.execute("DELETE FROM blueprints_signoff WHERE id = %s", [row.pk])
            cursor.execute('SET CONSTRAINTS "sign_off_is_kept" DEFERRED')

    assert refusal(lambda: delete(name)) == "sign_off_is_kept"
    delete(draft)
    cast.authority.delete()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert SignOff.objects.count() == 0
