"""The hand-over meter: who ran each session, Crescendo or people here, and since when it changes.

It counts sessions and never people. What nobody corrected (`Hands`) is read from the history: who
stood at the console, who made the plan, who invited and reminded since the session before.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from impact.models import Hands, PartnershipEnd, Whose
from programmes.models import AuditEvent, LocalAuthority, Notice, Programme, User
from programmes.permissions import Permission, roles_that_may
from workshops.models import Activity, Workshop

# What somebody does at the console.
RAN = (
    *("workshop doors opened", "workshop seat taken", "workshop moved on", "workshop clock set"),
    *("workshop ended", "activity revealed", "workshop parts opened"),
)
# What makes a plan.
PLANNED = (
    *("workshop planned", "workshop changed", "agenda made", "block added", "block changed"),
    *("block moved", "block left out", "block taken back in", "block put to a change"),
    *("block put to the end", "block given time"),
)
# What keeps others at it, between one session and the next.
CHASED = (
    *("workshop invited to", "workshop invitations sent again", "pods invited to"),
    *("workshop reminder sent", "workshop summary sent", "workshop window told of"),
    *("ask link sent again", "ask reminded", "chat about an ask suggested"),
    *("chat about an experiment suggested", "experiment reminded", "share asked about"),
)
_FOUR_WEEKS = timedelta(weeks=4)
# More periods than this are told by twelve weeks each.
_MOST_PERIODS = 9
_LATELY = 4


@dataclass(frozen=True)
class Held:
    """A session that was held, and in whose hands each part of it was; "" is not known."""

    workshop: Workshop
    whose: dict[str, str]
    # Of which a facilitator said so.
    said: frozenset[str]

    @property
    def day(self) -> date:
        return timezone.localdate(self.workshop.starts_at or self.workshop.ended_at)


@dataclass(frozen=True)
class Count:
    """Of the sessions of which it is known: in how many Crescendo had a hand."""

    crescendo: int
    known: int

    @property
    def share(self) -> int:
        return round(100 * self.crescendo / self.known) if self.known else 0


@dataclass(frozen=True)
class Period:
    first: date
    last: date
    sessions: int
    counts: dict[str, Count]


def held_by(programme: Programme) -> list[Held]:
    """The sessions of a programme that are over, the first first; four queries."""
    rows = programme.workshops.filter(ended_at__isnull=False).select_related("hands")
    workshops = list(rows.order_by(F("starts_at").asc(nulls_last=True), "ended_at"))
    if not workshops:
        return []
    ran, planned = _by_session(workshops)
    chased = _between(programme.authority_id, workshops)
    return [
        _held(
            workshop,
            facilitated=ran[workshop.pk],
            agenda=planned[workshop.pk],
            chased=chased[workshop.pk],
        )
        for workshop in workshops
    ]


def _held(workshop: Workshop, **actors: set[str]) -> Held:
    said = getattr(workshop, "hands", None)
    corrected = {name: getattr(said, name) for name in Hands.ASKED if said is not None}
    whose = {name: corrected.get(name) or _whose(actors[name]) for name in Hands.ASKED}
    return Held(workshop, whose, frozenset(name for name, value in corrected.items() if value))


def _whose(actors: set[str]) -> str:
    """Of the kinds of people who did something; what nobody but the system did is not known."""
    match ("crescendo team" in actors, "member" in actors):
        case (True, True):
            return Whose.BOTH
        case (True, False):
            return Whose.CRESCENDO
        case (False, True):
            return Whose.LOCAL
    return ""


def _by_session(workshops: list[Workshop]) -> tuple[dict[UUID, set], dict[UUID, set]]:
    """By session, who ran it and who planned it; a block is told of by its own id."""
    own = {str(one.pk): one.pk for one in workshops}
    blocks = Activity.objects.filter(workshop__in=workshops).values_list("pk", "workshop")
    own |= {str(block): workshop for block, workshop in blocks}
    events = (
        AuditEvent.objects.filter(
            authority_id=workshops[0].authority_id,
            verb__in=(*RAN, *PLANNED),
            target_id__in=own,
        )
        .values_list("target_id", "verb", "actor_kind")
        .order_by()
        .distinct()
    )
    ran: dict[UUID, set] = defaultdict(set)
    planned: dict[UUID, set] = defaultdict(set)
    for target, verb, kind in events:
        (ran if verb in RAN else planned)[own[target]].add(kind)
    return ran, planned


def _between(authority_id: int, workshops: list[Workshop]) -> dict[UUID, set]:
    """By session, who reminded and asked between the end of the one before and its own end."""
    events = AuditEvent.objects.filter(authority_id=authority_id, verb__in=CHASED)
    told = list(events.order_by("at").values_list("at", "actor_kind"))
    found: dict[UUID, set] = defaultdict(set)
    since = datetime.min.replace(tzinfo=timezone.get_default_timezone())
    for workshop in sorted(workshops, key=_ended):
        until = _ended(workshop)
        found[workshop.pk] = {kind for at, kind in told if since < at <= until}
        since = until
    return found


def _ended(workshop: Workshop) -> datetime:
    if workshop.ended_at is None:
        raise ValueError("Only a session that is over has been run.")
    return workshop.ended_at


# --- what it comes to


def periods_of(held: list[Held]) -> list[Period]:
    """Four weeks each from the first session on; twelve where that were too many to look at."""
    if not held:
        return []
    first, last = min(one.day for one in held), max(one.day for one in held)
    length = _FOUR_WEEKS
    if (last - first) // length >= _MOST_PERIODS:
        length = 3 * _FOUR_WEEKS
    found = []
    while first <= last:
        until = first + length - timedelta(days=1)
        of_it = [one for one in held if first <= one.day <= until]
        counts = {name: count_of(of_it, name) for name in Hands.ASKED}
        found.append(Period(first, until, len(of_it), counts))
        first += length
    return found


def count_of(held: Iterable[Held], name: str) -> Count:
    known = [one.whose[name] for one in held if one.whose[name]]
    return Count(sum(whose != Whose.LOCAL for whose in known), len(known))


@dataclass(frozen=True)
class Lately:
    """The newest sessions of which it is known who facilitated."""

    sessions: int
    local: int
    together: int


def lately(held: list[Held]) -> Lately:
    newest = [one.whose["facilitated"] for one in held if one.whose["facilitated"]][-_LATELY:]
    return Lately(len(newest), newest.count(Whose.LOCAL), newest.count(Whose.BOTH))


@dataclass(frozen=True)
class Step:
    """One step in which the sessions pass into the hands of people here."""

    title: str
    about: str
    is_done: bool


def steps_of(held: list[Held], *, has_facilitator: bool, has_end: bool) -> list[Step]:
    """In the order in which rights and scripts pass; each stands by itself, whatever came first."""

    def any_local(name: str, *whose: str) -> bool:
        return any(one.whose[name] in whose for one in held)

    ran = [one.whose["facilitated"] for one in held if one.whose["facilitated"]]
    return [
        Step(
            "Somebody here may facilitate",
            "They’re a facilitator here, so the toolkit’s scripts and the console are theirs.",
            has_facilitator,
        ),
        Step(
            "A session is run side by side",
            "Crescendo and a local champion share the console and the script.",
            any_local("facilitated", Whose.BOTH, Whose.LOCAL),
        ),
        Step(
            "Somebody here sets the agenda",
            "They plan the next pod, and Crescendo reads it before.",
            any_local("agenda", Whose.LOCAL),
        ),
        Step(
            "Somebody here runs a session",
            "Crescendo sits at the back, and gives feedback after.",
            any_local("facilitated", Whose.LOCAL),
        ),
        Step(
            "Somebody here keeps people at it",
            "Invitations, reminders and asks go out from here.",
            any_local("chased", Whose.LOCAL),
        ),
        Step(
            "Three sessions in a row without Crescendo",
            "By now the rhythm is yours.",
            len(ran) >= 3 and set(ran[-3:]) == {Whose.LOCAL},
        ),
        Step(
            "The day on which the partnership ends is set",
            "Pods, changes and pages go on as they are.",
            has_end,
        ),
    ]


def has_local_facilitator(authority: LocalAuthority) -> bool:
    may_run = authority.memberships.standing().holding_any(roles_that_may(Permission.WORKSHOP_RUN))
    return may_run.filter(user__is_crescendo_team=False).exists()


def end_of(programme: Programme) -> PartnershipEnd | None:
    """The last day with Crescendo that counts, if any was set."""
    return programme.partnership_ends.standing().first()


def hush(now: datetime) -> None:
    """Where Crescendo has left, what waits to be mailed to its team is dropped; others get theirs.

    Run before what is due is sent.
    """
    ends = PartnershipEnd.objects.that_counts().filter(programme__ended_on=None)
    today = timezone.localdate(now)
    left = [end.authority_id for end in ends if end.ends_on < today]
    if not left:
        return
    team = User.objects.in_crescendo_team().values_list("email", flat=True)
    waiting = Notice.objects.waiting().filter(authority__in=left, choice__email__in=list(team))
    waiting.update(dropped_at=now, body="")
