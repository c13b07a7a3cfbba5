"""The plan: steps, stakeholders, what a change met."""

from django import forms

from programmes.forms.house import (
    NOT_IN_LIST,
    AddForm,
    DayField,
    EditForm,
    MemberField,
    OnceForm,
    one_line,
)
from smallchanges.models import (
    Met,
    Stakeholder,
    Step,
)


class _StepForm(forms.Form):
    text = one_line(
        Step,
        "text",
        "What’s the step?",
        needed="Say in a few words what the step is.",
    )
    owner = MemberField(label="Who takes it on?")
    due_on = DayField(label="By when?", required=False)

    def __init__(self, *args, authority, owner_now=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer(authority.memberships.standing(), holder=owner_now)


class StepAddForm(_StepForm, AddForm):
    pass


class StepEditForm(_StepForm, EditForm):
    pass


class _StakeholderForm(OnceForm):
    once = "who"
    twice = "They’re on the list already."

    who = one_line(
        Stakeholder,
        "who",
        "Who needs to be on board?",
        "A role, a team or a service, such as “School safeguarding leads”.",
        needed="Say who needs to be on board.",
        names=True,
    )
    what_we_ask = one_line(Stakeholder, "what_we_ask", "What are we asking for?")
    stance = forms.ChoiceField(
        label="Where are they today?",
        choices=Stakeholder.Stance.choices,
        initial=Stakeholder.Stance.NOT_ASKED,
        error_messages=NOT_IN_LIST,
    )
    who_talks = one_line(Stakeholder, "who_talks", "Who’s talking to them?", names=True)


class StakeholderAddForm(_StakeholderForm, AddForm):
    pass


class StakeholderEditForm(_StakeholderForm, EditForm):
    pass


class MetAddForm(OnceForm, AddForm):
    once = "text"
    twice = "This is there already, in the same words."

    kind = forms.ChoiceField(
        label="Did it help, or get in the way?",
        choices=[
            (Met.Kind.BARRIER, "It got in the way"),
            (Met.Kind.ENABLER, "It helped"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it helped or got in the way."} | NOT_IN_LIST,
    )
    text = one_line(
        Met,
        "text",
        "What was it?",
        needed="Say in a few words what it was.",
    )

    def clean(self):
        """The same words may be a barrier and an enabler at once."""
        self.others = self.others.filter(kind=self.cleaned_data.get("kind", ""))
        return super().clean()
