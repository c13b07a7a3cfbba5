"""Step 2: mission strands, and the small changes that grow along them."""

from .asks import ASKS_SHOWN, Ask, AskAnswer, AskQuerySet, amount_in_words
from .celebration import Cheer, ThankYou
from .changes import (
    LIVING,
    NO_STRAND,
    NOBODY,
    QUIET_WEEKS,
    SLIP,
    SORTS,
    ChangeTeam,
    JointMove,
    Move,
    SmallChange,
    SmallChangeQuerySet,
    Stage,
    Status,
    Update,
)
from .inbox import Inbox, Offered, ReceivedMail
from .joining import MovedRow
from .measures import MOST, Measure, Reading, TimeBack
from .plan import Met, Stakeholder, StanceMove, Step
from .rules import Clue, Rule, Verdict
from .shares import WORDS, Consent, ConsentToTheseWords, SameWords, Seed, Share
from .strands import MissionStrand, StrandBarrier

__all__ = [
    "ASKS_SHOWN",
    "LIVING",
    "MOST",
    "NOBODY",
    "NO_STRAND",
    "QUIET_WEEKS",
    "SLIP",
    "SORTS",
    "WORDS",
    "Ask",
    "AskAnswer",
    "AskQuerySet",
    "ChangeTeam",
    "Cheer",
    "Clue",
    "Consent",
    "ConsentToTheseWords",
    "Inbox",
    "JointMove",
    "Measure",
    "Met",
    "MissionStrand",
    "Move",
    "MovedRow",
    "Offered",
    "Reading",
    "ReceivedMail",
    "Rule",
    "SameWords",
    "Seed",
    "Share",
    "SmallChange",
    "SmallChangeQuerySet",
    "Stage",
    "Stakeholder",
    "StanceMove",
    "Status",
    "Step",
    "StrandBarrier",
    "ThankYou",
    "TimeBack",
    "Update",
    "Verdict",
    "amount_in_words",
]
