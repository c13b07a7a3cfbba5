"""SQL cannot write down what stories, reports and feeds refuse."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from impact.models import Report
from tests import factories
from tests.constraints import SAME, Case, copy_refused_by, refusal, refused_by, write

THEN = datetime(2026, 1, 5, 9, tzinfo=UTC)


def _story(cast, **values):
    return factories.StoryFactory(change__programme=cast.programme, **values)


def _public(cast):
    return _story(cast, ring="public")


def _crossing(cast):
    return factories.CrossingFactory(story=_story(cast))


def _pick(cast, **values):
    return factories.StoryPickFactory(story=_story(cast), **values)


def _key(cast, **values):
    return factories.FeedKeyFactory(authority=cast.authority, **values)


def _report(cast, **values):
    return factories.ReportFactory(programme=cast.programme, **values)


def _report_and_withdrawn(cast):
    return _report(cast), _report(cast, number=2, state="withdrawn", withdrawn_at=THEN)


def _published_and_draft(cast):
    return factories.published(_report(cast)), _report(cast, number=2)


def _report_section(cast):
    return factories.ReportSectionFactory(report=_report(cast))


def _report_sections(cast):
    section = _report_section(cast)
    return section, factories.ReportSectionFactory(report=section.report, key="gift")


def _report_sentence(cast):
    return factories.ReportSentenceFactory(section=_report_section(cast))


def _report_share(cast):
    return factories.ReportShareFactory(report=_report(cast))


DRAFT_AGAIN = {"state": "draft", "withdrawn_at": None}
CASES = [
    # --- the data feed
    Case("feed_key_is_a_digest", _key, {"digest": "a" * 64}, {"digest": "A" * 64}),
    Case("feed_key_says_for_whom", _key, {"for_whom": "V"}, {"for_whom": ""}),
    Case(
        "feed_key_opens_what_is_known", _key, {"scopes": ["asks"]}, {"scopes": ["asks", "people"]}
    ),
    Case("feed_key_opens_what_is_known", _key, {"scopes": ["asks"]}, {"scopes": []}),
    Case("feed_key_ends_after_it_begins", _key, {"made_at": THEN}, {"expires_at": THEN}),
    Case(
        "feed_key_revoked_by_needs_revoked_at",
        lambda cast: _key(cast, revoked_at=THEN, revoked_by=cast.facilitator),
        {"for_whom": "V"},
        {"revoked_at": None},
    ),
    Case("story_ring_known", _public, {"teller": "V"}, {"ring": "world"}),
    Case("story_has_words", _story, {"text": "V"}, {"text": ""}),
    Case("story_has_a_teller", _story, {"teller": "V"}, {"teller": ""}),
    Case("story_crosses_on_a_yes", _public, {"teller": "V"}, {"crossing": None}),
    Case(
        "story_removed_by_needs_removed_at",
        lambda cast: _story(cast, removed_at=THEN, removed_by=cast.facilitator),
        {"teller": "V"},
        {"removed_at": None},
    ),
    Case("crossing_goes_outwards", _crossing, {"ring": "public"}, {"ring": "team"}),
    Case("story_pick_says_why", _pick, {"why": "V"}, {"why": ""}),
    Case("story_pick_says_who", _pick, {"panel": "V"}, {"panel": ""}),
    Case(
        "story_pick_removed_by_needs_removed_at",
        lambda cast: _pick(cast, removed_at=THEN, removed_by=cast.facilitator),
        {"why": "V"},
        {"removed_at": None},
    ),
]
CASES += [
    # --- the impact report
    Case("report_state_has_its_days", _report, {"title": "V"}, {"state": "published"}),
    Case("report_is_numbered_from_one", _report, {"number": 2}, {"number": 0}),
    Case("report_has_a_title", _report, {"title": "V"}, {"title": ""}),
    Case(
        "report_published_by_needs_published_at",
        lambda cast: _report(
            cast,
            state="withdrawn",
            withdrawn_at=THEN,
            published_at=THEN,
            published_by=cast.facilitator,
        ),
        {},
        {"published_at": None},
    ),
    Case(
        "report_withdrawn_by_needs_withdrawn_at",
        lambda cast: _report(
            cast, state="withdrawn", withdrawn_at=THEN, withdrawn_by=cast.facilitator
        ),
        {"title": "V"},
        DRAFT_AGAIN,
    ),
    Case("report_one_draft_at_a_time", _report_and_withdrawn, {}, DRAFT_AGAIN | {"number": 9}),
    Case("report_numbered_once", _published_and_draft, {}, {"number": SAME}),
    Case("report_section_key_known", _report_section, {"key": "gift"}, {"key": "other"}),
    Case("report_section_once", _report_sections, {"key": "numbers"}, {"key": SAME}),
    Case("report_section_has_a_heading", _report_section, {"heading": "V"}, {"heading": ""}),
    Case("report_sentence_has_words", _report_sentence, {"text": "V"}, {"text": ""}),
    Case("report_sentence_says_whose_it_is", _report_sentence, {"text": "V"}, {"kind": "data"}),
    Case(
        "report_sentence_told_once",
        lambda cast: tuple(
            factories.ReportSentenceFactory(section=one, key=key)
            for one in [_report_section(cast)]
            for key in ("a", "b")
        ),
        {"key": "c"},
        {"key": SAME},
    ),
    Case(
        "report_story_keeps_its_words",
        lambda cast: factories.ReportSentenceFactory(
            section=_report_section(cast), key="story:1", kind="story"
        ),
        {"position": 3},
        {"text": "Other words"},
    ),
    Case(
        "report_sentence_removed_by_needs_removed_at",
        lambda cast: factories.ReportSentenceFactory(
            section=_report_section(cast), removed_at=THEN, removed_by=cast.facilitator
        ),
        {"text": "V"},
        {"removed_at": None},
    ),
    Case("report_share_of_something", _report_share, {"keys": ["gift"]}, {"keys": []}),
    Case(
        "report_share_one_at_a_time",
        lambda cast: (
            _report_share(cast),
            factories.ReportShareFactory(report=Report.objects.get(), taken_back_at=THEN),
        ),
        {"keys": ["gift"]},
        {"taken_back_at": None},
    ),
    Case(
        "report_share_taken_back_by_needs_taken_back_at",
        lambda cast: factories.ReportShareFactory(
            report=_report(cast), taken_back_at=THEN, taken_back_by=cast.facilitator
        ),
        {"keys": ["gift"]},
        {"taken_back_at": None},
    ),
]
# Keys over (authority, id), which hold the links between rows of one authority.
KEYS = {
    "feed_key_digest_once": _key,
    "story_authority_id": _story,
    "story_words": _story,
    "crossing_authority_id": _crossing,
    "crossing_of_words": _crossing,
    "report_authority_id": _report,
    "report_section_authority_id": _report_section,
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.constraint)
def test_what_breaks_a_rule_is_refused(cast, case):
    assert refused_by(case, cast) == case.constraint


@pytest.mark.parametrize("constraint", KEYS)
def test_a_key_stands_once_in_an_authority(cast, constraint):
    assert copy_refused_by(KEYS[constraint](cast), constraint) == constraint


# --- words that somebody said yes to


def _at_once():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_words_that_somebody_said_yes_to_are_not_changed(cast):
    story = _public(cast)
    _at_once()
    assert refusal(lambda: write(story, {"text": "Other words"})) in (
        "crossing_of_its_storys_words",
        "story_crosses_on_a_yes_to_its_words",
    )


def test_a_story_goes_no_further_than_the_yes_to_it(cast):
    story = _story(cast, ring="authority")
    other = _public(cast)
    _at_once()
    refused = [
        refusal(lambda: write(story, {"ring": "public"})),
        refusal(lambda: write(story, {"ring": "public", "crossing": other.crossing})),
    ]
    assert refused == ["story_crosses_on_a_yes_to_its_words"] * 2


# --- what facilitators learned, and who ran what


def _learned(cast, **values):
    return factories.LearningNoteFactory(authority=cast.authority, **values)


def _hands(cast, **values):
    return factories.HandsFactory(workshop__programme=cast.programme, **values)


def _end(cast, **values):
    return factories.PartnershipEndFactory(programme=cast.programme, **values)


HANDED_OVER = [
    Case(
        "learning_note_says_what_we_learned",
        _learned,
        {"what_we_learned": "V"},
        {"what_we_learned": ""},
    ),
    Case(
        "learning_note_removed_by_needs_removed_at",
        lambda cast: _learned(cast, removed_at=THEN, removed_by=cast.facilitator),
        {"what_we_learned": "V"},
        {"removed_at": None},
    ),
    Case("hands_facilitated_known", _hands, {"facilitated": "both"}, {"facilitated": "nobody"}),
    Case("hands_agenda_known", _hands, {"agenda": "local"}, {"agenda": "nobody"}),
    Case("hands_chased_known", _hands, {"chased": "crescendo"}, {"chased": "nobody"}),
    Case(
        "partnership_end_removed_by_needs_removed_at",
        lambda cast: _end(cast, removed_at=THEN, removed_by=cast.facilitator),
        {"illustrative": "V"},
        {"removed_at": None},
    ),
]


@pytest.mark.parametrize("case", HANDED_OVER, ids=lambda case: case.constraint)
def test_what_breaks_a_rule_of_the_handover_is_refused(cast, case):
    assert refused_by(case, cast) == case.constraint


def test_a_story_is_of_one_teller(cast):
    """The key that a yes points at, so that it is the teller's own."""
    story = _story(cast, told_by=cast.practitioner)
    assert copy_refused_by(story, "story_teller") == "story_teller"


def test_a_yes_is_its_tellers_and_nobody_elses(cast):
    """SQL cannot write a facilitator's yes to what a practitioner told; their own it can."""
    story = _story(cast, told_by=cast.practitioner)
    _at_once()
    others = refusal(lambda: factories.CrossingFactory(story=story, by=cast.facilitator))
    own = factories.CrossingFactory(story=story, by=cast.practitioner)
    assert (others, own.by) == ("crossing_by_its_teller", cast.practitioner)
