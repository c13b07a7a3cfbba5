"""Keys by which a council's own reports read the data feed, without an account."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from programmes.models import LocalAuthority, TenantModel, User


class FeedScope(models.TextChoices):
    """What a key may open."""

    CHANGES = "changes", "Small changes and mission strands"
    MEASURES = "measures", "What small changes count, and the numbers"
    ASKS = "asks", "How many asks there are, and how long promises take"
    BLUEPRINT = "blueprint", "The blueprint’s pillars and experiments"
    SURVEYS = "surveys", "Surveys, and the results of closed ones"


class FeedKeyQuerySet(models.QuerySet):
    def for_list(self):
        """Newest first, with who made each and who took it back."""
        return self.select_related("made_by", "revoked_by").order_by("-made_at", "pk")


class FeedKey(TenantModel):
    """One key: for whom, what it opens, until when, and whether it was taken back.

    The row holds a digest alone: the key itself was shown once, to whoever made it.
    """

    # "Jo Example in the performance team": history keeps none of it.
    may_name_a_person = True

    authority = models.ForeignKey(
        LocalAuthority, on_delete=models.CASCADE, related_name="feed_keys"
    )
    for_whom = models.CharField(max_length=160)
    digest = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=20, choices=FeedScope))
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # No finer than the day: enough to see that nobody reads it any more.
    last_used_on = models.DateField(null=True, blank=True)

    objects = FeedKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="feed_key_digest_once"),
            models.CheckConstraint(
                condition=models.Q(digest__regex=r"^[0-9a-f]{64}$"), name="feed_key_is_a_digest"
            ),
            models.CheckConstraint(condition=~models.Q(for_whom=""), name="feed_key_says_for_whom"),
            models.CheckConstraint(
                condition=models.Q(
                    scopes__len__gte=1,
                    scopes__contained_by=["changes", "measures", "asks", "blueprint", "surveys"],
                ),
                name="feed_key_opens_what_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")),
                name="feed_key_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_by=None) | models.Q(revoked_at__isnull=False),
                name="feed_key_revoked_by_needs_revoked_at",
            ),
        ]

    def __str__(self):
        return self.for_whom

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def opens(self) -> list[str]:
        """In words, in the order of `FeedScope`."""
        return [scope.label for scope in FeedScope if scope in self.scopes]
