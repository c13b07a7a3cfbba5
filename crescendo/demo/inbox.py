"""What the demo has in an inbox: all of it made up, and marked."""

from datetime import timedelta

from crescendo.loading.desk import MADE_UP
from programmes.models import LocalAuthority, User, start_of_today
from smallchanges.models import Inbox, Offered
from smallchanges.models.inbox import new_key

# What the demo's inbox holds: how many days ago it came, and what it says; then, for what was
# answered, after how many days, how and in what words. All of it is made up.
_WAITING: list[tuple[int, str, str, dict]] = [
    (
        19,
        "idea",
        "A shelf with socks, nappies and toothbrushes by the family room, so that nobody has to go"
        " shopping in the middle of a visit.",
        {},
    ),
    (
        3,
        "barrier",
        "We write the same chronology in two systems, and neither shows what the other holds.",
        {"reply": "member"},
    ),
    (1, "idea", "Mr Sampleton in the post room could bring us the forms.", {"held_for": "guard"}),
]
_ANSWERED: list[tuple[int, str, str, int, str, str]] = [
    (
        70,
        "idea",
        "Could somebody else take the minutes while I listen?",
        4,
        "change",
        "It’s a part of this one, which is on its way already. Come to the next learning pod.",
    ),
    (
        52,
        "barrier",
        "There’s no quiet place to ring a family back.",
        6,
        "barrier",
        "You’re not alone with that: it stands on our list, and the strands come from there.",
    ),
    (
        12,
        "idea",
        "Could we have a moment for thank-yous whenever a learning pod meets?",
        3,
        "ask",
        "We’re asking whoever runs the pods to begin with them, and you read here how it goes.",
    ),
    (
        40,
        "idea",
        "A second screen for everybody.",
        8,
        "not now",
        "Not now: the desks are being moved until spring. Offer it again in April.",
    ),
    (
        32,
        "barrier",
        "Everybody has their own copies of the forms, and some are years old.",
        2,
        "ask",
        "We’re asking for one place where both teams keep them.",
    ),
]
_ASKED_AS = {
    "Could we have a moment for thank-yous whenever a learning pod meets?": (
        "Ten minutes at the start of each learning pod"
    ),
    "Everybody has their own copies of the forms, and some are years old.": (
        "A shared space that both teams can write to"
    ),
}


def load() -> None:
    """An inbox to look at in Tower Hamlets, where nobody has touched it yet."""
    authority = LocalAuthority.objects.get(slug="tower-hamlets")
    _, is_new = Inbox.objects.get_or_create(
        authority=authority, defaults={"key": new_key(), "illustrative": MADE_UP}
    )
    if not is_new:
        return
    today = start_of_today()
    named = User.objects.get(email="practitioner@tower-hamlets.example")
    answers = User.objects.get(email="manager@tower-hamlets.example")
    became = {
        "change": authority.small_changes.living().order_by("position", "title").first(),
        "barrier": authority.current_programme().barriers.standing().first(),
    }
    # What is asked for is in the demo's asks, which are there by now: each by its item's words.
    asks = {
        text: authority.asks.filter(what=what, offered=None).first()
        for text, what in _ASKED_AS.items()
    }
    offered = [
        Offered(
            created_at=today - timedelta(days=days),
            kind=kind,
            text=text,
            **{"reply": "link", "by": named if "reply" in how else None} | how,
        )
        for days, kind, text, how in _WAITING
    ]
    offered += [
        Offered(
            created_at=today - timedelta(days=days),
            kind=kind,
            text=text,
            reply="link",
            state=state,
            answer=words,
            answered_at=today - timedelta(days=days - took, hours=-11),
            answered_by=answers,
            **{state: became[state]} if state in became else {},
            ask=asks.get(text),
        )
        for days, kind, text, took, state, words in _ANSWERED
        if became.get(state, answers)
    ]
    for one in offered:
        one.authority, one.illustrative = authority, MADE_UP
    Offered.objects.bulk_create(offered)
