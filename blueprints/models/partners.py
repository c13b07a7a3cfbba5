"""Links by which partners outside read the blueprint, without an account."""

from django.db import models
from django.utils import timezone

from programmes.models import LocalAuthority, TenantModel, User


class PartnerLink(TenantModel):
    """One link: for whom, until when, and whether it was taken back.

    The row holds nothing that opens it: `blueprints.partners` signs its id each time it is shown.
    """

    # "Dr Jo Example at the hospital": history keeps none of it.
    may_name_a_person = True

    authority = models.ForeignKey(
        LocalAuthority, on_delete=models.CASCADE, related_name="partner_links"
    )
    for_whom = models.CharField(max_length=160)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-made_at", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(for_whom=""), name="partner_link_says_for_whom"
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")),
                name="partner_link_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_by=None) | models.Q(revoked_at__isnull=False),
                name="partner_link_revoked_by_needs_revoked_at",
            ),
        ]

    def __str__(self):
        return self.for_whom

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()
