"""A survey: what is asked, of whom, and from when to when."""

import hashlib
import hmac
import secrets
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Length
from django.urls import reverse

from programmes.models import (
    LocalAuthority,
    Programme,
    Removable,
    SameAuthority,
    TenantModel,
    User,
)
from programmes.models.tenancy import RemovableQuerySet, removal_constraint
from surveys.core import CORE, CORE_KEYS, EXTENTS, FEWEST, SCALE, SHARES, Area, QuestionKind

# Bytes; none is one that is not there yet, or was destroyed.
SECRET_LENGTH = 32
MOST_OPTIONS = 12


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_LENGTH)


class SurveyQuerySet(RemovableQuerySet):
    def for_list(self):
        """Standing ones: those being written and open ones first, then the newest closed."""
        return self.standing().order_by(
            models.F("closed_at").desc(nulls_first=True),
            models.F("opened_at").desc(nulls_first=True),
            "-created_at",
            "pk",
        )

    def open(self):
        """Those that take answers now."""
        return self.standing().filter(opened_at__isnull=False, closed_at=None)

    def closed(self):
        """Those whose answers may be shown: results come out all at once, at the close."""
        return self.standing().filter(closed_at__isnull=False)


class Survey(TenantModel, Removable):
    """Written, then open for a time, then closed for good: `surveys.actions` alone moves it.

    While it is open a secret makes one person's answers one voice, without saying whose. At the
    close answers are written anew in random order, and the secret is destroyed.
    """

    class Kind(models.TextChoices):
        TEMPERATURE = "temperature", "Temperature check"
        IMPACT = "impact", "What small changes did"
        PULSE = "pulse", "Time with families"
        OWN = "own", "Our own questions"

    class Moment(models.TextChoices):
        """Where in the programme it is asked, so that before and after can be put side by side."""

        START = "start", "At the start"
        DURING = "during", "On the way"
        AFTER = "after", "After 16 weeks"

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="surveys")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="surveys")
    kind = models.CharField(max_length=20, choices=Kind)
    moment = models.CharField(max_length=20, choices=Moment)
    title = models.CharField(max_length=120)
    # What people read before the first question.
    intro = models.CharField(max_length=500, blank=True)
    # Where its figures were published, such as "Impact report 2022". Empty where they were not.
    source = models.CharField(max_length=200, blank=True)
    # Whether people are asked which team they are in, and what their work is, for splits.
    asks_team = models.BooleanField(default=True)
    asks_work = models.BooleanField(default=True)
    # The last day on which it takes answers; the worker closes it after that.
    closes_on = models.DateField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    # Nobody where the worker did it.
    closed_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    secret = models.BinaryField(max_length=SECRET_LENGTH, default=bytes)
    # How many were asked, and how many answered anything: known from the close on. The first stays
    # unknown where nobody counted, as with a poster on a wall.
    people_asked = models.PositiveIntegerField(null=True, blank=True)
    people_answered = models.PositiveIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="survey_authority_id"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["temperature", "impact", "pulse", "own"]),
                name="survey_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(moment__in=["start", "during", "after"]),
                name="survey_moment_known",
            ),
            models.CheckConstraint(condition=~models.Q(title=""), name="survey_has_a_title"),
            models.CheckConstraint(
                condition=models.Q(opened_by=None) | models.Q(opened_at__isnull=False),
                name="survey_opened_by_needs_opened_at",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_by=None) | models.Q(closed_at__isnull=False),
                name="survey_closed_by_needs_closed_at",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None)
                | models.Q(opened_at__isnull=False, closed_at__gte=models.F("opened_at")),
                name="survey_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    models.lookups.Exact(Length("secret"), SECRET_LENGTH),
                    opened_at__isnull=False,
                    closed_at=None,
                )
                | (
                    models.Q(models.lookups.Exact(Length("secret"), 0))
                    & (models.Q(opened_at=None) | models.Q(closed_at__isnull=False))
                ),
                name="survey_secret_while_open",
            ),
            models.CheckConstraint(
                condition=models.Q(people_answered=None, closed_at=None)
                | models.Q(people_answered__isnull=False, closed_at__isnull=False),
                name="survey_counted_at_its_close",
            ),
            models.CheckConstraint(
                condition=models.Q(people_asked=None)
                | models.Q(people_answered=None)
                | models.Q(people_answered__lte=models.F("people_asked")),
                name="survey_asked_at_least_who_answered",
            ),
            removal_constraint("survey"),
            SameAuthority(field="programme", name="survey_same_authority_programme"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("surveys:survey", args=[self.authority.slug, self.pk])

    def voice_name(self, voice: UUID | str) -> str:
        """What a `Voice` is called here: another name than any `Question.nullifier` of theirs."""
        told = f"{self.pk.hex} voice {voice}".encode()
        return hmac.new(bytes(self.secret), told, hashlib.sha256).hexdigest()

    @property
    def answered_told(self) -> int | None:
        """How many answered, from the close on; None where they were too few to be told."""
        answered = self.people_answered or 0
        return answered if answered >= FEWEST else None

    @property
    def is_draft(self) -> bool:
        return self.opened_at is None

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None and self.closed_at is None

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class QuestionQuerySet(RemovableQuerySet):
    def standing(self):
        return super().standing().order_by("position", "created_at", "id")


class Question(TenantModel, Removable):
    """One thing that a survey asks. Nobody has to answer it.

    One that was taken away while the survey was being written can be put back until it opens; then
    it goes for good, so that all questions of an open or closed survey stand.
    """

    Kind = QuestionKind

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")
    kind = models.CharField(max_length=20, choices=QuestionKind)
    # Of the core set, whose words are locked; empty for a question of their own.
    core = models.CharField(max_length=40, choices=CORE_KEYS, blank=True, default="")
    area = models.CharField(max_length=20, choices=Area, blank=True, default="")
    # Read before the text, such as "How far do you agree?".
    stem = models.CharField(max_length=160, blank=True, default="")
    text = models.CharField(max_length=300)
    # The answers to choose from, for one or any of several; empty for every other kind.
    options = ArrayField(models.CharField(max_length=120), blank=True, default=list)
    # Of a number, such as "hours".
    unit = models.CharField(max_length=40, blank=True, default="")
    # Of published figures that told only how many said moderate or large: which of the two somebody
    # said is not known, so the four extents are never shown apart.
    is_joined = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="question_authority_id"),
            models.UniqueConstraint(
                fields=["survey", "core"],
                condition=~models.Q(core=""),
                name="question_core_once_in_a_survey",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=["extent", "choice", "choices", "scale", "number", "text", "share"]
                ),
                name="question_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(area__in=["", "connected", "avenues", "purpose", "optimism"]),
                name="question_area_known",
            ),
            models.CheckConstraint(
                condition=models.Q(core__in=["", *(one.key for one in CORE)]),
                name="question_core_known",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(core=""),
                    *(
                        models.Q(core=one.key, kind=one.kind, stem=one.stem, text=one.text)
                        for one in CORE
                    ),
                    _connector=models.Q.OR,
                ),
                name="question_core_words_are_locked",
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="question_has_words"),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=["choice", "choices"], options__len__range=(2, MOST_OPTIONS)
                )
                | (~models.Q(kind__in=["choice", "choices"]) & models.Q(options=[])),
                name="question_options_fit_its_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(unit="") | models.Q(kind="number"),
                name="question_unit_is_a_numbers",
            ),
            models.CheckConstraint(
                condition=models.Q(is_joined=False) | models.Q(kind="extent"),
                name="question_joined_is_an_extent",
            ),
            models.CheckConstraint(
                condition=models.Q(core="") | models.Q(removed_at=None),
                name="question_core_stays",
            ),
            removal_constraint("question"),
            SameAuthority(field="survey", name="question_same_authority_survey"),
        ]

    def __str__(self):
        return self.text

    @property
    def labels(self) -> list[str]:
        """What an answer's `option` stands for, by its number from 0; none of words and numbers."""
        return list(
            {
                QuestionKind.EXTENT: EXTENTS,
                QuestionKind.SCALE: SCALE,
                QuestionKind.SHARE: SHARES,
            }.get(QuestionKind(self.kind), self.options)
        )

    def nullifier(self, survey: Survey, voice: UUID | str) -> str:
        """Whose answer it is while the survey is open, in a name that only the secret can make.

        `voice` is a membership's id, or what a guest's device keeps. Another one for each question,
        so that not even an open survey puts one person's answers side by side without its secret.
        Empty once the secret is destroyed.
        """
        if not survey.secret:
            return ""
        told = f"{self.pk.hex} {voice}".encode()
        return hmac.new(bytes(survey.secret), told, hashlib.sha256).hexdigest()
