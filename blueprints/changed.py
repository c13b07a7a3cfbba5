"""What changed between two versions, and why, as people read it side by side."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from blueprints.differences import Kind, Op, difference
from blueprints.models import BlueprintVersion, Experiment
from blueprints.versions import (
    LABELS,
    NOBODY,
    NOUNS,
    content,
    lines_of,
    moves_since,
    standing,
    title_of,
)
from programmes.wording import in_words

# What happened to a part, its mark, and how it is said of one and of several.
_WORDS = {
    "new": ("leaf", "is new", "are new"),
    "gone": ("ember", "was taken away", "were taken away"),
    "adopted": ("leaf", "was adopted", "were adopted"),
    "adapted": ("gold", "was adapted", "were adapted"),
    "amplified": ("leaf", "was amplified", "were amplified"),
    "stopped": ("line", "was stopped", "were stopped"),
    "reworded": ("sky", "was reworded", "were reworded"),
    "began anew": ("sky", "began its next cycle", "began their next cycle"),
    "moved on": ("sky", "moved on", "moved on"),
    "moved back": ("line", "moved back", "moved back"),
    "changed": ("sky", "was changed", "were changed"),
    "moved": ("line", "has another place", "have another place"),
}
_TAGS = {
    "new": "New",
    "gone": "Taken away",
    "began anew": "Next cycle",
    "moved": "In another place",
}
_DECIDED = {
    Experiment.Decision.ADOPT: "adopted",
    Experiment.Decision.ADAPT: "adapted",
    Experiment.Decision.AMPLIFY: "amplified",
    Experiment.Decision.STOP: "stopped",
}
_STATES = Experiment.State.values
# Of a part that is new or gone: what stands above its lines, and what need not be said.
_HEADINGS = ("focus", "text", "title")
_SAYS_NOTHING = ("", NOBODY, "Cycle 1")
_GROUPS = (
    ("What we stand for", ("focus", "commitment")),
    ("Pillars", ("pillar",)),
    ("Experiments", ("experiment",)),
    ("What it needs to work", ("need",)),
)


@dataclass(frozen=True)
class Line:
    """One thing that a part says, as it was and as it is."""

    name: str
    before: str
    after: str

    @property
    def label(self) -> str:
        return LABELS[self.name]

    @cached_property
    def ops(self) -> list[Op]:
        if self.before == self.after:
            # Of two people who have both left, and are two people.
            return [Op(Kind.GONE, self.before), Op(Kind.NEW, self.after)]
        return difference(self.before, self.after)

    @property
    def left(self) -> list[Op]:
        return [op for op in self.ops if op.kind is not Kind.NEW]

    @property
    def right(self) -> list[Op]:
        return [op for op in self.ops if op.kind is not Kind.GONE]


@dataclass(frozen=True)
class PartChange:
    """A part that is another than it was; `before` or `after` is None where it was not there."""

    before: dict | None
    after: dict | None
    names: dict[str, str]
    # Where it was and is, such as "Pillar 2, experiment 1"; empty where nobody moved it.
    was_at: str = ""
    is_at: str = ""
    why: str = ""
    # When it moved on or back and by whom, the newest first; of experiments (`tell_when`).
    moves: list = field(default_factory=list)

    @property
    def part(self) -> dict:
        return self.after or self.before or {}

    @property
    def pk(self) -> str:
        return self.part["id"]

    @property
    def noun(self) -> str:
        return NOUNS[self.part["kind"]]

    @property
    def title(self) -> str:
        return title_of(self.part)

    @cached_property
    def lines(self) -> list[Line]:
        """What is another in it, in the order of reading."""
        was = lines_of(self.before, self.names) if self.before else {}
        now = lines_of(self.after, self.names) if self.after else {}
        if not (was and now):
            return [
                Line(name, was.get(name, ""), now.get(name, ""))
                for name, words in (was or now).items()
                if name not in _HEADINGS and words not in _SAYS_NOTHING
            ]
        rows = [
            Line(name, was[name], now[name])
            for name in now
            if was.get(name) != now[name] or self._differs(name)
        ]
        if self.was_at != self.is_at:
            rows.append(Line("place", self.was_at, self.is_at))
        return rows

    def _differs(self, name: str) -> bool:
        """Two people may have one name, or have left and have none."""
        return all((self.before, self.after)) and (
            (self.before or {})["facts"].get(name) != (self.after or {})["facts"].get(name)
        )

    @cached_property
    def what(self) -> str:
        """The one word for it, a key of `_WORDS`."""
        if self.before is None or self.after is None:
            return "new" if self.before is None else "gone"
        was, now = self.before["facts"], self.after["facts"]
        if now.get("decision") and now["decision"] != was.get("decision"):
            return _DECIDED[now["decision"]]
        if now.get("cycle", 1) > was.get("cycle", 1):
            decided = now["decided_before"]
            return "began anew" if decided in ("", was["decision"]) else _DECIDED[decided]
        if self.before["texts"] != self.after["texts"]:
            return "reworded"
        if now.get("state") != was.get("state"):
            on = _STATES.index(now["state"]) > _STATES.index(was["state"])
            return "moved on" if on else "moved back"
        return "changed" if was != now else "moved"

    @property
    def said(self) -> str:
        """Such as "was adapted"."""
        return _WORDS[self.what][1]

    @property
    def tags(self) -> list[tuple[str, str]]:
        """(colour, word)."""
        said = [self.what]
        if self.was_at != self.is_at and self.before and self.after and self.what != "moved":
            said.append("moved")
        return [(_WORDS[one][0], _TAGS.get(one, one.capitalize())) for one in said]


@dataclass(frozen=True)
class WhatChanged:
    changes: list[PartChange]
    same: int

    @property
    def groups(self) -> list[tuple[str, list[PartChange]]]:
        found = [
            (title, [one for one in self.changes if one.part["kind"] in kinds])
            for title, kinds in _GROUPS
        ]
        return [(title, changes) for title, changes in found if changes]

    @property
    def summary(self) -> str:
        """Such as "Two experiments were adapted, one pillar was reworded"; empty for nothing."""
        counted: dict[tuple[str, str], int] = {}
        for what in _WORDS:
            for change in self.changes:
                if change.what == what:
                    counted[what, change.noun] = counted.get((what, change.noun), 0) + 1
        said = []
        for (what, noun), count in counted.items():
            _, one, several = _WORDS[what]
            if noun == "focus":
                said.append(f"the focus {one}")
            else:
                plural = "" if count == 1 else "s"
                said.append(f"{in_words(count)} {noun}{plural} {one if count == 1 else several}")
        words = f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else "".join(said)
        return f"{words[:1].upper()}{words[1:]}." if words else ""


def what_changed(
    before: list[dict],
    after: list[dict],
    *,
    names: dict[str, str] | None = None,
) -> WhatChanged:
    whys = {part["id"]: part["why"] for part in after if part["why"]}
    before, after = standing(before), standing(after)
    old, new = ({part["id"]: part for part in parts} for parts in (before, after))
    places = _places(before), _places(after)
    moved = _moved(before, after)
    order = [*new, *(pk for pk in old if pk not in new)]
    changes = []
    for pk in order:
        was, now = old.get(pk), new.get(pk)
        if was and now and content(was) == content(now) and pk not in moved:
            continue
        at: dict[str, Any] = {}
        if pk in moved:
            at = {"was_at": places[0][pk], "is_at": places[1][pk]}
        changes.append(PartChange(was, now, names or {}, why=whys.get(pk, ""), **at))
    return WhatChanged(changes, len(order) - len(changes))


def _places(parts: list[dict]) -> dict[str, str]:
    """Where each part stands, in words."""
    seen: dict[tuple[str, str], int] = {}
    numbers: dict[str, int] = {}
    places = {}
    for part in parts:
        group = part["kind"], part["in"]
        seen[group] = seen.get(group, 0) + 1
        numbers[part["id"]] = seen[group]
        noun = NOUNS[part["kind"]]
        inside = f"Pillar {numbers[part['in']]}, e" if part["in"] in numbers else "E"
        if part["kind"] == "experiment":
            places[part["id"]] = f"{inside}xperiment {seen[group]}"
        else:
            places[part["id"]] = f"{noun.capitalize()} {seen[group]}"
    return places


def _moved(before: list[dict], after: list[dict]) -> set[str]:
    """The parts that people put elsewhere: in another pillar, or before or after another one.

    A part that has another number only because one before it came or went was not moved.
    """
    within = {part["id"]: (part["kind"], part["in"]) for part in before}
    stayed: dict[tuple[str, str], tuple[list[str], list[str]]] = {}
    elsewhere = set()
    there = {part["id"]: (part["kind"], part["in"]) for part in after}
    for pk, group in within.items():
        if pk in there:
            if there[pk] == group:
                stayed.setdefault(group, ([], []))[0].append(pk)
            else:
                elsewhere.add(pk)
    for pk, group in there.items():
        if within.get(pk) == group:
            stayed[group][1].append(pk)
    for was, now in stayed.values():
        ops = difference(tuple(was), tuple(now))
        elsewhere |= {pk for op in ops if op.kind is Kind.GONE for pk in op.run}
    return elsewhere


def tell_when(found: WhatChanged, before: BlueprintVersion, until: datetime | None) -> None:
    """Give the experiments among them the passages in the time between. One query."""
    experiments = {one.pk: one for one in found.changes if one.noun == "experiment"}
    moves = moves_since(before, map(UUID, experiments))
    for move in moves.filter(at__lte=until) if until else moves:
        experiments[str(move.experiment_id)].moves.append(move)
