"""What the demo adds to the journeys, and its accounts."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from crescendo.demo import surveys
from crescendo.loading.desk import MADE_UP
from impact.thread import Web
from programmes.actions import people
from programmes.models import (
    AuditEvent,
    LocalAuthority,
    Membership,
    Programme,
    Role,
    User,
)
from smallchanges.models import SmallChange
from surveys import actions
from surveys.models import Survey
from tests.crescendo.loading import (
    ILLUSTRATIVE,
    PUBLISHED,
    TOWER_HAMLETS,
    count_of,
    dump,
    pillars_of,
    strands_of,
)

PASSWORD = "small-changes"


@pytest.fixture(scope="module")
def _loaded(django_db_setup, django_db_blocker):
    """The demo, loaded once: each test takes back what it wrote."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_demo", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(_loaded, db):
    pass


def test_the_demo_adds_to_what_was_published(demo):
    assert strands_of("tower-hamlets") == TOWER_HAMLETS
    assert list(pillars_of("tower-hamlets").values()) == [5, 3, 2]
    assert [len(changes) for changes in strands_of("warrington").values()] == [7, 6, 6]
    assert count_of(SmallChange, "warrington") == 24
    assert list(pillars_of("wandsworth").values()) == [2, 2]
    here = {slug: _count_done(slug) for slug in ("tower-hamlets", "wandsworth", "warrington")}
    assert here == {"tower-hamlets": 2, "wandsworth": 2, "warrington": 1}


def _count_done(slug: str) -> int:
    return Programme.objects.get(authority__slug=slug).steps.exclude(done_at=None).count()


def test_the_demo_never_ages(demo):
    """What comes next comes after today, whenever the demo is loaded."""
    milestones = LocalAuthority.objects.get(slug="tower-hamlets").milestones
    coming = milestones.filter(on__gt=timezone.localdate()).first()
    assert (coming.kind, coming.place) == ("blueprint", "Town Hall, room 3")


def test_a_survey_is_always_open(demo):
    """As it would be weeks from now, when the worker has closed the first."""
    first = Survey.objects.open().get()
    place = [first.authority.slug, first.voices.count(), first.illustrative]
    assert place == ["warrington", 9, MADE_UP]
    assert first.closes_on - timezone.localdate(first.opened_at) == timedelta(days=14)
    with transaction.atomic():
        actions.close_survey(survey=first)
        surveys.load()
        assert not Survey.objects.open().exists()  # closed in its own week, it stays closed
        Programme.objects.filter(pk=first.programme_id).update(
            starts_on=first.programme.starts_on - timedelta(weeks=2)
        )
        surveys.load()
        assert Survey.objects.open().get().title != first.title
        transaction.set_rollback(True)


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
    with django_assert_max_num_queries(272):
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


# --- workshops


def test_what_comes_next_has_a_plan_that_says_it_is_made_up(demo):
    place = LocalAuthority.objects.get(slug="tower-hamlets")
    workshop = place.workshops.get(ended_at=None)
    assert (workshop.kind, workshop.template.key) == ("blueprint", "blueprint")
    assert (workshop.illustrative, workshop.created_by) == ("date, place, time, plan", None)
    assert workshop.activities.count() == workshop.template.blocks.count()


def test_a_thread_runs_from_the_minutes_to_an_experiment_and_what_was_seen(demo):
    programme = Programme.objects.get(authority__slug="tower-hamlets")
    web = Web(programme)
    minutes = next(point for point, words in web.words.items() if words.startswith("Minute-taking"))
    assert [web.words[point] for point in web.path(minutes)] == [
        "Minute-taking in core group meetings falls to the social worker",
        "Improving partnership working",
        "Define partner agency roles and share notetaking",
        "Unclear who is responsible, and what is permissible",
        "Build better partnerships with external agencies",
        "A new approach to meetings: rotate chairing and notetaking",
        "Two words after the meeting: “lighter”, and “unsure”.",
    ]
