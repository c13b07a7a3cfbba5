"""Sentences about what people answered: counts lead below `FEW`, per cent from there on.

Never a rate without its base, and never more of a rate than its base can bear.
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import date_format

from programmes.wording import in_words
from surveys.core import QuestionKind
from surveys.results import FEW, Results, Shown

# The locked questions speak to whoever answers; here they are told of them.
_OF_THEM = {
    "impact-satisfaction": "their job satisfaction",
    "impact-team": "how effective they are as a team",
    "impact-change": "their ability to effect change within the local authority",
    "impact-valued": "how valued they feel in their role",
    "impact-time": "the time that they or their team spend in direct work with children, young"
    " people or families",
}
_FAR = "to a moderate or large extent"


def per_cent(part: int, whole: int) -> str:
    """As 75% or 87.5%: with a decimal only where that is the whole of it.

    Not everybody is never 100%, and not nobody never 0%.
    """
    exact = Decimal(100 * part) / whole
    if exact == exact.quantize(Decimal("0.1")):
        return f"{exact.normalize():f}%"
    rounded = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    return f"{min(max(rounded, 1), 99)}%"


def people(part: int, whole: int) -> str:
    """As “Seven of eight people”; from `FEW` on as “64% of people (14 of 22)”."""
    if whole >= FEW:
        return f"{per_cent(part, whole)} of people ({part} of {whole})"
    if part == whole:
        return f"All {in_words(whole)} people"
    if part == 0:
        return f"None of the {in_words(whole)} people"
    return f"{in_words(part).capitalize()} of {in_words(whole)} people"


def sentence_of(shown: Shown) -> str:
    """What one question came to, in a sentence or two; nothing of words, or where it is hidden."""
    if not shown.is_shown:
        return ""
    kind = shown.question.kind
    if kind == QuestionKind.EXTENT:
        return _extent(shown)
    if kind == QuestionKind.NUMBER:
        return _number(shown)
    if kind in (QuestionKind.SHARE, QuestionKind.SCALE):
        return _middle(shown)
    return _chosen(shown) if shown.counts else ""


def _extent(shown: Shown) -> str:
    question, far, of = shown.question, shown.moderate_or_large, shown.answered
    share = "" if of >= FEW else f" ({per_cent(far, of)})"
    who = people(far, of)
    if theirs := _OF_THEM.get(question.core):
        said = f"{who} said that small changes had positively affected {theirs} {_FAR}{share}."
    elif question.core:
        said = f"{who} agreed {_FAR}: “{question.text}”{share}."
    else:
        asked = " ".join(filter(None, (question.stem, question.text)))
        said = f"{who} said {_FAR}, asked “{asked}”{share}."
    if far and shown.large is not None:
        said += f" {_apart(shown.large, far - shown.large)}"
    return said


def _apart(large: int, moderate: int) -> str:
    """Of moderate or large: how many of each."""
    if not large:
        return "None said to a large extent."
    if not moderate:
        return "All of them said to a large extent."
    return (
        f"{in_words(large).capitalize()} said to a large extent, {in_words(moderate)} to a moderate"
        " extent."
    )


def _number(shown: Shown) -> str:
    if (numbers := shown.numbers) is None:
        return ""
    unit = f" {shown.question.unit}" if shown.question.unit else ""
    low, middle, high = (plain(one) for one in (numbers.low, numbers.middle, numbers.high))
    return (
        f"The middle answer of {in_words(shown.answered)} people was {middle}{unit}, and the middle"
        f" half lies between {low} and {high}."
    )


def _middle(shown: Shown) -> str:
    between = shown.half_between
    if shown.middle is None or between is None:
        return ""
    labels = [shown.labels[one] for one in (shown.middle, *between)]
    middle, low, high = (label[:1].lower() + label[1:] for label in labels)
    unit = " of their working time last week" if shown.question.kind == QuestionKind.SHARE else ""
    out_of = " out of 5" if shown.question.kind == QuestionKind.SCALE else ""
    where = f", and the middle half lies between {low} and {high}" if low != high else ""
    count = in_words(shown.answered)
    return f"The middle answer of {count} people was {middle}{out_of}{unit}{where}."


def _chosen(shown: Shown) -> str:
    """What most chose."""
    most = max(shown.counts)
    chosen = [
        label
        for label, count in zip(shown.labels, shown.counts, strict=True)
        if count == most and most
    ]
    if len(chosen) != 1:
        return f"{in_words(shown.answered).capitalize()} people answered “{shown.question.text}”."
    share = "" if shown.answered >= FEW else f" ({per_cent(most, shown.answered)})"
    return (
        f"{people(most, shown.answered)} chose “{chosen[0]}”, asked “{shown.question.text}”{share}."
    )


def plain(value: Decimal) -> str:
    """With no digit more than it needs."""
    figures = f"{value:,.2f}"
    return figures.rstrip("0").rstrip(".")


def base_of(results: Results) -> str:
    """How many answered, of how many, and how many didn't."""
    if not results.is_shown:
        return "Too few people answered to show it"
    answered = results.answered
    if results.asked is None:
        return f"{answered} people answered; how many were asked isn’t known"
    if not results.silent:
        return f"All {answered} who were asked answered"
    return f"{answered} of {results.asked} who were asked answered; {results.silent} didn’t"


def when_of(results: Results) -> str:
    """Where its figures were published, or from when to when it was answered."""
    if results.survey.source:
        return f"Published in {results.survey.source}"
    return days_of(results.first_on, results.last_on)


def days_of(first: date, last: date) -> str:
    """As “2 to 14 May 2026”, with no word twice that once is enough."""
    if first == last:
        return date_format(last, "j F Y")
    start = "j" if (first.year, first.month) == (last.year, last.month) else "j F"
    if first.year != last.year:
        start = "j F Y"
    return f"{date_format(first, start)} to {date_format(last, 'j F Y')}"
