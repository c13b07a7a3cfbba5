"""Forms for values, their opposite, principles and barriers."""

from django import forms

from programmes.forms.house import (
    NONE_OF_LIST,
    NOT_IN_LIST,
    SAFEGUARDING,
    AddForm,
    EditForm,
    HouseForm,
    OnceForm,
    offer,
    one_line,
)
from programmes.kinds import Kind
from programmes.models import Gift, Programme, Statement, Team


class _StatementForm(OnceForm, HouseForm):
    """Kindly refuses words that stand in the list already."""

    once = "text"
    twice = "That’s on the list already. Say what’s different about this one, or leave it out."

    def __init__(self, *args, kind: Kind, programme: Programme, **kwargs):
        standing = kind.model.objects.standing().filter(programme=programme)
        super().__init__(*args, others=standing, **kwargs)
        self.kind = kind
        self.fields["text"].label = f"The {kind.one}, in your words"


class AddStatementForm(_StatementForm, AddForm):
    text = one_line(
        Statement,
        "text",
        label="",
        needed="Write it first, then add it",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, kind: Kind, **kwargs):
        # Four of these stand on one page, so the ids of each begin with its list's word.
        super().__init__(*args, kind=kind, auto_id=f"{kind.word}-%s", **kwargs)
        self.fields["text"].help_text = f"{kind.example} {SAFEGUARDING}"


class EditStatementForm(_StatementForm, EditForm):
    text = one_line(
        Statement,
        "text",
        label="",
        needed="Leave a few words here",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, statement: Statement, **kwargs):
        super().__init__(*args, programme=statement.programme, **kwargs)
        self.others = self.others.exclude(pk=statement.pk)


class EditBarrierForm(EditStatementForm):
    gift = forms.ChoiceField(
        label="Whose gift is it to change this?",
        choices=[
            (Gift.OURS, "Ours: we can change it ourselves"),
            (Gift.NEEDS_SPONSORSHIP, "Needs sponsorship: somebody senior or a partner must agree"),
            (Gift.BEYOND_US, "Beyond us: it’s national"),
            ("", "We haven’t talked about that yet"),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    teams = forms.ModelMultipleChoiceField(
        Team.objects.none(),
        label="Which teams meet it?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=NONE_OF_LIST,
    )

    def __init__(self, *args, statement: Statement, **kwargs):
        super().__init__(*args, statement=statement, **kwargs)
        offer(self, "teams", statement.authority.teams.all())


class MergeForm(HouseForm):
    """Which statements say the same as this one, and whose words stay."""

    others = forms.ModelMultipleChoiceField(
        None,
        label="Which of these say the same?",
        widget=forms.CheckboxSelectMultiple,
        error_messages=NONE_OF_LIST | {"required": "Tick at least one that says the same"},
    )
    keep = forms.ModelChoiceField(
        None,
        label="Whose words stay?",
        help_text="The others are kept underneath, so you can take them out again.",
        empty_label=None,
        error_messages=NOT_IN_LIST | {"required": "Choose whose words stay"},
    )

    def __init__(self, *args, statement: Statement, standing, **kwargs):
        super().__init__(*args, initial={"keep": statement}, **kwargs)
        self.statement = statement
        self.fields["others"].queryset = standing.exclude(pk=statement.pk)
        self.fields["keep"].queryset = standing

    def clean(self):
        """`keep` and, in `parts`, the others of them all: whose words stay is one of them."""
        data = super().clean()
        if "keep" in data and "others" in data:
            together = {self.statement, data["keep"], *data["others"]}
            data["parts"] = sorted(together - {data["keep"]}, key=lambda one: one.created_at)
        return data


class PartsForm(forms.Form):
    """Which of the statements that were merged into one stand for themselves again."""

    part = forms.ModelMultipleChoiceField(None)

    def __init__(self, *args, parts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["part"].queryset = parts


class BarrierFilterForm(forms.Form):
    """What a long list of barriers is narrowed to. A choice that is none is left out."""

    q = forms.CharField(
        label="Search",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "class": "govuk-input"}),
    )
    gift = forms.ChoiceField(
        label="In whose gift",
        choices=[("", "Anybody’s"), *Gift.choices],
        required=False,
        widget=forms.Select(attrs={"class": "govuk-select"}),
    )
    team = forms.ModelChoiceField(
        None,
        label="Which team meets it",
        required=False,
        empty_label="Any team",
        widget=forms.Select(attrs={"class": "govuk-select"}),
    )

    def __init__(self, *args, programme: Programme, **kwargs):
        super().__init__(*args, auto_id="filter-%s", **kwargs)
        self.fields["team"].queryset = programme.authority.teams.all()

    @property
    def narrowed(self) -> dict:
        """What `BarrierQuerySet.matching()` takes; empty where nothing is chosen."""
        self.is_valid()
        data = self.cleaned_data
        chosen = {"words": data.get("q"), "gift": data.get("gift"), "team": data.get("team")}
        return {name: value for name, value in chosen.items() if value}

    @property
    def said(self) -> list[tuple[str, str]]:
        """The filters that are on, in words, such as ("In whose gift", "Ours")."""
        chosen = self.narrowed
        words = {
            "q": chosen.get("words"),
            "gift": chosen.get("gift") and Gift(chosen["gift"]).label,
            "team": chosen.get("team") and str(chosen["team"]),
        }
        return [(self.fields[name].label, said) for name, said in words.items() if said]
