"""The permission book: what people are told they may not do, and what became of it."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchRank, TrigramWordSimilarity
from django.db import models
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils import timezone

from programmes.models import (
    Barrier,
    LocalAuthority,
    Membership,
    Removable,
    SameAuthority,
    Team,
    TenantModel,
    User,
)
from programmes.models.tenancy import RemovableQuerySet, removal_constraint

from .changes import SmallChange
from .search import kept_vector, query_of


class RuleQuerySet(RemovableQuerySet):
    def for_list(self):
        """The standing ones with all that a line shows, whatever was written last first."""
        return (
            self.standing()
            .select_related("verdict__by", "checker__user", "change", "team")
            .order_by(Coalesce("verdict__at", "created_at").desc(), "pk")
        )

    def matching(self, *, q="", state="", verdict=""):
        """Those that fit every filter that is set; of words, the best fit first.

        Words are found in the rule, in who says so and where, and in what was found out; in the
        rule itself also where they are misspelt.
        """
        found = self
        if state:
            found = found.filter(_STATES[state])
        if verdict:
            found = found.filter(verdict__kind=verdict)
        if q:
            fits = models.Q(text__trigram_word_similar=q)
            worth: Any = TrigramWordSimilarity(q, "text")
            if query := query_of(q):
                fits |= models.Q(search=query)
                worth += SearchRank("search", query)
            found = found.filter(fits).order_by(worth.desc(), "pk")
        return found

    def told_apart(self) -> dict[str, int]:
        """How many rules stand, were checked, and were habit or myth after all; one query."""
        count = {
            "all": models.Q(),
            "checked": _STATES["checked"],
            "cleared": models.Q(verdict__kind__in=Verdict.CLEARED),
        }
        return self.standing().aggregate(
            **{name: models.Count("pk", filter=q) for name, q in count.items()}
        )

    def cleared_since(self, then):
        """Standing rules that turned out to be habit or myth at, or after, a time (or ever)."""
        found = self.for_list().filter(verdict__kind__in=Verdict.CLEARED)
        return found.filter(verdict__at__gte=then) if then else found


class Rule(TenantModel, Removable):
    """One "we are not allowed": the rule as people say it, and who can tell whether it is one."""

    class State(models.TextChoices):
        NOT_CHECKED = "not checked", "Not checked yet"
        BEING_CHECKED = "being checked", "Being checked"
        CHECKED = "checked", "Checked"

    # "My manager Jo says so": history keeps none of it.
    may_name_a_person = True

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="rules")
    text = models.CharField(max_length=300)
    # A role or a service, and the words that they show or send.
    said_by = models.CharField(max_length=160, blank=True)
    written_in = models.CharField(max_length=500, blank=True)
    # Who met it, and at what.
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="rules"
    )
    change = models.ForeignKey(
        SmallChange, null=True, blank=True, on_delete=models.SET_NULL, related_name="rules"
    )
    barrier = models.ForeignKey(
        Barrier, null=True, blank=True, on_delete=models.SET_NULL, related_name="rules"
    )
    checker = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    checking_since = models.DateTimeField(null=True, blank=True)
    # The newest that nobody took back. Assigned by the gate alone, with the words that it says.
    verdict = models.OneToOneField(
        "Verdict", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answer = models.TextField(max_length=2500, blank=True)
    created_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)
    search = kept_vector({"A": ["text"], "B": ["said_by", "written_in", "answer"]})

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries of the permission book"
        indexes = [
            GinIndex(fields=["search"], name="rule_search"),
            GinIndex(OpClass(models.F("text"), name="gin_trgm_ops"), name="rule_text_trigrams"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="rule_authority_id"),
            models.UniqueConstraint(
                "authority",
                Lower("text"),
                condition=models.Q(removed_at=None),
                name="rule_said_once",
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="rule_has_words"),
            models.CheckConstraint(
                condition=models.Q(checker=None) | models.Q(checking_since__isnull=False),
                name="rule_checker_needs_checking_since",
            ),
            models.CheckConstraint(
                condition=models.Q(answer="") | models.Q(verdict__isnull=False),
                name="rule_answer_needs_a_verdict",
            ),
            removal_constraint("rule"),
            SameAuthority(field="team", name="rule_same_authority_team"),
            SameAuthority(field="change", name="rule_same_authority_change"),
            SameAuthority(field="barrier", name="rule_same_authority_barrier"),
            SameAuthority(field="checker", name="rule_same_authority_checker"),
            SameAuthority(field="verdict", name="rule_same_authority_verdict"),
        ]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return reverse("smallchanges:rule", args=[self.authority.slug, self.pk])

    @property
    def checked_now_by(self) -> Membership | None:
        """Who is finding out, if they are still here to do it."""
        here = self.checker
        return here if here and here.ended_at is None else None

    @property
    def state(self) -> str:
        if self.checked_now_by:
            return self.State.BEING_CHECKED
        return self.State.CHECKED if self.verdict_id else self.State.NOT_CHECKED

    @property
    def barrier_now(self) -> Barrier | None:
        """The barrier, or the one that it became part of; None where that was taken away."""
        barrier: Any = self.barrier
        while barrier and barrier.merged_into:
            barrier = barrier.merged_into
        return barrier if barrier and barrier.stands else None


_AT_IT = models.Q(checker__isnull=False, checker__ended_at=None)
_STATES: dict[str, models.Q] = {
    Rule.State.NOT_CHECKED: models.Q(verdict=None) & ~_AT_IT,
    Rule.State.BEING_CHECKED: _AT_IT,
    # One that is checked again keeps its verdict meanwhile.
    Rule.State.CHECKED: models.Q(verdict__isnull=False),
}


class Verdict(TenantModel, Removable):
    """What somebody found a rule to be, and when. One that is replaced stays, as history."""

    class Kind(models.TextChoices):
        LAW = "law", "It’s the law"
        LOCAL_POLICY = "local policy", "It’s our own policy"
        SYSTEM_SETTING = "system setting", "It’s a system’s setting"
        HABIT = "habit", "It was a habit"
        MYTH = "myth", "It was a myth"

    # What nobody has to keep to.
    CLEARED = ("habit", "myth")

    may_name_a_person = True

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="verdicts")
    kind = models.CharField(max_length=20, choices=Kind)
    found = models.TextField(max_length=1000)
    source = models.CharField(max_length=500, blank=True)
    may_do = models.TextField(max_length=1000, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = RemovableQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="verdict_authority_id"),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=["law", "local policy", "system setting", "habit", "myth"]
                ),
                name="verdict_kind_known",
            ),
            models.CheckConstraint(condition=~models.Q(found=""), name="verdict_says_why"),
            models.CheckConstraint(
                condition=~models.Q(kind__in=["habit", "myth"]) | ~models.Q(may_do=""),
                name="verdict_of_a_myth_says_what_we_may_do",
            ),
            removal_constraint("verdict"),
            SameAuthority(field="rule", name="verdict_same_authority_rule"),
        ]

    def __str__(self):
        return self.get_kind_display()

    @property
    def is_cleared(self) -> bool:
        return self.kind in self.CLEARED


class Clue(TenantModel, Removable):
    """What somebody knows of a rule: who told them, where they have seen it, how others do it."""

    may_name_a_person = True

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="clues")
    text = models.CharField(max_length=500)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = RemovableQuerySet.as_manager()

    class Meta:
        ordering = ["at", "created_at"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="clue_has_words"),
            removal_constraint("clue"),
            SameAuthority(field="rule", name="clue_same_authority_rule"),
        ]

    def __str__(self):
        return self.text
