"""Step 2: mission strands, and the small changes that grow along them."""

from .asks import ASKS_SHOWN, Ask, AskAnswer, AskQuerySet
from .changes import (
    LIVING,
    NO_STRAND,
    SLIP,
    SORTS,
    ChangeTeam,
    Move,
    SmallChange,
    SmallChangeQuerySet,
    Stage,
    Status,
    Update,
)
from .plan import Met, Stakeholder, Step
from .strands import MissionStrand, StrandBarrier

__all__ = [
    "ASKS_SHOWN",
    "LIVING",
    "NO_STRAND",
    "SLIP",
    "SORTS",
    "Ask",
    "AskAnswer",
    "AskQuerySet",
    "ChangeTeam",
    "Met",
    "MissionStrand",
    "Move",
    "SmallChange",
    "SmallChangeQuerySet",
    "Stage",
    "Stakeholder",
    "Status",
    "Step",
    "StrandBarrier",
    "Update",
]
