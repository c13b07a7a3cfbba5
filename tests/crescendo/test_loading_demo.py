"""The journeys that come with the project, and the accounts of the demo."""

import os
import subprocess
import sys

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings as application
from django.core.management import CommandError, call_command
from django.db import models
from django.test import Client
from django.utils import timezone

from blueprints.models import Blueprint, Commitment, Need, Pillar
from programmes.actions import people
from programmes.models import (
    AuditEvent,
    Barrier,
    LocalAuthority,
    Membership,
    Opposite,
    Principle,
    Programme,
    PublishedResult,
    Role,
    TemperatureFinding,
    TenantModel,
    User,
    Value,
    WayOfWorking,
)
from smallchanges.models import LIVING, Met, MissionStrand, SmallChange, Step
from tests.crescendo.loading import ILLUSTRATIVE, PUBLISHED, dump

PASSWORD = "small-changes"
TOWER_HAMLETS = {
    "Making admin and IT work better so it supports our work with families": [
        "Develop one referral form for all in-house services",
        "Create a shared drive of forms and resources",
    ],
    "Improving partnership working": ["Define partner agency roles and share notetaking"],
    "Improving staff wellbeing": ["Develop ways to celebrate success and show appreciation"],
    "Working better as a team": [],
    "Making sure the child's voice is heard": ["Develop new ways to work with interpreters"],
}


@pytest.fixture
def published(db):
    call_command("load_journey", *PUBLISHED, verbosity=0)


@pytest.fixture
def demo(db):
    call_command("load_demo", verbosity=0)


def _count(kind: type[models.Model], slug: str) -> int:
    return kind._base_manager.filter(authority__slug=slug).count()


def _strands(slug: str) -> dict[str, list[str]]:
    """The chosen changes of each strand, in their order."""
    return {
        strand.title: [change.title for change in strand.small_changes.filter(status__in=LIVING)]
        for strand in MissionStrand.objects.standing().filter(authority__slug=slug)
    }


def _pillars(slug: str) -> dict[str, int]:
    return {
        pillar.title: pillar.experiments.standing().count()
        for pillar in Pillar.objects.standing().filter(authority__slug=slug)
    }


# --- what was published


def test_tower_hamlets(published):
    slug = "tower-hamlets"
    kinds = (Value, Opposite, Principle, Barrier, MissionStrand, SmallChange, Commitment)
    assert {kind.__name__: _count(kind, slug) for kind in kinds} == {
        "Value": 5,
        "Opposite": 6,
        "Principle": 4,
        "Barrier": 7,
        "MissionStrand": 5,
        "SmallChange": 7,
        "Commitment": 2,
    }
    assert _strands(slug) == TOWER_HAMLETS
    assert list(_pillars(slug).values()) == [5, 3, 2]
    programme = Programme.objects.get(authority__slug=slug)
    assert (programme.model, programme.pod_every_weeks) == ("team-based", 4)
    assert (programme.starts_on, programme.changes_prioritised) == (None, 8)
    assert _count(TemperatureFinding, slug) == 7
    assert [step.text for step in Step.objects.filter(authority__slug=slug)] == [
        "write a minute-taking template and guide",
        "test them with volunteers from several agencies",
    ]
    assert [(met.kind, met.change.gift) for met in Met.objects.filter(authority__slug=slug)] == [
        ("barrier met", "needs sponsorship")
    ]


def test_warrington(published):
    slug = "warrington"
    assert _strands(slug) == {
        "Improving staff retention": ["New induction process for staff"],
        "Having effective recording practices": [
            "Changing the invite process for Children Looked After reviews"
        ],
        "Speeding up decision-making and authorisation": [
            "Social workers have access to and ownership of food vouchers"
        ],
    }
    assert [change.impact[:20] for change in SmallChange.objects.filter(authority__slug=slug)] == [
        "Staff know the value",
        "An updated form insi",
        "Families get essenti",
    ]
    assert (_count(WayOfWorking, slug), _count(Need, slug)) == (2, 2)
    assert Blueprint.objects.get(authority__slug=slug).focus == (
        "embedding a culture of experimentation and learning through small changes"
    )


def test_wandsworth(published):
    slug = "wandsworth"
    assert _pillars(slug) == {
        "Changing our approach to meetings": 0,
        "Innovative approaches to recording": 0,
    }
    assert [(one.title, one.status) for one in SmallChange.objects.filter(strand=None)] == [
        ("Protected slots in practitioners' calendars", "chosen"),
        ("Turn down meeting invitations where attending has no clear purpose", "chosen"),
    ]
    programme = Programme.objects.get(authority__slug=slug)
    # The month was published; the day of the start, and all other dates, follow from the model.
    assert (str(programme.starts_on), programme.illustrative) == ("2021-11-01", "day of the start")
    assert set(programme.milestones.values_list("illustrative", flat=True)) == {"date"}


def test_the_published_figures_of_evolve(published):
    rows = PublishedResult.objects.filter(authority__slug="wandsworth")
    assert [(row.question, row.share) for row in rows] == [
        ("job satisfaction", "75"),
        ("how effective you are as a team", "100"),
        ("your ability to effect change within the local authority", "87.5"),
        ("how valued you feel in your role", "87.5"),
        (
            "the time that you or your team spend in direct work with children, young people or"
            " families",
            "100",
        ),
    ]
    assert [(row.respondents, row.large, row.moderate) for row in rows][-1] == (8, 3, 5)


# --- what the demo adds


def test_the_demo_adds_to_what_was_published(demo):
    assert _strands("tower-hamlets") == TOWER_HAMLETS
    assert list(_pillars("tower-hamlets").values()) == [5, 3, 2]
    assert [len(changes) for changes in _strands("warrington").values()] == [7, 6, 6]
    assert _count(SmallChange, "warrington") == 24
    assert list(_pillars("wandsworth").values()) == [2, 2]
    here = {slug: _count_done(slug) for slug in ("tower-hamlets", "wandsworth", "warrington")}
    assert here == {"tower-hamlets": 2, "wandsworth": 2, "warrington": 1}


def _count_done(slug: str) -> int:
    return Programme.objects.get(authority__slug=slug).steps.exclude(done_at=None).count()


def test_the_demo_never_ages(demo):
    """What comes next comes after today, whenever the demo is loaded."""
    milestones = LocalAuthority.objects.get(slug="tower-hamlets").milestones
    coming = milestones.filter(on__gt=timezone.localdate()).first()
    assert (coming.kind, coming.place) == ("blueprint", "Town Hall, room 3")


# Rows that join two others, and those of people, whose accounts are made up one and all.
_NOT_SHOWN = {
    *("BarrierTeam", "StrandBarrier", "ChangeTeam", "InsightChange", "PillarInsight"),
    *("Membership", "MembershipTeam", "InvitationTeam"),
}


def _rows() -> dict[tuple[str, str], dict]:
    """What each row says, by its kind and id, without what nobody reads."""
    kinds = [
        kind
        for kind in apps.get_models()
        if issubclass(kind, TenantModel) and kind.__name__ not in _NOT_SHOWN
    ]
    return {
        (kind.__name__, str(row["id"])): row
        for kind in kinds
        for row in kind._base_manager.values()
    }


def test_everything_that_was_not_published_says_so(published):
    facts = _rows()
    call_command("load_demo", verbosity=0)
    silent = []
    for key, row in _rows().items():
        was = facts.get(key, {})
        changed = {name for name, value in row.items() if was.get(name) != value}
        if changed - {"version", "illustrative"} and not row["illustrative"]:
            silent.append((key[0], row))
    assert silent == []


def test_each_change_of_tower_hamlets_says_that_its_strand_is_made_up(demo):
    """Which strand a change belongs to was not published."""
    marks = SmallChange.objects.filter(authority__slug="tower-hamlets").values_list(
        "illustrative", flat=True
    )
    assert [mark.split(", ")[0] for mark in marks] == ["strand"] * 7


def test_loading_again_changes_nothing(demo):
    before = dump()
    call_command("load_demo", verbosity=0)
    call_command("load_journey", *PUBLISHED, verbosity=0)
    call_command("load_journey", *ILLUSTRATIVE, verbosity=0)
    assert dump() == before


def test_a_second_start_asks_little(demo, django_assert_max_num_queries):
    """Not one query for each row that is there."""
    with django_assert_max_num_queries(240):
        call_command("load_demo", verbosity=0)


def test_loading_is_in_history_as_the_systems_work(demo):
    assert set(AuditEvent.objects.values_list("actor_kind", "actor_id")) == {("system", None)}


# --- the accounts


def test_the_accounts_of_the_demo(demo):
    found = {
        member.user.email: (member.roles, [team.name for team in member.teams.all()])
        for member in Membership.objects.order_by("user__email")
    }
    team_1 = ["Family Support and Protection team 1"]
    assert found == {
        "facilitator@tower-hamlets.example": ([Role.FACILITATOR], []),
        "facilitator@wandsworth.example": ([Role.FACILITATOR], []),
        "facilitator@warrington.example": ([Role.FACILITATOR], []),
        "manager@tower-hamlets.example": ([Role.MANAGER], []),
        "manager@wandsworth.example": ([Role.MANAGER], ["Evolve"]),
        "manager@warrington.example": ([Role.MANAGER], ["Child in Need"]),
        "practitioner@tower-hamlets.example": ([Role.PRACTITIONER], team_1),
        "practitioner@wandsworth.example": ([Role.PRACTITIONER], ["Evolve"]),
        "practitioner@warrington.example": ([Role.PRACTITIONER], ["Child in Need"]),
    }
    crescendo = User.objects.filter(is_crescendo_team=True)
    assert [user.email for user in crescendo] == ["team@crescendo.example"]


def test_each_button_of_the_sign_in_page_opens_a_door(demo):
    for email in User.objects.values_list("email", flat=True):
        said = Client().post("/accounts/login/", {"login": email, "password": PASSWORD})
        assert (email, said.status_code, said.url) == (email, 302, "/")
    verified = EmailAddress.objects.filter(verified=True, primary=True)
    assert verified.count() == User.objects.count() == 10


def test_what_people_changed_of_an_account_stays_and_the_password_works_again(demo):
    user = User.objects.get(email="practitioner@warrington.example")
    manager = User.objects.get(email="manager@warrington.example")
    people.rename(name="Somebody Else", by=user)
    user.set_password("something else entirely")
    user.save()
    people.change(membership=user.memberships.get(), roles=[Role.MANAGER], teams=[], by=manager)
    people.end(membership=manager.memberships.get(), by=user)
    crescendo = User.objects.get(email="team@crescendo.example")
    people.leave_crescendo_team(user=crescendo, by=crescendo)
    call_command("load_demo", verbosity=0)
    user = User.objects.get(email="practitioner@warrington.example")
    assert (user.name, user.check_password(PASSWORD)) == ("Somebody Else", True)
    assert user.memberships.get().roles == [Role.MANAGER]
    assert user.memberships.get().teams.count() == 0
    assert manager.memberships.get().ended_at is not None
    crescendo.refresh_from_db()
    assert crescendo.is_crescendo_team is False


def test_an_authority_that_moved_to_another_address_is_found(demo):
    LocalAuthority.objects.filter(slug="warrington").update(slug="wa", name="Warrington Council")
    before = dump()
    call_command("load_demo", verbosity=0)
    assert dump() == before


# --- never in production


@pytest.mark.django_db
def test_it_refuses_under_production(settings):
    settings.MODE = "production"
    with pytest.raises(CommandError) as caught:
        call_command("load_demo", verbosity=0)
    assert str(caught.value) == (
        "The demo's accounts have a password that everybody knows: they are for the demo alone."
        " This is production."
    )
    assert (User.objects.count(), LocalAuthority.objects.count()) == (0, 0)


def test_it_refuses_in_a_process_of_production():
    said = subprocess.run(
        [sys.executable, "manage.py", "load_demo"],
        cwd=application.BASE_DIR,
        env={
            **os.environ,
            "CRESCENDO_MODE": "production",
            "DJANGO_SETTINGS_MODULE": "crescendo.settings",
            "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
            "SECRET_KEY": "x" * 64,
            "ALLOWED_HOSTS": "crescendo.example",
            "SITE_URL": "https://crescendo.example",
            "SMTP_HOST": "localhost",
            "DEFAULT_FROM_EMAIL": "hello@crescendo.example",
        },
        capture_output=True,
        text=True,
    )
    assert (said.returncode, said.stderr.splitlines()[-1]) == (
        1,
        "CommandError: The demo's accounts have a password that everybody knows: they are for the"
        " demo alone. This is production.",
    )
