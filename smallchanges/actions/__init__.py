"""Every write to strands and small changes: atomic, and in history."""

from .changes import add_change, edit_change, move, undo_move
from .plan import (
    add_met,
    add_stakeholder,
    add_step,
    edit_stakeholder,
    edit_step,
    order,
    put_back_in_plan,
    remove_from_plan,
    tick_step,
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
from .strands import add_strand, edit_strand, put_back_strand, remove_strand
from .updates import share_update, share_update_by_mail

__all__ = [
    "add_change",
    "add_met",
    "add_stakeholder",
    "add_step",
    "add_strand",
    "answer_share",
    "ask_about_share",
    "edit_change",
    "edit_seed",
    "edit_stakeholder",
    "edit_step",
    "edit_strand",
    "move",
    "open_share",
    "order",
    "put_back_in_plan",
    "put_back_share",
    "put_back_strand",
    "remove_from_plan",
    "remove_strand",
    "share_update",
    "share_update_by_mail",
    "take_back_share",
    "take_seed",
    "tick_step",
    "undo_move",
    "write_share",
]
