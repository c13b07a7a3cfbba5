"""Step 2: mission strands, and the small changes that grow along them."""

from .celebration import Cheer, ThankYou
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
from .rules import Clue, Rule, Verdict
from .strands import MissionStrand, StrandBarrier

__all__ = [
    "LIVING",
    "NO_STRAND",
    "SLIP",
    "SORTS",
    "ChangeTeam",
    "Cheer",
    "Clue",
    "Met",
    "MissionStrand",
    "Move",
    "Rule",
    "SmallChange",
    "SmallChangeQuerySet",
    "Stage",
    "Stakeholder",
    "Status",
    "Step",
    "StrandBarrier",
    "ThankYou",
    "Update",
    "Verdict",
]
