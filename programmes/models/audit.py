"""What was done, by whom, to what. History outlives what it tells of, so it points at nothing."""

from django.db import models


class AuditEvent(models.Model):
    """One line of history. PostgreSQL refuses to change or delete one (migration 0002)."""

    at = models.DateTimeField(auto_now_add=True)
    authority_id = models.BigIntegerField(null=True)
    # A number and no name: erasing a person empties the user row, and history keeps its shape.
    actor_id = models.BigIntegerField(null=True)
    actor_kind = models.CharField(max_length=30)
    verb = models.CharField(max_length=60)
    target_type = models.CharField(max_length=60)
    target_id = models.CharField(max_length=40)
    # The title that the thing had then, so that history reads without it.
    target_label = models.CharField(max_length=300)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["authority_id", "-at"], name="audit_authority_at"),
            models.Index(fields=["target_type", "target_id"], name="audit_target"),
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(verb=""), name="audit_event_has_a_verb"),
            models.CheckConstraint(
                condition=models.Q(actor_id=None, actor_kind="system")
                | models.Q(actor_id__isnull=False, actor_kind__in=["member", "crescendo team"]),
                name="audit_event_actor_fits_its_kind",
            ),
        ]

    def __str__(self):
        return f"{self.verb} {self.target_label}"
