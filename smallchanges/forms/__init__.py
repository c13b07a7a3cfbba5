"""Forms of strands and small changes. Each offers rows of its own authority only."""

from .celebration import ThanksForm
from .changes import ChangeAddForm, ChangeEditForm, MoveForm, UpdateForm, place_of
from .filters import FilterForm
from .plan import MetAddForm, StakeholderAddForm, StakeholderEditForm, StepAddForm, StepEditForm
from .rules import (
    CheckerForm,
    ClueForm,
    RuleAddForm,
    RuleEditForm,
    RuleFilterForm,
    VerdictForm,
)
from .strands import StrandAddForm, StrandEditForm

__all__ = [
    "ChangeAddForm",
    "ChangeEditForm",
    "CheckerForm",
    "ClueForm",
    "FilterForm",
    "MetAddForm",
    "MoveForm",
    "RuleAddForm",
    "RuleEditForm",
    "RuleFilterForm",
    "StakeholderAddForm",
    "StakeholderEditForm",
    "StepAddForm",
    "StepEditForm",
    "StrandAddForm",
    "StrandEditForm",
    "ThanksForm",
    "UpdateForm",
    "VerdictForm",
    "place_of",
]
