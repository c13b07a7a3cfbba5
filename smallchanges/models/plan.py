"""The parts of a change's plan: its steps, who must be on board, and what it met."""

from datetime import date

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from programmes.models import (
    LocalAuthority,
    Membership,
    Programme,
    Removable,
    SameAuthority,
    TenantModel,
    User,
)
from programmes.models.tenancy import OrderedQuerySet, RemovableQuerySet, removal_constraint

from .changes import LIVING, SmallChange, Update


class StepQuerySet(OrderedQuerySet):
    def due_by(self, programme: Programme, day: date):
        """Steps of living changes that their owner has not done, due by `day`; with the change."""
        return (
            self.standing()
            .filter(change__programme=programme, change__status__in=LIVING)
            .filter(done_at=None, due_on__lte=day, owner__isnull=False)
            .select_related("change__authority")
            .order_by("due_on", "created_at")
        )


class Step(TenantModel, Removable):
    """One thing to do, with an owner and a date."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    change = models.ForeignKey(SmallChange, on_delete=models.CASCADE, related_name="steps")
    text = models.CharField(max_length=300)
    owner = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    due_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["position", "created_at"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="step_authority_id"),
            models.CheckConstraint(condition=~models.Q(text=""), name="step_has_words"),
            models.CheckConstraint(
                condition=models.Q(done_by=None) | models.Q(done_at__isnull=False),
                name="step_done_by_needs_done_at",
            ),
            removal_constraint("step"),
            SameAuthority(field="change", name="step_same_authority_change"),
            SameAuthority(field="owner", name="step_same_authority_owner"),
        ]

    def __str__(self):
        return self.text

    def siblings(self):
        """The standing steps of its change, in their order; it is one of them."""
        return self.change.steps.standing()


class Stakeholder(TenantModel, Removable):
    """Someone who must be on board: what we ask of them, and where they stand."""

    # Asked for as a role or a team; people write names all the same, and history keeps none.
    may_name_a_person = True

    class Stance(models.TextChoices):
        NOT_ASKED = "not asked", "Not asked yet"
        AGAINST = "against", "Against"
        UNSURE = "unsure", "Unsure"
        WARMING_UP = "warming up", "Warming up"
        ON_BOARD = "on board", "On board"

    class Influence(models.TextChoices):
        LOW = "low", "Low"
        MEDIUM = "medium", "Medium"
        HIGH = "high", "High"

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    change = models.ForeignKey(SmallChange, on_delete=models.CASCADE, related_name="stakeholders")
    who = models.CharField(max_length=160)
    organisation = models.CharField(max_length=160, blank=True)
    # How much weight their yes or no has; empty where nobody has said.
    influence = models.CharField(max_length=20, choices=Influence, blank=True)
    what_we_ask = models.CharField(max_length=300, blank=True)
    what_came = models.CharField(max_length=300, blank=True)
    stance = models.CharField(max_length=20, choices=Stance, default=Stance.NOT_ASKED)
    who_talks = models.CharField(max_length=160, blank=True)
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    objects = OrderedQuerySet.as_manager()

    class Meta:
        ordering = ["position", "created_at"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="stakeholder_authority_id"),
            models.UniqueConstraint(
                "change",
                Lower("who"),
                condition=models.Q(removed_at=None),
                name="stakeholder_once_in_a_change",
            ),
            models.CheckConstraint(condition=~models.Q(who=""), name="stakeholder_is_named"),
            models.CheckConstraint(
                condition=models.Q(
                    stance__in=["not asked", "against", "unsure", "warming up", "on board"]
                ),
                name="stakeholder_stance_known",
            ),
            models.CheckConstraint(
                condition=models.Q(influence__in=["", "low", "medium", "high"]),
                name="stakeholder_influence_known",
            ),
            removal_constraint("stakeholder"),
            SameAuthority(field="change", name="stakeholder_same_authority_change"),
        ]

    def __str__(self):
        return self.who


class StanceMove(TenantModel, Removable):
    """Somebody who must be on board changed their mind: from where to where, and a word on why."""

    # Who said yes, and who did not: history keeps none of it.
    may_name_a_person = True

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    stakeholder = models.ForeignKey(
        Stakeholder, on_delete=models.CASCADE, related_name="stance_moves"
    )
    at = models.DateTimeField(default=timezone.now)
    from_stance = models.CharField(max_length=20, choices=Stakeholder.Stance)
    to_stance = models.CharField(max_length=20, choices=Stakeholder.Stance)
    why = models.CharField(max_length=200, blank=True)

    objects = RemovableQuerySet.as_manager()

    class Meta:
        ordering = ["at", "created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(from_stance=models.F("to_stance")),
                name="stance_move_goes_somewhere",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    from_stance__in=["not asked", "against", "unsure", "warming up", "on board"],
                    to_stance__in=["not asked", "against", "unsure", "warming up", "on board"],
                ),
                name="stance_move_stances_known",
            ),
            removal_constraint("stance_move"),
            SameAuthority(field="stakeholder", name="stance_move_same_authority_stakeholder"),
        ]

    def __str__(self):
        return f"{self.get_from_stance_display()} to {self.get_to_stance_display()}"


class Met(TenantModel, Removable):
    """What a small change met on its way: a barrier in the way, or an enabler that helped."""

    class Kind(models.TextChoices):
        BARRIER = "barrier met", "Barrier met"
        ENABLER = "enabler", "Enabler"

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    change = models.ForeignKey(SmallChange, on_delete=models.CASCADE, related_name="met")
    kind = models.CharField(max_length=20, choices=Kind)
    text = models.CharField(max_length=500)
    # The update that told of it, if one did: it is taken away with it.
    update = models.ForeignKey(
        Update, null=True, blank=True, on_delete=models.SET_NULL, related_name="met"
    )
    position = models.PositiveIntegerField(default=0)

    objects = OrderedQuerySet.as_manager()

    class Meta:
        ordering = ["position", "created_at"]
        verbose_name_plural = "met"
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="met_authority_id"),
            models.UniqueConstraint(
                "change",
                "kind",
                Lower("text"),
                condition=models.Q(removed_at=None),
                name="met_once",
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="met_has_words"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["barrier met", "enabler"]), name="met_kind_known"
            ),
            removal_constraint("met"),
            SameAuthority(field="change", name="met_same_authority_change"),
            SameAuthority(field="update", name="met_same_authority_update"),
        ]

    def __str__(self):
        return self.text
