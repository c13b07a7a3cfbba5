"""Two voices: practitioners and leaders place the same things, separately and blind."""

import secrets
from datetime import datetime, time
from uuid import UUID

from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils import timezone

from programmes.models import (
    Barrier,
    LocalAuthority,
    Programme,
    SameAuthority,
    TenantModel,
    start_of_today,
)
from smallchanges.models import Met, SmallChange

SECRET_LENGTH = 32
# On its last day a round is open until eight in the evening, London time.
CLOSES_AT = time(20)


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_LENGTH)


class RoundQuerySet(models.QuerySet):
    def open(self):
        """Those that nobody has closed; at most one of a programme."""
        return self.filter(closed_at=None)

    def closed(self):
        return self.filter(closed_at__isnull=False)


class PlacingRound(TenantModel):
    """One question, put to practitioners and leaders about the same few things.

    While it is open its secret makes one person's places theirs to change, without saying whose
    they are. Closing destroys the secret, and nothing opens a round again.
    """

    authority = models.ForeignKey(
        LocalAuthority, on_delete=models.CASCADE, related_name="placing_rounds"
    )
    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="placing_rounds"
    )
    question = models.CharField(max_length=200)
    closes_on = models.DateField()
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    secret = models.BinaryField(max_length=SECRET_LENGTH, default=new_secret)
    version = models.PositiveIntegerField(default=1)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="placing_round_authority_id"),
            models.UniqueConstraint(
                fields=["programme"],
                condition=models.Q(closed_at=None),
                name="placing_round_one_open_at_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(question=""), name="placing_round_has_a_question"
            ),
            models.CheckConstraint(
                condition=models.Q(Exact(Length("secret"), SECRET_LENGTH), closed_at=None)
                | models.Q(Exact(Length("secret"), 0), closed_at__isnull=False),
                name="placing_round_secret_goes_when_it_closes",
            ),
            SameAuthority(field="programme", name="placing_round_same_authority_programme"),
        ]

    def __str__(self):
        return self.question

    def get_absolute_url(self) -> str:
        return reverse("blueprints:voices-round", args=[self.authority.slug, self.pk])

    @property
    def ends_at(self) -> datetime:
        return datetime.combine(self.closes_on, CLOSES_AT, timezone.get_current_timezone())

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def takes_places(self) -> bool:
        """Whether anybody may place: not after its last evening, though nothing closed it yet."""
        return not self.is_closed and timezone.now() < self.ends_at


# What can be placed, and the field of a placed thing that points at it.
PLACEABLE = {"change": SmallChange, "barrier": Barrier, "met": Met}


def _thing(kind):
    return models.ForeignKey(
        kind, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )


class PlacedThing(TenantModel):
    """One thing that a round asks about."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    round = models.ForeignKey(PlacingRound, on_delete=models.CASCADE, related_name="things")
    change = _thing(SmallChange)
    barrier = _thing(Barrier)
    met = _thing(Met)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="placed_thing_authority_id"),
            models.UniqueConstraint(
                fields=["round", *PLACEABLE], nulls_distinct=False, name="placed_thing_once"
            ),
            models.CheckConstraint(
                condition=Exact(
                    models.Func(
                        *(models.F(f"{field}_id") for field in PLACEABLE),
                        function="num_nonnulls",
                        output_field=models.IntegerField(),
                    ),
                    1,
                ),
                name="placed_thing_is_one_thing",
            ),
            SameAuthority(field="round", name="placed_thing_same_authority_round"),
            *(
                SameAuthority(field=field, name=f"placed_thing_same_authority_{field}")
                for field in PLACEABLE
            ),
        ]

    def __str__(self):
        """Its words, unless somebody took them away: those are nobody's to read any more."""
        row = self.row
        return "Taken away since" if getattr(row, "removed_at", None) else str(row)

    @property
    def what(self) -> tuple[str, UUID]:
        """Which of `PLACEABLE` it is, and that row's id; asks for nothing."""
        ids = ((name, getattr(self, f"{name}_id")) for name in PLACEABLE)
        return next((name, pk) for name, pk in ids if pk)

    @property
    def row(self):
        return getattr(self, self.what[0])

    @property
    def kind_words(self) -> str:
        """What it is, as people say it."""
        if self.what[0] == "met":
            return f"{self.met.get_kind_display()}, of “{self.met.change}”"
        return "Small change" if self.what[0] == "change" else "Barrier"


class Place(TenantModel):
    """Where somebody of one voice puts one thing. Nobody's, as far as anything here can say.

    No time finer than a day, and no name: `nullifier` is what the round's secret makes of whose it
    is, so that they can change it. It goes when the round closes (`blueprints.actions.voices`).
    """

    class Voice(models.TextChoices):
        PRACTITIONER = "practitioner", "Practitioners"
        LEADER = "leader", "Leaders"

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=start_of_today, editable=False)
    thing = models.ForeignKey(PlacedThing, on_delete=models.CASCADE, related_name="places")
    voice = models.CharField(max_length=20, choices=Voice)
    # 1 to 5 each.
    matters = models.PositiveSmallIntegerField()
    can_move = models.PositiveSmallIntegerField()
    nullifier = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["thing", "nullifier"],
                condition=~models.Q(nullifier=""),
                name="place_once_for_a_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(voice__in=["practitioner", "leader"]), name="place_voice_known"
            ),
            models.CheckConstraint(
                condition=models.Q(matters__range=(1, 5), can_move__range=(1, 5)),
                name="place_within_the_scale",
            ),
            SameAuthority(field="thing", name="place_same_authority_thing"),
        ]

    def __str__(self):
        return f"{self.matters}, {self.can_move}"
