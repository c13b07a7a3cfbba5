"""The local blueprint itself: what it stands for, and what it needs to work."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models.functions import Lower

from programmes.models import LocalAuthority, Programme, Removable, SameAuthority, TenantModel
from programmes.models.tenancy import OrderedQuerySet, removal_constraint


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
