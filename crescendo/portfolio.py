"""All authorities at a glance, for the Crescendo team: where each is, and where help is needed."""

from django.db.models import Case, Exists, IntegerField, Min, OuterRef, Q, Subquery, When
from django.utils import timezone

from blueprints.models import Experiment
from crescendo.journey import QUIET_AFTER, count_of
from programmes.models import Gift, JourneyStep, LocalAuthority, Milestone, Programme
from smallchanges.models import LIVING, Move, SmallChange, Status


def places(*, search: str = "", needs: str = ""):
    """Authorities by name, each with what its card says; one query.

    Annotates `service` and `model` (None without a running programme), `here` (1 to 5: the first
    step that people have not called done; 5 when all four are), `next_on`, and the counts
    `living`, `quiet`, `unsponsored` and `waiting`.
    """
    running = Programme.objects.filter(authority=OuterRef("pk"), ended_on=None)
    done = JourneyStep.objects.filter(
        programme__authority=OuterRef("pk"), programme__ended_on=None
    ).exclude(done_at=None)
    changes = SmallChange.objects.filter(
        authority=OuterRef("pk"), programme__ended_on=None, status__in=LIVING
    )
    moved_lately = Move.objects.filter(change=OuterRef("pk"), at__gt=timezone.now() - QUIET_AFTER)
    rows = LocalAuthority.objects.annotate(
        service=Subquery(running.values("service")[:1]),
        model=Subquery(running.values("model")[:1]),
        next_on=Subquery(
            Milestone.objects.filter(
                programme__authority=OuterRef("pk"),
                programme__ended_on=None,
                on__gte=timezone.localdate(),
            )
            .order_by()
            .values("programme")
            .annotate(first=Min("on"))
            .values("first")
        ),
        here=_first_step_not_done(done),
        living=count_of(changes),
        quiet=count_of(
            changes.filter(status__in=[Status.CHOSEN, Status.IN_PROGRESS]).exclude(
                Exists(moved_lately)
            )
        ),
        unsponsored=count_of(changes.filter(gift=Gift.NEEDS_SPONSORSHIP)),
        waiting=count_of(
            Experiment.objects.filter(
                authority=OuterRef("pk"),
                removed_at=None,
                pillar__removed_at=None,
                state=Experiment.State.WAITING,
            )
        ),
    ).order_by("name")
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(programmes__service__icontains=search))
        rows = rows.distinct()
    if needs in _ROWS:
        rows = rows.filter(_ROWS[needs])
    return rows


# What a person can ask to see alone: the word in the address, its label, its rows.
WANTS = {
    "quiet": "Gone quiet",
    "sponsor": "Needs a sponsor",
    "answer": "Waiting for a yes",
    "programme": "No programme yet",
}
_ROWS = {
    "quiet": Q(quiet__gt=0),
    "sponsor": Q(unsponsored__gt=0),
    "answer": Q(waiting__gt=0),
    "programme": Q(service=None),
}


def _first_step_not_done(done):
    """The smallest of 1, 2, 3, 4 that is not among `done`; 5 when all are."""
    return Case(
        *(When(~Exists(done.filter(step=step)), then=step) for step in JourneyStep.Step.values),
        default=5,
        output_field=IntegerField(),
    )
