"""A learning pod's agenda, and the calendar that a member's own calendar reads."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from programmes.models import LocalAuthority, Membership, SameAuthority, Team, TenantModel

from .rooms import Workshop


class PodAgenda(TenantModel):
    """That a session's blocks were made from how the small changes stand, and for whom."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    workshop = models.OneToOneField(Workshop, on_delete=models.CASCADE, related_name="pod")
    # Whose changes it is about; None is everybody's.
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Which pod of the timeline it is, to find it by when its date was taken off and put on again.
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(default=60)
    made_at = models.DateTimeField(default=timezone.now)
    # Whether people put the blocks in an order of their own, which stays.
    is_ordered = models.BooleanField(default=False)
    # The keys of blocks that people took out: they don't come back by themselves.
    left_out = ArrayField(models.CharField(max_length=60), blank=True, default=list)
    # How many changes more there are than an agenda lists.
    unlisted = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__range=(15, 480)), name="pod_agenda_has_a_length"
            ),
            SameAuthority(field="workshop", name="pod_agenda_same_authority_workshop"),
            SameAuthority(field="team", name="pod_agenda_same_authority_team"),
        ]

    def __str__(self):
        return f"Agenda of {self.workshop_id}"


class CalendarFeed(TenantModel):
    """One member's address of the authority's dates, for their own calendar to read.

    The address holds `secret`, signed: a copy of the database opens nothing, and a new secret makes
    an old address worthless. No row is no address.
    """

    authority = models.ForeignKey(
        LocalAuthority, on_delete=models.CASCADE, related_name="calendar_feeds"
    )
    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="+")
    secret = models.UUIDField(default=uuid.uuid4)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["secret"], name="calendar_feed_secret_once"),
            SameAuthority(field="membership", name="calendar_feed_same_authority_membership"),
        ]

    def __str__(self):
        return "A calendar’s address"
