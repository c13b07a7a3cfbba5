"""Which small changes to show."""

from django import forms

from programmes.models import Gift, Programme
from smallchanges.models import (
    NO_STRAND,
    Stage,
    Status,
)


class FilterForm(forms.Form):
    """The filters in the address. What it does not know is left out, without a word."""

    q = forms.CharField(label="Search", max_length=80, required=False)
    strand = forms.ChoiceField(label="Strand", required=False)
    team = forms.ChoiceField(label="Team", required=False)
    stage = forms.ChoiceField(
        label="Stage", choices=[("", "Any stage"), *Stage.choices], required=False
    )
    status = forms.ChoiceField(
        label="Status", choices=[("", "Any status"), *Status.choices], required=False
    )
    gift = forms.ChoiceField(
        label="In whose gift", choices=[("", "Anybody’s"), *Gift.choices], required=False
    )

    def __init__(self, *args, programme: Programme, **kwargs):
        super().__init__(*args, **kwargs)
        strands = [(str(strand.pk), strand.title) for strand in programme.strands.standing()]
        teams = [(str(team.pk), team.name) for team in programme.authority.teams.all()]
        self.fields["strand"].choices = [
            ("", "Any strand"),
            *strands,
            (NO_STRAND, "No strand yet"),
        ]
        self.fields["team"].choices = [("", "Any team"), *teams]
        self.is_valid()

    @property
    def wanted(self) -> dict[str, str]:
        """The filters that are on, as `SmallChangeQuerySet.matching` takes them."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def said(self) -> list[tuple[str, str]]:
        """The filters that are on, in words, such as ("Stage", "Grow")."""
        words = {"q": {}} | {
            name: dict(self.fields[name].choices) for name in self.wanted if name != "q"
        }
        return [
            (self.fields[name].label, words[name].get(value, value))
            for name, value in self.wanted.items()
        ]
