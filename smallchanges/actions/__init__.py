"""Every write to strands and small changes: atomic, and in history."""

from .changes import (
    add_change,
    edit_change,
    move,
    move_together,
    refusals,
    undo_move,
    undo_together,
)
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
from .strands import add_strand, edit_strand, put_back_strand, remove_strand
from .updates import share_update, share_update_by_mail

__all__ = [
    "add_change",
    "add_met",
    "add_stakeholder",
    "add_step",
    "add_strand",
    "edit_change",
    "edit_stakeholder",
    "edit_step",
    "edit_strand",
    "move",
    "move_together",
    "order",
    "put_back_in_plan",
    "put_back_strand",
    "refusals",
    "remove_from_plan",
    "remove_strand",
    "share_update",
    "share_update_by_mail",
    "tick_step",
    "undo_move",
    "undo_together",
]
