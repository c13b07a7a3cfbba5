"""Inviting people, and what is said of them."""

import re
from dataclasses import dataclass

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from programmes.forms.house import NONE_OF_LIST, AddForm, HouseForm, LineField
from programmes.models import LocalAuthority, Role, Team, User

# What each role is for, in the words of the person who gives it.
ROLE_WORDS = {
    Role.PRACTITIONER: "Practitioner: takes part, offers small changes, keeps them up to date",
    Role.MANAGER: "Manager: also writes the blueprint, and says yes to what it needs",
    Role.FACILITATOR: "Facilitator: runs the programme here, invites people, can edit everything",
}
HOW_TO_CHOOSE = (
    "At least 12 characters. Three words that don’t belong together are easy to keep in mind."
)
MOST_AT_ONCE = 200
LONGEST_PASTE = 40_000  # characters: 200 long names with their addresses
LONGEST_LINE = 500  # characters: one of them; to search a line of thousands of "<>" takes seconds


def _role_field(may_grant) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label="What do they do here?",
        help_text="Choose one or more.",
        choices=[(role.value, ROLE_WORDS[role]) for role in Role if role in may_grant],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one role."} | NONE_OF_LIST,
    )


def _team_field(authority: LocalAuthority) -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        label="Which teams are they in?",
        queryset=authority.teams.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=NONE_OF_LIST,
    )


def plain_address(text: str) -> str:
    """The address in lower case, or ValidationError.

    Letters outside ASCII are refused: they would make two addresses look alike.
    """
    address = text.strip().lower()
    if len(address) > 254 or not address.isascii():
        raise ValidationError("long or strange address")
    validate_email(address)
    return address


class AddressField(forms.CharField):
    """One e-mail address, in lower case."""

    default_error_messages = {"required": "Enter their email address."}
    widget = forms.EmailInput(attrs={"autocomplete": "off"})

    def __init__(self, **kwargs):
        super().__init__(max_length=254, **kwargs)

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return ""
        try:
            return plain_address(text)
        except ValidationError:
            raise ValidationError(
                "Enter an email address such as sam.lee@council.gov.uk."
            ) from None


class _Teams(HouseForm):
    """Offers the teams of this authority, only; asks nothing where it has none."""

    def __init__(self, *args, authority: LocalAuthority, **kwargs):
        super().__init__(*args, **kwargs)
        if authority.teams.exists():
            self.fields["teams"] = _team_field(authority)

    def clean(self):
        cleaned = super().clean()
        cleaned.setdefault("teams", [])
        return cleaned


class _RolesAndTeams(_Teams):
    """Offers the roles that this person may give, only."""

    def __init__(self, *args, may_grant, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["roles"] = _role_field(may_grant)
        self.order_fields([*self.base_fields, "roles", "teams"])


class InviteForm(_RolesAndTeams):
    email = AddressField(label="Email address", help_text="Their work address is best.")


@dataclass(frozen=True)
class Line:
    """One line that somebody pasted, and the address found in it; empty where there is none."""

    text: str
    email: str


def read_lines(text: str) -> list[Line]:
    """The addresses that people paste: by line, comma or semicolon, with or without names."""
    return [
        Line(line, _address_in(line))
        for chunk in re.split(r"[\r\n;]+", text)
        for line in _split(chunk)
    ]


def _split(chunk: str) -> list[str]:
    """At commas, but "Lee, Sam <sam@…>" is one; and at spaces, where each word is an address."""
    lines: list[str] = []
    held: list[str] = []
    for part in filter(None, (part.strip() for part in chunk.split(","))):
        if "@" not in part:
            held.append(part)
            continue
        words = part.split()
        if "<" in part:
            lines.append(", ".join([*held, part]))
        elif all("@" in word for word in words):
            lines += [*held, *words]
        else:
            lines += [*held, part]
        held = []
    return lines + held


def _address_in(line: str) -> str:
    if len(line) > LONGEST_LINE:
        return ""
    inside = re.search(r"<([^<>]*)>\W*$", line)
    text = inside.group(1) if inside else line.strip(" \t\"'<>")
    try:
        return plain_address(text.removeprefix("mailto:"))
    except ValidationError:
        return ""


class InviteManyForm(_RolesAndTeams):
    addresses = forms.CharField(
        label="Email addresses",
        help_text=(
            f"One on each line, or with commas or semicolons between. Up to {MOST_AT_ONCE} at a"
            " time. Names may stay in: Sam Lee <sam.lee@council.gov.uk>"
        ),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": "Paste at least one address."},
    )

    def clean_addresses(self) -> list[Line]:
        text = self.cleaned_data["addresses"]
        if len(text) > LONGEST_PASTE:
            raise ValidationError("This is too long for us to read. Paste it in smaller parts.")
        lines = read_lines(text)
        if not lines:
            raise ValidationError(self.fields["addresses"].error_messages["required"])
        if len(lines) > MOST_AT_ONCE:
            raise ValidationError(
                f"There are {len(lines)} addresses here. Invite up to {MOST_AT_ONCE} at a time:"
                " nothing has been sent yet."
            )
        return lines


class InviteToCrescendoTeamForm(HouseForm):
    email = AddressField(label="Email address")


class MembershipForm(_RolesAndTeams):
    """Changing somebody else's roles and teams."""


class OwnMembershipForm(_Teams):
    """One's own teams. Nobody changes their own roles."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "teams" in self.fields:
            self.fields["teams"].label = "Which teams are you in?"


class FindPeopleForm(forms.Form):
    """What the people page is asked for. What cannot be read is left out."""

    q = forms.CharField(max_length=80, required=False)
    role = forms.ChoiceField(choices=Role.choices, required=False)
    team = forms.ModelChoiceField(queryset=Team.objects.none(), required=False)

    def __init__(self, *args, authority: LocalAuthority, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = authority.teams.all()

    def wanted(self) -> dict:
        self.is_valid()
        read = self.cleaned_data.get
        return {"words": read("q", ""), "role": read("role", ""), "team": read("team")}


class NameForm(HouseForm):
    name = LineField(
        label="Your name",
        max_length=User._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your name."},
    )


class JoinForm(NameForm):
    """A new person's name and password."""

    password = forms.CharField(
        label="Choose a password",
        help_text=HOW_TO_CHOOSE,
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Choose a password."},
    )

    def __init__(self, *args, email: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["name"].help_text = "As your colleagues know you."

    def clean(self):
        """After all fields: a password must not be like the person's name."""
        cleaned = super().clean()
        if password := cleaned.get("password"):
            try:
                validate_password(password, User(email=self.email, name=cleaned.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class TeamForm(AddForm):
    name = LineField(
        label="Name of the team",
        max_length=Team._meta.get_field("name").max_length,
        help_text="As people say it, such as Family Support East.",
        error_messages={"required": "Give the team a name."},
    )

    TAKEN = "There’s a team with this name already."


class TeamEditForm(TeamForm):
    id = None  # type: ignore[assignment] # Django's way to take a field out
