"""What changed between two texts, two lists or two versions, word by word, with nothing lost.

Pure and total: for any `before` and `after`, `replay(difference(before, after), before) == after`,
to the last space, and `undo` goes the other way.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Op:
    """A run that stayed, went or came: of a text a piece of it, of a list a tuple of its items."""

    kind: Kind
    run: Any


# Between them these three take every character there is.
_TOKEN = re.compile(r"\s+|[\w’'-]+|[^\w\s]")
# Where fewer of the words stayed than one in so many, both texts are easier to read whole.
_TOO_FEW = 3


def difference(before: Any, after: Any) -> list[Op]:
    """Between two strings word by word, or between two tuples item by item."""
    if before == after:
        return [Op(Kind.SAME, before)] if before else []
    if not isinstance(before, str):
        return _ops(_steps(before, after), tuple)
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    return _ops(_readable(_steps(old, new, junk=str.isspace), old, new), "".join)


def replay(ops: Iterable[Op], before: Any) -> Any:
    """`after`. Raises ValueError where the ops are not about this `before`."""
    at, made = 0, before[:0]
    for op in ops:
        if op.kind is not Kind.NEW:
            if before[at : at + len(op.run)] != op.run:
                raise ValueError("These are the changes of something else.")
            at += len(op.run)
        if op.kind is not Kind.GONE:
            made += op.run
    if at != len(before):
        raise ValueError("These are the changes of something shorter.")
    return made


_OTHER_WAY = {Kind.SAME: Kind.SAME, Kind.GONE: Kind.NEW, Kind.NEW: Kind.GONE}


def undo(ops: Iterable[Op]) -> list[Op]:
    """The ops that lead from `after` back to `before`."""
    return [Op(_OTHER_WAY[op.kind], op.run) for op in ops]


# A step: whether both sides are the same, and what is on each.
type _Step = tuple[bool, list, list]


def _steps(old: Sequence, new: Sequence, junk: Any = None) -> list[_Step]:
    matcher = SequenceMatcher(junk, old, new, autojunk=False)
    return [
        (tag == "equal", list(old[i:j]), list(new[k:m]))
        for tag, i, j, k, m in matcher.get_opcodes()
    ]


def _readable(steps: list[_Step], old: list[str], new: list[str]) -> list[_Step]:
    """Whole phrases rather than crumbs: a space alone does not part two changes."""
    stayed = sum(_words(was) for same, was, _ in steps if same)
    if stayed * _TOO_FEW < max(_words(old), _words(new)):
        return [(False, old, new)]
    joined: list[_Step] = []
    for place, (same, was, now) in enumerate(steps):
        between = same and 0 < place < len(steps) - 1 and not _words(was)
        if joined and not joined[-1][0] and (between or not same):
            _, was_before, now_before = joined.pop()
            joined.append((False, was_before + was, now_before + now))
        else:
            joined.append((same, was, now))
    return joined


def _words(tokens: Iterable[str]) -> int:
    return sum(not token.isspace() for token in tokens)


def _ops(steps: list[_Step], join: Any) -> list[Op]:
    ops = []
    for same, was, now in steps:
        if same:
            ops.append(Op(Kind.SAME, join(was)))
            continue
        ops += [Op(kind, join(run)) for kind, run in ((Kind.GONE, was), (Kind.NEW, now)) if run]
    return ops


# --- of all parts of a version

_ABSENT = object()


@dataclass(frozen=True)
class PartsDifference:
    """Everything that leads from one version's parts to another's, and back."""

    # Of the parts' ids.
    order: list[Op]
    gone: dict[str, dict]
    new: dict[str, dict]
    # By the part's id: the ops of each text that was reworded, by its name.
    texts: dict[str, dict[str, list[Op]]]
    # By the part's id: whatever else is another, by its key, as it was and as it is.
    values: dict[str, dict[str, tuple[Any, Any]]]


def between(before: list[dict], after: list[dict]) -> PartsDifference:
    """`parts` of two versions; each part is there once."""
    old, new = _by_id(before), _by_id(after)
    texts, values = {}, {}
    for pk in old.keys() & new.keys():
        if old[pk] == new[pk]:
            continue
        texts[pk], values[pk] = _within(old[pk], new[pk])
    return PartsDifference(
        order=difference(tuple(old), tuple(new)),
        gone={pk: old[pk] for pk in old if pk not in new},
        new={pk: new[pk] for pk in new if pk not in old},
        texts=texts,
        values=values,
    )


def _by_id(parts: list[dict]) -> dict[str, dict]:
    return {part["id"]: part for part in parts}


def _within(was: dict, now: dict) -> tuple[dict[str, list[Op]], dict[str, tuple[Any, Any]]]:
    old, new = dict(was["texts"]), dict(now["texts"])
    same_names = list(old) == list(new)
    values = {
        key: (was.get(key, _ABSENT), now.get(key, _ABSENT))
        for key in sorted(was.keys() | now.keys())
        if was.get(key, _ABSENT) != now.get(key, _ABSENT) and not (key == "texts" and same_names)
    }
    if not same_names:
        return {}, values
    return {
        name: difference(old[name], new[name]) for name in old if old[name] != new[name]
    }, values


def replay_parts(found: PartsDifference, before: list[dict]) -> list[dict]:
    """The other version's parts."""
    old = _by_id(before)
    return [
        found.new[pk] if pk in found.new else _patched(found, pk, old[pk])
        for pk in replay(found.order, tuple(old))
    ]


def undo_parts(found: PartsDifference) -> PartsDifference:
    return PartsDifference(
        order=undo(found.order),
        gone=found.new,
        new=found.gone,
        texts={
            pk: {name: undo(ops) for name, ops in texts.items()}
            for pk, texts in found.texts.items()
        },
        values={
            pk: {key: (now, was) for key, (was, now) in values.items()}
            for pk, values in found.values.items()
        },
    )


def _patched(found: PartsDifference, pk: str, was: dict) -> dict:
    now = dict(was)
    for key, (_, value) in found.values.get(pk, {}).items():
        now[key] = value
        if value is _ABSENT:
            del now[key]
    ops = found.texts.get(pk, {})
    if "texts" not in found.values.get(pk, {}):
        now["texts"] = [
            [name, replay(ops[name], text) if name in ops else text] for name, text in was["texts"]
        ]
    return now
