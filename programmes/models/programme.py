"""One run of the approach in one authority: its start, its timeline and its four steps."""

from django.db import models
from django.db.models.functions import Coalesce

from .people import LocalAuthority, User
from .tenancy import SameAuthority, TenantModel


class Programme(TenantModel):
    class Model(models.TextChoices):
        TEAM_BASED = "team-based", "Team-based: a few teams take part directly"
        WHOLE_SERVICE = "whole-service", "Whole-service: everyone in children’s social care"

    class Answer(models.TextChoices):
        """An answer to one of the three scoping questions."""

        NOT_ASKED = "", "Not asked yet"
        YES = "yes", "Yes"
        PARTLY = "partly", "Partly"
        NOT_YET = "not yet", "Not yet"

    authority = models.ForeignKey(
        LocalAuthority, on_delete=models.CASCADE, related_name="programmes"
    )
    model = models.CharField(max_length=20, choices=Model)
    service = models.CharField(max_length=120)
    context = models.TextField(max_length=2000, blank=True)
    # The day of the launch. Unknown for a programme that is still being scoped.
    starts_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    pod_every_weeks = models.PositiveSmallIntegerField(default=4)
    # Scoping: does the authority believe that direct practice brings change for families …
    believes_in_practice = models.CharField(max_length=10, choices=Answer, blank=True)
    # … does it agree that today's system does not always work …
    sees_system_falls_short = models.CharField(max_length=10, choices=Answer, blank=True)
    # … and will it really listen to staff about what gets in the way.
    will_listen_to_staff = models.CharField(max_length=10, choices=Answer, blank=True)
    scoping_notes = models.TextField(max_length=2000, blank=True)
    # How many small changes people said should come first; not all of them were started.
    changes_prioritised = models.PositiveSmallIntegerField(null=True, blank=True)
    what_happens_now = models.CharField(max_length=300, blank=True)
    celebration = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="programme_authority_id"),
            models.UniqueConstraint(
                fields=["authority"],
                condition=models.Q(ended_on=None),
                name="programme_one_running_in_an_authority",
            ),
            models.CheckConstraint(
                condition=models.Q(model__in=["team-based", "whole-service"]),
                name="programme_model_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(service=""), name="programme_names_its_service"
            ),
            models.CheckConstraint(
                condition=models.Q(pod_every_weeks__range=(1, 16)),
                name="programme_pod_rhythm_in_weeks",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on=None)
                | models.Q(starts_on=None)
                | models.Q(ended_on__gte=models.F("starts_on")),
                name="programme_ends_after_it_starts",
            ),
            *(
                models.CheckConstraint(
                    condition=models.Q(**{f"{field}__in": ["", "yes", "partly", "not yet"]}),
                    name=f"programme_{field}_known",
                )
                for field in (
                    "believes_in_practice",
                    "sees_system_falls_short",
                    "will_listen_to_staff",
                )
            ),
        ]

    def __str__(self):
        return f"{self.service}, {self.authority}"


class Milestone(TenantModel):
    """A date on the timeline, laid out from the start date. One that people moved stays moved."""

    class Kind(models.TextChoices):
        LAUNCH = "launch", "Launch"
        VALUES = "values", "Ambition workshop: values and their opposite"
        VISION = "vision", "Ambition workshop: vision and barriers"
        MISSION = "mission", "Small changes workshop 1: Mission"
        DEVELOP = "develop", "Small changes workshop 2: Develop"
        INFLUENCE = "influence", "Small changes workshop 3: Influence"
        POD = "pod", "Learning pod"
        SENSEMAKING = "sensemaking", "Sensemaking"
        BLUEPRINT = "blueprint", "Blueprint co-design"
        CELEBRATION = "celebration", "Celebration"

    authority = models.ForeignKey(
        LocalAuthority, on_delete=models.CASCADE, related_name="milestones"
    )
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="milestones")
    kind = models.CharField(max_length=20, choices=Kind)
    # Counts learning pods from 1; 0 for every other kind, which happens once.
    number = models.PositiveSmallIntegerField(default=0)
    laid_out_on = models.DateField()
    moved_to = models.DateField(null=True, blank=True)
    on = models.GeneratedField(
        expression=Coalesce("moved_to", "laid_out_on"),
        output_field=models.DateField(),
        db_persist=True,
    )
    place = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["on", "number"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="milestone_authority_id"),
            models.UniqueConstraint(
                fields=["programme", "kind", "number"], name="milestone_once_in_a_programme"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        *("launch", "values", "vision", "mission", "develop", "influence"),
                        *("pod", "sensemaking", "blueprint", "celebration"),
                    ]
                ),
                name="milestone_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="pod", number__gte=1)
                | (~models.Q(kind="pod") & models.Q(number=0)),
                name="milestone_only_pods_are_numbered",
            ),
            SameAuthority(field="programme", name="milestone_same_authority_programme"),
        ]

    def __str__(self):
        return self.title

    @property
    def title(self) -> str:
        label = self.get_kind_display()
        return f"{label} {self.number}" if self.number else label

    @property
    def step(self) -> "JourneyStep.Step":
        """The step of the journey that it belongs to."""
        match self.kind:
            case self.Kind.LAUNCH | self.Kind.VALUES | self.Kind.VISION:
                return JourneyStep.Step.AMBITION
            case self.Kind.SENSEMAKING | self.Kind.BLUEPRINT:
                return JourneyStep.Step.BLUEPRINT
            case self.Kind.CELEBRATION:
                return JourneyStep.Step.CULTURE
        return JourneyStep.Step.SMALL_CHANGES


class JourneyStep(TenantModel):
    """One of the four steps, once people have said something of it. Done when they say so."""

    class Step(models.IntegerChoices):
        AMBITION = 1, "Setting our ambition"
        SMALL_CHANGES = 2, "Making small changes"
        BLUEPRINT = 3, "Co-designing a local blueprint"
        CULTURE = 4, "Listening, testing and learning"

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="steps")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="steps")
    step = models.PositiveSmallIntegerField(choices=Step)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # What people said when they called it done.
    said = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["step"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "step"], name="journey_step_once"),
            models.CheckConstraint(
                condition=models.Q(step__range=(1, 4)), name="journey_step_is_one_of_four"
            ),
            models.CheckConstraint(
                condition=models.Q(done_by=None) | models.Q(done_at__isnull=False),
                name="journey_step_done_by_needs_done_at",
            ),
            models.CheckConstraint(
                condition=models.Q(said="") | models.Q(done_at__isnull=False),
                name="journey_step_said_of_a_done_step",
            ),
            SameAuthority(field="programme", name="journey_step_same_authority_programme"),
        ]

    def __str__(self):
        return self.get_step_display()


class StepReturn(TenantModel):
    """People went back to a step that they had called done: learning, and what taught it.

    Keeps what was said of the step before, so that going back can be undone and nothing is lost.
    """

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="step_returns")
    step = models.PositiveSmallIntegerField(choices=JourneyStep.Step)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    why = models.CharField(max_length=300)
    was_done_at = models.DateTimeField()
    was_done_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    had_said = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(step__range=(1, 4)), name="step_return_is_one_of_four"
            ),
            models.CheckConstraint(condition=~models.Q(why=""), name="step_return_says_why"),
            SameAuthority(field="programme", name="step_return_same_authority_programme"),
        ]

    def __str__(self):
        return f"Back to {self.get_step_display()}"
