"""Small changes, and how each has passed its gate."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchRank, TrigramWordSimilarity
from django.db import models
from django.db.models.functions import Coalesce, Greatest, JSONObject, Lower, RowNumber
from django.urls import reverse
from django.utils import timezone

from programmes.models import (
    Gift,
    LocalAuthority,
    Membership,
    Programme,
    Removable,
    SameAuthority,
    Team,
    TenantModel,
    User,
)
from programmes.models.tenancy import RemovableQuerySet, removal_constraint

from .search import kept_vector, query_of
from .strands import MissionStrand


class Stage(models.TextChoices):
    """Where a change is in the model of the Small Changes Inspiration Programme."""

    MISSION = "mission", "Mission"
    DEVELOP = "develop", "Develop"
    INFLUENCE = "influence", "Influence"
    GROW = "grow", "Grow"

    @property
    def number(self) -> int:
        """1 to 4."""
        return list(type(self)).index(self) + 1


class Status(models.TextChoices):
    """Whether a change lives."""

    PROPOSED = "proposed", "Proposed"
    CHOSEN = "chosen", "Chosen"
    IN_PROGRESS = "in progress", "In progress"
    PAUSED = "paused", "Paused"
    EMBEDDED = "embedded", "Embedded"
    STOPPED = "stopped", "Stopped"


def _place_in(choices: type[models.TextChoices], field: str) -> models.Case:
    """1 for the first of the choices, 2 for the next: their own order and not the alphabet's."""
    return models.Case(
        *(models.When(**{field: one}, then=place) for place, one in enumerate(choices, start=1)),
        output_field=models.IntegerField(),
    )


# Ask for the changes that nobody has put in a strand, and for those that nobody leads.
NO_STRAND = NOBODY = "none"
# What the table can be sorted by.
_SORTS: dict[str, Any] = {
    "title": Lower("title"),
    "strand": models.F("strand__position"),
    "stage": _place_in(Stage, "stage"),
    "status": _place_in(Status, "status"),
    "gift": _place_in(Gift, "gift"),
    "moved": models.F("moved_at"),
}
SORTS = tuple(_SORTS)
# A change on the growth lines is one that people chose and did not stop.
LIVING = (Status.CHOSEN, Status.IN_PROGRESS, Status.PAUSED, Status.EMBEDDED)
# A change that nobody touched for longer than a learning pod's rhythm and a week has gone quiet.
QUIET_WEEKS = 5
# Long words that a list of many changes does not show.
_LONG = ("why", "success", "tracking", "result", "impact")
_AT_ITS_PLACE = ("position", "created_at")
# What a line names of a change.
_NAMED = ("title", "stage", "status", "strand", "illustrative")


def _standing(rows: str):
    """The standing rows of plans, by their name there: their module stands on this one."""
    model: Any = SmallChange._meta.get_field(rows).related_model
    return model.objects.standing().order_by()


class SmallChangeQuerySet(models.QuerySet):
    def living(self):
        return self.filter(status__in=LIVING)

    def quiet(self, *, weeks: int = QUIET_WEEKS):
        """Those at work that nobody has moved, or told of, for a while."""
        since = timezone.now() - timedelta(weeks=weeks)
        lately = {"change": models.OuterRef("pk"), "at__gt": since}
        return self.filter(
            ~models.Exists(Move.objects.filter(**lately)),
            ~models.Exists(Update.objects.standing().filter(**lately)),
            status__in=[Status.CHOSEN, Status.IN_PROGRESS],
        )

    def untold_since(self, then: datetime):
        """Those at work of which nobody has moved or told anything since `then`.

        With `told_at`, when somebody last did, or when the change was added; and with its lead.
        """
        newest = {"change": models.OuterRef("pk")}
        moves = Move.objects.filter(**newest).order_by("-at").values("at")[:1]
        updates = Update.objects.standing().filter(**newest).order_by("-at").values("at")[:1]
        told_at = Greatest(models.Subquery(moves), models.Subquery(updates), "created_at")
        return (
            self.filter(status__in=[Status.CHOSEN, Status.IN_PROGRESS])
            .annotate(told_at=told_at)
            .filter(told_at__lt=then)
            .select_related("authority", "lead__user")
            .order_by("told_at")
        )

    def of_running_programmes(self):
        return self.filter(programme__ended_on=None)

    def needing_help(self):
        """Those at work whose newest update asks for somebody's help."""
        newest = Update.objects.standing().filter(change=models.OuterRef("pk")).order_by("-at")
        asks = models.Subquery(newest.values("needs_help")[:1])
        return self.living().alias(newest_asks=asks).filter(newest_asks=True)

    def left_without_help(self):
        """Those that need help, and nobody was asked for it yet."""
        asks = _standing("asks").filter(change=models.OuterRef("pk"), state="waiting")
        return self.needing_help().exclude(models.Exists(asks))

    def needing_an_ask(self):
        """Living ones that wait for a yes which is not the team's to give, and nobody is asked."""
        waited_for = models.Exists(
            _standing("stakeholders")
            .filter(change=models.OuterRef("pk"))
            .exclude(stance="on board")
        )
        asked = models.Exists(
            _standing("asks").filter(change=models.OuterRef("pk")).exclude(state="no")
        )
        return self.living().filter(~models.Q(gift=Gift.OURS) | waited_for).exclude(asked)

    def in_stage_order(self):
        return self.annotate(stage_number=_place_in(Stage, "stage")).order_by(
            "stage_number", *_AT_ITS_PLACE
        )

    def for_list(self):
        """With strand and teams, and `moved_at`: when it last passed the gate, or was written.

        In the order of strands and stages.
        """
        moves = Move.objects.filter(change=models.OuterRef("pk")).order_by("-at")
        return (
            self.select_related("strand")
            .prefetch_related("teams")
            .annotate(moved_at=Coalesce(models.Subquery(moves.values("at")[:1]), "created_at"))
            .in_stage_order()
            .order_by("strand__position", "stage_number", "position", "created_at")
        )

    def known_as(self, pk):
        """The one that has this id, or that one with it was joined with."""
        joined = SmallChange._base_manager.filter(pk=pk).values("merged_into")[:1]
        return self.filter(models.Q(pk=pk) | models.Q(pk=models.Subquery(joined)))

    def for_page(self):
        """With strand, teams, the member who leads it, and its `joined_here` and `grew_out_of_it`:
        dicts of `pk`, `title` and `purpose`.
        """
        here = models.OuterRef("pk")
        said = JSONObject(pk="pk", title="title", purpose="purpose")
        joined = SmallChange._base_manager.filter(merged_into=here).order_by("title")
        grown = SmallChange.objects.filter(split_from=here).order_by("created_at")
        return (
            self.select_related("strand", "lead__user", "split_from")
            .prefetch_related("teams")
            .annotate(
                joined_here=ArraySubquery(joined.values(said=said)),
                grew_out_of_it=ArraySubquery(grown.values(said=said)),
            )
        )

    def to_name(self):
        """With what a line names of a change, and no more."""
        return self.only(*_NAMED, *_AT_ITS_PLACE)

    def briefly(self):
        """Without the long words of its plan, which lists of many do not show."""
        return self.defer("search", *_LONG)

    def first_of_each(self, *fields: str, most: int):
        """The first `most` with the same values in these fields, in the order of `for_list`."""
        order = ("strand__position", *_AT_ITS_PLACE)
        place = models.Window(RowNumber(), partition_by=list(fields), order_by=order)
        firsts = self.annotate(place_in_group=place).filter(place_in_group__lte=most)
        return SmallChange.objects.filter(pk__in=firsts.values("pk"))

    def matching(
        self,
        *,
        q="",
        strand="",
        team="",
        stage="",
        status="",
        gift="",
        owner="",
        quiet="",
        ask="",
        is_guess=False,
    ):
        """Those that fit every filter that is set.

        `strand` and `owner` are ids, or NO_STRAND and NOBODY; `quiet` is a number of weeks; any
        `ask` asks for those that need one. With `is_guess`, `q` is words that nothing says.
        """
        found = self.worded(q, is_guess=is_guess) if q else self
        if strand:
            found = found.filter(strand=None if strand == NO_STRAND else strand)
        if team:
            # Asked apart from the row, so that a change of two teams is found once.
            found = found.filter(pk__in=ChangeTeam.objects.filter(team=team).values("change"))
        if owner == NOBODY:
            found = found.filter(lead=None, led_by="")
        elif owner:
            steps = _standing("steps").filter(owner=owner)
            found = found.filter(models.Q(lead=owner) | models.Q(pk__in=steps.values("change")))
        if quiet:
            found = found.quiet(weeks=int(quiet))
        if ask:
            found = found.needing_an_ask()
        choices = {"stage": stage, "status": status, "gift": gift}
        return found.filter(**{field: value for field, value in choices.items() if value})

    def worded(self, words: str, *, is_guess: bool = False):
        """Those with all of these words, in what they say or in what was told of them.

        With `is_guess`, those whose title comes close: somebody's finger slipped.
        """
        query = query_of(words)
        if query is None:
            return self.filter(title__icontains=words)
        if is_guess:
            return self.filter(title__trigram_word_similar=words)
        told = Update.objects.standing().filter(search=query).order_by()
        return self.filter(models.Q(search=query) | models.Q(pk__in=told.values("change")))

    def says(self, words: str) -> bool:
        """Whether any has just these words, so that nobody need guess; one query."""
        return query_of(words) is None or self.worded(words).order_by().exists()

    def closest_first(self, words: str, *, is_guess: bool):
        """Those first in which the words weigh most; of guesses, those whose title is closest."""
        query = query_of(words)
        if query is None:
            return self
        near: models.Func = (
            TrigramWordSimilarity(words, "title")
            if is_guess
            else SearchRank(models.F("search"), query, normalization=1)
        )
        return self.order_by(near.desc(), Lower("title"), "pk")

    def sorted_by(self, column: str, *, down: bool = False):
        """The list's order by one of `SORTS`; rows that are alike there go by their titles."""
        order = models.OrderBy(_SORTS[column], descending=down, nulls_last=True)
        return self.order_by(order, Lower("title"), "pk")

    def tally(self) -> list[tuple[Any, str, str, int]]:
        """How many there are of each (strand's id, stage, status); one query."""
        groups = self.order_by().values_list("strand", "stage", "status")
        return list(groups.annotate(number=models.Count("pk")))


_Manager = models.Manager.from_queryset(SmallChangeQuerySet)


class SmallChangeManager(_Manager):
    def get_queryset(self):
        """Those that were not joined with another: no list, count or file has them.

        Without what is only there to be searched: it is as long as all of a change's words.
        """
        return super().get_queryset().filter(merged_into=None).defer("search")


class SmallChange(TenantModel):
    """Something within the authority's own influence that could be made now, and is tried."""

    authority = models.ForeignKey(
        LocalAuthority, on_delete=models.CASCADE, related_name="small_changes"
    )
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="small_changes")
    strand = models.ForeignKey(
        MissionStrand, null=True, blank=True, on_delete=models.PROTECT, related_name="small_changes"
    )
    title = models.CharField(max_length=160)
    # One sentence: so that …
    purpose = models.CharField(max_length=300, blank=True)
    # Once the change is added, both are assigned by actions.move() alone.
    stage = models.CharField(max_length=20, choices=Stage, default=Stage.MISSION)
    status = models.CharField(max_length=20, choices=Status, default=Status.PROPOSED)
    gift = models.CharField(max_length=20, choices=Gift, default=Gift.OURS)
    teams = models.ManyToManyField(Team, through="ChangeTeam", related_name="small_changes")
    lead = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Who leads it, in words, where that is a group or not a member: "a working group".
    led_by = models.CharField(max_length=160, blank=True)
    # The action plan's questions 1, 2 and 4; question 3 is its steps.
    why = models.TextField(max_length=2000, blank=True)
    success = models.TextField(max_length=2000, blank=True)
    tracking = models.TextField(max_length=2000, blank=True)
    # What came of it, and what that meant for people.
    result = models.TextField(max_length=1000, blank=True)
    impact = models.TextField(max_length=1000, blank=True)
    position = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Which change it became part of. It keeps its words, and comes back where that is undone.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="joined"
    )
    # Which change it grew out of, where one was made two.
    split_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="offshoots"
    )
    version = models.PositiveIntegerField(default=1)
    search = kept_vector(
        {"A": ["title"], "B": ["purpose"], "C": [*_LONG]}, as_written=["title", "purpose"]
    )

    objects = SmallChangeManager()

    class Meta:
        ordering = ["position", "created_at"]
        indexes = [
            models.Index(fields=["authority", "stage"], name="change_authority_stage"),
            # What lists of many count, and choose by, without a look at the rows.
            models.Index(
                fields=["programme", "stage", "status", "strand", "position", "created_at"],
                include=["id", "gift"],
                condition=models.Q(merged_into=None),
                name="change_at_a_glance",
            ),
            GinIndex(fields=["search"], name="change_search"),
            GinIndex(OpClass("title", "gin_trgm_ops"), name="change_title_trigrams"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="change_authority_id"),
            models.UniqueConstraint("programme", Lower("title"), name="change_title_unique"),
            models.CheckConstraint(condition=~models.Q(title=""), name="change_has_a_title"),
            models.CheckConstraint(
                condition=models.Q(stage__in=Stage.values), name="change_stage_known"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=Status.values), name="change_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(gift__in=Gift.values), name="change_gift_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(status="embedded") | models.Q(stage="grow"),
                name="change_embedded_only_in_grow",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into=None) | ~models.Q(merged_into=models.F("id")),
                name="change_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=models.Q(split_from=None) | ~models.Q(split_from=models.F("id")),
                name="change_not_split_from_itself",
            ),
            SameAuthority(field="programme", name="change_same_authority_programme"),
            SameAuthority(field="strand", name="change_same_authority_strand"),
            SameAuthority(field="merged_into", name="change_same_authority_merged_into"),
            SameAuthority(field="split_from", name="change_same_authority_split_from"),
            SameAuthority(field="lead", name="change_same_authority_lead"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("smallchanges:change", args=[self.authority.slug, self.pk])


class ChangeTeam(TenantModel):
    # Where one change is made two, both have it.
    goes_with_both = True

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    change = models.ForeignKey(SmallChange, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["change", "team"], name="change_team_once"),
            SameAuthority(field="change", name="change_team_same_authority_change"),
            SameAuthority(field="team", name="change_team_same_authority_team"),
        ]

    def __str__(self):
        return f"{self.change_id} of {self.team_id}"


class JointMove(TenantModel):
    """One press that moved several changes: its Undo takes all of them back."""

    authority = models.ForeignKey(
        LocalAuthority, on_delete=models.CASCADE, related_name="joint_moves"
    )
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="joint_move_authority_id")
        ]

    def __str__(self):
        return f"Several changes, moved at {self.created_at}"


# Why a move went the other way again, where somebody took it back at once.
SLIP = "That move was a slip, and was taken back."
# What a change did when it came to have this status: the end of a sentence that names it.
_HAPPENED = {
    Status.PROPOSED: "is an idea again",
    Status.CHOSEN: "was chosen",
    Status.IN_PROGRESS: "is under way",
    Status.PAUSED: "is resting for now",
    Status.EMBEDDED: "is how we work now",
    Status.STOPPED: "has stopped, and keeps what it taught",
}


class Move(TenantModel):
    """One passage through the gate: from where to where, and why. Going back is learning."""

    # How a change came to where it is stays with it: another that it is joined with came elsewise.
    stays_when_joined = True

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    change = models.ForeignKey(SmallChange, on_delete=models.CASCADE, related_name="moves")
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    from_stage = models.CharField(max_length=20, choices=Stage)
    to_stage = models.CharField(max_length=20, choices=Stage)
    from_status = models.CharField(max_length=20, choices=Status)
    to_status = models.CharField(max_length=20, choices=Status)
    why = models.CharField(max_length=500, blank=True)
    # Where others moved by the same press.
    joint = models.ForeignKey(
        JointMove, null=True, blank=True, on_delete=models.SET_NULL, related_name="moves"
    )

    class Meta:
        ordering = ["-at", "-created_at"]
        indexes = [models.Index(fields=["change", "at"], name="move_change_at")]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="move_authority_id"),
            models.CheckConstraint(
                condition=~models.Q(from_stage=models.F("to_stage"))
                | ~models.Q(from_status=models.F("to_status")),
                name="move_goes_somewhere",
            ),
            models.CheckConstraint(
                condition=models.Q(from_stage__in=Stage.values)
                & models.Q(to_stage__in=Stage.values),
                name="move_stages_known",
            ),
            models.CheckConstraint(
                condition=models.Q(from_status__in=Status.values)
                & models.Q(to_status__in=Status.values),
                name="move_statuses_known",
            ),
            models.CheckConstraint(
                condition=(~models.Q(from_status="embedded") | models.Q(from_stage="grow"))
                & (~models.Q(to_status="embedded") | models.Q(to_stage="grow")),
                name="move_embedded_only_in_grow",
            ),
            SameAuthority(field="change", name="move_same_authority_change"),
            SameAuthority(field="joint", name="move_same_authority_joint"),
        ]

    def __str__(self):
        return f"{self.get_from_stage_display()} to {self.get_to_stage_display()}"

    @property
    def goes_back(self) -> bool:
        return Stage(self.to_stage).number < Stage(self.from_stage).number

    @property
    def is_learning(self) -> bool:
        """Whether a change stopped by it, and says what it taught."""
        return self.to_status == Status.STOPPED != self.from_status and bool(self.why)

    @property
    def took_back(self) -> bool:
        """Whether it undid the move before it."""
        return self.why == SLIP

    @property
    def what_happened(self) -> str:
        """Such as "moved to Grow and is under way.": a sentence that the change's title begins."""
        said = []
        if self.from_stage != self.to_stage:
            way = "went back to" if self.goes_back else "moved to"
            said.append(f"{way} {self.get_to_stage_display()}")
        if self.from_status != self.to_status:
            said.append(_HAPPENED[Status(self.to_status)])
        return f"{' and '.join(said)}."


class Update(TenantModel, Removable):
    """One line on what happened. Where it moved the change on, or back, that is its `move`."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    change = models.ForeignKey(SmallChange, on_delete=models.CASCADE, related_name="updates")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    text = models.CharField(max_length=500)
    # Said with it: the change waits for somebody's help, until its next update says no more of it.
    needs_help = models.BooleanField(default=False)
    search = kept_vector({"D": ["text"]})
    move = models.OneToOneField(
        Move, null=True, blank=True, on_delete=models.SET_NULL, related_name="update"
    )

    objects = RemovableQuerySet.as_manager()

    # Who said yes, and who did not: history keeps none of it.
    may_name_a_person = True

    class Meta:
        ordering = ["-at", "-created_at"]
        indexes = [
            models.Index(fields=["change", "at"], name="update_change_at"),
            GinIndex(fields=["search"], name="update_search"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="update_authority_id"),
            models.CheckConstraint(condition=~models.Q(text=""), name="update_has_words"),
            removal_constraint("update"),
            SameAuthority(field="change", name="update_same_authority_change"),
            SameAuthority(field="move", name="update_same_authority_move"),
        ]

    def __str__(self):
        return self.text
