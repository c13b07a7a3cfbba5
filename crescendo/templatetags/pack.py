"""What the crispy template pack `crescendo` needs to render a field with GOV.UK's form anatomy."""

from django import forms, template
from django.utils.safestring import SafeString

register = template.Library()

# The first that fits. Everything else is an ordinary input.
_LOOKS = (
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.FileInput, "govuk-file-upload"),
    (forms.Textarea, "govuk-textarea"),
    (forms.Select, "govuk-select"),
)
# Browsers' own pickers want these types, and ISO 8601 as text.
_PICKERS = (
    (forms.DateTimeInput, "datetime-local", "%Y-%m-%dT%H:%M"),
    (forms.DateInput, "date", "%Y-%m-%d"),
    (forms.TimeInput, "time", "%H:%M"),
)


@register.simple_tag
def control(field: forms.BoundField, describedby: str = "") -> SafeString:
    """The field's own control: its look, its error look, and the ids of what describes it."""
    widget = field.field.widget
    look = next((look for kind, look in _LOOKS if isinstance(widget, kind)), "govuk-input")
    classes = [look, widget.attrs.get("class", "")]
    if field.errors and not isinstance(widget, forms.CheckboxInput):
        classes.append(f"{look}--error")
    for kind, input_type, text_format in _PICKERS:
        if isinstance(widget, kind):
            widget.input_type, widget.format = input_type, text_format
            classes.append("govuk-input--width-10")
    attrs: dict[str, str | bool] = {"class": " ".join(filter(None, classes))}
    if described := f"{field.aria_describedby or ''} {describedby}".strip():
        attrs["aria-describedby"] = described
    if isinstance(widget, forms.Textarea) or "max_length" in field.field.error_messages:
        # Text that is too long is told of, never cut off silently.
        widget.attrs.pop("maxlength", None)
    if isinstance(widget, forms.Textarea):
        attrs["rows"] = widget.attrs.get("rows", 4)
    return field.as_widget(attrs=attrs)


@register.simple_tag
def choice(option: forms.boundfield.BoundWidget, look: str) -> SafeString:
    """One radio or checkbox of several. What describes them stands on their fieldset."""
    option.data["attrs"]["class"] = look
    option.data["attrs"].pop("aria-invalid", None)
    return option.tag()


@register.filter
def kind(field: forms.BoundField) -> str:
    """Which anatomy the field needs: the name of a template in crescendo/fields/."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checkboxes"
    if isinstance(widget, forms.RadioSelect):
        return "radios"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.PasswordInput):
        return "password"
    if isinstance(widget, forms.Textarea) and getattr(field.field, "max_length", None):
        return "counted"
    return "plain"


@register.filter
def first_id(field: forms.BoundField) -> str:
    """Where the error summary's link leads: the control, or the first of several."""
    return field.id_for_label or f"{field.auto_id}_0"
