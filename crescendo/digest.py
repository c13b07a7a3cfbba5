"""The Tuesday mail: what needs somebody, and what was celebrated; none where there is neither."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from blueprints.models import Experiment
from blueprints.versions import waiting_for_names
from crescendo.templatetags.house import in_words
from programmes.links import make_link
from programmes.models import LocalAuthority, MailedLink, NoticeKind, Programme
from programmes.notices import (
    at_nine,
    begins_round,
    each_by_itself,
    is_awaited,
    notify,
    site_link,
)
from programmes.permissions import Permission, permissions_of
from smallchanges.celebration import celebrated_since
from smallchanges.inbox import inbox_waiting
from smallchanges.inspiration import seeds_since
from smallchanges.models import Ask, Move, SmallChange, Stage, Status, Step

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
    running = Programme.objects.filter(ended_on=None)
    places = LocalAuthority.objects.filter(programmes__in=running).distinct()
    each_by_itself(places, lambda authority: _queue_of(authority, tuesday))


def tuesday_before(now: datetime) -> datetime:
    """Nine in London on the newest Tuesday whose nine o'clock has come."""
    here = timezone.localtime(now)
    day = here.date() - timedelta(days=(here.weekday() - _TUESDAY) % 7)
    nine = at_nine(day)
    return nine if nine <= now else at_nine(day - timedelta(days=7))


@transaction.atomic
def _queue_of(authority: LocalAuthority, tuesday: datetime) -> None:
    if not begins_round(authority, f"digest {tuesday:%Y-%m-%d}"):
        return
    programme = authority.current_programme()
    celebrated = _celebrated(programme, tuesday - timedelta(days=7))
    needs = _needs(programme, tuesday)
    by_permission = _waiting(programme)
    for membership in authority.memberships.standing().select_related("user"):
        permissions = permissions_of(membership.roles)
        for_them = [
            *needs[membership.pk],
            *(make for permission, make in by_permission if permission in permissions),
        ]
        if not for_them and not celebrated:
            continue
        mail: dict[str, Any] = {
            "authority": authority,
            "to": membership.user.email,
            "kind": NoticeKind.DIGEST,
            "key": f"digest {membership.pk} {tuesday:%Y-%m-%d}",
        }
        if not is_awaited(**mail):
            continue
        context = {
            "name": membership.user.first_name,
            "needs": [make() for make in for_them[:_MOST]],
            "more": len(for_them) - _MOST,
            "celebrated": celebrated[:_MOST],
            "home": site_link(reverse("journey", args=[authority.slug])),
            "wall": site_link(reverse("smallchanges:wall", args=[authority.slug])),
        }
        notify(**mail, template="crescendo/email/digest", context=context, due_at=tuesday)


# --- what needs somebody

# Makes a line. A mailed link is made for a mail that goes, and for no other.
Make = Callable[[], Line]


def _needs(programme: Programme, tuesday: datetime) -> dict[UUID, list[Make]]:
    """What is a person's own, by their membership: the most pressing first."""
    authority = programme.authority
    needs: dict[UUID, list[Make]] = defaultdict(list)
    asks = authority.asks.waiting().still_needed().filter(member__isnull=False)
    for ask in asks.select_related("change", "member__user"):
        needs[ask.member_id].append(_ask_line(ask))
    for membership, draft in waiting_for_names(programme):
        url = reverse("blueprints:version", args=[authority.slug, draft.pk])
        words = f"Version {draft.number} of the blueprint waits for your name"
        needs[membership.pk].append(_line(words, url))
    week = (tuesday + timedelta(days=7)).date()
    for step in Step.objects.due_by(programme, week):
        url = step.change.get_absolute_url()
        needs[step.owner_id].append(_line(f"A step of yours is due: {step.change}", url))
    for change in programme.small_changes.untold_since(tuesday - _A_WHILE):
        if change.lead:
            needs[change.lead.pk].append(_update_line(change, change.lead.user.email))
    for seed in seeds_since(authority, tuesday - timedelta(days=7)):
        if seed.lead:
            where = f" in {seed.place}" if seed.place else ""
            url = reverse("smallchanges:change", args=[authority.slug, seed.change])
            needs[seed.lead].append(_line(f"“{seed.title}” was taken as a seed{where}", url))
    return needs


def _line(words: str, path: str) -> Make:
    return lambda: Line(words, site_link(path))


def _ask_line(ask: Ask) -> Make:
    words = f"“{ask.change}” waits for your answer, without signing in"
    return _linked(words, "ask-link", MailedLink.Purpose.ANSWER, ask, ask.address)


def _update_line(change: SmallChange, email: str) -> Make:
    words = f"Where has “{change}” got to? Tell us in a line, without signing in"
    return _linked(words, "update-by-mail", MailedLink.Purpose.UPDATE, change, email)


def _linked(
    words: str, view: str, purpose: MailedLink.Purpose, target: Ask | SmallChange, email: str
) -> Make:
    def make() -> Line:
        authority = target.authority
        token = make_link(authority=authority, purpose=purpose, target=target.pk, email=email)
        return Line(words, site_link(reverse(f"smallchanges:{view}", args=[authority.slug, token])))

    return make


def _waiting(programme: Programme) -> list[tuple[Permission, Make]]:
    """What waits for whoever may see to it."""
    slug = programme.authority.slug
    found = []
    inbox = inbox_waiting(programme.authority)
    if inbox.count:
        many = f"{in_words(inbox.count).capitalize()} things wait"
        words = "Something waits" if inbox.count == 1 else many
        path = reverse("smallchanges:inbox", args=[slug])
        found.append((Permission.INBOX_ANSWER, _line(f"{words} in the inbox for an answer", path)))
    for change in programme.small_changes.left_without_help().select_related("authority")[:_MOST]:
        words = f"“{change}” needs somebody’s help: whom could we ask?"
        found.append((Permission.ASK_TEND, _line(words, change.get_absolute_url())))
    experiments = Experiment.objects.in_standing_pillars().filter(
        pillar__blueprint__programme=programme, state=Experiment.State.WAITING
    )
    if count := experiments.count():
        many = f"{in_words(count).capitalize()} experiments wait"
        words = "An experiment waits" if count == 1 else many
        path = reverse("blueprints:blueprint", args=[slug])
        found.append((Permission.BLUEPRINT_EDIT, _line(f"{words} for a yes", path)))
    return found


# --- what was celebrated

_SAID = {
    "embedded": "“{}” is how we work now",
    "learned": "“{}” has stopped, and taught us something",
    "thanked": "Somebody was thanked for “{}”",
    "cheered": "People cheered “{}”",
    "cleared": "A rule was no rule after all: “{}” may go on",
}


def _celebrated(programme: Programme, since: datetime) -> list[Line]:
    grown = (
        programme.small_changes.living()
        .filter(stage=Stage.GROW)
        .exclude(status=Status.EMBEDDED)
        .filter(
            Exists(Move.objects.filter(change=OuterRef("pk"), to_stage=Stage.GROW, at__gte=since))
        )
        .select_related("authority")
    )
    lines = [Line(f"“{one}” has come to Grow", site_link(one.get_absolute_url())) for one in grown]
    for one in celebrated_since(programme, since):
        words = _SAID[one.kind].format(one.title) if one.title else "A rule was no rule after all"
        lines.append(Line(words, site_link(one.url)))
    # A change is told of once, by the greatest thing that happened to it, which comes first.
    return list({line.url: line for line in reversed(lines)}.values())[::-1]
