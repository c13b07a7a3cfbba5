"""What came of it: what people agreed in a talk, and what became part of the journey."""

from typing import cast
from uuid import UUID

from django.db import models
from django.db.models.lookups import Exact

from blueprints.models import Experiment, Insight, Pillar
from programmes.models import (
    Barrier,
    LocalAuthority,
    Opposite,
    Principle,
    SameAuthority,
    TenantModel,
    User,
    Value,
)
from smallchanges.models import Met, MissionStrand, SmallChange, Stakeholder, Step, Update

from .notes import Group, Note
from .rooms import Activity
from .sessions import ActivityKind


class AgreementQuerySet(models.QuerySet):
    def said(self):
        """Those that say something, about what everybody may see; the first first."""
        seen = models.Q(note__removed_at=None, note__redacted_at=None, note__held_for="")
        return (
            self.exclude(outcome="").filter(models.Q(note=None) | seen).order_by("created_at", "pk")
        )


class Agreement(TenantModel):
    """What people agreed about one thing in one talk. The next talk about it has its own."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="agreements")
    group = models.ForeignKey(
        Group, null=True, blank=True, on_delete=models.CASCADE, related_name="agreements"
    )
    note = models.ForeignKey(
        Note, null=True, blank=True, on_delete=models.CASCADE, related_name="agreements"
    )
    # Empty where it was taken back: whoever has it open still learns of that.
    outcome = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = AgreementQuerySet.as_manager()

    # What people say in a room stays there: history keeps none of it.
    may_name_a_person = True

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(note=None, group__isnull=False)
                | models.Q(note__isnull=False, group=None),
                name="agreement_about_one_thing",
            ),
            models.UniqueConstraint(
                fields=["activity", "group", "note"],
                nulls_distinct=False,
                name="agreement_once_in_a_talk",
            ),
            SameAuthority(field="activity", name="agreement_same_authority_activity"),
            SameAuthority(field="group", name="agreement_same_authority_group"),
            SameAuthority(field="note", name="agreement_same_authority_note"),
        ]

    def __str__(self):
        return self.outcome

    @property
    def about(self) -> Group | Note:
        return cast("Group | Note", self.group or self.note)


# What can come out of a workshop, and the field of a harvest that points at it.
TARGETS = {
    "value": Value,
    "opposite": Opposite,
    "principle": Principle,
    "barrier": Barrier,
    "strand": MissionStrand,
    "change": SmallChange,
    "stakeholder": Stakeholder,
    "update": Update,
    "met": Met,
    "step": Step,
    "insight": Insight,
    "pillar": Pillar,
    "experiment": Experiment,
}


def _target(kind):
    return models.ForeignKey(
        kind, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )


class Harvest(TenantModel):
    """What a note or a group became: the link back to where it was first said."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="harvests")
    note = models.ForeignKey(
        Note, null=True, blank=True, on_delete=models.CASCADE, related_name="harvests"
    )
    group = models.ForeignKey(
        Group, null=True, blank=True, on_delete=models.CASCADE, related_name="harvests"
    )
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    value = _target(Value)
    opposite = _target(Opposite)
    principle = _target(Principle)
    barrier = _target(Barrier)
    strand = _target(MissionStrand)
    change = _target(SmallChange)
    stakeholder = _target(Stakeholder)
    update = _target(Update)
    met = _target(Met)
    step = _target(Step)
    insight = _target(Insight)
    pillar = _target(Pillar)
    experiment = _target(Experiment)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(note=None, group__isnull=False)
                | models.Q(note__isnull=False, group=None),
                name="harvest_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["note", "group"], nulls_distinct=False, name="harvest_once"
            ),
            models.CheckConstraint(
                condition=Exact(
                    models.Func(
                        *(models.F(f"{field}_id") for field in TARGETS),
                        function="num_nonnulls",
                        output_field=models.IntegerField(),
                    ),
                    1,
                ),
                name="harvest_became_one_thing",
            ),
            SameAuthority(field="activity", name="harvest_same_authority_activity"),
            SameAuthority(field="note", name="harvest_same_authority_note"),
            SameAuthority(field="group", name="harvest_same_authority_group"),
            *(
                SameAuthority(field=field, name=f"harvest_same_authority_{field}")
                for field in TARGETS
            ),
        ]

    def __str__(self):
        return str(self.target)

    @property
    def may_name_a_person(self) -> bool:
        """Its title is its target's."""
        return getattr(self.target, "may_name_a_person", False)

    @property
    def became(self) -> tuple[str, UUID]:
        """Which of `TARGETS` it became, and that row's id; asks for nothing."""
        ids = ((name, getattr(self, f"{name}_id")) for name in TARGETS)
        return next((name, pk) for name, pk in ids if pk)

    @property
    def target(self):
        return getattr(self, self.became[0])

    @property
    def was_taken_out(self) -> bool:
        """Whether it stands in the journey no more; what can't be removed always stands."""
        return bool(getattr(self.target, "removed_at", None))

    @property
    def is_part_of_a_plan(self) -> bool:
        """What was said became words of a small change's plan, and no change of its own."""
        return self.change_id is not None and self.activity.kind == ActivityKind.PLAN

    @property
    def kind_name(self) -> str:
        """Such as "small change"."""
        if self.met:
            return self.met.get_kind_display().lower()
        return str(self.target._meta.verbose_name)
