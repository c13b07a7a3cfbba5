"""Forms for dates on the timeline, and for what people say of a step."""

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from programmes.forms.house import SAFEGUARDING, HouseForm


class MoveDateForm(HouseForm):
    on = forms.DateField(
        label="Which day?",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        validators=[
            MinValueValidator(date(2000, 1, 1), "Have a look at the year: that’s long ago"),
            MaxValueValidator(date(2099, 12, 31), "Have a look at the year: that’s far away"),
        ],
        error_messages={
            "required": "Choose a day",
            "invalid": "Write the day like this: 3/12/2026",
        },
    )
    place = forms.CharField(
        label="Where do we meet?",
        help_text="A room, an address or a link.",
        max_length=120,
        required=False,
    )


class PodForm(MoveDateForm):
    """A learning pod that comes back: its number too."""

    number = forms.IntegerField(min_value=1, max_value=16)


class StepDoneForm(HouseForm):
    said = forms.CharField(
        label="Is there something you’d like to say?",
        help_text=f"One sentence is plenty. {SAFEGUARDING}",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class StepBackForm(HouseForm):
    why = forms.CharField(
        label="What made us go back?",
        help_text=f"Going back is learning. Tell the others what we found. {SAFEGUARDING}",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Tell us in a sentence what made you go back"},
    )
