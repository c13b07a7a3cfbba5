"""Insights: what we conclude about the system, and what that conclusion rests on."""

from typing import Any
from uuid import UUID

from django.db import models
from django.db.models.functions import Lower
from django.db.models.lookups import Exact

from programmes.models import (
    Barrier,
    LocalAuthority,
    Programme,
    Removable,
    SameAuthority,
    TenantModel,
)
from programmes.models.tenancy import OrderedQuerySet, removal_constraint
from smallchanges.models import Ask, Measure, Met, Move, Rule, SmallChange


def _standing_pillars():
    """Pillars by their name here: their module stands on this one."""
    model: Any = Insight._meta.get_field("pillars").related_model
    return model.objects.standing()


class InsightQuerySet(OrderedQuerySet):
    def with_roots(self):
        """With `changes`, the small changes that it comes from, fetched."""
        return self.prefetch_related("changes")

    def seated(self, *, kind: str = "", sits_in: str = ""):
        """Those of a kind, and in a part of the system, where these are asked for."""
        wanted = {"kind": kind, "sits_in": sits_in}
        return self.filter(**{name: value for name, value in wanted.items() if value})

    def with_growth(self):
        """With `standing_pillars`, a list of the pillars that grew from it, fetched."""
        return self.prefetch_related(
            models.Prefetch("pillars", _standing_pillars(), to_attr="standing_pillars")
        )


class Insight(TenantModel, Removable):
    """What we conclude about the system from what the small changes met."""

    class Kind(models.TextChoices):
        BARRIER = "barrier", "Barrier"
        ENABLER = "enabler", "Enabler"

    class Where(models.TextChoices):
        """Where in the system it sits."""

        STRUCTURES = "structures", "Structures"
        PROCESSES = "processes", "Processes"
        CULTURE = "culture", "Culture"

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="insights")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="insights")
    text = models.CharField(max_length=300)
    kind = models.CharField(max_length=20, choices=Kind)
    sits_in = models.CharField(max_length=20, choices=Where, blank=True)
    changes = models.ManyToManyField(
        SmallChange,
        through="Evidence",
        through_fields=("insight", "change"),
        related_name="insights",
    )
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    objects = InsightQuerySet.as_manager()

    class Meta:
        ordering = ["position", "created_at"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="insight_authority_id"),
            models.UniqueConstraint(
                "programme",
                Lower("text"),
                condition=models.Q(removed_at=None),
                name="insight_said_once",
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="insight_has_words"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["barrier", "enabler"]), name="insight_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(sits_in__in=["", "structures", "processes", "culture"]),
                name="insight_sits_somewhere_known",
            ),
            removal_constraint("insight"),
            SameAuthority(field="programme", name="insight_same_authority_programme"),
        ]

    def __str__(self):
        return self.text

    def siblings(self):
        """The standing insights of its kind, in their order; it is one of them."""
        return self.programme.insights.standing().filter(kind=self.kind)


# What an insight can rest on, and the field of a piece of evidence that points at it. A move is
# that of a change which stopped, and says what it taught.
EVIDENCE = {
    "change": SmallChange,
    "barrier": Barrier,
    "met": Met,
    "ask": Ask,
    "rule": Rule,
    "measure": Measure,
    "move": Move,
}


def _piece(kind):
    return models.ForeignKey(
        kind, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )


class Evidence(TenantModel):
    """One thing that an insight rests on."""

    # Where a change is made two, an insight that rested on the whole rests on both.
    goes_with_both = True

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    insight = models.ForeignKey(Insight, on_delete=models.CASCADE, related_name="evidence")
    change = _piece(SmallChange)
    barrier = _piece(Barrier)
    met = _piece(Met)
    ask = _piece(Ask)
    rule = _piece(Rule)
    measure = _piece(Measure)
    move = _piece(Move)
    # Set when it came with a barrier that was merged into this one, so that it can go back.
    merged_from = models.ForeignKey(
        Barrier, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        verbose_name_plural = "evidence"
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["insight", *EVIDENCE], nulls_distinct=False, name="evidence_once"
            ),
            models.CheckConstraint(
                condition=Exact(
                    models.Func(
                        *(models.F(f"{field}_id") for field in EVIDENCE),
                        function="num_nonnulls",
                        output_field=models.IntegerField(),
                    ),
                    1,
                ),
                name="evidence_is_one_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_from=None) | models.Q(barrier__isnull=False),
                name="evidence_merged_from_is_a_barriers",
            ),
            SameAuthority(field="insight", name="evidence_same_authority_insight"),
            SameAuthority(field="merged_from", name="evidence_same_authority_merged_from"),
            *(
                SameAuthority(field=field, name=f"evidence_same_authority_{field}")
                for field in EVIDENCE
            ),
        ]

    def __str__(self):
        return f"{self.insight_id} from {self.what[0]} {self.what[1]}"

    @property
    def what(self) -> tuple[str, UUID]:
        """Which of `EVIDENCE` it is, and that row's id; asks for nothing."""
        ids = ((name, getattr(self, f"{name}_id")) for name in EVIDENCE)
        return next((name, pk) for name, pk in ids if pk)
