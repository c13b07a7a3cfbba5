"""Mail that Crescendo sends by itself: what waits to go, each once, and who wants none of it."""

from datetime import datetime

from django.db import models
from django.db.models.functions import Lower

from .people import LocalAuthority, User
from .tenancy import SameAuthority, TenantModel


class NoticeKind(models.TextChoices):
    """What a mail is about; the label completes "We write to you …"."""

    DIGEST = "digest", "on Tuesdays, if something needs you or was celebrated"
    ASK = "ask", "when somebody asks you for an answer"
    ANSWER = "answer", "when something that you wait for has moved"
    REPLY = "reply", "when somebody answers what you said"
    QUIET = "quiet", "when a small change of yours has gone quiet"
    POD = "pod", "three days before a learning pod"
    SURVEY = "survey", "when there are a few questions for you"
    CHAT = "chat", "when somebody may need a word with you"


class NoticeChoiceQuerySet(models.QuerySet):
    def of(self, user: User):
        """One person's, in the places where they take part, by place and kind."""
        return (
            self.filter(email=user.email, authority__in=LocalAuthority.objects.seen_by(user))
            .select_related("authority")
            .order_by("authority__name", "kind")
        )


class NoticeChoice(TenantModel):
    """Whether an address in an authority wants a kind of mail. It does until somebody stops it.

    The row is there from the first such mail on; its id, signed, is in the mail's link to stop it.
    """

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField(max_length=254)
    kind = models.CharField(max_length=20, choices=NoticeKind)
    stopped_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeChoiceQuerySet.as_manager()

    # Its title is an address: history keeps none.
    may_name_a_person = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="notice_choice_authority_id"),
            models.UniqueConstraint(
                fields=["authority", "email", "kind"], name="notice_choice_once"
            ),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="notice_choice_email_is_lower_case"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=NoticeKind.values), name="notice_choice_kind_known"
            ),
        ]

    def __str__(self):
        return f"Mails to {self.email} {self.get_kind_display()}"


class NoticeQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(sent_at=None, dropped_at=None)

    def due(self, now: datetime):
        """What may go by now, the oldest first."""
        return self.waiting().filter(due_at__lte=now).order_by("due_at", "created_at")


class Notice(TenantModel):
    """One mail to one address. It waits until it is due; its words are kept until it has gone."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="notices")
    # To whom, of what kind, and whether they still want it.
    choice = models.ForeignKey(NoticeChoice, on_delete=models.CASCADE, related_name="notices")
    # What it is of, such as "digest <membership> 2026-12-01": there is one notice of it, ever.
    key = models.CharField(max_length=200)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(max_length=20_000, blank=True)
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    # Nobody wants it any more, or no mail server takes it.
    dropped_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    may_name_a_person = True

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(sent_at=None, dropped_at=None),
                name="notice_that_waits",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["authority", "key"], name="notice_once"),
            models.CheckConstraint(condition=~models.Q(key=""), name="notice_has_a_key"),
            models.CheckConstraint(
                condition=models.Q(sent_at=None) | models.Q(dropped_at=None),
                name="notice_sent_or_dropped",
            ),
            models.CheckConstraint(
                condition=models.Q(dropped_at=None) | models.Q(body=""),
                name="notice_dropped_keeps_no_words",
            ),
            SameAuthority(field="choice", name="notice_same_authority_choice"),
        ]

    def __str__(self):
        return self.key


class NoticeRound(TenantModel):
    """That a round of notices was made for an authority, such as a Tuesday's: it is made once."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    # Such as "digest 2026-12-01".
    key = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "key"], name="notice_round_once"),
            models.CheckConstraint(condition=~models.Q(key=""), name="notice_round_has_a_key"),
        ]

    def __str__(self):
        return self.key
