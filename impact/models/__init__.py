"""What came of it, as people tell it, and the keys to its figures."""

from .feeds import FeedKey, FeedScope
from .stories import Crossing, OwnWords, Ring, Story, StoryPick, YesToThisStory

__all__ = [
    "Crossing",
    "FeedKey",
    "FeedScope",
    "OwnWords",
    "Ring",
    "Story",
    "StoryPick",
    "YesToThisStory",
]
