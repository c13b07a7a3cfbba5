"""Forms of a round of two voices."""

from django import forms
from django.utils import timezone

from blueprints.models import PlacingRound
from blueprints.voices import FEWEST_THINGS, MOST_THINGS
from programmes.forms.house import (
    NONE_OF_LIST,
    AddForm,
    DayField,
    EditForm,
    HouseForm,
    offer,
    one_line,
)
from programmes.models import Barrier, Programme
from smallchanges.models import Met

# The fields that say what is asked about, and what of `PLACEABLE` they hold.
FIELDS = {"changes": "change", "barriers": "barrier", "met": "met"}


class _MetField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Met) -> str:
        return f"{obj} ({obj.get_kind_display().lower()}, “{obj.change}”)"


def _many(label: str, kind=forms.ModelMultipleChoiceField):
    return kind(
        label=label,
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=NONE_OF_LIST,
    )


class _RoundForm(HouseForm):
    question = one_line(
        PlacingRound,
        "question",
        "What do we ask both voices?",
        "One sentence, such as “What would help families most if we moved it?”",
        needed="Ask something, so that everybody places with the same question in mind.",
    )
    closes_on = DayField(
        label="Which day is the last?",
        help_text="It closes that evening at 8, unless somebody closes it before.",
        error_messages={"required": "Choose the last day."},
    )
    changes = _many("Which small changes?")
    barriers = _many("Which barriers?")
    met = _many("And what did changes meet?", _MetField)

    def __init__(self, *args, programme: Programme, **kwargs):
        super().__init__(*args, **kwargs)
        met = Met.objects.standing().filter(change__programme=programme)
        if "changes" in self.fields:
            offer(self, "changes", programme.small_changes.for_list())
            offer(self, "barriers", Barrier.objects.standing().filter(programme=programme))
            offer(self, "met", met.select_related("change"))

    def clean_closes_on(self):
        day = self.cleaned_data["closes_on"]
        if PlacingRound(closes_on=day).ends_at <= timezone.now():
            raise forms.ValidationError("That evening has gone by. Choose a later day.")
        if (day - timezone.localdate()).days > 60:
            raise forms.ValidationError("That’s far away. Choose a day within the next 60.")
        return day

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if not FIELDS.keys() <= cleaned.keys():
            return cleaned
        things = {kind: list(cleaned.pop(name)) for name, kind in FIELDS.items()}
        count = sum(map(len, things.values()))
        if not FEWEST_THINGS <= count <= MOST_THINGS:
            self.add_error(
                "changes",
                f"Choose {FEWEST_THINGS} to {MOST_THINGS} things in all. This has {count}.",
            )
        cleaned["things"] = things
        return cleaned


class RoundAddForm(_RoundForm, AddForm):
    def say_one_is_open(self) -> None:
        self.add_error(None, "A round is open already. Close it first: one at a time is enough.")


class RoundEditForm(_RoundForm, EditForm):
    """Once somebody has placed something, its last day alone."""

    def __init__(self, *args, has_begun: bool, **kwargs):
        self.has_begun = has_begun
        super().__init__(*args, **kwargs)
        if has_begun:
            for name in ("question", *FIELDS):
                del self.fields[name]

    def say_begun(self) -> None:
        self.add_error(
            None,
            "Somebody has begun to place, so the question and what it’s about stay as they were."
            " You can still move the last day.",
        )
