"""Before something is erased for good."""

from django import forms
from django.core.exceptions import ValidationError

from programmes.forms.house import HouseForm


class EraseForm(HouseForm):
    """Types the address of whom it is about, so that no click alone erases anybody."""

    typed = forms.CharField(
        label="Type their email address",
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Type their email address, so that we erase the right person."},
    )

    def __init__(self, *args, email: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_typed(self):
        typed = self.cleaned_data["typed"]
        if typed.strip().lower() != self.email:
            raise ValidationError("That isn’t their address. Copy it from above.")
        return typed
