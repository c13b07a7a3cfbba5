"""Forms of strands and small changes. Each offers rows of its own authority only."""

from .changes import (
    ChangeAddForm,
    ChangeEditForm,
    MoveForm,
    TogetherForm,
    UpdateForm,
    place_of,
)
from .filters import ME, FilterForm
from .plan import MetAddForm, StakeholderAddForm, StakeholderEditForm, StepAddForm, StepEditForm
from .strands import StrandAddForm, StrandEditForm

__all__ = [
    "ME",
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
    "TogetherForm",
    "UpdateForm",
    "place_of",
]
