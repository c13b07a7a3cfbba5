"""Which things a placing, or "in our gift?", asks people about: where there are many, not all."""

from collections import Counter

from workshops import reading, sums
from workshops.models import Activity, ActivityKind
from workshops.reading import Thing

# From how many on not all are asked about, and how many are then: each is two answers on a phone.
MANY = 13
ASKED_OF_MANY = 8
# What the facilitator may choose instead, beside all of them.
CHOICES = (3, 5, 8, 12, 16, 20)


def strengths(activity: Activity) -> Counter | dict:
    """What the room said so far of each thing, by its id: dots, or else impact times feasibility.

    Only what was shown to everybody; empty where nothing was.
    """
    if (vote := reading.last_shown(activity, ActivityKind.VOTE)) is not None:
        return Counter(group or note for group, note in vote.votes.values_list("group", "note"))
    shown = reading.last_shown(activity, ActivityKind.PLACE)
    return {pk: spot.worth for pk, spot in sums.spots(shown).items()} if shown else {}


def suggested(activity: Activity) -> int | None:
    """How many to ask about; None is all, as where nothing says which are the strongest."""
    things = reading.things_of(activity)
    if len(things) < MANY:
        return None
    strong = strengths(activity)
    return ASKED_OF_MANY if any(strong.get(thing.pk) for thing in things) else None


def about(activity: Activity) -> dict:
    """What people are asked about as `things`, and as `rest` what is kept and shown beside it.

    Once they are shown, placed things stand together, the best first.
    """
    things = _asked_first(activity, reading.things_of(activity))
    if activity.kind == ActivityKind.PLACE and activity.is_revealed:
        return {"things": reading.placed(activity, things), "rest": []}
    asked = [thing for thing in things if thing.is_asked]
    return {"things": asked, "rest": things[len(asked) :]}


def _asked_first(activity: Activity, things: list[Thing]) -> list[Thing]:
    """All that are as strong as the last of them are asked about too.

    What nobody chose is not, unless nobody chose anything.
    """
    if activity.asks is None:
        return things
    strong = strengths(activity)
    most_first = sorted((strong.get(thing.pk, 0) for thing in things), reverse=True)
    chosen = [one for one in most_first[: activity.asks] if one]
    for thing in things:
        thing.is_asked = not chosen or strong.get(thing.pk, 0) >= chosen[-1]
    return sorted(things, key=lambda thing: not thing.is_asked)
