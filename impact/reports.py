"""A report as it is read: the one source of its page, its PDF and its Word file.

Made of the report's own rows alone, so that it says the same whenever it is made. A story whose
teller took their yes back is the one thing that goes from it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.formats import date_format

from blueprints.leaving import plain
from impact.basis import Basis, bases_of
from impact.drafting import story_key
from impact.models import Report, ReportSection, ReportSentence, Story
from programmes.models import LocalAuthority

# As the journeys' files say it.
MADE_UP = "all of it"
_OPENING = "Numbers never tell the whole story here. Read them alongside what people say."


@dataclass(frozen=True)
class Line:
    """One sentence. `note` is its number among the notes; 0 where it rests on nothing that counts.

    `data_said` is what the data said where people put it in other words.
    """

    text: str
    is_story: bool = False
    is_ours: bool = False
    data_said: str = ""
    made_up: str = ""
    note: int = 0
    bases: list[Basis] = field(default_factory=list)

    @property
    def made_up_here(self) -> str:
        """What stands beside it: where it has a note, that one says the rest."""
        if not self.made_up:
            return ""
        if not self.note:
            return f"Illustrative: {self.made_up}"
        # A published figure is not made up because its days are.
        return "Illustrative" if self.made_up == MADE_UP else "Partly illustrative"

    @property
    def told_by(self) -> str:
        """Of a story: whose it is, by their role."""
        return self.bases[0].what if self.is_story and self.bases else ""

    @property
    def charts(self) -> list[Basis]:
        """Those with a number for each answer."""
        return [one for one in self.bases if one.counts]

    @property
    def noted(self) -> str:
        """The words of its note."""
        said = [one.told for one in self.bases]
        if self.data_said:
            said.append(f"In our words; the data said: {self.data_said}")
        return " ".join(said)


@dataclass(frozen=True)
class Part:
    key: str
    heading: str
    lines: list[Line]

    @property
    def charts(self) -> list[Basis]:
        return [one for line in self.lines for one in line.charts]

    @property
    def keys(self) -> list[str]:
        """Which keys its bars need: for extents in two, and in four."""
        lengths = {len(one.labels) for one in self.charts if one.is_extent}
        return [name for name, length in (("two", 2), ("four", 4)) if length in lengths]


@dataclass(frozen=True)
class Reading:
    """A report in words. Every text in it is `plain`."""

    title: str
    letterhead: str
    number: int
    # The day of its words.
    on: date
    is_published: bool
    why: str
    parts: list[Part]
    logo: bytes = b""

    @property
    def standing(self) -> str:
        day = date_format(self.on, "j F Y")
        if self.is_published:
            return f"Version {self.number}, published on {day}"
        return f"Version {self.number}, a draft of {day}"

    @property
    def opening(self) -> str:
        return f"{self.standing}. {_OPENING}"

    @property
    def latest(self) -> str:
        """What it says to whoever finds it in a drawer."""
        words = f"{self.standing}. Check online for the latest version."
        return f"{words} Some of it is illustrative." if self.is_made_up else words

    @property
    def is_made_up(self) -> bool:
        return any(line.made_up for part in self.parts for line in part.lines)

    @property
    def file_name(self) -> str:
        """Without its ending."""
        return f"impact-report-version-{self.number}"

    @property
    def notes(self) -> list[tuple[int, str]]:
        return [(line.note, line.noted) for part in self.parts for line in part.lines if line.note]

    @property
    def charts(self) -> list[Basis]:
        return [one for part in self.parts for one in part.charts]


def with_words(reports):
    """Reports with their sections and standing sentences: two queries, however many they are."""
    sentences = ReportSentence.objects.standing().order_by("position", "created_at")
    sections = ReportSection.objects.prefetch_related(
        Prefetch("sentences", sentences, to_attr="said")
    )
    return reports.prefetch_related(Prefetch("sections", sections, to_attr="parts"))


def read(report, *, keys: Iterable[str] | None = None) -> Reading:
    """One of `with_words`; only the sections with these keys, where they are given.

    Sections that were left out, or say nothing, are not in it.
    """
    wanted = None if keys is None else set(keys)
    public = _public_stories(report)
    parts, note = [], 0
    for section in report.parts:
        if not section.is_in or (wanted is not None and section.key not in wanted):
            continue
        lines = []
        for sentence in section.said:
            if sentence.kind == ReportSentence.Kind.STORY and sentence.key not in public:
                continue
            has_note = bool(sentence.rests_on) and sentence.kind == ReportSentence.Kind.DATA
            note += has_note
            lines.append(_line(sentence, note if has_note else 0))
        if lines:
            parts.append(Part(section.key, plain(section.heading), lines))
    return Reading(
        title=plain(report.title),
        letterhead=plain(report.letterhead or report.authority.formal_name),
        number=report.number,
        on=timezone.localdate(report.published_at or report.made_at),
        is_published=report.published_at is not None,
        why=plain(report.why),
        parts=parts,
        logo=bytes(report.logo),
    )


def _public_stories(report) -> set[str]:
    """The keys of the report's stories that anyone may read now."""
    told = [one for part in report.parts for one in part.said]
    keys = [one.key for one in told if one.kind == ReportSentence.Kind.STORY]
    if not keys:
        return set()
    ids = [key.partition(":")[2] for key in keys]
    stories = Story.objects.public().filter(authority=report.authority_id, pk__in=ids)
    return set(map(story_key, stories))


def _line(sentence: ReportSentence, note: int) -> Line:
    return Line(
        text=plain(sentence.text),
        is_story=sentence.kind == ReportSentence.Kind.STORY,
        is_ours=sentence.kind == ReportSentence.Kind.OWN,
        data_said=plain(sentence.drafted) if sentence.is_edited else "",
        made_up=plain(sentence.illustrative),
        note=note,
        bases=[_plain(one) for one in bases_of(sentence.rests_on)],
    )


def _plain(basis: Basis) -> Basis:
    """For files: without what none can hold."""
    words = {
        name: [plain(one) for one in value] if name in ("labels", "ids") else plain(value)
        for name, value in vars(basis).items()
        if isinstance(value, str) or name in ("labels", "ids")
    }
    return Basis(**vars(basis) | words)


def newest(authority: LocalAuthority) -> Report | None:
    """The published one that members read, with its words."""
    return with_words(authority.reports.published().select_related("authority")).first()
