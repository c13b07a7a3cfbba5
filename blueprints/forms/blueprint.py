"""Forms of the blueprint. Each is given the rows that it may offer or must not repeat."""

from django import forms

from blueprints.forms.evidence import EvidenceForm
from blueprints.forms.learning import SealedForm
from blueprints.models import (
    Blueprint,
    Commitment,
    Experiment,
    ExperimentMove,
    Insight,
    LearningCycle,
    Pillar,
)
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


class FocusForm(EditForm):
    focus = one_line(
        Blueprint,
        "focus",
        "What our blueprint focuses on",
        "One sentence. Leave it empty if the commitments say it all.",
    )


class _LineForm(OnceForm):
    """A commitment or a need."""

    once = "text"
    twice = "This is there already, in the same words."

    text = one_line(Commitment, "text", "", "One sentence.", needed="Say it in a sentence.")

    def __init__(self, *args, label: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label


class LineAddForm(_LineForm, AddForm):
    pass


class LineEditForm(_LineForm, EditForm):
    pass


class _InsightForm(EvidenceForm, OnceForm):
    once = "text"
    twice = "This insight is there already, in the same words."
    field_order = ("text", "kind", "sits_in", "changes")

    text = one_line(
        Insight,
        "text",
        "What did we learn about the system?",
        "One sentence.",
        needed="Say in a sentence what we learned.",
    )
    kind = forms.ChoiceField(
        label="What does it do to change?",
        choices=[
            (Insight.Kind.BARRIER, "It’s a barrier: it gets in the way"),
            (Insight.Kind.ENABLER, "It’s an enabler: it helps"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it’s a barrier or an enabler."} | NOT_IN_LIST,
    )
    sits_in = forms.ChoiceField(
        label="Where in the system does it sit?",
        choices=[
            (Insight.Where.STRUCTURES, "Structures: roles, teams and who decides"),
            (Insight.Where.PROCESSES, "Processes: how work and forms flow"),
            (Insight.Where.CULTURE, "Culture: what people expect and dare"),
            ("", "We can’t say yet"),
        ],
        widget=forms.RadioSelect,
        required=False,
        error_messages=NOT_IN_LIST,
    )
    changes = forms.ModelMultipleChoiceField(
        label="Which small changes taught us this?",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages=NONE_OF_LIST,
    )

    def __init__(self, *args, programme, **kwargs):
        super().__init__(*args, programme=programme, **kwargs)
        offer(self, "changes", programme.small_changes.for_list())


class InsightAddForm(_InsightForm, AddForm):
    pass


class InsightEditForm(_InsightForm, EditForm):
    pass


class _PillarForm(OnceForm):
    once = "title"
    twice = "There’s a pillar with this title already."

    title = one_line(
        Pillar,
        "title",
        "What is this pillar about?",
        "A few words, such as “Build better partnerships with external agencies”.",
        needed="Give the pillar a few words, so that people know it.",
    )
    so_that = one_line(
        Pillar, "so_that", "So that…", "What will be better for children and families."
    )
    sponsor = MemberField(label="Sponsor", help_text="A leader who opens doors for it.")
    practitioner_lead = MemberField(
        label="Practitioner lead", help_text="Somebody close to the work who keeps it going."
    )
    insights = forms.ModelMultipleChoiceField(
        label="Which insights did it grow from?",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages=NONE_OF_LIST,
    )
    aims = forms.ModelMultipleChoiceField(
        label="Which aims of our improvement plan does it serve?",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages=NONE_OF_LIST,
    )

    def __init__(self, *args, programme, pillar: Pillar | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        members = programme.authority.memberships
        sponsor = pillar.sponsor_id if pillar else None
        lead = pillar.practitioner_lead_id if pillar else None
        self.fields["sponsor"].offer(members.sponsors(), holder=sponsor)
        self.fields["practitioner_lead"].offer(members.standing(), holder=lead)
        offer(self, "insights", programme.insights.standing())
        offer(self, "aims", programme.aims.standing())


class PillarAddForm(_PillarForm, AddForm):
    pass


class PillarEditForm(_PillarForm, EditForm):
    pass


class PillarRemoveForm(HouseForm):
    """How many experiments the page said go with the pillar."""

    experiments = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class _ExperimentForm(OnceForm):
    once = "title"
    twice = "There’s an experiment with this title in that pillar already."

    title = one_line(
        Experiment,
        "title",
        "What shall we call it?",
        "A few words, such as “Take turns at chairing and notetaking”.",
        needed="Give the experiment a few words, so that people know it.",
    )
    we_try = some_lines(LearningCycle, "we_try", "We try", "What would people see us do?", rows=3)
    we_expect = some_lines(
        LearningCycle, "we_expect", "We expect", "What do we think will happen?", rows=3
    )
    how_we_know = some_lines(
        LearningCycle, "how_we_know", "How we’ll know", "What will we look at, or ask?", rows=3
    )
    who = one_line(
        LearningCycle,
        "who",
        "Who",
        "Teams or roles, such as “two teams and a Business Support officer”.",
        names=True,
    )
    from_on = DayField(label="From", required=False)
    to_on = DayField(label="To", required=False)

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("from_on"), cleaned.get("to_on")
        if start and end and end < start:
            self.add_error("to_on", "It can’t end before it starts. Choose a later day.")
        return cleaned


class ExperimentAddForm(_ExperimentForm, AddForm):
    pass


class ExperimentEditForm(SealedForm, _ExperimentForm, EditForm):
    pillar = forms.ModelChoiceField(
        label="Pillar",
        queryset=None,
        empty_label=None,
        error_messages={"required": "Choose its pillar."} | NOT_IN_LIST,
    )

    def __init__(self, *args, experiment: Experiment, keeps_pillar: bool = False, **kwargs):
        super().__init__(*args, others=Experiment.objects.none(), **kwargs)
        self.experiment = experiment
        pillars = experiment.pillar.siblings()
        only = pillars.filter(pk=experiment.pillar_id)
        self.fields["pillar"].queryset = only if keeps_pillar else pillars
        cycle = experiment.cycle
        if cycle.sealed_at or cycle.decision:
            self.close_what_we_expect(cycle)

    def clean_pillar(self):
        """The titles that must not be repeated are those of the chosen pillar."""
        pillar = self.cleaned_data["pillar"]
        self.others = pillar.experiments.standing().exclude(pk=self.experiment.pk)
        return pillar


class ExperimentMoveForm(HouseForm):
    """To everywhere but "decided": DecideForm asks what that needs."""

    state = forms.ChoiceField(
        label="Where is it now?",
        choices=[
            (Experiment.State.IDEA, "Idea: we’re still thinking it through"),
            (Experiment.State.WAITING, "Waiting for a yes: a leader needs to agree first"),
            (Experiment.State.TRYING, "Trying it: it has begun"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose where the experiment is now."} | NOT_IN_LIST,
    )
    why = some_lines(
        ExperimentMove,
        "why",
        "Why?",
        "What did we see or hear? Going back is learning too.",
        rows=3,
    )
    # Where it was when the page was opened.
    seen = forms.ChoiceField(choices=Experiment.State.choices, widget=forms.HiddenInput)

    def __init__(self, *args, experiment: Experiment, **kwargs):
        super().__init__(*args, **kwargs)
        self.experiment = experiment

    def clean(self):
        cleaned = super().clean()
        now = self.experiment
        # Words would go with no move.
        stays = cleaned.get("seen") == now.state == cleaned.get("state")
        if cleaned.get("why") and stays:
            self.add_error(
                "why",
                f"It’s “{now.get_state_display().lower()}” already. Choose where it goes next. To"
                " say “not yet, and here’s why”, move it back.",
            )
        if cleaned.get("seen", now.state) != now.state:
            where = now.get_state_display().lower()
            self.data = self.data.copy()
            self.data["seen"] = now.state
            raise forms.ValidationError(
                f"Somebody else moved this experiment while you were here: it’s “{where}” now."
                " If you still mean your choice, send it again."
            )
        return cleaned
