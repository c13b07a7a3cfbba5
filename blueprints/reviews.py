"""What waits for a manager, and the dated record of what was answered, promised and reviewed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain, groupby
from typing import Any

from django.db.models import Max, Prefetch, Q
from django.utils import timezone

from blueprints.models import (
    Answer,
    Experiment,
    ExperimentMove,
    Pillar,
    Promise,
    Review,
    Telling,
    unanswered,
)
from programmes.models import LocalAuthority, Membership, Programme, User
from programmes.permissions import Permission
from smallchanges.asking import Card, cards
from smallchanges.models import QUIET_WEEKS

# How often learning pods are: what is quiet is so for a week longer.
_RHYTHM = timedelta(weeks=QUIET_WEEKS - 1)
# A promise is asked after from so long before its day on.
_NEAR = timedelta(days=7)
_RECENT, _OF_A_PILLAR = 12, 200


@dataclass(frozen=True)
class Waiting:
    """What waits for one manager: the first first. `others` is for somebody else to answer."""

    experiments: list[Experiment] = field(default_factory=list)
    asks: list[Card] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    pillars: list[Pillar] = field(default_factory=list)
    others: list[Experiment] = field(default_factory=list)

    @property
    def rows(self) -> list:
        """All of it that is theirs, in the order of the page."""
        asks = [card.ask for card in self.asks]
        return [*self.experiments, *asks, *self.promises, *self.pillars]

    @property
    def count(self) -> int:
        return len(self.rows)


def waiting_for(request, programme: Programme | None) -> Waiting:
    """For whoever looks: the same number of queries however much it is."""
    authority, membership = request.authority, request.membership
    asks = cards(request, authority.asks.waiting().put_to(membership).for_list())
    if programme is None or Permission.REVIEW not in request.permissions:
        return Waiting(asks=asks)
    experiments = all_waiting(programme)
    mine = [one for one in experiments if membership and one.pillar.sponsor == membership]
    nobodys = [one for one in experiments if one.pillar.sponsor is None]
    theirs = {one.pk for one in chain(mine, nobodys)}
    return Waiting(
        experiments=[*mine, *nobodys],
        asks=asks,
        promises=promises_near(authority, request.user),
        pillars=pillars_to_review(programme, membership),
        others=[one for one in experiments if one.pk not in theirs],
    )


def all_waiting(programme: Programme) -> list[Experiment]:
    """The experiments that nobody answered yet, whoever's yes they wait for, the longest first."""
    experiments = unanswered(Experiment.objects.in_standing_pillars())
    return list(_to_read(experiments.filter(pillar__blueprint__programme=programme)))


def waiting_if(programme: Programme) -> list[Answer]:
    """The "yes, if"s that somebody still has to make come true, the oldest first."""
    answers = Answer.objects.in_force().filter(
        kind=Answer.Kind.YES_IF,
        experiment__state=Experiment.State.WAITING,
        experiment__removed_at=None,
        experiment__pillar__removed_at=None,
        experiment__pillar__blueprint__programme=programme,
    )
    return list(answers.select_related("experiment", "by").order_by("at"))


def to_answer(authority: LocalAuthority):
    """The experiments whose pages can be read, with all that the card of one shows."""
    return _to_read(authority.experiments.in_standing_pillars())


def _to_read(experiments):
    moves = ExperimentMove.objects.select_related("by")
    return (
        experiments.with_cycles()
        .select_related("authority", "pillar__sponsor__user", "created_by")
        .prefetch_related(Prefetch("moves", moves, to_attr="all_moves"))
        .order_by("waiting_since", "position")
    )


def promises_near(authority: LocalAuthority, user: User) -> list[Promise]:
    """Somebody's own whose day is near or past, while nobody said whether they were kept."""
    until = timezone.localdate() + _NEAR
    return list(authority.promises.untold().filter(made_by=user, by_when__lte=until).with_all())


def pillars_to_review(programme: Programme, membership: Membership | None) -> list[Pillar]:
    """Those that somebody sponsors and that nobody reviewed since the last pod but one."""
    if membership is None or programme.ended_on:
        return []
    mine = [one for one in pillars_of(programme) if one.sponsor_id == membership.pk]
    long_ago = timezone.now() - _RHYTHM
    return [one for one in mine if (one.reviewed_at or one.created_at) < long_ago]


def pillars_of(programme: Programme) -> list:
    """The standing pillars in their order, each with `reviewed_at`, when it last was."""
    pillars = Pillar.objects.standing().filter(blueprint__programme=programme)
    reviewed_at = Max("reviews__at", filter=Q(reviews__removed_at=None))
    return list(pillars.annotate(reviewed_at=reviewed_at).with_people())


# --- the record


@dataclass(frozen=True)
class Entry:
    """One thing that was said, promised or done on a day."""

    at: datetime
    # Which of the five: the template has a sentence for each.
    kind: str
    who: User | None
    row: Any


def record_of(programme: Programme) -> list[Entry]:
    """The newest of a whole programme: answers, promises, what became of them, and reviews."""
    in_programme = {"pillar__blueprint__programme": programme}
    experiments = {f"experiment__{name}": one for name, one in in_programme.items()}
    promises = programme.authority.promises.meant().filter(
        Q(**experiments) | Q(**in_programme) | Q(ask__change__programme=programme)
    )
    return _entries(
        Answer.objects.standing().filter(
            experiment__removed_at=None, experiment__pillar__removed_at=None, **experiments
        ),
        promises,
        Review.objects.standing().filter(pillar__removed_at=None, **in_programme),
        most=_RECENT,
    )[:_RECENT]


def record_of_pillar(pillar: Pillar) -> list[tuple[date, list[Entry]]]:
    """All of one pillar, with how its experiments moved, by months, the newest first."""
    moves = ExperimentMove.objects.filter(
        experiment__pillar=pillar, experiment__removed_at=None, answer=None
    )
    entries = _entries(
        Answer.objects.standing().filter(experiment__pillar=pillar, experiment__removed_at=None),
        Promise.objects.meant().of_pillar(pillar),
        Review.objects.standing().filter(pillar=pillar),
        moves.select_related("by", "experiment", "authority"),
        most=_OF_A_PILLAR,
    )
    by_month = groupby(entries, key=lambda one: timezone.localdate(one.at).replace(day=1))
    return [(month, list(those)) for month, those in by_month]


def _entries(answers, promises, reviews, moves=None, *, most: int) -> list[Entry]:
    """Six queries, or seven with moves."""
    tellings = Telling.objects.standing().filter(promise__in=promises.order_by())
    tellings = tellings.select_related(
        "by", "promise__experiment__authority", "promise__ask__change", "promise__pillar"
    )
    answers = answers.select_related("by", "experiment__authority")
    reviews = reviews.select_related("by", "pillar")
    found = chain(
        (Entry(one.at, "answer", one.by, one) for one in answers[:most]),
        (
            Entry(one.made_at, "promise", one.made_by, one)
            for one in promises.with_all().order_by("-made_at")[:most]
        ),
        (Entry(one.at, "telling", one.by, one) for one in tellings[:most]),
        (Entry(one.at, "review", one.by, one) for one in reviews[:most]),
        (Entry(one.at, "move", one.by, one) for one in (moves[:most] if moves is not None else ())),
    )
    return sorted(found, key=lambda one: one.at, reverse=True)


# --- of one experiment


@dataclass(frozen=True)
class Said:
    """What was answered to one experiment, what was promised, and what this person may do."""

    answers: list[Answer]
    promises: list[Promise]
    # The "yes, if" that it waits with.
    waits_if: Answer | None
    may_tend: bool
    may_review: bool
    # Nobody has answered yet, and this person may.
    may_answer: bool


def of_experiment(request, experiment: Experiment) -> Said:
    """Three queries at most."""
    answers = list(experiment.answers.standing().select_related("by"))
    in_force: list[Answer] = []
    if experiment.waiting_since:
        in_force = [one for one in answers if one.at >= experiment.waiting_since]
    may_review = Permission.REVIEW in request.permissions
    waits = experiment.state == Experiment.State.WAITING
    newest = in_force[0] if in_force else None
    return Said(
        answers=answers,
        promises=list(experiment.promises.standing().with_all()),
        waits_if=newest if waits and newest and newest.kind == Answer.Kind.YES_IF else None,
        may_tend=Permission.EXPERIMENT_TEND in request.permissions,
        may_review=may_review,
        may_answer=may_review and waits and newest is None,
    )


# --- for the roof


def waiting_by_sponsor(programme: Programme) -> dict[Any, int]:
    """How many experiments nobody answered yet, by their pillars' sponsors; None's are anybody's.

    One query.
    """
    experiments = unanswered(Experiment.objects.in_standing_pillars())
    sponsors = experiments.filter(pillar__blueprint__programme=programme)
    counts: dict[Any, int] = {}
    for sponsor in sponsors.order_by().values_list("pillar__sponsor", flat=True):
        counts[sponsor] = counts.get(sponsor, 0) + 1
    return counts


def promises_due(programme: Programme, until: date) -> Iterable[Promise]:
    """Those whose day has come by then, and of which nobody said whether they were kept."""
    return programme.authority.promises.untold().filter(by_when__lte=until)
