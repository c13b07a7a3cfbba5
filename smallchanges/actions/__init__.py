"""Every write to strands and small changes: atomic, and in history."""

from .changes import add_change, edit_change, move, undo_move
from .measures import (
    add_measure,
    add_reading,
    edit_measure,
    say_time_back,
    take_back_time_back,
)
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
from .stakeholders import edit_stakeholder, move_stance, undo_stance
from .strands import add_strand, edit_strand, put_back_strand, remove_strand
from .updates import share_update, share_update_by_mail

__all__ = [
    "add_change",
    "add_measure",
    "add_met",
    "add_reading",
    "add_stakeholder",
    "add_step",
    "add_strand",
    "edit_change",
    "edit_measure",
    "edit_stakeholder",
    "edit_step",
    "edit_strand",
    "move",
    "move_stance",
    "order",
    "put_back_in_plan",
    "put_back_strand",
    "remove_from_plan",
    "remove_strand",
    "say_time_back",
    "share_update",
    "share_update_by_mail",
    "take_back_time_back",
    "tick_step",
    "undo_move",
    "undo_stance",
]
