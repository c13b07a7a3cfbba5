"""Writing surveys, opening them, asking people by mail, and closing them for good.

A function that adds a row takes its `pk` from the form, so that a form sent twice makes one row.
Only a draft can be changed (`NotADraft`); only an open survey takes answers (`NotOpen`).
"""

from .asking import ask_by_mail, remind
from .closing import FewerAsked, close_due, close_survey
from .drafts import (
    NotADraft,
    add_question,
    add_survey,
    edit_question,
    edit_survey,
    order_question,
    put_back_question,
    put_back_survey,
    remove_question,
    remove_survey,
)
from .opening import Answered, NothingAsked, back_to_draft, change_closing_day, open_survey
from .voices import NotOpen, speak

__all__ = [
    "Answered",
    "FewerAsked",
    "NotADraft",
    "NotOpen",
    "NothingAsked",
    "add_question",
    "add_survey",
    "ask_by_mail",
    "back_to_draft",
    "change_closing_day",
    "close_due",
    "close_survey",
    "edit_question",
    "edit_survey",
    "open_survey",
    "order_question",
    "put_back_question",
    "put_back_survey",
    "remind",
    "remove_question",
    "remove_survey",
    "speak",
]
