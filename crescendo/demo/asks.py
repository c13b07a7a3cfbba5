"""What the demo's changes ask of people: made up, with days counted back from the first start."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone

from crescendo.loading.desk import MADE_UP
from programmes.models import LocalAuthority, User
from smallchanges import actions
from smallchanges.models import AskAnswer

_PLACE = "tower-hamlets"
_BY = "practitioner@tower-hamlets.example"
_MANAGER = "manager@tower-hamlets.example"
_FACILITATOR = "facilitator@tower-hamlets.example"


@dataclass(frozen=True)
class _Ask:
    """Of a member at `email`, or where there is a `name`, of somebody without an account."""

    change: str
    email: str
    what: str
    why: str
    days_ago: int
    cost: Decimal | None = None
    cost_unit: str = ""
    name: str = ""
    role: str = ""
    # What they answered, in what words, after how many days.
    kind: str = ""
    words: str = ""
    after: int = 0
    to_whom: tuple[str, str] = ("", "")


_ASKS = (
    _Ask(
        change="Business support officers help with minutes and admin",
        email=_MANAGER,
        what="Say yes to a trial of eight weeks in one team",
        why="The officers would like to, but have been told that they need a sign-off first.",
        days_ago=3,
        cost=Decimal(4),
        cost_unit="hours a week",
    ),
    _Ask(
        change="Define partner agency roles and share notetaking",
        email=_MANAGER,
        what="Tell the partner agencies that you stand behind shared notes",
        why="Volunteers from other agencies ask whether they may.",
        days_ago=20,
        kind=AskAnswer.Kind.YES_IF,
        words="Yes, if I can show them the template at the next partnership meeting.",
        after=8,
    ),
    _Ask(
        change="Develop ways to celebrate success and show appreciation",
        email=_FACILITATOR,
        what="Ten minutes at the start of each learning pod",
        why="Thank-yous get lost when they come last.",
        days_ago=9,
        kind=AskAnswer.Kind.YES,
        after=1,
    ),
    _Ask(
        change="Create a shared drive of forms and resources",
        email="it.lead@partner.example",
        name="Lou Carrow",
        role="IT lead",
        what="A shared space that both teams can write to",
        why="Each of us keeps copies, and nobody knows which is the newest.",
        days_ago=30,
        cost=Decimal(250),
        cost_unit="pounds a year",
        kind=AskAnswer.Kind.PASSED_ON,
        words="It is licences that you need, and those are not mine to give.",
        after=2,
        to_whom=("Ines Tallow", "licences@partner.example"),
    ),
)


def load() -> None:
    """Ask each that is not there yet; what people did with one meanwhile stays."""
    place = LocalAuthority.objects.filter(slug=_PLACE).first()
    wanted = {uuid5(NAMESPACE_URL, f"{_PLACE} {one.change} {one.what}"): one for one in _ASKS}
    if place is None:
        return
    there = set(place.asks.filter(pk__in=wanted).values_list("pk", flat=True))
    for pk, one in wanted.items():
        if pk not in there:
            _load(place, pk, one)


def _load(place: LocalAuthority, pk: UUID, one: _Ask) -> None:
    change = place.small_changes.filter(title=one.change).first()
    if change is None:
        return
    asked_at = timezone.now() - timedelta(days=one.days_ago)
    member = None if one.name else actions.member_at(place, one.email)
    ask = actions.add_ask(
        change=change,
        pk=pk,
        member=member,
        name=one.name,
        role=one.role,
        email="" if member else one.email,
        what=one.what,
        why=one.why,
        cost=one.cost,
        cost_unit=one.cost_unit,
        person=User.objects.filter(email=_BY).first(),
        asked_at=asked_at,
        illustrative=MADE_UP,
        by=None,
    )
    if one.kind:
        name, email = one.to_whom
        actions.answer_ask(
            ask=ask,
            pk=uuid5(pk, "answer"),
            kind=one.kind,
            words=one.words,
            name=name,
            email=email,
            seen=ask.version,
            at=asked_at + timedelta(days=one.after),
            by=None,
        )
        ask.answers.update(illustrative=MADE_UP)
