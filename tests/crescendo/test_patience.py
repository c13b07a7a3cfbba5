"""How long a transaction may wait for Python: a page ten seconds, a command as long as it takes."""

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models.signals import post_migrate

from crescendo.patience import patient_transaction

pytestmark = pytest.mark.django_db


def _may_wait(**_) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        return cursor.fetchone()[0]


def test_migrating_takes_its_time_and_nothing_after_it_does():
    seen = []

    def look(**_):
        seen.append(_may_wait())

    post_migrate.connect(look)
    try:
        call_command("migrate", verbosity=0)
    finally:
        post_migrate.disconnect(look)
    assert (set(seen), _may_wait()) == ({"0"}, "10s")


def test_a_patient_transaction_ends_with_its_patience():
    with patient_transaction():
        seen = _may_wait()
        transaction.set_rollback(True)
    assert (seen, _may_wait()) == ("0", "10s")


@pytest.mark.parametrize(
    ("command", "files"), [("load_demo", []), ("load_journey", ["journeys/tower-hamlets.toml"])]
)
def test_loading_takes_its_time(command, files):
    class SeenError(Exception):
        pass

    def look(execute, sql, params, many, context):
        """As soon as it asks for something."""
        if sql.startswith("SELECT"):
            execute("SHOW idle_in_transaction_session_timeout", None, False, context)
            raise SeenError(context["cursor"].fetchone()[0])
        return execute(sql, params, many, context)

    with pytest.raises(SeenError, match=r"^0$"), connection.execute_wrapper(look):
        call_command(command, *files)
    assert _may_wait() == "10s"
