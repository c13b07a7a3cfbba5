"""Every write to strands and small changes: atomic, and in history."""

from .asks import (
    add_ask,
    answer_ask,
    edit_ask,
    member_at,
    put_back_ask,
    release_ask,
    remind,
    remove_ask,
    send_link_again,
    suggest_chat,
)
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
from .strands import add_strand, edit_strand, put_back_strand, remove_strand
from .updates import share_update

__all__ = [
    "add_ask",
    "add_change",
    "add_met",
    "add_stakeholder",
    "add_step",
    "add_strand",
    "answer_ask",
    "edit_ask",
    "edit_change",
    "edit_stakeholder",
    "edit_step",
    "edit_strand",
    "member_at",
    "move",
    "order",
    "put_back_ask",
    "put_back_in_plan",
    "put_back_strand",
    "release_ask",
    "remind",
    "remove_ask",
    "remove_from_plan",
    "remove_strand",
    "send_link_again",
    "share_update",
    "suggest_chat",
    "tick_step",
    "undo_move",
]
