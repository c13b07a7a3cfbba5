"""Who is invited to take part, and what became of it."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from .people import LocalAuthority, Role, Team, User
from .tenancy import SameAuthority, TenantModel


class InvitationQuerySet(models.QuerySet):
    def open(self):
        """Invitations that can still be accepted."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now())

    def waiting(self):
        """Neither accepted nor withdrawn: open ones, and those that ran out."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def unsent(self):
        """Those that wait, and whose mail has not gone."""
        return self.waiting().filter(sent_at=None)

    def holding_any(self, roles):
        """Invitations to at least one of `roles`."""
        return self.filter(roles__overlap=list(roles))


class Invitation(models.Model):
    """A place kept for an address. Without an authority: a place in the Crescendo team.

    The link in the mail carries a random secret of which only a digest is kept, so that a copy of
    the database opens no door.
    """

    class State(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        WITHDRAWN = "withdrawn"
        RAN_OUT = "ran out"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(
        LocalAuthority, null=True, on_delete=models.CASCADE, related_name="invitations"
    )
    email = models.EmailField(max_length=254)
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices), default=list)
    teams = models.ManyToManyField(Team, through="InvitationTeam", related_name="+")
    secret_digest = models.CharField(max_length=64)  # SHA-256, hexadecimal
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="invitation_authority_id"),
            models.UniqueConstraint(fields=["secret_digest"], name="invitation_secret_unique"),
            models.UniqueConstraint(
                fields=["authority", "email"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                nulls_distinct=False,
                name="invitation_one_waiting_for_an_address",
            ),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="invitation_email_is_lower_case"
            ),
            models.CheckConstraint(
                condition=models.Q(roles__contained_by=Role.values)
                & (
                    models.Q(authority=None, roles__len=0)
                    | models.Q(authority__isnull=False, roles__len__gte=1)
                ),
                name="invitation_roles_fit_the_place",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(withdrawn_at=None),
                name="invitation_accepted_or_withdrawn",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_by=None) | models.Q(accepted_at__isnull=False),
                name="invitation_accepted_by_needs_accepted_at",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_by=None) | models.Q(withdrawn_at__isnull=False),
                name="invitation_withdrawn_by_needs_withdrawn_at",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="invitation_expires_after_it_is_made",
            ),
        ]

    def __str__(self):
        return f"Invitation of {self.email}"

    @property
    def role_names(self) -> str:
        return Role.in_words(self.roles)

    @property
    def has_run_out(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def state(self) -> State:
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.withdrawn_at:
            return self.State.WITHDRAWN
        return self.State.RAN_OUT if self.has_run_out else self.State.OPEN


class InvitationTeam(TenantModel):
    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invitation", "team"], name="invitation_team_once"),
            SameAuthority(field="invitation", name="invitation_team_same_authority_invitation"),
            SameAuthority(field="team", name="invitation_team_same_authority_team"),
        ]

    def __str__(self):
        return f"{self.invitation_id} in {self.team_id}"
