"""Two voices in a room: what phones, console and big screen show of a round."""

from blueprints import overlay_map, voices
from blueprints.models import Place
from programmes.access import permissions_in
from workshops.models import Activity, ActivityKind, Participant

# Of somebody who is neither, nothing is taken: what is shown are two voices, and a third that is
# in the joined numbers alone could be worked out from them.
NEITHER = "neither"
OF_GUESTS = [
    (str(Place.Voice.PRACTITIONER), "I work with families"),
    (str(Place.Voice.LEADER), "I lead a service or team"),
    (NEITHER, "Neither"),
]


def about(activity: Activity) -> dict:
    """What everybody may see: what is asked about, and once it is shown both voices."""
    placing = activity.round if activity.kind == ActivityKind.SENSE else None
    if placing is None:
        return {}
    rows = voices.overlay_of(placing) if activity.is_revealed else []
    return {
        "placing": placing,
        "placed_things": voices.things_of(placing),
        "rows": rows,
        "talk": voices.talk_of(rows),
        "drawn": overlay_map.drawn(rows),
    }


def who_is(participant: Participant) -> str:
    """A member is the same in the room and over days, so that nobody counts twice."""
    if participant.user is not None:
        return voices.member(participant.user)
    return f"guest {participant.pk}"


def voices_of(participant: Participant) -> list[tuple[str, str]]:
    """What they may speak as. A guest says it, a member has it from what they do here."""
    if participant.user is None:
        return OF_GUESTS
    may = voices.voices_of(permissions_in(participant.user, participant.authority))
    return [(str(voice), voices.OF_MEMBERS[voice]) for voice in may]


def sheet_of(activity: Activity, participant: Participant, said=None) -> voices.Sheet | None:
    """One person's own page; None where nothing is to be placed, or they have no voice."""
    placing = activity.round
    if placing is None or not placing.takes_places or activity.is_revealed:
        return None
    offered = voices_of(participant)
    return voices.sheet_of(placing, who_is(participant), offered, said) if offered else None
