"""Writing the blueprint: insights, what it stands for, pillars and experiments.

A function that adds a row takes its `pk` from the form, so that a form sent twice makes one row.
Those that write words raise `programmes.editing.Taken` where another row has them already, and
those that change words raise `Stale` where somebody was quicker.
"""

from .aims import reword_aim, write_aim, write_aims
from .cycles import (
    NotDecided,
    NothingExpected,
    NotTrying,
    begin_cycle,
    observe,
    put_back_observation,
    say_surprise,
    take_back_observation,
)
from .evidence import link_evidence, unlink_evidence
from .experiments import Sealed, move_back, move_experiment, reword_experiment, write_experiment
from .insights import reword_insight, write_insight
from .pillars import put_back_pillar, remove_pillar, reword_pillar, write_pillar
from .reviews import (
    Answered,
    answer_ask_and_promise,
    answer_experiment,
    ask_again,
    begin_answered,
    make_promise,
    promise_of,
    put_back_review,
    take_back_answer,
    take_back_ask_again,
    take_back_begun,
    take_back_review,
    take_back_telling,
    tell_promise,
    write_review,
)
from .rows import PillarGone, order, put_back, remove
from .versions import (
    propose_version,
    put_back_version,
    sign_version,
    unsign_version,
    withdraw_version,
)
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
from .waiting import remind_of_experiment, suggest_chat_about_experiment
from .words import begin, reword_line, word_focus, write_line

__all__ = [
    "Answered",
    "NotDecided",
    "NotTrying",
    "NothingExpected",
    "PillarGone",
    "RoundBegun",
    "RoundClosed",
    "Sealed",
    "SpokeOtherwise",
    "answer_ask_and_promise",
    "answer_experiment",
    "ask_again",
    "begin",
    "begin_answered",
    "begin_cycle",
    "close_due_rounds",
    "close_round",
    "edit_round",
    "link_evidence",
    "make_promise",
    "move_back",
    "move_experiment",
    "observe",
    "open_round",
    "order",
    "place",
    "promise_of",
    "propose_version",
    "put_back",
    "put_back_observation",
    "put_back_pillar",
    "put_back_review",
    "put_back_version",
    "remind_of_experiment",
    "remove",
    "remove_pillar",
    "reword_aim",
    "reword_experiment",
    "reword_insight",
    "reword_line",
    "reword_pillar",
    "say_surprise",
    "sign_version",
    "suggest_chat_about_experiment",
    "take_back_answer",
    "take_back_ask_again",
    "take_back_begun",
    "take_back_observation",
    "take_back_review",
    "take_back_telling",
    "tell_promise",
    "unlink_evidence",
    "unsign_version",
    "withdraw_version",
    "word_focus",
    "write_aim",
    "write_aims",
    "write_experiment",
    "write_insight",
    "write_line",
    "write_pillar",
    "write_review",
]
