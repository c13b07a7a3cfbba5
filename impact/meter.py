"""The hand-over meter as pictures: for each part of a session, Crescendo's share by period."""

from dataclasses import dataclass
from datetime import date

from impact.handover import Period
from impact.models import Hands

# The picture is 380 wide; a bar stands between these heights.
WIDTH = 380
_LEFT, _TOP, _FLOOR = 2, 26, 144
_MOST_WIDE = 60
# How what is asked of a session is said of many.
TITLES = {
    "facilitated": "Who facilitated",
    "agenda": "Who set the agenda",
    "chased": "Who chased in between",
}


@dataclass(frozen=True)
class Bar:
    """One period: the sessions that are known, and among them Crescendo's from the floor up."""

    x: float
    width: float
    middle: float
    y: float
    height: float
    known: int
    crescendo: int
    first: date
    label: str
    words: str


@dataclass(frozen=True)
class Chart:
    title: str
    name: str
    bars: list[Bar]


def charts_of(periods: list[Period]) -> list[Chart]:
    """One for each part of a session, on one scale; a period of which nothing is known is empty."""
    return [_chart(name, periods) for name in Hands.ASKED] if periods else []


def _chart(name: str, periods: list[Period]) -> Chart:
    step = (WIDTH - 2 * _LEFT) / len(periods)
    width = min(step * 0.72, _MOST_WIDE)
    bars = []
    for number, period in enumerate(periods):
        count = period.counts[name]
        height = (_FLOOR - _TOP) * count.crescendo / count.known if count.known else 0
        middle = _LEFT + step * (number + 0.5)
        words = f"Crescendo in {count.crescendo} of {count.known}" if count.known else "not known"
        bars.append(
            Bar(
                x=round(middle - width / 2, 1),
                width=round(width, 1),
                middle=round(middle, 1),
                y=round(_FLOOR - height, 1),
                height=round(height, 1),
                known=count.known,
                crescendo=count.crescendo,
                first=period.first,
                label=f"{count.crescendo} of {count.known}" if count.known else "–",
                words=words,
            )
        )
    return Chart(TITLES[name], name, bars)
