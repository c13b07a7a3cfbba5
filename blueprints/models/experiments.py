"""Experiments: what we try within a pillar, cycle by cycle, and what each cycle showed."""

from typing import Any

from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from programmes.models import LocalAuthority, Removable, SameAuthority, TenantModel, User
from programmes.models.tenancy import OrderedQuerySet, RemovableQuerySet, removal_constraint

from .pillars import Pillar


class ExperimentQuerySet(OrderedQuerySet):
    def in_standing_pillars(self):
        """Experiments that can be read: neither they nor their pillars are taken away."""
        return self.standing().filter(pillar__removed_at=None)

    def with_cycles(self):
        """With their `cycles` fetched, the first first, so that `cycle` asks for nothing."""
        return self.prefetch_related("cycles")

    def for_page(self):
        """With the cycles, the pillar, and what it grew from, fetched."""
        return (
            self.in_standing_pillars()
            .with_cycles()
            .prefetch_related(models.Prefetch("pillar", Pillar.objects.with_roots()))
        )


def _place(row) -> int:
    """1 for the first of the row's siblings."""
    return list(row.siblings().values_list("pk", flat=True)).index(row.pk) + 1


class Decision(models.TextChoices):
    """What became of a cycle: the end of what it taught, and the beginning of what follows."""

    ADOPT = "adopt", "Adopt: this is how we work now"
    ADAPT = "adapt", "Adapt: change it and try again"
    AMPLIFY = "amplify", "Amplify: do it in more places"
    STOP = "stop", "Stop: and keep what it taught"


def _decision_when_decided(state: str, decision: str) -> models.Q:
    """An experiment that is decided says what was decided; no other says anything."""
    decisions = ["adopt", "adapt", "amplify", "stop"]
    return models.Q(**{state: "decided", f"{decision}__in": decisions}) | (
        ~models.Q(**{state: "decided"}) & models.Q(**{decision: ""})
    )


def _of_its_cycle(field: str) -> Any:
    return property(
        lambda experiment: getattr(experiment.cycle, field),
        doc=f"`{field}` of the cycle that goes on, or was the last.",
    )


class Experiment(TenantModel, Removable):
    """Something that we try within a pillar. Its words are those of its cycles."""

    class State(models.TextChoices):
        IDEA = "idea", "Idea"
        WAITING = "waiting for a yes", "Waiting for a yes"
        TRYING = "trying", "Trying it"
        DECIDED = "decided", "Decided"

    Decision = Decision

    authority = models.ForeignKey(
        LocalAuthority, on_delete=models.CASCADE, related_name="experiments"
    )
    pillar = models.ForeignKey(Pillar, on_delete=models.CASCADE, related_name="experiments")
    title = models.CharField(max_length=160)
    # These are assigned by actions.move_experiment() alone: where it is, and since when it has
    # waited for a yes, if it does; only actions.ask_again() lets it wait anew, and its undo.
    state = models.CharField(max_length=20, choices=State, default=State.IDEA)
    decision = models.CharField(max_length=20, choices=Decision, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    # When we wrote again to whose yes it waits for, and to those who could have a word with them.
    reminded_at = models.DateTimeField(null=True, blank=True)
    chat_at = models.DateTimeField(null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    objects = ExperimentQuerySet.as_manager()

    we_try = _of_its_cycle("we_try")
    we_expect = _of_its_cycle("we_expect")
    how_we_know = _of_its_cycle("how_we_know")
    who = _of_its_cycle("who")
    from_on = _of_its_cycle("from_on")
    to_on = _of_its_cycle("to_on")

    class Meta:
        ordering = ["position", "created_at"]
        indexes = [
            models.Index(
                fields=["waiting_since"],
                condition=models.Q(state="waiting for a yes", removed_at=None, chat_at=None),
                name="experiment_that_waits",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="experiment_authority_id"),
            models.UniqueConstraint(
                "pillar",
                Lower("title"),
                condition=models.Q(removed_at=None),
                name="experiment_title_unique",
            ),
            models.CheckConstraint(condition=~models.Q(title=""), name="experiment_has_a_title"),
            models.CheckConstraint(
                condition=models.Q(state__in=["idea", "waiting for a yes", "trying", "decided"]),
                name="experiment_state_known",
            ),
            models.CheckConstraint(
                condition=_decision_when_decided("state", "decision"),
                name="experiment_decision_when_decided",
            ),
            models.CheckConstraint(
                condition=models.Q(state="waiting for a yes", waiting_since__isnull=False)
                | (
                    ~models.Q(state="waiting for a yes")
                    & models.Q(waiting_since=None, reminded_at=None, chat_at=None)
                ),
                name="experiment_waits_since",
            ),
            removal_constraint("experiment"),
            SameAuthority(field="pillar", name="experiment_same_authority_pillar"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("blueprints:experiment", args=[self.authority.slug, self.pk])

    def siblings(self):
        return self.pillar.experiments.standing()

    def numbers(self) -> tuple[int, int]:
        """The pillar's number, and this experiment's in it, as on the blueprint's page."""
        return _place(self.pillar), _place(self)

    @property
    def cycle(self) -> "LearningCycle":
        """The cycle that goes on, or was the last. One query where `with_cycles` fetched none."""
        return list(self.cycles.all())[-1]


class LearningCycle(TenantModel):
    """One time round: plan, try, observe, learn, decide. Each experiment has its first at once.

    Once it is sealed, PostgreSQL refuses to change or delete what we expect (migration 0007); what
    we see is written down in a sealed cycle only.
    """

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="cycles")
    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE, related_name="cycles")
    number = models.PositiveSmallIntegerField(default=1)
    we_try = models.TextField(max_length=1000, blank=True)
    we_expect = models.TextField(max_length=1000, blank=True)
    how_we_know = models.TextField(max_length=1000, blank=True)
    who = models.CharField(max_length=160, blank=True)
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)
    # Since when nobody changes what we expect.
    sealed_at = models.DateTimeField(null=True, blank=True)
    surprised_us = models.TextField(max_length=1000, blank=True)
    # Assigned by actions.move_experiment() alone.
    decision = models.CharField(max_length=20, choices=Decision, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="cycle_authority_id"),
            models.UniqueConstraint(fields=["experiment", "number"], name="cycle_numbered_once"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1), name="cycle_is_numbered_from_one"
            ),
            models.CheckConstraint(
                condition=models.Q(from_on=None)
                | models.Q(to_on=None)
                | models.Q(to_on__gte=models.F("from_on")),
                name="cycle_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(sealed_at=None) | ~models.Q(we_expect=""),
                name="cycle_sealed_expects_something",
            ),
            models.CheckConstraint(
                condition=models.Q(decision="", decided_at=None)
                | models.Q(
                    decision__in=["adopt", "adapt", "amplify", "stop"], decided_at__isnull=False
                ),
                name="cycle_decision_has_its_day",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | models.Q(decided_at__isnull=False),
                name="cycle_decided_by_needs_decided_at",
            ),
            SameAuthority(field="experiment", name="cycle_same_authority_experiment"),
        ]

    def __str__(self):
        return f"Cycle {self.number} of {self.experiment_id}"


class Observation(TenantModel, Removable):
    """What somebody saw while a cycle went on."""

    # "Sam's manager said no": history keeps none of it.
    may_name_a_person = True

    authority = models.ForeignKey(
        LocalAuthority, on_delete=models.CASCADE, related_name="observations"
    )
    cycle = models.ForeignKey(LearningCycle, on_delete=models.CASCADE, related_name="observations")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    text = models.CharField(max_length=500)

    objects = RemovableQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-created_at"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="observation_has_words"),
            removal_constraint("observation"),
            SameAuthority(field="cycle", name="observation_same_authority_cycle"),
        ]

    def __str__(self):
        return self.text


class ExperimentMove(TenantModel):
    """One passage of an experiment through its gate: from which state to which, and why."""

    authority = models.ForeignKey(
        LocalAuthority, on_delete=models.CASCADE, related_name="experiment_moves"
    )
    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE, related_name="moves")
    # The cycle that was going on.
    cycle = models.ForeignKey(LearningCycle, on_delete=models.CASCADE, related_name="moves")
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    from_state = models.CharField(max_length=20, choices=Experiment.State)
    from_decision = models.CharField(max_length=20, choices=Experiment.Decision, blank=True)
    to_state = models.CharField(max_length=20, choices=Experiment.State)
    to_decision = models.CharField(max_length=20, choices=Experiment.Decision, blank=True)
    why = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(from_state=models.F("to_state"))
                | ~models.Q(from_decision=models.F("to_decision")),
                name="experiment_move_goes_somewhere",
            ),
            models.CheckConstraint(
                condition=models.Q(from_state__in=Experiment.State.values)
                & models.Q(to_state__in=Experiment.State.values),
                name="experiment_move_states_known",
            ),
            models.CheckConstraint(
                condition=_decision_when_decided("from_state", "from_decision")
                & _decision_when_decided("to_state", "to_decision"),
                name="experiment_move_decision_when_decided",
            ),
            models.UniqueConstraint(
                fields=["authority", "id"], name="experiment_move_authority_id"
            ),
            SameAuthority(field="experiment", name="experiment_move_same_authority_experiment"),
            SameAuthority(field="cycle", name="experiment_move_same_authority_cycle"),
        ]

    def __str__(self):
        return f"{self.get_from_state_display()} to {self.get_to_state_display()}"
