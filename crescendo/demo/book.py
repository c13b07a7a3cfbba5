"""What the demo has in the permission book, and a few thank-yous: all of it made up, and marked."""

import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from crescendo.loading.desk import MADE_UP
from programmes.models import LocalAuthority, Membership
from smallchanges import actions
from smallchanges.models import SmallChange, Verdict

_PLACE = "tower-hamlets"
# Rows are known again by their words, so that what people did to them since stays.
_NAMESPACE = uuid.UUID("6f0a4c1e-1c0f-4f2e-9b7e-3f6f7a0c5d21")
_Kind = Verdict.Kind
_TEAM_1 = "Family Support and Protection team 1"
_TEAM_2 = "Family Support and Protection team 2"

# The rule, who says so, where it is written, the team, the change's first words, the barrier's.
_RULES: list[tuple[str, str, str, str, str, str]] = [
    (
        "Only the social worker may take the minutes of a core group.",
        *("Everybody, for as long as anybody can remember", "Nobody has seen it written"),
        *(_TEAM_1, "Define partner agency roles", "Minute-taking"),
    ),
    (
        "We’re not allowed to share a folder with people outside the council.",
        *("The IT desk", "The folder’s own warning"),
        *(_TEAM_1, "Create a shared drive", "The shared folder"),
    ),
    (
        "Every referral needs a manager’s signature on paper.",
        *("The service that takes the referral", "The foot of the old form"),
        *(_TEAM_2, "Develop one referral form", "The referral process"),
    ),
    (
        "Each in-house service has to have a referral form of its own.",
        *("Managers of the in-house services", "Our recording policy"),
        *(_TEAM_2, "Develop one referral form", ""),
    ),
    (
        "A school visit can’t be written down as a statutory visit.",
        *("Whoever trained us on the system", ""),
        *(_TEAM_2, "Count school visits", "School visits"),
    ),
    ("We may not send families a text message from our work phones.", *("",) * 5),
]
# Of the first rules, in their order: what they turned out to be, found out how, where it is
# written, what we may do, and how many days ago.
_VERDICTS: list[tuple[str, str, str, str, int]] = [
    (
        _Kind.MYTH,
        "We asked the conference service, and read our own procedures together: they say who"
        " chairs, and nothing of who writes.",
        "Our core group procedures, page 2",
        "Take turns at the minutes with every agency in the room. Whoever wrote them sends them"
        " round the same day.",
        12,
    ),
    (
        _Kind.SYSTEM_SETTING,
        "Sharing outside is off for everybody to begin with. IT turns it on for one folder when a"
        " manager asks.",
        "The IT desk’s page on sharing",
        "Ask IT for the one folder, with a manager’s name and the day on which it closes again.",
        40,
    ),
    (
        _Kind.HABIT,
        "The paper was for the time before referrals went by mail. The service was glad to be"
        " asked.",
        "",
        "Send it from your own address. That says who you are.",
        19,
    ),
    (
        _Kind.LOCAL_POLICY,
        "Our recording policy says so, and it’s up for review in the spring.",
        "Our recording policy, section 4",
        "Try the one form as a pilot, which the policy lets us, and bring what we learn to the"
        " review.",
        33,
    ),
]
_CLUES = {4: "The school’s safeguarding lead says that another borough does write them down so."}

# By the change's first words: the value, to whom, and for what.
_THANKS = [
    ("Define partner", "Supporting one another", "the school nurses", "for writing the minutes"),
    (
        *("Define partner", "Being open to new ideas", "the conference chairs"),
        "for reading the procedures with us instead of at us",
    ),
    (
        *("Create a shared drive", "Supporting one another", "the business support desk"),
        "for finding four hundred old forms a new home",
    ),
    ("Develop ways to celebrate", "Honesty", _TEAM_2, "for saying out loud what didn’t work"),
]


def load() -> None:
    """What is there already stays, also where people changed it or took it away."""
    authority = LocalAuthority.objects.get(slug=_PLACE)
    made = {_id("rule", row[0]) for row in _RULES}
    if authority.rules.filter(pk__in=made).count() == len(made):
        return
    people = {
        word: Membership.objects.get(authority=authority, user__email=f"{word}@{_PLACE}.example")
        for word in ("manager", "facilitator")
    }
    for place, row in enumerate(_RULES):
        _write(authority, place, row, people)
    for begins, value, to_whom, text in _THANKS:
        change = _change(authority, begins)
        if change:
            actions.thank(
                change=change,
                pk=_id("thanks", begins, text),
                value=authority.values.standing().filter(text__iexact=value).first(),
                to_whom=to_whom,
                text=text,
                is_named=False,
                by=None,
                illustrative=MADE_UP,
            )


def _write(authority: LocalAuthority, place: int, row: tuple, people: dict[str, Any]) -> None:
    text, said_by, written_in, team, change, barrier = row
    pk = _id("rule", text)
    if authority.rules.filter(pk=pk).exists():
        return
    rule = actions.add_rule(
        authority=authority,
        pk=pk,
        by=None,
        text=text,
        said_by=said_by,
        written_in=written_in,
        team=authority.teams.filter(name=team).first(),
        change=_change(authority, change),
        barrier=_first(authority.barriers.standing(), "text", barrier),
        illustrative=MADE_UP,
    )
    if place < len(_VERDICTS):
        kind, found, source, may_do, days = _VERDICTS[place]
        actions.settle_rule(
            rule=rule,
            pk=_id("verdict", text),
            kind=kind,
            found=found,
            source=source,
            may_do=may_do,
            seen=None,
            by=None,
            person=people["manager"].user,
            at=timezone.now() - timedelta(days=days),
            illustrative=MADE_UP,
        )
    if clue := _CLUES.get(place):
        actions.add_clue(rule=rule, pk=_id("clue", clue), text=clue, by=None, illustrative=MADE_UP)
        actions.set_checker(rule=rule, checker=people["facilitator"], by=None)


def _change(authority: LocalAuthority, begins: str) -> SmallChange | None:
    return _first(authority.small_changes, "title", begins)


def _first(rows, field: str, begins: str):
    return rows.filter(**{f"{field}__istartswith": begins}).first() if begins else None


def _id(*words: str) -> uuid.UUID:
    return uuid.uuid5(_NAMESPACE, " ".join(words))
