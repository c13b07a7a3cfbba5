"""Versions: the blueprint's words as people agreed them, which nobody changes any more."""

from django.db import models
from django.utils import timezone

from programmes.models import LocalAuthority, SameAuthority, TenantModel, User

from .blueprint import Blueprint

# As a pillar's part names the voice that it lacks.
_VOICES = ("leader", "practitioner")


class VersionQuerySet(models.QuerySet):
    def shown(self):
        """Those that were not withdrawn, the newest first."""
        return self.exclude(state=BlueprintVersion.State.WITHDRAWN).order_by("-number")

    def agreed(self):
        """The one that holds now; at most one of a blueprint."""
        return self.filter(state=BlueprintVersion.State.AGREED)

    def agreed_once(self):
        """The one that holds, and those that did."""
        state = BlueprintVersion.State
        return self.filter(state__in=[state.AGREED, state.SUPERSEDED])

    def draft(self):
        """The one that waits for names; at most one of a blueprint."""
        return self.filter(state=BlueprintVersion.State.DRAFT)

    def to_sign(self):
        """Drafts in which no pillar lacks a voice: they wait for nothing but names."""
        lacks = [models.Q(parts__contains=[{"facts": {"without": [voice]}}]) for voice in _VOICES]
        return self.draft().exclude(lacks[0] | lacks[1])

    def not_signed_by(self, user):
        """Those under which somebody's name is not."""
        return self.exclude(pk__in=SignOff.objects.filter(by=user).values("version"))


class BlueprintVersion(TenantModel):
    """All words of the blueprint on one day. A draft until one of each voice has signed it.

    PostgreSQL refuses to change its words, to agree it without a practitioner's and a leader's
    name, or to delete it (migration 0007).
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        AGREED = "agreed", "Agreed"
        SUPERSEDED = "superseded", "Superseded"
        WITHDRAWN = "withdrawn", "Withdrawn"

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="versions")
    blueprint = models.ForeignKey(Blueprint, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    # A list, in the order of the page; `blueprints.versions` says what each part holds.
    parts = models.JSONField()
    # Why there is a new one, for who reads what changed.
    why = models.TextField(max_length=1000, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # These three are assigned by actions of versions alone.
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    agreed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="version_authority_id"),
            models.UniqueConstraint(
                fields=["blueprint", "number"],
                condition=~models.Q(state="withdrawn"),
                name="version_numbered_once",
            ),
            models.UniqueConstraint(
                fields=["blueprint"],
                condition=models.Q(state="draft"),
                name="version_one_draft_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["blueprint"],
                condition=models.Q(state="agreed"),
                name="version_one_agreed_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(number__gte=1), name="version_is_numbered_from_one"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft"], agreed_at=None, ended_at=None)
                | models.Q(state__in=["agreed"], agreed_at__isnull=False, ended_at=None)
                | models.Q(
                    state__in=["superseded"], agreed_at__isnull=False, ended_at__isnull=False
                )
                | models.Q(state__in=["withdrawn"], agreed_at=None, ended_at__isnull=False),
                name="version_state_has_its_days",
            ),
            SameAuthority(field="blueprint", name="version_same_authority_blueprint"),
        ]

    def __str__(self):
        return f"Version {self.number}"


class SignOff(TenantModel):
    """One person's name under a version, as one of the two voices that it needs."""

    class Voice(models.TextChoices):
        PRACTITIONER = "practitioner", "Practitioner"
        LEADER = "leader", "Leader"

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(
        BlueprintVersion, on_delete=models.CASCADE, related_name="sign_offs"
    )
    voice = models.CharField(max_length=20, choices=Voice)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["version", "by"], name="sign_off_once_each"),
            models.CheckConstraint(
                condition=models.Q(voice__in=["practitioner", "leader"]),
                name="sign_off_voice_known",
            ),
            SameAuthority(field="version", name="sign_off_same_authority_version"),
        ]

    def __str__(self):
        return f"{self.get_voice_display()} of {self.version_id}"
