"""Aims of an improvement plan to read beside Tower Hamlets' blueprint: made up."""

from uuid import NAMESPACE_URL, uuid5

from blueprints import actions
from crescendo.loading.desk import MADE_UP
from programmes.models import LocalAuthority

_PLACE = "tower-hamlets"
# Number, aim, who answers for it, and what the titles of the pillars begin with that serve it.
_AIMS: tuple[tuple[str, str, str, list[str]], ...] = (
    (
        "1.2",
        "Children and families get the right help at the right time",
        "Head of Family Support",
        ["Build better partnerships", "Create better ways"],
    ),
    (
        "2.1",
        "Partners share what they know, and act on it together",
        "Safeguarding partnership lead",
        ["Build better partnerships"],
    ),
    (
        "2.3",
        "Plans are written with families, and everybody has them in time",
        "Head of Family Support",
        [],
    ),
    (
        "3.1",
        "Social workers have the time and the support to do good work",
        "Principal Social Worker",
        ["Create better ways"],
    ),
    (
        "4.2",
        "Children tell us what they think of our help, and we act on it",
        "Participation lead",
        [],
    ),
)


def load() -> None:
    """Write each that is not there yet; what people did with one meanwhile stays."""
    place = LocalAuthority.objects.filter(slug=_PLACE).first()
    programme = place.current_programme() if place else None
    if place is None or programme is None:
        return
    wanted = {uuid5(NAMESPACE_URL, f"{_PLACE} aim {row[0]}"): row for row in _AIMS}
    there = set(place.aims.filter(pk__in=wanted).values_list("pk", flat=True))
    if there == set(wanted):
        return
    pillars = list(place.pillars.standing())
    for pk, (code, title, owner, begins) in wanted.items():
        # Somebody may have written this number down by now.
        if pk in there or programme.aims.standing().filter(code__iexact=code).exists():
            continue
        serving = [one for one in pillars if one.title.startswith(tuple(begins))]
        actions.write_aim(
            programme=programme,
            pk=pk,
            pillars=serving,
            code=code,
            title=title,
            owner=owner,
            illustrative=MADE_UP,
            by=None,
        )
