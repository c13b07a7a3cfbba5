"""Step 1: what people value, what they want, and what stops them."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.formats import date_format

from .people import LocalAuthority, Team, User
from .programme import Programme
from .tenancy import (
    Removable,
    RemovableQuerySet,
    SameAuthority,
    TenantModel,
    removal_constraint,
)


class Gift(models.TextChoices):
    """Who can make it happen."""

    OURS = "ours", "Ours"
    NEEDS_SPONSORSHIP = "needs sponsorship", "Needs sponsorship"
    BEYOND_US = "beyond us", "Beyond us"


class StatementQuerySet(RemovableQuerySet):
    def standing(self):
        """Neither taken away nor merged into another, in the order that people gave them."""
        return self.filter(removed_at=None, merged_into=None).order_by("position", "created_at")

    def said(self):
        """As `standing`, with those that became part of another among them."""
        return self.filter(removed_at=None).order_by("position", "created_at")

    def with_origin(self):
        """With who typed it fetched, for `came_from`."""
        return self.select_related("created_by")

    def merged(self):
        """Those that became part of another, oldest first."""
        return self.filter(merged_into__isnull=False).order_by("created_at")


class Statement(TenantModel, Removable):
    """A sentence that people agreed on, which remembers where it came from.

    `merged_into` keeps the words of a sentence that became part of another, so that merging can be
    undone and its writer finds it again.
    """

    class Source(models.TextChoices):
        TYPED = "typed", "typed in"
        JOURNEY_FILE = "journey file", "from the journey’s file"
        WORKSHOP_NOTE = "workshop note", "from a workshop note"

    text = models.CharField(max_length=300)
    position = models.PositiveIntegerField(default=0)
    source = models.CharField(max_length=20, choices=Source, default=Source.TYPED)
    # What it is called where it came from: the words as they stood in the file, or a note's id.
    source_ref = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="merged"
    )
    version = models.PositiveIntegerField(default=1)
    # Each kind declares these two with its own name back.
    authority: "models.ForeignKey[Any, Any]"
    programme: "models.ForeignKey[Any, Any]"
    authority_id: int
    programme_id: UUID
    merged_into_id: UUID | None

    objects: ClassVar[Any] = StatementQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "created_at"]

    def __str__(self):
        return self.text

    @property
    def stands(self) -> bool:
        """Whether it is on its list: neither taken away nor part of another."""
        return self.removed_at is None and self.merged_into_id is None

    @property
    def came_from(self) -> str:
        """Where it came from, as a sentence without its full stop."""
        if self.source == self.Source.JOURNEY_FILE:
            said = self.source_ref if self.source_ref.lower() != self.text.lower() else ""
            return "Brought in from a file" + (f", where it said “{said}”" if said else "")
        if self.source == self.Source.WORKSHOP_NOTE:
            return "From a workshop note"
        name = self.created_by.first_name if self.created_by else ""
        day = date_format(timezone.localtime(self.created_at), "j F Y")
        return f"Typed in by {name} on {day}" if name else f"Typed in on {day}"


def _statement_constraints(noun: str) -> list:
    return [
        models.UniqueConstraint(fields=["authority", "id"], name=f"{noun}_authority_id"),
        models.UniqueConstraint(
            "programme",
            Lower("text"),
            condition=models.Q(removed_at=None, merged_into=None),
            name=f"{noun}_said_once",
        ),
        models.CheckConstraint(condition=~models.Q(text=""), name=f"{noun}_has_words"),
        models.CheckConstraint(
            condition=models.Q(source__in=Statement.Source.values), name=f"{noun}_source_known"
        ),
        removal_constraint(noun),
        models.CheckConstraint(
            condition=models.Q(merged_into=None) | ~models.Q(merged_into=models.F("id")),
            name=f"{noun}_not_merged_into_itself",
        ),
        SameAuthority(field="programme", name=f"{noun}_same_authority_programme"),
        SameAuthority(field="merged_into", name=f"{noun}_same_authority_merged_into"),
    ]


class Value(Statement):
    """How everybody commits to behave while they work together."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="values")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="values")

    class Meta(Statement.Meta):
        constraints = _statement_constraints("value")


class Opposite(Statement):
    """How a team would look that worked in exactly the other way."""

    authority = models.ForeignKey(
        LocalAuthority, on_delete=models.CASCADE, related_name="opposites"
    )
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="opposites")

    class Meta(Statement.Meta):
        constraints = _statement_constraints("opposite")


class Principle(Statement):
    """What should be at the heart of children's social care here: the vision."""

    authority = models.ForeignKey(
        LocalAuthority, on_delete=models.CASCADE, related_name="principles"
    )
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="principles")

    class Meta(Statement.Meta):
        constraints = _statement_constraints("principle")


class BarrierQuerySet(StatementQuerySet):
    def with_teams(self):
        return self.prefetch_related("teams")

    def matching(
        self,
        *,
        parts: Mapping[UUID | None, list[Statement]],
        words: str = "",
        gift: str = "",
        team: Team | None = None,
    ):
        """Those with these words, in their own text or in that of one of their `parts`, and so on.

        `parts`: by barrier, what was merged into it, at however many removes.
        """
        found = self
        if words:
            saying = [
                pk
                for pk, merged in parts.items()
                if any(words.lower() in one.text.lower() for one in merged)
            ]
            found = found.filter(models.Q(text__icontains=words) | models.Q(pk__in=saying))
        if gift:
            found = found.filter(gift=gift)
        if team:
            found = found.filter(teams=team)
        return found


class Barrier(Statement):
    """What stops us from working in this way."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="barriers")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="barriers")
    gift = models.CharField(max_length=20, choices=Gift, blank=True)
    teams = models.ManyToManyField(
        Team,
        through="BarrierTeam",
        through_fields=("barrier", "team"),
        related_name="barriers",
    )

    objects: ClassVar[Any] = BarrierQuerySet.as_manager()

    class Meta(Statement.Meta):
        constraints = [
            *_statement_constraints("barrier"),
            models.CheckConstraint(
                condition=models.Q(gift__in=["", *Gift.values]), name="barrier_gift_known"
            ),
        ]


class BarrierTeam(TenantModel):
    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    barrier = models.ForeignKey(Barrier, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    # Set when the link came with a barrier that was merged into this one, so that it can go back.
    merged_from = models.ForeignKey(
        Barrier, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["barrier", "team"], name="barrier_team_once"),
            SameAuthority(field="barrier", name="barrier_team_same_authority_barrier"),
            SameAuthority(field="team", name="barrier_team_same_authority_team"),
            SameAuthority(field="merged_from", name="barrier_team_same_authority_merged_from"),
        ]

    def __str__(self):
        return f"{self.barrier_id} of {self.team_id}"


class TemperatureFinding(TenantModel):
    """What the first temperature check found, in a few words."""

    class Question(models.TextChoices):
        KEEPS_US_FROM_FAMILIES = "keeps us from families", "What keeps us from time with families"
        IN_THE_WAY_OF_CHANGE = "in the way of change", "What gets in the way of change"
        CHANGE_WANTED = "change wanted", "What we want to be different"

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="temperature_findings"
    )
    question = models.CharField(max_length=30, choices=Question)
    text = models.CharField(max_length=300)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "question", "text"], name="temperature_finding_once"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    question__in=["keeps us from families", "in the way of change", "change wanted"]
                ),
                name="temperature_finding_question_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(text=""), name="temperature_finding_has_words"
            ),
            SameAuthority(field="programme", name="temperature_finding_same_authority_programme"),
        ]

    def __str__(self):
        return self.text


class WayOfWorking(TenantModel):
    """How a service chose to carry the programme, such as regular time to reflect together."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="ways_of_working"
    )
    text = models.CharField(max_length=300)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        verbose_name_plural = "ways of working"
        constraints = [
            models.UniqueConstraint(fields=["programme", "text"], name="way_of_working_once"),
            models.CheckConstraint(condition=~models.Q(text=""), name="way_of_working_has_words"),
            SameAuthority(field="programme", name="way_of_working_same_authority_programme"),
        ]

    def __str__(self):
        return self.text
