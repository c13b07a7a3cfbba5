"""Our form pack: GOV.UK's anatomy, and nothing that a person typed comes out as markup."""

import re
from datetime import date, datetime

import pytest
from crispy_forms.layout import Column, Div, Fieldset, Layout, Row, Submit
from crispy_forms.utils import render_crispy_form
from django import forms

from crescendo.templatetags import pack
from programmes.forms.house import HouseForm

NASTY = "<img src=x onerror=alert(1)>"
ESCAPED = "&lt;img src=x onerror=alert(1)&gt;"
CHOICES = [("one", "One"), (NASTY, NASTY)]

FIELDS = {
    "text": lambda **kwargs: forms.CharField(max_length=30, **kwargs),
    "counted": lambda **kwargs: forms.CharField(
        max_length=30, widget=forms.Textarea(attrs={"rows": 3}), **kwargs
    ),
    "long": lambda **kwargs: forms.CharField(widget=forms.Textarea, **kwargs),
    "email": lambda **kwargs: forms.EmailField(**kwargs),
    "number": lambda **kwargs: forms.IntegerField(**kwargs),
    "day": lambda **kwargs: forms.DateField(**kwargs),
    "secret": lambda **kwargs: forms.CharField(widget=forms.PasswordInput, **kwargs),
    "file": lambda **kwargs: forms.FileField(**kwargs),
    "select": lambda **kwargs: forms.ChoiceField(choices=CHOICES, **kwargs),
    "radios": lambda **kwargs: forms.ChoiceField(
        choices=CHOICES, widget=forms.RadioSelect, **kwargs
    ),
    "ticks": lambda **kwargs: forms.MultipleChoiceField(
        choices=CHOICES, widget=forms.CheckboxSelectMultiple, **kwargs
    ),
    "tick": lambda **kwargs: forms.BooleanField(**kwargs),
}


def _form(name: str, data=None, **kwargs):
    """A form of one field."""
    kind = type("OneForm", (HouseForm,), {"it": FIELDS[name](**kwargs)})
    return kind(data)


def _html(form) -> str:
    return render_crispy_form(form)


def _ids(text: str) -> set[str]:
    return set(re.findall(r'\bid="([^"]+)"', text))


def _described(text: str) -> list[str]:
    return [
        one for found in re.findall(r'aria-describedby="([^"]*)"', text) for one in found.split()
    ]


# --- escaping


@pytest.mark.parametrize("name", FIELDS)
def test_label_and_hint_come_out_escaped(name):
    text = _html(_form(name, label=f"Label {NASTY}", help_text=f"Hint {NASTY}"))
    assert ("<img" in text, f"Label {ESCAPED}" in text, f"Hint {ESCAPED}" in text) == (
        False,
        True,
        True,
    )


@pytest.mark.parametrize("name", FIELDS)
def test_an_error_comes_out_escaped(name):
    form = _form(name, {"it": ""}, error_messages={"required": f"Error {NASTY}"})
    text = _html(form)
    # In the summary and beside the field.
    assert ("<img" in text, text.count(f"Error {ESCAPED}")) == (False, 2)


@pytest.mark.parametrize("name", ["select", "radios", "ticks"])
def test_a_choice_comes_out_escaped(name):
    text = _html(_form(name))
    assert ("<img" in text, text.count(ESCAPED)) == (False, 2)


@pytest.mark.parametrize("name", ["text", "counted", "long", "email", "number", "day"])
def test_what_was_typed_comes_out_escaped(name):
    form = _form(name, {"it": f"Typed {NASTY}"}, label="Label")
    text = _html(form)
    assert ("<img" in text, f"Typed {ESCAPED}" in text) == (False, True)


def test_what_is_wrong_with_the_whole_form_comes_out_escaped():
    form = _form("text", {"it": "fine"})
    form.add_error(None, f"Both {NASTY}")
    text = _html(form)
    assert ("<img" in text, f"<li>Both {ESCAPED}</li>" in text) == (False, True)


def test_a_legend_a_class_and_a_button_come_out_escaped():
    form = _form("text")
    form.helper.layout = Layout(
        Fieldset(NASTY, Row(Column("it", css_class='"><b>'), css_id='"><i>'), css_class='"><u>'),
        Div(css_class='"><s>'),
    )
    form.helper.add_input(Submit('"><q>', NASTY))
    text = _html(form)
    raw = [tag for tag in ("<img", "<b>", "<i>", "<u>", "<s>", "<q>") if tag in text]
    assert (raw, text.count(ESCAPED)) == ([], 3)


# --- anatomy


@pytest.mark.parametrize("name", FIELDS)
def test_hint_and_error_describe_the_field(name):
    form = _form(name, {"it": ""}, label="Label", help_text="Hint", required=True)
    text = _html(form)
    joined = _described(text)
    assert [one for one in ("id_it_helptext", "id_it_error") if one not in joined] == []
    # What describes is there, each id once.
    assert set(joined) <= _ids(text)
    assert sorted(_ids(text)) == sorted(re.findall(r'\bid="([^"]+)"', text))


@pytest.mark.parametrize("name", FIELDS)
def test_without_hint_and_error_nothing_is_said_to_describe_it(name):
    text = _html(_form(name, label="Label"))
    assert set(_described(text)) == ({"id_it_count"} if name == "counted" else set())
    assert ("govuk-form-group--error" in text, "govuk-error-summary" in text) == (False, False)


@pytest.mark.parametrize("name", FIELDS)
def test_an_error_stands_in_the_summary_with_a_link_to_its_field(name):
    text = _html(_form(name, {"it": ""}, error_messages={"required": "Say something."}))
    summary, fields = text.split("</ul>", 1)
    (target, said) = re.search(r'<li><a href="#([^"]+)">(.*?)</a></li>', summary).groups()
    assert (said, target in _ids(fields)) == ("Say something.", True)
    assert target == ("id_it_0" if name in ("radios", "ticks") else "id_it")
    assert 'class="govuk-error-summary" tabindex="-1"' in summary
    assert (
        '<p class="govuk-error-message"><span class="govuk-visually-hidden">Error:</span>'
        " Say something.</p>" in fields
    )
    assert "govuk-form-group--error" in fields


def test_an_error_of_a_hidden_field_leads_nowhere():
    kind = type("Hidden", (HouseForm,), {"it": forms.IntegerField(widget=forms.HiddenInput)})
    text = _html(kind({"it": "x"}))
    assert "<li>Enter a whole number.</li>" in text
    assert re.findall(r"<a |<label", text) == []


@pytest.mark.parametrize(
    ("name", "look"),
    [
        ("text", "govuk-input"),
        ("email", "govuk-input"),
        ("number", "govuk-input"),
        ("day", "govuk-input"),
        ("secret", "govuk-input"),
        ("counted", "govuk-textarea"),
        ("select", "govuk-select"),
        ("file", "govuk-file-upload"),
    ],
)
def test_a_control_looks_wrong_where_it_is(name, look):
    def classes(data):
        text = _html(_form(name, data, label="Label"))
        return set(re.search(rf'class="({look}[^"]*)"', text).group(1).split())

    assert f"{look}--error" not in classes(None)
    assert {look, f"{look}--error"} <= classes({"it": ""})


@pytest.mark.parametrize("name", sorted(FIELDS.keys() - {"radios", "ticks"}))
def test_a_label_names_its_control(name):
    text = _html(_form(name, label="A question"))
    (target,) = re.findall(r'<label class="govuk-label[^"]*" for="([^"]+)">A question', text)
    assert (target, target in _ids(text)) == ("id_it", True)


@pytest.mark.parametrize("name", ["radios", "ticks"])
def test_several_have_a_legend_and_a_label_each(name):
    text = _html(_form(name, label="A question"))
    assert re.findall(r"<legend[^>]*>(.*?)</legend>", text) == ["A question"]
    labels = re.findall(r'<label class="[^"]*" for="([^"]+)">', text)
    assert labels == ["id_it_0", "id_it_1"]
    # What describes them stands on their fieldset, and not on each.
    described = _html(_form(name, {"it": ""}, help_text="Hint"))
    assert described.count("aria-describedby") == 1
    assert re.search(r"<fieldset[^>]* aria-describedby=", described) is not None


def test_what_may_be_left_out_says_so():
    assert '<span class="optional">(optional)</span>' in _html(_form("text", required=False))
    assert "optional" not in _html(_form("text"))


def test_text_that_is_too_long_is_told_of_and_not_cut_off():
    text = _html(_form("counted"))
    assert ("maxlength" in text, 'data-count="30"' in text) == (False, True)
    assert 'id="id_it_count" data-count-shown>Up to 30 characters</div>' in text
    assert 'rows="3"' in text
    # Without a longest there is nothing to count.
    assert "data-count" not in _html(_form("long"))


def test_a_line_that_is_too_long_is_cut_off_only_where_nothing_would_tell_of_it():
    told = _form("text", error_messages={"max_length": "Make it shorter"})
    assert ('maxlength="30"' in _html(_form("text")), "maxlength" in _html(told)) == (True, False)


def test_a_day_is_asked_for_with_the_browsers_own_picker():
    kind = type("Day", (HouseForm,), {"it": forms.DateField()})
    text = _html(kind(initial={"it": date(2026, 3, 2)}))
    assert re.search(r'<input type="date" name="it" value="2026-03-02"', text) is not None
    kind = type("Moment", (HouseForm,), {"it": forms.DateTimeField()})
    text = _html(kind(initial={"it": datetime(2026, 3, 2, 9, 30)}))  # noqa: DTZ001
    assert re.search(r'<input type="datetime-local" name="it" value="2026-03-02T09:30"', text)


def test_a_password_can_be_shown_and_never_comes_back():
    text = _html(_form("secret", {"it": "a long secret"}))
    assert "a long secret" not in text
    assert 'aria-controls="id_it" aria-label="Show password" hidden>Show</button>' in text


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("text", "plain"),
        ("counted", "counted"),
        ("long", "plain"),
        ("radios", "radios"),
        ("ticks", "checkboxes"),
        ("tick", "checkbox"),
        ("secret", "password"),
        ("file", "plain"),
        ("select", "plain"),
    ],
)
def test_each_field_gets_its_anatomy(name, kind):
    assert pack.kind(_form(name)["it"]) == kind


def test_a_form_of_ours_is_laid_out_inside_the_pages_own():
    """No second <form>, no second token."""
    text = _html(_form("text"))
    assert re.findall(r"<form|csrfmiddlewaretoken", text) == []


def test_a_form_by_another_hand_may_bring_its_own_tag():
    form = _form("text")
    form.helper.form_tag, form.helper.form_action = True, "/somewhere/"
    text = _html(form)
    assert re.search(r'<form method="post" action="/somewhere/"[^>]* novalidate>', text)
    assert text.strip().endswith("</form>")
