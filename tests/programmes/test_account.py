"""One's own account: what is shown of oneself, and the name."""

import pytest
from django.utils import timezone

from programmes.models import AuditEvent, Role
from tests import factories
from tests.answers import errors, follow, told

PAGE = "/account/"


@pytest.fixture
def manager(cast, client_of):
    return client_of(cast.manager)


def test_it_shows_name_address_and_places_with_roles_and_teams(cast, manager):
    team = factories.TeamFactory(authority=cast.other, name="Evolve")
    there = factories.MembershipFactory(
        authority=cast.other, user=cast.manager, roles=[Role.FACILITATOR, Role.PRACTITIONER]
    )
    there.teams.add(team, through_defaults={"authority": cast.other})
    page = manager.get(PAGE)
    body = page.content.decode()
    assert [(str(one.authority), one.role_names) for one in page.context["memberships"]] == [
        ("Other Borough", "Practitioner and facilitator"),
        ("Own Borough", "Manager"),
    ]
    for words in (
        'value="Manager Example"',
        "manager@own.example",
        "Practitioner and facilitator · Evolve",
    ):
        assert words in body


def test_it_leads_to_everything_that_keeps_an_account_safe(manager):
    body = manager.get(PAGE).content.decode()
    for address in (
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/sessions/",
        "/privacy/",
    ):
        assert f'href="{address}"' in body
    assert '<form method="post" action="/accounts/logout/">' in body


def test_who_has_no_password_is_offered_one(cast, manager):
    cast.manager.set_unusable_password()
    cast.manager.save()
    manager.force_login(cast.manager)
    body = manager.get(PAGE).content.decode()
    assert ('href="/accounts/password/set/"' in body, "/password/change/" in body) == (True, False)


@pytest.mark.parametrize(
    ("kinds", "has"),
    [([], False), (["recovery_codes"], False), (["totp"], True), (["webauthn"], True)],
)
def test_a_second_step_is_told_of_where_there_is_one(cast, manager, kinds, has):
    for kind in kinds:
        cast.manager.authenticator_set.create(type=kind, data={})
    assert manager.get(PAGE).context["has_second_step"] is has


def test_a_place_that_ended_is_not_shown(cast, manager):
    cast.manager.memberships.update(ended_at=timezone.now())
    page = manager.get(PAGE)
    assert (list(page.context["memberships"]), "Nowhere yet." in page.content.decode()) == (
        [],
        True,
    )


def test_the_crescendo_team_is_shown_as_that(cast, client_of):
    body = client_of(cast.crescendo).get(PAGE).content.decode()
    assert ("Crescendo team</p>" in body, 'href="/portfolio/">All places' in body) == (True, True)


def test_a_name_is_changed(cast, manager):
    page = follow(manager, manager.post(PAGE, {"name": "  Marcia   Penhale "}))
    cast.manager.refresh_from_db()
    assert (cast.manager.name, told(page)) == ("Marcia Penhale", ["Saved your name."])
    event = AuditEvent.objects.get(verb="name changed")
    assert (event.target_label, event.details) == ("", {})


@pytest.mark.parametrize("name", ["", "   ", "x" * 121, "a\0b"])
def test_a_name_that_cannot_be_is_refused(cast, manager, name):
    page = manager.post(PAGE, {"name": name})
    cast.manager.refresh_from_db()
    assert (list(errors(page)), cast.manager.name) == (["name"], "Manager Example")


def test_forged_fields_change_nothing_of_an_account(cast, manager):
    manager.post(
        PAGE,
        {
            "name": "Marcia",
            "email": "forged@own.example",
            "is_crescendo_team": "on",
            "is_active": "",
            "password": "forged",
            "id": cast.facilitator.pk,
        },
    )
    cast.manager.refresh_from_db()
    assert (cast.manager.email, cast.manager.is_crescendo_team, cast.manager.is_active) == (
        *("manager@own.example", False, True),
    )
    assert cast.manager.check_password(factories.PASSWORD)
    cast.facilitator.refresh_from_db()
    assert cast.facilitator.name == "Facilitator Example"


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_does_not_grow(cast, client_of, django_assert_num_queries, rows):
    user = factories.UserFactory()
    for _ in range(rows):
        membership = factories.MembershipFactory(user=user)
        team = factories.TeamFactory(authority=membership.authority)
        membership.teams.add(team, through_defaults={"authority": membership.authority})
    client = client_of(user)
    with django_assert_num_queries(6):
        client.get(PAGE)
