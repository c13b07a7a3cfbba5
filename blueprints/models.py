"""Step 3: what the small changes taught, and the local blueprint written from it."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse

from programmes.models import (
    LocalAuthority,
    Membership,
    Programme,
    Removable,
    SameAuthority,
    TenantModel,
    User,
)
from programmes.models.tenancy import OrderedQuerySet, removal_constraint
from smallchanges.models import SmallChange


class InsightQuerySet(OrderedQuerySet):
    def with_roots(self):
        """With `changes`, the small changes that it comes from, fetched."""
        return self.prefetch_related("changes")

    def with_growth(self):
        """With `standing_pillars`, a list of the pillars that grew from it, fetched."""
        return self.prefetch_related(
            models.Prefetch("pillars", Pillar.objects.standing(), to_attr="standing_pillars")
        )


class PillarQuerySet(OrderedQuerySet):
    def with_people(self):
        return self.select_related("sponsor__user", "practitioner_lead__user")

    def with_experiments(self):
        """With `standing_experiments`, a list in their order, fetched."""
        return self.prefetch_related(
            models.Prefetch(
                "experiments", Experiment.objects.standing(), to_attr="standing_experiments"
            )
        )

    def with_roots(self):
        """With `standing_insights`, a list, and the `changes` of each, fetched."""
        return self.prefetch_related(
            models.Prefetch(
                "insights", Insight.objects.standing().with_roots(), to_attr="standing_insights"
            )
        )

    def grown_from(self, change):
        """Pillars with a standing insight that comes from this small change."""
        insights = Insight.objects.standing().filter(changes=change)
        return self.filter(insights__in=insights.order_by()).distinct()


class ExperimentQuerySet(OrderedQuerySet):
    def in_standing_pillars(self):
        """Experiments that can be read: neither they nor their pillars are taken away."""
        return self.standing().filter(pillar__removed_at=None)

    def for_page(self):
        """With the pillar, and what it grew from, fetched."""
        return self.in_standing_pillars().prefetch_related(
            models.Prefetch("pillar", Pillar.objects.with_roots())
        )


def _place(row) -> int:
    """1 for the first of the row's siblings."""
    return list(row.siblings().values_list("pk", flat=True)).index(row.pk) + 1


def _decision_when_decided(state: str, decision: str) -> models.Q:
    """An experiment that is decided says what was decided; no other says anything."""
    decisions = ["adopt", "adapt", "amplify", "stop"]
    return models.Q(**{state: "decided", f"{decision}__in": decisions}) | (
        ~models.Q(**{state: "decided"}) & models.Q(**{decision: ""})
    )


class Insight(TenantModel, Removable):
    """What we conclude about the system from what the small changes met."""

    class Kind(models.TextChoices):
        BARRIER = "barrier", "Barrier"
        ENABLER = "enabler", "Enabler"

    class Where(models.TextChoices):
        """Where in the system it sits."""

        STRUCTURES = "structures", "Structures"
        PROCESSES = "processes", "Processes"
        CULTURE = "culture", "Culture"

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="insights")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="insights")
    text = models.CharField(max_length=300)
    kind = models.CharField(max_length=20, choices=Kind)
    sits_in = models.CharField(max_length=20, choices=Where, blank=True)
    changes = models.ManyToManyField(SmallChange, through="InsightChange", related_name="insights")
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    objects = InsightQuerySet.as_manager()

    class Meta:
        ordering = ["position", "created_at"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="insight_authority_id"),
            models.UniqueConstraint(
                "programme",
                Lower("text"),
                condition=models.Q(removed_at=None),
                name="insight_said_once",
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="insight_has_words"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["barrier", "enabler"]), name="insight_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(sits_in__in=["", "structures", "processes", "culture"]),
                name="insight_sits_somewhere_known",
            ),
            removal_constraint("insight"),
            SameAuthority(field="programme", name="insight_same_authority_programme"),
        ]

    def __str__(self):
        return self.text

    def siblings(self):
        """The standing insights of its kind, in their order; it is one of them."""
        return self.programme.insights.standing().filter(kind=self.kind)


class InsightChange(TenantModel):
    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    insight = models.ForeignKey(Insight, on_delete=models.CASCADE, related_name="+")
    change = models.ForeignKey(SmallChange, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["insight", "change"], name="insight_change_once"),
            SameAuthority(field="insight", name="insight_change_same_authority_insight"),
            SameAuthority(field="change", name="insight_change_same_authority_change"),
        ]

    def __str__(self):
        return f"{self.insight_id} from {self.change_id}"


class Blueprint(TenantModel):
    """A living plan for learning, not a static model. One for each programme."""

    authority = models.ForeignKey(
        LocalAuthority, on_delete=models.CASCADE, related_name="blueprints"
    )
    programme = models.OneToOneField(Programme, on_delete=models.CASCADE, related_name="blueprint")
    focus = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="blueprint_authority_id"),
            SameAuthority(field="programme", name="blueprint_same_authority_programme"),
        ]

    def __str__(self):
        return f"Blueprint of {self.authority}"


class Line(TenantModel, Removable):
    """A sentence of the blueprint, in a list that people order."""

    text = models.CharField(max_length=300)
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    # Each kind declares these two with its own name back.
    authority: "models.ForeignKey[Any, Any]"
    blueprint: "models.ForeignKey[Any, Any]"
    authority_id: int
    blueprint_id: UUID

    objects: ClassVar[Any] = OrderedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "created_at"]

    def __str__(self):
        return self.text

    def siblings(self):
        """The standing lines of its kind, in their order; it is one of them."""
        return type(self).objects.standing().filter(blueprint=self.blueprint_id)


def _line_constraints(noun: str) -> list:
    return [
        models.UniqueConstraint(
            "blueprint",
            Lower("text"),
            condition=models.Q(removed_at=None),
            name=f"{noun}_said_once",
        ),
        models.CheckConstraint(condition=~models.Q(text=""), name=f"{noun}_has_words"),
        removal_constraint(noun),
        SameAuthority(field="blueprint", name=f"{noun}_same_authority_blueprint"),
    ]


class Commitment(Line):
    """What the blueprint stands for."""

    authority = models.ForeignKey(
        LocalAuthority, on_delete=models.CASCADE, related_name="commitments"
    )
    blueprint = models.ForeignKey(Blueprint, on_delete=models.CASCADE, related_name="commitments")

    class Meta(Line.Meta):
        constraints = _line_constraints("commitment")


class Need(Line):
    """What the blueprint needs to work, such as a way to track many small changes."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="needs")
    blueprint = models.ForeignKey(Blueprint, on_delete=models.CASCADE, related_name="needs")

    class Meta(Line.Meta):
        constraints = _line_constraints("need")


class Pillar(TenantModel, Removable):
    """An area of the service to reform, grown from insights."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="pillars")
    blueprint = models.ForeignKey(Blueprint, on_delete=models.CASCADE, related_name="pillars")
    title = models.CharField(max_length=160)
    so_that = models.CharField(max_length=300, blank=True)
    sponsor = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    practitioner_lead = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    insights = models.ManyToManyField(Insight, through="PillarInsight", related_name="pillars")
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    objects = PillarQuerySet.as_manager()

    class Meta:
        ordering = ["position", "created_at"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="pillar_authority_id"),
            models.UniqueConstraint(
                "blueprint",
                Lower("title"),
                condition=models.Q(removed_at=None),
                name="pillar_title_unique",
            ),
            models.CheckConstraint(condition=~models.Q(title=""), name="pillar_has_a_title"),
            removal_constraint("pillar"),
            SameAuthority(field="blueprint", name="pillar_same_authority_blueprint"),
            SameAuthority(field="sponsor", name="pillar_same_authority_sponsor"),
            SameAuthority(field="practitioner_lead", name="pillar_same_authority_lead"),
        ]

    def __str__(self):
        return self.title

    def siblings(self):
        return self.blueprint.pillars.standing()


class PillarInsight(TenantModel):
    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    pillar = models.ForeignKey(Pillar, on_delete=models.CASCADE, related_name="+")
    insight = models.ForeignKey(Insight, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pillar", "insight"], name="pillar_insight_once"),
            SameAuthority(field="pillar", name="pillar_insight_same_authority_pillar"),
            SameAuthority(field="insight", name="pillar_insight_same_authority_insight"),
        ]

    def __str__(self):
        return f"{self.insight_id} in {self.pillar_id}"


class Experiment(TenantModel, Removable):
    """What we try within a pillar, and how we shall know."""

    class State(models.TextChoices):
        IDEA = "idea", "Idea"
        WAITING = "waiting for a yes", "Waiting for a yes"
        TRYING = "trying", "Trying it"
        DECIDED = "decided", "Decided"

    class Decision(models.TextChoices):
        ADOPT = "adopt", "Adopt: this is how we work now"
        ADAPT = "adapt", "Adapt: change it and try again"
        AMPLIFY = "amplify", "Amplify: do it in more places"
        STOP = "stop", "Stop: and keep what it taught"

    authority = models.ForeignKey(
        LocalAuthority, on_delete=models.CASCADE, related_name="experiments"
    )
    pillar = models.ForeignKey(Pillar, on_delete=models.CASCADE, related_name="experiments")
    title = models.CharField(max_length=160)
    we_try = models.TextField(max_length=1000, blank=True)
    we_expect = models.TextField(max_length=1000, blank=True)
    how_we_know = models.TextField(max_length=1000, blank=True)
    who = models.CharField(max_length=160, blank=True)
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)
    # Both are assigned by actions.move_experiment() alone.
    state = models.CharField(max_length=20, choices=State, default=State.IDEA)
    decision = models.CharField(max_length=20, choices=Decision, blank=True)
    position = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    objects = ExperimentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "created_at"]
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
                condition=models.Q(from_on=None)
                | models.Q(to_on=None)
                | models.Q(to_on__gte=models.F("from_on")),
                name="experiment_ends_after_it_starts",
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


class ExperimentMove(TenantModel):
    """One passage of an experiment through its gate: from which state to which, and why."""

    authority = models.ForeignKey(
        LocalAuthority, on_delete=models.CASCADE, related_name="experiment_moves"
    )
    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE, related_name="moves")
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
            SameAuthority(field="experiment", name="experiment_move_same_authority_experiment"),
        ]

    def __str__(self):
        return f"{self.get_from_state_display()} to {self.get_to_state_display()}"
