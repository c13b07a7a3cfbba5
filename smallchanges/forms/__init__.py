"""Forms of strands and small changes. Each offers rows of its own authority only."""

from .asks import AskAddForm, AskEditForm, answer_forms, offered_in
from .changes import ChangeAddForm, ChangeEditForm, MoveForm, UpdateForm, place_of
from .filters import FilterForm
from .plan import MetAddForm, StakeholderAddForm, StakeholderEditForm, StepAddForm, StepEditForm
from .strands import StrandAddForm, StrandEditForm

__all__ = [
    "AskAddForm",
    "AskEditForm",
    "ChangeAddForm",
    "ChangeEditForm",
    "FilterForm",
    "MetAddForm",
    "MoveForm",
    "StakeholderAddForm",
    "StakeholderEditForm",
    "StepAddForm",
    "StepEditForm",
    "StrandAddForm",
    "StrandEditForm",
    "UpdateForm",
    "answer_forms",
    "offered_in",
    "place_of",
]
