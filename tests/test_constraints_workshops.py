"""SQL cannot write down what the rules of a room refuse."""

import uuid
from datetime import UTC, datetime

import pytest
from django.db import connection

from tests import factories
from tests.constraints import ITSELF, SAME, Case, copy_refused_by, refusal, refused_by, write
from workshops.models import TARGETS

THEN = datetime(2026, 1, 5, 9, tzinfo=UTC)
LATER = datetime(2026, 2, 2, 9, tzinfo=UTC)
CODE = "BCDF2345"


def _template(cast, **values):
    return factories.TemplateFactory(**values)


def _two_templates(cast):
    return _template(cast, key="values", retired_at=THEN), _template(cast)


def _block(cast, **values):
    return factories.TemplateBlockFactory(**values)


def _workshop(cast, **values):
    return factories.WorkshopFactory(programme=cast.programme, **values)


def _two_workshops(cast):
    return _workshop(cast, is_open=True), _workshop(cast, doors_opened_at=THEN)


def _activity(cast, **values):
    return factories.ActivityFactory(workshop=_workshop(cast), **values)


def _of_an_activity(factory, **values):
    return lambda cast: factory(activity=_activity(cast), **values)


def _two_in_a_workshop(factory, **values):
    def two(cast):
        workshop = _workshop(cast)
        return factory(workshop=workshop, **values), factory(workshop=workshop)

    return two


def _two_in_an_activity(factory, **values):
    def two(cast):
        activity = _activity(cast)
        return factory(activity=activity, **values), factory(activity=activity)

    return two


def _participant(cast, **values):
    return factories.ParticipantFactory(workshop=_workshop(cast), **values)


def _two_members(cast):
    workshop = _workshop(cast)
    return tuple(
        factories.ParticipantFactory(workshop=workshop, user=user)
        for user in (cast.practitioner, cast.manager)
    )


def _two_feeds(cast):
    return tuple(
        factories.CalendarFeedFactory(membership=membership)
        for membership in cast.authority.memberships.all()[:2]
    )


def _two_voices(cast):
    placing = factories.PlacingRoundFactory(programme=cast.programme)
    workshop = factories.WorkshopFactory(programme=cast.programme)
    return factories.ActivityFactory(workshop=workshop, kind="sense", round=placing)


def _asks_a_survey(cast):
    survey = factories.SurveyFactory(programme=cast.programme)
    workshop = factories.WorkshopFactory(programme=cast.programme)
    return factories.ActivityFactory(workshop=workshop, kind="survey", survey=survey)


def _plan_for_a_change(cast):
    change = factories.SmallChangeFactory(programme=cast.programme)
    return _activity(cast, kind="plan", change=change)


_group = _of_an_activity(factories.GroupFactory)
_note = _of_an_activity(factories.NoteFactory)
_vote = _of_an_activity(factories.VoteFactory)
_mark = _of_an_activity(factories.MarkFactory)
_suggestion = _of_an_activity(factories.SuggestionFactory)
_agreement = _of_an_activity(factories.AgreementFactory)
_harvest = _of_an_activity(factories.HarvestFactory)
_two_votes = _two_in_an_activity(factories.VoteFactory, slot=2)
_two_marks = _two_in_an_activity(factories.MarkFactory)


def _two_suggestions_for_one_note(cast):
    first = _suggestion(cast)
    return first, factories.SuggestionFactory(activity=first.activity, note=first.note)


def _suggestion_for_a_group(cast):
    activity = _activity(cast)
    group = factories.GroupFactory(activity=activity)
    return factories.SuggestionFactory(activity=activity, group=group)


def _accepted_suggestion(cast):
    activity = _activity(cast)
    group = factories.GroupFactory(activity=activity)
    return factories.SuggestionFactory(activity=activity, decision=uuid.uuid4(), went_to=group)


def _note_with_its_writer(cast):
    activity = _activity(cast)
    participant = factories.ParticipantFactory(workshop=activity.workshop)
    return factories.NoteFactory(activity=activity, participant=participant)


def _two_dots_on_one_note(cast):
    activity = _activity(cast)
    first = factories.VoteFactory(activity=activity, voter="one")
    second = factories.VoteFactory(
        activity=activity, voter="one", note=first.note, slot=2, slot_on_one=2
    )
    return first, second


def _activity_in_which_two_dots_are_given(cast):
    first, _ = _two_dots_on_one_note(cast)
    return first.activity


def _redacted_note(cast):
    return factories.NoteFactory(
        activity=_activity(cast), text="", redacted_at=THEN, redacted_by=cast.facilitator
    )


def _two_agreements(cast):
    first = _agreement(cast)
    return first, factories.AgreementFactory(activity=first.activity)


def _two_harvests(cast):
    first = _harvest(cast)
    return first, factories.HarvestFactory(activity=first.activity)


CASES = [
    # --- ready-made sessions
    Case(
        "template_version_once",
        _two_templates,
        {"key": "values", "number": 2},
        {"number": 1},
    ),
    Case(
        "template_one_version_in_use",
        lambda cast: (_template(cast, key="values"), _template(cast, retired_at=THEN, number=2)),
        {"key": "values"},
        {"retired_at": None},
    ),
    Case("template_has_a_title", _template, {"title": "V"}, {"title": ""}),
    Case("template_kind_known", _template, {"kind": "team kit"}, {"kind": "quiz"}),
    Case("template_block_kind_known", _block, {"kind": "check-in"}, {"kind": "quiz"}),
    Case("template_block_candour_known", _block, {"candour": "named"}, {"candour": "loud"}),
    Case("template_block_has_a_title", _block, {"title": "V"}, {"title": ""}),
    Case("template_block_takes_time", _block, {"minutes": 1}, {"minutes": 0}),
    Case("template_block_takes_time", _block, {"minutes": 240}, {"minutes": 241}),
    Case("template_block_columns_fit", _block, {"columns": ["A"] * 6}, {"columns": ["A"] * 7}),
    # --- workshops
    Case("workshop_kind_known", _workshop, {"kind": "pod"}, {"kind": "quiz"}),
    Case("workshop_has_a_title", _workshop, {"title": "V"}, {"title": ""}),
    Case("workshop_code_unique", _two_workshops, {"code": CODE}, {"code": SAME}),
    *(
        Case("workshop_code_is_readable", _two_workshops, {"code": CODE}, {"code": code})
        for code in ("", "BCDF234", "BCDF2340", "BCDF234A", "bcdf2345", "BCDF234L")
    ),
    Case(
        "workshop_no_code_after_its_end",
        lambda cast: _workshop(cast, is_open=True),
        {"code": CODE},
        {"ended_at": THEN},
    ),
    Case(
        "workshop_code_needs_open_doors",
        _workshop,
        {"code": CODE, "doors_opened_at": THEN},
        {"doors_opened_at": None},
    ),
    Case(
        "workshop_window_needs_open_doors",
        _workshop,
        {"collects_until": LATER, "doors_opened_at": THEN},
        {"doors_opened_at": None},
    ),
    *(
        Case(
            constraint,
            lambda cast: _workshop(cast, is_open=True),
            {"collects_until": LATER, field: THEN},
            {"collects_until": None},
        )
        for constraint, field in (
            ("workshop_reminder_needs_a_window", "reminded_at"),
            ("workshop_went_on_after_a_window", "went_on_at"),
        )
    ),
    Case("workshop_screen_shows_a_page", _workshop, {"screen_page": 2}, {"screen_page": 0}),
    Case(
        "workshop_seat_was_seen",
        lambda cast: _workshop(cast, seat=cast.facilitator, seat_seen_at=THEN),
        {"seat_seen_at": LATER},
        {"seat_seen_at": None},
    ),
    # --- activities
    Case("activity_kind_known", _activity, {"kind": "stakeholders"}, {"kind": "quiz"}),
    Case("activity_change_fits_its_kind", _plan_for_a_change, {}, {"kind": "write"}),
    Case("activity_round_fits_its_kind", _two_voices, {}, {"kind": "place"}),
    Case("activity_survey_fits_its_kind", _asks_a_survey, {}, {"kind": "pulse"}),
    Case("activity_candour_known", _activity, {"candour": "anonymous"}, {"candour": "loud"}),
    Case("activity_has_a_title", _activity, {"title": "V"}, {"title": ""}),
    Case("activity_takes_time", _activity, {"minutes": 1}, {"minutes": 0}),
    Case("activity_takes_time", _activity, {"minutes": 240}, {"minutes": 241}),
    Case("activity_columns_fit", _activity, {"columns": ["A"] * 6}, {"columns": ["A"] * 7}),
    Case("activity_dots_fit", _activity, {"dots": 20, "most_on_one": 20}, {"dots": 21}),
    Case("activity_dots_fit", _activity, {"dots": 3, "most_on_one": 3}, {"most_on_one": 4}),
    # Dots that could go nowhere.
    Case("activity_dots_fit", _activity, {"dots": 1, "most_on_one": 1}, {"most_on_one": 0}),
    Case("activity_dots_fit", _activity, {"dots": 0, "most_on_one": 0}, {"most_on_one": 1}),
    Case("activity_asks_about_things", _activity, {"kind": "gift", "asks": 1}, {"asks": 0}),
    Case("activity_asks_about_things", _activity, {"kind": "place", "asks": 8}, {"kind": "vote"}),
    Case("template_block_dots_fit", _block, {"dots": 3, "most_on_one": 3}, {"most_on_one": 4}),
    Case("activity_secret_is_whole", _activity, {"secret": b""}, {"secret": b"s" * 31}),
    # --- pods and calendars
    Case(
        "activity_once_in_an_agenda",
        _two_in_a_workshop(factories.ActivityFactory, agenda_key="look 1"),
        {"agenda_key": "look 2"},
        {"agenda_key": SAME},
    ),
    Case(
        "pod_agenda_has_a_length",
        lambda cast: factories.PodAgendaFactory(workshop=_workshop(cast)),
        {"minutes": 15},
        {"minutes": 14},
    ),
    Case("calendar_feed_secret_once", _two_feeds, {}, {"secret": SAME}),
    # --- who runs it, who comes
    Case(
        "co_facilitator_once",
        _two_in_a_workshop(factories.CoFacilitatorFactory),
        {},
        {"user": SAME},
    ),
    Case(
        "invitee_once",
        _two_in_a_workshop(factories.InviteeFactory),
        {"email": "someone@own.example"},
        {"email": SAME},
    ),
    Case(
        "invitee_email_is_lower_case",
        lambda cast: factories.InviteeFactory(workshop=_workshop(cast)),
        {"email": "someone@own.example"},
        {"email": "Someone@own.example"},
    ),
    Case(
        "letter_once",
        _two_in_a_workshop(factories.LetterFactory),
        {"email": "someone@own.example"},
        {"email": SAME},
    ),
    Case(
        "letter_kind_known",
        lambda cast: factories.LetterFactory(workshop=_workshop(cast)),
        {"kind": "reminder"},
        {"kind": "chain"},
    ),
    Case(
        "letter_email_is_lower_case",
        lambda cast: factories.LetterFactory(workshop=_workshop(cast)),
        {"email": "someone@own.example"},
        {"email": "Someone@own.example"},
    ),
    Case(
        "participant_number_once",
        _two_in_a_workshop(factories.ParticipantFactory),
        {"number": 9_999},
        {"number": SAME},
    ),
    Case(
        "participant_key_once",
        _two_in_a_workshop(factories.ParticipantFactory),
        {"key_digest": "another"},
        {"key_digest": SAME},
    ),
    Case("participant_member_once", _two_members, {}, {"user": SAME}),
    # Neither somebody whom nothing brings back, nor a member with a guest's key beside it.
    Case("participant_member_or_guest", _participant, {"key_digest": "k"}, {"key_digest": None}),
    Case(
        "participant_member_or_guest",
        lambda cast: _participant(cast, user=cast.practitioner),
        {"name": "Practitioner"},
        {"key_digest": "k"},
    ),
    Case(
        "taking_part_once",
        _two_in_an_activity(factories.TakingPartFactory),
        {},
        {"participant": SAME},
    ),
    Case(
        "event_once_for_an_audience",
        _two_in_a_workshop(factories.EventFactory, seq=7),
        {"seq": 7, "audience": "console"},
        {"audience": "phones"},
    ),
    Case(
        "event_audience_known",
        lambda cast: factories.EventFactory(workshop=_workshop(cast)),
        {"audience": "screen"},
        {"audience": "everybody"},
    ),
    # --- groups and notes
    Case("group_has_a_title", _group, {"title": "T"}, {"title": ""}),
    Case("group_not_merged_into_itself", _group, {"merged_into": None}, {"merged_into": ITSELF}),
    Case("group_gift_known", _group, {"gift": "another agency"}, {"gift": "theirs"}),
    Case("note_candour_known", _note, {"candour": "named"}, {"candour": "loud"}),
    Case(
        "note_anonymous_names_nobody",
        _note_with_its_writer,
        {"candour": "hidden"},
        {"candour": "anonymous"},
    ),
    Case("note_held_for_known", _note, {"held_for": "report"}, {"held_for": "later"}),
    Case("note_redacted_keeps_no_words", _note, {"text": "T"}, {"text": ""}),
    *(
        Case("note_redacted_keeps_no_words", _redacted_note, {"redacted_at": LATER}, {words: "Sam"})
        for words in ("text", "as_written", "ask")
    ),
    Case(
        "note_redacted_by_needs_redacted_at",
        _redacted_note,
        {"redacted_at": LATER},
        {"redacted_at": None, "text": "Back again"},
    ),
    Case("note_scores_fit", _note, {"influence": 5, "support": 0}, {"influence": 6}),
    Case("note_scores_fit", _note, {"influence": 0, "support": 5}, {"support": 6}),
    Case("note_gift_known", _note, {"gift": "needs sponsorship"}, {"gift": "theirs"}),
    # --- votes
    Case("vote_slot_once", _two_votes, {"voter": "one", "slot": 1}, {"voter": SAME, "slot": 2}),
    Case("vote_slot_on_one_once", _two_dots_on_one_note, {"slot": 3}, {"slot_on_one": 1}),
    Case("vote_within_the_dots", _vote, {"slot": 3}, {"slot": 4}),
    Case("vote_within_the_dots", _vote, {"slot": 1}, {"slot": 0}),
    Case("vote_within_the_most_on_one", _vote, {"slot_on_one": 2}, {"slot_on_one": 3}),
    Case("vote_within_the_most_on_one", _vote, {"slot_on_one": 1}, {"slot_on_one": 0}),
    Case("vote_on_one_thing", _vote, {}, {"note": None}),
    # Once a room's secrets are destroyed, everybody would be the same voter.
    Case("vote_has_a_voter", _vote, {"voter": "one"}, {"voter": ""}),
    Case("mark_has_a_voter", _mark, {"voter": "one"}, {"voter": ""}),
    # A vote that says of its activity what is not so could go past the limits.
    Case("vote_limits_are_its_activitys", _vote, {"dots": 3}, {"dots": 20}),
    Case("vote_limits_are_its_activitys", _vote, {"most_on_one": 2}, {"most_on_one": 3}),
    # The limits change with the activity's, but never below what somebody has given.
    Case(
        "vote_within_the_dots",
        _activity_in_which_two_dots_are_given,
        {"dots": 2, "most_on_one": 2},
        {"dots": 1, "most_on_one": 1},
    ),
    Case(
        "vote_within_the_most_on_one",
        _activity_in_which_two_dots_are_given,
        {"dots": 20, "most_on_one": 2},
        {"most_on_one": 1},
    ),
    # --- marks
    Case("mark_once_for_a_thing", _two_marks, {"voter": "another"}, {"voter": SAME}),
    Case("mark_within_the_scale", _mark, {"across": 1}, {"across": 0}),
    Case("mark_within_the_scale", _mark, {"across": 5}, {"across": 6}),
    Case("mark_within_the_scale", _mark, {"up": 5}, {"up": 6}),
    # --- suggestions
    Case(
        "suggestion_once_for_a_note",
        _two_suggestions_for_one_note,
        {"voter": "another"},
        {"voter": SAME},
    ),
    Case("suggestion_of_one_group", _suggestion, {"title": "Time"}, {"title": ""}),
    Case("suggestion_of_one_group", _suggestion_for_a_group, {}, {"title": "Time"}),
    Case("suggestion_has_a_voter", _suggestion, {"voter": "one"}, {"voter": ""}),
    # Nothing was moved that nobody decided on.
    Case("suggestion_moves_when_decided", _accepted_suggestion, {}, {"decision": None}),
    # --- what came of them
    Case("agreement_once_in_a_talk", _two_agreements, {}, {"note": SAME}),
    Case("agreement_about_one_thing", _agreement, {}, {"note": None}),
    Case("harvest_once", _two_harvests, {}, {"note": SAME}),
    Case("harvest_of_one_thing", _harvest, {}, {"note": None}),
    Case("harvest_became_one_thing", _harvest, {}, {"value": None}),
]
# Keys over (authority, id), which hold the links between rows of one authority, and one over what a
# vote copies.
KEYS = {
    "workshop_authority_id": _workshop,
    "activity_authority_id": _activity,
    "activity_workshop_id": _activity,
    "activity_limits_of_a_vote": _activity,
    "participant_authority_id": _participant,
    "group_authority_id": _group,
    "note_authority_id": _note,
    # Taken away, since another index than a key would refuse it first.
    "stakeholder_authority_id": lambda cast: factories.StakeholderFactory(
        change__programme=cast.programme, removed_at=THEN
    ),
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.constraint)
def test_what_breaks_a_rule_is_refused(cast, case):
    assert refused_by(case, cast) == case.constraint


@pytest.mark.parametrize("constraint", KEYS)
def test_a_key_stands_once(cast, constraint):
    assert copy_refused_by(KEYS[constraint](cast), constraint) == constraint


def test_two_blocks_have_one_place_at_most_when_the_order_is_written(cast):
    first = _block(cast)
    second = factories.TemplateBlockFactory(template=first.template)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS template_block_place_unique IMMEDIATE")
    refused = refusal(lambda: write(second, {"position": first.position}))
    assert refused == "template_block_place_unique"


@pytest.mark.parametrize(
    ("field", "constraint"),
    [
        ("current", "workshop_is_at_its_own_activity"),
        ("screen_shows", "workshop_shows_its_own_activity"),
    ],
)
def test_a_workshop_is_at_no_other_workshops_activity(cast, field, constraint):
    own, other = _activity(cast), _activity(cast)
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS {constraint} IMMEDIATE")
    write(own.workshop, {field: own})
    assert refusal(lambda: write(own.workshop, {field: other})) == constraint


@pytest.mark.parametrize(
    ("make", "constraint"),
    [
        (factories.VoteFactory, "vote_on_one_thing"),
        (factories.MarkFactory, "mark_on_one_thing"),
        (factories.AgreementFactory, "agreement_about_one_thing"),
        (factories.HarvestFactory, "harvest_of_one_thing"),
    ],
    ids=["vote", "mark", "agreement", "harvest"],
)
def test_nothing_is_about_a_note_and_a_group_both(cast, make, constraint):
    activity = _activity(cast)
    group = factories.GroupFactory(activity=activity)
    note = factories.NoteFactory(activity=activity)
    row = make(activity=activity, group=group)
    assert refusal(lambda: write(row, {"note": note})) == constraint
    write(row, {"group": None, "note": note})


@pytest.mark.parametrize("target", [name for name in TARGETS if name != "value"])
def test_nothing_becomes_two_things(cast, target):
    harvest = _harvest(cast)
    factory = next(
        one
        for one in vars(factories).values()
        if getattr(getattr(one, "_meta", None), "model", None) is TARGETS[target]
    )
    other = factory()
    assert refusal(lambda: write(harvest, {target: other})) == "harvest_became_one_thing"


def test_a_group_is_harvested_once_too(cast):
    group = _group(cast)
    factories.HarvestFactory(activity=group.activity, group=group)
    other = factories.HarvestFactory(activity=group.activity)
    refused = refusal(lambda: write(other, {"note": None, "group": group}))
    assert refused == "harvest_once"


def test_one_group_gets_no_more_dots_of_one_voter_than_slots(cast):
    """The other half of a key in which either the note or the group is empty."""
    group = _group(cast)
    first = factories.VoteFactory(activity=group.activity, group=group)
    second = factories.VoteFactory(activity=group.activity, group=group, slot=2)
    assert refusal(lambda: write(second, {"voter": first.voter})) == "vote_slot_on_one_once"


def test_a_mark_on_a_thing_stands_once_too(cast):
    note = _note(cast)
    first = factories.MarkFactory(activity=note.activity, note=note)
    second = factories.MarkFactory(activity=note.activity, note=note)
    assert refusal(lambda: write(second, {"voter": first.voter})) == "mark_once_for_a_thing"
