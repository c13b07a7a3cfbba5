"""Whose yes the words of a share need, and what they have said."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Q
from django.utils import timezone

from programmes.models import Gift, LocalAuthority, Membership, Programme
from programmes.wording import in_words
from smallchanges.models import WORDS, Consent, Met, Share, SmallChange

# Nobody's silence is a yes, and nobody's silence holds words back for ever.
SILENCE = timedelta(weeks=2)


@dataclass(frozen=True)
class Said:
    """One person who is asked, and what they have said, if they have."""

    membership: Membership
    consent: Consent | None


class Asking:
    """The people who are asked about a share: those of the change's teams, and its lead.

    Whoever joins a team is asked too, and whoever leaves is asked no more. Three queries at most.
    """

    def __init__(self, share: Share, *, now: datetime | None = None):
        self.share, self.now = share, now or timezone.now()

    @cached_property
    def said(self) -> list[Said]:
        consents = {one.membership_id: one for one in self.share.consents.all()}
        return [
            Said(membership, consents.get(membership.pk))
            for membership in people_of(self.share.change)
        ]

    def of(self, membership: Membership | None) -> Said | None:
        """What this person is asked; None for whoever is not asked."""
        return next((one for one in self.said if one.membership == membership), None)

    @property
    def yes(self) -> list[Consent]:
        return self._with(Consent.Says.YES)

    @property
    def not_yet(self) -> list[Consent]:
        return self._with(Consent.Says.NOT_YET)

    @property
    def silent(self) -> list[Said]:
        return [one for one in self.said if one.consent is None]

    @property
    def waited(self) -> bool:
        asked = self.share.asked_at
        return asked is not None and self.now - asked >= SILENCE

    @property
    def is_agreed(self) -> bool:
        """Everyone says yes; or nobody says not yet, and two weeks on most of them say yes."""
        if self.not_yet or not self.yes:
            return False
        return not self.silent or (self.waited and len(self.yes) * 2 > len(self.said))

    def _with(self, says: Consent.Says) -> list[Consent]:
        return [one.consent for one in self.said if one.consent and one.consent.says == says]


def people_of(change: SmallChange):
    """Whose change it is: standing members of its teams, and its lead; by name."""
    of_team = Q(teams__in=change.teams.all())
    members = change.authority.memberships.standing()
    found = members.filter(of_team | Q(pk=change.lead_id)).values("pk")
    return members.filter(pk__in=found).with_people()


def first_words(change: SmallChange) -> dict[str, str]:
    """What a share begins with: the change's own words, to be looked over before they leave."""
    met = list(change.met.standing())
    steps = [step.text for step in change.steps.standing()]
    barriers = [one.text for one in met if one.kind == Met.Kind.BARRIER]
    enablers = [one.text for one in met if one.kind == Met.Kind.ENABLER]
    words = {
        "title": change.title,
        "sentence": change.purpose,
        "what_we_did": _lines(steps) or change.why,
        "what_it_needed": _needed(change, enablers),
        "what_we_met": _lines(barriers),
        "what_came_of_it": "\n".join(filter(None, [change.result, change.impact])),
        "our_setting": _setting(change.authority, change.programme, change),
    }
    return {
        name: text[: Share._meta.get_field(name).max_length]  # type: ignore[union-attr]
        for name, text in words.items()
    }


def same_words(share: Share, words: dict) -> bool:
    return all(getattr(share, name) == words[name] for name in WORDS)


def _needed(change: SmallChange, enablers: list[str]) -> str:
    sponsor = "Somebody senior, or a partner, had to agree." if change.gift != Gift.OURS else ""
    return "\n".join(filter(None, [sponsor, _lines(enablers)]))


def _setting(authority: LocalAuthority, programme: Programme, change: SmallChange) -> str:
    teams = list(change.teams.all())
    count = people_of(change).count() if teams else 0
    people = f", {_number(count, 'person', 'people')}" if count > 1 else ""
    tried = f" Tried by {_number(len(teams), 'team', 'teams')}{people}." if teams else ""
    return f"{authority.get_kind_display()}, {programme.service}.{tried}"


def _number(count: int, one: str, more: str) -> str:
    return f"{in_words(count)} {one if count == 1 else more}"


def _lines(texts: list[str]) -> str:
    return "\n".join(f"{text[:1].upper()}{text[1:]}" for text in texts)
