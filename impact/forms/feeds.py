"""The form that gives a key of the data feed away."""

from datetime import timedelta

from django import forms

from impact.models import FeedKey, FeedScope
from programmes.forms.house import NOT_IN_LIST, AddForm, one_line

# How long one is good for, by the words that the form has for it.
LASTS = {
    "3 months": timedelta(days=91),
    "1 year": timedelta(days=365),
    "2 years": timedelta(days=730),
}


class FeedKeyAddForm(AddForm):
    for_whom = one_line(
        FeedKey,
        "for_whom",
        "Who is it for?",
        "A team or a report, such as “Performance team, Power BI”. Only people here see this.",
        needed="Say who will use it, so that everybody knows later.",
    )
    scopes = forms.MultipleChoiceField(
        label="What may it read?",
        help_text="No more than the report needs.",
        choices=FeedScope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages=NOT_IN_LIST | {"required": "Choose at least one."},
    )
    lasts = forms.ChoiceField(
        label="For how long?",
        choices=[(words, words) for words in LASTS],
        initial="1 year",
        widget=forms.RadioSelect,
        error_messages=NOT_IN_LIST | {"required": "Choose how long it works."},
    )

    def clean_lasts(self):
        return LASTS[self.cleaned_data["lasts"]]
