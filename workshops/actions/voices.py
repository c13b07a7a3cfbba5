"""Two voices in a room: placing in a round on the phone, as over days."""

from uuid import UUID

from django.core.exceptions import BadRequest
from django.db import transaction

from blueprints import actions
from blueprints.models import PlacingRound
from workshops import telling
from workshops.actions.notes import held, take_part
from workshops.models import Activity, Participant


@transaction.atomic
def speak(
    *,
    activity: Activity,
    participant: Participant,
    placing: PlacingRound,
    who: str,
    voice: str,
    answers: dict[UUID, tuple[int, int]],
) -> None:
    """What this person placed. The room sees how many have given something, never what.

    Raises `RoundClosed`, as `blueprints.actions.place` does, where the room takes no more either.
    """
    now = held(activity)
    if participant.workshop_id != now.workshop_id or placing.pk != now.round_id:
        raise BadRequest("This round is another room’s.")
    is_shut = now.is_revealed or now.is_over or now.workshop.has_closed_for(now)
    if is_shut or participant.removed_at or not now.opened_at:
        raise actions.RoundClosed
    actions.place(placing=placing, who=who, voice=voice, answers=answers)
    take_part(activity=now, participant=participant)
    telling.chosen(now)
