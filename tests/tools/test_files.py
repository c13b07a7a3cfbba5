"""The files that a fresh machine starts from."""

import re
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent
LOCKS = ["requirements.txt", "requirements-dev.txt", "bin/uv.txt"]


def pins(name: str) -> dict[str, list[str]]:
    """`package==version; marker` to its hashes."""
    found: dict[str, list[str]] = {}
    for line in (PROJECT / name).read_text().splitlines():
        if match := re.match(r"([a-z0-9.-]+==\S+)", line):
            hashes = found.setdefault(match[1], [])
        elif "--hash=" in line:
            hashes.append(line.strip().rstrip(" \\"))
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_no_index_and_no_folder(name: str) -> None:
    text = (PROJECT / name).read_text()
    assert re.findall(r"https?:|file:|@ |--\w*index|--find-links|(?<!\w)/\w+", text) == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_hashes(name: str) -> None:
    found = pins(name)
    assert found
    assert [pin for pin, hashes in found.items() if not hashes] == []


def test_development_lock_holds_the_run_time_one() -> None:
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()


def test_help_lists_the_two_commands() -> None:
    done = subprocess.run(["make", "help"], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert "  make demo " in done.stdout
    assert "  make test " in done.stdout


def test_launcher_takes_uv_from_path(tmp_path: Path) -> None:
    uv = tmp_path / "uv"
    uv.write_text('#!/bin/sh\necho "uv got $*"\n')
    uv.chmod(0o755)
    done = subprocess.run(
        [PROJECT / "bin/uv", "pip", "a b"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == ("uv got pip a b\n", "")
