"""Forms of the blueprint. Each is given the rows that it may offer or must not repeat."""

from django import forms

from blueprints.models import Blueprint, Experiment, ExperimentMove, Insight, Pillar
from programmes.forms.house import SAFEGUARDING, AddForm, EditForm, HouseForm


class _OnceForm(forms.Form):
    """Words that must not be there twice. `others` are the rows that may have them already."""

    once = ""
    twice = ""

    def __init__(self, *args, others, **kwargs):
        super().__init__(*args, **kwargs)
        self.others = others

    def clean(self):
        cleaned = super().clean()
        words = cleaned.get(self.once)
        if words and self.others.filter(**{f"{self.once}__iexact": words}).exists():
            self.say_taken()
        return cleaned

    def say_taken(self) -> None:
        """Say next to the field that another row has these words."""
        self.add_error(self.once, self.twice)


def _offer(form, name: str, rows) -> None:
    """Let people tick some of these rows; without any, leave the question out."""
    form.fields[name].queryset = rows
    if not rows.exists():
        form.fields[name].widget = forms.MultipleHiddenInput()


class FocusForm(EditForm):
    focus = forms.CharField(
        label="What our blueprint focuses on",
        max_length=Blueprint._meta.get_field("focus").max_length,
        required=False,
        help_text=f"One sentence. Leave it empty if the commitments say it all. {SAFEGUARDING}",
    )


class _LineForm(_OnceForm):
    once = "text"
    twice = "This is there already, in the same words."

    text = forms.CharField(max_length=300, help_text=f"One sentence. {SAFEGUARDING}")

    def __init__(self, *args, label: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label


class LineAddForm(_LineForm, AddForm):
    pass


class LineEditForm(_LineForm, EditForm):
    pass


class _InsightForm(_OnceForm):
    once = "text"
    twice = "This insight is there already, in the same words."

    text = forms.CharField(
        label="What did we learn about the system?",
        max_length=Insight._meta.get_field("text").max_length,
        help_text=f"One sentence. {SAFEGUARDING}",
    )
    kind = forms.ChoiceField(
        label="What does it do to change?",
        choices=[
            (Insight.Kind.BARRIER, "It’s a barrier: it gets in the way"),
            (Insight.Kind.ENABLER, "It’s an enabler: it helps"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it’s a barrier or an enabler."},
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
    )
    changes = forms.ModelMultipleChoiceField(
        label="Which small changes taught us this?",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args, programme, **kwargs):
        super().__init__(*args, **kwargs)
        _offer(self, "changes", programme.small_changes.for_list())


class InsightAddForm(_InsightForm, AddForm):
    pass


class InsightEditForm(_InsightForm, EditForm):
    pass


class _MemberField(forms.ModelChoiceField):
    def label_from_instance(self, membership):
        return f"{membership.user}, {membership.role_names.lower()}"


class _PillarForm(_OnceForm):
    once = "title"
    twice = "There’s a pillar with this title already."

    title = forms.CharField(
        label="What is this pillar about?",
        max_length=Pillar._meta.get_field("title").max_length,
        help_text="A few words, such as “Build better partnerships with external agencies”.",
    )
    so_that = forms.CharField(
        label="So that…",
        max_length=Pillar._meta.get_field("so_that").max_length,
        required=False,
        help_text=f"What will be better for children and families. {SAFEGUARDING}",
    )
    sponsor = _MemberField(
        label="Sponsor",
        queryset=None,
        required=False,
        empty_label="Nobody yet",
        help_text="A leader who opens doors for it.",
    )
    practitioner_lead = _MemberField(
        label="Practitioner lead",
        queryset=None,
        required=False,
        empty_label="Nobody yet",
        help_text="Somebody close to the work who keeps it going.",
    )
    insights = forms.ModelMultipleChoiceField(
        label="Which insights did it grow from?",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args, programme, pillar: Pillar | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        members = programme.authority.memberships
        # Who holds the part now can keep it, even where they could not take it on today.
        holders = [pillar.sponsor_id, pillar.practitioner_lead_id] if pillar else [None, None]
        for name, offered, holder in zip(
            ("sponsor", "practitioner_lead"),
            (members.sponsors(), members.standing()),
            holders,
            strict=True,
        ):
            everybody = offered | members.filter(pk=holder)
            self.fields[name].queryset = everybody.with_people()
        _offer(self, "insights", programme.insights.standing())


class PillarAddForm(_PillarForm, AddForm):
    pass


class PillarEditForm(_PillarForm, EditForm):
    pass


class PillarRemoveForm(HouseForm):
    """How many experiments the page said go with the pillar."""

    experiments = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


def _words(label: str, name: str, hint: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=Experiment._meta.get_field(name).max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"{hint} {SAFEGUARDING}",
    )


class _ExperimentForm(_OnceForm):
    once = "title"
    twice = "There’s an experiment with this title in that pillar already."

    title = forms.CharField(
        label="What shall we call it?",
        max_length=Experiment._meta.get_field("title").max_length,
        help_text="A few words, such as “Take turns at chairing and notetaking”.",
    )
    we_try = _words("We try", "we_try", "What would people see us do?")
    we_expect = _words("We expect", "we_expect", "What do we think will happen?")
    how_we_know = _words("How we’ll know", "how_we_know", "What will we look at, or ask?")
    who = forms.CharField(
        label="Who",
        max_length=Experiment._meta.get_field("who").max_length,
        required=False,
        help_text="Teams or roles, such as “two teams and a Business Support officer”.",
    )
    from_on = forms.DateField(label="From", required=False)
    to_on = forms.DateField(label="To", required=False)

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("from_on"), cleaned.get("to_on")
        if start and end and end < start:
            self.add_error("to_on", "It can’t end before it starts. Choose a later day.")
        return cleaned


class ExperimentAddForm(_ExperimentForm, AddForm):
    pass


class ExperimentEditForm(_ExperimentForm, EditForm):
    pillar = forms.ModelChoiceField(label="Pillar", queryset=None, empty_label=None)

    def __init__(self, *args, experiment: Experiment, **kwargs):
        super().__init__(*args, others=Experiment.objects.none(), **kwargs)
        self.experiment = experiment
        self.fields["pillar"].queryset = experiment.pillar.siblings()

    def clean_pillar(self):
        """The titles that must not be repeated are those of the chosen pillar."""
        pillar = self.cleaned_data["pillar"]
        self.others = pillar.experiments.standing().exclude(pk=self.experiment.pk)
        return pillar


class ExperimentMoveForm(HouseForm):
    state = forms.ChoiceField(
        label="Where is it now?",
        choices=[
            (Experiment.State.IDEA, "Idea: we’re still thinking it through"),
            (Experiment.State.WAITING, "Waiting for a yes: a leader needs to agree first"),
            (Experiment.State.TRYING, "Trying it: it has begun"),
            (Experiment.State.DECIDED, "Decided: we know what to do with it"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose where the experiment is now."},
    )
    decision = forms.ChoiceField(
        label="If it’s decided: what did we decide?",
        choices=Experiment.Decision.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    why = forms.CharField(
        label="Why?",
        max_length=ExperimentMove._meta.get_field("why").max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"What did we see or hear? Going back is learning too. {SAFEGUARDING}",
    )
    # Where it was when the page was opened.
    seen = forms.ChoiceField(choices=Experiment.State.choices, widget=forms.HiddenInput)

    def __init__(self, *args, experiment: Experiment, **kwargs):
        super().__init__(*args, **kwargs)
        self.experiment = experiment

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("state") == Experiment.State.DECIDED and not cleaned.get("decision"):
            self.add_error("decision", "Choose what was decided: adopt, adapt, amplify or stop.")
        if cleaned.get("seen", self.experiment.state) != self.experiment.state:
            now = self.experiment.get_state_display().lower()
            self.data = self.data.copy()
            self.data["seen"] = self.experiment.state
            raise forms.ValidationError(
                f"Somebody else moved this experiment while you were here: it’s “{now}” now."
                " If you still mean your choice, send it again."
            )
        return cleaned
