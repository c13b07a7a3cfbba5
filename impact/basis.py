"""What a sentence of the report rests on: the question, how many answered, when, and who did not.

Kept with the sentence as plain JSON, so that a published report goes on saying it, whatever becomes
of the rows it came from.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date

from django.urls import reverse

from programmes.wording import in_words
from surveys.charts import Bar, bar_of
from surveys.core import EXTENTS
from surveys.results import TWO_EXTENTS
from surveys.wording import days_of

# Where each kind of basis can be looked at, and the words for it.
_WHERE = {
    "survey": ("impact:impact", "See the figures"),
    "ambition": ("programmes:ambition", "See our ambition"),
    "changes": ("smallchanges:changes", "See the small changes"),
    "rules": ("smallchanges:permissions", "See the permission book"),
    "blueprint": ("blueprints:blueprint", "See the blueprint"),
    "promises": ("blueprints:reviews", "See the promises"),
    "stories": ("impact:stories", "See the stories"),
}


@dataclass(frozen=True)
class Basis:
    """`n` answered of `asked`, or how many things were counted; days as ISO, and "" unknown.

    A survey's has the labels of its answers with their counts; `core` and `moment` say of which
    locked question and when it was asked, so that authorities can be put side by side.
    """

    kind: str
    what: str
    n: int | None = None
    asked: int | None = None
    first_on: str = ""
    last_on: str = ""
    ids: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    core: str = ""
    moment: str = ""
    title: str = ""
    source: str = ""
    made_up: str = ""

    def as_json(self) -> dict:
        """Without what is empty."""
        return {name: value for name, value in asdict(self).items() if value not in ("", [], None)}

    @property
    def when(self) -> str:
        """Such as "3 to 10 March 2026"; of figures that were published, where."""
        if self.source:
            return f"Published in {self.source}"
        return days_in_words(self.first_on, self.last_on)

    @property
    def who(self) -> str:
        """Who answered, and how many did not."""
        if self.n is None or self.kind != "survey":
            return ""
        if self.asked is None:
            return f"{capital(people(self.n))} answered; how many were asked isn’t known."
        missing = self.asked - self.n
        others = {0: "nobody was missing", 1: "one person didn’t answer"}.get(
            missing, f"{in_words(missing)} didn’t answer"
        )
        answered = f"{capital(in_words(self.n))} of {people(self.asked)} who were asked answered"
        return f"{answered}; {others}."

    @property
    def is_extent(self) -> bool:
        """Whether its answers have the order of extents, so that one bar shows them."""
        return tuple(self.labels) in (EXTENTS, TWO_EXTENTS) and sum(self.counts) > 0

    @property
    def bar(self) -> Bar | None:
        return bar_of(self.what, self.labels, self.counts) if self.is_extent else None

    @property
    def rows(self) -> list[tuple[str, int]]:
        return list(zip(self.labels, self.counts, strict=False))

    @property
    def spread(self) -> str:
        """Each answer with its number, for who sees no chart."""
        return ", ".join(f"{label}: {count}" for label, count in self.rows)

    @property
    def told(self) -> str:
        """All of it in one note."""
        said = [
            f"{self.title}: {self.what}" if self.title else self.what,
            self.who,
            f"{self.spread}." if self.spread else "",
            f"{self.when}." if self.when else "",
            f"Illustrative: {self.made_up}." if self.made_up else "",
        ]
        return " ".join(one if one[-1] in ".?!…" else f"{one}." for one in said if one)

    def way(self, slug: str) -> tuple[str, str] | None:
        """The address where it can be looked at, and its words."""
        name, words = _WHERE.get(self.kind, ("", ""))
        return (f"{reverse(name, args=[slug])}{self._anchor}", words) if name else None

    @property
    def _anchor(self) -> str:
        """A survey's question has its own place on the Impact page."""
        return f"#q-{self.ids[1]}" if self.kind == "survey" and len(self.ids) > 1 else ""


def bases_of(rests_on: Iterable[dict]) -> list[Basis]:
    return [Basis(**one) for one in rests_on]


def days_in_words(first: str, last: str) -> str:
    """Of two ISO days; one where they are the same, nothing where there is none."""
    if not (first or last):
        return ""
    return days_of(date.fromisoformat(first or last), date.fromisoformat(last or first))


def people(number: int) -> str:
    return f"{in_words(number)} {'person' if number == 1 else 'people'}"


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]
