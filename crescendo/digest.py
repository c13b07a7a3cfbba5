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

from blueprints.reviews import promises_due, waiting_by_sponsor
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
from workshops.word_back import voices_moved_since

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
    experiments = waiting_by_sponsor(programme)
    needs = _needs(programme, tuesday, experiments)
    by_permission = _waiting(programme, experiments.get(None, 0))
    heard = voices_moved_since(programme, tuesday - timedelta(days=7))
    for membership in authority.memberships.standing().select_related("user"):
        permissions = permissions_of(membership.roles)
        for_them = [
            *needs[membership.pk],
            # Once, though somebody may hold several that it is there for.
            *dict.fromkeys(make for permission, make in by_permission if permission in permissions),
            *([_word_back(authority)] if membership.user_id in heard else []),
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


def _needs(
    programme: Programme, tuesday: datetime, experiments: dict[UUID | None, int]
) -> dict[UUID, list[Make]]:
    """What is a person's own, by their membership: the most pressing first.

    `experiments` are how many wait for whose yes.
    """
    authority = programme.authority
    needs: dict[UUID, list[Make]] = defaultdict(list)
    asks = authority.asks.waiting().still_needed().filter(member__isnull=False)
    for ask in asks.select_related("change", "member__user"):
        needs[ask.member_id].append(_ask_line(ask))
    reviews = reverse("blueprints:reviews", args=[authority.slug])
    for sponsor, count in experiments.items():
        if sponsor:
            needs[sponsor].append(_line(f"{_experiments(count)} for your yes", reviews))
    members = dict(authority.memberships.standing().values_list("user", "pk"))
    for promise in promises_due(programme, tuesday.date()):
        if maker := members.get(promise.made_by_id):
            needs[maker].append(_line("Something that you promised: did it happen?", reviews))
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


def _word_back(authority: LocalAuthority) -> Make:
    words = "Something that you said has moved on in our blueprint: see what became of it"
    return _line(words, reverse("workshops:word-back", args=[authority.slug]))


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


def _experiments(count: int) -> str:
    one = "An experiment waits"
    return one if count == 1 else f"{in_words(count).capitalize()} experiments wait"


def _waiting(programme: Programme, experiments: int) -> list[tuple[Permission, Make]]:
    """What waits for whoever may see to it; `experiments` are those without a sponsor."""
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
    for placing in programme.placing_rounds.open():
        # To all who can speak: who of them has placed is known to nobody but them.
        until = f"{placing.closes_on:%A} {placing.closes_on.day} {placing.closes_on:%B}"
        words = f"Two voices is open until {until}. Three minutes, if you haven’t placed yours yet"
        make = _line(words, reverse("blueprints:voices-place", args=[slug, placing.pk]))
        found += [(Permission.VOICE_PRACTITIONER, make), (Permission.VOICE_LEADER, make)]
    if experiments:
        path = reverse("blueprints:reviews", args=[slug])
        found.append((Permission.REVIEW, _line(f"{_experiments(experiments)} for a yes", path)))
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
