"""What came of it, as people tell it; who runs it, what they learned, and the keys to figures."""

from .feeds import FeedKey, FeedScope
from .handover import Hands, PartnershipEnd, Whose
from .learning import LearningNote
from .stories import Crossing, OwnTeller, OwnWords, Ring, Story, StoryPick, YesToThisStory

__all__ = [
    "Crossing",
    "FeedKey",
    "FeedScope",
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
