"""Forms of strands and small changes. Each offers rows of its own authority only."""

from .asks import AskAddForm, AskEditForm, answer_forms, offered_in
from .celebration import ThanksForm
from .changes import ChangeAddForm, ChangeEditForm, MoveForm, TogetherForm, UpdateForm, place_of
from .filters import ME, FilterForm
from .joining import ChangeSplitForm, StrandSplitForm
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
from .shares import AnswerForm, FindForm, SeedAddForm, SeedEditForm, ShareForm
from .strands import StrandAddForm, StrandEditForm

__all__ = [
    "ME",
    "AnswerForm",
    "AskAddForm",
    "AskEditForm",
    "ChangeAddForm",
    "ChangeEditForm",
    "ChangeSplitForm",
    "CheckerForm",
    "ClueForm",
    "FilterForm",
    "FindForm",
    "MeasureAddForm",
    "MeasureEditForm",
    "MetAddForm",
    "MoveForm",
    "ReadingForm",
    "RuleAddForm",
    "RuleEditForm",
    "RuleFilterForm",
    "SeedAddForm",
    "SeedEditForm",
    "ShareForm",
    "StakeholderAddForm",
    "StakeholderEditForm",
    "StanceForm",
    "StepAddForm",
    "StepEditForm",
    "StrandAddForm",
    "StrandEditForm",
    "StrandSplitForm",
    "ThanksForm",
    "TogetherForm",
    "UpdateForm",
    "VerdictForm",
    "answer_forms",
    "offered_in",
    "place_of",
]
