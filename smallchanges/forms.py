"""Forms of strands and small changes. Each offers rows of its own authority only."""

from crispy_forms.layout import Field, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError

from programmes.forms.house import (
    NONE_OF_LIST,
    NOT_IN_LIST,
    AddForm,
    DayField,
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
    NO_STRAND,
    Met,
    MissionStrand,
    Move,
    SmallChange,
    Stage,
    Stakeholder,
    Status,
    Step,
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


# --- which small changes to show


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


# --- small changes


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
    # Where it was when the page was opened.
    seen = forms.CharField(widget=forms.HiddenInput, max_length=20, required=False)

    def __init__(self, *args, change: SmallChange, **kwargs):
        stage = change.stage
        super().__init__(*args, initial={"stage": stage, "seen": stage}, **kwargs)
        self.change = change
        self.helper["stage"].wrap(Field, template="smallchanges/_stages.html")

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


# --- the plan: steps, stakeholders, what it met


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


# --- strands


class _StrandForm(OnceForm):
    once = "title"
    twice = "There’s a strand with this title already."

    title = one_line(
        MissionStrand,
        "title",
        "What do we work towards?",
        "A short phrase, such as “Improving partnership working”.",
        needed="Give the strand a short phrase.",
    )
    about = some_lines(MissionStrand, "about", "What is it about?", rows=3)
    barriers = forms.ModelMultipleChoiceField(
        label="Which barriers does it come from?",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="This is where its golden thread begins.",
        error_messages=NONE_OF_LIST,
    )

    def __init__(self, *args, programme: Programme, others, **kwargs):
        super().__init__(*args, others=others, **kwargs)
        offer(self, "barriers", programme.barriers.standing())


class StrandAddForm(_StrandForm, AddForm):
    pass


class StrandEditForm(_StrandForm, EditForm):
    pass
