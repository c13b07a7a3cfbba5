"""Which session comes next: the one place that says so, for home, journey and summary."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from programmes.models import Milestone, Programme
from workshops.models import Workshop


@dataclass(frozen=True)
class Next:
    """What people meet for next, as far as it is planned: a workshop, or a date that has none."""

    title: str
    on: date
    starts_at: datetime | None
    place: str
    illustrative: str
    workshop: Workshop | None


@dataclass(frozen=True)
class Upcoming:
    # One that people can come into now, or could until it closed a while ago.
    open: Workshop | None
    next: Next | None

    @property
    def workshop(self) -> Workshop | None:
        """The one to show first: what is open, then what comes."""
        return self.open or (self.next.workshop if self.next else None)


def upcoming(
    programme: Programme,
    *,
    milestones: Iterable[Milestone] | None = None,
    besides: Workshop | None = None,
) -> Upcoming:
    """In one query where the dates of the timeline are at hand, else in two.

    What is open may be of an earlier programme: people can still come in. `besides` is a workshop
    that is looked back at, and nobody's next time, whatever day it has.
    """
    concerns = Q(ended_at=None) | Q(programme=programme, milestone__isnull=False)
    found = programme.authority.workshops.filter(concerns).order_by("starts_at", "created_at")
    rows = [row for row in found if row != besides]
    dates = programme.milestones.all() if milestones is None else milestones
    if besides is not None:
        dates = [one for one in dates if one.pk != besides.milestone_id]
    own = [row for row in rows if row.programme_id == programme.pk]
    return Upcoming(_open(rows), _next(own, dates))


def _open(rows: list[Workshop]) -> Workshop | None:
    """What can be entered comes before what has closed, and a deadline before a later one."""

    def rank(row: Workshop):
        is_over = row.has_closed and row.went_on_at is None
        # The code, so that of two everybody sees the same.
        return (is_over, row.collects_until is not None, row.collects_until, row.code)

    entered = [row for row in rows if row.code and row.ended_at is None]
    return min(entered, key=rank, default=None)


def _next(rows: list[Workshop], dates: Iterable[Milestone]) -> Next | None:
    """A workshop says its own day; a date counts where its workshop has no day, or isn't there."""
    today = timezone.localdate()
    settled = {row.milestone_id for row in rows if row.ended_at or row.starts_at}
    without_day = {row.milestone_id: row for row in rows if row.milestone_id not in settled}
    coming = [
        Next(row.title, day, row.starts_at, row.place, row.illustrative, row)
        for row in rows
        if row.starts_at and row.ended_at is None and (day := timezone.localdate(row.starts_at))
    ]
    coming += [
        Next(one.title, one.on, None, one.place, one.illustrative, without_day.get(one.pk))
        for one in dates
        if one.pk not in settled
    ]
    later = [one for one in coming if one.on >= today]
    return min(later, key=lambda one: (one.on, one.starts_at is None, one.starts_at), default=None)
