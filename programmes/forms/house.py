"""What our forms share. Forms validate and lay out; they never save."""

import uuid

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.functional import cached_property

SAFEGUARDING = "Please don’t name a child, family or colleague."
TOO_LONG = {
    "max_length": "Make it shorter: %(limit_value)d characters fit, this has %(show_value)d."
}
NOT_IN_LIST = {"invalid_choice": "Choose one from the list."}
NONE_OF_LIST = dict.fromkeys(("invalid_choice", "invalid_pk_value"), "Choose from the list.")


class HouseForm(forms.Form):
    """Laid out by our template pack, inside the page's own <form>."""

    use_required_attribute = False

    @cached_property
    def helper(self) -> FormHelper:
        """Made when it is first asked for: by then a form has added and taken away its fields."""
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True
        return helper


class AddForm(HouseForm):
    """For making a row. The hidden id makes a form that is sent twice make one row."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def start_here(self) -> None:
        """Put the focus into the first field that people see."""
        self.visible_fields()[0].field.widget.attrs["autofocus"] = True


class EditForm(HouseForm):
    """For changing a row. The hidden version tells when somebody else was quicker."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class OnceForm(forms.Form):
    """Words that must not be there twice among `others`; a form sent twice meets its own row."""

    # The field, and what it says of words that are there already.
    once = ""
    twice = ""

    def __init__(self, *args, others, **kwargs):
        super().__init__(*args, **kwargs)
        self.others = others

    def clean(self):
        cleaned = super().clean()
        if words := cleaned.get(self.once):
            others = self.others.exclude(pk=cleaned.get("id"))
            if others.filter(**{f"{self.once}__iexact": words}).exists():
                self.say_taken()
        return cleaned

    def say_taken(self) -> None:
        """Say next to the field that another row has these words."""
        self.add_error(self.once, self.twice)


class LineField(forms.CharField):
    """Words on one line: line breaks and spaces that were pasted in are one space."""

    def to_python(self, value):
        return " ".join(super().to_python(value).split())


class DayField(forms.DateField):
    """A day, as browsers send it and as people write it where there is no calendar to pick from."""

    default_error_messages = {"invalid": "Write the day as in 3 December 2026, or 03/12/2026."}
    input_formats = ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d %B %Y", "%d %b %Y"]


class MemberField(forms.ModelChoiceField):
    """A member of the authority, or nobody yet."""

    def __init__(self, **kwargs):
        kwargs = {"queryset": None, "required": False, "empty_label": "Nobody yet"} | kwargs
        super().__init__(error_messages=NOT_IN_LIST, **kwargs)

    def label_from_instance(self, obj):
        return f"{obj.user}, {obj.role_names.lower()}"

    def offer(self, members, *, holder) -> None:
        """Offer these, and the id of who has it now, even where they could not take it on today."""
        self.queryset = (members | members.model.objects.filter(pk=holder)).with_people()


def offer(form: forms.Form, name: str, rows) -> None:
    """Let people tick some of these rows; without any, leave the question out."""
    form.fields[name].queryset = rows
    if not rows.exists():
        form.fields[name].widget = forms.MultipleHiddenInput()


def one_line(
    model,
    field: str,
    label: str,
    hint: str = "",
    *,
    needed: str = "",
    names: bool = False,
    **kwargs,
):
    """One line of a person's words, as long as the model's field.

    `needed` is what to say to people who leave it empty; without, they may. Has the safeguarding
    hint unless it is a place for `names`.
    """
    hint = f"{hint} {'' if names else SAFEGUARDING}".strip()
    return _words(LineField, model, field, label, hint, needed=needed, **kwargs)


def some_lines(model, field: str, label: str, hint: str = "", *, rows: int = 4, needed: str = ""):
    """Several lines of a person's words; without `needed` they may leave it empty."""
    widget = forms.Textarea(attrs={"rows": rows})
    hint = f"{hint} {SAFEGUARDING}"
    return _words(forms.CharField, model, field, label, hint, needed=needed, widget=widget)


def _words(kind, model, field: str, label: str, hint: str, *, needed: str = "", **kwargs):
    return kind(
        label=label,
        max_length=model._meta.get_field(field).max_length,
        required=bool(needed),
        help_text=hint.strip(),
        error_messages=TOO_LONG | {"required": needed},
        **kwargs,
    )
