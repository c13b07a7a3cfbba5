"""A round of two voices that the demo has behind it: made up, and closed from its beginning."""

import random
from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.utils import timezone

from blueprints.models import Place, PlacedThing, PlacingRound
from crescendo.loading.desk import MADE_UP
from programmes.models import Barrier, LocalAuthority, start_of_day

_PLACE = "tower-hamlets"
_QUESTION = "What would give families most of our time, if it moved?"
_DAYS_AGO = 9

# Of each thing: what seven practitioners and five leaders said, as (matters, can move) each.
_CHANGES: dict[str, tuple[str, str]] = {
    "Develop one referral form for all in-house services": (
        "44 53 44 54 45 43 54",
        "44 45 54 44 53",
    ),
    "Create a shared drive of forms and resources": ("34 35 45 34 35 44 25", "44 45 35 44 34"),
    "Define partner agency roles and share notetaking": ("52 51 42 52 51 53 42", "34 44 24 35 34"),
    "Business support officers help with minutes and admin": (
        "52 51 52 51 42 52 51",
        "42 41 52 42 32",
    ),
    "Develop ways to celebrate success and show appreciation": (
        "25 34 24 35 25 14 34",
        "55 45 54 55 44",
    ),
}
_BARRIERS: dict[str, tuple[str, str]] = {
    "Too much administrative work": ("53 54 53 44 53 54 53", "51 42 52 41 52"),
    "Minute-taking in core group meetings falls to the social worker": (
        "53 54 43 53 54 53 44",
        "23 32 23 33 22",
    ),
    # Two leaders had nothing to say of it: so both voices are joined.
    "School visits cannot be recorded as statutory visits": ("51 41 52 41 51 42 51", "31 42 31"),
}


@transaction.atomic
def load() -> None:
    """Written as it lies once a round is closed: nobody's, without a secret."""
    place = LocalAuthority.objects.filter(slug=_PLACE).first()
    if place is None:
        return
    programme = place.current_programme()
    pk = uuid5(NAMESPACE_URL, f"{_PLACE} {_QUESTION}")
    if programme is None or programme.placing_rounds.filter(pk=pk).exists():
        return
    barriers = Barrier.objects.standing().filter(programme=programme, text__in=_BARRIERS)
    found = {"change": programme.small_changes.filter(title__in=_CHANGES), "barrier": barriers}
    closed_at = timezone.now() - timedelta(days=_DAYS_AGO)
    placing = PlacingRound.objects.create(
        pk=pk,
        authority=place,
        programme=programme,
        question=_QUESTION,
        opened_at=closed_at - timedelta(days=6),
        closed_at=closed_at,
        closes_on=timezone.localdate(closed_at),
        secret=b"",
        illustrative=MADE_UP,
    )
    said = _CHANGES | _BARRIERS
    places: list[Place] = []
    rows = [(kind, row) for kind, rows in found.items() for row in rows]
    for position, (kind, row) in enumerate(rows):
        thing = PlacedThing.objects.create(
            authority=place, round=placing, position=position, **{kind: row}, illustrative=MADE_UP
        )
        for voice, pairs in zip(Place.Voice, said[str(row)], strict=True):
            places += [
                Place(
                    authority=place,
                    thing=thing,
                    created_at=start_of_day(closed_at),
                    voice=voice,
                    matters=int(matters),
                    can_move=int(can_move),
                    illustrative=MADE_UP,
                )
                for matters, can_move in map(tuple, pairs.split())
            ]
    random.shuffle(places)
    Place.objects.bulk_create(places)
