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
from .inbox import Inbox, Offered, ReceivedMail
from .plan import Met, Stakeholder, Step
from .strands import MissionStrand, StrandBarrier

__all__ = [
    "LIVING",
    "NO_STRAND",
    "SLIP",
    "SORTS",
    "ChangeTeam",
    "Inbox",
    "Met",
    "MissionStrand",
    "Move",
    "Offered",
    "ReceivedMail",
    "SmallChange",
    "SmallChangeQuerySet",
    "Stage",
    "Stakeholder",
    "Status",
    "Step",
    "StrandBarrier",
    "Update",
]
