"""What the writes of all kinds of rows have in common: order, taking away, putting back."""

from django.db import transaction

from blueprints.models import Aim, Commitment, Experiment, Insight, Line, Need, Pillar
from programmes.audit import record
from programmes.editing import locked, shift, take_away, unless_taken
from programmes.editing import put_back as give_back
from programmes.models import User

from .waiting import drop_waiting

type Ordered = Aim | Insight | Line | Pillar | Experiment
# The rows that can be taken away without taking others along.
type Single = Aim | Insight | Line | Experiment

# The constraint that keeps the words of each from being there twice.
ONCE = {
    Aim: "aim_code_unique",
    Insight: "insight_said_once",
    Commitment: "commitment_said_once",
    Need: "need_said_once",
    Pillar: "pillar_title_unique",
    Experiment: "experiment_title_unique",
}


class PillarGone(Exception):
    """An experiment cannot come back while its pillar is taken away."""


@transaction.atomic
def order(*, row: Ordered, places: int, by: User) -> bool:
    """Move a row one place up (-1) or down (+1); False where it is at the end already."""
    moved = shift(row.siblings(), row, by=places)
    if moved:
        record(f"{noun(row)} ordered", row, by=by, places=places)
    return moved


@transaction.atomic
def remove(*, row: Single, by: User) -> Single:
    """Take a row away; twice is once. Links to it stay, so that putting it back restores them."""
    row = locked(row)
    if not row.removed_at:
        take_away(row, by=by)
        if isinstance(row, Experiment):
            drop_waiting(row)
        record(f"{noun(row)} removed", row, by=by)
    return row


@transaction.atomic
def put_back(*, row: Single, by: User) -> Single:
    """Undo `remove`. Raises `PillarGone` for an experiment whose pillar is taken away by now."""
    if isinstance(row, Experiment) and locked(row.pillar).removed_at:
        raise PillarGone
    row = locked(row)
    if row.removed_at:
        with unless_taken(ONCE[type(row)]):
            give_back(row)
        record(f"{noun(row)} put back", row, by=by)
    return row


def noun(row) -> str:
    return row._meta.model_name


def held(pillar: Pillar) -> Pillar:
    """A pillar that stands, and is not taken away before the transaction ends."""
    return Pillar.objects.standing().select_for_update().get(pk=pillar.pk)


def link(links, rows) -> None:
    links.set(rows, through_defaults={"authority": links.instance.authority})
