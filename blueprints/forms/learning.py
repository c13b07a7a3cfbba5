"""Forms for what an experiment teaches: what we saw, what we decide, and the next cycle."""

from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils import timezone

from blueprints.learning import begun_on, day_of
from blueprints.models import Decision, Experiment, ExperimentMove, LearningCycle, Observation
from programmes.forms.house import (
    NOT_IN_LIST,
    AddForm,
    DayField,
    HouseForm,
    one_line,
    some_lines,
)


def _as_read(text: str) -> str:
    return " ".join(text.split())


class SealedForm(forms.Form):
    """Beside others: asks what we expect only while that is open.

    Who has an older page open may still send other words: they stay in the field, with the reason.
    """

    def close_what_we_expect(self, cycle: LearningCycle) -> None:
        """Leave the question out; whoever answers it all the same is told by `say_sealed`."""
        self.closed_cycle: LearningCycle | None = cycle
        sent = self.data.get(self.add_prefix("we_expect"), "") if self.is_bound else ""
        if _as_read(sent) in ("", _as_read(cycle.we_expect)):
            del self.fields["we_expect"]
        else:
            self.fields["we_expect"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        cycle = getattr(self, "closed_cycle", None)
        if cycle and cleaned.get("we_expect"):
            self.say_sealed(cycle)
        return cleaned

    def say_sealed(self, cycle: LearningCycle) -> None:
        """Say next to the field that what we expect stays as it is."""
        if cycle.sealed_at:
            why = f"This was sealed on {day_of(cycle.sealed_at)}"
        elif cycle.decision:
            why = "This cycle is decided"
        else:
            why = "Somebody wrote this meanwhile"
        kept = f" Ours is: “{cycle.we_expect}”." if cycle.we_expect else ""
        self.add_error(
            "we_expect", f"{why}, so it stays as it is.{kept} Empty this field to go on."
        )


class ObserveForm(SealedForm, AddForm):
    """Two taps and a line."""

    we_expect = some_lines(
        LearningCycle,
        "we_expect",
        "Before you write what you saw: what did you expect?",
        "Once you’ve sent this, nobody changes it. That’s how we notice what surprises us.",
        rows=2,
        needed="Say first what you expected, even if it’s a guess.",
    )
    text = one_line(
        Observation,
        "text",
        "What did you see?",
        "One line is plenty.",
        needed="Tell us one thing that you saw, even if it’s small.",
    )
    on = DayField(label="Which day was it?", required=False, help_text="Leave it empty for today.")

    def __init__(self, *args, cycle: LearningCycle, **kwargs):
        super().__init__(*args, **kwargs)
        self.cycle = cycle
        if cycle.sealed_at or cycle.we_expect:
            self.close_what_we_expect(cycle)
        words = [name for name in ("we_expect", "text") if name in self.fields]
        earlier = Fieldset("It was on an earlier day", "on", template="crescendo/layout/more.html")
        self.helper.layout = Layout("id", *words, earlier)

    def clean_on(self):
        day = self.cleaned_data["on"]
        if day is None:
            return day
        if day > timezone.localdate():
            raise forms.ValidationError("That day is still to come. Choose today or earlier.")
        if day < (first := begun_on(self.cycle)):
            raise forms.ValidationError(
                f"We began on {day_of(first)}. Choose that day or a later one."
            )
        return day


class DecideForm(HouseForm):
    decision = forms.ChoiceField(
        label="What do we do with it now?",
        choices=Decision.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what we do: adopt, adapt, amplify or stop."}
        | NOT_IN_LIST,
    )
    surprised_us = some_lines(
        LearningCycle,
        "surprised_us",
        "What surprised us?",
        "Hold what we saw beside what we expected. “Nothing” is an answer too.",
        rows=3,
    )
    why = some_lines(ExperimentMove, "why", "Why do we decide so?", rows=3)
    # What was decided when the page was opened, if anything was, and what had surprised us.
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    read = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, experiment: Experiment, why_now: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.experiment = experiment
        self.why_now = why_now

    def clean(self):
        cleaned = super().clean()
        stops = cleaned.get("decision") == Decision.STOP
        if stops and "why" in cleaned and not cleaned["why"]:
            self.add_error("why", "Say why we stop. What it taught is worth keeping.")
        self._clean_surprise(self.experiment.cycle.surprised_us)
        now = self.experiment.decision
        if now and cleaned.get("decision") == now and cleaned.get("why", "") != self.why_now:
            self.add_error(
                "why",
                "It’s decided so already, and why stays with that day. Choose something else, or"
                " take the decision back first.",
            )
        if now not in (cleaned.get("seen", now), cleaned.get("decision")):
            self.data = self.data.copy()
            self.data["seen"] = now
            what = f"it’s decided: {now}" if now else "it isn’t decided any more"
            raise forms.ValidationError(
                f"Somebody else was here meanwhile, and {what}. If you still mean your choice, send"
                " it again."
            )
        return cleaned

    def _clean_surprise(self, now: str) -> None:
        """Nobody writes over words that they never read, nor empties them."""
        said = (self.cleaned_data.get(name, now) for name in ("read", "surprised_us"))
        if _as_read(now) not in map(_as_read, said):
            self.data = self.data.copy()
            self.data["read"] = now
            self.add_error(
                "surprised_us",
                f"Somebody wrote this meanwhile: “{now}”. If you’d still put yours in its place,"
                " send it again.",
            )


class BeginForm(AddForm):
    """The next cycle: the last one's words, to be changed, and what we expect of this one."""

    we_try = some_lines(
        LearningCycle,
        "we_try",
        "We try",
        "What would people see us do this time?",
        rows=3,
        needed="Say in a line what we try this time.",
    )
    we_expect = some_lines(
        LearningCycle,
        "we_expect",
        "We expect",
        "What do we think will happen this time? You can write it later, until somebody sees"
        " something.",
        rows=3,
    )
    how_we_know = some_lines(
        LearningCycle, "how_we_know", "How we’ll know", "What will we look at, or ask?", rows=3
    )
    who = one_line(LearningCycle, "who", "Who", "Teams or roles.", names=True)
    from_on = DayField(label="From", required=False)
    to_on = DayField(label="To", required=False)
    state = forms.ChoiceField(
        label="Can we begin?",
        choices=[
            (Experiment.State.TRYING, "Yes, we’re trying it"),
            (Experiment.State.WAITING, "A leader needs to say yes first"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether we can begin."} | NOT_IN_LIST,
    )

    def __init__(self, *args, last: LearningCycle, **kwargs):
        super().__init__(*args, **kwargs)
        if last.decision == Decision.AMPLIFY:
            who: Any = self.fields["who"]
            who.label, who.required = "Where else, and with whom?", True
            before = f"Last time: {last.who}." if last.who else ""
            who.help_text = f"More teams or places. {before}".strip()
            who.error_messages["required"] = "Say where else we do it, or who with."

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("from_on"), cleaned.get("to_on")
        if start and end and end < start:
            self.add_error("to_on", "It can’t end before it starts. Choose a later day.")
        return cleaned
