"""The draft as people edit it: what it says, and beside it what the data says today."""

from dataclasses import dataclass
from typing import Any

from impact.basis import bases_of
from impact.drafting import drafted, story_key
from impact.models import Report, ReportSection, ReportSentence, Story
from impact.survey_sentences import Drafted
from programmes.models import Programme


@dataclass(frozen=True)
class Row:
    """A sentence of the draft. `now` is what the data says today where that is another thing.

    `is_gone` is one that the data doesn't say any more. Of a story it is one whose teller took the
    yes back: then `text` is empty, since nobody reads it, and whoever edits the report no more.
    """

    sentence: ReportSentence
    now: str
    is_gone: bool

    @property
    def text(self) -> str:
        is_theirs = self.is_gone and self.sentence.kind == ReportSentence.Kind.STORY
        return "" if is_theirs else self.sentence.text

    @property
    def bases(self) -> list[Any]:
        return bases_of(self.sentence.rests_on)


@dataclass(frozen=True)
class Bench:
    section: ReportSection
    rows: list[Row]
    removed: list[ReportSentence]
    # What the data says by now, and the draft doesn't.
    new: list[Drafted]

    @property
    def changed(self) -> int:
        return sum(bool(row.now) for row in self.rows)


def benches_of(report: Report, programme: Programme) -> list[Bench]:
    """Each section of the draft, in its order."""
    now = drafted(programme)
    stories = set(map(story_key, Story.objects.public().filter(authority=report.authority_id)))
    sections = report.sections.prefetch_related("sentences")
    return [_bench(one, {each.key: each for each in now[one.key]}, stories) for one in sections]


def _bench(section: ReportSection, now: dict[str, Drafted], stories: set[str]) -> Bench:
    sentences = list(section.sentences.all())
    told = {one.key for one in sentences}
    standing = [one for one in sentences if one.removed_at is None]
    return Bench(
        section=section,
        rows=[_row(one, now, stories) for one in standing],
        removed=[one for one in sentences if one.removed_at is not None],
        new=[one for key, one in now.items() if key not in told],
    )


def _row(sentence: ReportSentence, now: dict[str, Drafted], stories: set[str]) -> Row:
    if sentence.kind == ReportSentence.Kind.OWN:
        return Row(sentence, "", is_gone=False)
    if sentence.kind == ReportSentence.Kind.STORY:
        return Row(sentence, "", is_gone=sentence.key not in stories)
    today = now.get(sentence.key)
    if today is None:
        return Row(sentence, "", is_gone=True)
    return Row(sentence, "" if today.text == sentence.drafted else today.text, is_gone=False)
