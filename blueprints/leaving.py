"""What of a blueprint may leave the house, as a plain paper: the one source of its PDF, its Word
file and the page for partners.

`LEAVES` is the whole list, with its reasons, and `STAYS` what a member reads and no paper holds. A
field that is on neither fails a test, so that nobody sends out a new one without having chosen to.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format

from blueprints import reading, voice
from blueprints.models import Experiment, LearningCycle, Observation
from programmes.models import LocalAuthority

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
    "blueprintversion.parts": "holds both what may leave and what may not",
    "blueprintversion.why": "says what went wrong with the plan before",
    "blueprintversion.state": "the way there is ours",
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
    on: date
    reader: Reader
    focus: PaperLine
    commitments: list[PaperLine]
    pillars: list[PaperPillar]
    needs: list[PaperLine]

    @property
    def day(self) -> str:
        return date_format(self.on, "j F Y")

    @property
    def latest(self) -> str:
        """What it says to whoever finds it in a drawer."""
        return f"As it stood on {self.day}. Check online for the latest version."

    @property
    def file_name(self) -> str:
        """Without its ending."""
        return f"blueprint-{self.on.isoformat()}"


def paper_of(authority: LocalAuthority, reader: Reader) -> Paper | None:
    """The blueprint as it stands; None before anybody wrote a word of it.

    Partners and meetings alike get what stands now. The one place to ask for an agreed version.
    """
    found = reading.blueprint_of(authority.current_programme())
    if not found.has_words or found.blueprint is None:
        return None
    voices = voice.of(one.pillar for one in found.pillars)
    learned = _learned([experiment for one in found.pillars for experiment in one.experiments])
    return Paper(
        title="Our local blueprint",
        authority=plain(authority.formal_name),
        on=timezone.localdate(),
        reader=reader,
        focus=PaperLine(plain(found.blueprint.focus), plain(found.blueprint.illustrative)),
        commitments=[_line(one) for one in found.commitments],
        pillars=[_pillar(one, reader, voices[one.pillar.pk], learned) for one in found.pillars],
        needs=[_line(one) for one in found.needs],
    )


def plain(words: str) -> str:
    """Words without what no file can hold: control characters, halves of pairs, and marks that turn
    the direction of what follows them. XML knows none of these either.
    """
    words = unicodedata.normalize("NFC", words.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(one for one in words if one == "\n" or not _is_unfit(one)).strip()


def _is_unfit(one: str) -> bool:
    # Cc: controls, Cs: surrogates, Cn: nothing, or a place where nothing may ever be.
    return one in _BIDI or unicodedata.category(one) in ("Cc", "Cs", "Cn")


def _line(row: Any) -> PaperLine:
    return PaperLine(plain(row.text), plain(row.illustrative))


def _pillar(
    one: reading.PillarReading, reader: Reader, heard: voice.Voice, learned: dict[UUID, date]
) -> PaperPillar:
    pillar = one.pillar
    return PaperPillar(
        number=one.number,
        title=plain(pillar.title),
        so_that=plain(pillar.so_that),
        sponsor=_name(pillar.sponsor, reader),
        lead=_name(pillar.practitioner_lead, reader),
        voice=_voice_in_words(heard),
        states=", ".join(words for _, words in one.states),
        made_up=plain(pillar.illustrative),
        experiments=[_experiment(row, learned.get(row.pk)) for row in one.experiments],
    )


def _experiment(experiment: Experiment, learned: date | None) -> PaperExperiment:
    cycle = experiment.cycle
    made_up = (experiment.illustrative, cycle.illustrative)
    return PaperExperiment(
        title=plain(experiment.title),
        state=_state(experiment),
        we_try=plain(cycle.we_try),
        we_expect=plain(cycle.we_expect),
        how_we_know=plain(cycle.how_we_know),
        when=_when(cycle),
        last_learned=date_format(learned, "j F Y") if learned else "",
        made_up="; ".join(filter(None, dict.fromkeys(map(plain, made_up)))),
    )


def _state(experiment: Experiment) -> str:
    if not experiment.decision:
        return experiment.get_state_display()
    said = experiment.get_decision_display()
    return f"Decided to {said[0].lower()}{said[1:]}"


def _when(cycle: LearningCycle) -> str:
    first, last = (one and date_format(one, "j F Y") for one in (cycle.from_on, cycle.to_on))
    if first and last:
        return f"From {first} to {last}"
    return f"From {first}" if first else f"Until {last}" if last else ""


def _name(membership, reader: Reader) -> str:
    """Never an address: that stands for a name where there is none."""
    return plain(membership.user.name) if membership and reader == Reader.MEETING else ""


def _voice_in_words(heard: voice.Voice) -> str:
    """The counts of the pillar's own page, where there are any: of things, never of people."""
    if not heard.heard:
        return ""
    *first, last = heard.heard
    return f"Grown from {', '.join(first)} and {last}" if first else f"Grown from {last}"


def _learned(experiments: list[Experiment]) -> dict[UUID, date]:
    """The day on which each last learned something, where it did. One query."""
    seen = Observation.objects.standing().filter(cycle__experiment__in=experiments)
    moments = dict(seen.order_by().values_list("cycle__experiment").annotate(last=Max("at")))
    for experiment in experiments:
        decided = [cycle.decided_at for cycle in experiment.cycles.all() if cycle.decided_at]
        if decided:
            moments[experiment.pk] = max([*decided, *filter(None, [moments.get(experiment.pk)])])
    return {pk: timezone.localdate(moment) for pk, moment in moments.items()}
