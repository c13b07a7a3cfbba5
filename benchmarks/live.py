"""`make bench BENCH=live`: what one room holds, beside plain asyncio and Channels with Redis.

Everything is made for the run and gone after it: a PostgreSQL (with its safe settings), servers on
127.0.0.1, the rivals' environment. Ours runs as in production: one live process, and page processes
that take the notes over HTTP through the real page, action and template. People are raw sockets
in a process of their own; notes come at a steady rate, whatever became of those before. A note's
time is from the moment when it should have been sent to the moment when the last person has it.

A rate is held when 95 of 100 notes took less than 250 ms, and nobody missed one or got one twice.
"""

import contextlib
import json
import os
import platform
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import NoReturn
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
RESULTS = Path(__file__).with_name("results.json")
RATES = [1, 2, 5, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 160, 200, 240, 320, 400]
HELD_MS = 250
SECONDS = float(os.environ.get("BENCH_SECONDS", "6"))
SIZES = [int(size) for size in os.environ.get("BENCH_SIZES", "200,1000").split(",")]
PAGE_PROCESSES = 2
TOKEN = "b" * 32  # what the browser's cookie and form agree on
RIVALS = ["channels==4.3.2", "channels-redis==4.3.0", "django==6.1.3", "uvicorn==0.54.0"]
RIVALS += ["websockets==17.4", "httptools==0.9.0", "psycopg[binary]==3.3.9", "gunicorn==27.0.1"]
REDIS = ["redis-server", "redis-tools", "libjemalloc2", "liblzf1", "libatomic1"]


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


# --- processes


class Helper:
    """A process that answers one line for each line."""

    def __init__(self, module: str):
        self.process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def order(self, **command: object) -> None:
        print(json.dumps(command), file=self.process.stdin, flush=True)

    def answer(self):
        told = json.loads(self.process.stdout.readline())  # type: ignore[union-attr]
        if isinstance(told, dict) and "error" in told:
            raise RuntimeError(told["error"])
        return told

    def ask(self, **command: object):
        self.order(**command)
        return self.answer()

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@contextlib.contextmanager
def server(log: Path, *command: object, port: int | None = None, **more) -> Iterator[int]:
    """A server process until the block ends; its id, once `port` answers."""
    with log.open("ab") as out:
        process = subprocess.Popen(
            [str(word) for word in command], stdout=out, stderr=out, cwd=ROOT, **more
        )
    try:
        end = time.monotonic() + 30
        while port is not None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{command} did not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.05)
        yield process.pid
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def memory_kb(pid: int) -> int:
    """What a process holds in memory of its own."""
    told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(int(line.split()[1]) for line in told.splitlines() if line.startswith("Private_"))


def threads(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def cpu_seconds(pid: int) -> float:
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


# --- what is measured, of each system alike


@dataclass
class System:
    """One of those that are compared: how to listen, how to write, and who delivers."""

    name: str
    streams: list[tuple[int, str]]
    post: Callable[[str], tuple[int, str]]  # a note with these words in it
    pid: int


@dataclass
class Run:
    rate: float
    latencies: list[float]
    troubles: list[str] = field(default_factory=list)
    cpu_us: float = 0  # of the live process, for one delivery

    @property
    def p50(self) -> float:
        return statistics.median(self.latencies)

    @property
    def p95(self) -> float:
        return sorted(self.latencies)[int(len(self.latencies) * 0.95) - 1]

    @property
    def is_held(self) -> bool:
        return not self.troubles and self.p95 < HELD_MS


class Room:
    """A system with everybody in."""

    def __init__(self, system: System):
        self.system = system
        self.crowd, self.writers = Helper("benchmarks.crowd"), Helper("benchmarks.writers")
        self.runs = 0

    def open(self) -> float:
        seconds = self.crowd.ask(open=self.system.streams)
        self.at_rate(5)  # what a process does once, it does now
        self.settle()
        return seconds

    def end(self) -> None:
        self.crowd.end()
        self.writers.end()

    def at_rate(self, rate: float) -> Run:
        self.runs += 1
        name = f"run {self.runs} mark"
        self.crowd.ask(watch=name)
        number = max(round(rate * SECONDS), 20)
        posts = [self.system.post(f"{name}-{one:06d}.") for one in range(1, number + 1)]
        before = cpu_seconds(self.system.pid)
        start = time.monotonic() + 0.3
        self.writers.order(at=start, every=1 / rate, posts=posts)
        everybody = self.crowd.ask(wait=[number, number / rate + 5])
        cpu = cpu_seconds(self.system.pid) - before
        written, report = self.writers.answer(), self.crowd.ask(report=0)
        last = {int(mark): when for mark, when in report["last"].items()}
        run = Run(
            rate,
            [
                (last[one] - start - (one - 1) / rate) * 1000 if one in last else 1e6
                for one in range(1, number + 1)
            ],
            cpu_us=cpu * 1e6 / (number * len(self.system.streams)),
        )
        if written["failures"]:
            run.troubles.append(f"not written: {written['failures'][0]}")
        if report["short"] or not everybody:
            run.troubles.append("not everybody got every note in time")
        if report["repeated"]:
            run.troubles.append("some got a note twice")
        if report["ended"]:
            run.troubles.append("streams ended")
        say(
            f"  {self.system.name}, {len(self.system.streams)} people, {rate:g}/s: "
            f"p50 {run.p50:.0f} p95 {run.p95:.0f} ms, {run.cpu_us:.1f} µs a delivery"
            f"{' ' + '; '.join(run.troubles) if run.troubles else ''}"
        )
        return run

    def rate_held(self) -> float:
        """The highest of RATES that is held: upwards two steps at a time, then the one between.

        What a rate does not hold is tried twice more: the machine may have had other things to do.
        """
        at = RATES.index(10)
        if not self._holds(RATES[at]):
            return next((rate for rate in reversed(RATES[:at]) if self._holds(rate)), 0)
        while at + 2 < len(RATES) and self._holds(RATES[at + 2]):
            at += 2
        if at + 1 < len(RATES) and self._holds(RATES[at + 1]):
            at += 1
        return RATES[at]

    def _holds(self, rate: float) -> bool:
        for _ in range(3):
            run = self.at_rate(rate)
            self.settle()
            if run.is_held:
                return True
        return False

    def settle(self) -> None:
        time.sleep(1)


# --- ours


def http(method: str, path: str, port: int, cookies: dict[str, str], **form: str) -> str:
    body = urlencode({"csrfmiddlewaretoken": TOKEN} | form) if method == "POST" else ""
    carried = "; ".join(
        f"{name}={value}" for name, value in ({"csrftoken": TOKEN} | cookies).items()
    )
    return (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {carried}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        f"\r\n{body}"
    )


def fetch(port: int, request: str) -> str:
    """The head of an answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as one:
        one.sendall(request.encode())
        came = b""
        while b"\r\n\r\n" not in came:
            came += one.recv(65536) or b"\r\n\r\n"
        while one.recv(262144):
            pass
    return came.partition(b"\r\n\r\n")[0].decode()


class Ours:
    """The product: database, page processes, live process, and one workshop that is on."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.live_port, self.page_port = free_port(), free_port()

    @contextlib.contextmanager
    def running(self) -> Iterator["Ours"]:
        from tools import postgres

        local = self.folder / "local"
        cluster = postgres.Cluster("bench", local=local)
        with cluster.running() as url, contextlib.ExitStack() as stack:
            os.environ |= {
                "DATABASE_URL": f"{url}&application_name=bench",
                "CRESCENDO_MODE": "demo",
                "CRESCENDO_LOCAL_DIR": str(local),
                "DJANGO_SETTINGS_MODULE": "crescendo.settings",
            }
            self.cluster, self.database_url = cluster, url
            self._make_rows()
            bin_ = Path(sys.executable).parent
            self.live = stack.enter_context(
                server(
                    self.folder / "live.log",
                    bin_ / "uvicorn",
                    *("crescendo.asgi:application", "--port", self.live_port),
                    *("--log-level", "warning", "--timeout-graceful-shutdown", "3"),
                    port=self.live_port,
                )
            )
            self.pages = stack.enter_context(
                server(
                    self.folder / "pages.log",
                    bin_ / "gunicorn",
                    *("crescendo.wsgi:application", "--bind", f"127.0.0.1:{self.page_port}"),
                    *("--workers", PAGE_PROCESSES, "--log-level", "warning"),
                    *("--backlog", 2048, "--graceful-timeout", 3),
                    port=self.page_port,
                )
            )
            yield self
        postgres.remove(local)

    def _make_rows(self) -> None:
        import django

        django.setup()
        from django.core.management import call_command
        from django.test import Client

        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        from programmes.models import LocalAuthority, Programme, User
        from workshops.actions import notes, room
        from workshops.models import Workshop

        self.facilitator = User.objects.create_user(
            "bench@crescendo.example", name="Bench", is_crescendo_team=True
        )
        authority = LocalAuthority.objects.create(
            name="Bench", slug="bench", kind=LocalAuthority.Kind.LONDON_BOROUGH
        )
        programme = Programme.objects.create(
            authority=authority,
            model=Programme.Model.TEAM_BASED,
            service="Family Support",
            starts_on="2026-11-24",
        )
        self.workshop = Workshop.objects.create(
            authority=authority, programme=programme, kind="values", title="Bench"
        )
        self.activities = [
            self.workshop.activities.create(
                authority=authority, kind="write", title=title, position=position
            )
            for position, title in enumerate(["Write", "phase-000001.", "phase-000002."])
        ]
        by = self.facilitator
        room.go(workshop=self.workshop, activity=self.activities[0], by=by)
        self.workshop = room.open_doors(workshop=self.workshop, by=by)
        self.activities[0].refresh_from_db()
        notes.reveal(activity=self.activities[0], by=by)
        browser = Client()
        browser.force_login(by)
        self.cookies = {name: one.value for name, one in browser.cookies.items()}
        self.guests: list[dict[str, str]] = []

    @property
    def path(self) -> str:
        return f"/room/{self.workshop.pk}/"

    def join(self, number: int, *, with_pages: bool = True) -> None:
        """That many come in through the page, some at once; each then sees the room's page."""

        def come_in(_) -> dict[str, str]:
            form = {"code": self.workshop.code or "", "name": "Guest"}
            head = fetch(self.page_port, http("POST", "/join/", self.page_port, {}, **form))
            kept = [line for line in head.splitlines() if line.startswith("Set-Cookie: room-")]
            if not kept:
                raise RuntimeError(f"Nobody came in: {head}")
            name, _, value = kept[0].removeprefix("Set-Cookie: ").partition(";")[0].partition("=")
            if with_pages:
                page = fetch(self.page_port, http("GET", self.path, self.page_port, {name: value}))
                if " 200 " not in page.splitlines()[0]:
                    raise RuntimeError(f"No page: {page}")
            return {name: value}

        with ThreadPoolExecutor(20) as at_once:
            self.guests += at_once.map(come_in, range(number))

    def system(self, people: int) -> System:
        self.workshop.refresh_from_db()
        path = f"/live/{self.workshop.pk}/phones/?since={self.workshop.seq}"
        return System(
            "ours",
            [
                (self.live_port, http("GET", path, self.live_port, guest))
                for guest in self.guests[:people]
            ],
            self.note,
            self.live,
        )

    def note(self, words: str) -> tuple[int, str]:
        guest = self.guests[hash(words) % min(len(self.guests), 50)]
        path = f"{self.path}{self.activities[0].pk}/notes/add/"
        form = {"id": str(uuid4()), "column": "0", "text": f"Meet at home first: {words}"}
        return self.page_port, http("POST", path, self.page_port, guest, **form)

    def go(self, activity) -> tuple[int, str]:
        path = f"/bench/workshops/{self.workshop.pk}/run/{activity.pk}/go/"
        return self.page_port, http("POST", path, self.page_port, self.cookies)

    def clear(self) -> None:
        """What the wall holds is not what is measured: every rate begins with an empty one."""
        from workshops.models import Note

        Note.objects.all().delete()
        self.workshop.events.all().delete()

    def a_card(self) -> str:
        """What ours tells of one note, for the others to tell too."""
        return self.workshop.events.filter(audience="phones").latest("seq").html

    def page_processes(self) -> list[int]:
        """The workers; the process that looks after them makes new ones."""
        told = Path(f"/proc/{self.pages}/task/{self.pages}/children").read_text()
        return [int(pid) for pid in told.split()]

    def restart_database(self, number: int) -> None:
        """SIGINT in good order, SIGQUIT as in a crash."""
        pid = int((self.cluster.data / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, number)
        self.cluster.stop()
        if self.cluster.start() != self.database_url:
            raise RuntimeError("The database came back elsewhere.")

    def forget_database(self) -> None:
        """This process's connection, which a restart broke."""
        from django.db import connection

        connection.close()

    def connections(self) -> int:
        """To the database, of all processes but this one."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE application_name = 'bench' AND pid <> pg_backend_pid()"
            )
            return cursor.fetchone()[0]


class OurRoom(Room):
    def __init__(self, ours: Ours, people: int):
        super().__init__(ours.system(people))
        self.ours = ours

    def settle(self) -> None:
        self.ours.clear()
        super().settle()


def phase_change_ms(room: OurRoom) -> float:
    """From the facilitator's click to the last phone; the slowest of four."""
    slowest = 0.0
    for activity in room.ours.activities[1:]:
        room.crowd.ask(watch="phase")
        mark = int(activity.title[6:12])
        start = time.monotonic() + 0.3
        room.writers.order(at=start, every=1, posts=[room.ours.go(activity)])
        if not room.crowd.ask(wait=[mark, 10]):
            raise RuntimeError("A phase change did not reach every phone.")
        if (written := room.writers.answer())["failures"]:
            raise RuntimeError(written["failures"][0])
        slowest = max(slowest, (room.crowd.ask(report=0)["last"][str(mark)] - start) * 1000)
    return slowest


def measure_ours(ours: Ours, people: int) -> dict:
    told: dict = {}
    start = time.monotonic()
    ours.join(people - len(ours.guests))
    joined = time.monotonic() - start
    # A room of ten first: what it takes of threads and connections should do for a thousand.
    few = OurRoom(ours, 10)
    few.open()
    told |= {"threads_of_10": threads(ours.live), "db_connections_of_10": ours.connections()}
    before = memory_kb(ours.live)
    few.end()
    room = OurRoom(ours, people)
    opened = room.open()
    time.sleep(3)
    held = memory_kb(ours.live) - before
    told |= {
        "join_all_s": round(joined + opened, 1),
        "kb_per_person": round(held / (people - 10), 1),
    }
    try:
        run = room.at_rate(5)
        told |= {"p50_last_ms_at_5": round(run.p50), "p95_last_ms_at_5": round(run.p95)}
        run = room.at_rate(40)
        told |= {"p50_last_ms_at_40": round(run.p50), "p95_last_ms_at_40": round(run.p95)}
        told["cpu_us_per_delivery"] = round(run.cpu_us, 1)
        room.settle()
        told |= {"db_connections": ours.connections(), "threads": threads(ours.live)}
        told["phase_change_last_ms"] = round(phase_change_ms(room))
        from workshops.actions import room as rooms

        rooms.go(workshop=ours.workshop, activity=ours.activities[0], by=ours.facilitator)
        told["rate_held"] = room.rate_held()
    finally:
        room.end()
    return told


# --- the others


def measure_limit(folder: Path, people: int, html: str) -> dict:
    port = free_port()
    with server(
        folder / "limit.log",
        *(sys.executable, "-m", "benchmarks.broadcaster", port),
        port=port,
    ) as pid:

        def post(words: str) -> tuple[int, str]:
            body = html.replace("MARK", words)
            return port, f"POST / HTTP/1.1\r\nContent-Length: {len(body.encode())}\r\n\r\n{body}"

        listen = (port, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        room = Room(System("plain asyncio", [listen] * people, post, pid))
        room.open()
        try:
            run = room.at_rate(5)
            held = room.rate_held()
        finally:
            room.end()
    return {
        "limit_rate_held": held,
        "limit_p95_last_ms_at_5": round(run.p95),
        "limit_cpu_us_per_delivery": round(run.cpu_us, 1),
    }


class Rival:
    """Channels with Redis, in a throw-away environment."""

    def __init__(self, folder: Path, database_url: str):
        self.folder = folder / "rival"
        self.folder.mkdir()
        self.database_url = database_url

    def install(self) -> None:
        uv = ROOT / "bin" / "uv"
        env = self.folder / "env"
        quiet: dict = {"check": True, "capture_output": True, "text": True, "timeout": 300}
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, env], **quiet)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", env, *RIVALS], **quiet)
        if shutil.which("redis-server"):
            return
        packages = self.folder / "packages"
        packages.mkdir()
        subprocess.run(["apt-get", "download", *REDIS], cwd=packages, **quiet)
        for package in packages.glob("*.deb"):
            subprocess.run(["dpkg", "-x", package, self.folder / "redis"], **quiet)

    @contextlib.contextmanager
    def running(self, people: int, html: str) -> Iterator[System]:
        import psycopg

        with psycopg.connect(self.database_url, autocommit=True) as database:
            database.execute(
                "CREATE TABLE IF NOT EXISTS rival_room AS SELECT 0 AS seq;"
                "CREATE TABLE IF NOT EXISTS rival_note (id bigserial PRIMARY KEY, html text)"
            )
        parts = urlsplit(self.database_url)
        unpacked = self.folder / "redis" / "usr"
        libraries = next(unpacked.glob("lib/*-linux-gnu"), "")
        redis_socket = self.folder / "redis.sock"
        pages, live = free_port(), free_port()
        environment = os.environ | {
            "RIVAL_DATABASE": f"{parse_qs(parts.query)['host'][0]}|{parts.path.lstrip('/')}",
            "RIVAL_REDIS": str(redis_socket),
            "PYTHONPATH": str(ROOT / "benchmarks"),
        }
        del environment["DJANGO_SETTINGS_MODULE"]
        bin_, log = self.folder / "env" / "bin", self.folder / "log"
        with contextlib.ExitStack() as stack:
            stack.enter_context(
                server(
                    log,
                    shutil.which("redis-server") or unpacked / "bin" / "redis-server",
                    *("--port", 0, "--unixsocket", redis_socket, "--save", ""),
                    *("--appendonly", "no", "--dir", self.folder),
                    env=os.environ | {"LD_LIBRARY_PATH": str(libraries)},
                )
            )
            while not redis_socket.exists():
                time.sleep(0.05)
            pid = stack.enter_context(
                server(
                    log,
                    *(bin_ / "uvicorn", "channels_rival:application", "--port", live),
                    *("--ws-ping-interval", 3600, "--log-level", "warning"),
                    port=live,
                    env=environment,
                )
            )
            stack.enter_context(
                server(
                    log,
                    *(bin_ / "gunicorn", "channels_rival:pages", "--bind", f"127.0.0.1:{pages}"),
                    *("--workers", PAGE_PROCESSES, "--backlog", 2048, "--log-level", "warning"),
                    port=pages,
                    env=environment,
                )
            )

            def post(words: str) -> tuple[int, str]:
                body = html.replace("MARK", words)
                return pages, (
                    f"POST /add/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                    f"Content-Length: {len(body.encode())}\r\n\r\n{body}"
                )

            listen = (
                live,
                "GET /listen/ HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
                "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            )
            yield System("Channels with Redis", [listen] * people, post, pid)

    def measure(self, people: int, html: str) -> dict:
        with self.running(people, html) as system:
            room = Room(system)
            try:
                room.open()
                run = room.at_rate(5)
                held = room.rate_held()
            finally:
                room.end()
        return {
            "channels_redis_rate_held": held,
            "channels_redis_p95_last_ms_at_5": round(run.p95),
            "channels_redis_cpu_us_per_delivery": round(run.cpu_us, 1),
        }


# --- all of it


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(1)


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):  # and take everything away, as at the end
        signal.signal(number, _leave)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    folder = Path(tempfile.mkdtemp(prefix="crescendo-bench-", dir="/tmp"))
    folder.chmod(0o755)
    (folder / "local").mkdir(mode=0o755)
    results: dict = {f"n{people}": {} for people in SIZES}
    notes: dict[str, object] = {
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}, clients, servers"
        " and database on it together",
        "arrangement": f"one live process, {PAGE_PROCESSES} page processes (gunicorn, sync)",
        "when": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "load_before": round(os.getloadavg()[0], 2),  # of others: with any, figures are low
        "seconds_at_each_rate": SECONDS,
    }
    try:
        with Ours(folder).running() as ours:
            for people in SIZES:
                say(f"{people} people: ours")
                results[f"n{people}"] |= measure_ours(ours, people)
            html = _example(ours)
            for people in SIZES:
                say(f"{people} people: plain asyncio")
                results[f"n{people}"] |= measure_limit(folder, people, html)
            rival = Rival(folder, ours.database_url)
            try:
                if os.environ.get("BENCH_RIVALS") == "no":
                    raise OSError
                rival.install()
            except (OSError, subprocess.SubprocessError) as error:
                notes["channels_redis"] = f"could not be had here: {type(error).__name__}"
            else:
                for people in SIZES:
                    say(f"{people} people: Channels with Redis")
                    try:
                        results[f"n{people}"] |= rival.measure(people, html)
                    except (OSError, RuntimeError) as error:
                        say(f"  it broke: {error}")
                        results[f"n{people}"]["channels_redis_rate_held"] = 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    notes["load_after"] = round(os.getloadavg()[0], 2)
    before = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    written = before | {"live": results | {"how": notes}}
    RESULTS.write_text(json.dumps(written, indent=2, ensure_ascii=False) + "\n")
    say(f"Written to {RESULTS.relative_to(ROOT)}:\n{json.dumps(written['live'], indent=2)}")


def _example(ours: Ours) -> str:
    """A card as ours tells it, with MARK where its words are."""
    port, request = ours.note("MARK")
    fetch(port, request)
    html = ours.a_card()
    if "MARK" not in html:
        raise RuntimeError(f"The note was not told to the phones: {html}")
    return html


if __name__ == "__main__":
    main()
