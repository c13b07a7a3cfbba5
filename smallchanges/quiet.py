"""A word when a small change has gone quiet: to its own people first, a week later to us."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from programmes.links import make_link
from programmes.models import LocalAuthority, MailedLink, Membership, NoticeKind, User
from programmes.notices import at_nine, each_by_itself, is_awaited, notify, rounds_begun, site_link
from smallchanges.models import QUIET_WEEKS, SmallChange

# ux.md section 5: after five weeks its own people, a week later the Crescendo team; no manager.
TO_ITS_OWN = timedelta(weeks=5)
TO_CRESCENDO = timedelta(weeks=6)
# Nobody is asked after what has been quiet for months, when a worker first looks.
_TOO_LATE = timedelta(weeks=3)
# The Crescendo team's mail names so many, and leads to all.
_MOST = 10


@dataclass(frozen=True)
class _Silence:
    """A change, and the day on which somebody last told of it."""

    change: SmallChange
    day: date

    @property
    def key(self) -> str:
        """Short: a notice's key has room for this and one more id."""
        return f"quiet {self.change.pk.hex} {self.day:%y%m%d}"


def queue_quiet(now: datetime) -> None:
    """Queue what is due by now, once for each silence of each change.

    Whoever hears of several at a time gets one mail of them all.
    """
    # Of the whole day that is five weeks ago, since nine o'clock may come before its hour.
    then = now - TO_ITS_OWN + timedelta(days=1)
    to_its_own: dict[LocalAuthority, list[_Silence]] = defaultdict(list)
    to_crescendo: dict[LocalAuthority, list[_Silence]] = defaultdict(list)
    for change in SmallChange.objects.untold_since(then).of_running_programmes():
        day = timezone.localdate(change.told_at)
        if _is_time(day + TO_ITS_OWN, now):
            to_its_own[change.authority].append(_Silence(change, day))
        if _is_time(day + TO_CRESCENDO, now):
            to_crescendo[change.authority].append(_Silence(change, day))
    told = [
        *((_to_its_own, *one) for one in to_its_own.items()),
        *((_to_crescendo, *one) for one in to_crescendo.items()),
    ]
    each_by_itself(told, lambda one: one[0](*one[1:]))


def _is_time(day: date, now: datetime) -> bool:
    return at_nine(day) <= now <= at_nine(day) + _TOO_LATE


@transaction.atomic
def _to_its_own(authority: LocalAuthority, silences: list[_Silence]) -> None:
    of_each: dict[Membership, list[_Silence]] = defaultdict(list)
    for one in _new(authority, silences, "own"):
        for membership in closest_to(one.change):
            of_each[membership].append(one)
    for membership, theirs in of_each.items():
        key, email = f"{theirs[0].key} {membership.pk.hex}", membership.user.email
        if not is_awaited(authority=authority, to=email, kind=NoticeKind.QUIET, key=key):
            continue
        notify(
            authority=authority,
            to=email,
            kind=NoticeKind.QUIET,
            key=key,
            template="smallchanges/email/quiet",
            context={
                "name": membership.user.first_name,
                "lines": [(one.change, _update_link(one.change, email)) for one in theirs],
                "weeks": TO_ITS_OWN.days // 7,
            },
            due_at=at_nine(min(one.day for one in theirs) + TO_ITS_OWN),
        )


def _new(authority: LocalAuthority, silences: list[_Silence], whom: str) -> list[_Silence]:
    """Those of which nobody of these was told yet, and now is."""
    begun = rounds_begun(authority, [f"{one.key} {whom}" for one in silences])
    return [one for one in silences if f"{one.key} {whom}" in begun]


def _update_link(change: SmallChange, email: str) -> str:
    token = make_link(
        authority=change.authority,
        purpose=MailedLink.Purpose.UPDATE,
        target=change.pk,
        email=email,
    )
    path = reverse("smallchanges:update-by-mail", args=[change.authority.slug, token])
    return site_link(path)


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
def _to_crescendo(authority: LocalAuthority, silences: list[_Silence]) -> None:
    new = _new(authority, silences, "chat")
    if not new:
        return
    portfolio = reverse("smallchanges:changes", args=[authority.slug], query={"quiet": QUIET_WEEKS})
    for user in User.objects.in_crescendo_team():
        notify(
            authority=authority,
            to=user.email,
            kind=NoticeKind.CHAT,
            key=f"{new[0].key} user {user.pk}",
            template="smallchanges/email/quiet_chat",
            context={
                "name": user.first_name,
                "lines": [
                    (one.change, site_link(one.change.get_absolute_url())) for one in new[:_MOST]
                ],
                "count": len(new),
                "more": len(new) - _MOST,
                "weeks": TO_CRESCENDO.days // 7,
                "portfolio": site_link(portfolio),
            },
            due_at=at_nine(min(one.day for one in new) + TO_CRESCENDO),
        )
