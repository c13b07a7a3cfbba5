"""The fixed cast: two authorities, so that every test can ask what the other one sees."""

from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client

from programmes.models import LocalAuthority, Programme, Role, User
from tests.factories import (
    LocalAuthorityFactory,
    MembershipFactory,
    ProgrammeFactory,
    UserFactory,
)
from tests.migrated import template


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_blocker):
    """Copy a database that has every migration, rather than apply them in each test process."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = template()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Django sweeps up after tests that commit with TRUNCATE, which history refuses: let it."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE programmes_auditevent DISABLE TRIGGER audit_event_is_not_emptied"
        )


@dataclass(frozen=True)
class Cast:
    """Who is who. `outsider` is a facilitator, with every right, of the other authority."""

    authority: LocalAuthority
    programme: Programme
    other: LocalAuthority
    other_programme: Programme
    facilitator: User
    practitioner: User
    manager: User
    crescendo: User
    outsider: User


@pytest.fixture
def cast(db) -> Cast:
    authority = LocalAuthorityFactory(name="Own Borough", slug="own")
    other = LocalAuthorityFactory(name="Other Borough", slug="other")

    def member(name: str, role: Role, of: LocalAuthority) -> User:
        user = UserFactory(email=f"{name.lower()}@{of.slug}.example", name=f"{name} Example")
        MembershipFactory(authority=of, user=user, roles=[role])
        return user

    return Cast(
        authority=authority,
        programme=ProgrammeFactory(authority=authority),
        other=other,
        other_programme=ProgrammeFactory(authority=other),
        facilitator=member("Facilitator", Role.FACILITATOR, authority),
        practitioner=member("Practitioner", Role.PRACTITIONER, authority),
        manager=member("Manager", Role.MANAGER, authority),
        crescendo=UserFactory(
            email="team@crescendo.example", name="Crescendo Example", is_crescendo_team=True
        ),
        outsider=member("Outsider", Role.FACILITATOR, other),
    )


@pytest.fixture
def client_of():
    """`client_of(user)` is a browser in which `user` has signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in
