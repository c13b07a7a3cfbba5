"""Pillars: areas of the service to reform, each grown from insights."""

from typing import Any

from django.db import models
from django.db.models.functions import Lower

from programmes.models import (
    LocalAuthority,
    Membership,
    Removable,
    SameAuthority,
    TenantModel,
)
from programmes.models.tenancy import OrderedQuerySet, removal_constraint

from .blueprint import Blueprint
from .insights import Insight


class PillarQuerySet(OrderedQuerySet):
    def with_people(self):
        return self.select_related("sponsor__user", "practitioner_lead__user")

    def with_experiments(self, *, with_cycles: bool = False):
        """With `standing_experiments`, a list in their order, fetched."""
        experiments = _experiments().standing()
        if with_cycles:
            experiments = experiments.with_cycles()
        return self.prefetch_related(
            models.Prefetch("experiments", experiments, to_attr="standing_experiments")
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


def _experiments():
    """Experiments by their name here: their module stands on this one."""
    model: Any = Pillar._meta.get_field("experiments").related_model
    return model.objects


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
