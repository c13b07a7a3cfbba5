"""Time for commands that hold a transaction while Python works. Pages and the worker get none."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

_NAME = "idle_in_transaction_session_timeout"


@contextmanager
def patient_transaction() -> Iterator[None]:
    """One transaction that may wait for Python as long as it takes."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL {_NAME} = 0")
        yield


@contextmanager
def patience(session) -> Iterator[None]:
    """The same for each transaction of a session. A command that fails ends its session with it."""
    with session.cursor() as cursor:
        cursor.execute(f"SET {_NAME} = 0")
    yield
    with session.cursor() as cursor:
        cursor.execute(f"RESET {_NAME}")
