"""The plan: steps, stakeholders, what a change met."""

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError

from programmes.forms.house import (
    NOT_IN_LIST,
    AddForm,
    DayField,
    EditForm,
    HouseForm,
    MemberField,
    OnceForm,
    one_line,
)
from smallchanges.models import (
    Met,
    Stakeholder,
    StanceMove,
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
    organisation = one_line(
        Stakeholder,
        "organisation",
        "Which service or organisation are they in?",
        "Where it isn’t ours, such as “NHS trust” or “Housing”.",
        names=True,
    )
    influence = forms.ChoiceField(
        label="How much weight has their yes or no?",
        choices=[("", "Nobody has said"), *Stakeholder.Influence.choices],
        required=False,
        error_messages=NOT_IN_LIST,
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
    """Who, what for and where they are is enough; the rest is folded away."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        more = ("organisation", "influence", "who_talks")
        self.helper.layout = Layout(
            *("id", "who", "what_we_ask", "stance"),
            Fieldset("Say more about them", *more, template="crescendo/layout/more.html"),
        )


class StakeholderEditForm(_StakeholderForm, EditForm):
    what_came = one_line(Stakeholder, "what_came", "What came of it?")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(
            *("who", "organisation", "influence", "what_we_ask", "stance", "who_talks"),
            *("what_came", "version"),
        )


class StanceForm(HouseForm):
    """Where somebody stands now: the button that was pressed, and a word on why."""

    stance = forms.ChoiceField(
        choices=Stakeholder.Stance.choices,
        error_messages={"required": "Choose where they are now."} | NOT_IN_LIST,
    )
    why = one_line(StanceMove, "why", "Why?", "A word or two.")
    # Where they stood when the page was opened.
    seen = forms.CharField(max_length=20, required=False)

    def __init__(self, *args, stakeholder: Stakeholder, **kwargs):
        super().__init__(*args, auto_id=f"id_{stakeholder.pk}_%s", **kwargs)
        self.stakeholder = stakeholder

    def clean(self):
        """Nobody moves on from where they no longer stand without having seen it."""
        cleaned = super().clean()
        seen, now = cleaned.pop("seen", ""), self.stakeholder.stance
        if seen and now not in (seen, cleaned.get("stance")):
            raise ValidationError(
                "Somebody else was quicker: they’re at"
                f" “{self.stakeholder.get_stance_display()}” now. If you still mean your choice,"
                " press it again."
            )
        return cleaned


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
