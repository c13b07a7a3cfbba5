"""What others may read of a change, what its team says to that, and taking a seed."""

from crispy_forms.layout import Fieldset, Layout
from django import forms

from programmes.forms.house import (
    NOT_IN_LIST,
    AddForm,
    EditForm,
    HouseForm,
    OnceForm,
    one_line,
    some_lines,
)
from programmes.models import LocalAuthority, Programme
from smallchanges import inspiration
from smallchanges.models import Consent, Seed, Share, SmallChange


class ShareForm(HouseForm):
    """The exact words. `version` is 0 before there are any."""

    title = one_line(
        Share, "title", "What is it called?", needed="Give it a few words, so that people find it."
    )
    sentence = one_line(
        Share,
        "sentence",
        "In a sentence",
        "What changed, and for whom?",
        widget=forms.Textarea(attrs={"rows": 2}),
        needed="Say in a sentence what changed.",
    )
    what_we_did = some_lines(
        Share, "what_we_did", "What we did", needed="Say what you did: others begin from it."
    )
    what_it_needed = some_lines(
        Share, "what_it_needed", "What it needed", "Whose yes, how much time, which things?"
    )
    what_we_met = some_lines(
        Share, "what_we_met", "What we met", "What got in the way, and what you did about it."
    )
    what_came_of_it = some_lines(
        Share,
        "what_came_of_it",
        "What came of it",
        "If it stopped: why, and what it taught you. That helps others as much.",
    )
    our_setting = some_lines(
        Share,
        "our_setting",
        "Our setting",
        "What kind of authority you are, and how large the team is, in words.",
        rows=2,
        needed="Say where this was tried: without that nobody can tell what is different for them.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10_000)


class AnswerForm(HouseForm):
    """A yes is to the words that this page showed: `share` says which those were."""

    says = forms.ChoiceField(
        label="May these words be read in other authorities?",
        choices=[
            (Consent.Says.YES, "Yes, share exactly these words"),
            (Consent.Says.NOT_YET, "Not yet, and here’s why"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose yes, or not yet."} | NOT_IN_LIST,
    )
    why = some_lines(
        Consent,
        "why",
        "If not yet: what would have to change?",
        "Whoever wrote the words and the rest of your team read this.",
        rows=2,
    )
    share = forms.UUIDField(widget=forms.HiddenInput)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("says") == Consent.Says.NOT_YET and not cleaned.get("why"):
            self.add_error(
                "why", "Say what would have to change, so that the words can get better."
            )
        return cleaned


class FindForm(forms.Form):
    """The filters in the address. What it does not know is left out, without a word."""

    q = forms.CharField(label="Search", max_length=80, required=False)
    barrier = forms.ChoiceField(label="Near to our barrier", required=False)
    strand = forms.ChoiceField(label="Near to our strand", required=False)
    place = forms.ChoiceField(label="From", required=False)

    def __init__(self, *args, programme: Programme | None, reader: LocalAuthority, **kwargs):
        super().__init__(*args, **kwargs)
        barriers = programme.barriers.standing() if programme else []
        strands = programme.strands.standing() if programme else []
        # What a row of either list means, as text that shared words may be near to.
        self.texts = {
            "barrier": {str(one.pk): one.text for one in barriers},
            "strand": {str(one.pk): f"{one.title}. {one.about}" for one in strands},
        }
        self.fields["barrier"].choices = [
            ("", "Any barrier"),
            *self.texts["barrier"].items(),
        ]
        self.fields["strand"].choices = [
            ("", "Any strand"),
            *((str(one.pk), one.title) for one in strands),
        ]
        self.fields["place"].choices = [("", "Anywhere"), *inspiration.places(reader=reader)]
        self.is_valid()

    @property
    def wanted(self) -> dict[str, str]:
        """The filters that are on."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def asked(self) -> dict[str, str]:
        """The same, as `inspiration.find` takes them."""
        near = [self.texts[name].get(self.wanted.get(name, ""), "") for name in self.texts]
        return {
            "q": self.wanted.get("q", ""),
            "near": " ".join(filter(None, near)),
            "place": self.wanted.get("place", ""),
        }

    @property
    def said(self) -> list[tuple[str, str]]:
        """The filters that are on, in words, such as ("From", "Wandsworth")."""
        words = {name: dict(self.fields[name].choices) for name in self.wanted if name != "q"}
        return [
            (self.fields[name].label, words.get(name, {}).get(value, value))
            for name, value in self.wanted.items()
        ]


class _SeedForm(forms.Form):
    starting_point = some_lines(
        Seed,
        "starting_point",
        "What is our starting point?",
        "How it is here today: what you do already, and what hurts.",
        rows=3,
        needed="Say where you start from: that decides what can grow.",
    )
    what_differs = some_lines(
        Seed,
        "what_differs",
        "What is different here?",
        "The team, the families, the systems, the partners.",
        rows=3,
        needed="Say what is different here. What worked there may not work here as it was.",
    )
    what_we_keep = some_lines(Seed, "what_we_keep", "What do we keep?", rows=2)
    what_we_change = some_lines(Seed, "what_we_change", "What do we change?", rows=2)
    whose_yes = one_line(
        Seed,
        "whose_yes",
        "Whose yes do we need?",
        "A role, a team or a service. It’s fine if it’s only your own.",
        names=True,
    )
    tells = forms.BooleanField(
        label="Tell them how it goes",
        required=False,
        help_text=(
            "They, and others who read about it, then see your authority’s name, the stage it has"
            " reached, and what you write for them. Nothing else, and you can change your mind."
        ),
    )


class SeedAddForm(_SeedForm, OnceForm, AddForm):
    once = "title"
    twice = "There’s a small change with this title already."

    title = one_line(
        SmallChange,
        "title",
        "What do we call ours?",
        needed="Give your own change a few words, so that people know it.",
    )
    purpose = one_line(
        SmallChange, "purpose", "So that…", "One sentence: what gets better here, and for whom?"
    )
    strand = forms.ModelChoiceField(
        label="Which of our strands does it belong to?",
        queryset=None,
        required=False,
        empty_label="No strand yet",
        error_messages=NOT_IN_LIST,
    )

    def __init__(self, *args, programme: Programme, **kwargs):
        super().__init__(*args, others=programme.small_changes, **kwargs)
        self.fields["strand"].queryset = programme.strands.standing()
        ours = ("starting_point", "what_differs", "what_we_keep", "what_we_change", "whose_yes")
        self.helper.layout = Layout(
            "id",
            Fieldset("What is it like here?", *ours),
            Fieldset("Our own small change", "title", "purpose", "strand"),
            Fieldset("Those whose change it was", "tells"),
        )


class SeedEditForm(_SeedForm, EditForm):
    told = some_lines(
        Seed,
        "told",
        "In your words, for them: how does it go?",
        "If it stopped: why? It goes with your authority’s name, if you’ve ticked the box above.",
        rows=3,
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("told") and not cleaned.get("tells"):
            self.add_error(
                "tells", "Tick this so that your words can be read, or take the words out below."
            )
        return cleaned
