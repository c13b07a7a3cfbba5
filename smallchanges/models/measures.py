"""How people see whether a change helps: what they count, and the time that it gives back."""

from decimal import Decimal

from django.db import models
from django.db.models.functions import Lower

from programmes.models import LocalAuthority, Membership, Removable, SameAuthority, TenantModel
from programmes.models.tenancy import OrderedQuerySet, RemovableQuerySet, removal_constraint

from .changes import SmallChange

# What fits into a number of two decimal places. PostgreSQL takes NaN for larger than any number.
MOST = Decimal("9999999.99")


def _number(**kwargs) -> models.DecimalField:
    return models.DecimalField(max_digits=9, decimal_places=2, **kwargs)


def _in_range(field: str) -> models.Q:
    return models.Q(**{f"{field}__gte": -MOST, f"{field}__lte": MOST})


class Measure(TenantModel, Removable):
    """Something that people count, such as how many minutes it takes to find a template."""

    class Better(models.TextChoices):
        LOWER = "lower", "Lower is better"
        HIGHER = "higher", "Higher is better"

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    change = models.ForeignKey(SmallChange, on_delete=models.CASCADE, related_name="measures")
    what = models.CharField(max_length=160)
    unit = models.CharField(max_length=30, blank=True)
    better = models.CharField(max_length=20, choices=Better)
    # How it was before the change, and when somebody looked.
    baseline = _number(null=True, blank=True)
    baseline_on = models.DateField(null=True, blank=True)
    target = _number(null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    objects = OrderedQuerySet.as_manager()

    class Meta:
        ordering = ["position", "created_at"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="measure_authority_id"),
            models.UniqueConstraint(
                "change",
                Lower("what"),
                condition=models.Q(removed_at=None),
                name="measure_once_in_a_change",
            ),
            models.CheckConstraint(condition=~models.Q(what=""), name="measure_says_what"),
            models.CheckConstraint(
                condition=models.Q(better__in=["lower", "higher"]), name="measure_better_known"
            ),
            models.CheckConstraint(
                condition=models.Q(baseline=None, baseline_on=None)
                | models.Q(baseline__isnull=False, baseline_on__isnull=False),
                name="measure_baseline_has_its_day",
            ),
            models.CheckConstraint(
                condition=(models.Q(baseline=None) | _in_range("baseline"))
                & (models.Q(target=None) | _in_range("target")),
                name="measure_numbers_in_range",
            ),
            removal_constraint("measure"),
            SameAuthority(field="change", name="measure_same_authority_change"),
        ]

    def __str__(self):
        return self.what


class Reading(TenantModel, Removable):
    """A number that somebody counted on a day."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="readings")
    on = models.DateField()
    value = _number()
    note = models.CharField(max_length=200, blank=True)

    objects = RemovableQuerySet.as_manager()

    class Meta:
        ordering = ["on", "created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "on"],
                condition=models.Q(removed_at=None),
                name="reading_once_a_day",
            ),
            models.CheckConstraint(condition=_in_range("value"), name="reading_value_in_range"),
            removal_constraint("reading"),
            SameAuthority(field="measure", name="reading_same_authority_measure"),
        ]

    def __str__(self):
        return f"{self.value.normalize():f} on {self.on:%-d %B %Y}"

    @property
    def change(self) -> SmallChange:
        return self.measure.change


class TimeBack(TenantModel):
    """What one member said of one week: the time that a change gave back to the team, and took.

    Kept by member so that each counts once. No page, file or event shows one of them to anybody
    but the member: `smallchanges/timeback.py` gathers them.
    """

    class Hours(models.TextChoices):
        NONE = "none", "None"
        UNDER_ONE = "under 1", "Under an hour"
        TO_THREE = "1 to 3", "1 to 3 hours"
        TO_SIX = "3 to 6", "3 to 6 hours"
        MORE = "more than 6", "More than 6 hours"

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    change = models.ForeignKey(SmallChange, on_delete=models.CASCADE, related_name="time_back")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    # Its Monday.
    week = models.DateField()
    # Empty until they have said it: each is a tap of its own.
    gives_back = models.CharField(max_length=20, choices=Hours, blank=True)
    costs = models.CharField(max_length=20, choices=Hours, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["change", "member", "week"], name="time_back_once"),
            models.CheckConstraint(
                condition=models.Q(week__iso_week_day=1), name="time_back_week_is_a_monday"
            ),
            models.CheckConstraint(
                condition=~models.Q(gives_back="", costs=""), name="time_back_says_something"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    gives_back__in=["", "none", "under 1", "1 to 3", "3 to 6", "more than 6"],
                    costs__in=["", "none", "under 1", "1 to 3", "3 to 6", "more than 6"],
                ),
                name="time_back_hours_known",
            ),
            SameAuthority(field="change", name="time_back_same_authority_change"),
            SameAuthority(field="member", name="time_back_same_authority_member"),
        ]

    def __str__(self):
        return f"{self.change_id} in the week of {self.week}"
