"""An experiment's cycles as its page shows them, and who may do what with them."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format

from blueprints.actions.experiments import cycle_begun_by
from blueprints.models import Decision, Experiment, ExperimentMove, LearningCycle, Observation
from programmes.permissions import Permission
from programmes.wording import in_words

# The words of a cycle that the next one begins with. What we expect is asked anew.
_HANDED_ON = ("we_try", "how_we_know", "who")


# --- who may


def may_decide(request, experiment: Experiment) -> bool:
    """Reword and decide: whoever writes the blueprint, and the pillar's practitioner lead."""
    if Permission.BLUEPRINT_EDIT in request.permissions:
        return True
    lead = experiment.pillar.practitioner_lead_id
    return request.membership is not None and request.membership.pk == lead


def may_take_back(request, observation: Observation) -> bool:
    """One's own, and any for whoever writes the blueprint."""
    is_own = observation.by_id == request.user.pk
    return is_own or Permission.BLUEPRINT_EDIT in request.permissions


def may_move_back(request, move: ExperimentMove) -> bool:
    """Whoever may move experiments; and of one's own, a decision and the beginning of a cycle."""
    if Permission.BLUEPRINT_EDIT in request.permissions:
        return True
    if move.by_id != request.user.pk:
        return False
    return bool(cycle_begun_by(move) or (move.to_decision and may_decide(request, move.experiment)))


# --- reading


@dataclass(frozen=True)
class CycleReading:
    """One time round: what was seen in it, and the passages of the experiment while it went on."""

    cycle: LearningCycle
    observations: list[Observation] = field(default_factory=list)
    moves: list[ExperimentMove] = field(default_factory=list)

    @property
    def why(self) -> str:
        """Why it was decided so."""
        decision = self.cycle.decision
        found = (one.why for one in self.moves if decision and one.to_decision == decision)
        return next(found, "")

    @property
    def is_closed(self) -> bool:
        """Nobody changes what we expect any more."""
        return bool(self.cycle.sealed_at or self.cycle.decision)

    @property
    def time_is_up(self) -> bool:
        ends = self.cycle.to_on
        return ends is not None and ends < timezone.localdate()

    @property
    def days_left(self) -> int | None:
        ends = self.cycle.to_on
        return None if ends is None else (ends - timezone.localdate()).days

    @property
    def left(self) -> str:
        """Such as "five weeks to go"; empty where no day was said, or it has passed."""
        days = self.days_left
        if days is None or days < 0:
            return ""
        if days == 0:
            return "today is the last day"
        count, unit = (days // 7, "week") if days >= 14 else (days, "day")
        return f"{in_words(count)} {unit}{'' if count == 1 else 's'} to go"


@dataclass(frozen=True)
class Learning:
    """All cycles of an experiment: the one that goes on, or was the last, and those before it."""

    now: CycleReading
    # The newest first.
    earlier: list[CycleReading]
    moves: list[ExperimentMove]


def learning_of(experiment: Experiment) -> Learning:
    """Two queries beside the experiment's own `cycles`."""
    cycles = list(experiment.cycles.all())
    seen = Observation.objects.standing().filter(cycle__in=cycles).select_related("by")
    moves = list(experiment.moves.select_related("by"))
    observations = list(seen)
    now, *earlier = (
        CycleReading(
            cycle,
            [one for one in observations if one.cycle_id == cycle.pk],
            [one for one in moves if one.cycle_id == cycle.pk],
        )
        for cycle in reversed(cycles)
    )
    return Learning(now, earlier, moves)


def begun_on(cycle: LearningCycle) -> date:
    """The first day on which somebody can have seen something: as early as anything tells."""
    moved = cycle.moves.filter(to_state=Experiment.State.TRYING).order_by("at").first()
    days = [timezone.localdate(cycle.created_at)]
    days += [cycle.from_on] if cycle.from_on else []
    days += [timezone.localdate(moved.at)] if moved else []
    return min(days)


def handed_on(last: LearningCycle) -> dict:
    """What the next cycle's form begins with: the last one's words, and as much time from today."""
    begun = {name: getattr(last, name) for name in _HANDED_ON}
    if last.decision == Decision.AMPLIFY:
        begun["who"] = ""  # where else is the question
    today = timezone.localdate()
    begun["from_on"] = today
    if last.from_on and last.to_on:
        begun["to_on"] = today + (last.to_on - last.from_on)
    return begun


def day_of(value: date | datetime) -> str:
    """3 March 2026."""
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    return date_format(value, "j F Y")


def moment_of(day: date | None) -> datetime:
    """Noon of a day that has passed; now of today, or where no day was said."""
    now = timezone.localtime()
    if day is None or day == now.date():
        return now
    return now.replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(
        days=(now.date() - day).days
    )
