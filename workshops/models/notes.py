"""What people give: notes, what they group and what they choose."""

import hashlib
import hmac
from collections.abc import Sequence
from uuid import UUID

from django.db import models

from programmes.models import (
    Barrier,
    CompositeKey,
    LocalAuthority,
    SameAuthority,
    TenantModel,
    User,
)

from .rooms import Activity, start_of_today
from .sessions import NOTE_LENGTH, Candour


def writer_digest(key: str, note_pk: UUID) -> str:
    """What a note remembers of its writer's device: nothing that two notes would share."""
    return hmac.new(key.encode(), note_pk.bytes, hashlib.sha256).hexdigest()


class InGift(models.TextChoices):
    """Whose it is to make happen, as the room sorts it."""

    OURS = "ours", "Ours"
    NEEDS_SPONSORSHIP = "needs sponsorship", "Needs sponsorship"
    ANOTHER_AGENCY = "another agency", "Needs another agency"
    BEYOND_US = "beyond us", "Beyond us"


def gift_constraint(noun: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(
            gift__in=["", "ours", "needs sponsorship", "another agency", "beyond us"]
        ),
        name=f"{noun}_gift_known",
    )


class Group(TenantModel):
    """Notes that belong together. Only a theme activity has groups."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="groups")
    title = models.CharField(max_length=160)
    position = models.PositiveIntegerField(default=0)
    # Kept, so that merging can be undone.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="merged"
    )
    removed_at = models.DateTimeField(null=True, blank=True)
    # Said by hand, in "in our gift?".
    gift = models.CharField(max_length=20, choices=InGift, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "created_at"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="group_authority_id"),
            models.CheckConstraint(condition=~models.Q(title=""), name="group_has_a_title"),
            models.CheckConstraint(
                condition=models.Q(merged_into=None) | ~models.Q(merged_into=models.F("id")),
                name="group_not_merged_into_itself",
            ),
            gift_constraint("group"),
            SameAuthority(field="activity", name="group_same_authority_activity"),
            SameAuthority(field="merged_into", name="group_same_authority_merged_into"),
        ]

    def __str__(self):
        return self.title

    @property
    def look(self) -> int:
        """1 to 5: which of the five colours and shapes it wears."""
        return self.position % 5 + 1


class NoteQuerySet(models.QuerySet):
    def standing(self):
        """Neither taken back by their writer nor redacted."""
        return self.filter(removed_at=None, redacted_at=None)

    def shown(self):
        """Those that everybody may see once they are revealed: not held back, not reported."""
        return self.standing().filter(held_for="")

    def parked_before(self, workshop):
        """What other sessions of the same programme left for the next one, oldest first."""
        return (
            self.shown()
            .filter(is_parked=True, activity__workshop__programme=workshop.programme_id)
            .exclude(activity__workshop=workshop.pk)
            .order_by("activity__workshop__starts_at", "position", "id")
        )

    def held(self):
        """Those that wait for the facilitator's look."""
        return self.standing().exclude(held_for="")


class Note(TenantModel):
    """A few words that one person wrote. Private until its activity is revealed."""

    class HeldFor(models.TextChoices):
        """Why a note is kept off the screens until the facilitator has looked at it."""

        NOTHING = "", "Nothing"
        GUARD = "guard", "It may name a person or a case"
        REPORT = "report", "Somebody asked for a look"

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    activity = models.ForeignKey(
        Activity, on_delete=models.CASCADE, related_name="notes", db_index=False
    )
    created_at = models.DateTimeField(default=start_of_today, editable=False)
    column = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(max_length=NOTE_LENGTH, blank=True)
    # The writer's wording, where the facilitator tidied it.
    as_written = models.CharField(max_length=NOTE_LENGTH, blank=True)
    candour = models.CharField(max_length=20, choices=Candour)
    participant = models.ForeignKey(
        "Participant", null=True, blank=True, on_delete=models.SET_NULL, related_name="notes"
    )
    writer_digest = models.CharField(max_length=64)
    # Given at random when the activity is revealed.
    position = models.PositiveIntegerField(default=0)
    held_for = models.CharField(max_length=10, choices=HeldFor, blank=True, default="")
    removed_at = models.DateTimeField(null=True, blank=True)
    redacted_at = models.DateTimeField(null=True, blank=True)
    redacted_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    group = models.ForeignKey(
        Group, null=True, blank=True, on_delete=models.SET_NULL, related_name="notes"
    )
    # The barrier that it stands for, where it was brought in from the ambition.
    barrier = models.ForeignKey(
        Barrier, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    # The note of an earlier session that it was brought in from.
    carried_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="carried_to"
    )
    # Left for the next session to open with.
    is_parked = models.BooleanField(default=False)
    gift = models.CharField(max_length=20, choices=InGift, blank=True)
    # Of a stakeholder: 1 to 5 each; 0 is not said.
    influence = models.PositiveSmallIntegerField(default=0)
    support = models.PositiveSmallIntegerField(default=0)
    ask = models.CharField(max_length=NOTE_LENGTH, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = NoteQuerySet.as_manager()

    # What people write in a room stays there: history keeps none of it.
    may_name_a_person = True

    # No columns: where people see it, as `workshops.suggestions` looked it up.
    suggested: Sequence = ()
    own_suggestion: "Suggestion | None" = None

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["activity", "position"], name="note_in_its_place")]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="note_authority_id"),
            models.CheckConstraint(
                condition=models.Q(candour__in=["named", "hidden", "anonymous"]),
                name="note_candour_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(candour="anonymous") | models.Q(participant=None),
                name="note_anonymous_names_nobody",
            ),
            models.CheckConstraint(
                condition=models.Q(held_for__in=["", "guard", "report"]),
                name="note_held_for_known",
            ),
            models.CheckConstraint(
                condition=models.Q(redacted_at=None, text__gt="")
                | models.Q(redacted_at__isnull=False, text="", as_written="", ask=""),
                name="note_redacted_keeps_no_words",
            ),
            models.CheckConstraint(
                condition=models.Q(redacted_by=None) | models.Q(redacted_at__isnull=False),
                name="note_redacted_by_needs_redacted_at",
            ),
            models.CheckConstraint(
                condition=models.Q(influence__lte=5, support__lte=5), name="note_scores_fit"
            ),
            gift_constraint("note"),
            SameAuthority(field="activity", name="note_same_authority_activity"),
            SameAuthority(field="participant", name="note_same_authority_participant"),
            SameAuthority(field="group", name="note_same_authority_group"),
            SameAuthority(field="barrier", name="note_same_authority_barrier"),
            SameAuthority(field="carried_from", name="note_same_authority_carried_from"),
        ]

    def __str__(self):
        return self.text

    @property
    def may_be_shown(self) -> bool:
        """As `shown` says of many."""
        return not (self.removed_at or self.redacted_at or self.held_for)


class LimitsOfAVote(CompositeKey):
    """A vote's own copy of its activity's limits stays true to them, or the change is refused.

    The checks on a vote can then read the limits from its own row: so many requests at once cannot
    pass a count that each of them read before the others wrote (`architecture.md` 8).
    """

    after = "ON UPDATE CASCADE"

    def __init__(self, *, name: str):
        super().__init__(field="activity", name=name)

    def columns(self, column: str) -> tuple[str, str]:
        return f"{column}, dots, most_on_one", "id, dots, most_on_one"

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        del kwargs["field"]
        return path, args, kwargs


class Vote(TenantModel):
    """One dot of one voter on one group, or on one note where nothing was grouped."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=start_of_today, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="votes")
    voter = models.CharField(max_length=64)
    group = models.ForeignKey(
        Group, null=True, blank=True, on_delete=models.CASCADE, related_name="votes"
    )
    note = models.ForeignKey(
        Note, null=True, blank=True, on_delete=models.CASCADE, related_name="votes"
    )
    slot = models.PositiveSmallIntegerField()
    slot_on_one = models.PositiveSmallIntegerField()
    dots = models.PositiveSmallIntegerField()
    most_on_one = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activity", "voter", "slot"], name="vote_slot_once"),
            models.UniqueConstraint(
                fields=["activity", "voter", "group", "note", "slot_on_one"],
                nulls_distinct=False,
                name="vote_slot_on_one_once",
            ),
            models.CheckConstraint(
                condition=models.Q(slot__gte=1) & models.Q(slot__lte=models.F("dots")),
                name="vote_within_the_dots",
            ),
            models.CheckConstraint(
                condition=models.Q(slot_on_one__gte=1)
                & models.Q(slot_on_one__lte=models.F("most_on_one")),
                name="vote_within_the_most_on_one",
            ),
            models.CheckConstraint(
                condition=models.Q(group=None, note__isnull=False)
                | models.Q(group__isnull=False, note=None),
                name="vote_on_one_thing",
            ),
            models.CheckConstraint(condition=~models.Q(voter=""), name="vote_has_a_voter"),
            LimitsOfAVote(name="vote_limits_are_its_activitys"),
            SameAuthority(field="activity", name="vote_same_authority_activity"),
            SameAuthority(field="group", name="vote_same_authority_group"),
            SameAuthority(field="note", name="vote_same_authority_note"),
        ]

    def __str__(self):
        return f"Dot {self.slot}"


class Mark(TenantModel):
    """One person's blind answer about one thing, or about none: a place, a gift, a pulse, a face.

    `across` and `up` are 1 to 5: feasibility and impact when an idea is placed; a pulse uses
    `across` alone, as does "in our gift?", in the order of its choices.
    """

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=start_of_today, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="marks")
    voter = models.CharField(max_length=64)
    group = models.ForeignKey(
        Group, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    note = models.ForeignKey(
        Note, null=True, blank=True, on_delete=models.CASCADE, related_name="marks"
    )
    across = models.PositiveSmallIntegerField()
    up = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "voter", "group", "note"],
                nulls_distinct=False,
                name="mark_once_for_a_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(across__range=(1, 5)) & models.Q(up__lte=5),
                name="mark_within_the_scale",
            ),
            models.CheckConstraint(condition=~models.Q(voter=""), name="mark_has_a_voter"),
            models.CheckConstraint(
                condition=models.Q(group=None) | models.Q(note=None), name="mark_on_one_thing"
            ),
            SameAuthority(field="activity", name="mark_same_authority_activity"),
            SameAuthority(field="group", name="mark_same_authority_group"),
            SameAuthority(field="note", name="mark_same_authority_note"),
        ]

    def __str__(self):
        return f"{self.across}, {self.up}"


SUGGESTED_NAME_LENGTH = 60


class SuggestionQuerySet(models.QuerySet):
    def open(self):
        """Those that the facilitator has not decided on."""
        return self.filter(decision=None)


class Suggestion(TenantModel):
    """Where one person sees a note: in a group that is there, or in one of a new name."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=start_of_today, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="suggestions")
    voter = models.CharField(max_length=64)
    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="suggestions")
    group = models.ForeignKey(
        Group, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    title = models.CharField(max_length=SUGGESTED_NAME_LENGTH, blank=True)
    # What one press of the facilitator decided, to be taken back together. None while it is open.
    decision = models.UUIDField(null=True, blank=True)
    # Where that moved the note, if it did.
    came_from = models.ForeignKey(
        Group, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    went_to = models.ForeignKey(
        Group, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = SuggestionQuerySet.as_manager()

    # What people type in a room stays there: history keeps none of it.
    may_name_a_person = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "voter", "note"], name="suggestion_once_for_a_note"
            ),
            models.CheckConstraint(
                condition=models.Q(group=None, title__gt="")
                | models.Q(group__isnull=False, title=""),
                name="suggestion_of_one_group",
            ),
            models.CheckConstraint(condition=~models.Q(voter=""), name="suggestion_has_a_voter"),
            models.CheckConstraint(
                condition=models.Q(decision__isnull=False) | models.Q(came_from=None, went_to=None),
                name="suggestion_moves_when_decided",
            ),
            SameAuthority(field="activity", name="suggestion_same_authority_activity"),
            SameAuthority(field="note", name="suggestion_same_authority_note"),
            SameAuthority(field="group", name="suggestion_same_authority_group"),
            SameAuthority(field="came_from", name="suggestion_same_authority_came_from"),
            SameAuthority(field="went_to", name="suggestion_same_authority_went_to"),
        ]

    def __str__(self):
        return self.title or str(self.group)
