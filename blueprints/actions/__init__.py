"""Writing the blueprint: insights, what it stands for, pillars and experiments.

A function that adds a row takes its `pk` from the form, so that a form sent twice makes one row.
Those that write words raise `programmes.editing.Taken` where another row has them already, and
those that change words raise `Stale` where somebody was quicker.
"""

from .experiments import Sealed, move_back, move_experiment, reword_experiment, write_experiment
from .insights import reword_insight, write_insight
from .pillars import put_back_pillar, remove_pillar, reword_pillar, write_pillar
from .rows import PillarGone, order, put_back, remove
from .versions import (
    propose_version,
    put_back_version,
    sign_version,
    unsign_version,
    withdraw_version,
)
from .words import begin, reword_line, word_focus, write_line

__all__ = [
    "PillarGone",
    "Sealed",
    "begin",
    "move_back",
    "move_experiment",
    "order",
    "propose_version",
    "put_back",
    "put_back_pillar",
    "put_back_version",
    "remove",
    "remove_pillar",
    "reword_experiment",
    "reword_insight",
    "reword_line",
    "reword_pillar",
    "sign_version",
    "unsign_version",
    "withdraw_version",
    "word_focus",
    "write_experiment",
    "write_insight",
    "write_line",
    "write_pillar",
]
