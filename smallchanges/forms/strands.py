"""Mission strands."""

from django import forms

from programmes.forms.house import (
    NONE_OF_LIST,
    AddForm,
    EditForm,
    OnceForm,
    offer,
    one_line,
    some_lines,
)
from programmes.models import Programme
from smallchanges.models import (
    MissionStrand,
)


class _StrandForm(OnceForm):
    once = "title"
    twice = "There’s a strand with this title already."

    title = one_line(
        MissionStrand,
        "title",
        "What do we work towards?",
        "A short phrase, such as “Improving partnership working”.",
        needed="Give the strand a short phrase.",
    )
    about = some_lines(MissionStrand, "about", "What is it about?", rows=3)
    barriers = forms.ModelMultipleChoiceField(
        label="Which barriers does it come from?",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="This is where its golden thread begins.",
        error_messages=NONE_OF_LIST,
    )

    def __init__(self, *args, programme: Programme, others, **kwargs):
        super().__init__(*args, others=others, **kwargs)
        offer(self, "barriers", programme.barriers.standing())


class StrandAddForm(_StrandForm, AddForm):
    pass


class StrandEditForm(_StrandForm, EditForm):
    pass
