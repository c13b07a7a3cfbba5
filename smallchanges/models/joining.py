"""What went along when strands or small changes were joined, or when one was made two."""

from django.db import models
from django.db.models.lookups import Exact

from programmes.models import LocalAuthority, SameAuthority, TenantModel

from .changes import SmallChange
from .strands import MissionStrand


class MovedRow(TenantModel):
    """One row that went from one strand or change to another, so that it can go back.

    `strand` or `change` is whose deed it was: that which was joined with another, or, with
    `is_split`, the new one. What moved one row more than once is a chain, the newest last.
    """

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    strand = models.ForeignKey(
        MissionStrand, null=True, blank=True, on_delete=models.CASCADE, related_name="moved_rows"
    )
    change = models.ForeignKey(
        SmallChange, null=True, blank=True, on_delete=models.CASCADE, related_name="moved_rows"
    )
    is_split = models.BooleanField(default=False)
    # Which row of which table, and its link that led from `was` to `now`. No foreign keys: a row
    # that is gone has nothing to go back.
    table = models.CharField(max_length=60)
    row = models.UUIDField()
    link = models.CharField(max_length=60)
    was = models.UUIDField()
    now = models.UUIDField()

    class Meta:
        ordering = ["created_at"]
        indexes = [models.Index(fields=["row"], name="moved_row_row")]
        constraints = [
            models.CheckConstraint(
                condition=Exact(
                    models.Func(
                        models.F("strand_id"),
                        models.F("change_id"),
                        function="num_nonnulls",
                        output_field=models.IntegerField(),
                    ),
                    1,
                ),
                name="moved_row_by_one_deed",
            ),
            SameAuthority(field="strand", name="moved_row_same_authority_strand"),
            SameAuthority(field="change", name="moved_row_same_authority_change"),
        ]

    def __str__(self):
        return f"{self.table} {self.row}, from {self.was} to {self.now}"
