"""What a session is made of, and the ready-made ones that the Crescendo team writes."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from programmes.models import User


class SessionKind(models.TextChoices):
    """The sessions of the programme; those on the timeline have their milestone's value."""

    LAUNCH = "launch", "Launch"
    VALUES = "values", "Values and their opposite"
    VISION = "vision", "Vision and barriers"
    MISSION = "mission", "Mission"
    DEVELOP = "develop", "Develop"
    INFLUENCE = "influence", "Influence"
    POD = "pod", "Learning pod"
    SENSEMAKING = "sensemaking", "Sensemaking"
    BLUEPRINT = "blueprint", "Blueprint co-design"
    CELEBRATION = "celebration", "Celebration"
    TEAM_KIT = "team kit", "Team kit"


class ActivityKind(models.TextChoices):
    """What people do in a block of a session."""

    CHECK_IN = "check-in", "Check-in"
    WRITE = "write", "Write"
    THEME = "theme", "Theme"
    VOTE = "vote", "Vote"
    PLACE = "place", "Place"
    GIFT = "gift", "In our gift?"
    IDEAS = "ideas", "Ideas"
    STAKEHOLDERS = "stakeholders", "Who must be on board"
    PLAN = "plan", "Plan together"
    LOOK = "look", "Look at a change"
    DISCUSS = "discuss", "Discuss"
    PULSE = "pulse", "Pulse"
    SENSE = "sense", "Two voices"
    SURVEY = "survey", "Survey"
    READ = "read", "Read"


class Candour(models.TextChoices):
    """How openly people speak. Said in these words beside each box."""

    NAMED = "named", "With your name"
    HIDDEN = "hidden", "Your name is hidden from colleagues"
    ANONYMOUS = "anonymous", "Anonymous"


# Kinds in which people write notes.
WRITTEN = (
    ActivityKind.CHECK_IN,
    ActivityKind.WRITE,
    ActivityKind.IDEAS,
    ActivityKind.STAKEHOLDERS,
    ActivityKind.PLAN,
    ActivityKind.LOOK,
)
# Kinds whose notes go into one small change: its plan, who must be on board of it, and how it goes.
ABOUT_A_CHANGE = (ActivityKind.STAKEHOLDERS, ActivityKind.PLAN, ActivityKind.LOOK)
# Kinds that can have a change at all: of one that is only read, it is what people look at.
WITH_A_CHANGE = (*ABOUT_A_CHANGE, ActivityKind.READ)
NOTE_LENGTH = 280
MOST_COLUMNS = 6
LONGEST_MINUTES = 240
MOST_DOTS = 20
# How many may go on one thing, where nobody says otherwise.
MOST_ON_ONE = 3


def column_names(**kwargs):
    return ArrayField(models.CharField(max_length=60), **kwargs)


class Block(models.Model):
    """One thing that people do in a session, with its time and its words."""

    kind = models.CharField(max_length=20, choices=ActivityKind)
    title = models.CharField(max_length=120)
    # What everybody reads.
    prompt = models.CharField(max_length=300, blank=True)
    # What the facilitator could say; shown on the console alone.
    say = models.TextField(max_length=1000, blank=True)
    minutes = models.PositiveSmallIntegerField(default=10)
    # Headings to write under; none is one column without a heading. For ideas: strands or pillars.
    columns = column_names(blank=True, default=list)
    candour = models.CharField(max_length=20, choices=Candour, default=Candour.HIDDEN)
    # How many dots each person has, and how many may go on one thing. 0 where there is no vote, and
    # where a number is suggested once it is known how many things there are.
    dots = models.PositiveSmallIntegerField(default=0)
    most_on_one = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position"]

    def __str__(self):
        return self.title

    @property
    def is_written(self) -> bool:
        return self.kind in WRITTEN

    def words(self) -> dict:
        """What another block takes over from this one: what people do, and not what they did."""
        names = ("kind", "title", "prompt", "say", "minutes", "columns", "candour")
        return {name: getattr(self, name) for name in (*names, "dots", "most_on_one")}


def block_constraints(noun: str) -> list:
    return [
        models.CheckConstraint(
            condition=models.Q(
                kind__in=[
                    *("check-in", "write", "theme", "vote", "place", "gift", "ideas"),
                    *("stakeholders", "plan", "look", "discuss", "pulse", "sense"),
                    *("survey", "read"),
                ]
            ),
            name=f"{noun}_kind_known",
        ),
        models.CheckConstraint(
            condition=models.Q(candour__in=["named", "hidden", "anonymous"]),
            name=f"{noun}_candour_known",
        ),
        models.CheckConstraint(condition=~models.Q(title=""), name=f"{noun}_has_a_title"),
        models.CheckConstraint(
            condition=models.Q(minutes__range=(1, LONGEST_MINUTES)), name=f"{noun}_takes_time"
        ),
        models.CheckConstraint(
            condition=models.Q(columns__len__lte=MOST_COLUMNS), name=f"{noun}_columns_fit"
        ),
        models.CheckConstraint(
            condition=models.Q(dots=0, most_on_one=0)
            | models.Q(dots__lte=MOST_DOTS, most_on_one__gte=1, most_on_one__lte=models.F("dots")),
            name=f"{noun}_dots_fit",
        ),
    ]


class TemplateQuerySet(models.QuerySet):
    def newest(self):
        """The version of each session that people start from now, in the programme's order."""
        return self.filter(retired_at=None).order_by("position", "created_at")


class Template(models.Model):
    """One version of a ready-made session. A new version is a new row; workshops keep theirs."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # What the versions of one session have in common.
    key = models.SlugField(max_length=60)
    number = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=20, choices=SessionKind)
    title = models.CharField(max_length=120)
    about = models.TextField(max_length=1000, blank=True)
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Set when a newer version took its place, or nobody should start from it any more.
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        ordering = ["position", "title", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["key", "number"], name="template_version_once"),
            models.UniqueConstraint(
                fields=["key"],
                condition=models.Q(retired_at=None),
                name="template_one_version_in_use",
            ),
            models.CheckConstraint(condition=~models.Q(title=""), name="template_has_a_title"),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        *("launch", "values", "vision", "mission", "develop", "influence"),
                        *("pod", "sensemaking", "blueprint", "celebration", "team kit"),
                    ]
                ),
                name="template_kind_known",
            ),
        ]

    def __str__(self):
        return self.title


class TemplateBlock(Block):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="blocks")

    class Meta(Block.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["template", "position"],
                deferrable=models.Deferrable.DEFERRED,
                name="template_block_place_unique",
            ),
            *block_constraints("template_block"),
        ]
