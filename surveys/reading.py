"""What pages and mails ask of surveys that are written or open: never who said what."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from programmes.models import (
    LocalAuthority,
    Membership,
    NoticeChoice,
    NoticeKind,
    Team,
)
from programmes.notices import at_nine
from surveys.models import Asked, Question, Survey, Voice


def surveys_of(authority: LocalAuthority, *, with_drafts: bool) -> list[Survey]:
    """Each with `question_count`, and while it is open `answered_so_far` and `asked_so_far`."""
    rows = authority.surveys.for_list()
    if not with_drafts:
        rows = rows.exclude(opened_at=None)
    found = list(
        rows.annotate(
            question_count=_count(Question.objects.filter(removed_at=None)),
            answered_so_far=_count(Voice.objects.all()),
            asked_so_far=_count(Asked.objects.all()),
        )
    )
    for one in found:
        one.authority = authority
    return found


def _count(rows: QuerySet) -> Coalesce:
    counted = rows.filter(survey=OuterRef("pk")).order_by().values("survey")
    return Coalesce(
        Subquery(counted.annotate(count=Count("pk")).values("count")),
        Value(0),
        output_field=IntegerField(),
    )


def halfway(survey: Survey) -> datetime | None:
    """When those who have not answered are reminded; None of a survey without a last day.

    Nor of one so short that half of it is the day on which it opened, or after its last.
    """
    if survey.opened_at is None or survey.closes_on is None:
        return None
    opened_on = timezone.localdate(survey.opened_at)
    half = at_nine(opened_on + (survey.closes_on - opened_on) // 2)
    day = timezone.localdate(half)
    return half if opened_on + timedelta(days=1) < day <= survey.closes_on else None


def members_to_ask(
    survey: Survey, *, everybody: bool, teams: Collection[Team], roles: Collection[str]
) -> QuerySet[Membership]:
    """Whom a mail would ask now: everybody, or who is in one of the teams or has one of the roles.

    Not those who were asked before, nor those who want no such mails.
    """
    members = Membership.objects.standing().filter(authority=survey.authority)
    if not everybody:
        in_teams = members.filter(teams__in=teams).values("pk")
        with_roles = members.holding_any(roles).values("pk")
        members = members.filter(Q(pk__in=in_teams) | Q(pk__in=with_roles))
    stopped = NoticeChoice.objects.filter(
        authority=survey.authority, kind=NoticeKind.SURVEY
    ).exclude(stopped_at=None)
    return (
        members.exclude(pk__in=survey.asked.values("membership"))
        .exclude(user__email__in=stopped.values("email"))
        .with_people()
    )
