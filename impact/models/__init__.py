"""What came of it, as people tell it and report it; who runs it, and the keys to its figures."""

from .feeds import FeedKey, FeedScope
from .handover import Hands, PartnershipEnd, Whose
from .learning import LearningNote
from .reports import Report, ReportSection, ReportSentence, ReportShare, SectionKey
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
    "Report",
    "ReportSection",
    "ReportSentence",
    "ReportShare",
    "Ring",
    "SectionKey",
    "Story",
    "StoryPick",
    "Whose",
    "YesToThisStory",
]
