"""SQL cannot write down what the ground floor's rules refuse: people, places and ambition."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from programmes.models import (
    AuthorityLogo,
    BarrierTeam,
    Invitation,
    InvitationTeam,
    JourneyStep,
    MembershipTeam,
    Milestone,
    NoticeRound,
    StepReturn,
    TemperatureFinding,
    WayOfWorking,
)
from tests import factories
from tests.constraints import ITSELF, SAME, Case, copy_refused_by, refusal, refused_by

THEN = datetime(2026, 1, 5, 9, tzinfo=UTC)
LATER = datetime(2026, 2, 2, 9, tzinfo=UTC)
DAY = date(2026, 1, 5)
DIGEST = "d" * 64


def _authority(cast):
    return cast.authority


def _programme(cast):
    return cast.programme


def _user(cast):
    return cast.practitioner


def _two_authorities(cast):
    return cast.other, cast.authority


def _two_users(cast):
    return cast.outsider, cast.practitioner


def _logo(cast):
    return AuthorityLogo.objects.create(authority=cast.authority, png=b"a picture")


def _team(cast):
    return factories.TeamFactory(authority=cast.authority)


def _two_teams(cast):
    return factories.TeamFactory(authority=cast.authority, name="North"), _team(cast)


def _membership(cast):
    return cast.practitioner.memberships.get()


def _two_memberships(cast):
    return _membership(cast), cast.manager.memberships.get()


def _two_teams_of_a_member(cast):
    return tuple(
        MembershipTeam.objects.create(
            authority=cast.authority, membership=_membership(cast), team=team
        )
        for team in _two_teams(cast)
    )


def _invitation(cast, **values):
    given = {"authority": cast.authority, "roles": ["manager"], "email": "new@own.example"}
    return Invitation.objects.create(
        **given | {"secret_digest": DIGEST, "expires_at": _in_a_fortnight()} | values
    )


def _in_a_fortnight():
    return datetime.now(UTC) + timedelta(days=14)


def _two_invitations(cast):
    return _invitation(cast), _invitation(cast, email="second@own.example", secret_digest="2")


def _two_of_the_crescendo_team(cast):
    nowhere = {"authority": None, "roles": []}
    return (
        _invitation(cast, **nowhere),
        _invitation(cast, email="second@own.example", secret_digest="2", **nowhere),
    )


def _invitation_to_the_crescendo_team(cast):
    return _two_of_the_crescendo_team(cast)[0]


def _two_teams_of_an_invitation(cast):
    invitation = _invitation(cast)
    return tuple(
        InvitationTeam.objects.create(authority=cast.authority, invitation=invitation, team=team)
        for team in _two_teams(cast)
    )


def _ended_and_running(cast):
    ended = factories.ProgrammeFactory(authority=cast.authority, ended_on=date(2999, 1, 1))
    return cast.programme, ended


def _milestone(cast):
    return factories.MilestoneFactory(programme=cast.programme)


def _two_pods(cast):
    return tuple(
        factories.MilestoneFactory(programme=cast.programme, kind=Milestone.Kind.POD, number=number)
        for number in (1, 2)
    )


def _step(cast, step=1, **values):
    return JourneyStep.objects.create(
        authority=cast.authority, programme=cast.programme, step=step, **values
    )


def _step_that_is_done(cast):
    return _step(cast, done_at=THEN)


def _two_steps(cast):
    return _step(cast, 1), _step(cast, 2)


def _return(cast):
    return StepReturn.objects.create(
        authority=cast.authority,
        programme=cast.programme,
        step=1,
        at=THEN,
        why="There was more to say",
        was_done_at=THEN,
    )


def _barrier(cast):
    return factories.BarrierFactory(programme=cast.programme)


def _two_teams_of_a_barrier(cast):
    barrier = _barrier(cast)
    return tuple(
        BarrierTeam.objects.create(authority=cast.authority, barrier=barrier, team=team)
        for team in _two_teams(cast)
    )


def _two_findings(cast):
    return tuple(
        TemperatureFinding.objects.create(
            authority=cast.authority, programme=cast.programme, question="change wanted", text=text
        )
        for text in ("More time", "Less paper")
    )


def _finding(cast):
    return _two_findings(cast)[0]


def _two_ways(cast):
    return tuple(
        WayOfWorking.objects.create(authority=cast.authority, programme=cast.programme, text=text)
        for text in ("Time to reflect", "A board on the wall")
    )


def _way(cast):
    return _two_ways(cast)[0]


def _list(factory, *, said_once, has_words, source_known, removed_by, into_itself):
    """The rules that the four lists of step 1 share."""

    def one(cast):
        return factory(programme=cast.programme)

    def two(cast):
        return factory(programme=cast.programme, text="Honest with families"), one(cast)

    def removed(cast):
        return factory(programme=cast.programme, removed_at=THEN, removed_by=cast.facilitator)

    def merged(cast):
        first, row = two(cast)
        row.merged_into = first
        row.save()
        return row

    return (
        # The same words may stand beside those that were taken away or became part of another.
        Case(
            said_once,
            two,
            {"text": "HONEST with families", "removed_at": THEN},
            {"removed_at": None},
        ),
        Case(said_once, merged, {"text": "HONEST with families"}, {"merged_into": None}),
        Case(has_words, one, {"text": "H"}, {"text": ""}),
        Case(source_known, one, {"source": "journey file"}, {"source": "somewhere"}),
        Case(removed_by, removed, {"removed_at": LATER}, {"removed_at": None}),
        Case(into_itself, merged, {"text": "Honest"}, {"merged_into": ITSELF}),
    )


def _choice(cast):
    return factories.NoticeChoiceFactory(authority=cast.authority)


def _two_choices(cast):
    return _choice(cast), factories.NoticeChoiceFactory(authority=cast.authority)


def _notice(cast):
    return factories.NoticeFactory(choice=_choice(cast))


def _two_notices(cast):
    choice = _choice(cast)
    return factories.NoticeFactory(choice=choice), factories.NoticeFactory(choice=choice)


def _two_rounds(cast):
    return tuple(
        NoticeRound.objects.create(authority=cast.authority, key=f"digest {day}")
        for day in ("2026-12-01", "2026-12-08")
    )


def _link(cast):
    return factories.MailedLinkFactory(authority=cast.authority)


CASES = [
    # --- people
    Case("user_email_unique", _two_users, {"email": "x@own.example"}, {"email": SAME}),
    Case("user_email_is_lower_case", _user, {"email": "x@own.example"}, {"email": "X@own.example"}),
    # --- places
    Case("authority_slug_unique", _two_authorities, {"slug": "third"}, {"slug": SAME}),
    Case(
        "authority_name_unique",
        _two_authorities,
        {"name": "Third Borough"},
        {"name": "OTHER BOROUGH"},
    ),
    Case(
        "authority_ons_code_unique",
        lambda cast: (
            factories.LocalAuthorityFactory(ons_code="E09000030"),
            factories.LocalAuthorityFactory(ons_code=""),
        ),
        {"ons_code": "E09000032"},
        {"ons_code": SAME},
    ),
    Case(
        "authority_slug_is_a_free_address", _authority, {"slug": "a-place"}, {"slug": "portfolio"}
    ),
    Case("authority_slug_is_a_free_address", _authority, {"slug": "a2"}, {"slug": "2a"}),
    Case("authority_slug_is_a_free_address", _authority, {"slug": "ab"}, {"slug": "a b"}),
    Case("authority_slug_is_a_free_address", _authority, {"slug": "ab"}, {"slug": "Ab"}),
    Case("authority_slug_is_a_free_address", _authority, {"slug": "ab"}, {"slug": ""}),
    Case("authority_ons_code_shape", _authority, {"ons_code": "E09000030"}, {"ons_code": "E09"}),
    Case("authority_has_a_name", _authority, {"name": "B"}, {"name": ""}),
    Case("authority_kind_known", _authority, {"kind": "county council"}, {"kind": "kingdom"}),
    # A logo's time says only that there is one: pages ask for the picture apart.
    Case("authority_logo_is_small", _logo, {"png": bytes(500_000)}, {"png": bytes(500_001)}),
    # --- teams and memberships
    Case("team_name_unique", _two_teams, {"name": "South"}, {"name": "NORTH"}),
    Case("team_has_a_name", _team, {"name": "S"}, {"name": ""}),
    Case("membership_team_once", _two_teams_of_a_member, {}, {"team": SAME}),
    Case(
        "membership_one_standing_for_a_person",
        lambda cast: (
            _membership(cast),
            factories.MembershipFactory(
                authority=cast.authority, user=cast.practitioner, ended_at=THEN
            ),
        ),
        {"ended_at": LATER},
        {"ended_at": None},
    ),
    Case(
        "membership_roles_known",
        _membership,
        {"roles": ["manager", "facilitator"]},
        {"roles": ["manager", "crescendo team"]},
    ),
    Case("membership_roles_known", _membership, {"roles": ["manager"]}, {"roles": []}),
    Case(
        "membership_ended_by_needs_ended_at",
        lambda cast: factories.MembershipFactory(
            authority=cast.authority, ended_at=THEN, ended_by=cast.facilitator
        ),
        {"ended_at": LATER},
        {"ended_at": None},
    ),
    # --- invitations
    Case(
        "invitation_secret_unique",
        _two_invitations,
        {"secret_digest": "3"},
        {"secret_digest": SAME},
    ),
    Case(
        "invitation_one_waiting_for_an_address",
        _two_invitations,
        {"email": "new@own.example", "withdrawn_at": THEN},
        {"withdrawn_at": None},
    ),
    Case(
        "invitation_one_waiting_for_an_address",
        _two_invitations,
        {"email": "new@own.example", "accepted_at": THEN},
        {"accepted_at": None},
    ),
    # No authority is a place too, and not an unknown one that differs from itself.
    Case(
        "invitation_one_waiting_for_an_address",
        _two_of_the_crescendo_team,
        {"email": "third@own.example"},
        {"email": SAME},
    ),
    Case(
        "invitation_email_is_lower_case",
        _invitation,
        {"email": "n@own.example"},
        {"email": "N@own.example"},
    ),
    Case("invitation_roles_fit_the_place", _invitation, {"roles": ["manager"]}, {"roles": []}),
    Case("invitation_roles_fit_the_place", _invitation, {"roles": ["manager"]}, {"roles": ["x"]}),
    Case(
        "invitation_roles_fit_the_place",
        _invitation_to_the_crescendo_team,
        {"roles": []},
        {"roles": ["manager"]},
    ),
    Case(
        "invitation_accepted_or_withdrawn",
        _invitation,
        {"accepted_at": THEN},
        {"withdrawn_at": THEN},
    ),
    Case(
        "invitation_accepted_by_needs_accepted_at",
        lambda cast: _invitation(cast, accepted_at=THEN, accepted_by=cast.practitioner),
        {"accepted_at": LATER},
        {"accepted_at": None},
    ),
    Case(
        "invitation_withdrawn_by_needs_withdrawn_at",
        lambda cast: _invitation(cast, withdrawn_at=THEN, withdrawn_by=cast.facilitator),
        {"withdrawn_at": LATER},
        {"withdrawn_at": None},
    ),
    Case(
        "invitation_expires_after_it_is_made",
        _invitation,
        {"created_at": THEN, "expires_at": THEN + timedelta(seconds=1)},
        {"expires_at": THEN},
    ),
    Case("invitation_team_once", _two_teams_of_an_invitation, {}, {"team": SAME}),
    # --- programmes
    Case(
        "programme_one_running_in_an_authority",
        _ended_and_running,
        {"ended_on": date(2999, 1, 2)},
        {"ended_on": None},
    ),
    Case("programme_model_known", _programme, {"model": "whole-service"}, {"model": "pilot"}),
    Case("programme_names_its_service", _programme, {"service": "S"}, {"service": ""}),
    Case(
        "programme_pod_rhythm_in_weeks", _programme, {"pod_every_weeks": 1}, {"pod_every_weeks": 0}
    ),
    Case(
        "programme_pod_rhythm_in_weeks",
        _programme,
        {"pod_every_weeks": 16},
        {"pod_every_weeks": 17},
    ),
    Case(
        "programme_ends_after_it_starts",
        _programme,
        {"starts_on": DAY, "ended_on": DAY},
        {"ended_on": DAY - timedelta(days=1)},
    ),
    Case(
        "programme_believes_in_practice_known",
        _programme,
        {"believes_in_practice": "partly"},
        {"believes_in_practice": "perhaps"},
    ),
    Case(
        "programme_sees_system_falls_short_known",
        _programme,
        {"sees_system_falls_short": "partly"},
        {"sees_system_falls_short": "perhaps"},
    ),
    Case(
        "programme_will_listen_to_staff_known",
        _programme,
        {"will_listen_to_staff": ""},
        {"will_listen_to_staff": "perhaps"},
    ),
    # --- mails that go by themselves, and links in them
    Case(
        "notice_choice_once", _two_choices, {"email": "a@b.example"}, {"email": SAME, "kind": SAME}
    ),
    Case("notice_choice_email_is_lower_case", _choice, {"email": "a@b"}, {"email": "A@b"}),
    Case("notice_choice_kind_known", _choice, {"kind": "pod"}, {"kind": "party"}),
    Case("notice_once", _two_notices, {"key": "another"}, {"key": SAME}),
    Case("notice_has_a_key", _notice, {"key": "k"}, {"key": ""}),
    Case("notice_sent_or_dropped", _notice, {"sent_at": THEN}, {"dropped_at": THEN}),
    Case("notice_dropped_keeps_no_words", _notice, {"dropped_at": THEN}, {"body": "Hello"}),
    Case("notice_round_once", _two_rounds, {"key": "another"}, {"key": SAME}),
    Case("notice_round_has_a_key", lambda cast: _two_rounds(cast)[1], {"key": "k"}, {"key": ""}),
    Case("mailed_link_purpose_known", _link, {"purpose": "answer"}, {"purpose": "party"}),
    Case("mailed_link_email_is_lower_case", _link, {"email": "a@b"}, {"email": "A@b"}),
    # --- the timeline and the four steps
    Case("milestone_once_in_a_programme", _two_pods, {"number": 3}, {"number": SAME}),
    Case("milestone_kind_known", _milestone, {"kind": "vision"}, {"kind": "party"}),
    Case("milestone_only_pods_are_numbered", _milestone, {"number": 0}, {"number": 1}),
    Case(
        "milestone_only_pods_are_numbered", _milestone, {"kind": "pod", "number": 1}, {"number": 0}
    ),
    Case("journey_step_once", _two_steps, {"step": 3}, {"step": SAME}),
    Case("journey_step_is_one_of_four", _step, {"step": 4}, {"step": 5}),
    Case("journey_step_is_one_of_four", _step, {"step": 1}, {"step": 0}),
    Case(
        "journey_step_done_by_needs_done_at",
        lambda cast: _step(cast, done_at=THEN, done_by=cast.facilitator),
        {"done_at": LATER},
        {"done_at": None},
    ),
    Case(
        "journey_step_said_of_a_done_step",
        _step_that_is_done,
        {"said": "All agreed"},
        {"done_at": None},
    ),
    Case("step_return_is_one_of_four", _return, {"step": 4}, {"step": 5}),
    Case("step_return_says_why", _return, {"why": "There was more"}, {"why": ""}),
    # --- what people agreed on
    *_list(
        factories.ValueFactory,
        said_once="value_said_once",
        has_words="value_has_words",
        source_known="value_source_known",
        removed_by="value_removed_by_needs_removed_at",
        into_itself="value_not_merged_into_itself",
    ),
    *_list(
        factories.OppositeFactory,
        said_once="opposite_said_once",
        has_words="opposite_has_words",
        source_known="opposite_source_known",
        removed_by="opposite_removed_by_needs_removed_at",
        into_itself="opposite_not_merged_into_itself",
    ),
    *_list(
        factories.PrincipleFactory,
        said_once="principle_said_once",
        has_words="principle_has_words",
        source_known="principle_source_known",
        removed_by="principle_removed_by_needs_removed_at",
        into_itself="principle_not_merged_into_itself",
    ),
    *_list(
        factories.BarrierFactory,
        said_once="barrier_said_once",
        has_words="barrier_has_words",
        source_known="barrier_source_known",
        removed_by="barrier_removed_by_needs_removed_at",
        into_itself="barrier_not_merged_into_itself",
    ),
    Case("barrier_gift_known", _barrier, {"gift": "beyond us"}, {"gift": "theirs"}),
    Case("barrier_team_once", _two_teams_of_a_barrier, {}, {"team": SAME}),
    # --- what was found and published before
    Case("temperature_finding_once", _two_findings, {"text": "Less"}, {"text": SAME}),
    Case(
        "temperature_finding_question_known",
        _finding,
        {"question": "in the way of change"},
        {"question": "weather"},
    ),
    Case("temperature_finding_has_words", _finding, {"text": "T"}, {"text": ""}),
    Case("way_of_working_once", _two_ways, {"text": "A wall"}, {"text": SAME}),
    Case("way_of_working_has_words", _way, {"text": "T"}, {"text": ""}),
]

# Keys over (authority, id), which hold the links between rows of one authority.
KEYS = {
    "team_authority_id": _team,
    "membership_authority_id": _membership,
    "invitation_authority_id": _invitation,
    "notice_choice_authority_id": _choice,
    "programme_authority_id": _programme,
    "milestone_authority_id": _milestone,
    "value_authority_id": lambda cast: factories.ValueFactory(programme=cast.programme),
    "opposite_authority_id": lambda cast: factories.OppositeFactory(programme=cast.programme),
    "principle_authority_id": lambda cast: factories.PrincipleFactory(programme=cast.programme),
    "barrier_authority_id": _barrier,
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.constraint)
def test_what_breaks_a_rule_is_refused(cast, case):
    assert refused_by(case, cast) == case.constraint


@pytest.mark.parametrize("constraint", KEYS)
def test_a_key_stands_once_in_an_authority(cast, constraint):
    assert copy_refused_by(KEYS[constraint](cast), constraint) == constraint


def _event(**values):
    """History is written and never changed, so its rules are tried with INSERT."""
    event = {"at": THEN, "actor_kind": "system", "verb": "step done", "details": "{}"}
    event |= {"target_type": "journeystep", "target_id": "1", "target_label": ""} | values
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO programmes_auditevent ({', '.join(event)})"
            f" VALUES ({', '.join(['%s'] * len(event))})",
            list(event.values()),
        )


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("audit_event_has_a_verb", {"verb": ""}),
        ("audit_event_actor_fits_its_kind", {"actor_kind": "robot"}),
        ("audit_event_actor_fits_its_kind", {"actor_kind": "member"}),
        ("audit_event_actor_fits_its_kind", {"actor_id": 1}),
    ],
)
@pytest.mark.django_db
def test_an_event_that_breaks_a_rule_is_refused(constraint, values):
    _event()
    _event(actor_kind="member", actor_id=1)
    assert refusal(lambda: _event(**values)) == constraint
