"""Who ran the sessions, Crescendo or people here; and the day on which Crescendo leaves."""

from django.db import models

from programmes.models import (
    LocalAuthority,
    Programme,
    Removable,
    SameAuthority,
    TenantModel,
    User,
)
from programmes.models.tenancy import RemovableQuerySet, removal_constraint
from workshops.models import Workshop


class Whose(models.TextChoices):
    """Whose hands something was in."""

    CRESCENDO = "crescendo", "Crescendo"
    BOTH = "both", "Both together"
    LOCAL = "local", "Local champions"


class Hands(TenantModel):
    """What a facilitator said of who ran a session. What is empty is as history has it."""

    # What there is to run, and what it is called.
    ASKED = {
        "facilitated": "Who facilitated?",
        "agenda": "Who set the agenda?",
        "chased": "Who chased before it?",
    }

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="hands")
    workshop = models.OneToOneField(Workshop, on_delete=models.CASCADE, related_name="hands")
    facilitated = models.CharField(max_length=10, choices=Whose, blank=True, default="")
    agenda = models.CharField(max_length=10, choices=Whose, blank=True, default="")
    chased = models.CharField(max_length=10, choices=Whose, blank=True, default="")

    class Meta:
        verbose_name_plural = "hands"
        constraints = [
            *(
                models.CheckConstraint(
                    condition=models.Q(**{f"{name}__in": ["", "crescendo", "both", "local"]}),
                    name=f"hands_{name}_known",
                )
                for name in ("facilitated", "agenda", "chased")
            ),
            SameAuthority(field="workshop", name="hands_same_authority_workshop"),
        ]

    def __str__(self):
        return f"Who ran {self.workshop_id}"


class PartnershipEndQuerySet(RemovableQuerySet):
    def that_counts(self):
        """The newest that stands of each programme."""
        return self.standing().order_by("programme_id", "-created_at").distinct("programme_id")


class PartnershipEnd(TenantModel, Removable):
    """The last day with Crescendo. The programme goes on: sessions, pods and small changes.

    Each setting is a row, and the newest that stands counts: so an undo gives the earlier day back.
    """

    authority = models.ForeignKey(
        LocalAuthority, on_delete=models.CASCADE, related_name="partnership_ends"
    )
    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="partnership_ends"
    )
    ends_on = models.DateField()
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = PartnershipEndQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            removal_constraint("partnership_end"),
            SameAuthority(field="programme", name="partnership_end_same_authority_programme"),
        ]

    def __str__(self):
        return f"{self.ends_on:%-d %B %Y}"
