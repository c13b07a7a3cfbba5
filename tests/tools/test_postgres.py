"""The embedded PostgreSQL: starts, is shared, recovers, and leaves nothing behind."""

import contextlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from tools import postgres
from tools.postgres import Cluster, PostgresError


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A `.local` with one cluster, made once for all tests: initdb takes half a second."""
    with local_folder() as folder:
        with Cluster("data", fast=True, local=folder).running():
            pass
        yield folder
        with contextlib.suppress(FileNotFoundError):
            postgres.remove(folder)


@contextlib.contextmanager
def local_folder() -> Iterator[Path]:
    """Not tmp_path: run by root, the server's account could not reach it, nor a socket's length."""
    folder = Path(tempfile.mkdtemp(prefix="crescendo-test-", dir="/tmp")).resolve()
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def cluster(made: Path) -> Cluster:
    return Cluster("data", fast=True, local=made)


def ask(url: str, query: str, **options: str) -> object:
    with psycopg.connect(url, **options) as connection:
        row = connection.execute(query).fetchone()
        assert row is not None
        return row[0]


def server_pid(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().splitlines()[0])


def runs(pid: int) -> bool:
    command = postgres._command_of(pid)
    return command is not None and "postgres" in command


def wait_until_gone(cluster: Cluster, pid: int) -> bool:
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        if not runs(pid) and not postgres._guarded(cluster.folder):
            return True
        time.sleep(0.02)
    return False


def command(*arguments: str) -> list[str]:
    script = "import sys; from tools.postgres import main; sys.exit(main(sys.argv[1:]))"
    return [sys.executable, "-c", script, "run", "--data", "data", "--fast", "--", *arguments]


def environment(made: Path, **more: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return inherited | {"CRESCENDO_LOCAL_DIR": str(made)} | more


def test_it_works(cluster: Cluster) -> None:
    with cluster.running() as url:
        assert ask(url, "SELECT current_user") == "crescendo"
        assert ask(url, "SELECT current_database()") == "crescendo"
        assert ask(url, "SHOW listen_addresses") == ""
        assert ask(url, "SELECT upper('é')") == "É"
        socket_folder = Path(parse_qs(urlsplit(url).query)["host"][0])
        assert stat.S_IMODE(socket_folder.stat().st_mode) == 0o700
        pid = server_pid(cluster)
    assert not runs(pid)


def test_role_is_an_ordinary_one(cluster: Cluster) -> None:
    with cluster.running() as url:
        rights = "rolcanlogin, rolcreatedb, rolsuper, rolbypassrls, rolcreaterole"
        query = f"SELECT ARRAY[{rights}] FROM pg_roles WHERE rolname = current_user"
        assert ask(url, query) == [True, True, False, False, False]
        with psycopg.connect(url, autocommit=True) as connection:
            for extension in ("pg_trgm", "unaccent", "citext", "btree_gist"):
                connection.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")


def test_second_user_shares_the_server_and_last_one_stops_it(cluster: Cluster, made: Path) -> None:
    url = cluster.start()
    second = Cluster("data", fast=True, local=made)
    pid = server_pid(cluster)
    try:
        assert second.start() == url
        assert server_pid(second) == pid
        cluster.stop()
        assert ask(url, "SELECT 1") == 1
    finally:
        second.stop()
        cluster.stop()
    assert not runs(pid)


def test_killed_user_takes_the_server_along(cluster: Cluster, made: Path) -> None:
    user = subprocess.Popen(
        command("sh", "-c", "echo started; exec sleep 60"),
        env=environment(made),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert user.stdout is not None
    assert user.stdout.readline() == "started\n"
    pid = server_pid(cluster)
    children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(user.pid)], stdout=-1, text=True)
    user.kill()
    user.wait()
    user.stdout.close()
    for child in children.stdout.split():
        os.kill(int(child), signal.SIGKILL)
    assert wait_until_gone(cluster, pid)


def test_killed_server_is_started_anew(cluster: Cluster) -> None:
    with cluster.running():
        pid = server_pid(cluster)
        os.kill(pid, signal.SIGKILL)
        assert wait_until_gone(cluster, pid)
    assert (cluster.data / "postmaster.pid").exists()
    with cluster.running() as url:
        assert ask(url, "SELECT 1") == 1


def test_killed_guardian_leaves_no_server(cluster: Cluster) -> None:
    url = cluster.start()
    pid = server_pid(cluster)
    assert cluster._guardian is not None
    cluster._guardian.kill()
    cluster._guardian.wait()
    cluster.stop()
    with cluster.running() as again:
        assert again == url
        assert server_pid(cluster) != pid
        assert ask(url, "SELECT 1") == 1


def test_pid_file_that_names_another_process_is_no_hindrance(cluster: Cluster) -> None:
    """After a restart of the machine the number in it can be anybody's: it is not killed."""
    bystander = subprocess.Popen(["sleep", "60"])
    try:
        lines = [str(bystander.pid), str(cluster.data), "1700000000", "5432", "", "", "", "ready"]
        (cluster.data / "postmaster.pid").write_text("\n".join(lines) + "\n")
        with cluster.running() as url:
            assert ask(url, "SELECT 1") == 1
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_long_path_gets_a_short_socket() -> None:
    with local_folder() as folder:
        local = folder / ("deep" * 25)
        local.mkdir(mode=0o755)
        cluster = Cluster("data", fast=True, local=local)
        with cluster.running() as url:
            assert ask(url, "SELECT 1") == 1
            socket_folder = Path(parse_qs(urlsplit(url).query)["host"][0])
            assert stat.S_IMODE(socket_folder.stat().st_mode) == 0o700
            assert not socket_folder.is_relative_to(local)
        postgres.remove(local)
        assert not socket_folder.exists()
        assert list(local.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another account")
def test_closed_project_keeps_its_data_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    with local_folder() as folder:
        monkeypatch.setattr(postgres, "SYSTEM_HOME", folder / "var")
        # A copy of the binaries is needed too where the environment lies in the same closed place.
        monkeypatch.setattr(
            postgres.Account, "can_run", lambda account, path: path.is_relative_to(folder / "var")
        )
        local = folder / "closed" / ".local"
        local.mkdir(parents=True)
        local.parent.chmod(0o700)
        cluster = Cluster("data", fast=True, local=local)
        with cluster.running() as url:
            assert ask(url, "SELECT 1") == 1
            assert stat.S_IMODE(local.parent.stat().st_mode) == 0o700
            assert cluster.data.is_relative_to(folder / "var")
            assert cluster.data.stat().st_uid != 0
        assert (local / "postgres" / "data" / "data" / "PG_VERSION").exists()
        postgres.remove(local)
        assert list((folder / "var").iterdir()) == []


def test_only_the_demo_writes_its_address(made: Path) -> None:
    with local_folder() as folder:
        with Cluster("data", fast=True, local=folder).running():
            assert not (folder / "database-url").exists()
        with Cluster(fast=True, local=folder).running() as url:
            written = folder / "database-url"
            assert written.read_text() == url + "\n"
            assert stat.S_IMODE(written.stat().st_mode) == 0o600


def test_half_made_data_is_made_anew() -> None:
    with local_folder() as folder:
        cluster = Cluster("data", fast=True, local=folder)
        (cluster.folder / "data-making").mkdir(parents=True)
        (cluster.folder / "data-making" / "rest").write_text("of a killed run")
        with cluster.running() as url:
            assert ask(url, "SELECT 1") == 1


def test_server_that_cannot_start_says_why() -> None:
    with local_folder() as folder:
        cluster = Cluster("data", fast=True, local=folder)
        with cluster.running():
            pass
        (cluster.data / "global" / "pg_control").write_bytes(b"garbage")
        with pytest.raises(PostgresError, match="did not start"):
            cluster.start()
        assert not postgres._guarded(cluster.folder)


def test_data_of_another_version_is_not_touched() -> None:
    with local_folder() as folder:
        cluster = Cluster("data", local=folder)
        cluster.data.mkdir(parents=True)
        (cluster.data / "PG_VERSION").write_text("9\n")
        with pytest.raises(PostgresError, match="made by PostgreSQL 9"):
            cluster.start()
        assert (cluster.data / "PG_VERSION").read_text() == "9\n"


def test_no_account_to_run_as(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(postgres.pwd, "getpwnam", {}.__getitem__)
    with pytest.raises(PostgresError, match="does not run as root"):
        postgres._account(tmp_path / "none")


def test_no_binaries(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(postgres, "_major", lambda program: 0)
    with pytest.raises(PostgresError, match="No PostgreSQL for this platform"):
        postgres._binaries(tmp_path, postgres._account(tmp_path))


def test_system_server_stands_in_for_the_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres.importlib.util, "find_spec", lambda name: None)
    with local_folder() as folder:
        try:
            cluster = Cluster("data", fast=True, local=folder)
            postgres._binaries(folder, cluster.account)
        except PostgresError:
            pytest.skip("no PostgreSQL on this system")
        with cluster.running() as url:
            assert ask(url, "SELECT 1") == 1


@pytest.mark.parametrize("name", ["", "..", "a/b", "-x", "Data"])
def test_bad_name(name: str, tmp_path: Path) -> None:
    with pytest.raises(PostgresError, match="no name for a cluster"):
        Cluster(name, local=tmp_path)


def test_remove_refuses_while_in_use(cluster: Cluster, made: Path) -> None:
    with cluster.running() as url:
        with pytest.raises(PostgresError, match="in use"):
            postgres.remove(made)
        assert ask(url, "SELECT 1") == 1


# The command line


def test_run_hands_on_address_and_exit_code(made: Path) -> None:
    done = subprocess.run(
        command("sh", "-c", 'echo "$DATABASE_URL"; exit 7'),
        env=environment(made),
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (7, "")
    assert done.stdout.startswith("postgresql://crescendo@/crescendo?host=/")


def test_run_uses_the_database_it_is_given(made: Path) -> None:
    done = subprocess.run(
        command("sh", "-c", 'echo "$DATABASE_URL"'),
        env=environment(made, DATABASE_URL="postgresql://elsewhere/name"),
        capture_output=True,
        text=True,
    )
    assert done.stdout == "postgresql://elsewhere/name\n"
    assert not postgres._guarded(made / "postgres" / "data")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_run_hands_on_signals(made: Path, cluster: Cluster, number: signal.Signals) -> None:
    script = f"trap 'echo told; exit 5' {number.value}; echo started; while :; do sleep 0.1; done"
    user = subprocess.Popen(
        command("sh", "-c", script),
        env=environment(made),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert user.stdout is not None
    assert user.stdout.readline() == "started\n"
    user.send_signal(number)
    told, _ = user.communicate(timeout=20)
    assert (told, user.returncode) == ("told\n", 5)
    assert not postgres._guarded(cluster.folder)


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        ([], 2, "no command after --"),
        (["no-such-program-here"], 127, "no-such-program-here: No such file or directory\n"),
    ],
)
def test_run_without_a_program(made: Path, arguments: list[str], code: int, text: str) -> None:
    done = subprocess.run(
        command(*arguments), env=environment(made), capture_output=True, text=True
    )
    assert done.returncode == code
    assert text in done.stderr
