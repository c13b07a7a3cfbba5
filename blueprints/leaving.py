"""What of a blueprint may leave the house, as a plain paper: the one source of its PDF, its Word
file and the page for partners.

`LEAVES` is the whole list, with its reasons, and `STAYS` what a member reads and no paper holds. A
field that is on neither fails a test, so that nobody sends out a new one without having chosen to.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils import timezone

from blueprints import learned, reading, voice
from blueprints.learning import day_of
from blueprints.models import BlueprintVersion, Experiment
from blueprints.states import states_in_words
from blueprints.versions import PartReading, VersionReading, people_of, text_of
from programmes.models import LocalAuthority, Programme

LEAVES = {
    "blueprint.focus": "says what the plan is about",
    "commitment.text": "what we stand for is said to everybody",
    "need.text": "whoever can help has to know what is needed",
    "pillar.title": "the plan itself",
    "pillar.so_that": "the plan itself",
    "experiment.title": "the plan itself",
    "experiment.state": "a plan that is read without it would promise what is only an idea",
    "experiment.decision": "what we learned, in one word that was chosen from four",
    "learningcycle.we_try": "the plan itself, written for leaders to say yes to",
    "learningcycle.we_expect": "the plan itself",
    "learningcycle.how_we_know": "the plan itself",
    "learningcycle.illustrative": "whoever reads a file of the demo must know what was made up",
    "blueprintversion.state": "a draft that is read without it would pass for what was agreed",
}
# Names are for who meets: `Reader.MEETING` alone. Counts are of barriers and changes, never people.
STAYS = {
    "learningcycle.who": "names people, or a team that is small",
    "learningcycle.surprised_us": "written for one another, and may speak of somebody",
    "learningcycle.decision": "each cycle's own; the paper has the experiment's",
    "insight.text": "a conclusion from what people met, in words for this house",
    "insight.kind": "goes with its text",
    "insight.sits_in": "goes with its text",
    "observation.text": "what somebody saw, and may be about a family",
    "experimentmove.why": "why somebody said no, or changed their mind",
    "experimentmove.from_state": "the way there is ours",
    "experimentmove.from_decision": "the way there is ours",
    "experimentmove.to_state": "the way there is ours",
    "experimentmove.to_decision": "the way there is ours",
    "answer.kind": "an answer is a manager's own, to their teams",
    "answer.words": "an answer is a manager's own, to their teams",
    "promise.what": "promises are between those who made them and those who wait",
    "promise.unit": "as above",
    "promise.why": "why one was not kept is for those who waited",
    "review.going": "a review is how it looked that day to one manager",
    "review.words": "a review is how it looked that day to one manager",
    "review.decided": "a review is how it looked that day to one manager",
    "signoff.voice": "who signed is known in the house",
    "blueprintversion.parts": "holds what may leave too, which is taken out by its name",
    "blueprintversion.why": "says what went wrong with the plan before",
    # What a version's parts hold beside the fields above, each by its name there.
    "part.grew_from": "the words of insights",
    "part.without": "whose voice is missing is for this house to mend",
    "part.cycle": "the way there is ours",
    "part.decided_before": "each cycle's own; the paper has the experiment's",
    "part.place": "says what moved on the page",
    "aim.code": "the authority's own plan, which is not ours to send",
    "aim.title": "the authority's own plan, which is not ours to send",
    "aim.owner": "names a person or a team",
    "aim.link": "may lead into the house",
    "placinground.question": "asked of people here",
    "place.voice": "what people placed stays with them",
    "place.nullifier": "what people placed stays with them",
    "telling.why": "why a promise was not kept is told to those it was made to",
    "partnerlink.for_whom": "no partner need know who else has a link",
}
_TITLE = "Our local blueprint"
_NEVER_FINISHED = (
    "A blueprint is never finished: when an experiment teaches us something, good or bad, we write"
    " it down and change the plan."
)
# They turn round what follows them, beyond the words that they stand in.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Reader(StrEnum):
    """For whom a paper is: members take it to a meeting, or partners read it."""

    MEETING = "meeting"
    PARTNERS = "partners"


@dataclass(frozen=True)
class PaperLine:
    text: str
    made_up: str = ""


@dataclass(frozen=True)
class PaperExperiment:
    title: str
    state: str
    we_try: str
    we_expect: str
    how_we_know: str
    when: str
    last_learned: str
    made_up: str


@dataclass(frozen=True)
class PaperPillar:
    number: int
    title: str
    so_that: str
    sponsor: str
    lead: str
    voice: str
    states: str
    made_up: str
    experiments: list[PaperExperiment]


@dataclass(frozen=True)
class Paper:
    """A blueprint as it may leave. Every text in it is `plain`."""

    title: str
    authority: str
    # The day of its words.
    on: date
    # How far they are agreed, and the same in the fewest words.
    standing: str
    in_short: str
    reader: Reader
    focus: PaperLine
    commitments: list[PaperLine]
    pillars: list[PaperPillar]
    needs: list[PaperLine]
    # Of a version; None of the blueprint as it stands.
    number: int | None = None
    made_up: str = ""

    @property
    def opening(self) -> str:
        """What it says of itself, under its title."""
        return f"{self.standing} {_NEVER_FINISHED}"

    @property
    def latest(self) -> str:
        """What it says to whoever finds it in a drawer."""
        return f"{self.in_short}. Check online for the latest version."

    @property
    def file_name(self) -> str:
        """Without its ending."""
        return f"blueprint-version-{self.number}" if self.number else f"blueprint-{self.on}"


def paper_of(
    authority: LocalAuthority, reader: Reader, *, number: int | None = None
) -> Paper | None:
    """Partners get the version that is agreed, where there is one; else everybody gets the words as
    they stand. With `number` that version, of which partners get no draft.

    None before anybody wrote a word, and where there is no such version.
    """
    programme = authority.current_programme()
    if programme is None:
        return None
    version = _version(authority, programme, reader, number)
    if version is not None:
        return _agreed(authority, reader, version)
    return _living(authority, reader, programme) if number is None else None


def _version(
    authority: LocalAuthority, programme: Programme, reader: Reader, number: int | None
) -> BlueprintVersion | None:
    if number is None and reader == Reader.MEETING:
        return None
    shown = authority.versions.shown().filter(blueprint__programme=programme)
    if number is None:
        return shown.agreed().first()
    if reader == Reader.PARTNERS:
        shown = shown.agreed_once()
    return shown.filter(number=number).first()


def plain(words: str) -> str:
    """Words without what no file can hold: control characters, halves of pairs, and marks that turn
    the direction of what follows them. XML knows none of these either.
    """
    words = unicodedata.normalize("NFC", words.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(one for one in words if one == "\n" or not _is_unfit(one)).strip()


def _is_unfit(one: str) -> bool:
    # Cc: controls, Cs: surrogates, Cn: nothing, or a place where nothing may ever be.
    return one in _BIDI or unicodedata.category(one) in ("Cc", "Cs", "Cn")


# --- as it stands


def _living(authority: LocalAuthority, reader: Reader, programme: Programme) -> Paper | None:
    found = reading.blueprint_of(programme)
    if not found.has_words or found.blueprint is None:
        return None
    today = timezone.localdate()
    voices, learned_at = voice.of(found.rooted), learned.last_learned_each(found.rooted)
    return Paper(
        title=_TITLE,
        authority=plain(authority.formal_name),
        on=today,
        standing=_how_it_stands(today, found.agreed),
        in_short=f"As it stood on {day_of(today)}",
        reader=reader,
        focus=PaperLine(plain(found.blueprint.focus), plain(found.blueprint.illustrative)),
        commitments=[_line(one) for one in found.commitments],
        pillars=[_pillar(one, reader, voices[one.pillar.pk], learned_at) for one in found.pillars],
        needs=[_line(one) for one in found.needs],
    )


def _how_it_stands(today: date, agreed: tuple[int, datetime] | None) -> str:
    if agreed is None:
        return f"Not agreed yet: as it stands on {day_of(today)}."
    number, at = agreed
    return f"As it stands on {day_of(today)}. Version {number} was agreed on {day_of(at)}."


def _line(row: Any) -> PaperLine:
    return PaperLine(plain(row.text), plain(row.illustrative))


def _pillar(
    one: reading.PillarReading,
    reader: Reader,
    heard: voice.Voice,
    learned_at: dict[UUID, datetime],
) -> PaperPillar:
    pillar = one.pillar
    return PaperPillar(
        number=one.number,
        title=plain(pillar.title),
        so_that=plain(pillar.so_that),
        sponsor=_name(pillar.sponsor, reader),
        lead=_name(pillar.practitioner_lead, reader),
        # Counts of things that people named and tried, never of people.
        voice=f"Grown from {heard.said}" if heard.said else "",
        states=", ".join(words for _, words in one.states),
        made_up=plain(pillar.illustrative),
        experiments=[_experiment(row, learned_at.get(row.pk)) for row in one.experiments],
    )


def _experiment(experiment: Experiment, learned_at: datetime | None) -> PaperExperiment:
    cycle = experiment.cycle
    made_up = (experiment.illustrative, cycle.illustrative)
    return PaperExperiment(
        title=plain(experiment.title),
        state=_state(experiment.state, experiment.decision),
        we_try=plain(cycle.we_try),
        we_expect=plain(cycle.we_expect),
        how_we_know=plain(cycle.how_we_know),
        when=_when(cycle.from_on, cycle.to_on),
        last_learned=day_of(learned_at) if learned_at else "",
        made_up="; ".join(filter(None, dict.fromkeys(map(plain, made_up)))),
    )


def _name(membership, reader: Reader) -> str:
    """Never an address: that stands for a name where there is none."""
    return plain(membership.user.name) if membership and reader == Reader.MEETING else ""


# --- a version


def _agreed(authority: LocalAuthority, reader: Reader, version: BlueprintVersion) -> Paper:
    """The same whenever it is made. So nothing of today is in it: what a pillar grew from by now,
    and when an experiment last learned, are not what was agreed.
    """
    people = people_of(authority, version.parts) if reader == Reader.MEETING else {}
    # Names alone, never an address.
    found = VersionReading(version.parts, {pk: user.name for pk, user in people.items()})
    on = timezone.localdate(version.agreed_at or version.made_at)
    in_short = f"Version {version.number}, agreed on {day_of(on)}"
    standing = f"{in_short}."
    if version.state == BlueprintVersion.State.DRAFT:
        in_short = f"Version {version.number}, a draft of {day_of(on)}"
        standing = f"{in_short}. Not agreed yet."
    elif version.ended_at:
        standing = f"{in_short}. It held until {day_of(version.ended_at)}."
    return Paper(
        title=_TITLE,
        authority=plain(authority.formal_name),
        on=on,
        standing=standing,
        in_short=in_short,
        reader=reader,
        focus=_part_line(found.focus) if found.focus else PaperLine(""),
        commitments=[_part_line(one) for one in found.commitments],
        pillars=[_part_pillar(found, *one) for one in found.pillars],
        needs=[_part_line(one) for one in found.needs],
        number=version.number,
        made_up=plain(version.illustrative),
    )


def _part_line(one: PartReading) -> PaperLine:
    return PaperLine(plain(one.title), plain(one.illustrative))


def _part_pillar(
    found: VersionReading, number: int, one: PartReading, experiments: list[PartReading]
) -> PaperPillar:
    facts = one.part["facts"]
    return PaperPillar(
        number=number,
        title=plain(text_of(one.part, "title")),
        so_that=plain(text_of(one.part, "so_that")),
        sponsor=plain(found.names.get(facts["sponsor"], "")),
        lead=plain(found.names.get(facts["practitioner_lead"], "")),
        voice="",
        states=", ".join(words for _, words in states_in_words(experiments)),
        made_up=plain(one.illustrative),
        experiments=[_part_experiment(row.part) for row in experiments],
    )


def _part_experiment(part: dict) -> PaperExperiment:
    facts = part["facts"]
    days = (date.fromisoformat(day) if day else None for day in (facts["from_on"], facts["to_on"]))
    return PaperExperiment(
        title=plain(text_of(part, "title")),
        state=_state(facts["state"], facts["decision"]),
        we_try=plain(text_of(part, "we_try")),
        we_expect=plain(text_of(part, "we_expect")),
        how_we_know=plain(text_of(part, "how_we_know")),
        when=_when(*days),
        last_learned="",
        made_up=plain(part["illustrative"]),
    )


# --- in words


def _state(state: str, decision: str) -> str:
    if not decision:
        return Experiment.State(state).label
    said = Experiment.Decision(decision).label
    return f"Decided to {said[0].lower()}{said[1:]}"


def _when(first_day: date | None, last_day: date | None) -> str:
    first, last = (one and day_of(one) for one in (first_day, last_day))
    if first and last:
        return f"From {first} to {last}"
    return f"From {first}" if first else f"Until {last}" if last else ""
