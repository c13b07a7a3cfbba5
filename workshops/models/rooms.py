"""A workshop: its plan, its room, and who is in it."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.db import models
from django.db.models.functions import Length, Lower
from django.db.models.lookups import In
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from blueprints.models import PlacingRound
from programmes.models import (
    CompositeKey,
    LocalAuthority,
    Milestone,
    Programme,
    SameAuthority,
    TenantModel,
    User,
    start_of_day,
    start_of_today,
)
from smallchanges.models import SmallChange
from surveys.models import Survey

from .sessions import ABOUT_A_CHANGE, Block, SessionKind, Template, block_constraints

# No vowels, so that no word comes out; none of 0 O 1 I L.
CODE_LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8
# Who was seen within this time is in the room.
PRESENT_FOR = timedelta(seconds=20)
# A silent facilitator's seat may be taken after this time.
SEAT_HELD_FOR = timedelta(seconds=60)
# A guest's key opens the workshop's pages until this long after its end.
GUESTS_STAY = timedelta(hours=24)
# And this long the one page that says what became of what they wrote: as long as a note is kept
# (`reliability.md` 5). The key is on their device alone, and the page holds nobody else's words.
GUESTS_LOOK_BACK = timedelta(days=365)


# Kinds in which people answer about each of many things.
ASKS_ABOUT_THINGS = ("place", "gift")

SECRET_LENGTH = 32


def new_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_LENGTH)


class WorkshopQuerySet(models.QuerySet):
    def for_list(self):
        """Those without an end first, by date; then what has been, newest first."""
        return self.order_by(
            models.F("ended_at").asc(nulls_first=True), models.F("starts_at").asc(nulls_last=True)
        )

    def with_doors_open(self):
        return self.filter(code__isnull=False, ended_at=None)


class ItsOwnActivity(CompositeKey):
    """A workshop points at an activity of its own, and never at another workshop's."""

    def columns(self, column: str) -> tuple[str, str]:
        return f"id, {column}", "workshop_id, id"


class Workshop(TenantModel):
    """A session of one programme, planned, run and looked back at."""

    authority = models.ForeignKey(
        LocalAuthority, on_delete=models.CASCADE, related_name="workshops"
    )
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="workshops")
    milestone = models.ForeignKey(
        Milestone, null=True, blank=True, on_delete=models.SET_NULL, related_name="workshops"
    )
    template = models.ForeignKey(
        Template, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=20, choices=SessionKind)
    title = models.CharField(max_length=120)
    starts_at = models.DateTimeField(null=True, blank=True)
    place = models.CharField(max_length=120, blank=True)
    created_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)
    # How often its invitation was sent: calendars take a higher number for news.
    invitation_number = models.PositiveIntegerField(default=0)
    # How many minutes the calendars keep free that were told of it; and another length of the plan
    # that somebody chose not to tell them.
    told_minutes = models.PositiveIntegerField(null=True, blank=True)
    untold_minutes = models.PositiveIntegerField(null=True, blank=True)

    # Null while the doors are closed, so that no code leads anywhere.
    code = models.CharField(max_length=CODE_LENGTH, null=True, blank=True)
    doors_opened_at = models.DateTimeField(null=True, blank=True)
    # A workshop that stays open for days: until when people can give.
    collects_until = models.DateTimeField(null=True, blank=True)
    # The one reminder of it, and when the room went on together after it had closed.
    reminded_at = models.DateTimeField(null=True, blank=True)
    went_on_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Where the room is. None is the lobby.
    current = models.ForeignKey(
        "Activity", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # What the big screen shows while it is held; otherwise it follows the room.
    screen_is_held = models.BooleanField(default=False)
    screen_shows = models.ForeignKey(
        "Activity", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    screen_shows_code = models.BooleanField(default=True)
    # Which of its pages it shows, where not all of a theme fits: the facilitator turns them.
    screen_page = models.PositiveSmallIntegerField(default=1)
    # Part of the big screen's signed link: a new one makes old links worthless.
    screen_key = models.UUIDField(null=True, blank=True)
    seat = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    seat_seen_at = models.DateTimeField(null=True, blank=True)
    # Counts what happened in the room; raised in the transaction of each event.
    seq = models.PositiveBigIntegerField(default=0)

    objects = WorkshopQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="workshop_authority_id"),
            models.UniqueConstraint(fields=["code"], name="workshop_code_unique"),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        *("launch", "values", "vision", "mission", "develop", "influence"),
                        *("pod", "sensemaking", "blueprint", "celebration", "team kit"),
                    ]
                ),
                name="workshop_kind_known",
            ),
            models.CheckConstraint(condition=~models.Q(title=""), name="workshop_has_a_title"),
            # An empty one would open the door to whoever types none.
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[2-9B-DF-HJKMNP-TV-Z]{8}$"),
                name="workshop_code_is_readable",
            ),
            models.CheckConstraint(
                condition=models.Q(code=None) | models.Q(ended_at=None),
                name="workshop_no_code_after_its_end",
            ),
            models.CheckConstraint(
                condition=models.Q(code=None) | models.Q(doors_opened_at__isnull=False),
                name="workshop_code_needs_open_doors",
            ),
            # Its link has to lead somewhere.
            models.CheckConstraint(
                condition=models.Q(collects_until=None) | models.Q(doors_opened_at__isnull=False),
                name="workshop_window_needs_open_doors",
            ),
            models.CheckConstraint(
                condition=models.Q(reminded_at=None) | models.Q(collects_until__isnull=False),
                name="workshop_reminder_needs_a_window",
            ),
            models.CheckConstraint(
                condition=models.Q(went_on_at=None) | models.Q(collects_until__isnull=False),
                name="workshop_went_on_after_a_window",
            ),
            models.CheckConstraint(
                condition=models.Q(screen_page__gte=1), name="workshop_screen_shows_a_page"
            ),
            # Else nobody could ever take it over.
            models.CheckConstraint(
                condition=models.Q(seat=None) | models.Q(seat_seen_at__isnull=False),
                name="workshop_seat_was_seen",
            ),
            SameAuthority(field="programme", name="workshop_same_authority_programme"),
            SameAuthority(field="milestone", name="workshop_same_authority_milestone"),
            SameAuthority(field="current", name="workshop_same_authority_current"),
            SameAuthority(field="screen_shows", name="workshop_same_authority_screen_shows"),
            ItsOwnActivity(field="current", name="workshop_is_at_its_own_activity"),
            ItsOwnActivity(field="screen_shows", name="workshop_shows_its_own_activity"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("workshops:workshop", args=[self.authority.slug, self.pk])

    @property
    def shown_code(self) -> str:
        """As people read it out: four and four."""
        return f"{self.code[:4]} {self.code[4:]}" if self.code else ""

    @property
    def is_collecting(self) -> bool:
        """Whether people can give for some time yet, each when it suits them."""
        return self.ended_at is None and not self.has_closed and self.collects_until is not None

    @property
    def has_closed(self) -> bool:
        """Whether it was open over days, and its time is up. By the clock: nothing need run."""
        return self.collects_until is not None and self.collects_until <= timezone.now()

    @property
    def is_self_paced(self) -> bool:
        """Whether each phone is where its person is: until the room goes on together."""
        return self.collects_until is not None and not (self.went_on_at or self.ended_at)

    @property
    def deadline(self) -> str:
        """Friday 4 December, 17:00."""
        if self.collects_until is None:
            return ""
        return date_format(timezone.localtime(self.collects_until), "l j F, H:i")

    @property
    def window_stamp(self) -> str:
        """What a page carries of the deadline that it shows, so that a write knows a newer one."""
        return self.collects_until.isoformat() if self.collects_until else ""

    def has_closed_for(self, activity: "Activity") -> bool:
        """Whether its time was up with the window's. What was opened later is open live."""
        until = self.collects_until
        if until is None or not self.has_closed:
            return False
        return activity.opened_at is None or activity.opened_at < until

    @property
    def is_long_over(self) -> bool:
        """Whether guests are only there to look back."""
        return self.ended_at is not None and self.ended_at + GUESTS_STAY < timezone.now()

    @property
    def looked_back_until(self) -> datetime | None:
        """Until when each phone says what became of what was written on it."""
        return self.ended_at + GUESTS_LOOK_BACK if self.ended_at else None

    @property
    def on_screen(self) -> "Activity | None":
        return self.screen_shows if self.screen_is_held else self.current


class ActivityQuerySet(models.QuerySet):
    def in_plan(self):
        """Those that will be done, in their order."""
        return self.filter(is_skipped=False).order_by("position")


class Activity(TenantModel, Block):
    """One block of a workshop's plan, and where it has got to."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="activities")
    is_skipped = models.BooleanField(default=False)
    opened_at = models.DateTimeField(null=True, blank=True)
    # Until then what people wrote, or chose, is theirs alone.
    revealed_at = models.DateTimeField(null=True, blank=True)
    # The timer guides; it locks nobody out.
    timer_ends_at = models.DateTimeField(null=True, blank=True)
    # Makes one person's votes one voter's, without saying whose. Destroyed at the workshop's end.
    secret = models.BinaryField(max_length=SECRET_LENGTH, default=new_secret)
    # Of a placing, or of "in our gift?": how many are asked about, the strongest. None is all.
    asks = models.PositiveSmallIntegerField(null=True, blank=True)
    # The small change that a plan, a look or the talk about who must be on board is for.
    change = models.ForeignKey(
        SmallChange, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Of two voices: the round that people place in here, whose places are kept with it.
    round = models.ForeignKey(
        PlacingRound, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Of a survey: the one that people are led to.
    survey = models.ForeignKey(
        Survey, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Of a block that a pod's agenda made by itself: what it is, so that the agenda makes it once.
    agenda_key = models.CharField(max_length=60, blank=True)
    # Why it is on the agenda, such as "Carried over from Learning pod 2".
    reason = models.CharField(max_length=200, blank=True)
    # It takes none of the session's time: the room comes to it only if some is left.
    if_time = models.BooleanField(default=False)
    # Of a theme: whether people may suggest on their phones where a note belongs.
    takes_suggestions = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = ActivityQuerySet.as_manager()

    # The place after its notes, once they are shown; known of one that is held for a write.
    next_position: int

    class Meta(Block.Meta):
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="activity_authority_id"),
            # What a workshop points at.
            models.UniqueConstraint(fields=["workshop", "id"], name="activity_workshop_id"),
            # What a vote's own copy of its limits points at.
            models.UniqueConstraint(
                fields=["id", "dots", "most_on_one"], name="activity_limits_of_a_vote"
            ),
            *block_constraints("activity"),
            models.CheckConstraint(
                condition=models.Q(asks=None) | models.Q(asks__gte=1, kind__in=ASKS_ABOUT_THINGS),
                name="activity_asks_about_things",
            ),
            # A short one could be guessed; none is one that was destroyed.
            models.CheckConstraint(
                condition=In(Length("secret"), [0, SECRET_LENGTH]),
                name="activity_secret_is_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(change=None)
                | models.Q(kind__in=["stakeholders", "plan", "look", "read"]),
                name="activity_change_fits_its_kind",
            ),
            models.UniqueConstraint(
                fields=["workshop", "agenda_key"],
                condition=~models.Q(agenda_key=""),
                name="activity_once_in_an_agenda",
            ),
            SameAuthority(field="workshop", name="activity_same_authority_workshop"),
            SameAuthority(field="change", name="activity_same_authority_change"),
            models.CheckConstraint(
                condition=models.Q(round=None) | models.Q(kind="sense"),
                name="activity_round_fits_its_kind",
            ),
            SameAuthority(field="round", name="activity_same_authority_round"),
            models.CheckConstraint(
                condition=models.Q(survey=None) | models.Q(kind="survey"),
                name="activity_survey_fits_its_kind",
            ),
            SameAuthority(field="survey", name="activity_same_authority_survey"),
        ]

    @property
    def is_about_a_change(self) -> bool:
        return self.kind in ABOUT_A_CHANGE

    @property
    def is_revealed(self) -> bool:
        return self.revealed_at is not None

    @property
    def is_over(self) -> bool:
        """The workshop has ended: only then is there no secret."""
        return not self.secret

    @property
    def day_given(self):
        """The day that what people give here keeps.

        Over days it is the first for everything: whoever alone gave something on the third could
        be told by it.
        """
        if self.workshop.collects_until is None or self.opened_at is None:
            return start_of_today()
        return start_of_day(self.opened_at)

    def voter(self, participant: "Participant") -> str:
        """Whose votes are whose, for as long as the secret lives (`reliability.md` 5).

        Empty from then on: a name that no vote, no mark and no suggestion has.
        """
        if not self.secret:
            return ""
        told = hmac.new(bytes(self.secret), participant.pk.bytes, hashlib.sha256)
        return told.hexdigest()


class CoFacilitator(TenantModel):
    """Somebody else who may run a workshop, beside those who may run every one."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="co_facilitators")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workshop", "user"], name="co_facilitator_once"),
            SameAuthority(field="workshop", name="co_facilitator_same_authority_workshop"),
        ]

    def __str__(self):
        return f"{self.user_id} for {self.workshop_id}"


class Invitee(TenantModel):
    """An address that the calendar invitation of a workshop goes to."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="invitees")
    email = models.EmailField(max_length=254)
    sent_at = models.DateTimeField(null=True, blank=True)
    # The deadline that they were told of, where the workshop is open over days.
    told_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "email"], name="invitee_once"),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="invitee_email_is_lower_case"
            ),
            SameAuthority(field="workshop", name="invitee_same_authority_workshop"),
        ]

    # A person's address: history keeps none.
    may_name_a_person = True

    def __str__(self):
        return self.email


class LetterQuerySet(models.QuerySet):
    def waiting(self, kind: str):
        """Those of one kind that have not gone."""
        return self.filter(kind=kind, sent_at=None)


class Letter(TenantModel):
    """A mail that one address gets once: listed before any goes, and marked just before it goes.

    So whoever sends again after a cut goes on where it stopped, and writes to nobody twice.
    """

    class Kind(models.TextChoices):
        REMINDER = "reminder"
        SUMMARY = "summary"

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="letters")
    kind = models.CharField(max_length=10, choices=Kind)
    email = models.EmailField(max_length=254)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    # A person's address: history keeps none.
    may_name_a_person = True

    class Meta:
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "kind", "email"], name="letter_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["reminder", "summary"]), name="letter_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="letter_email_is_lower_case"
            ),
            SameAuthority(field="workshop", name="letter_same_authority_workshop"),
        ]

    def __str__(self):
        return self.email


class ParticipantQuerySet(models.QuerySet):
    def taking_part(self):
        return self.filter(removed_at=None)

    def present(self):
        """Those whose page asked or listened a moment ago."""
        return self.taking_part().filter(seen_at__gt=timezone.now() - PRESENT_FOR)


def digest_of(key: str) -> str:
    """What is kept of a device's key: enough to know it again, not to say it."""
    return hashlib.sha256(key.encode()).hexdigest()


class Participant(TenantModel):
    """A person in one workshop's room: a member, or a guest whom a key on their device brings in.

    The key itself is never kept. What an anonymous note remembers of its writer is made from that
    key and the note's own id, so that nobody without the device can put the two together.
    """

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="participants")
    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(max_length=60, blank=True)
    # Counts those who joined, for "Guest 14".
    number = models.PositiveIntegerField()
    # SHA-256, hexadecimal. A member is known by their sign-in instead, on each of their devices.
    key_digest = models.CharField(max_length=64, null=True, blank=True)
    seen_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)
    # After the deadline: the facilitator sees how many ask, never who.
    wants_more_time = models.BooleanField(default=False)

    objects = ParticipantQuerySet.as_manager()

    # A guest's name: history keeps none.
    may_name_a_person = True

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="participant_authority_id"),
            models.UniqueConstraint(fields=["workshop", "number"], name="participant_number_once"),
            models.UniqueConstraint(fields=["workshop", "key_digest"], name="participant_key_once"),
            models.UniqueConstraint(
                fields=["workshop", "user"],
                condition=models.Q(user__isnull=False),
                name="participant_member_once",
            ),
            models.CheckConstraint(
                condition=models.Q(user=None, key_digest__isnull=False)
                | models.Q(user__isnull=False, key_digest=None),
                name="participant_member_or_guest",
            ),
            SameAuthority(field="workshop", name="participant_same_authority_workshop"),
        ]

    def __str__(self):
        return self.name or f"Guest {self.number}"


class TakingPart(TenantModel):
    """That a person gave something to an activity; never what."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="takers")
    created_at = models.DateTimeField(default=start_of_today, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")
    is_done = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activity", "participant"], name="taking_part_once"),
            SameAuthority(field="activity", name="taking_part_same_authority_activity"),
            SameAuthority(field="participant", name="taking_part_same_authority_participant"),
        ]

    def __str__(self):
        return f"{self.participant_id} in {self.activity_id}"


class Event(models.Model):
    """What one audience of a room is told at one moment: the outbox of the live stream.

    Holds only what everybody in that audience may see. Gone when the room closes.
    """

    class Audience(models.TextChoices):
        CONSOLE = "console"
        SCREEN = "screen"
        PHONES = "phones"

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="events")
    seq = models.PositiveBigIntegerField()
    audience = models.CharField(max_length=10, choices=Audience)
    # Of several with one topic that come within a moment only the last is told.
    topic = models.CharField(max_length=20, blank=True)
    html = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "audience", "seq"], name="event_once_for_an_audience"
            ),
            models.CheckConstraint(
                condition=models.Q(audience__in=["console", "screen", "phones"]),
                name="event_audience_known",
            ),
        ]

    def __str__(self):
        return f"{self.seq} for {self.audience}"
