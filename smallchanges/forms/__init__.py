"""Forms of strands and small changes. Each offers rows of its own authority only."""

from .changes import ChangeAddForm, ChangeEditForm, MoveForm, UpdateForm, place_of
from .filters import FilterForm
from .plan import MetAddForm, StakeholderAddForm, StakeholderEditForm, StepAddForm, StepEditForm
from .shares import AnswerForm, FindForm, SeedAddForm, SeedEditForm, ShareForm
from .strands import StrandAddForm, StrandEditForm

__all__ = [
    "AnswerForm",
    "ChangeAddForm",
    "ChangeEditForm",
    "FilterForm",
    "FindForm",
    "MetAddForm",
    "MoveForm",
    "SeedAddForm",
    "SeedEditForm",
    "ShareForm",
    "StakeholderAddForm",
    "StakeholderEditForm",
    "StepAddForm",
    "StepEditForm",
    "StrandAddForm",
    "StrandEditForm",
    "UpdateForm",
    "place_of",
]
