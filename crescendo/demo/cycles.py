"""What the demo's experiments showed: made up, with days counted back from the first start."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from blueprints import actions
from blueprints.models import Decision, Experiment
from crescendo.loading.desk import MADE_UP
from programmes.models import LocalAuthority, User

_PLACE = "tower-hamlets"
_PRACTITIONER = "practitioner@tower-hamlets.example"
_FACILITATOR = "facilitator@tower-hamlets.example"
_MANAGER = "manager@tower-hamlets.example"
_TURNS = "A new approach to meetings: rotate chairing and notetaking"
_UNBLOCK = "The principal social worker joins team meetings to unblock things"
_SUPPORT = "Use the potential of business support officers to support social workers"


@dataclass(frozen=True)
class _Seen:
    experiment: str
    by: str
    text: str
    days_ago: int


_SEEN = (
    _Seen(
        _TURNS, _PRACTITIONER, "A school chaired for the first time. It took ten minutes less.", 17
    ),
    _Seen(
        _TURNS, _PRACTITIONER, "The health visitor took the notes, and asked for the template.", 10
    ),
    _Seen(_TURNS, _FACILITATOR, "Two words after the meeting: “lighter”, and “unsure”.", 3),
    _Seen(_UNBLOCK, _PRACTITIONER, "Three things named. A lost laptop was there the next day.", 58),
    _Seen(_UNBLOCK, _FACILITATOR, "Five things named, and two of the first three have moved.", 30),
    _Seen(_UNBLOCK, _MANAGER, "What moves is small and quick. The two that stay need money.", 9),
    _Seen(
        _SUPPORT, _PRACTITIONER, "Bookings went over in a week. Minutes took longer to agree.", 45
    ),
    _Seen(_SUPPORT, _FACILITATOR, "Nobody tried more than two of the things on the list.", 21),
)


@dataclass(frozen=True)
class _Decided:
    """What became of an experiment once all of it was seen."""

    decision: str
    surprised_us: str
    why: str
    days_ago: int


_DECIDED = {
    _SUPPORT: _Decided(
        decision=Decision.ADAPT,
        surprised_us="The officers asked to be in the room where the decisions are made.",
        why="The list helped, but it was too long. We try again with three things for each team,"
        " chosen by them.",
        days_ago=7,
    )
}


def load() -> None:
    """Write down each that is not there yet; what people did with one meanwhile stays."""
    place = LocalAuthority.objects.filter(slug=_PLACE).first()
    if place is None:
        return
    wanted = {uuid5(NAMESPACE_URL, f"{_PLACE} {one.experiment} {one.text}"): one for one in _SEEN}
    there = set(place.observations.filter(pk__in=wanted).values_list("pk", flat=True))
    missing = {pk: one for pk, one in wanted.items() if pk not in there}
    if not missing:
        return
    experiments = {
        one.title: one
        for one in place.experiments.in_standing_pillars().with_cycles()
        if one.title in {seen.experiment for seen in missing.values()}
    }
    people = {user.email: user for user in User.objects.filter(memberships__authority=place)}
    for pk, one in missing.items():
        if (experiment := experiments.get(one.experiment)) and _is_in_its_first(experiment):
            actions.observe(
                experiment=experiment,
                pk=pk,
                text=one.text,
                at=_at(one.days_ago),
                person=people.get(one.by),
                by=None,
                illustrative=MADE_UP,
            )
    for title, decided in _DECIDED.items():
        if (experiment := experiments.get(title)) and _is_in_its_first(experiment):
            actions.move_experiment(
                experiment=experiment,
                state=Experiment.State.DECIDED,
                decision=decided.decision,
                surprised_us=decided.surprised_us,
                why=decided.why,
                person=people.get(_MANAGER),
                at=_at(decided.days_ago),
                by=None,
                illustrative=MADE_UP,
            )


def _is_in_its_first(experiment: Experiment) -> bool:
    """In its first cycle, whose expectation is written, and being tried."""
    is_tried = experiment.state == Experiment.State.TRYING
    return is_tried and experiment.cycle.number == 1 and bool(experiment.cycle.we_expect)


def _at(days_ago: int) -> datetime:
    return timezone.localtime().replace(hour=11, minute=30) - timedelta(days=days_ago)
