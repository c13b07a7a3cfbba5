"""All authorities at a glance, for the Crescendo team: where each is, and where help is needed."""

from django.db.models import Case, Exists, IntegerField, Min, OuterRef, Q, Subquery, When
from django.utils import timezone

from blueprints.models import Experiment
from crescendo.journey import count_of
from programmes.models import Gift, JourneyStep, LocalAuthority, Milestone, Programme
from smallchanges.models import SmallChange


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
    changes = SmallChange.objects.living().filter(
        authority=OuterRef("pk"), programme__ended_on=None
    )
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
        quiet=count_of(changes.quiet()),
        unsponsored=count_of(changes.filter(gift=Gift.NEEDS_SPONSORSHIP)),
        waiting=count_of(
            Experiment.objects.in_standing_pillars().filter(
                authority=OuterRef("pk"),
                pillar__blueprint__programme__ended_on=None,
                state=Experiment.State.WAITING,
            )
        ),
    ).order_by("name")
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(service__icontains=search))
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
