"""Every column is classed, and the guide to the archive says what the registry says."""

from django.apps import apps
from django.conf import settings

from impact.registry import OURS, in_words, privacy_in_words, registry

ACCOUNTS = {
    *("account.EmailAddress", "account.EmailConfirmation"),
    *("mfa.Authenticator", "usersessions.UserSession"),
}


def test_every_column_of_every_table_is_classed():
    ours = {
        model._meta.label: {field.name for field in model._meta.concrete_fields}
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in OURS or model._meta.label in ACCOUNTS
    }
    classed = {table.label: set(table.columns) for table in registry().values()}
    assert classed == ours


def test_every_row_that_an_authority_owns_is_in_its_archive_or_it_is_said_why_not():
    """A table without an authority hangs on nothing that an archive could hold."""
    without = {
        table.label
        for table in registry().values()
        if table.in_archive
        and not any(one.column == "authority_id" for one in table.model._meta.concrete_fields)
    }
    assert without == set()


def test_the_guide_lists_what_the_registry_has():
    guide = (settings.BASE_DIR / "docs" / "archive-format.md").read_text()
    assert in_words() in guide
    privacy = (settings.BASE_DIR / "docs" / "privacy.md").read_text()
    assert privacy_in_words() in privacy
