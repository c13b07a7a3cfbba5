"""Forms for answers that come on paper or in a file."""

import uuid

from django import forms

from programmes.forms.house import HouseForm
from surveys.forms.answering import AnswerForm
from surveys.sheets import LARGEST_FILE


class PaperForm(AnswerForm):
    """One sheet. Sent twice it is there once."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class AnswersFileForm(HouseForm):
    file = forms.FileField(
        label="A CSV file",
        help_text="Up to 1 MB. All rows are taken in, or none of them and you read why.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={
            "required": "Choose a file.",
            "empty": "This file is empty.",
            "invalid": "Choose a file.",
            "missing": "Choose a file.",
        },
    )

    def content(self) -> bytes:
        """What is in it, and of one that is too large just enough to know that."""
        return self.cleaned_data["file"].read(LARGEST_FILE + 1)
