"""Forms of strands and small changes. Each offers rows of its own authority only."""

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
from .strands import StrandAddForm, StrandEditForm

__all__ = [
    "ChangeAddForm",
    "ChangeEditForm",
    "FilterForm",
    "MeasureAddForm",
    "MeasureEditForm",
    "MetAddForm",
    "MoveForm",
    "ReadingForm",
    "StakeholderAddForm",
    "StakeholderEditForm",
    "StanceForm",
    "StepAddForm",
    "StepEditForm",
    "StrandAddForm",
    "StrandEditForm",
    "UpdateForm",
    "place_of",
]
