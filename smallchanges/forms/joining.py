"""One made two: what goes into the new one."""

from typing import Any

from crispy_forms.layout import Layout
from django import forms

from programmes.forms.house import NONE_OF_LIST, AddForm, OnceForm, offer, one_line, some_lines
from smallchanges.models import MissionStrand, SmallChange


def _which(label: str, hint: str = "") -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        label=label,
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=hint,
        error_messages=NONE_OF_LIST,
    )


class ChangeSplitForm(OnceForm, AddForm):
    once = "title"
    twice = "There’s a small change with this title already."

    title = one_line(
        SmallChange,
        "title",
        "What’s the new small change?",
        "A few words, such as “Take turns at the minutes in core groups”.",
        needed="Give the new change a few words, so that people know it.",
    )
    purpose = one_line(
        SmallChange, "purpose", "So that…", "One sentence: what gets better, and for whom?"
    )
    steps = _which("Which steps go with it?", "What you leave unticked stays where it is.")
    met = _which("What of what we met goes with it?")
    asks = _which("Which asks go with it?")

    def __init__(self, *args, change: SmallChange, **kwargs):
        super().__init__(*args, others=change.programme.small_changes, **kwargs)
        rows: dict[str, Any] = {"steps": change.steps, "met": change.met, "asks": change.asks}
        for name, related in rows.items():
            offer(self, name, related.standing())
        self.helper.layout = Layout("id", "title", "purpose", *rows)


class StrandSplitForm(OnceForm, AddForm):
    once = "title"
    twice = "There’s a strand with this title already."

    title = one_line(
        MissionStrand,
        "title",
        "What does the new strand work towards?",
        "A short phrase, such as “Improving partnership working”.",
        needed="Give the new strand a short phrase.",
    )
    about = some_lines(MissionStrand, "about", "What is it about?", rows=3)
    changes = _which(
        "Which small changes go into it?", "What you leave unticked stays where it is."
    )
    barriers = _which(
        "Which barriers does it come from?", "The first strand goes on coming from all of them."
    )

    def __init__(self, *args, strand: MissionStrand, **kwargs):
        super().__init__(*args, others=strand.programme.strands.standing(), **kwargs)
        offer(self, "changes", strand.small_changes.order_by("position", "created_at"))
        offer(self, "barriers", strand.barriers.standing())
        self.helper.layout = Layout("id", "title", "about", "changes", "barriers")
