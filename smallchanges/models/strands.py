"""Mission strands: what people work towards, and the barriers that each comes from."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models.functions import JSONObject, Lower
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
    def standing(self):
        """In their order; none that was taken away, or joined with another."""
        return super().standing().filter(merged_into=None)

    def known_as(self, pk):
        """The one that has this id, or that one with it was joined with."""
        joined = MissionStrand._base_manager.filter(pk=pk).values("merged_into")[:1]
        return self.filter(models.Q(pk=pk) | models.Q(pk=models.Subquery(joined)))

    def for_page(self):
        """With its `joined_here` and `grew_out_of_it`: dicts of `pk`, `title` and `about`."""
        here = models.OuterRef("pk")
        said = JSONObject(pk="pk", title="title", about="about")
        strands = MissionStrand._base_manager.filter(removed_at=None)
        joined = strands.filter(merged_into=here).order_by("title")
        grown = strands.filter(split_from=here, merged_into=None).order_by("created_at")
        return self.select_related("split_from").annotate(
            joined_here=ArraySubquery(joined.values(said=said)),
            grew_out_of_it=ArraySubquery(grown.values(said=said)),
        )

    def for_list(self):
        """With `barriers_count`, of those that stand, and `changes_count`, in whatever state."""
        return self.standing().annotate(
            barriers_count=models.Count(
                "barriers",
                filter=models.Q(barriers__removed_at=None, barriers__merged_into=None),
                distinct=True,
            ),
            changes_count=models.Count(
                "small_changes",
                filter=models.Q(small_changes__merged_into=None),
                distinct=True,
            ),
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
    # Which strand it became part of. It keeps its words, and comes back where that is undone.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="joined"
    )
    # Which strand it grew out of, where one was made two.
    split_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="offshoots"
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
            models.CheckConstraint(
                condition=models.Q(merged_into=None) | ~models.Q(merged_into=models.F("id")),
                name="strand_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=models.Q(split_from=None) | ~models.Q(split_from=models.F("id")),
                name="strand_not_split_from_itself",
            ),
            SameAuthority(field="programme", name="strand_same_authority_programme"),
            SameAuthority(field="merged_into", name="strand_same_authority_merged_into"),
            SameAuthority(field="split_from", name="strand_same_authority_split_from"),
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
    # Where one strand is made two, both come from it.
    goes_with_both = True

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
