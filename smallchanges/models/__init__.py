"""Step 2: mission strands, and the small changes that grow along them."""

from .changes import (
    LIVING,
    NO_STRAND,
    NOBODY,
    QUIET_WEEKS,
    SLIP,
    SORTS,
    ChangeTeam,
    JointMove,
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
    "LIVING",
    "NOBODY",
    "NO_STRAND",
    "QUIET_WEEKS",
    "SLIP",
    "SORTS",
    "ChangeTeam",
    "JointMove",
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
