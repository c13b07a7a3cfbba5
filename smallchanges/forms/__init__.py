"""Forms of strands and small changes. Each offers rows of its own authority only."""

from .celebration import ThanksForm
from .changes import ChangeAddForm, ChangeEditForm, MoveForm, UpdateForm, place_of
from .filters import FilterForm
from .measures import MeasureAddForm, MeasureEditForm, ReadingForm
from .plan import (
    MetAddForm,
    StakeholderAddForm,
    StakeholderEditForm,
    StanceForm,
    StepAddForm,
    StepEditForm,
)
from .rules import CheckerForm, ClueForm, RuleAddForm, RuleEditForm, RuleFilterForm, VerdictForm
from .strands import StrandAddForm, StrandEditForm

__all__ = [
    "ChangeAddForm",
    "ChangeEditForm",
    "CheckerForm",
    "ClueForm",
    "FilterForm",
    "MeasureAddForm",
    "MeasureEditForm",
    "MetAddForm",
    "MoveForm",
    "ReadingForm",
    "RuleAddForm",
    "RuleEditForm",
    "RuleFilterForm",
    "StakeholderAddForm",
    "StakeholderEditForm",
    "StanceForm",
    "StepAddForm",
    "StepEditForm",
    "StrandAddForm",
    "StrandEditForm",
    "ThanksForm",
    "UpdateForm",
    "VerdictForm",
    "place_of",
]
