"""Reviews: what managers answer, what they promise, and how a pillar goes, each with its day."""

from datetime import date
from decimal import Decimal
from typing import TypedDict

from django.db import models
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from programmes.models import LocalAuthority, Removable, SameAuthority, TenantModel, User
from programmes.models.tenancy import RemovableQuerySet, removal_constraint
from smallchanges.models import Ask, amount_in_words

from .experiments import Experiment, ExperimentMove, ExperimentQuerySet, LearningCycle
from .pillars import Pillar


class AnswerQuerySet(RemovableQuerySet):
    def in_force(self):
        """Those said since their experiment began to wait as it does now."""
        return self.standing().filter(at__gte=F("experiment__waiting_since"))


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

    objects = AnswerQuerySet.as_manager()

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


def unanswered(experiments: ExperimentQuerySet) -> ExperimentQuerySet:
    """Those of these experiments that wait for a yes, and that nobody answered since they do."""
    said = Answer.objects.standing().filter(
        experiment=OuterRef("pk"), at__gte=OuterRef("waiting_since")
    )
    return experiments.filter(~Exists(said), state=Experiment.State.WAITING)


class Promised(TypedDict, total=False):
    """What a promise says: `amount` with its `unit`, or words, and always a day."""

    what: str
    amount: Decimal | None
    unit: str
    by_when: date


class PromiseQuerySet(RemovableQuerySet):
    def meant(self):
        """Standing, and for something that nobody took away."""
        return (
            self.standing()
            .filter(experiment__removed_at=None, experiment__pillar__removed_at=None)
            .filter(ask__removed_at=None, pillar__removed_at=None)
        )

    def untold(self):
        """Those of which nobody said yet whether they were kept."""
        return self.meant().filter(kept=None)

    def of_pillar(self, pillar: Pillar):
        """For the pillar itself, or for one of its experiments."""
        return self.filter(models.Q(pillar=pillar) | models.Q(experiment__pillar=pillar))

    def with_all(self):
        """With what each is for, who made it, and what was said of it, the newest word first."""
        return self.select_related(
            "authority", "experiment__pillar", "ask__change", "pillar", "made_by", "told_by"
        ).prefetch_related(
            models.Prefetch(
                "tellings", Telling.objects.standing().select_related("by"), to_attr="said"
            )
        )


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

    objects = PromiseQuerySet.as_manager()

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
        return " · ".join(filter(None, (self.amount_in_words, self.what)))

    @property
    def amount_in_words(self) -> str:
        """Such as "4 hours a week" or "£1,200"; empty where it is a deed."""
        return amount_in_words(self.amount, self.unit)


class Telling(TenantModel, Removable):
    """What somebody said of a promise: it was kept, or not and why. The newest counts."""

    may_name_a_person = True

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="tellings")
    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="tellings")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    kept = models.BooleanField()
    why = models.CharField(max_length=500, blank=True)

    objects = RemovableQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kept=True) | ~models.Q(why=""),
                name="telling_not_kept_says_why",
            ),
            removal_constraint("telling"),
            SameAuthority(field="promise", name="telling_same_authority_promise"),
        ]

    def __str__(self):
        return "Kept" if self.kept else "Not kept"


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
