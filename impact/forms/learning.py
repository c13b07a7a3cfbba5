"""The facilitators' log, and the hand-over."""

from django import forms
from django.utils import timezone

from impact.models import LearningNote
from programmes.forms.house import (
    NOT_IN_LIST,
    AddForm,
    DayField,
    EditForm,
    HouseForm,
    some_lines,
)
from workshops.models import SessionKind


class _LearningForm(HouseForm):
    what_happened = some_lines(LearningNote, "what_happened", "What happened?", rows=2)
    what_we_learned = some_lines(
        LearningNote,
        "what_we_learned",
        "What did you learn?",
        "About the room, the method, or yourselves.",
        rows=2,
        needed="Write what you learned, in a line.",
    )
    what_next = some_lines(LearningNote, "what_next", "What will you do next time?", rows=2)
    workshop = forms.ModelChoiceField(
        label="Of which session?",
        queryset=None,
        required=False,
        empty_label="None in particular",
        error_messages=NOT_IN_LIST,
    )
    on = DayField(
        label="On which day?",
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Write the day."},
    )

    def __init__(self, *args, workshops, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["workshop"].queryset = workshops


class LearningAddForm(_LearningForm, AddForm):
    pass


class LearningEditForm(_LearningForm, EditForm):
    pass


class LearningFilterForm(forms.Form):
    """The filters in the address. What it does not know is left out, without a word."""

    q = forms.CharField(max_length=80, required=False)
    kind = forms.ChoiceField(choices=[("", "Any session"), *SessionKind.choices], required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_valid()

    @property
    def wanted(self) -> dict[str, str]:
        names = {"words": "q", "kind": "kind"}
        said = {name: self.cleaned_data.get(field, "") for name, field in names.items()}
        return {name: value for name, value in said.items() if value}


class PartnershipEndForm(AddForm):
    ends_on = DayField(
        label="What is Crescendo’s last day?",
        help_text="Sessions, pods, small changes and pages go on after it.",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Write the day, as in 3 December 2026."},
    )
