"""Every write to strands and small changes: atomic, and in history."""

from .celebration import cheer, put_back_thanks, remove_thanks, thank
from .changes import add_change, edit_change, move, undo_move
from .measures import add_measure, add_reading, edit_measure, say_time_back, take_back_time_back
from .plan import (
    add_met,
    add_stakeholder,
    add_step,
    edit_step,
    order,
    put_back_in_plan,
    remove_from_plan,
    tick_step,
)
from .rules import (
    Overtaken,
    add_clue,
    add_rule,
    edit_rule,
    put_back_clue,
    put_back_rule,
    remove_clue,
    remove_rule,
    set_checker,
    settle_rule,
    take_back_verdict,
)
from .seeds import edit_seed, take_seed
from .shares import (
    answer_share,
    ask_about_share,
    open_share,
    put_back_share,
    take_back_share,
    write_share,
)
from .stakeholders import edit_stakeholder, move_stance, undo_stance
from .strands import add_strand, edit_strand, put_back_strand, remove_strand
from .updates import share_update, share_update_by_mail

__all__ = [
    "Overtaken",
    "add_change",
    "add_clue",
    "add_measure",
    "add_met",
    "add_reading",
    "add_rule",
    "add_stakeholder",
    "add_step",
    "add_strand",
    "answer_share",
    "ask_about_share",
    "cheer",
    "edit_change",
    "edit_measure",
    "edit_rule",
    "edit_seed",
    "edit_stakeholder",
    "edit_step",
    "edit_strand",
    "move",
    "move_stance",
    "open_share",
    "order",
    "put_back_clue",
    "put_back_in_plan",
    "put_back_rule",
    "put_back_share",
    "put_back_strand",
    "put_back_thanks",
    "remove_clue",
    "remove_from_plan",
    "remove_rule",
    "remove_strand",
    "remove_thanks",
    "say_time_back",
    "set_checker",
    "settle_rule",
    "share_update",
    "share_update_by_mail",
    "take_back_share",
    "take_back_time_back",
    "take_back_verdict",
    "take_seed",
    "thank",
    "tick_step",
    "undo_move",
    "undo_stance",
    "write_share",
]
