"""The form that gives partners a link."""

from django import forms

from blueprints.models import PartnerLink
from blueprints.partners import LASTS
from programmes.forms.house import NOT_IN_LIST, AddForm, one_line


class PartnerLinkAddForm(AddForm):
    for_whom = one_line(
        PartnerLink,
        "for_whom",
        "Who is it for?",
        "An organisation or a group, such as “Our safeguarding partnership”. Only people here see"
        " this.",
        needed="Say who will get the link, so that everybody knows later.",
    )
    lasts = forms.ChoiceField(
        label="For how long?",
        choices=[(words, words) for words in LASTS],
        initial="3 months",
        widget=forms.RadioSelect,
        error_messages=NOT_IN_LIST | {"required": "Choose how long it works."},
    )

    def clean_lasts(self):
        return LASTS[self.cleaned_data["lasts"]]
