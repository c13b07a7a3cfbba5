"""The authority's own improvement plan: its aims, and the pillars that serve them."""

from django.db import models
from django.db.models.functions import Lower

from programmes.models import LocalAuthority, Programme, Removable, SameAuthority, TenantModel
from programmes.models.tenancy import OrderedQuerySet, removal_constraint

from .pillars import Pillar


class Aim(TenantModel, Removable):
    """One aim of the plan that the authority has anyway, beside which the blueprint stands."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="aims")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="aims")
    # As in that plan, such as 2.3.
    code = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    # Who answers for it there, in words.
    owner = models.CharField(max_length=160, blank=True)
    link = models.CharField(max_length=500, blank=True)
    pillars = models.ManyToManyField(Pillar, through="PillarAim", related_name="aims")
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    objects = OrderedQuerySet.as_manager()

    class Meta:
        ordering = ["position", "created_at"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="aim_authority_id"),
            models.UniqueConstraint(
                "programme",
                Lower("code"),
                condition=models.Q(removed_at=None),
                name="aim_code_unique",
            ),
            models.CheckConstraint(condition=~models.Q(code=""), name="aim_has_a_code"),
            models.CheckConstraint(condition=~models.Q(title=""), name="aim_has_a_title"),
            models.CheckConstraint(
                condition=models.Q(link="") | models.Q(link__startswith="https://"),
                name="aim_link_is_https",
            ),
            removal_constraint("aim"),
            SameAuthority(field="programme", name="aim_same_authority_programme"),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"

    def siblings(self):
        """The standing aims of its programme, in their order; it is one of them."""
        return self.programme.aims.standing()


class PillarAim(TenantModel):
    """A pillar serves an aim: said on either's form, and one row for both."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    pillar = models.ForeignKey(Pillar, on_delete=models.CASCADE, related_name="+")
    aim = models.ForeignKey(Aim, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pillar", "aim"], name="pillar_aim_once"),
            SameAuthority(field="pillar", name="pillar_aim_same_authority_pillar"),
            SameAuthority(field="aim", name="pillar_aim_same_authority_aim"),
        ]

    def __str__(self):
        return f"{self.pillar_id} serves {self.aim_id}"
