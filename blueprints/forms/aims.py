"""Forms of the improvement plan's aims: one by one, and many at once."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from blueprints.models import Aim
from programmes.forms.house import (
    NONE_OF_LIST,
    SAFEGUARDING,
    AddForm,
    EditForm,
    LineField,
    OnceForm,
    offer,
    one_line,
)

MOST_AT_ONCE = 200
LONGEST_PASTE = 60_000  # characters: 200 long aims
_ERRORS_SHOWN = 5
# Between a code and its words: a tab, or a dash with a space beside it, so that A-1 is a code.
_BETWEEN = re.compile(r"\t|\s[-–—]|[-–—]\s")
_CODE, _TITLE = 20, 200  # characters, as the model has them


class _AimForm(OnceForm):
    once = "code"
    twice = "There’s an aim with this number already."

    code = one_line(
        Aim,
        "code",
        "Its number in the plan",
        "Such as 2.3.",
        needed="Write its number in the plan, such as 2.3.",
        names=True,
    )
    title = one_line(
        Aim, "title", "The aim", "As the plan says it.", needed="Write the aim in a few words."
    )
    owner = one_line(
        Aim, "owner", "Who answers for it there", "A role, such as “Head of Early Help”."
    )
    link = LineField(
        label="Where it can be read",
        help_text="An address that begins with https://",
        required=False,
        max_length=500,
        validators=[
            URLValidator(
                schemes=["https"], message="Write the whole address, beginning with https://"
            )
        ],
    )
    pillars: Any = forms.ModelMultipleChoiceField(
        label="Which pillars serve it?",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages=NONE_OF_LIST,
    )

    def __init__(self, *args, pillars, **kwargs):
        super().__init__(*args, **kwargs)
        offer(self, "pillars", pillars)

    def clean_link(self) -> str:
        """Browsers read HTTPS:// alike; the database holds it to the small letters."""
        return re.sub(r"^https://", "https://", self.cleaned_data["link"], flags=re.IGNORECASE)


class AimAddForm(_AimForm, AddForm):
    pass


class AimEditForm(_AimForm, EditForm):
    pass


class AimAddManyForm(AddForm):
    """A list that was pasted; `sure` comes from the page that showed what we read in it."""

    lines = forms.CharField(
        label="The aims, one on each line",
        help_text=(
            "Its number, a tab or a dash, and the aim: “2.3 – Families get help early”. You can"
            f" copy two columns of a spreadsheet. Up to {MOST_AT_ONCE} at a time. {SAFEGUARDING}"
        ),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        error_messages={"required": "Paste at least one aim."},
    )
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, others, **kwargs):
        super().__init__(*args, **kwargs)
        self.others = others

    def clean(self):
        """The (code, title) of each line as `aims`; where one can't be read, nothing is."""
        cleaned: dict[str, Any] = super().clean() or {}
        text = cleaned.get("lines")
        if text is None:
            return cleaned
        if len(text) > LONGEST_PASTE:
            self.add_error("lines", "This is too long for us to read. Paste it in smaller parts.")
            return cleaned
        lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
        if len(lines) > MOST_AT_ONCE:
            said = f"There are {len(lines)} lines here. Add up to {MOST_AT_ONCE} at a time."
            self.add_error("lines", said)
            return cleaned
        aims, errors = read_aims(lines, taken=self._taken(cleaned))
        if not lines:
            errors = [str(self.fields["lines"].error_messages["required"])]
        if len(errors) > _ERRORS_SHOWN:
            more = len(errors) - _ERRORS_SHOWN
            errors = [*errors[:_ERRORS_SHOWN], f"And {more} more like these."]
        if errors:
            self.add_error("lines", [ValidationError(error) for error in errors])
        return cleaned | {"aims": aims}

    def say_taken(self) -> None:
        self.add_error("lines", "Somebody has just added one of these. Nothing of yours was added.")

    def _taken(self, cleaned) -> set[str]:
        """The codes that are there; not those which this list made when it was sent before."""
        return {code.lower() for code in self.others(cleaned.get("id"))}


def read_aims(
    lines: Iterable[tuple[int, str]], *, taken: set[str]
) -> tuple[list[tuple[str, str]], list[str]]:
    """The (code, title) in each numbered line, and what is wrong with those that hold none."""
    aims: list[tuple[str, str]] = []
    errors: list[str] = []
    seen: dict[str, int] = {}
    for number, line in lines:
        parts = [" ".join(part.split()) for part in _BETWEEN.split(line.strip(), maxsplit=1)]
        code, title = parts if len(parts) == 2 else (parts[0], "")
        if not code or not title:
            errors.append(f"Line {number}: put a tab or a dash between the number and the aim.")
        elif len(code) > _CODE:
            errors.append(f"Line {number}: the number is longer than {_CODE} characters.")
        elif len(title) > _TITLE:
            errors.append(f"Line {number}: the aim is longer than {_TITLE} characters.")
        elif code.lower() in seen:
            first = seen[code.lower()]
            errors.append(f"Line {number}: {code} is on line {first} already.")
        elif code.lower() in taken:
            errors.append(f"Line {number}: there’s an aim {code} already.")
        else:
            aims.append((code, title))
        seen.setdefault(code.lower(), number)
    return aims, errors
