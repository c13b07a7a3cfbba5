"""A small change: its words, its gate, and what happened to it."""

from crispy_forms.layout import Div, Field, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError

from programmes.forms.house import (
    NONE_OF_LIST,
    NOT_IN_LIST,
    AddForm,
    EditForm,
    HouseForm,
    MemberField,
    OnceForm,
    offer,
    one_line,
    some_lines,
)
from programmes.models import Gift, Programme
from smallchanges.models import (
    Met,
    Move,
    SmallChange,
    Stage,
    Status,
    Update,
)

GIFTS = [
    (Gift.OURS, "It’s in our gift: we can just do it"),
    (Gift.NEEDS_SPONSORSHIP, "Someone else must agree first: a leader, a service, a partner"),
    (Gift.BEYOND_US, "It’s beyond us: national rules or law would have to change"),
]
STATUSES = [
    (Status.PROPOSED, "An idea: not chosen yet"),
    (Status.CHOSEN, "Chosen: we’ll do this one"),
    (Status.IN_PROGRESS, "In progress: we’re working on it"),
    (Status.PAUSED, "Paused: we’ll come back to it"),
    (Status.EMBEDDED, "Embedded: it’s how we work now (in Grow only)"),
    (Status.STOPPED, "Stopped: we keep what it taught us"),
]


class _ChangeForm(OnceForm):
    once = "title"
    twice = "There’s a small change with this title already."

    title = one_line(
        SmallChange,
        "title",
        "What’s the small change?",
        "A few words, such as “Take turns at the minutes in core groups”.",
        needed="Give the change a few words, so that people know it.",
    )
    purpose = one_line(
        SmallChange, "purpose", "So that…", "One sentence: what gets better, and for whom?"
    )
    strand = forms.ModelChoiceField(
        label="Which strand does it belong to?",
        queryset=None,
        required=False,
        empty_label="No strand yet",
        error_messages=NOT_IN_LIST,
    )
    teams = forms.ModelMultipleChoiceField(
        label="Which teams are trying it?",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages=NONE_OF_LIST,
    )
    gift = forms.ChoiceField(
        label="In whose gift is it?",
        choices=GIFTS,
        initial=Gift.OURS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who can make it happen."} | NOT_IN_LIST,
    )
    why = some_lines(
        SmallChange,
        "why",
        "Why do we need it?",
        "And how will it make better relationships with children and families possible?",
    )

    def __init__(self, *args, programme: Programme, others, **kwargs):
        super().__init__(*args, others=others, **kwargs)
        self.fields["strand"].queryset = programme.strands.standing()
        offer(self, "teams", programme.authority.teams.all())


class ChangeAddForm(_ChangeForm, AddForm):
    """Words and a strand are enough for an idea: the rest is folded away until somebody asks."""

    def __init__(self, *args, programme: Programme, **kwargs):
        super().__init__(*args, programme=programme, others=programme.small_changes, **kwargs)
        more = ("teams", "gift", "why")
        self.helper.layout = Layout(
            "id",
            *("title", "purpose", "strand"),
            Fieldset("Say more about it", *more, template="crescendo/layout/more.html"),
        )


class ChangeEditForm(_ChangeForm, EditForm):
    success = some_lines(SmallChange, "success", "What does success look like?")
    tracking = some_lines(
        SmallChange,
        "tracking",
        "How will we keep each other going?",
        "How you’ll track progress, and how you’ll know that it helps.",
    )
    lead = MemberField(label="Who leads it?")
    led_by = one_line(
        SmallChange,
        "led_by",
        "Led by a group?",
        "In words, such as “a working group of both teams”.",
        names=True,
    )
    result = some_lines(
        SmallChange, "result", "What came of it?", "What happens now that didn’t before?"
    )
    impact = some_lines(
        SmallChange, "impact", "What did that mean for people?", "For families, and for you."
    )

    def __init__(self, *args, change: SmallChange, **kwargs):
        programme = change.programme
        others = programme.small_changes.exclude(pk=change.pk)
        super().__init__(*args, programme=programme, others=others, **kwargs)
        self.helper.layout = Layout(
            Fieldset("The change", "title", "purpose", "strand", "teams", "gift"),
            Fieldset("Our action plan", "why", "success", "tracking"),
            Fieldset("Who leads it", "lead", "led_by"),
            Fieldset("What came of it", "result", "impact"),
            "version",
        )
        members = change.authority.memberships.standing()
        self.fields["lead"].offer(members, holder=change.lead_id)


class MoveForm(HouseForm):
    stage = forms.ChoiceField(
        label="Which stage has it reached?",
        choices=Stage.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a stage."} | NOT_IN_LIST,
    )
    status = forms.ChoiceField(
        label="How is it going?",
        choices=STATUSES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it’s going."} | NOT_IN_LIST,
    )
    why = some_lines(
        Move,
        "why",
        "What happened?",
        "One sentence is plenty. Going back or stopping counts as learning too.",
        rows=3,
    )
    # Where it was when the page was opened, and where to go afterwards.
    seen = forms.CharField(widget=forms.HiddenInput, max_length=50, required=False)
    back = forms.CharField(widget=forms.HiddenInput, max_length=1000, required=False)

    def __init__(self, *args, change: SmallChange, **kwargs):
        super().__init__(*args, **kwargs)
        self.change = change
        self.helper["stage"].wrap(Field, template="smallchanges/_stages.html")

    def clean(self):
        """Tell where somebody else moved it meanwhile, unless it is there already.

        Words without a move would be lost: who wrote them keeps them, and reads where they belong.
        """
        cleaned = super().clean()
        now = place_of(self.change)
        meant = f"{cleaned.get('stage')}/{cleaned.get('status')}"
        if cleaned.get("why") and cleaned.get("seen") == now == meant:
            self.add_error(
                "why",
                f"It’s in {self.change.get_stage_display()} already, and"
                f" {self.change.get_status_display().lower()}. Choose where it has got to, or write"
                " this under “What we met on the way” on its page.",
            )
        if cleaned.get("seen") and cleaned["seen"] != now and meant != now:
            self.data = self.data.copy()
            self.data["seen"] = now
            raise ValidationError(
                f"Somebody else moved it while you were here: it’s in"
                f" {self.change.get_stage_display()} now, and"
                f" {self.change.get_status_display().lower()}."
                " If you still mean your choice, send it again."
            )
        return cleaned


class TogetherForm(AddForm):
    """Several changes through the gate with one press, each from where it is."""

    stage = forms.ChoiceField(
        label="Which stage have they reached?",
        choices=[("", "Leave each where it is"), *Stage.choices],
        widget=forms.RadioSelect,
        required=False,
        error_messages=NOT_IN_LIST,
    )
    status = forms.ChoiceField(
        label="How are they going?",
        choices=[("", "Leave each as it is"), *STATUSES],
        widget=forms.RadioSelect,
        required=False,
        error_messages=NOT_IN_LIST,
    )
    why = some_lines(
        Move,
        "why",
        "What happened?",
        "One sentence for all of them. Going back or stopping counts as learning too.",
        rows=3,
    )
    # What the page said would move, and where to go afterwards.
    seen = forms.CharField(widget=forms.HiddenInput, max_length=20, required=False)
    back = forms.CharField(widget=forms.HiddenInput, max_length=1000, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout("id", "back", Div("stage", "status", css_id="where"), "why")

    @property
    def place(self) -> dict[str, str]:
        """What is chosen so far, whether or not the rest fits."""
        chosen = getattr(self, "cleaned_data", {})
        return {name: chosen.get(name, "") for name in ("stage", "status", "why")}

    @property
    def said(self) -> str:
        """Where they go, in words, such as "Grow, in progress"."""
        words = []
        if stage := self.place["stage"]:
            words.append(Stage(stage).label)
        if status := self.place["status"]:
            label = Status(status).label
            words.append(label.lower() if words else label)
        return ", ".join(words)


class UpdateForm(AddForm):
    """One line is enough."""

    text = some_lines(
        Update,
        "text",
        "What’s happened since last time?",
        "Good, bad or in between. It all counts as learning.",
        rows=3,
        needed="Tell us one thing that’s happened, even if it’s small.",
    )
    stage = forms.ChoiceField(
        label="Where is it now?",
        choices=Stage.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose where it has got to."} | NOT_IN_LIST,
    )
    helped = one_line(Met, "text", "What’s helping?", names=True)
    in_the_way = one_line(Met, "text", "What’s in the way?", names=True)
    needs_help = forms.BooleanField(label="We need someone’s help with it", required=False)
    # Where it was when the page was opened.
    seen = forms.CharField(widget=forms.HiddenInput, max_length=20, required=False)

    def __init__(self, *args, change: SmallChange, **kwargs):
        stage = change.stage
        super().__init__(*args, initial={"stage": stage, "seen": stage}, **kwargs)
        self.change = change
        more = ("helped", "in_the_way", "needs_help")
        self.helper.layout = Layout(
            *("id", "seen", "text"),
            Field("stage", template="smallchanges/_stages.html"),
            Fieldset("Say more, if you like", *more, template="crescendo/layout/more.html"),
        )

    def clean(self):
        """Whoever left the stage as the page had it moves nothing that somebody moved meanwhile."""
        cleaned = super().clean()
        seen, stage = cleaned.pop("seen", ""), cleaned.get("stage")
        if seen and seen == stage:
            cleaned["stage"] = self.change.stage
        elif seen and stage and self.change.stage not in (seen, stage):
            self.data = self.data.copy()
            self.data["seen"] = self.change.stage
            self.add_error(
                "stage",
                f"Somebody else moved it while you were here: it’s in"
                f" {self.change.get_stage_display()} now. If you still mean your choice, send it"
                " again.",
            )
        return cleaned


def place_of(change: SmallChange) -> str:
    """Where a change is, as the gate's form remembers it."""
    return f"{change.stage}/{change.status}"
