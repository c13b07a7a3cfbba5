"""Run the demo: database, data, server, in one go. `make demo` calls it; PORT chooses the port.

One process prepares the database and then serves, so that a start is quick and an end leaves
nothing behind: when it goes, however it goes, the guardian of `tools.postgres` stops the database.
"""

import contextlib
import ctypes
import hashlib
import http.client
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from django.core.management.base import CommandError

from tools import postgres

HOST = "127.0.0.1"
FIRST_PAGE = "/accounts/login/"
FIRST_PAGE_SECONDS = 60
# An open live stream must not hold up the end of the demo for longer than this.
GRACE_SECONDS = 3


class DemoError(Exception):
    """The demo cannot start; the text is one line for the person who started it."""


def chosen_port(text: str) -> int:
    """The port that PORT names. Raises DemoError where it names none."""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 65535:
        return int(text)
    raise DemoError(f"PORT={text} is no port: use a number from 1 to 65535.")


def take_port(port: int) -> socket.socket:
    """Bind the port, so that nobody else gets it. Raises DemoError where it is taken."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        # Two sockets may be bound to one port until one of them listens.
        listener.listen(128)
    except OSError as error:
        listener.close()
        if isinstance(error, PermissionError):
            raise DemoError(f"Port {port} needs more rights: choose one above 1023.") from None
        raise DemoError(
            f"Port {port} is in use: stop what uses it, or choose another port: "
            f"make demo PORT={port + 1 if port < 65535 else 8000}"
        ) from None
    return listener


def prepare() -> None:
    """Bring database, static files and demo data up to date, doing only what is needed."""
    import django
    from django.core.management import call_command

    django.setup()
    from django.db import connection, connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Preparing the database ...", flush=True)
        call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    collect_static()
    call_command("load_demo", verbosity=0)
    # The server opens connections of its own, in threads of its own.
    connections.close_all()


def collect_static() -> None:
    """`collectstatic`, where a source file has changed since the last time."""
    from django.conf import settings
    from django.core.management import call_command

    root = Path(settings.STATIC_ROOT)
    done = root.parent / "static-collected"
    fingerprint = static_fingerprint()
    if root.is_dir() and done.exists() and done.read_text() == fingerprint:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    done.write_text(fingerprint)


def static_fingerprint() -> str:
    """A hash over the name, size and time of every static source file, and how they are stored."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders

    told = hashlib.sha256(repr(settings.STORAGES).encode())
    for finder in get_finders():
        for name, storage in finder.list(None):
            with contextlib.suppress(OSError):
                facts = os.stat(storage.path(name))
                told.update(f"{name}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return told.hexdigest()


def announce(port: int, stopping: threading.Event, failures: list[str]) -> None:
    """Say that the demo is ready, once its first page answers.

    Where it does not, put the reason in `failures` and end the server.
    """
    deadline = time.monotonic() + FIRST_PAGE_SECONDS
    answer = ""
    while not stopping.is_set():
        # Not urllib: it would ask a proxy that the environment may name.
        connection = http.client.HTTPConnection(HOST, port, timeout=10)
        try:
            connection.request("GET", FIRST_PAGE)
            response = connection.getresponse()
            response.read()
            answer = f"{response.status} {response.reason}"
        except (OSError, http.client.HTTPException) as error:
            answer = str(error)
        finally:
            connection.close()
        if answer.startswith("200 "):
            print(f"Crescendo is ready at http://{HOST}:{port}/", flush=True)
            print(
                "Sign in as facilitator@tower-hamlets.example with small-changes (the sign-in page "
                "has a button for each demo account). Its mails are at /mail/. Ctrl-C ends it.",
                flush=True,
            )
            return
        if time.monotonic() > deadline or answer.startswith("5"):
            failures.append(f"The first page, {FIRST_PAGE}, does not answer as it should: {answer}")
            os.kill(os.getpid(), signal.SIGTERM)
            return
        stopping.wait(0.1)


def work() -> None:
    """Run the worker, which queues and sends mails by itself, until this process ends."""
    import asyncio

    from procrastinate.contrib.django import app

    worker = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]

    async def until_the_end() -> None:
        async with worker.open_async():
            await worker.run_worker_async(install_signal_handlers=False)

    asyncio.run(until_the_end())


def serve(listener: socket.socket, port: int) -> None:
    """Serve until a signal comes; uvicorn raises it again when it has shut down.

    Raises DemoError where the first page does not come.
    """
    import uvicorn

    server = uvicorn.Server(
        uvicorn.Config(
            "crescendo.asgi:application",
            access_log=False,
            # No proxy stands in front: who says so could pass the limits on sign-in tries.
            proxy_headers=False,
            log_level="warning",
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
    stopping = threading.Event()
    failures: list[str] = []
    threading.Thread(target=announce, args=(port, stopping, failures), daemon=True).start()
    try:
        server.run(sockets=[listener])
    finally:
        stopping.set()
        if failures:
            raise DemoError(failures[0])


@contextlib.contextmanager
def database() -> Iterator[None]:
    """The embedded database, or the one that DATABASE_URL names."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    with postgres.Cluster().running() as url:
        os.environ["DATABASE_URL"] = url
        yield


def end_with_make() -> None:
    """Linux: end when the `make` above us is killed, rather than hold the port without it."""
    if sys.platform == "linux" and os.environ.get("MAKELEVEL"):
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def main() -> int:
    """Return the exit code: 0 after a signal, 1 where the demo could not start."""

    def leave(number: int, frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGINT, leave)
    signal.signal(signal.SIGTERM, leave)
    # A closed terminal. The server knows SIGTERM, and does not know this one.
    signal.signal(signal.SIGHUP, lambda number, frame: signal.raise_signal(signal.SIGTERM))
    end_with_make()
    if os.environ.setdefault("CRESCENDO_MODE", "demo") != "demo":
        print("This runs the demo, and CRESCENDO_MODE says otherwise: unset it.", file=sys.stderr)
        return 1
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crescendo.settings")
    try:
        port = chosen_port(os.environ.get("PORT", "8000"))
        with take_port(port) as listener, database():
            try:
                prepare()
            except CommandError as error:
                raise DemoError(f"The demo could not be prepared: {error}") from None
            threading.Thread(target=work, name="worker", daemon=True).start()
            serve(listener, port)
    except (DemoError, postgres.PostgresError) as error:
        print(error, file=sys.stderr)
        return 1
    except SystemExit as ending:
        return ending.code if isinstance(ending.code, int) else 1
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Without waiting for threads: a request that hangs must not keep the process.
    os._exit(code)
