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
from .plan import Met, Stakeholder, Step
from .shares import WORDS, Consent, ConsentToTheseWords, SameWords, Seed, Share
from .strands import MissionStrand, StrandBarrier

__all__ = [
    "LIVING",
    "NO_STRAND",
    "SLIP",
    "SORTS",
    "WORDS",
    "ChangeTeam",
    "Consent",
    "ConsentToTheseWords",
    "Met",
    "MissionStrand",
    "Move",
    "SameWords",
    "Seed",
    "Share",
    "SmallChange",
    "SmallChangeQuerySet",
    "Stage",
    "Stakeholder",
    "Status",
    "Step",
    "StrandBarrier",
    "Update",
]
