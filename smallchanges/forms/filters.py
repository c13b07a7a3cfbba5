"""Which small changes to show."""

from typing import Any

from django import forms

from programmes.models import Gift, Membership, Programme
from smallchanges.models import NO_STRAND, NOBODY, QUIET_WEEKS, Stage, Status
from smallchanges.reading import owners_of

# Asks for the changes that whoever looks leads, or owns a step of.
ME = "me"
WEEKS = (2, QUIET_WEEKS, 8)


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
    owner = forms.ChoiceField(label="Who takes it on", required=False)
    quiet = forms.ChoiceField(
        label="Gone quiet",
        choices=[("", "Quiet or not"), *((str(n), f"Quiet for {n} weeks") for n in WEEKS)],
        required=False,
    )
    ask = forms.ChoiceField(
        label="Asks",
        choices=[("", "With or without an ask"), ("needed", "Needs an ask")],
        required=False,
    )

    def __init__(self, *args, programme: Programme, member: Membership | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.member = member
        self.strands = [(str(strand.pk), strand.title) for strand in programme.strands.standing()]
        teams = [(str(team.pk), team.name) for team in programme.authority.teams.all()]
        self.fields["strand"].choices = [
            ("", "Any strand"),
            *self.strands,
            (NO_STRAND, "No strand yet"),
        ]
        self.fields["team"].choices = [("", "Any team"), *teams]
        # Who looks is named too: a link that somebody else shares says whom it means.
        owners = [(str(one.pk), str(one.user)) for one in owners_of(programme)]
        self.fields["owner"].choices = [
            ("", "Anybody"),
            *([(ME, "Me: I lead it or own a step")] if member else []),
            *owners,
            (NOBODY, "Nobody leads it yet"),
        ]
        self.is_valid()

    @property
    def chosen(self) -> dict[str, str]:
        """The filters that are on, as the address has them."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def wanted(self) -> dict[str, Any]:
        """The filters that are on, as `SmallChangeQuerySet.matching` takes them."""
        if self.member and self.chosen.get("owner") == ME:
            return self.chosen | {"owner": self.member.pk}
        return self.chosen

    @property
    def words(self) -> str:
        """What is looked for."""
        return self.chosen.get("q", "")

    @property
    def said(self) -> list[tuple[str, str]]:
        """The filters that are on, in words, such as ("Stage", "Grow")."""
        words = {"q": {}} | {
            name: dict(self.fields[name].choices) for name in self.chosen if name != "q"
        }
        return [
            (self.fields[name].label, words[name].get(value, value))
            for name, value in self.chosen.items()
        ]
