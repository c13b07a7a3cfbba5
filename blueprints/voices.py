"""What a round of two voices may say, and to whom: one's own places, and the overlay once closed.

While a round is open nobody is told anything of it but their own, not even how many have placed: a
number that goes up while one colleague sits at their phone would say enough.
"""

import hashlib
import hmac
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from math import sqrt
from uuid import UUID

from blueprints.models import Place, PlacedThing, PlacingRound
from programmes.models import Barrier, Programme, User
from programmes.permissions import Permission
from smallchanges.models import Met

# Answers below which nothing of a group is shown.
FEWEST = 5
FEWEST_THINGS, MOST_THINGS = 4, 20
# How many of the widest gaps the talk starts with, and how many the map has room for.
TALK, ON_THE_MAP = 3, 8
# From which distance of two means on one scale people see something differently, and very.
DIFFERS, DIFFERS_MUCH = Fraction(1, 2), Fraction(3, 2)

_VOICES = {
    Permission.VOICE_PRACTITIONER: Place.Voice.PRACTITIONER,
    Permission.VOICE_LEADER: Place.Voice.LEADER,
}


def voices_of(permissions) -> list[Place.Voice]:
    """The voices that somebody with these permissions may speak with; they choose one a round."""
    return [voice for permission, voice in _VOICES.items() if permission in permissions]


def member(user: User) -> str:
    """Who a member is to a round, in a room and over days alike, so that nobody counts twice."""
    return f"member {user.pk}"


def nullifier(placing: PlacingRound, who: str) -> str:
    """Whose places are whose while the secret lives. The voice is no part of it."""
    if not placing.secret:
        return ""
    return hmac.new(bytes(placing.secret), who.encode(), hashlib.sha256).hexdigest()


def things_of(placing: PlacingRound) -> list[PlacedThing]:
    """In their order, with their words; one query."""
    return list(placing.things.select_related("change", "barrier", "met__change"))


@dataclass
class Own:
    """What one person placed in a round so far, by the thing's id."""

    voice: str = ""
    places: dict[UUID, tuple[int, int]] = field(default_factory=dict)


def own_of(placing: PlacingRound, who: str) -> Own:
    key = nullifier(placing, who)
    if not key:
        return Own()
    rows = Place.objects.filter(thing__round=placing, nullifier=key)
    own = Own()
    for thing, own.voice, matters, can_move in rows.values_list(
        "thing", "voice", "matters", "can_move"
    ):
        own.places[thing] = (matters, can_move)
    return own


@dataclass
class Asked:
    """A thing as one person is asked about it; 0 where they did not say."""

    thing: PlacedThing
    matters: int = 0
    can_move: int = 0

    @property
    def is_placed(self) -> bool:
        return bool(self.matters and self.can_move)

    @property
    def is_half(self) -> bool:
        return bool(self.matters) != bool(self.can_move)


def asked(things: list[PlacedThing], own: Own, said=None) -> list[Asked]:
    """The things with one's own places, or with what the form that was sent says instead."""
    found = []
    for thing in things:
        matters, can_move = own.places.get(thing.pk, (0, 0))
        if said is not None:
            matters = _score(said, f"matters-{thing.pk}") or matters
            can_move = _score(said, f"moves-{thing.pk}") or can_move
        found.append(Asked(thing, matters, can_move))
    return found


def _score(said, name: str) -> int:
    """0 where nothing was chosen, or nothing that can be."""
    answer = said.get(name, "")
    return int(answer) if answer in ("1", "2", "3", "4", "5") else 0


def answers_in(found: list[Asked]) -> dict[UUID, tuple[int, int]]:
    """What of a form can be kept: both numbers of a thing."""
    return {one.thing.pk: (one.matters, one.can_move) for one in found if one.is_placed}


def has_begun(placing: PlacingRound) -> bool:
    """Whether somebody has placed something: then what people are asked stays as it is."""
    return Place.objects.filter(thing__round=placing).exists()


@dataclass
class Sheet:
    """A round as one person fills it in."""

    placing: PlacingRound
    who: str
    found: list[Asked]
    # What they may speak as, as (value, words); asked only where it is not known.
    voices: list[tuple[str, str]]
    voice: str = ""
    # Whether they have spoken with it, and so keep to it.
    is_settled: bool = False
    problem: str = ""

    @property
    def placed(self) -> int:
        return sum(one.is_placed for one in self.found)

    @property
    def halves(self) -> int:
        return sum(one.is_half for one in self.found)

    @property
    def voice_words(self) -> str:
        """Whose voice it is, once they are known to speak with it."""
        return _SPEAKS_AS.get(self.voice, "")


_SPEAKS_AS: dict[str, str] = {
    Place.Voice.PRACTITIONER: "one who works with families",
    Place.Voice.LEADER: "a leader",
}


def sheet_of(placing: PlacingRound, who: str, voices: list[tuple[str, str]], said=None) -> Sheet:
    """With their own places; `said` is the form that they sent, if they did."""
    own = own_of(placing, who)
    only = voices[0][0] if len(voices) == 1 else ""
    return Sheet(
        placing=placing,
        who=who,
        found=asked(things_of(placing), own, said),
        voices=voices,
        voice=own.voice or only or (said.get("voice", "") if said is not None else ""),
        is_settled=bool(own.voice or only),
    )


OF_MEMBERS = {
    Place.Voice.PRACTITIONER: "As one who works with families",
    Place.Voice.LEADER: "As a leader",
}


# --- what could be asked about


def most_linked(programme: Programme) -> dict[str, list]:
    """What a new round suggests: the changes that met most, the barriers that most grew from.

    As many as people place in a few minutes. Ties in the order that people gave them.
    """
    met = Counter(
        Met.objects.standing()
        .filter(change__programme=programme)
        .order_by()
        .values_list("change", flat=True)
    )
    changes = [(-met[one.pk], n, one.pk) for n, one in enumerate(programme.small_changes.living())]
    strands = Counter(
        Barrier.strands.through.objects.filter(barrier__programme=programme).values_list(
            "barrier", flat=True
        )
    )
    barriers = Barrier.objects.standing().filter(programme=programme)
    linked = [(-strands[one.pk], n, one.pk) for n, one in enumerate(barriers)]
    return {
        "changes": [pk for _, _, pk in sorted(changes)[:5]],
        "barriers": [pk for _, _, pk in sorted(linked)[:3]],
        "met": [],
    }


# --- the overlay


@dataclass(frozen=True)
class Middle:
    """Where several people put one thing: the means of both scales, and how many they were."""

    matters: Fraction
    can_move: Fraction
    count: int

    @classmethod
    def of(cls, pairs: list[tuple[int, int]]) -> "Middle":
        matters, can_move = (Fraction(sum(side), len(pairs)) for side in zip(*pairs, strict=True))
        return cls(matters, can_move, len(pairs))

    @property
    def up(self) -> float:
        return round(float(self.matters), 1)

    @property
    def across(self) -> float:
        return round(float(self.can_move), 1)


@dataclass(frozen=True)
class Row:
    """One thing in the overlay: both voices, or all answers joined, or nothing at all."""

    thing: PlacedThing
    practitioners: Middle | None = None
    leaders: Middle | None = None
    joined: Middle | None = None
    number: int = 0

    @property
    def gap_squared(self) -> Fraction:
        if not (self.practitioners and self.leaders):
            return Fraction(-1)
        up = self.practitioners.matters - self.leaders.matters
        across = self.practitioners.can_move - self.leaders.can_move
        return up * up + across * across

    @property
    def gap(self) -> float:
        return round(sqrt(self.gap_squared), 1)

    @property
    def words(self) -> str:
        """Where the voices differ, as one says it at the start of a talk."""
        if not (self.practitioners and self.leaders):
            return ""
        differences = (
            (self.practitioners.matters - self.leaders.matters, "mattering"),
            (self.practitioners.can_move - self.leaders.can_move, "able to move"),
        )
        said = [_differs(by, what) for by, what in differences if abs(by) >= DIFFERS]
        if not said:
            return f"Practitioners and leaders see “{self.thing}” much the same."
        return f"Practitioners see “{self.thing}” as {' and '.join(said)} than leaders do."


def _differs(by: Fraction, what: str) -> str:
    much = "much " if abs(by) >= DIFFERS_MUCH else ""
    if what == "mattering":
        return f"{what} {much}{'more' if by > 0 else 'less'}"
    return f"{much}{'more' if by > 0 else 'less'} {what}"


def overlay_of(placing: PlacingRound) -> list[Row]:
    """Both voices of a closed round, the widest gap first; nothing while it is open."""
    if not placing.is_closed:
        return []
    said = defaultdict(list)
    places = Place.objects.filter(thing__round=placing)
    for thing, voice, *pair in places.values_list("thing", "voice", "matters", "can_move"):
        said[thing].append((voice, *pair))
    return overlay(things_of(placing), said)


def overlay(things: list[PlacedThing], said: dict) -> list[Row]:
    """What may be shown of (voice, matters, can move) for each thing.

    The gap of a thing is the straight distance between its two points, each of them the means of
    one voice: √((matters of practitioners − of leaders)² + (can move of practitioners − of
    leaders)²), from 0 to about 5.7. Means, since with five answers a median jumps by whole steps.
    It is compared exactly, and of two that are alike the one that was asked first comes first.

    A voice with fewer than five answers is never shown by itself. The two are joined where they
    have five together, and then nothing says how many of them are whose: no count and no mean of
    either voice stands beside it, of this thing, to take away from what is joined.
    """
    rows = [_row(thing, said.get(thing.pk, [])) for thing in things]
    ordered = sorted(rows, key=lambda row: (-row.gap_squared, row.joined is None))
    return [
        Row(one.thing, one.practitioners, one.leaders, one.joined, number)
        for number, one in enumerate(ordered, start=1)
    ]


def _row(thing: PlacedThing, said: list[tuple]) -> Row:
    practitioners, leaders = (
        [(matters, can_move) for voice, matters, can_move in said if voice == wanted]
        for wanted in Place.Voice
    )
    if min(len(practitioners), len(leaders)) >= FEWEST:
        return Row(thing, Middle.of(practitioners), Middle.of(leaders))
    if len(said) >= FEWEST:
        return Row(thing, joined=Middle.of(practitioners + leaders))
    return Row(thing)


def talk_of(rows: list[Row]) -> list[Row]:
    """The widest gaps, where the talk starts; none where nobody differs enough to say so."""
    both = [row for row in rows if row.practitioners and row.leaders]
    return [row for row in both if row.gap_squared >= DIFFERS * DIFFERS][:TALK]
