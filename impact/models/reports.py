"""The impact report: sentences that the data said, which people edit, and then publish for good."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from programmes.models import (
    LocalAuthority,
    Programme,
    Removable,
    SameAuthority,
    TenantModel,
    User,
)
from programmes.models.tenancy import RemovableQuerySet, removal_constraint


class SectionKey(models.TextChoices):
    """In the order in which a first draft has them; the label is what it calls them."""

    AMBITION = "ambition", "What we set out to do"
    CHANGES = "changes", "Small changes"
    GIFT = "gift", "What turned out to be in our gift"
    PEOPLE = "people", "What people say"
    FAMILIES = "families", "Time with families"
    STORIES = "stories", "Stories"
    BLUEPRINT = "blueprint", "Our blueprint and its experiments"
    PROMISES = "promises", "Promises kept"
    CARRIED = "carried", "Who carries it on"
    DIFFERENTLY = "differently", "What we’d do differently"
    NUMBERS = "numbers", "How these numbers were made"


class ReportQuerySet(models.QuerySet):
    def published(self):
        """Those that members may read, the newest first."""
        return self.filter(state=Report.State.PUBLISHED).order_by("-number")

    def draft(self):
        """The one that is being written; at most one in an authority."""
        return self.filter(state=Report.State.DRAFT)

    def ever_published(self):
        """Those that hold a number for good, withdrawn or not."""
        return self.filter(published_at__isnull=False)

    def for_list(self):
        """Without the picture of the title page, with who published them; the newest first."""
        return (
            self.ever_published().defer("logo").select_related("published_by").order_by("-number")
        )


class Report(TenantModel):
    """One version of the report. PostgreSQL refuses to change a word of it once it is published,
    or to delete it (migration 0004).
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        WITHDRAWN = "withdrawn", "Withdrawn"

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="reports")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="reports")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120, default="What difference is it making?")
    # What is new in it, or why there is another one.
    why = models.TextField(max_length=1000, blank=True)
    # These are assigned by actions of reports alone.
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # The title page as it was that day: a council that changes its name did not write this anew.
    letterhead = models.CharField(max_length=160, blank=True)
    logo = models.BinaryField(default=bytes)
    version = models.PositiveIntegerField(default=1)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="report_authority_id"),
            models.UniqueConstraint(
                fields=["authority", "number"],
                condition=~models.Q(state="withdrawn", published_at=None),
                name="report_numbered_once",
            ),
            models.UniqueConstraint(
                fields=["authority"],
                condition=models.Q(state="draft"),
                name="report_one_draft_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(number__gte=1), name="report_is_numbered_from_one"
            ),
            models.CheckConstraint(condition=~models.Q(title=""), name="report_has_a_title"),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft"], published_at=None, withdrawn_at=None)
                | models.Q(state__in=["published"], published_at__isnull=False, withdrawn_at=None)
                | models.Q(state__in=["withdrawn"], withdrawn_at__isnull=False),
                name="report_state_has_its_days",
            ),
            models.CheckConstraint(
                condition=models.Q(published_by=None) | models.Q(published_at__isnull=False),
                name="report_published_by_needs_published_at",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_by=None) | models.Q(withdrawn_at__isnull=False),
                name="report_withdrawn_by_needs_withdrawn_at",
            ),
            SameAuthority(field="programme", name="report_same_authority_programme"),
        ]

    def __str__(self):
        return f"Impact report, version {self.number}"


class ReportSectionQuerySet(models.QuerySet):
    def of_a_draft(self):
        """Those that may be changed, with their reports."""
        return self.filter(report__state=Report.State.DRAFT).select_related("report")


class ReportSection(TenantModel):
    """One part of a report, in it or left out of it."""

    Key = SectionKey

    authority = models.ForeignKey(
        LocalAuthority, on_delete=models.CASCADE, related_name="report_sections"
    )
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="sections")
    key = models.CharField(max_length=20, choices=SectionKey)
    heading = models.CharField(max_length=120)
    is_in = models.BooleanField(default=True)
    position = models.PositiveIntegerField(default=0)

    objects = ReportSectionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "created_at"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="report_section_authority_id"),
            models.UniqueConstraint(fields=["report", "key"], name="report_section_once"),
            models.CheckConstraint(
                condition=models.Q(
                    key__in=[
                        *("ambition", "changes", "gift", "people", "families", "stories"),
                        *("blueprint", "promises", "carried", "differently", "numbers"),
                    ]
                ),
                name="report_section_key_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(heading=""), name="report_section_has_a_heading"
            ),
            SameAuthority(field="report", name="report_section_same_authority_report"),
        ]

    def __str__(self):
        return self.heading


class ReportSentenceQuerySet(RemovableQuerySet):
    def of_a_draft(self):
        """Those that may be changed, with their sections and reports."""
        of = self.filter(section__report__state=Report.State.DRAFT)
        return of.select_related("section__report")


class ReportSentence(TenantModel, Removable):
    """What a report says in one place: as the data said it, in our own words, or as it was told."""

    class Kind(models.TextChoices):
        DATA = "data", "From the data"
        OWN = "own", "Written by us"
        STORY = "story", "Told"

    authority = models.ForeignKey(
        LocalAuthority, on_delete=models.CASCADE, related_name="report_sentences"
    )
    section = models.ForeignKey(ReportSection, on_delete=models.CASCADE, related_name="sentences")
    kind = models.CharField(max_length=20, choices=Kind)
    # What of the data it tells, by which the next draft knows it again; none of our own words.
    key = models.CharField(max_length=120, blank=True, default="")
    text = models.TextField(max_length=2400)
    # What the data said when somebody last took its words.
    drafted = models.TextField(max_length=2400, blank=True, default="")
    # A list: of each base the question, how many answered, and when (`impact.basis`).
    rests_on = models.JSONField(default=list, blank=True)
    # What `text`, `drafted` and `rests_on` were before somebody last changed them, for an undo.
    before = models.JSONField(null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    objects = ReportSentenceQuerySet.as_manager()

    # People write what they like into a sentence of their own: history keeps none of it.
    may_name_a_person = True

    class Meta:
        ordering = ["position", "created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "key"],
                condition=~models.Q(key=""),
                name="report_sentence_told_once",
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="report_sentence_has_words"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["own"], key="", drafted="")
                | (
                    models.Q(kind__in=["data", "story"]) & ~models.Q(key="") & ~models.Q(drafted="")
                ),
                name="report_sentence_says_whose_it_is",
            ),
            # The teller said yes to these very words.
            models.CheckConstraint(
                condition=~models.Q(kind="story") | models.Q(text=models.F("drafted")),
                name="report_story_keeps_its_words",
            ),
            removal_constraint("report_sentence"),
            SameAuthority(field="section", name="report_sentence_same_authority_section"),
        ]

    def __str__(self):
        return self.text if len(self.text) <= 60 else f"{self.text[:59].rstrip()}…"

    @property
    def is_edited(self) -> bool:
        """Whether it says another thing than the data did."""
        return self.kind == self.Kind.DATA and self.text != self.drafted


class ReportShareQuerySet(models.QuerySet):
    def standing(self):
        """Those that nobody took back, of reports that are still published."""
        return self.filter(taken_back_at=None, report__state=Report.State.PUBLISHED)

    def to_read(self):
        """Standing ones of all authorities, by the authorities' names."""
        return self.standing().select_related("authority").order_by("authority__name")


class ReportShare(TenantModel):
    """Sections of a published report that an authority lets others read, until it takes it back."""

    authority = models.ForeignKey(
        LocalAuthority, on_delete=models.CASCADE, related_name="report_shares"
    )
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="shares")
    # Which of the report's sections, by their keys.
    keys = ArrayField(models.CharField(max_length=20, choices=SectionKey))
    shared_at = models.DateTimeField(default=timezone.now)
    shared_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ReportShareQuerySet.as_manager()

    class Meta:
        ordering = ["-shared_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority"],
                condition=models.Q(taken_back_at=None),
                name="report_share_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(keys__len__gte=1), name="report_share_of_something"
            ),
            models.CheckConstraint(
                condition=models.Q(taken_back_by=None) | models.Q(taken_back_at__isnull=False),
                name="report_share_taken_back_by_needs_taken_back_at",
            ),
            SameAuthority(field="report", name="report_share_same_authority_report"),
        ]

    def __str__(self):
        return "Sections of the impact report"
