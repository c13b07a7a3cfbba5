"""Step 3: what the small changes taught, and the local blueprint written from it."""

from .blueprint import Blueprint, Commitment, Line, Need
from .experiments import (
    Decision,
    Experiment,
    ExperimentMove,
    LearningCycle,
    Observation,
)
from .insights import EVIDENCE, Evidence, Insight
from .pillars import Pillar, PillarInsight
from .reviews import Answer, Promise, Promised, Review, Telling, unanswered
from .versions import BlueprintVersion, SignOff

__all__ = [
    "EVIDENCE",
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
    "Pillar",
    "PillarInsight",
    "Promise",
    "Promised",
    "Review",
    "SignOff",
    "Telling",
    "unanswered",
]
