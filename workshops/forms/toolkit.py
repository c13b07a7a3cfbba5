"""Forms of the ready-made sessions that the Crescendo team writes."""

from django import forms

from programmes.forms.house import NOT_IN_LIST, AddForm, HouseForm, one_line
from workshops.forms.planner import BlockFields
from workshops.models import SessionKind, Template

MOST_BLOCKS = 30


class _SessionFields(HouseForm):
    title = one_line(
        Template, "title", "What do we call it?", needed="Give it a title.", names=True
    )
    about = one_line(
        Template,
        "about",
        "What is it for?",
        "Two or three sentences for whoever chooses a session.",
        names=True,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SessionAddForm(_SessionFields, AddForm):
    kind = forms.ChoiceField(
        label="What kind of session is it?",
        choices=[("", "Choose one"), *SessionKind.choices],
        error_messages={"required": "Choose what kind of session it is."} | NOT_IN_LIST,
    )


class SessionEditForm(_SessionFields):
    # The version that was open when somebody began to write.
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class TemplateBlockForm(BlockFields):
    """A block among others on one page: its place is a number, and a tick leaves it out."""

    position = forms.IntegerField(
        label="Its place in the plan",
        required=False,
        min_value=1,
        max_value=999,
        help_text="1 is first. Leave it empty, and it comes last.",
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
    )
    leave_out = forms.BooleanField(label="Leave this block out", required=False)


class _Blocks(forms.BaseFormSet):
    def kept(self) -> list[dict]:
        """The blocks in their order, without those that were left empty or out."""
        said = [dict(form.cleaned_data) for form in self.forms if form.cleaned_data]
        wanted = [one for one in said if not one.pop("leave_out")]
        wanted.sort(key=lambda one: one["position"] or 1000)
        for one in wanted:
            del one["position"]
            one["columns"] = list(one["columns"])
        return wanted


def blocks_form(data, blocks=()):
    """Every block of a session, and two empty ones to add."""
    kind = forms.formset_factory(
        TemplateBlockForm,
        formset=_Blocks,
        extra=2,
        max_num=MOST_BLOCKS,
        validate_max=True,
        absolute_max=MOST_BLOCKS + 2,
    )
    initial = [
        {
            **{name: getattr(block, name) for name in ("kind", "title", "minutes", "prompt")},
            **{name: getattr(block, name) for name in ("say", "columns", "candour")},
            **{name: getattr(block, name) or None for name in ("dots", "most_on_one")},
            "position": place,
        }
        for place, block in enumerate(blocks, start=1)
    ]
    return kind(data, initial=initial, prefix="blocks")
