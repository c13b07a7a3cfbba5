"""A paper as a PDF: tagged for screen readers (PDF/UA-1), with our own fonts, made without network
or system fonts. What people wrote goes to typst as data, and cannot become its markup.

`typeset` is for papers of other kinds too.
"""

import json
import re
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import typst

from blueprints.leaving import Paper

_HERE = Path(__file__).parent / "print"
# No break would be found in longer ones, which would run off the page.
_LONGEST_WORD = 30
_LONG_RUN = re.compile(rf"\S{{{_LONGEST_WORD + 1},}}")
# From so many letters or lines on an experiment may go on over the page.
_LONG, _MANY_LINES = 1200, 14
# What stands for a letter that no font has, such as an emoji: to leave it out would change what was
# said, and PDF/UA refuses a hole. Among so many letters at most they are looked for one by one.
NOT_DRAWN = "□"
_MOST_LOOKED_FOR = 400
_TRY = "#set document(title: sys.inputs.words)\n#set text(font: {fonts})\n#title()"
_FONTS = (
    '("Atkinson Hyperlegible Next", "Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono")'
)


def as_pdf(paper: Paper) -> bytes:
    """The same bytes for the same paper."""
    return typeset(_HERE / "blueprint.typ", _data(paper), paper.on)


def typeset(source: Path, data: dict, on: date) -> bytes:
    """The PDF that `source` lays out of `data`, which it finds in `sys.inputs.paper`."""
    said = json.dumps(_breakable(data), ensure_ascii=False)
    try:
        return _made(source, said, on)
    except typst.TypstError as error:
        # Some letter is in none of the fonts. A paper of which all can be drawn never comes here.
        if "could not be displayed" not in str(error):
            raise
    missing = _not_drawn("".join(sorted({one for one in said if ord(one) > 0x17F})))
    return _made(source, said.translate(dict.fromkeys(map(ord, missing), NOT_DRAWN)), on)


def _made(source: Path, said: str, on: date) -> bytes:
    midnight = datetime.combine(on, time.min, tzinfo=UTC)
    return _compile(source, {"paper": said}, midnight)


def _compile(source: Any, inputs: dict[str, str], at: datetime | None = None) -> bytes:
    root = source.parent if isinstance(source, Path) else _HERE
    compiler = typst.Compiler(
        source, root=root, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs=inputs
    )
    made = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=at)
    assert isinstance(made, bytes)  # noqa: S101 - one document, not one a page
    return made


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[str(_HERE / "fonts")])


def _not_drawn(letters: str) -> str:
    """Those of `letters` that no font has, found by halves."""
    if len(letters) > _MOST_LOOKED_FOR:
        return letters
    if not letters or _is_drawn(letters):
        return ""
    if len(letters) == 1:
        return letters
    half = len(letters) // 2
    return _not_drawn(letters[:half]) + _not_drawn(letters[half:])


def _is_drawn(letters: str) -> bool:
    # Apart, so that marks do not join with what stands before them.
    words = " ".join(letters)
    try:
        _compile(_TRY.format(fonts=_FONTS).encode(), {"words": words})
    except typst.TypstError:
        return False
    return True


def _data(paper: Paper) -> dict:
    data = asdict(paper) | {
        "on": paper.on.isoformat(),
        "latest": paper.latest,
        "opening": paper.opening,
    }
    for pillar in data["pillars"]:
        for one in pillar["experiments"]:
            words = "\n".join(one[name] for name in ("we_try", "we_expect", "how_we_know"))
            one["is_long"] = len(words) > _LONG or words.count("\n") > _MANY_LINES
    return data


def _breakable(value):
    """With places to break, which nobody sees, in words that are longer than a line."""
    if isinstance(value, str):
        return _LONG_RUN.sub(lambda found: _broken(found[0]), value)
    if isinstance(value, dict):
        return {key: _breakable(one) for key, one in value.items()}
    return [_breakable(one) for one in value] if isinstance(value, list) else value


def _broken(word: str) -> str:
    pieces = range(0, len(word), _LONGEST_WORD)
    return "\u200b".join(word[start : start + _LONGEST_WORD] for start in pieces)
