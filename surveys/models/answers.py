"""What people said, and what may be told of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.lookups import Exact

from programmes.models import LocalAuthority, Membership, SameAuthority, Team, TenantModel
from programmes.models.tenancy import start_of_today

from .surveys import Question, Survey


class Work(models.TextChoices):
    """What somebody does, by their own word: whom answers are compared by."""

    PRACTITIONER = "practitioner", "Practitioners"
    MANAGER = "manager", "Managers"
    BUSINESS_SUPPORT = "business support", "Business support"
    PARTNER = "partner", "Partner agencies"


class Asked(TenantModel):
    """A member who was asked by mail, so that nobody who answered is reminded. Gone at the close.

    That somebody answered is no word of what. The mail's link is good until the close, so that
    people can change their minds.
    """

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="asked")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=start_of_today, editable=False)
    has_answered = models.BooleanField(default=False)
    # At most one: once halfway, never more (`ux.md` 5).
    was_reminded = models.BooleanField(default=False)

    # Its title is a person: history keeps none.
    may_name_a_person = True

    class Meta:
        verbose_name_plural = "asked"
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="asked_authority_id"),
            models.UniqueConstraint(fields=["survey", "membership"], name="asked_once"),
            SameAuthority(field="survey", name="asked_same_authority_survey"),
            SameAuthority(field="membership", name="asked_same_authority_membership"),
        ]

    def __str__(self):
        return f"{self.membership_id} about {self.survey_id}"


class Voice(TenantModel):
    """That somebody answered something, so that an open survey can say how many have.

    `name` is made of the survey's secret and whose it is; another than any of their answers'. Gone
    at the close, when they were counted.
    """

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="voices")
    created_at = models.DateTimeField(default=start_of_today, editable=False)
    name = models.CharField(max_length=64)

    # History tells of no voice.
    may_name_a_person = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "name"], name="voice_counts_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="voice_has_a_name"),
            SameAuthority(field="survey", name="voice_same_authority_survey"),
        ]

    def __str__(self):
        return f"A voice in {self.survey_id}"


class SurveyAnswerQuerySet(models.QuerySet):
    def of_closed(self):
        """Answers that may be counted: those of surveys that have closed."""
        return self.filter(question__survey__closed_at__isnull=False)


class SurveyAnswer(TenantModel):
    """One person's answer to one question.

    While the survey is open, `nullifier` lets them change it, and `team` and `work` are what they
    said of themselves. At the close all three are emptied, what splits may show is counted into
    `Tally`, and the rows are written anew in random order: nothing joins one answer to another.
    """

    class Look(models.TextChoices):
        """Whether somebody has looked at words before others read them."""

        WAITING = "", "Nobody has looked yet"
        SHOWN = "shown", "Shown"
        KEPT_BACK = "kept back", "Kept back"

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    created_at = models.DateTimeField(default=start_of_today, editable=False)
    nullifier = models.CharField(max_length=64, null=True, blank=True)
    # The place in `Question.labels` of what they chose.
    option = models.PositiveSmallIntegerField(null=True, blank=True)
    # Of any of several: each place; none of them is an answer too.
    options = ArrayField(models.PositiveSmallIntegerField(), null=True, blank=True)
    number = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    text = models.TextField(max_length=1000, null=True, blank=True)
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    work = models.CharField(max_length=20, choices=Work, blank=True, default="")
    look = models.CharField(max_length=20, choices=Look, blank=True, default="")

    objects = SurveyAnswerQuerySet.as_manager()

    # History tells of no answer.
    may_name_a_person = True

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "nullifier"], name="answer_once_to_a_question"
            ),
            models.CheckConstraint(
                condition=Exact(
                    models.Func(
                        *(models.F(name) for name in ("option", "options", "number", "text")),
                        function="num_nonnulls",
                        output_field=models.IntegerField(),
                    ),
                    1,
                ),
                name="answer_is_one_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(text=None) | ~models.Q(text=""), name="answer_has_words"
            ),
            models.CheckConstraint(
                condition=models.Q(work__in=["", *Work.values]), name="answer_work_known"
            ),
            models.CheckConstraint(
                condition=models.Q(look__in=["", "shown", "kept back"]), name="answer_look_known"
            ),
            models.CheckConstraint(
                condition=models.Q(look="") | models.Q(text__isnull=False),
                name="answer_look_is_at_words",
            ),
            models.CheckConstraint(
                condition=models.Q(nullifier__isnull=False) | models.Q(team=None, work=""),
                name="answer_of_nobody_tells_nothing_of_them",
            ),
            SameAuthority(field="question", name="answer_same_authority_question"),
            SameAuthority(field="team", name="answer_same_authority_team"),
        ]

    def __str__(self):
        return f"An answer to {self.question_id}"


class SplitGroup(TenantModel):
    """Some of those who answered a survey, as its results may tell them apart.

    Made at the close, once for each survey; small groups were joined by then, and `label` says
    which, such as "Team B and Business support".
    """

    class By(models.TextChoices):
        TEAM = "team", "By team"
        WORK = "work", "By what people do"
        BOTH = "both", "By team and by what people do"

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="split_groups")
    by = models.CharField(max_length=20, choices=By)
    label = models.CharField(max_length=300)
    # In words, why it was joined; empty where it stands as it is.
    joined_because = models.CharField(max_length=300, blank=True, default="")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["by", "position"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="split_group_authority_id"),
            models.UniqueConstraint(fields=["survey", "by", "label"], name="split_group_once"),
            models.CheckConstraint(
                condition=models.Q(by__in=["team", "work", "both"]), name="split_group_by_known"
            ),
            models.CheckConstraint(condition=~models.Q(label=""), name="split_group_has_a_label"),
            SameAuthority(field="survey", name="split_group_same_authority_survey"),
        ]

    def __str__(self):
        return self.label


class Tally(TenantModel):
    """All that is kept of a split: how one group answered a question, in two (`surveys.halves`)."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="tallies")
    group = models.ForeignKey(SplitGroup, on_delete=models.CASCADE, related_name="tallies")
    created_at = models.DateTimeField(default=start_of_today, editable=False)
    # How many of the group answered; never fewer than five.
    answered = models.PositiveIntegerField()
    counts = ArrayField(models.PositiveIntegerField())

    class Meta:
        verbose_name_plural = "tallies"
        constraints = [
            models.UniqueConstraint(fields=["question", "group"], name="tally_once"),
            models.CheckConstraint(
                condition=models.Q(answered__gte=5), name="tally_of_five_at_least"
            ),
            models.CheckConstraint(condition=models.Q(counts__len=2), name="tally_counts_in_two"),
            SameAuthority(field="question", name="tally_same_authority_question"),
            SameAuthority(field="group", name="tally_same_authority_group"),
        ]

    def __str__(self):
        return f"{self.answered} of {self.group_id}"
