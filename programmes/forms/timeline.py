"""Forms for dates on the timeline, and for what people say of a step."""

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from programmes.forms.house import DayField, HouseForm, one_line, some_lines
from programmes.models import JourneyStep, Milestone, StepReturn


class MoveDateForm(HouseForm):
    on = DayField(
        label="Which day?",
        validators=[
            MinValueValidator(date(2000, 1, 1), "Have a look at the year: that’s long ago"),
            MaxValueValidator(date(2099, 12, 31), "Have a look at the year: that’s far away"),
        ],
        error_messages={"required": "Choose a day"},
    )
    place = one_line(
        Milestone, "place", "Where do we meet?", "A room, an address or a link.", names=True
    )


class PodForm(MoveDateForm):
    """A learning pod that comes back: its number too."""

    number = forms.IntegerField(min_value=1, max_value=16)


class StepDoneForm(HouseForm):
    said = some_lines(
        JourneyStep,
        "said",
        "Is there something you’d like to say?",
        "One sentence is plenty.",
        rows=2,
    )


class StepBackForm(HouseForm):
    why = one_line(
        StepReturn,
        "why",
        "What made us go back?",
        "Going back is learning. Tell the others what we found.",
        needed="Tell us in a sentence what made you go back",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
