"""The small-changes inbox: what anybody in the service offers at any time, and what is answered."""

import secrets
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from programmes.models import (
    Barrier,
    LocalAuthority,
    Removable,
    SameAuthority,
    TenantModel,
    User,
    start_of_today,
)
from programmes.models.tenancy import RemovableQuerySet, removal_constraint

from .asks import Ask
from .changes import SmallChange

# As the codes of rooms, in small letters, and long enough that nobody guesses one.
_KEY_LETTERS = "23456789bcdfghjkmnpqrstvwxyz"
_KEY_LENGTH = 16
# A mail may be longer than what the form takes.
OFFERED_LENGTH = 2000
_DIGEST_LENGTH = 64


def new_key() -> str:
    return "".join(secrets.choice(_KEY_LETTERS) for _ in range(_KEY_LENGTH))


class Inbox(TenantModel):
    """What an authority promises of its inbox, and the link by which anybody comes to it.

    The row is there from the first write on; until then the defaults hold.
    """

    authority = models.OneToOneField(LocalAuthority, on_delete=models.CASCADE, related_name="inbox")
    # The first write may be somebody's without a name.
    created_at = models.DateTimeField(default=start_of_today, editable=False)
    is_open = models.BooleanField(default=True)
    # In the address of the form without sign-in; a new one makes every old poster worthless.
    key = models.CharField(max_length=_KEY_LENGTH, blank=True)
    # How many can wait at once, and within how many working days each is answered.
    most_waiting = models.PositiveSmallIntegerField(default=12)
    answers_within = models.PositiveSmallIntegerField(default=10)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "inboxes"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(most_waiting__range=(1, 200)), name="inbox_most_waiting_fits"
            ),
            models.CheckConstraint(
                condition=models.Q(answers_within__range=(1, 60)), name="inbox_answers_within_fits"
            ),
        ]

    def __str__(self):
        return f"Inbox of {self.authority}"

    def get_absolute_url(self):
        return reverse("smallchanges:inbox", args=[self.authority.slug])

    @property
    def public_path(self) -> str:
        """The form for whoever has the link; empty where there is none."""
        if not self.key:
            return ""
        return reverse("smallchanges:inbox-offer", args=[self.authority.slug, self.key])


class OfferedQuerySet(RemovableQuerySet):
    def waiting(self):
        """Those that nobody has answered, the oldest first; those held back count."""
        return self.standing().filter(state=Offered.State.WAITING).order_by("created_at", "id")

    def answered(self):
        """The newest answer first."""
        return self.standing().exclude(state=Offered.State.WAITING).order_by("-answered_at", "id")

    def shown(self):
        """Those that every member may read."""
        return self.standing().filter(held_for="")

    def held(self):
        """Those that the facilitator has to look at before others read them."""
        return self.standing().exclude(held_for="")

    def for_list(self):
        """With who offered and answered it, and what it became."""
        return self.select_related("by", "answered_by", "barrier", "change", "ask__member__user")


class Offered(TenantModel, Removable):
    """An idea or a barrier that somebody offered, and the answer.

    Of one that was offered without a name nothing leads to its writer: no person, no session, and
    no time finer than the day. `removed_at` is what a facilitator does with what is no idea at all.
    """

    # What people write here stays here: history keeps none of it.
    may_name_a_person = True

    class Kind(models.TextChoices):
        IDEA = "idea", "An idea"
        BARRIER = "barrier", "Something in the way"

    class Reply(models.TextChoices):
        """How its writer learns of the answer."""

        MEMBER = "member", "With their name, by the address of their account"
        LINK = "link", "By a link that only they have"
        EMAIL = "email", "By the address that they gave"
        NONE = "none", "Not at all"

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", "Waiting for an answer"
        BARRIER = "barrier", "On our list of barriers"
        CHANGE = "change", "A small change"
        ASK = "ask", "We’re asking for this"
        NOT_NOW = "not now", "Not now"

    class HeldFor(models.TextChoices):
        NOTHING = "", "Nothing"
        GUARD = "guard", "It may name a person or a case"

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="offered")
    created_at = models.DateTimeField(default=start_of_today, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.CharField(max_length=OFFERED_LENGTH)
    reply = models.CharField(max_length=10, choices=Reply)
    # A member who offered it with their name, or the name that somebody without an account gave.
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=120, blank=True)
    # Shown to nobody, and kept no longer than `actions.inbox.forget` says.
    email = models.EmailField(max_length=254, blank=True)
    held_for = models.CharField(max_length=10, choices=HeldFor, blank=True, default="")
    # Assigned by actions.inbox.answer() and take_answer_back() alone, with all that follows.
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    answer = models.CharField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    barrier = models.ForeignKey(
        Barrier, null=True, blank=True, on_delete=models.RESTRICT, related_name="offered"
    )
    change = models.ForeignKey(
        SmallChange, null=True, blank=True, on_delete=models.RESTRICT, related_name="offered"
    )
    # What came of what was asked for before there were asks is told in the answer's words alone.
    ask = models.OneToOneField(
        Ask, null=True, blank=True, on_delete=models.RESTRICT, related_name="offered"
    )
    # Whether the answer made that barrier or change, so that taking it back takes that away.
    made_it = models.BooleanField(default=False)
    # Whether it was written anew among others of its day, so that where its row lies tells nothing.
    is_stirred = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    # No columns: how many days it has waited, and whether that is longer than was promised.
    waited = 0
    is_overdue = False

    objects: ClassVar[OfferedQuerySet] = OfferedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["created_at", "id"]
        verbose_name_plural = "offered"
        indexes = [models.Index(fields=["authority", "state"], name="offered_authority_state")]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="offered_authority_id"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["idea", "barrier"]), name="offered_kind_known"
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="offered_has_words"),
            models.CheckConstraint(
                condition=models.Q(reply__in=["member", "link", "email", "none"]),
                name="offered_reply_known",
            ),
            models.CheckConstraint(
                condition=models.Q(by=None) | models.Q(reply="member", name=""),
                name="offered_by_a_member_alone",
            ),
            models.CheckConstraint(
                condition=models.Q(email="") | models.Q(reply="email", email=Lower("email")),
                name="offered_email_to_answer_alone",
            ),
            models.CheckConstraint(
                condition=models.Q(held_for__in=["", "guard"]), name="offered_held_for_known"
            ),
            models.CheckConstraint(
                condition=models.Q(held_for="") | models.Q(state="waiting"),
                name="offered_held_waits",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "barrier", "change", "ask", "not now"]),
                name="offered_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state="waiting", answered_at=None, answer="")
                | (~models.Q(state="waiting") & models.Q(answered_at__isnull=False)),
                name="offered_waits_without_an_answer",
            ),
            models.CheckConstraint(
                condition=models.Q(answered_by=None) | models.Q(answered_at__isnull=False),
                name="offered_answered_by_needs_answered_at",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["ask", "not now"]) | ~models.Q(answer=""),
                name="offered_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(state="barrier", barrier__isnull=False)
                | (~models.Q(state="barrier") & models.Q(barrier=None)),
                name="offered_barrier_is_its_answer",
            ),
            models.CheckConstraint(
                condition=models.Q(state="change", change__isnull=False)
                | (~models.Q(state="change") & models.Q(change=None)),
                name="offered_change_is_its_answer",
            ),
            models.CheckConstraint(
                condition=models.Q(state="ask") | models.Q(ask=None),
                name="offered_ask_is_its_answer",
            ),
            models.CheckConstraint(
                condition=models.Q(made_it=False) | models.Q(state__in=["barrier", "change"]),
                name="offered_made_what_it_became",
            ),
            removal_constraint("offered"),
            SameAuthority(field="barrier", name="offered_same_authority_barrier"),
            SameAuthority(field="change", name="offered_same_authority_change"),
            SameAuthority(field="ask", name="offered_same_authority_ask"),
        ]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return reverse("smallchanges:inbox-item", args=[self.authority.slug, self.pk])

    @property
    def day(self) -> date:
        """When it was offered: no more than the day is kept."""
        return timezone.localdate(self.created_at)

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def who(self) -> str:
        """Whom the page names, or nobody."""
        return str(self.by) if self.by else self.name


class ReceivedMail(TenantModel):
    """A mail that came in, so that it is taken once and nobody sends too many: digests alone."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=start_of_today, editable=False)
    message_digest = models.CharField(max_length=_DIGEST_LENGTH)
    sender_digest = models.CharField(max_length=_DIGEST_LENGTH)

    class Meta:
        verbose_name_plural = "received mails"
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "message_digest"], name="received_mail_once"
            ),
        ]

    def __str__(self):
        return self.message_digest
