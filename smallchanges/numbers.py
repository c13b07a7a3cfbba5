"""Numbers that people count: read as they write them, written as they read them."""

import re
from decimal import Decimal

from smallchanges.models import MOST

# 12,500 and 1,250,000.5: commas between thousands.
_WITH_THOUSANDS = re.compile(r"-?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?")
# 14, 9.5 and 9,5.
_PLAIN = re.compile(r"-?[0-9]+([.,][0-9]+)?|-?[.,][0-9]+")
# 10–12 and 10 to 12.
_TWO = re.compile(r"([0-9]+(?:[.,][0-9]+)?) ?(?:-|–|to) ?([0-9]+(?:[.,][0-9]+)?)")
# Signs that people write with a number, though the unit has them already.
_SIGNS = "£€$%"


class NotANumber(ValueError):
    """Says to whoever wrote it what would be one."""


def number_of(text: str) -> Decimal:
    """What somebody wrote, with a comma or a point; raises `NotANumber`, with words for them.

    A comma with exactly three digits behind it stands between thousands, unless it follows a 0.
    """
    said = " ".join(text.split()).strip(f"{_SIGNS} ").replace("−", "-").strip()
    if _WITH_THOUSANDS.fullmatch(said):
        said = said.replace(",", "")
    elif two := _TWO.fullmatch(said):
        low, high = (Decimal(one.replace(",", ".")) for one in two.groups())
        if max(low, high) <= MOST:
            middle = in_figures(((low + high) / 2).quantize(Decimal("0.01")))
            raise NotANumber(
                f"Write one number: halfway from {in_figures(low)} to {in_figures(high)} is"
                f" {middle}."
            )
    if not _PLAIN.fullmatch(said):
        raise NotANumber("Write one number, such as 14 or 9.5.")
    number = Decimal(said.replace(",", "."))
    if abs(number) > MOST:
        raise NotANumber("That’s more than fits here. Count in thousands, or in millions.")
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and exponent < -2:
        raise NotANumber("Two digits after the point are plenty.")
    return number.quantize(Decimal("0.01")) + 0  # -0 is 0


def in_figures(value: Decimal) -> str:
    """14, 9.5 or 12,500: no digit more than it needs."""
    figures = f"{value:,f}"
    if "." in figures:
        figures = figures.rstrip("0").rstrip(".")
    return figures.replace("-", "−")


def in_short(value: Decimal) -> str:
    """The same where there is little room: 12.5k, or 1.25m for millions."""
    for much, letter in ((1_000_000, "m"), (10_000, "k")):
        if abs(value) >= much:
            thousands = value / (1_000_000 if letter == "m" else 1000)
            return f"{in_figures(thousands.quantize(Decimal('0.01')))}{letter}"
    return in_figures(value)


def amount(value: Decimal, unit: str) -> str:
    """With its unit: 9 minutes, 40%, £12.50."""
    figures = in_figures(value)
    if unit == "%":
        return f"{figures}%"
    if unit in ("£", "€", "$"):
        return f"{unit}{figures}"
    return f"{figures} {unit}".strip()
