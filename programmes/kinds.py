"""The four lists of step 1, by the word that stands for each in an address."""

from dataclasses import dataclass

from programmes.models import Barrier, Opposite, Principle, Statement, Value


@dataclass(frozen=True)
class Kind:
    """What pages and forms say of one list."""

    word: str
    model: type[Statement]
    one: str
    title: str
    about: str
    nothing_yet: str
    example: str

    def __str__(self):
        return self.word

    @property
    def has_gift(self) -> bool:
        """Barriers alone say in whose gift they are, and which teams meet them."""
        return self.model is Barrier


KINDS = {
    kind.word: kind
    for kind in (
        Kind(
            word="values",
            model=Value,
            one="value",
            title="What we said we’d be",
            about="The values everybody brings while we work together.",
            nothing_yet="Values start in your first ambition workshop: what everybody promises to "
            "bring while we work together.",
            example="A word or a short phrase, such as “honesty”.",
        ),
        Kind(
            word="opposites",
            model=Opposite,
            one="opposite",
            title="What we’re moving away from",
            about="How a team would look that worked in exactly the other way.",
            nothing_yet="The opposite comes right after the values: how would we look if we worked "
            "in exactly the other way? It makes the values real.",
            example="A word or a short phrase, such as “siloed”.",
        ),
        Kind(
            word="principles",
            model=Principle,
            one="principle",
            title="At the heart of our vision",
            about="The principles that children’s social care should stand on here.",
            nothing_yet="The vision comes from your second ambition workshop: a few principles "
            "that children’s social care should stand on here.",
            example="A few words, such as “curiosity”.",
        ),
        Kind(
            word="barriers",
            model=Barrier,
            one="barrier",
            title="What gets in the way",
            about="The barriers that stop us from working like this. Strands and small changes "
            "grow from them.",
            nothing_yet="Barriers come from your second ambition workshop: what stops us from "
            "working like this. Everything later grows from them.",
            example="One thing that gets in the way, in your own words.",
        ),
    )
}
