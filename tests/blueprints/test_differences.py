"""What changed, replayed, gives the text exactly: of words, of versions, and on screen."""

from html.parser import HTMLParser
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from blueprints.changed import what_changed
from blueprints.differences import (
    Kind,
    Op,
    between,
    difference,
    replay,
    replay_parts,
    undo,
    undo_parts,
)
from blueprints.templatetags.versions import marked
from blueprints.versions import lines_of, standing

# Letters, spaces of every kind, and what is at the edge of a word: what a database can hold.
words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
_PIECES = ["one", "team", "don’t", "  ", "\n", "\u00a0", "é", "<b>", "&amp;", "👩‍👧", ","]
prose = st.lists(st.sampled_from(_PIECES)).map(" ".join)
texts = st.one_of(words, prose)
few = settings(max_examples=40, deadline=None)


@few
@given(texts, texts)
@example("", "")
@example("One team tries it.", "One team  tries it.\n")
@example("a\r\nb", "a\nb")
@example("İstanbul ﬁ", "istanbul fi")
def test_words_replayed_are_the_text_exactly_both_ways(before, after):
    ops = difference(before, after)
    assert replay(ops, before) == after
    assert replay(undo(ops), after) == before
    assert all(op.run for op in ops)
    left = [op for op in ops if op.kind is not Kind.NEW]
    right = [op for op in ops if op.kind is not Kind.GONE]
    assert (_shown(left), _shown(right)) == (before, after)


def test_what_is_replayed_on_something_else_is_refused():
    ops = difference("one team", "two teams")
    for other in ("two teams", "one team or more"):
        with pytest.raises(ValueError, match="the changes of"):
            replay(ops, other)


def test_words_are_marked_as_people_would_mark_them():
    assert difference("We try it in one team.", "We try it in two teams, slowly.") == [
        Op(Kind.SAME, "We try it in "),
        Op(Kind.GONE, "one team"),
        Op(Kind.NEW, "two teams, slowly"),
        Op(Kind.SAME, "."),
    ]
    # Where hardly a word stayed, both are read whole.
    assert [op.kind for op in difference("One officer in each team", "Ask the director")] == [
        Kind.GONE,
        Kind.NEW,
    ]


class _Text(HTMLParser):
    """What a page's reader sees: without what is said to listeners alone."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.seen = [], ""

    def handle_starttag(self, tag, attrs):
        self.open.append(dict(attrs).get("class"))

    def handle_endtag(self, tag):
        self.open.pop()

    def handle_data(self, data):
        if "vh" not in self.open:
            self.seen += data


def _shown(ops) -> str:
    parser = _Text()
    parser.feed(marked(list(ops)))
    parser.close()
    return parser.seen


# --- of versions

_TEXTS = {
    "commitment": ["text"],
    "pillar": ["title", "so_that", "grew_from"],
    "experiment": ["title", "we_try", "we_expect", "how_we_know", "who"],
}
_FACTS = {
    "commitment": {},
    "pillar": {"sponsor": "", "practitioner_lead": "", "without": []},
    "experiment": {
        "state": "idea",
        "decision": "",
        "cycle": 1,
        "decided_before": "",
        "from_on": "",
        "to_on": "",
    },
}


_EDITS = ["add", "reword", "remove", "reorder", "rename", "move", "decide", "name", "why"]


def _part(kind: str, number: int, within: str, said: str) -> dict:
    return {
        "kind": kind,
        "id": str(UUID(int=number)),
        "in": within,
        "texts": [[name, said] for name in _TEXTS[kind]],
        "facts": dict(_FACTS[kind]),
        "why": "",
        "illustrative": "",
    }


def _in_order(parts: list[dict]) -> list[dict]:
    """As a page has them: each pillar followed by its experiments."""
    ordered = [part for part in parts if part["kind"] == "commitment"]
    for pillar in (part for part in parts if part["kind"] == "pillar"):
        ordered += [pillar, *(part for part in parts if part["in"] == pillar["id"])]
    return ordered


@st.composite
def histories(draw) -> list[list[dict]]:
    """A blueprint's versions: each some edits after the one before."""
    number = iter(range(1, 1000))
    parts: list[dict] = []

    def add(kind: str) -> None:
        pillars = [part["id"] for part in parts if part["kind"] == "pillar"]
        if kind == "experiment" and not pillars:
            kind = "pillar"
        within = draw(st.sampled_from(pillars)) if kind == "experiment" else ""
        place = draw(st.integers(0, len(parts)))
        parts.insert(place, _part(kind, next(number), within, draw(texts)))

    for kind in ("commitment", "pillar", "experiment", "pillar", "experiment", "experiment"):
        add(kind)
    versions = [_in_order(parts)]
    for _ in range(draw(st.integers(1, 3))):
        for _ in range(draw(st.integers(0, 5))):
            parts = [{**part, "texts": [list(pair) for pair in part["texts"]]} for part in parts]
            edit = draw(st.sampled_from(_EDITS))
            if edit == "add" or not parts:
                add(draw(st.sampled_from(sorted(_TEXTS))))
                continue
            at = draw(st.integers(0, len(parts) - 1))
            part = parts[at]
            if edit == "reword":
                draw(st.sampled_from(part["texts"]))[1] = draw(texts)
            elif edit == "rename":
                part["texts"][0][1] += draw(texts)
            elif edit == "remove":
                gone = {part["id"]}
                parts = [one for one in parts if not gone & {one["id"], one["in"]}]
            elif edit == "reorder":
                parts.insert(draw(st.integers(0, len(parts) - 1)), parts.pop(at))
            elif edit == "why":
                part["why"] = draw(texts)
            elif edit == "name" and part["kind"] == "pillar":
                part["facts"] = part["facts"] | {"sponsor": str(UUID(int=draw(st.integers(1, 3))))}
            elif part["kind"] == "experiment":
                pillars = [one["id"] for one in parts if one["kind"] == "pillar"]
                if edit == "move":
                    part["in"] = draw(st.sampled_from(pillars))
                else:
                    part["facts"] = part["facts"] | {"state": "decided", "decision": "adapt"}
        versions.append(_in_order(parts))
    return versions


@few
@given(histories())
def test_what_changed_replayed_from_the_first_version_gives_each_later_one(versions):
    """And what is on screen, side by side, is what both say, to the last space."""
    replayed = versions[0]
    for before, after in pairwise(versions):
        found = between(before, after)
        replayed = replay_parts(found, replayed)
        assert replayed == after
        assert replay_parts(undo_parts(found), after) == before
        _is_read_as_it_is(before, after)
    assert replay_parts(between(versions[0], versions[-1]), versions[0]) == versions[-1]


def _is_read_as_it_is(before: list[dict], after: list[dict]) -> None:
    names: dict[str, str] = {}
    found = what_changed(before, after, names=names)
    old, new = ({part["id"]: part for part in standing(parts)} for parts in (before, after))
    changed = {one.pk for one in found.changes}
    for one in found.changes:
        was = lines_of(old[one.pk], names) if one.pk in old else {}
        now = lines_of(new[one.pk], names) if one.pk in new else {}
        for line in (line for line in one.lines if line.name != "place"):
            assert (line.before, line.after) == (was.get(line.name, ""), now.get(line.name, ""))
            assert (_shown(line.left), _shown(line.right)) == (line.before, line.after)
        if was and now:
            shown = {line.name for line in one.lines}
            assert {name for name in now if was[name] != now[name]} <= shown
    same = [pk for pk in new if pk not in changed]
    assert [new[pk]["texts"] for pk in same] == [old[pk]["texts"] for pk in same]
    assert found.same == len(same)
