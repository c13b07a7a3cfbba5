"""The ready-made sessions that come with Crescendo: one TOML file for each, in ready/."""

import tomllib
from pathlib import Path

from workshops.models import Candour

READY = Path(__file__).parent / "ready"
# What a block says beside its kind, its title and its minutes, and what it says by saying nothing.
_UNSAID = {
    "prompt": "",
    "say": "",
    "columns": [],
    "candour": Candour.HIDDEN.value,
    "dots": 0,
    "most_on_one": 0,
}


def read(path: Path) -> dict:
    """A session as `templates.load` takes it. Its key is the name of the file."""
    told = tomllib.loads(path.read_text())
    blocks = [_UNSAID | block for block in told.pop("blocks")]
    return {"key": path.stem, "about": "", **told, "blocks": blocks}


def read_all() -> list[dict]:
    return [read(path) for path in sorted(READY.glob("*.toml"))]
