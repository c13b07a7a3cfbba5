"""The demo's runner: what it refuses, and that it refuses before it starts anything."""

import http.server
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import demo


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind((demo.HOST, 0))
        holder.listen()
        yield holder.getsockname()[1]


def run(local: Path, **more: str) -> "subprocess.CompletedProcess[str]":
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    inherited |= {"CRESCENDO_LOCAL_DIR": str(local), "CRESCENDO_MODE": "demo"}
    return subprocess.run(
        [sys.executable, "-m", "tools.demo"],
        env=inherited | more,
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_port_in_use_is_said_before_anything_starts(taken: int, tmp_path: Path) -> None:
    done = run(tmp_path, PORT=str(taken))
    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {taken} is in use: ")
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("port", ["0", "65536", "-1", "80a", "", "٣"])
def test_port_that_is_none(port: str, tmp_path: Path) -> None:
    with pytest.raises(demo.DemoError, match="is no port"):
        demo.chosen_port(port)


@pytest.mark.parametrize("mode", ["production", "test"])
def test_only_in_demo_mode(mode: str, tmp_path: Path) -> None:
    done = run(tmp_path, CRESCENDO_MODE=mode)
    assert done.returncode == 1
    assert "CRESCENDO_MODE" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_port_just_left_can_be_taken_again() -> None:
    """A connection that lingers on a port after its server ended does not keep it."""
    with demo.take_port(free_port()) as listener:
        port = listener.getsockname()[1]
        with socket.create_connection((demo.HOST, port)), listener.accept()[0]:
            pass
    demo.take_port(port).close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((demo.HOST, 0))
        return probe.getsockname()[1]


class Answer(http.server.BaseHTTPRequestHandler):
    statuses: list[int]

    def do_GET(self) -> None:
        self.send_response(self.statuses.pop(0))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.mark.parametrize(
    ("statuses", "said"),
    [
        ([200], "Crescendo is ready at http://127.0.0.1:{port}/"),
        ([404, 302, 200], "Crescendo is ready at http://127.0.0.1:{port}/"),
        ([500], None),
    ],
)
def test_ready_is_said_when_the_first_page_answers(
    statuses: list[int],
    said: str | None,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    signals: list[int] = []
    monkeypatch.setattr(demo.os, "kill", lambda pid, number: signals.append(number))
    handler = type("Answers", (Answer,), {"statuses": statuses})
    failures: list[str] = []
    with http.server.HTTPServer((demo.HOST, 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        demo.announce(server.server_port, threading.Event(), failures)
        server.shutdown()
    lines = capsys.readouterr().out.splitlines()
    if said:
        assert lines[0] == said.format(port=server.server_port)
        assert (signals, failures) == ([], [])
    else:
        assert lines == []
        assert signals == [demo.signal.SIGTERM]
        assert "500" in failures[0]
