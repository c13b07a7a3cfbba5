"""Writing the blueprint: insights, what it stands for, pillars and experiments.

A function that adds a row takes its `pk` from the form, so that a form sent twice makes one row.
Those that write words raise `programmes.editing.Taken` where another row has them already, and
those that change words raise `Stale` where somebody was quicker.
"""

from .aims import reword_aim, write_aim, write_aims
from .evidence import link_evidence, unlink_evidence
from .experiments import Sealed, move_back, move_experiment, reword_experiment, write_experiment
from .insights import reword_insight, write_insight
from .pillars import put_back_pillar, remove_pillar, reword_pillar, write_pillar
from .rows import PillarGone, order, put_back, remove
from .voices import (
    RoundBegun,
    RoundClosed,
    SpokeOtherwise,
    close_due_rounds,
    close_round,
    edit_round,
    open_round,
    place,
)
from .words import begin, reword_line, word_focus, write_line

__all__ = [
    "PillarGone",
    "RoundBegun",
    "RoundClosed",
    "Sealed",
    "SpokeOtherwise",
    "begin",
    "close_due_rounds",
    "close_round",
    "edit_round",
    "link_evidence",
    "move_back",
    "move_experiment",
    "open_round",
    "order",
    "place",
    "put_back",
    "put_back_pillar",
    "remove",
    "remove_pillar",
    "reword_aim",
    "reword_experiment",
    "reword_insight",
    "reword_line",
    "reword_pillar",
    "unlink_evidence",
    "word_focus",
    "write_aim",
    "write_aims",
    "write_experiment",
    "write_insight",
    "write_line",
    "write_pillar",
]
