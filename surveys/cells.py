"""What one cell of a file says: by the label of an answer, or one of the short ways to write it."""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from surveys.core import EXTENTS, MODERATE
from surveys.models import Question, SurveyAnswer, Work
from surveys.said import OWN_WORK, Said

Kind = Question.Kind
MOST = Decimal("9999999.99")
MOST_LETTERS: int = SurveyAnswer._meta.get_field("text").max_length or 0
_NONE_OF_THESE = ("none", "none of these")
_DASHES = str.maketrans("‐‑‒–—−’‘", "------''")


class Unfit(Exception):
    """It is no answer to this question; the words, after what was written, say what would fit."""


def plain(words: str) -> str:
    """As it is compared: without regard to capitals, spaces and kinds of dashes and quotes."""
    return " ".join(words.translate(_DASHES).casefold().split())


def has_words(cells: Iterable[str]) -> bool:
    return any(cell.strip() for cell in cells)


def said_in(words: str, question: Question) -> Said:
    """The answer that a cell with something in it gives; raises `Unfit`."""
    if question.kind == Kind.TEXT:
        if len(words) > MOST_LETTERS:
            raise Unfit(f"is too long: {MOST_LETTERS:,} characters fit, this has {len(words):,}.")
        return Said(text=words)
    if question.kind == Kind.NUMBER:
        return Said(number=_number(words))
    ways = _ways(question)
    if question.kind == Kind.CHOICES:
        return Said(options=_some(words, ways, question))
    if (place := ways.get(_key(words, question))) is None:
        raise Unfit(_fits(question))
    return Said(option=place)


def work_in(words: str) -> str:
    ways = {plain(name): str(work) for work in Work for name in (work.value, work.label)}
    ways |= {plain(name): str(work) for work, name in OWN_WORK.items()}
    ways |= {"partner agency": str(Work.PARTNER)}
    if (work := ways.get(plain(words))) is None:
        listed = "; ".join(OWN_WORK.values())
        raise Unfit(f"isn’t known here. Write one of: {listed}. Or leave it empty.")
    return work


def in_words(question: Question) -> str:
    """An example of an answer, for a file to fill in."""
    if question.kind == Kind.TEXT:
        return "In their own words"
    if question.kind == Kind.NUMBER:
        return "2.5"
    if question.kind == Kind.CHOICES:
        return "; ".join(question.labels[:2])
    return question.labels[min(2, len(question.labels) - 1)]


def _number(words: str) -> Decimal:
    fits = "isn’t a number that fits. Write one such as 12 or 2.5, without units."
    if not re.fullmatch(r"[-+]?(\d+(\.\d{0,2})?|\.\d{1,2})", words, re.ASCII):
        raise Unfit(fits)
    try:
        number = Decimal(words)
    except InvalidOperation:
        raise Unfit(fits) from None
    if abs(number) > MOST:
        raise Unfit(fits)
    return number


def _key(words: str, question: Question) -> str:
    if question.kind == Kind.SHARE:
        # "10-20 %" and "10% to 20%" are the same share.
        return re.sub(r"\s*(?:-|to)\s*", "-", plain(words).replace("%", "")).strip()
    return plain(words)


def _ways(question: Question) -> dict[str, int]:
    """Each way to write each answer, as it is compared, with the answer's place."""
    ways = {_key(label, question): place for place, label in enumerate(question.labels)}
    if question.kind == Kind.EXTENT:
        for place, label in enumerate(EXTENTS):
            # "To a moderate extent", and "moderate extent", "moderate", 2.
            short = plain(label).removeprefix("to a ")
            ways |= dict.fromkeys((short, short.removesuffix(" extent"), str(place)), place)
        if question.is_joined:
            ways |= dict.fromkeys(("not at all or small", "small or not at all"), 0)
            ways |= dict.fromkeys(("moderate or large",), MODERATE)
    if question.kind == Kind.SHARE:
        ways |= {"<10": 0, "under 10": 0, "50+": len(question.labels) - 1}
    return ways


def _some(words: str, ways: dict[str, int], question: Question) -> tuple[int, ...]:
    if plain(words) in ways:
        return (ways[plain(words)],)
    if plain(words) in _NONE_OF_THESE:
        return ()
    named = [plain(part) for part in re.split(r"[;|\n]", words) if part.strip()]
    if not named or any(name not in ways for name in named):
        raise Unfit(f"{_fits(question)} Put semicolons between several, or write “none”.")
    return tuple(sorted({ways[name] for name in named}))


def _fits(question: Question) -> str:
    listed = "; ".join(question.labels)
    if question.kind == Kind.EXTENT:
        listed += "; or 0 to 3 in that order"
    return f"isn’t one of the answers. These fit: {listed}."
