"""What came of it, as people tell it; what facilitators learned, and who runs it."""

from .handover import Hands, PartnershipEnd, Whose
from .learning import LearningNote
from .stories import Crossing, OwnTeller, OwnWords, Ring, Story, StoryPick, YesToThisStory

__all__ = [
    "Crossing",
    "Hands",
    "LearningNote",
    "OwnTeller",
    "OwnWords",
    "PartnershipEnd",
    "Ring",
    "Story",
    "StoryPick",
    "Whose",
    "YesToThisStory",
]
