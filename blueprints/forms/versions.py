"""The form that makes a version of the blueprint to agree."""

from django import forms

from blueprints.changed import WhatChanged
from blueprints.models import BlueprintVersion
from programmes.forms.house import AddForm, some_lines

# So many questions fit a form; of a blueprint that was written anew, one "why" says more.
_MOST = 60
_LONGEST = BlueprintVersion._meta.get_field("why").max_length or 0


class VersionForm(AddForm):
    """`seen` is the fingerprint of the words that it was shown with."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args, changed: WhatChanged | None, reasons: dict[str, str], **kwargs):
        """Asks nothing of a first version; of a later one why it is, and of what changed in it."""
        super().__init__(*args, **kwargs)
        self.asked: dict[str, str] = {}
        if changed is None:
            return
        self.fields["why"] = some_lines(
            BlueprintVersion,
            "why",
            "Why is there a new version?",
            "A sentence or two, for people who read what changed.",
            rows=3,
            needed="Say in a sentence why there is a new version.",
        )
        for one in changed.changes[:_MOST]:
            name = f"why-{one.pk}"
            field = some_lines(BlueprintVersion, "why", f"“{one.title}” {one.said}. Why?", rows=2)
            field.initial = reasons.get(one.pk, "")[:_LONGEST]
            self.fields[name] = field
            self.asked[one.pk] = name

    @property
    def whys(self) -> dict[str, str]:
        """What was said of each part, by its id."""
        said = {pk: self.cleaned_data[name] for pk, name in self.asked.items()}
        return {pk: words for pk, words in said.items() if words}
