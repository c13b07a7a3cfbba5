"""Stories of change, in the teller's words, and the yes that each step outwards needs."""

from django.db import models
from django.db.models.functions import MD5
from django.urls import reverse
from django.utils import timezone

from programmes.models import (
    LocalAuthority,
    Removable,
    SameAuthority,
    Team,
    TenantModel,
    User,
)
from programmes.models.tenancy import CompositeKey, RemovableQuerySet, removal_constraint
from smallchanges.models import SmallChange


class Ring(models.TextChoices):
    """How far a story goes: notes stay with the team, points go further, stories go public."""

    TEAM = "team", "Our team"
    AUTHORITY = "authority", "Everyone here"
    PUBLIC = "public", "Anyone"


OUTER_RINGS = [(ring.value, ring.label) for ring in (Ring.AUTHORITY, Ring.PUBLIC)]


class OwnWords(CompositeKey):
    """A yes is to the very words of its story."""

    def columns(self, column: str) -> tuple[str, str]:
        return f"{column}, digest", "id, digest"


class OwnTeller(CompositeKey):
    """A yes to a story is its teller's own, and nobody else's."""

    def columns(self, column: str) -> tuple[str, str]:
        return f"{column}, by_id", "id, told_by_id"


class YesToThisStory(CompositeKey):
    """A story stands further out only on a yes to its own words, for that ring."""

    def columns(self, column: str) -> tuple[str, str]:
        return f"id, {column}, ring, digest", "story_id, id, ring, digest"


class StoryQuerySet(RemovableQuerySet):
    def public(self):
        """Standing ones that anyone may read, in reports too, with `change` fetched."""
        return self.standing().filter(ring=Ring.PUBLIC).select_related("change")

    def read_by_all_here(self):
        """Standing ones that everybody in the authority may read, with `change` fetched."""
        return self.standing().exclude(ring=Ring.TEAM).select_related("change")

    def read_by(self, user: User, *, facilitates: bool):
        """Standing ones that somebody who takes part here may read, with `change` and `team`.

        What stays in a team is its people's and the teller's; what is in none, the teller's and
        the facilitators'.
        """
        mine = Team.objects.filter(memberships__user=user, memberships__ended_at=None)
        seen = ~models.Q(ring=Ring.TEAM) | models.Q(told_by=user) | models.Q(team__in=mine)
        if facilitates:
            seen |= models.Q(team=None)
        return self.standing().filter(seen).select_related("change", "team")


class Story(TenantModel, Removable):
    """What one person tells of a change. Told by role, never by name.

    Its words are never changed once somebody said yes to them: other words are another story.
    """

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="stories")
    change = models.ForeignKey(SmallChange, on_delete=models.CASCADE, related_name="stories")
    # Whose ring it stays in until it crosses; nobody's is the teller's own, and facilitators'.
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.TextField(max_length=2000)
    # As "A social worker": what others read in place of a name.
    teller = models.CharField(max_length=80)
    told_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    told_on = models.DateField(default=timezone.localdate)
    ring = models.CharField(max_length=20, choices=Ring, default=Ring.TEAM)
    # The yes that it stands on in its ring; within the team it needs none.
    crossing = models.ForeignKey(
        "Crossing", null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )
    digest = models.GeneratedField(
        expression=MD5("text"), output_field=models.CharField(max_length=32), db_persist=True
    )
    version = models.PositiveIntegerField(default=1)

    objects = StoryQuerySet.as_manager()

    # What somebody tells may be about somebody.
    may_name_a_person = True

    class Meta:
        ordering = ["-told_on", "-created_at"]
        verbose_name_plural = "stories"
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="story_authority_id"),
            models.UniqueConstraint(fields=["id", "digest"], name="story_words"),
            models.UniqueConstraint(fields=["id", "told_by"], name="story_teller"),
            models.CheckConstraint(
                condition=models.Q(ring__in=["team", "authority", "public"]),
                name="story_ring_known",
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="story_has_words"),
            models.CheckConstraint(condition=~models.Q(teller=""), name="story_has_a_teller"),
            models.CheckConstraint(
                condition=models.Q(ring="team", crossing=None)
                | models.Q(~models.Q(ring="team"), crossing__isnull=False),
                name="story_crosses_on_a_yes",
            ),
            removal_constraint("story"),
            SameAuthority(field="change", name="story_same_authority_change"),
            SameAuthority(field="team", name="story_same_authority_team"),
            SameAuthority(field="crossing", name="story_same_authority_crossing"),
            YesToThisStory(field="crossing", name="story_crosses_on_a_yes_to_its_words"),
        ]

    def __str__(self):
        return f"A story of {self.teller}"

    def get_absolute_url(self):
        return reverse("impact:story", args=[self.authority.slug, self.pk])


class Crossing(TenantModel):
    """The teller's yes to these exact words going as far as `ring`. Taking it back is a new row of
    nothing: the story comes back to its team, and the row stays as what was once said.
    """

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="crossings")
    ring = models.CharField(max_length=20, choices=OUTER_RINGS)
    digest = models.CharField(max_length=32)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    may_name_a_person = True

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="crossing_authority_id"),
            models.UniqueConstraint(
                fields=["story", "id", "ring", "digest"], name="crossing_of_words"
            ),
            models.CheckConstraint(
                condition=models.Q(ring__in=["authority", "public"]),
                name="crossing_goes_outwards",
            ),
            SameAuthority(field="story", name="crossing_same_authority_story"),
            OwnWords(field="story", name="crossing_of_its_storys_words"),
            OwnTeller(field="story", name="crossing_by_its_teller"),
        ]

    def __str__(self):
        return f"A yes to {self.story_id}"


class StoryPick(TenantModel, Removable):
    """A story that a panel picked, and why it mattered most to them."""

    authority = models.ForeignKey(
        LocalAuthority, on_delete=models.CASCADE, related_name="story_picks"
    )
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="picks")
    # Who they were, in words, such as "the learning pod of 12 May".
    panel = models.CharField(max_length=160)
    why = models.CharField(max_length=500)
    picked_on = models.DateField(default=timezone.localdate)

    objects = RemovableQuerySet.as_manager()

    # Why a story mattered may name whom it is about.
    may_name_a_person = True

    class Meta:
        ordering = ["-picked_on", "-created_at"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(why=""), name="story_pick_says_why"),
            models.CheckConstraint(condition=~models.Q(panel=""), name="story_pick_says_who"),
            removal_constraint("story_pick"),
            SameAuthority(field="story", name="story_pick_same_authority_story"),
        ]

    def __str__(self):
        return f"Picked by {self.panel}"
