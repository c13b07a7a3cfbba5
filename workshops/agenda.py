"""When things happen: start times that follow from a workshop's start and its blocks' minutes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from workshops.models import Activity, Block, Workshop

# What a calendar keeps free for a workshop that has no blocks yet.
AN_HOUR = 60


@dataclass(frozen=True)
class Slot:
    """A block in its place. One that is left out, or waits for time left, takes none."""

    block: Activity
    starts_at: datetime | None
    # How many minutes after the start of the workshop it begins.
    after: int


@dataclass(frozen=True)
class Agenda:
    slots: list[Slot]
    minutes: int
    ends_at: datetime | None


def agenda_of(workshop: Workshop) -> Agenda:
    """One query: the blocks in their order."""
    slots, minutes = [], 0
    for block in workshop.activities.select_related("change").order_by("position", "created_at"):
        start = _later(workshop.starts_at, minutes)
        if block.is_skipped or block.if_time:
            slots.append(Slot(block, None, minutes))
        else:
            slots.append(Slot(block, start, minutes))
            minutes += block.minutes
    return Agenda(slots, minutes, _later(workshop.starts_at, minutes))


def length_of(blocks: Iterable[Block]) -> int:
    """The minutes of these blocks together."""
    return sum(block.minutes for block in blocks)


def minutes_kept_free(workshop: Workshop) -> int:
    """How long a calendar keeps free for it."""
    return length_of(workshop.activities.filter(is_skipped=False, if_time=False)) or AN_HOUR


def kept_free(workshop: Workshop) -> timedelta:
    return timedelta(minutes=minutes_kept_free(workshop))


def in_hours(minutes: int) -> str:
    """Such as "1 hour 30 minutes"."""
    hours, rest = divmod(minutes, 60)
    words = []
    if hours:
        words.append(f"{hours} hour{'' if hours == 1 else 's'}")
    if rest or not hours:
        words.append(f"{rest} minute{'' if rest == 1 else 's'}")
    return " ".join(words)


def _later(start: datetime | None, minutes: int) -> datetime | None:
    return start + timedelta(minutes=minutes) if start else None
