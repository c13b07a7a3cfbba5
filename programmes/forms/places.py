"""An authority, its logo, and the programme that it runs."""

import re
from datetime import date

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import slugify

from programmes.forms.house import (
    NOT_IN_LIST,
    AddForm,
    DayField,
    EditForm,
    HouseForm,
    LineField,
    some_lines,
)
from programmes.logos import LARGEST_UPLOAD, NotALogo, redraw
from programmes.models import LocalAuthority, Programme
from programmes.models.people import RESERVED_SLUGS

# No programme began before Crescendo did; no plan reaches further than anybody's diary.
EARLIEST, LATEST = date(2020, 1, 1), date(2099, 12, 31)
_SCOPING = (
    *("believes_in_practice", "sees_system_falls_short"),
    *("will_listen_to_staff", "scoping_notes"),
)


class AuthorityForm(HouseForm):
    name = LineField(
        label="Name",
        max_length=LocalAuthority._meta.get_field("name").max_length,
        help_text="The place, such as Tower Hamlets.",
        error_messages={"required": "Give the place a name."},
    )
    slug = forms.CharField(
        label="Web address",
        max_length=LocalAuthority._meta.get_field("slug").max_length,
        required=False,
        help_text=(
            "The last part of its address here: small letters, numbers and hyphens. Leave it empty"
            " and we make it from the name."
        ),
    )
    kind = forms.ChoiceField(
        label="Kind",
        choices=[
            (kind.value, kind.value[0].upper() + kind.value[1:]) for kind in LocalAuthority.Kind
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what kind of authority it is."} | NOT_IN_LIST,
    )
    ons_code = forms.CharField(
        label="ONS code",
        max_length=9,
        required=False,
        help_text="Nine characters from the Office for National Statistics, such as E09000030.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    logo = forms.FileField(
        label="Logo",
        required=False,
        help_text="A PNG, JPEG or WebP picture of up to 2 MB.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        error_messages={"empty": "This file is empty."},
    )

    # What to say, and beside which field, where another authority has it already.
    TAKEN = {
        "authority_name_unique": ("name", "There’s a place with this name already."),
        "authority_slug_unique": ("slug", "Another place has this address already."),
        "authority_ons_code_unique": ("ons_code", "Another place has this code already."),
    }

    def __init__(self, *args, authority: LocalAuthority | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.others = LocalAuthority.objects.exclude(pk=authority.pk if authority else None)

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        self._refuse(self.others.filter(name__iexact=name), "authority_name_unique")
        return name

    def clean_slug(self) -> str:
        """Comes after `name`, so that an address can be made from it."""
        name = self.cleaned_data.get("name", "")
        slug = self.cleaned_data["slug"] or slugify(name).replace("_", "-")[:60]
        if not slug and not name:
            return ""  # the missing name is told of beside its own field
        if not re.fullmatch(r"[a-z][a-z0-9-]*", slug):
            raise ValidationError(
                "Begin with a letter, and use small letters, numbers and hyphens only."
            )
        if slug in RESERVED_SLUGS:
            raise ValidationError("We need this address ourselves. Please choose another.")
        self._refuse(self.others.filter(slug=slug), "authority_slug_unique")
        return slug

    def clean_ons_code(self) -> str:
        code = self.cleaned_data["ons_code"].upper()
        if code:
            for check in LocalAuthority._meta.get_field("ons_code").validators:
                check(code)
            self._refuse(self.others.filter(ons_code=code), "authority_ons_code_unique")
        return code

    def clean_logo(self) -> bytes | None:
        """The picture drawn anew as PNG, or None where none was sent."""
        upload = self.cleaned_data["logo"]
        if not upload:
            return None
        try:
            # One byte more than we take is enough to see that there are too many.
            return redraw(upload.read(LARGEST_UPLOAD + 1))
        except NotALogo as error:
            raise ValidationError(str(error)) from None

    def _refuse(self, taken, constraint: str) -> None:
        if taken.exists():
            raise ValidationError(self.TAKEN[constraint][1])

    def say_taken(self, constraint: str) -> None:
        """Somebody else took it between our look and our save."""
        self.add_error(*self.TAKEN[constraint])

    def said(self) -> dict[str, str]:
        """What was said of the authority, without the logo."""
        return {name: self.cleaned_data[name] for name in ("name", "slug", "kind", "ons_code")}


class AuthorityEditForm(AuthorityForm):
    remove_logo = forms.BooleanField(label="Take the logo away", required=False)

    def __init__(self, *args, authority: LocalAuthority, **kwargs):
        super().__init__(*args, authority=authority, **kwargs)
        self.fields["slug"].help_text = "If you change it, links that people kept stop working."
        if authority.logo_changed_at is None:
            del self.fields["remove_logo"]


def _within_reach(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise ValidationError(f"Enter a date between {EARLIEST.year} and {LATEST.year}.")
    return day


def _answer(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=Programme.Answer.choices,
        required=False,
        widget=forms.RadioSelect,
        error_messages=NOT_IN_LIST,
    )


class _ProgrammeFields(HouseForm):
    service = forms.CharField(
        label="Which service takes part?",
        max_length=Programme._meta.get_field("service").max_length,
        help_text="Such as Family Support and Protection.",
        error_messages={"required": "Say which service takes part."},
    )
    model = forms.ChoiceField(
        label="How does it take part?",
        choices=Programme.Model.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it takes part."} | NOT_IN_LIST,
    )
    starts_on = DayField(
        label="Day of the launch",
        required=False,
        help_text=(
            "The whole timeline is laid out from this day. Dates that people have moved stay where"
            " they put them. Leave it empty until you know."
        ),
    )
    pod_every_weeks = forms.IntegerField(
        label="Weeks from one learning pod to the next",
        min_value=1,
        max_value=16,
        initial=4,
        help_text="Four is usual.",
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
        error_messages={"required": "Enter a number of weeks."},
    )
    context = some_lines(Programme, "context", "What should people know about this place?")
    believes_in_practice = _answer("Does it believe that direct practice brings families change?")
    sees_system_falls_short = _answer("Does it agree that today’s system does not always work?")
    will_listen_to_staff = _answer("Will it really listen to staff about what gets in the way?")
    scoping_notes = some_lines(
        Programme,
        "scoping_notes",
        "Notes from scoping",
        "People who run the programme here can read this.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rest = [name for name in self.fields if name not in _SCOPING]
        scoping = Fieldset("What scoping found", *_SCOPING, css_class="inarow")
        self.helper.layout = Layout(*rest, scoping)

    def clean_starts_on(self) -> date | None:
        day = self.cleaned_data["starts_on"]
        return _within_reach(day) if day else None

    def said(self) -> dict:
        """What was said of the programme."""
        return {name: self.cleaned_data[name] for name in _ProgrammeFields.base_fields}


class ProgrammeForm(_ProgrammeFields, AddForm):
    pass


class ProgrammeEditForm(_ProgrammeFields, EditForm):
    pass


class ProgrammeEndForm(HouseForm):
    ended_on = DayField(
        label="Last day",
        initial=timezone.localdate,
        error_messages={"required": "Enter its last day."},
    )

    def __init__(self, *args, programme: Programme, **kwargs):
        super().__init__(*args, **kwargs)
        self.programme = programme

    def clean_ended_on(self) -> date:
        day = self.cleaned_data["ended_on"]
        if self.programme.starts_on and day < self.programme.starts_on:
            raise ValidationError("It can’t end before it starts.")
        return _within_reach(day)
