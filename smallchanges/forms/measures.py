"""What people count, and each time that they count it."""

from datetime import date
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from programmes.forms.house import (
    NOT_IN_LIST,
    AddForm,
    DayField,
    EditForm,
    OnceForm,
    one_line,
)
from smallchanges.models import Measure, Reading
from smallchanges.numbers import NotANumber, amount, in_figures, number_of

# Nobody counted anything for Crescendo before; a year of two digits that was mistyped is told of.
_EARLIEST = date(2000, 1, 1)


class NumberField(forms.CharField):
    """A number as people write it: with a comma or a point, and with a sign that its unit has."""

    # No longer than that is any number that fits.
    _LONGEST = 30

    def __init__(self, **kwargs):
        widget = forms.TextInput(
            attrs={"inputmode": "decimal", "autocomplete": "off", "class": "govuk-input--width-10"}
        )
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value) -> Decimal | None:  # type: ignore[override]
        said = super().to_python(value)
        if not said:
            return None
        if len(said) > self._LONGEST:
            raise ValidationError("Write one number, such as 14 or 9.5.")
        try:
            return number_of(said)
        except NotANumber as wrong:
            raise ValidationError(str(wrong)) from wrong

    def validate(self, value) -> None:
        if self.required and value is None:
            raise ValidationError(self.error_messages["required"])

    def run_validators(self, value) -> None:
        """Those of a text do not fit a number; its own have had their say."""

    def prepare_value(self, value):
        return in_figures(value).replace(",", "") if isinstance(value, Decimal) else value


class PastDayField(DayField):
    """A day that has come."""

    def clean(self, value):
        day = super().clean(value)
        if day and day > timezone.localdate():
            raise ValidationError("That day hasn’t come yet.")
        if day and day < _EARLIEST:
            raise ValidationError("Choose a day since the year 2000.")
        return day


class _MeasureForm(OnceForm):
    once = "what"
    twice = "We count this already."

    what = one_line(
        Measure,
        "what",
        "What do we count?",
        "Something small, such as “Minutes to find the right template”.",
        needed="Say in a few words what we count.",
    )
    unit = one_line(Measure, "unit", "In what?", "Such as minutes, days, % or letters.")
    better = forms.ChoiceField(
        label="Which way is better?",
        choices=Measure.Better.choices,
        initial=Measure.Better.LOWER,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose which way is better."} | NOT_IN_LIST,
    )
    baseline = NumberField(
        label="How was it before?",
        help_text="One number. Leave it empty if nobody has counted yet.",
        required=False,
    )
    baseline_on = PastDayField(label="When was that?", required=False)
    target = NumberField(
        label="What are we hoping for?",
        help_text="One number, if we have one in mind.",
        required=False,
    )

    def clean(self):
        """A day without a number says nothing; a number without one was counted today."""
        cleaned = super().clean()
        if cleaned.get("baseline") is None:
            cleaned["baseline_on"] = None
        elif "baseline_on" in cleaned and cleaned["baseline_on"] is None:
            cleaned["baseline_on"] = timezone.localdate()
        return cleaned


class MeasureAddForm(_MeasureForm, AddForm):
    pass


class MeasureEditForm(_MeasureForm, EditForm):
    pass


class ReadingForm(AddForm):
    """One field is enough: the day is today."""

    value = NumberField(
        label="Today’s number",
        error_messages={"required": "Write the number that you counted."},
    )
    on = PastDayField(label="On which day?", required=False, initial=timezone.localdate)
    note = one_line(Reading, "note", "Anything to know about it?")

    def __init__(self, *args, measure: Measure, **kwargs):
        super().__init__(*args, prefix=f"reading-{measure.pk}", **kwargs)
        self.measure = measure
        if measure.unit:
            self.fields["value"].label = f"Today’s number ({measure.unit})"

    def clean(self):
        cleaned = super().clean()
        if "on" in cleaned:
            cleaned["on"] = cleaned["on"] or timezone.localdate()
            there = self.measure.readings.standing().filter(on=cleaned["on"])
            counted = cleaned.get("value") is not None
            if counted and (before := there.exclude(pk=cleaned.get("id")).first()):
                self.say_taken(before)
        return cleaned

    def say_taken(self, before: Reading | None = None) -> None:
        """Say next to the day that it has a reading already."""
        said = f": {amount(before.value, self.measure.unit)}" if before else ""
        self.add_error(
            "on",
            f"That day has a reading already{said}. Take that one away first, or choose another"
            " day.",
        )
