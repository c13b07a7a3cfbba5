"""The fixed cast: two authorities, so that every test can ask what the other one sees."""

import gc
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.db import connection
from django.db.models.signals import post_migrate
from django.test import Client, client

from programmes.models import AuditEvent, LocalAuthority, Membership, Programme, Role, User
from tests.factories import LocalAuthorityFactory, ProgrammeFactory, UserFactory
from tests.migrated import template


def pytest_collection_finish():
    """What is there by now stays: looking through it again and again for garbage takes seconds."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


# These take longest: begun last, one core would wait for the other.
LONGEST = ("test_fuzz.py", "test_every_door.py")


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.path.name not in LONGEST)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_blocker):
    """Copy a database that has every migration, rather than apply them in each test process."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = template()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """Sweep up after tests that commit row by row: to TRUNCATE every table takes far longer.

    Nor are Django's permissions and content types made anew each time, which nobody here asks for.
    """
    post_migrate.receivers.clear()
    models = apps.get_models(include_auto_created=True)
    tables = [model._meta.db_table for model in reversed(models)]
    history = AuditEvent._meta.db_table  # whose rows the database itself lets nobody delete
    statements = [
        f"ALTER TABLE {history} DISABLE TRIGGER USER",
        *(f"DELETE FROM {table}" for table in tables),
        f"ALTER TABLE {history} ENABLE TRIGGER USER",
    ]
    connection.ops.sql_flush = lambda *_, **__: [";".join(statements)]


@pytest.fixture(scope="session", autouse=True)
def contexts_of_pages_alone():
    """Tests read what a page was given; Django would copy it for each field and each tag too."""
    keep = client.store_rendered_templates

    def of_the_page(store, signal, sender, template, context, **kwargs):
        if "context" not in store and "request" in context:
            keep(store, signal, sender, template, context, **kwargs)

    client.store_rendered_templates = of_the_page
    yield
    client.store_rendered_templates = keep


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
    """In as few statements as can be: nearly every test begins here."""
    authority, other = LocalAuthority.objects.bulk_create(
        [
            LocalAuthorityFactory.build(name="Own Borough", slug="own"),
            LocalAuthorityFactory.build(name="Other Borough", slug="other"),
        ]
    )
    programme, other_programme = Programme.objects.bulk_create(
        [ProgrammeFactory.build(authority=authority), ProgrammeFactory.build(authority=other)]
    )
    facilitator, practitioner, manager, outsider, crescendo = User.objects.bulk_create(
        [
            UserFactory.build(email="facilitator@own.example", name="Facilitator Example"),
            UserFactory.build(email="practitioner@own.example", name="Practitioner Example"),
            UserFactory.build(email="manager@own.example", name="Manager Example"),
            UserFactory.build(email="outsider@other.example", name="Outsider Example"),
            UserFactory.build(
                email="team@crescendo.example", name="Crescendo Example", is_crescendo_team=True
            ),
        ]
    )
    Membership.objects.bulk_create(
        Membership(authority=of, user=user, roles=[role])
        for of, user, role in (
            (authority, facilitator, Role.FACILITATOR),
            (authority, practitioner, Role.PRACTITIONER),
            (authority, manager, Role.MANAGER),
            (other, outsider, Role.FACILITATOR),
        )
    )
    return Cast(
        authority=authority,
        programme=programme,
        other=other,
        other_programme=other_programme,
        facilitator=facilitator,
        practitioner=practitioner,
        manager=manager,
        crescendo=crescendo,
        outsider=outsider,
    )


@pytest.fixture
def client_of():
    """`client_of(user)` is a browser in which `user` has signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in
