"""Rounds of two voices: opening one, placing in it without being known, and closing it for good."""

import secrets
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db import transaction
from django.utils import timezone

from blueprints.models import Place, PlacedThing, PlacingRound
from blueprints.voices import has_begun, nullifier
from programmes.audit import record
from programmes.editing import locked, make_once, save_version
from programmes.models import Programme, User, start_of_today
from programmes.notices import each_by_itself


class RoundBegun(Exception):
    """Somebody has placed something: what they were asked stays as it is."""


class RoundClosed(Exception):
    """Nothing more can be placed."""


class SpokeOtherwise(Exception):
    """Somebody spoke with the other voice in this round, and keeps to it."""

    def __init__(self, voice: str):
        super().__init__(voice)
        self.voice = voice


@transaction.atomic
def open_round(
    *,
    programme: Programme,
    pk: UUID,
    question: str,
    closes_on: date,
    things: dict[str, list],
    by: User | None,
) -> PlacingRound:
    """Ask both voices about these things, as `{"change": […], "barrier": […], "met": […]}`.

    Raises `Taken` while another round of the programme is open.
    """
    placing, made = make_once(
        programme.authority.placing_rounds,
        pk=pk,
        constraint="placing_round_one_open_at_a_time",
        programme=programme,
        question=question,
        closes_on=closes_on,
    )
    if made:
        _ask_about(placing, things)
        record("two voices opened", placing, by=by, closes_on=str(closes_on))
    return placing


@transaction.atomic
def edit_round(
    *, placing: PlacingRound, version: int, by: User | None, things=None, **words
) -> PlacingRound:
    """Change its last day; and, until somebody has placed something, what it asks and about what.

    Raises `Stale`, `RoundBegun` and `RoundClosed`.
    """
    row = locked(placing)
    if row.is_closed:
        raise RoundClosed
    asks_anew = things is not None or words.get("question", row.question) != row.question
    if asks_anew and has_begun(row):
        raise RoundBegun
    save_version(row, version=version, **words)
    if things is not None:
        row.things.all().delete()
        _ask_about(row, things)
    record("two voices edited", row, by=by, closes_on=str(row.closes_on))
    return row


def _ask_about(placing: PlacingRound, things: dict[str, list]) -> None:
    rows = [(name, row) for name, found in things.items() for row in found]
    PlacedThing.objects.bulk_create(
        PlacedThing(
            authority_id=placing.authority_id, round=placing, position=position, **{name: row}
        )
        for position, (name, row) in enumerate(rows)
    )


@transaction.atomic
def place(
    *, placing: PlacingRound, who: str, voice: str, answers: dict[UUID, tuple[int, int]]
) -> None:
    """One person's places, by the things' ids; those that they had are changed.

    No entry in history: nobody shall know who placed. One request of a round at a time, so that
    nobody speaks with both voices at once, and none comes in while it closes. Raises `RoundClosed`
    and `SpokeOtherwise`.
    """
    row = locked(placing, may_be_pointed_at=True)
    if not row.takes_places:
        raise RoundClosed
    key = nullifier(row, who)
    own = Place.objects.filter(thing__round=row, nullifier=key)
    spoke = own.values_list("voice", flat=True).first()
    if spoke and spoke != voice:
        raise SpokeOtherwise(spoke)
    if not row.things.filter(pk__in=answers).count() == len(answers):
        raise BadRequest("A place is of one of the things that the round asks about.")
    Place.objects.bulk_create(
        [
            Place(
                authority_id=row.authority_id,
                thing_id=thing,
                voice=voice,
                matters=matters,
                can_move=can_move,
                nullifier=key,
            )
            for thing, (matters, can_move) in answers.items()
            if own.filter(thing=thing).update(matters=matters, can_move=can_move) == 0
        ]
    )


@transaction.atomic
def close_round(*, placing: PlacingRound, by: User | None) -> PlacingRound:
    """End it for good: from here on nobody can tell whose a place was (`reliability.md` 5).

    All places are taken out and written anew in random order, of one day and without what made
    several of them one person's; the secret goes. Closing once more changes nothing.
    """
    row = locked(placing)
    if row.is_closed:
        return row
    places = Place.objects.filter(thing__round=row)
    held = [
        Place(
            authority_id=one.authority_id,
            created_at=start_of_today(),
            thing_id=one.thing_id,
            voice=one.voice,
            matters=one.matters,
            can_move=one.can_move,
        )
        for one in places
    ]
    places.delete()
    secrets.SystemRandom().shuffle(held)
    Place.objects.bulk_create(held)
    row.closed_at, row.secret = timezone.now(), b""
    row.save(update_fields=["closed_at", "secret"])
    record("two voices closed", row, by=by)
    return row


def close_due_rounds(now: datetime) -> None:
    """Close those whose last evening has come."""
    last = PlacingRound.objects.open().filter(closes_on__lte=timezone.localdate(now))
    each_by_itself(
        [one for one in last if one.ends_at <= now],
        lambda placing: close_round(placing=placing, by=None),
    )
