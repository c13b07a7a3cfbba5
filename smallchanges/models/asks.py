"""Asks: what a change needs from one named person, what they answered, and whether it arrived."""

from datetime import datetime
from decimal import Decimal

from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from programmes.models import (
    LocalAuthority,
    Membership,
    Removable,
    SameAuthority,
    TenantModel,
    User,
)
from programmes.models.tenancy import RemovableQuerySet, removal_constraint

from .changes import ChangeTeam, SmallChange, Status
from .plan import Stakeholder


class AskQuerySet(RemovableQuerySet):
    def waiting(self):
        """Those that nobody has answered."""
        return self.standing().filter(state=Ask.State.WAITING)

    def still_needed(self):
        """Those of a change that has not stopped, in a programme that runs."""
        return self.exclude(change__status=Status.STOPPED).filter(change__programme__ended_on=None)

    def promised(self):
        """Those that got a yes, and whose time or money has not arrived."""
        return self.standing().filter(said_yes_at__isnull=False, released_at=None)

    def put_to(self, membership: Membership | None):
        """Those that are with this member now."""
        return self.filter(member=membership) if membership else self.none()

    def of_ones_own(self, user: User, membership: Membership | None):
        """What somebody asked, or is asked for a change that they lead or that is their team's."""
        ours = models.Q(asked_by=user)
        if membership:
            of_teams = ChangeTeam.objects.filter(team__memberships=membership).values("change")
            ours |= models.Q(change__lead=membership) | models.Q(change__in=of_teams)
        return self.filter(ours)

    def shown_as(self, wish: str):
        """Those that a filter of the page asks for: one of `ASKS_SHOWN`, or all."""
        wanted = {
            "open": models.Q(state=Ask.State.WAITING),
            "promised": models.Q(said_yes_at__isnull=False, released_at=None),
            "answered": ~models.Q(state=Ask.State.WAITING),
            "passed": models.Exists(
                AskAnswer.objects.filter(ask=models.OuterRef("pk"), kind=AskAnswer.Kind.PASSED_ON)
            ),
        }
        return self.filter(wanted[wish]) if wish in wanted else self

    def for_list(self):
        """With the people, the change, the answers and what in the inbox it came from.

        What was asked last comes first.
        """
        return (
            self.select_related("authority", "change", "member__user", "asked_by", "stakeholder")
            .select_related("offered")
            .prefetch_related("answers")
            .order_by("-asked_at", "-created_at")
        )


# What the page of asks can be narrowed to, with the words for it.
ASKS_SHOWN = {
    "open": "Waiting for an answer",
    "promised": "Said yes, not here yet",
    "answered": "Answered",
    "passed": "Passed on",
}


class Ask(TenantModel, Removable):
    """Something that a change needs of one person; taken away once nobody needs it any more.

    It is with a member, or with somebody without an account, who is known by name and address.
    Whoever passes it on makes it somebody else's; its answers keep the chain.
    """

    # It says of whom something is asked, and people write names into what they ask.
    may_name_a_person = True

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for an answer"
        YES = "yes", "Said yes"
        YES_IF = "yes if", "Said yes, if…"
        NO = "no", "Said no, because…"

    class Unit(models.TextChoices):
        HOURS = "hours", "hours, once"
        HOURS_A_WEEK = "hours a week", "hours a week"
        HOURS_A_MONTH = "hours a month", "hours a month"
        POUNDS = "pounds", "pounds, once"
        POUNDS_A_MONTH = "pounds a month", "pounds a month"
        POUNDS_A_YEAR = "pounds a year", "pounds a year"

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="asks")
    change = models.ForeignKey(SmallChange, on_delete=models.CASCADE, related_name="asks")
    stakeholder = models.ForeignKey(
        Stakeholder, null=True, blank=True, on_delete=models.SET_NULL, related_name="asks"
    )
    # With whom it is now. A member who was erased leaves it with nobody.
    member = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="asks"
    )
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=120, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    # Since when it is with them.
    put_at = models.DateTimeField(default=timezone.now)

    what = models.CharField(max_length=300)
    why = models.TextField(max_length=1000, blank=True)
    cost = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    cost_unit = models.CharField(max_length=20, choices=Unit, blank=True)
    due_on = models.DateField(null=True, blank=True)
    asked_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)

    # Both are assigned by actions.answer_ask() alone: what the newest answer says, and since when
    # it is a yes, however often its words were changed.
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    said_yes_at = models.DateTimeField(null=True, blank=True)
    # When the time or the money was really there.
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # When we wrote again to whom it is with, and when to those who could have a word with them.
    reminded_at = models.DateTimeField(null=True, blank=True)
    chat_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = AskQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-created_at"]
        indexes = [
            models.Index(
                fields=["put_at"],
                condition=models.Q(state="waiting", removed_at=None, chat_at=None),
                name="ask_that_waits",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="ask_authority_id"),
            models.CheckConstraint(condition=~models.Q(what=""), name="ask_says_what"),
            models.CheckConstraint(
                condition=models.Q(member=None) | models.Q(name="", role="", email=""),
                name="ask_is_put_to_one_person",
            ),
            models.CheckConstraint(
                condition=models.Q(name="", email="") | (~models.Q(name="") & ~models.Q(email="")),
                name="ask_name_has_an_address",
            ),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="ask_email_is_lower_case"
            ),
            models.CheckConstraint(
                condition=models.Q(cost=None, cost_unit="")
                | (models.Q(cost__isnull=False, cost__gt=0) & ~models.Q(cost_unit="")),
                name="ask_cost_has_a_unit",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    cost_unit__in=[
                        *("", "hours", "hours a week", "hours a month"),
                        *("pounds", "pounds a month", "pounds a year"),
                    ]
                ),
                name="ask_cost_unit_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "yes", "yes if", "no"]),
                name="ask_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["yes", "yes if"], said_yes_at__isnull=False)
                | models.Q(state__in=["waiting", "no"], said_yes_at=None),
                name="ask_yes_has_its_day",
            ),
            models.CheckConstraint(
                condition=models.Q(released_at=None) | models.Q(said_yes_at__isnull=False),
                name="ask_released_after_a_yes",
            ),
            models.CheckConstraint(
                condition=models.Q(released_by=None) | models.Q(released_at__isnull=False),
                name="ask_released_by_needs_released_at",
            ),
            models.CheckConstraint(
                condition=models.Q(chat_at=None) | models.Q(reminded_at__isnull=False),
                name="ask_chat_after_a_reminder",
            ),
            removal_constraint("ask"),
            SameAuthority(field="change", name="ask_same_authority_change"),
            SameAuthority(field="stakeholder", name="ask_same_authority_stakeholder"),
            SameAuthority(field="member", name="ask_same_authority_member"),
        ]

    def __str__(self):
        return self.what

    def get_absolute_url(self):
        page = reverse("smallchanges:change", args=[self.authority.slug, self.change_id])
        return f"{page}#ask-{self.pk}"

    @property
    def who(self) -> str:
        """The name of whom it is with."""
        if self.member:
            return str(self.member.user)
        return self.name or "somebody who has left"

    @property
    def their_role(self) -> str:
        return self.member.role_names if self.member else self.role

    @property
    def address(self) -> str:
        """Where we write to whom it is with; empty for somebody who may not answer any more."""
        if not self.member:
            return self.email
        left = self.member.ended_at or not self.member.user.is_active
        return "" if left else self.member.user.email

    @property
    def is_yes(self) -> bool:
        return self.state in (self.State.YES, self.State.YES_IF)

    @property
    def cost_in_words(self) -> str:
        """Such as "4 hours a week" or "£1,200"; empty where nobody said."""
        return amount_in_words(self.cost, self.cost_unit)

    @property
    def gap(self) -> int | None:
        """The days between the yes and what was promised, or today; None without a yes."""
        if self.said_yes_at is None:
            return None
        until = _day(self.released_at) if self.released_at else timezone.localdate()
        return max((until - _day(self.said_yes_at)).days, 0)


def amount_in_words(amount: Decimal | None, unit: str) -> str:
    """Of an `Ask.Unit`, such as "4 hours a week" or "£1,200"; empty without an amount."""
    if amount is None:
        return ""
    number = f"{amount:,.2f}".removesuffix(".00")
    if unit.startswith("pounds"):
        return f"£{number}{unit.removeprefix('pounds')}"
    number = number.rstrip("0").rstrip(".") if "." in number else number
    hours = "hour" if number == "1" else "hours"
    return f"{number} {hours}{unit.removeprefix('hours')}"


def _day(moment: datetime):
    return timezone.localdate(moment)


class AskAnswer(TenantModel):
    """What somebody said to an ask, and when. The newest counts; the earlier ones stay."""

    may_name_a_person = True

    class Kind(models.TextChoices):
        YES = "yes", "Yes"
        YES_IF = "yes if", "Yes, if…"
        NO = "no", "No, because…"
        PASSED_ON = "passed on", "Not mine: passed on"

    authority = models.ForeignKey(LocalAuthority, on_delete=models.CASCADE, related_name="+")
    ask = models.ForeignKey(Ask, on_delete=models.CASCADE, related_name="answers")
    at = models.DateTimeField(default=timezone.now)
    # Nobody for whoever answered from a mail without signing in.
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    # With whom the ask was, in words: the ask itself may be with somebody else by now.
    who = models.CharField(max_length=254)
    kind = models.CharField(max_length=20, choices=Kind)
    words = models.CharField(max_length=500, blank=True)
    # To whom it was passed on.
    to_whom = models.CharField(max_length=254, blank=True)

    class Meta:
        ordering = ["-at", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["yes", "yes if", "no", "passed on"]),
                name="ask_answer_kind_known",
            ),
            models.CheckConstraint(condition=~models.Q(who=""), name="ask_answer_says_whose"),
            models.CheckConstraint(
                condition=~models.Q(kind__in=["yes if", "no"]) | ~models.Q(words=""),
                name="ask_answer_says_if_and_why",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="passed on", to_whom__gt="")
                | (~models.Q(kind="passed on") & models.Q(to_whom="")),
                name="ask_answer_says_to_whom",
            ),
            SameAuthority(field="ask", name="ask_answer_same_authority_ask"),
        ]

    def __str__(self):
        return f"{self.who}: {self.get_kind_display()}"
