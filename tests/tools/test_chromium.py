"""Finding a Chromium, and saying clearly when there is none."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools import chromium


@pytest.fixture
def browser(tmp_path: Path) -> Path:
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\necho Chromium 1\n")
    program.chmod(0o755)
    return program


@pytest.fixture(autouse=True)
def _bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(chromium, "MAC", tmp_path / "none")
    monkeypatch.setattr(chromium, "FETCHED", tmp_path / "fetched")
    monkeypatch.setattr(chromium, "playwrights_own", lambda: None)


def test_the_named_one_is_taken(monkeypatch: pytest.MonkeyPatch, browser: Path) -> None:
    monkeypatch.setenv("CHROMIUM", str(browser))
    assert chromium.path() == browser


def test_the_named_one_does_not_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "gone"))
    with pytest.raises(chromium.ChromiumError, match="gone does not run"):
        chromium.path()


def test_the_system_s_is_found(browser: Path) -> None:
    assert chromium.path() == browser


def test_one_that_does_not_start_is_passed_over(browser: Path) -> None:
    browser.write_text("#!/bin/sh\necho 'install the snap' >&2; exit 1\n")
    assert chromium.find() is None


def test_ways_are_tried_in_turn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def install() -> None:
        program = tmp_path / "google-chrome"
        program.write_text("#!/bin/sh\nexit 0\n")
        program.chmod(0o755)

    def refuse() -> None:
        raise chromium.NotHere("not on this machine")

    monkeypatch.setattr(chromium, "from_apt", refuse)
    monkeypatch.setattr(chromium, "from_npm", install)
    assert chromium.path() == tmp_path / "google-chrome"


def test_none_to_be_had_says_what_was_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium, "from_playwright", lambda: chromium.do(["false"]))
    with pytest.raises(chromium.ChromiumError) as raised:
        chromium.path()
    text = str(raised.value)
    assert "apt-get): not a Debian system" in text
    assert "there is no npm" in text
    assert "set CHROMIUM to its path" in text


def test_only_the_path_goes_to_standard_output(browser: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.chromium"],
        env={"CHROMIUM": str(browser), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr, done.returncode) == (f"{browser}\n", "", 0)
