"""The blueprint's words as a version keeps them, and versions as people read them.

`BlueprintVersion.parts` is a list, in the order of the page: the focus, commitments, pillars, each
followed by its experiments, and needs. A part is

    {"kind": "focus", "commitment", "pillar", "experiment" or "need",
     "id": its row's, by which it is known in every version whatever it is called,
     "in": of an experiment its pillar's id, else "",
     "texts": [[name, words], …], always the same names in the same order for a kind,
     "facts": what is no free text, by name: ids, choices, days; a person is their membership's id,
     "why": why it is another than in the version before, where somebody said so,
     "illustrative": what of it was made up to show a feature}

and after them come, with kind "gone", the parts of the version before that are in this one no more,
whose "texts" hold what they were called: so that there is a place for their "why".
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.utils.formats import date_format

from blueprints import voice, voices
from blueprints.models import (
    Blueprint,
    BlueprintVersion,
    Experiment,
    LearningCycle,
    Pillar,
    SignOff,
)
from blueprints.reading import BlueprintReading, blueprint_of
from programmes.models import LocalAuthority, Membership, Programme, User
from programmes.permissions import Permission, permissions_of

GONE = "gone"
LEFT = "somebody who has left"
NOBODY = "nobody yet"
LEADER, PRACTITIONER = "leader", "practitioner"
# What is said of a pillar that lacks a voice.
WITHOUT = {LEADER: "No owner yet", PRACTITIONER: "Done to?"}
NOUNS = {
    "focus": "focus",
    "commitment": "commitment",
    "pillar": "pillar",
    "experiment": "experiment",
    "need": "need",
}
LABELS = {
    "focus": "Our focus",
    "text": "In words",
    "title": "What it’s called",
    "so_that": "So that",
    "grew_from": "Grown from",
    "sponsor": "Sponsor",
    "practitioner_lead": "Practitioner lead",
    "without": "Whose voice is missing",
    "state": "Where it is",
    "decision": "What we decided",
    "cycle": "Cycle",
    "decided_before": "Last time we decided",
    "we_try": "We try",
    "we_expect": "We expect",
    "how_we_know": "How we’ll know",
    "who": "Who",
    "from_on": "From",
    "to_on": "Until",
    "place": "Its place",
}
_PEOPLE = ("sponsor", "practitioner_lead")
_CYCLE_WORDS = ("we_try", "we_expect", "how_we_know", "who")


def voices_of(permissions: Iterable[Permission]) -> list[SignOff.Voice]:
    """As which of the two somebody may put their name to a version."""
    return [SignOff.Voice(one) for one in voices.voices_of(permissions)]


def waiting_for_names(programme: Programme) -> list[tuple[Membership, BlueprintVersion]]:
    """Who could sign a draft and has not, beside it. One query where there is none, else three."""
    drafts = BlueprintVersion.objects.to_sign().filter(blueprint__programme=programme)
    found = []
    for draft in drafts.defer("parts").prefetch_related("sign_offs"):
        signed = {one.by_id for one in draft.sign_offs.all()}
        found += [
            (member, draft)
            for member in programme.authority.memberships.standing()
            if member.user_id not in signed and voices_of(permissions_of(member.roles))
        ]
    return found


# --- what is written now


def parts_now(blueprint: Blueprint) -> list[dict]:
    """The living blueprint as a version would keep it; the same words give an equal list."""
    return parts_of(blueprint_of(blueprint.programme))


def parts_of(reading: BlueprintReading) -> list[dict]:
    """Of a blueprint that was read already; one query."""
    blueprint = reading.blueprint
    if blueprint is None:
        return []
    parts = [_line("focus", blueprint, "focus")] if blueprint.focus else []
    parts += [_line("commitment", one, "text") for one in reading.commitments]
    missing = missing_of([one.pillar for one in reading.pillars])
    for one in reading.pillars:
        parts.append(_pillar(one.pillar, one.insights, missing.get(one.pillar.pk, [])))
        parts += [_experiment(experiment) for experiment in one.experiments]
    return parts + [_line("need", one, "text") for one in reading.needs]


def _part(kind: str, row: Any, texts: list, *, within: str = "", **facts: Any) -> dict:
    return {
        "kind": kind,
        "id": str(row.pk),
        "in": within,
        "texts": texts,
        "facts": facts,
        "why": "",
        "illustrative": row.illustrative,
    }


def _line(kind: str, row: Any, field: str) -> dict:
    return _part(kind, row, [[field, getattr(row, field)]])


def _pillar(pillar: Pillar, insights: list, without: list[str]) -> dict:
    return _part(
        "pillar",
        pillar,
        [
            ["title", pillar.title],
            ["so_that", pillar.so_that],
            ["grew_from", "\n".join(insight.text for insight in insights)],
        ],
        sponsor=str(pillar.sponsor_id or ""),
        practitioner_lead=str(pillar.practitioner_lead_id or ""),
        without=sorted(without),
    )


def _experiment(experiment: Experiment) -> dict:
    *earlier, cycle = experiment.cycles.all()
    part = _part(
        "experiment",
        experiment,
        [["title", experiment.title], *([name, getattr(cycle, name)] for name in _CYCLE_WORDS)],
        within=str(experiment.pillar_id),
        state=experiment.state,
        decision=experiment.decision,
        cycle=cycle.number,
        decided_before=earlier[-1].decision if earlier else "",
        from_on=cycle.from_on.isoformat() if cycle.from_on else "",
        to_on=cycle.to_on.isoformat() if cycle.to_on else "",
    )
    return part | {"illustrative": experiment.illustrative or cycle.illustrative}


def missing_of(pillars: list[Pillar]) -> dict[UUID, list[str]]:
    """By a pillar's id, which of the two voices it lacks, as `blueprints.voice` hears them."""
    found = voice.missing_of(pillars)
    return {
        one.pk: [
            *([LEADER] if one in found.leaders else []),
            *([PRACTITIONER] if one in found.practitioners else []),
        ]
        for one in pillars
    }


def standing(parts: list[dict]) -> list[dict]:
    """Without those that are told of only because they were taken away."""
    return [part for part in parts if part["kind"] != GONE]


def content(part: dict) -> dict:
    """What makes a part the same or another to its readers."""
    return {key: value for key, value in part.items() if key not in ("why", "illustrative")}


def same_words(before: list[dict], after: list[dict]) -> bool:
    """Whether two versions' parts say the same, whatever the reasons for it were."""
    return list(map(content, standing(before))) == list(map(content, standing(after)))


def fingerprint(parts: list[dict]) -> str:
    """Short, and another for other words: a form says by it what its writer had read."""
    plain = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:32]


def lacking(parts: list[dict]) -> list[tuple[int, dict]]:
    """The pillars that lack a voice, each with its number on the page."""
    pillars = [part for part in parts if part["kind"] == "pillar"]
    return [(number, part) for number, part in enumerate(pillars, 1) if part["facts"]["without"]]


# --- in words


def text_of(part: dict, name: str) -> str:
    return next((words for named, words in part["texts"] if named == name), "")


def title_of(part: dict) -> str:
    """What a part is called, or all that it says."""
    return part["texts"][0][1]


def names_of(authority: LocalAuthority, *versions: list[dict]) -> dict[str, str]:
    """The names of everybody whom parts speak of, by the membership's id; an address for who has
    none. One query.
    """
    return {pk: str(user) for pk, user in people_of(authority, *versions).items()}


def people_of(authority: LocalAuthority, *versions: list[dict]) -> dict[str, User]:
    """Everybody whom parts speak of, by the membership's id. One query."""
    ids = {
        part["facts"][role]
        for parts in versions
        for part in standing(parts)
        for role in _PEOPLE
        if part["facts"].get(role)
    }
    found = authority.memberships.filter(pk__in=ids).select_related("user")
    return {str(one.pk): one.user for one in found}


def fact_in_words(name: str, value: Any, names: dict[str, str]) -> str:
    if name in _PEOPLE:
        return names.get(value, LEFT) if value else NOBODY
    if name == "without":
        return ", ".join(WITHOUT[one] for one in value)
    if name == "cycle":
        return f"Cycle {value}"
    if not value:
        return ""
    if name in ("from_on", "to_on"):
        return date_format(date.fromisoformat(value), "l j F Y")
    labels = Experiment.State if name == "state" else Experiment.Decision
    return str(dict(labels.choices)[value])


def lines_of(part: dict, names: dict[str, str]) -> dict[str, str]:
    """Everything that a part says, by name, in the order of reading."""
    facts = {name: fact_in_words(name, value, names) for name, value in part["facts"].items()}
    lines = dict(part["texts"]) | facts
    return {name: lines[name] for name in LABELS if name in lines}


# --- a version as a page


@dataclass(frozen=True)
class PartReading:
    """A part in words, for a template: `one.words.we_try`, `one.facts.state`."""

    part: dict
    words: dict[str, str]

    @property
    def kind(self) -> str:
        return self.part["kind"]

    @property
    def title(self) -> str:
        return title_of(self.part)

    @property
    def illustrative(self) -> str:
        return self.part["illustrative"]

    @property
    def state(self) -> str:
        return self.part["facts"]["state"]

    @property
    def decision(self) -> str:
        return self.part["facts"]["decision"]

    @property
    def grew_from(self) -> list[str]:
        return self.words["grew_from"].splitlines()

    @property
    def without(self) -> list[str]:
        return [WITHOUT[one] for one in self.part["facts"]["without"]]


@dataclass(frozen=True)
class VersionReading:
    """A version's parts, sorted as its page shows them."""

    parts: list[dict]
    names: dict[str, str]

    @cached_property
    def _read(self) -> list[PartReading]:
        return [PartReading(one, lines_of(one, self.names)) for one in standing(self.parts)]

    def _of(self, kind: str) -> list[PartReading]:
        return [one for one in self._read if one.kind == kind]

    @property
    def focus(self) -> PartReading | None:
        return next(iter(self._of("focus")), None)

    @property
    def commitments(self) -> list[PartReading]:
        return self._of("commitment")

    @property
    def needs(self) -> list[PartReading]:
        return self._of("need")

    @cached_property
    def pillars(self) -> list[tuple[int, PartReading, list[PartReading]]]:
        """Each with its number and its experiments."""
        within: dict[str, list[PartReading]] = {}
        for one in self._of("experiment"):
            within.setdefault(one.part["in"], []).append(one)
        return [
            (number, one, within.get(one.part["id"], []))
            for number, one in enumerate(self._of("pillar"), start=1)
        ]

    @property
    def experiments(self) -> int:
        return len(self._of("experiment"))


def read(authority: LocalAuthority, parts: list[dict]) -> VersionReading:
    return VersionReading(parts, names_of(authority, parts))


def with_names(versions):
    """Versions with who signed them, fetched: `names` is a list."""
    signed = SignOff.objects.select_related("by")
    return versions.select_related("made_by").prefetch_related(
        Prefetch("sign_offs", signed, to_attr="names")
    )


def signed_by(version: Any) -> str:
    """Such as "Marcia Penhale (leader) and Rafi Lindqvist (practitioner)"; of `with_names`."""
    said = [f"{one.by or LEFT} ({one.get_voice_display().lower()})" for one in version.names]
    return f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else "".join(said)


# --- the reasons that are on record


def reasons_since(version: BlueprintVersion, ids: Iterable[str]) -> dict[str, str]:
    """Of experiments, by id: the newest reason that was written since then. Two queries."""
    keys = [UUID(pk) for pk in ids]
    moves = moves_since(version, keys).exclude(why="")
    cycles = LearningCycle.objects.filter(
        authority=version.authority_id, experiment__in=keys, decided_at__gt=version.made_at
    ).exclude(surprised_us="")
    said = [
        *moves.values_list("at", "experiment_id", "why"),
        *cycles.values_list("decided_at", "experiment_id", "surprised_us"),
    ]
    # The later ones in place of those before.
    return {str(pk): why for _, pk, why in sorted(said)}


def moves_since(version: BlueprintVersion, ids: Iterable[UUID]):
    """Passages of these experiments after a version was made; the newest first."""
    moves = version.authority.experiment_moves.filter(experiment__in=list(ids))
    return moves.filter(at__gt=version.made_at).select_related("by")
