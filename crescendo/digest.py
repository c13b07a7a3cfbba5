"""The Tuesday mail: what needs somebody, and what was celebrated; none where there is neither."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from blueprints.models import Experiment
from programmes.links import make_link
from programmes.models import LocalAuthority, MailedLink, Membership, NoticeKind, Programme
from programmes.notices import begins_round, notify, site_link
from programmes.permissions import Permission, permissions_of
from smallchanges.models import Move, SmallChange, Stage, Status, Step

_TUESDAY = 1
# A worker that was away on Tuesday morning makes up for it in the same week.
_STILL_GOOD = timedelta(days=3, hours=9)
_MOST = 5
# What its lead has told nothing of for so long is asked after.
_A_WHILE = timedelta(weeks=2)


@dataclass(frozen=True)
class Line:
    """One thing, in words, and where it leads."""

    words: str
    url: str


def queue_digests(now: datetime) -> None:
    """Queue the newest Tuesday's mails, once for each authority whose programme runs."""
    tuesday = tuesday_before(now)
    if now - tuesday > _STILL_GOOD:
        return
    for authority in LocalAuthority.objects.filter(programmes__ended_on=None).distinct():
        with transaction.atomic():
            if begins_round(authority, f"digest {tuesday:%Y-%m-%d}"):
                _queue_of(authority, tuesday)


def tuesday_before(now: datetime) -> datetime:
    """Nine in London on the newest Tuesday whose nine o'clock has come."""
    here = timezone.localtime(now)
    day = here.date() - timedelta(days=(here.weekday() - _TUESDAY) % 7)
    nine = datetime.combine(day, time(9), tzinfo=here.tzinfo)
    if nine > now:
        nine = datetime.combine(day - timedelta(days=7), time(9), tzinfo=here.tzinfo)
    return nine


def _queue_of(authority: LocalAuthority, tuesday: datetime) -> None:
    programme = authority.current_programme()
    celebrated = _celebrated(programme, tuesday - timedelta(days=7))
    needs = _needs(programme, tuesday)
    for membership in authority.memberships.standing().select_related("user"):
        for_them = needs[membership.pk] + _waiting(programme, membership)
        if not for_them and not celebrated:
            continue
        context = {
            "name": membership.user.first_name,
            "needs": [make() for make in for_them[:_MOST]],
            "more": len(for_them) - _MOST,
            "celebrated": celebrated[:_MOST],
            "home": site_link(reverse("journey", args=[authority.slug])),
        }
        notify(
            authority=authority,
            to=membership.user.email,
            kind=NoticeKind.DIGEST,
            key=f"digest {membership.pk} {tuesday:%Y-%m-%d}",
            template="crescendo/email/digest",
            context=context,
            due_at=tuesday,
        )


# --- what needs somebody


def _needs(programme: Programme, tuesday: datetime) -> dict:
    """For each membership the makers of its lines: a link is made for a mail that goes, alone."""
    needs = defaultdict(list)
    week = (tuesday + timedelta(days=7)).date()
    for step in Step.objects.due_by(programme, week):
        needs[step.owner_id].append(_step_line(step))
    for change in programme.small_changes.untold_since(tuesday - _A_WHILE):
        if change.lead:
            needs[change.lead.pk].append(_update_line(change, change.lead.user.email))
    return needs


def _step_line(step: Step):
    change = step.change
    return lambda: Line(f"A step of yours is due: {change}", site_link(change.get_absolute_url()))


def _update_line(change: SmallChange, email: str):
    def make() -> Line:
        token = make_link(
            authority=change.authority,
            purpose=MailedLink.Purpose.UPDATE,
            target=change.pk,
            email=email,
        )
        path = reverse("smallchanges:update-by-mail", args=[change.authority.slug, token])
        words = f"Where has “{change}” got to? Tell us in a line, without signing in"
        return Line(words, site_link(path))

    return make


def _waiting(programme: Programme, membership: Membership) -> list:
    """What waits for somebody because of what they may do here."""
    if Permission.BLUEPRINT_EDIT not in permissions_of(membership.roles):
        return []
    waiting = Experiment.objects.in_standing_pillars().filter(
        pillar__blueprint__programme=programme, state=Experiment.State.WAITING
    )
    if not (count := waiting.count()):
        return []
    words = "An experiment waits" if count == 1 else f"{count} experiments wait"
    path = reverse("blueprints:blueprint", args=[programme.authority.slug])
    return [lambda: Line(f"{words} for a yes", site_link(path))]


# --- what was celebrated


def _celebrated(programme: Programme, since: datetime) -> list[Line]:
    arrived = Move.objects.filter(change__programme=programme, at__gt=since).filter(
        to_stage=Stage.GROW
    )
    return [
        Line(_of(move), site_link(move.change.get_absolute_url()))
        for move in _newest_of_each(arrived.select_related("change__authority"))
        if move.change.stage == Stage.GROW and move.change.status != Status.STOPPED
    ]


def _newest_of_each(moves: Iterable[Move]) -> Iterable[Move]:
    seen = set()
    for move in moves:
        if move.change_id not in seen:
            seen.add(move.change_id)
            yield move


def _of(move: Move) -> str:
    if move.change.status == Status.EMBEDDED:
        return f"“{move.change}” is how we work now"
    return f"“{move.change}” has come to Grow"
