"""What came of it, as people tell it."""

from .reports import Report, ReportSection, ReportSentence, ReportShare, SectionKey
from .stories import Crossing, OwnWords, Ring, Story, StoryPick, YesToThisStory

__all__ = [
    "Crossing",
    "OwnWords",
    "Report",
    "ReportSection",
    "ReportSentence",
    "ReportShare",
    "Ring",
    "SectionKey",
    "Story",
    "StoryPick",
    "YesToThisStory",
]
