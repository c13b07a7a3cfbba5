"""Inspiration, not lift and shift: what leaves the house of a small change, and what grows of it.

A `Share` is one text: the exact words of one change that others may read. Its team consents to
those words and to no others, and the database holds it to that. A `Seed` is a change elsewhere that
began with reading it.
"""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import (
    SearchQuery,
    SearchRank,
    TrigramWordSimilarity,
)
from django.db import models
from django.db.models.functions import MD5, Concat, Greatest
from django.urls import reverse
from django.utils import timezone

from programmes.models import LocalAuthority, Membership, SameAuthority, TenantModel, User
from programmes.models.tenancy import CompositeKey

from .changes import SmallChange
from .search import kept_vector

# What leaves the house, in the order in which it is read.
WORDS = (
    *("title", "sentence", "what_we_did", "what_it_needed"),
    *("what_we_met", "what_came_of_it", "our_setting"),
)
# A title that is this near to what somebody typed is meant, for all its letters in a wrong order.
_ALIKE = 0.45


class AnyWordOf(SearchQuery):
    """Finds what shares at least one word with a text, as people write sentences."""

    def __init__(self, text: str):
        super().__init__(text, config="english")

    def as_sql(self, *args: Any, **kwargs: Any):
        sql, params = super().as_sql(*args, **kwargs)
        return f"REPLACE(({sql})::text, '&', '|')::tsquery", params


class SameWords(CompositeKey):
    """A yes names the words that it was given to by their digest: they are changed no more."""

    def columns(self, column: str) -> tuple[str, str]:
        return f"{column}, digest", "id, digest"


class ConsentToTheseWords(CompositeKey):
    """What is shared stands on a yes to these very words."""

    def columns(self, column: str) -> tuple[str, str]:
        return f"id, {column}, digest", "share_id, id, digest"


class ShareQuerySet(models.QuerySet):
    def shared(self):
        """What an authority shows to all others, and has not taken back: with `shared_before` the
        only rows that cross from one authority to another. `smallchanges/inspiration.py` reads
        them, and nothing else does.
        """
        return self.filter(shared_at__isnull=False, ended_at=None)

    def shared_before(self):
        """What is shared, and what was, whose words are taken back by now."""
        return self.filter(shared_at__isnull=False)

    def found_by(self, *, q: str = "", near: str = "", place: str = ""):
        """Those with these words, near to this text, of this place; the closest first."""
        found: Any = self.filter(authority__slug=place) if place else self
        closeness: list[Any] = []
        if q:
            query = SearchQuery(q, config="english", search_type="websearch")
            found = found.annotate(alike=TrigramWordSimilarity(q, "title"))
            found = found.filter(models.Q(search=query) | models.Q(alike__gte=_ALIKE))
            closeness.append(Greatest(SearchRank(models.F("search"), query), "alike"))
        if near:
            found = found.filter(search=AnyWordOf(near))
            closeness.append(SearchRank(models.F("search"), AnyWordOf(near)))
        return found.order_by(*(one.desc() for one in closeness), "-shared_at", "pk")

    def newest_of_each(self):
        """The newest words of each change, with `change` fetched."""
        newest = self.order_by("change_id", "-version").distinct("change_id").values("pk")
        return self.filter(pk__in=newest).select_related("change").order_by("-created_at")

    def to_read(self):
        """The words and where they come from, as plain values: no way leads on to the change."""
        return self.annotate(
            place=models.F("authority__name"), slug=models.F("authority__slug")
        ).values_list("pk", *WORDS, "shared_at", "illustrative", "place", "slug", named=True)


class Share(TenantModel):
    """One text about a change, for others to read. Written, asked about, shared, and ended.

    Words that were asked about are never changed: new words are a new row, with the next version,
    and ask anew. A row ends where newer words replace it, or where it is taken back.
    """

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="shares")
    change = models.ForeignKey(SmallChange, on_delete=models.CASCADE, related_name="shares")
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=160)
    sentence = models.CharField(max_length=300)
    what_we_did = models.TextField(max_length=2000)
    what_it_needed = models.TextField(max_length=1000, blank=True)
    what_we_met = models.TextField(max_length=2000, blank=True)
    what_came_of_it = models.TextField(max_length=2000, blank=True)
    # Kind of authority, size of the team: what others need to know before they take anything over.
    our_setting = models.CharField(max_length=500)
    digest = models.GeneratedField(
        expression=MD5(
            Concat(
                *(part for word in WORDS for part in (word, models.Value("\x1f"))),
                output_field=models.TextField(),
            )
        ),
        output_field=models.CharField(max_length=32),
        db_persist=True,
    )
    search = kept_vector({"A": ["title"], "B": ["sentence"], "C": [*WORDS[2:]]})
    # All four moments are assigned in actions/shares.py alone.
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    shared_at = models.DateTimeField(null=True, blank=True)
    shared_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # One yes to these words, for as long as they are shared.
    consent = models.ForeignKey(
        "Consent", null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )

    objects = ShareQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        indexes = [GinIndex(fields=["search"], name="share_search")]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="share_authority_id"),
            models.UniqueConstraint(fields=["id", "digest"], name="share_words"),
            models.UniqueConstraint(fields=["change", "version"], name="share_version_once"),
            models.UniqueConstraint(
                fields=["change"],
                condition=models.Q(shared_at=None, ended_at=None),
                name="share_one_in_the_making",
            ),
            models.UniqueConstraint(
                fields=["change"],
                condition=models.Q(shared_at__isnull=False, ended_at=None),
                name="share_one_of_a_change",
            ),
            models.CheckConstraint(
                condition=~models.Q(title="") & ~models.Q(sentence="") & ~models.Q(what_we_did=""),
                name="share_has_words",
            ),
            models.CheckConstraint(condition=~models.Q(our_setting=""), name="share_has_a_setting"),
            models.CheckConstraint(
                condition=models.Q(asked_by=None) | models.Q(asked_at__isnull=False),
                name="share_asked_by_needs_asked_at",
            ),
            models.CheckConstraint(
                condition=models.Q(shared_by=None) | models.Q(shared_at__isnull=False),
                name="share_shared_by_needs_shared_at",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_by=None) | models.Q(ended_at__isnull=False),
                name="share_ended_by_needs_ended_at",
            ),
            models.CheckConstraint(
                condition=models.Q(shared_at=None)
                | models.Q(ended_at__isnull=False)
                | models.Q(consent__isnull=False),
                name="share_stands_on_a_consent",
            ),
            models.CheckConstraint(
                condition=models.Q(shared_at=None) | models.Q(asked_at__isnull=False),
                name="share_was_asked_about",
            ),
            SameAuthority(field="change", name="share_same_authority_change"),
            SameAuthority(field="consent", name="share_same_authority_consent"),
            ConsentToTheseWords(field="consent", name="share_consent_to_these_words"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("smallchanges:share", args=[self.authority.slug, self.change_id])

    @property
    def is_open(self) -> bool:
        """Whether others can read it now."""
        return self.shared_at is not None and self.ended_at is None

    @property
    def is_in_the_making(self) -> bool:
        return self.shared_at is None and self.ended_at is None

    @property
    def was_put_aside(self) -> bool:
        return self.shared_at is None and self.ended_at is not None

    @property
    def was_taken_back(self) -> bool:
        return self.shared_at is not None and self.ended_at is not None


class Consent(TenantModel):
    """What one person of the team says to the exact words of a share."""

    class Says(models.TextChoices):
        YES = "yes", "Yes, share these words"
        NOT_YET = "not yet", "Not yet"

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="consents")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    says = models.CharField(max_length=20, choices=Says)
    # Of the words that a yes was given to; without a yes there is none.
    digest = models.CharField(max_length=32, null=True, blank=True)
    why = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now)

    # What somebody does not want to have told may well be about somebody.
    may_name_a_person = True

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="consent_authority_id"),
            models.UniqueConstraint(fields=["share", "id", "digest"], name="consent_to_words"),
            models.UniqueConstraint(fields=["share", "membership"], name="consent_once_a_person"),
            models.CheckConstraint(
                condition=models.Q(says__in=["yes", "not yet"]), name="consent_says_known"
            ),
            models.CheckConstraint(
                condition=models.Q(says="yes", digest__isnull=False)
                | models.Q(says="not yet", digest=None),
                name="consent_yes_names_the_words",
            ),
            models.CheckConstraint(
                condition=models.Q(says="yes") | ~models.Q(why=""),
                name="consent_not_yet_says_why",
            ),
            SameAuthority(field="share", name="consent_same_authority_share"),
            SameAuthority(field="membership", name="consent_same_authority_membership"),
            SameWords(field="share", name="consent_same_words"),
        ]

    def __str__(self):
        return f"{self.membership_id} says {self.says}"


class SeedQuerySet(models.QuerySet):
    def from_words_on(self, changes):
        """What grew from these changes, wherever it grows: read by `smallchanges/inspiration.py`.

        With `parent`, the change whose words were read; the oldest first.
        """
        return self.filter(share__change__in=changes).annotate(parent=models.F("share__change"))


class Seed(TenantModel):
    """Where a change began: with somebody else's, and with what is different here.

    The one row that points into another authority. It belongs to those who took the seed; what of
    it others see is theirs to say.
    """

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="seeds")
    change = models.OneToOneField(SmallChange, on_delete=models.CASCADE, related_name="seed")
    share = models.ForeignKey(Share, on_delete=models.PROTECT, related_name="seeds")
    starting_point = models.TextField(max_length=1000)
    what_differs = models.TextField(max_length=1000)
    what_we_keep = models.TextField(max_length=1000, blank=True)
    what_we_change = models.TextField(max_length=1000, blank=True)
    whose_yes = models.CharField(max_length=160, blank=True)
    # Whether those whose words it grew from, and their readers, hear who took it and where it is.
    tells = models.BooleanField(default=False)
    # How it goes and, where it stopped, why: written for others to read.
    told = models.CharField(max_length=500, blank=True)
    taken_at = models.DateTimeField(default=timezone.now)
    taken_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    objects = SeedQuerySet.as_manager()

    # Whose yes they need.
    may_name_a_person = True

    class Meta:
        ordering = ["taken_at"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(starting_point=""), name="seed_has_a_starting_point"
            ),
            models.CheckConstraint(
                condition=~models.Q(what_differs=""), name="seed_says_what_differs"
            ),
            models.CheckConstraint(
                condition=models.Q(tells=True) | models.Q(told=""), name="seed_told_where_it_tells"
            ),
            SameAuthority(field="change", name="seed_same_authority_change"),
        ]

    def __str__(self):
        return f"Seed of {self.change_id}"
