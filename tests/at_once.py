"""Two things at once, without a clock: one holds its locks until the other waits for them."""

import threading
import time
from collections.abc import Callable

from django.db import connection, transaction

# Only how long a broken test takes to fail.
PATIENCE = 20


def while_waiting(first: Callable, second: Callable, then: Callable = lambda: None):
    """Do `second` in a transaction of its own while the one of `first` is still open.

    Returns what both returned or raised. `first` is committed once `second` waits for a lock, or is
    done because it needed none; before that it does what `then` says.
    """
    second_did: list = []

    def run():
        try:
            second_did.append(second())
        except Exception as error:
            second_did.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first_did = first()
        thread.start()
        _until(lambda: not thread.is_alive() or _somebody_waits())
        then()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    return first_did, second_did[0]


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_locks"
            " JOIN pg_database ON pg_database.oid = database WHERE datname = current_database())"
        )
        return cursor.fetchone()[0] > 0


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)
