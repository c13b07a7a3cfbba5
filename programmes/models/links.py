"""Links in mails that let one person do one thing without signing in."""

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from .people import LocalAuthority
from .tenancy import TenantModel


class MailedLinkQuerySet(models.QuerySet):
    def open(self):
        """Those that can still be used."""
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=timezone.now())


class MailedLink(TenantModel):
    """For one address, one purpose and one row of the authority; used once.

    What the mail holds is this row's id, signed: a copy of the database opens nothing, and a new
    row makes an old link worthless only where somebody revokes that.
    """

    class Purpose(models.TextChoices):
        UPDATE = "update", "Tell what happened to a small change"
        ANSWER = "answer", "Answer an ask"
        SURVEY = "survey", "Answer a survey, and change what you said while it is open"

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=20, choices=Purpose)
    # The id of the row that it is about, found among its authority's alone.
    target = models.UUIDField()
    email = models.EmailField(max_length=254)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = MailedLinkQuerySet.as_manager()

    may_name_a_person = True

    class Meta:
        indexes = [models.Index(fields=["target"], name="mailed_link_target")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(purpose__in=["update", "answer", "survey"]),
                name="mailed_link_purpose_known",
            ),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="mailed_link_email_is_lower_case"
            ),
        ]

    def __str__(self):
        return f"{self.get_purpose_display()}: {self.target}"

    @property
    def is_open(self) -> bool:
        unused = self.used_at is None and self.revoked_at is None
        return unused and self.expires_at > timezone.now()
