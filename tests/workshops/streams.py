"""Servers of live streams, and listeners to them, as tests need them."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client

from programmes.models import LocalAuthority, User
from tests.factories import ParticipantFactory, guest_key
from workshops.listeners import cookie_of
from workshops.live import announce
from workshops.models import Participant, Workshop

ROOT = Path(__file__).parent.parent.parent
# Only how long a broken test takes to fail.
PATIENCE = 20


# --- rows that other connections see


@contextlib.contextmanager
def committed(blocker) -> Iterator[None]:
    """The database for a test that commits; what it made is deleted, in a moment.

    pytest-django's own way empties every table, which takes half a second.
    """
    with blocker.unblock():
        try:
            yield
        finally:
            for kind in (Workshop, Session, LocalAuthority, User):
                kind.objects.all().delete()


# --- the server


@dataclass
class Server:
    port: int
    process: "subprocess.Popen[str]"

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


@contextlib.contextmanager
def served(name: str = "live", **limits: float) -> Iterator[Server]:
    """A server on this test's database; its connections bear `name`."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.workshops.serve"]
        + [f"{limit}={number}" for limit, number in limits.items()],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": _database_url(name), "CRESCENDO_MODE": "test"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        port = int(process.stdout.readline())
        while "ready" not in process.stdout.readline():
            assert process.poll() is None
        yield Server(port, process)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()


def _database_url(name: str) -> str:
    told = connection.settings_dict
    user = quote(told["USER"]) + (f":{quote(told['PASSWORD'])}" if told["PASSWORD"] else "")
    where = {"host": told["HOST"], "port": told["PORT"], "application_name": name}
    query = urlencode({key: value for key, value in where.items() if value})
    return f"postgresql://{user}@/{told['NAME']}?{query}"


def sessions(name: str = "live") -> int:
    """How many connections to the database a server holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            # Another test process has a server of its own, on its own database.
            " WHERE application_name = %s AND datname = current_database()",
            [name],
        )
        return cursor.fetchone()[0]


def cut_off(name: str = "live") -> int:
    """End every connection of a server to the database, as a restart of that would."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE application_name = %s AND datname = current_database()",
            [name],
        )
        return cursor.fetchone()[0]


# --- who listens


@dataclass(frozen=True)
class Heard:
    """One event of a stream."""

    id: str = ""
    event: str = ""
    data: str = ""


@dataclass
class Stream:
    """An open stream, as a browser reads it."""

    socket: socket.socket
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    # All that came, as text; comments and times to wait before coming back are only here.
    raw: str = ""
    _bytes: bytes = b""
    _blocks: list[str] = field(default_factory=list)
    is_over: bool = False

    def next(self) -> Heard | None:
        """The next event; None at the end of the stream."""
        while (block := self.next_block()) is not None:
            lines = [line.partition(": ")[::2] for line in block.splitlines()]
            if any(name == "data" for name, _ in lines):
                return Heard(
                    id="".join(value for name, value in lines if name == "id"),
                    event="".join(value for name, value in lines if name == "event"),
                    data="\n".join(value for name, value in lines if name == "data"),
                )
        return None

    def next_block(self) -> str | None:
        while not self._blocks:
            if self.is_over:
                return None
            self._read_chunk()
        return self._blocks.pop(0)

    def close(self) -> None:
        self.socket.close()

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def _read_head(self) -> None:
        head = self._until(b"\r\n\r\n").decode()
        first, *lines = head.split("\r\n")
        self.status = int(first.split()[1])
        self.headers = {
            name.lower(): value for name, _, value in (line.partition(": ") for line in lines)
        }

    def _read_chunk(self) -> None:
        size = int(self._until(b"\r\n"), 16)
        if size == 0:
            self.is_over = True
            return
        while len(self._bytes) < size + 2:
            self._more()
        text = self._bytes[:size].decode()
        self._bytes = self._bytes[size + 2 :]
        self.raw += text
        # The server sends whole blocks.
        self._blocks += text.removesuffix("\n\n").split("\n\n")

    def _until(self, end: bytes) -> bytes:
        while end not in self._bytes:
            self._more()
        found, _, self._bytes = self._bytes.partition(end)
        return found

    def _more(self) -> None:
        came = self.socket.recv(65536)
        if not came:
            raise ConnectionError("The server broke off.")
        self._bytes += came


def listen(
    server: Server,
    path: str,
    *,
    cookies: dict[str, str] | None = None,
    last_event_id: str = "",
    method: str = "GET",
) -> Stream:
    """Ask for a stream; it may be refused (`status`)."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{server.port}"]
    if cookies:
        lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in cookies.items()))
    if last_event_id:
        lines.append(f"Last-Event-ID: {last_event_id}")
    opened = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)
    opened.sendall("\r\n".join([*lines, "", ""]).encode())
    stream = Stream(opened)
    stream._read_head()
    if stream.status == 200:
        assert (stream.next_block() or "").startswith("retry: ")
    return stream


def address(workshop: Workshop, audience: str, since: int = 0, **query: str) -> str:
    return f"/live/{workshop.pk}/{audience}/?{urlencode({'since': since} | query)}"


def guest_of(workshop: Workshop) -> tuple[Participant, dict[str, str]]:
    """Somebody who joined, and the cookies of their device."""
    participant = ParticipantFactory(workshop=workshop)
    return participant, {cookie_of(workshop.pk): guest_key(participant)}


def cookies_of(user: User) -> dict[str, str]:
    """The cookies of somebody who signed in."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {name: client.cookies[name].value}


def tell(workshop: Workshop, *, topic: str = "", **html: str) -> int:
    """`announce`, in a transaction of its own."""
    with transaction.atomic():
        return announce(workshop, topic=topic, **html)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
