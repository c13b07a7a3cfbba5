"""A word when a small change has gone quiet: to its own people first, a week later to us."""

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from programmes.links import make_link
from programmes.models import MailedLink, Membership, NoticeKind, User
from programmes.notices import at_nine, is_awaited, notify, site_link
from smallchanges.models import SmallChange

# ux.md section 5: after five weeks its own people, a week later the Crescendo team; no manager.
TO_ITS_OWN = timedelta(weeks=5)
TO_CRESCENDO = timedelta(weeks=6)
# Nobody is asked after what has been quiet for months, when a worker first looks.
_TOO_LATE = timedelta(weeks=3)


def queue_quiet(now: datetime) -> None:
    """Queue what is due by now, once for each silence of each change."""
    # Of the whole day that is five weeks ago, since nine o'clock may come before its hour.
    then = now - TO_ITS_OWN + timedelta(days=1)
    for change in SmallChange.objects.untold_since(then).of_running_programmes():
        day = timezone.localdate(change.told_at)
        if _is_time(day + TO_ITS_OWN, now):
            _to_its_own(change, day)
        if _is_time(day + TO_CRESCENDO, now):
            _to_crescendo(change, day)


def _is_time(day, now: datetime) -> bool:
    return at_nine(day) <= now <= at_nine(day) + _TOO_LATE


@transaction.atomic
def _to_its_own(change: SmallChange, day) -> None:
    for membership in closest_to(change):
        key, email = f"quiet {change.pk} {day} {membership.pk}", membership.user.email
        if not is_awaited(authority=change.authority, to=email, kind=NoticeKind.QUIET, key=key):
            continue
        token = make_link(
            authority=change.authority,
            purpose=MailedLink.Purpose.UPDATE,
            target=change.pk,
            email=email,
        )
        path = reverse("smallchanges:update-by-mail", args=[change.authority.slug, token])
        notify(
            authority=change.authority,
            to=email,
            kind=NoticeKind.QUIET,
            key=key,
            template="smallchanges/email/quiet",
            context={
                "name": membership.user.first_name,
                "change": change,
                "weeks": TO_ITS_OWN.days // 7,
                "link": site_link(path),
            },
            due_at=at_nine(day + TO_ITS_OWN),
        )


def closest_to(change: SmallChange) -> list[Membership]:
    """Whom a change's own mail goes to: who leads it, else who has a step, else its teams."""
    members = change.authority.memberships.standing().select_related("user")
    if change.lead_id and (lead := members.filter(pk=change.lead_id)):
        return list(lead)
    owners = change.steps.standing().filter(done_at=None).values("owner")
    if found := list(members.filter(pk__in=owners)):
        return found
    return list(members.filter(teams__in=change.teams.all()).distinct())


@transaction.atomic
def _to_crescendo(change: SmallChange, day) -> None:
    for user in User.objects.in_crescendo_team():
        notify(
            authority=change.authority,
            to=user.email,
            kind=NoticeKind.CHAT,
            key=f"quiet {change.pk} {day} user {user.pk}",
            template="smallchanges/email/quiet_chat",
            context={
                "name": user.first_name,
                "change": change,
                "weeks": TO_CRESCENDO.days // 7,
                "link": site_link(change.get_absolute_url()),
            },
            due_at=at_nine(day + TO_CRESCENDO),
        )
