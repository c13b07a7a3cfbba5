"""Mission strands: what people work towards, and the barriers that each comes from."""

from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse

from programmes.models import (
    Barrier,
    LocalAuthority,
    Programme,
    Removable,
    SameAuthority,
    TenantModel,
)
from programmes.models.tenancy import OrderedQuerySet, removal_constraint


class StrandQuerySet(OrderedQuerySet):
    def for_list(self):
        """With `barriers_count`, of those that stand, and `changes_count`, in whatever state."""
        return self.standing().annotate(
            barriers_count=models.Count(
                "barriers",
                filter=models.Q(barriers__removed_at=None, barriers__merged_into=None),
                distinct=True,
            ),
            changes_count=models.Count("small_changes", distinct=True),
        )


class MissionStrand(TenantModel, Removable):
    """A short phrase that says what we work towards. It comes from barriers, and keeps them."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="strands")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="strands")
    title = models.CharField(max_length=160)
    about = models.TextField(max_length=1000, blank=True)
    position = models.PositiveIntegerField(default=0)
    barriers = models.ManyToManyField(
        Barrier,
        through="StrandBarrier",
        through_fields=("strand", "barrier"),
        related_name="strands",
    )
    version = models.PositiveIntegerField(default=1)

    objects = StrandQuerySet.as_manager()

    class Meta:
        ordering = ["position", "created_at"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="strand_authority_id"),
            models.UniqueConstraint(
                "programme",
                Lower("title"),
                condition=models.Q(removed_at=None),
                name="strand_title_unique",
            ),
            models.CheckConstraint(condition=~models.Q(title=""), name="strand_has_a_title"),
            removal_constraint("strand"),
            SameAuthority(field="programme", name="strand_same_authority_programme"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("smallchanges:strand", args=[self.authority.slug, self.pk])

    def siblings(self):
        """The standing strands of its programme, in their order; it is one of them."""
        return self.programme.strands.standing()

    @property
    def look(self) -> int:
        """1 to 5: which of the five colours and shapes it wears. The sixth wears the first's."""
        return self.position % 5 + 1


class StrandBarrier(TenantModel):
    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    strand = models.ForeignKey(MissionStrand, on_delete=models.CASCADE, related_name="+")
    barrier = models.ForeignKey(Barrier, on_delete=models.CASCADE, related_name="+")
    # Set when the link came with a barrier that was merged into this one, so that it can go back.
    merged_from = models.ForeignKey(
        Barrier, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["strand", "barrier"], name="strand_barrier_once"),
            SameAuthority(field="strand", name="strand_barrier_same_authority_strand"),
            SameAuthority(field="barrier", name="strand_barrier_same_authority_barrier"),
            SameAuthority(field="merged_from", name="strand_barrier_same_authority_merged_from"),
        ]

    def __str__(self):
        return f"{self.barrier_id} in {self.strand_id}"
