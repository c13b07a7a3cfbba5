"""What our forms share. Forms validate and lay out; they never save."""

import uuid

from crispy_forms.helper import FormHelper
from django import forms

SAFEGUARDING = "Please don’t name a child, family or colleague."


class HouseForm(forms.Form):
    """Laid out by our template pack, inside the page's own <form>."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    use_required_attribute = False


class AddForm(HouseForm):
    """For making a row. The hidden id makes a form that is sent twice make one row."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class EditForm(HouseForm):
    """For changing a row. The hidden version tells when somebody else was quicker."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
