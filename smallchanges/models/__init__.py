"""Step 2: mission strands, and the small changes that grow along them."""

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
from .measures import MOST, Measure, Reading, TimeBack
from .plan import Met, Stakeholder, StanceMove, Step
from .strands import MissionStrand, StrandBarrier

__all__ = [
    "LIVING",
    "MOST",
    "NO_STRAND",
    "SLIP",
    "SORTS",
    "ChangeTeam",
    "Measure",
    "Met",
    "MissionStrand",
    "Move",
    "Reading",
    "SmallChange",
    "SmallChangeQuerySet",
    "Stage",
    "Stakeholder",
    "StanceMove",
    "Status",
    "Step",
    "StrandBarrier",
    "TimeBack",
    "Update",
]
