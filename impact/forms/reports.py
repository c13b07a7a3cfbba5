"""Forms of the impact report."""

from django import forms

from impact.models import Report, ReportSentence, SectionKey
from programmes.forms.house import AddForm, EditForm, one_line, some_lines

_TEXT = "Your sentence"
_HINT = "Whoever reads the report reads it in your words."
_NEEDED = "Write what the report should say."


class DraftForm(AddForm):
    """Asks nothing: its id alone, so that two presses make one draft."""


class SentenceAddForm(AddForm):
    text = some_lines(ReportSentence, "text", _TEXT, _HINT, rows=3, needed=_NEEDED)


class SentenceEditForm(EditForm):
    text = some_lines(ReportSentence, "text", _TEXT, _HINT, rows=4, needed=_NEEDED)


class PublishForm(EditForm):
    title = one_line(Report, "title", "Title", needed="Give it a title.")
    why = some_lines(
        Report,
        "why",
        "What’s new in it?",
        "A sentence or two, for people who know the last one.",
        rows=3,
    )


class ShareForm(AddForm):
    """`offered` are the keys of the sections that the published version has."""

    keys = forms.MultipleChoiceField(
        label="Which sections?",
        choices=SectionKey,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one section.",
            "invalid_choice": "Choose from the list.",
        },
    )

    def __init__(self, *args, offered: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(key, SectionKey(key).label) for key in offered]
        self.fields["keys"].choices = choices
