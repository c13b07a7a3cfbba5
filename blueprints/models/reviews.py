"""Reviews: what managers answer, what they promise, and how a pillar goes, each with its day."""

from django.db import models
from django.utils import timezone

from programmes.models import LocalAuthority, Removable, SameAuthority, TenantModel, User
from programmes.models.tenancy import RemovableQuerySet, removal_constraint
from smallchanges.models import Ask

from .experiments import Experiment, ExperimentMove, LearningCycle
from .pillars import Pillar


class Answer(TenantModel, Removable):
    """What a manager said to an experiment that waited for a yes. The newest counts."""

    # "Yes, if Jo agrees": history keeps none of it.
    may_name_a_person = True

    class Kind(models.TextChoices):
        YES = "yes", "Yes, let’s try it"
        YES_IF = "yes if", "Yes, if…"
        NOT_YET = "not yet", "Not yet, because…"

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="answers")
    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE, related_name="answers")
    cycle = models.ForeignKey(LearningCycle, on_delete=models.CASCADE, related_name="answers")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    words = models.CharField(max_length=500, blank=True)
    # The move that it made: a yes lets it begin, a "not yet" makes it an idea again.
    move = models.OneToOneField(
        ExperimentMove, null=True, blank=True, on_delete=models.SET_NULL, related_name="answer"
    )

    objects = RemovableQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="answer_authority_id"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["yes", "yes if", "not yet"]), name="answer_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="yes") | ~models.Q(words=""),
                name="answer_says_if_and_why",
            ),
            removal_constraint("answer"),
            SameAuthority(field="experiment", name="answer_same_authority_experiment"),
            SameAuthority(field="cycle", name="answer_same_authority_cycle"),
            SameAuthority(field="move", name="answer_same_authority_move"),
        ]

    def __str__(self):
        return self.get_kind_display()


class Promise(TenantModel, Removable):
    """Time, money or a deed that a manager committed, with a day, and whether it was kept."""

    may_name_a_person = True

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="promises")
    # For which of these three.
    experiment = models.ForeignKey(
        Experiment, null=True, blank=True, on_delete=models.CASCADE, related_name="promises"
    )
    ask = models.ForeignKey(
        Ask, null=True, blank=True, on_delete=models.CASCADE, related_name="promises"
    )
    pillar = models.ForeignKey(
        Pillar, null=True, blank=True, on_delete=models.CASCADE, related_name="promises"
    )
    what = models.CharField(max_length=200, blank=True)
    amount = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    unit = models.CharField(max_length=20, choices=Ask.Unit, blank=True)
    by_when = models.DateField()
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # None until somebody says; then since when, by whom, and where it was not kept, why.
    kept = models.BooleanField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    told_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    why = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = RemovableQuerySet.as_manager()

    class Meta:
        ordering = ["by_when", "created_at"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="promise_authority_id"),
            models.CheckConstraint(
                condition=models.Q(experiment__isnull=False, ask=None, pillar=None)
                | models.Q(experiment=None, ask__isnull=False, pillar=None)
                | models.Q(experiment=None, ask=None, pillar__isnull=False),
                name="promise_for_one_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(amount=None, unit="") & ~models.Q(what="")
                | models.Q(amount__gt=0) & ~models.Q(unit=""),
                name="promise_says_what",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    unit__in=[
                        *("", "hours", "hours a week", "hours a month"),
                        *("pounds", "pounds a month", "pounds a year"),
                    ]
                ),
                name="promise_unit_known",
            ),
            models.CheckConstraint(
                condition=models.Q(kept=None, told_at=None, why="")
                | (
                    models.Q(kept__isnull=False, told_at__isnull=False)
                    & (models.Q(kept=True) | ~models.Q(why=""))
                ),
                name="promise_not_kept_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(told_by=None) | models.Q(told_at__isnull=False),
                name="promise_told_by_needs_told_at",
            ),
            removal_constraint("promise"),
            SameAuthority(field="experiment", name="promise_same_authority_experiment"),
            SameAuthority(field="ask", name="promise_same_authority_ask"),
            SameAuthority(field="pillar", name="promise_same_authority_pillar"),
        ]

    def __str__(self):
        return self.what or f"{self.amount} {self.get_unit_display()}"


class Review(TenantModel, Removable):
    """How a pillar goes, as a manager sees it on that day, and what they decide."""

    may_name_a_person = True

    class Going(models.TextChoices):
        WELL = "well", "It goes well"
        SLOWLY = "slowly", "It goes slowly"
        STUCK = "stuck", "It’s stuck"

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="reviews")
    pillar = models.ForeignKey(Pillar, on_delete=models.CASCADE, related_name="reviews")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    going = models.CharField(max_length=20, choices=Going)
    words = models.TextField(max_length=1000, blank=True)
    decided = models.CharField(max_length=500, blank=True)

    objects = RemovableQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(going__in=["well", "slowly", "stuck"]), name="review_going_known"
            ),
            removal_constraint("review"),
            SameAuthority(field="pillar", name="review_same_authority_pillar"),
        ]

    def __str__(self):
        return self.get_going_display()
