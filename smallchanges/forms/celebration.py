"""Thank-yous."""

from django import forms

from programmes.forms.house import NOT_IN_LIST, AddForm, one_line
from smallchanges.models import SmallChange, ThankYou

NAMED, UNNAMED = "name", "colleague"


class ThanksForm(AddForm):
    team = forms.ModelChoiceField(
        label="Thank a team",
        queryset=None,
        required=False,
        empty_label="Not a whole team",
        error_messages=NOT_IN_LIST,
    )
    whom = one_line(
        ThankYou,
        "to_whom",
        "Or somebody, in words",
        "Such as “the business support desk”, or a colleague who’ll be glad to read it here.",
        names=True,
    )
    value = forms.ModelChoiceField(
        label="Which of our values did they live by?",
        queryset=None,
        required=False,
        widget=forms.RadioSelect,
        empty_label="None in particular",
        blank=True,
        error_messages=NOT_IN_LIST,
    )
    text = one_line(
        ThankYou,
        "text",
        "What do you thank them for?",
        "One line. Please don’t name a child or a family.",
        needed="Say in a line what you thank them for.",
        names=True,
    )
    sign = forms.ChoiceField(
        label="From whom?",
        choices=[],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether your name stands under it."} | NOT_IN_LIST,
        help_text="From a colleague means that nobody can find out, us included. So only a"
        " facilitator can take it away afterwards.",
    )

    def __init__(self, *args, change: SmallChange, writer: str, **kwargs):
        super().__init__(*args, initial={"sign": NAMED}, **kwargs)
        self.fields["team"].queryset = change.authority.teams.all()
        self.fields["value"].queryset = change.programme.values.standing()
        self.fields["sign"].choices = [(NAMED, f"From {writer}"), (UNNAMED, "From a colleague")]
        for name in ("team", "value"):
            if not self.fields[name].queryset.exists():
                self.fields[name].widget = forms.HiddenInput()

    def clean(self):
        cleaned = super().clean()
        team, whom = cleaned.get("team"), cleaned.get("whom")
        if not (team or whom) and not self.errors.keys() & {"team", "whom"}:
            self.add_error("whom", "Say whom you thank: a team, or somebody in words.")
        # A team, and somebody with it: "North, and the desk".
        cleaned["to_whom"] = ", and ".join(str(one) for one in (team, whom) if one)
        most = ThankYou._meta.get_field("to_whom").max_length
        if len(cleaned["to_whom"]) > most and "whom" not in self.errors:
            self.add_error("whom", f"Make it shorter: {most} characters fit, the team’s included.")
        return cleaned

    @property
    def said(self) -> dict:
        """As `actions.thank` takes it."""
        cleaned = self.cleaned_data
        return {
            "pk": cleaned["id"],
            "value": cleaned["value"],
            "to_whom": cleaned["to_whom"],
            "text": cleaned["text"],
            "is_named": cleaned["sign"] == NAMED,
        }
