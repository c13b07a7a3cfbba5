"""Step 3: what the small changes taught, and the local blueprint written from it."""

from .aims import Aim, PillarAim
from .blueprint import Blueprint, Commitment, Line, Need
from .experiments import (
    Decision,
    Experiment,
    ExperimentMove,
    LearningCycle,
    Observation,
)
from .insights import EVIDENCE, Evidence, Insight
from .partners import PartnerLink
from .pillars import Pillar, PillarInsight
from .placing import PLACEABLE, Place, PlacedThing, PlacingRound
from .reviews import Answer, Promise, Promised, Review, Telling, unanswered
from .versions import BlueprintVersion, SignOff

__all__ = [
    "EVIDENCE",
    "PLACEABLE",
    "Aim",
    "Answer",
    "Blueprint",
    "BlueprintVersion",
    "Commitment",
    "Decision",
    "Evidence",
    "Experiment",
    "ExperimentMove",
    "Insight",
    "LearningCycle",
    "Line",
    "Need",
    "Observation",
    "PartnerLink",
    "Pillar",
    "PillarAim",
    "PillarInsight",
    "Place",
    "PlacedThing",
    "PlacingRound",
    "Promise",
    "Promised",
    "Review",
    "SignOff",
    "Telling",
    "unanswered",
]
