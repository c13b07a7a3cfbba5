"""How long a learning pod is, and whose changes it looks at."""

from django import forms

from programmes.forms.house import NOT_IN_LIST, HouseForm
from programmes.models import LocalAuthority


class AgendaForm(HouseForm):
    minutes = forms.IntegerField(
        label="How many minutes do we have?",
        min_value=15,
        max_value=240,
        help_text="Changes that don’t fit are listed for when there’s time left.",
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
        error_messages={"required": "Say how many minutes we have."},
    )
    team = forms.ModelChoiceField(
        label="Whose changes do we look at?",
        queryset=None,
        required=False,
        empty_label="Everybody’s",
        error_messages=NOT_IN_LIST,
    )

    def __init__(self, *args, authority: LocalAuthority, **kwargs):
        super().__init__(*args, **kwargs)
        teams = authority.teams.all()
        self.fields["team"].queryset = teams
        if not teams:
            self.fields["team"].widget = forms.HiddenInput()
