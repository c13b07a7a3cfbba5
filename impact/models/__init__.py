"""What came of it, as people tell it."""

from .stories import Crossing, OwnWords, Ring, Story, StoryPick, YesToThisStory

__all__ = ["Crossing", "OwnWords", "Ring", "Story", "StoryPick", "YesToThisStory"]
