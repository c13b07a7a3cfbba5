"""Forms of the planner: a workshop, its blocks, who comes, and who helps to run it."""

from datetime import UTC, datetime

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone

from programmes.forms.house import (
    NONE_OF_LIST,
    NOT_IN_LIST,
    AddForm,
    EditForm,
    HouseForm,
    one_line,
    some_lines,
)
from programmes.forms.people import LONGEST_PASTE, read_lines
from programmes.models import LocalAuthority, Membership
from programmes.permissions import Permission, roles_that_may
from workshops.actions.window import LONGEST
from workshops.models import (
    LONGEST_MINUTES,
    MOST_COLUMNS,
    MOST_DOTS,
    MOST_ON_ONE,
    Activity,
    ActivityKind,
    Candour,
    SessionKind,
    Template,
    Workshop,
)

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)
MOST_INVITED = 500
LONGEST_COLUMN = 60

# What people do in each kind of block, in the words of the person who chooses one.
KINDS = {
    ActivityKind.CHECK_IN: "Check-in: a word or two from everybody",
    ActivityKind.WRITE: "Write: notes in private, opened together",
    ActivityKind.THEME: "Theme: put notes that belong together in groups",
    ActivityKind.VOTE: "Vote: dots on what matters most",
    ActivityKind.PLACE: "Place: how much would it change, how easily can we do it?",
    ActivityKind.GIFT: "In our gift? Ours, needs a yes, another agency, or beyond us",
    ActivityKind.IDEAS: "Ideas: for each strand or pillar",
    ActivityKind.STAKEHOLDERS: "Who must be on board: where they stand, and what we ask",
    ActivityKind.PLAN: "Plan together: the questions of a plan on one page",
    ActivityKind.LOOK: "Look at a change: what moved, what helps, what’s in the way, what next",
    ActivityKind.DISCUSS: "Discuss: one thing at a time, with what came of it",
    ActivityKind.PULSE: "Pulse: one question, answered from 1 to 5",
    ActivityKind.SENSE: "Two voices: practitioners and leaders place the same things, blind",
    ActivityKind.SURVEY: "Survey: a few questions, which each answers alone",
    ActivityKind.READ: "Read: a page to show, or a break",
}
# How openly people speak, in the words of the person who chooses it for them.
CANDOUR = {
    Candour.NAMED: "With their names",
    Candour.HIDDEN: "Names hidden from colleagues",
    Candour.ANONYMOUS: "Anonymous: nobody can find out, ever",
}


class MomentField(forms.DateTimeField):
    """A day and a time, as browsers send them and as people write them."""

    default_error_messages = {
        "invalid": "Write the day and the time as in 03/12/2026 10:00.",
    }
    input_formats = [
        *("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"),
        *("%d/%m/%Y %H:%M", "%d/%m/%y %H:%M", "%d %B %Y %H:%M", "%d %b %Y %H:%M"),
    ]


def _moment() -> MomentField:
    return MomentField(
        label="When does it start?",
        required=False,
        help_text="You can leave it empty until you know.",
        validators=[
            MinValueValidator(EARLIEST, "Have a look at the year: that’s long ago."),
            MaxValueValidator(LATEST, "Have a look at the year: that’s far away."),
        ],
    )


class _WorkshopFields(HouseForm):
    title = one_line(
        Workshop, "title", "What do we call it?", needed="Give it a title.", names=True
    )
    starts_at = _moment()
    place = one_line(
        Workshop, "place", "Where do we meet?", "A room, an address or a link.", names=True
    )


class WorkshopAddForm(_WorkshopFields, AddForm):
    """From a ready-made session, or from an empty page, which has to say what it is for."""

    template = forms.ModelChoiceField(
        queryset=Template.objects.all(), required=False, widget=forms.HiddenInput
    )
    kind = forms.ChoiceField(
        label="What kind of session is it?",
        choices=[("", "Choose one"), *SessionKind.choices],
        error_messages={"required": "Choose what kind of session it is."} | NOT_IN_LIST,
    )
    milestone = forms.ModelChoiceField(
        label="Is it one of our dates?",
        queryset=None,
        required=False,
        empty_label="No, it’s an extra one",
        help_text="The timeline then shows its day and place.",
        error_messages=NOT_IN_LIST,
    )

    field_order = ["title", "kind", "milestone", "starts_at", "place"]

    def __init__(self, *args, dates, template: Template | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["milestone"].queryset = dates
        if template:
            del self.fields["kind"]
        if not dates:
            self.fields["milestone"].widget = forms.HiddenInput()


class WindowForm(HouseForm):
    """Until when people can answer, each when it suits them."""

    until = MomentField(
        label="Open until",
        help_text="Day and time in London, at most 30 days from now.",
        error_messages={"required": "Choose a day and a time."},
    )
    # The deadline that the page showed: somebody else may have moved it since.
    version = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def clean_until(self) -> datetime:
        until = self.cleaned_data["until"]
        if until <= timezone.now():
            raise ValidationError("That’s gone by. Choose a time still to come.")
        if until > timezone.now() + LONGEST:
            raise ValidationError("That’s far away. Choose a day within the next 30.")
        return until


class WorkshopEditForm(_WorkshopFields, EditForm):
    pass


class Lines(list):
    """Words that stand under one another, as people read and write them."""

    def __str__(self) -> str:
        return "\n".join(self)


class LinesField(forms.CharField):
    """One heading a line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value) -> Lines:  # type: ignore[override]
        lines = (" ".join(line.split()) for line in (value or "").splitlines())
        return Lines(filter(None, lines))

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def run_validators(self, value) -> None:
        if len(value) > MOST_COLUMNS:
            raise ValidationError(f"Up to {MOST_COLUMNS} headings fit on the screen.")
        if longest := next((line for line in value if len(line) > LONGEST_COLUMN), ""):
            raise ValidationError(f"Make this heading shorter than {LONGEST_COLUMN}: {longest}")
        if len({line.casefold() for line in value}) < len(value):
            raise ValidationError("Two headings are the same.")


class BlockFields(HouseForm):
    kind = forms.ChoiceField(
        label="What do people do?",
        choices=list(KINDS.items()),
        initial=ActivityKind.WRITE,
        error_messages={"required": "Choose what people do."} | NOT_IN_LIST,
    )
    title = one_line(
        Activity,
        "title",
        "What do we call it?",
        "A few words for the plan and the big screen.",
        needed="Give it a title.",
        names=True,
    )
    minutes = forms.IntegerField(
        label="How many minutes?",
        min_value=1,
        max_value=LONGEST_MINUTES,
        initial=10,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
        error_messages={"required": "Say how many minutes it takes."},
    )
    prompt = one_line(
        Activity,
        "prompt",
        "What do people read?",
        "A question to write or talk about. It’s on the big screen and on every phone.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    say = some_lines(
        Activity, "say", "What could you say?", "Only whoever runs the workshop sees this."
    )
    columns = LinesField(
        label="Headings to write under",
        required=False,
        help_text="One on each line, or none. For writing, ideas and plans.",
    )
    candour = forms.ChoiceField(
        label="How openly do people write?",
        choices=list(CANDOUR.items()),
        initial=Candour.HIDDEN,
        widget=forms.RadioSelect,
        help_text="They’re told beside every box. Once the block has begun, it stays as it is.",
        error_messages={"required": "Choose how openly people write."} | NOT_IN_LIST,
    )
    dots = forms.IntegerField(
        label="How many dots has each person?",
        min_value=1,
        max_value=MOST_DOTS,
        required=False,
        help_text="For a vote. Leave it empty, and we suggest a number when it begins.",
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
    )
    most_on_one = forms.IntegerField(
        label="How many of them on one thing?",
        min_value=1,
        max_value=MOST_DOTS,
        required=False,
        help_text=f"Leave it empty for up to {MOST_ON_ONE}.",
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
    )

    # What people were told, or what they answered to: fixed once they have been there.
    FIXED: tuple[str, ...] = ("kind", "columns", "candour", "dots", "most_on_one")

    def clean(self):
        cleaned = super().clean()
        if "dots" not in self.fields:
            return cleaned
        dots, most = cleaned.get("dots") or 0, cleaned.get("most_on_one") or 0
        if cleaned.get("kind") != ActivityKind.VOTE:
            dots = most = 0
        if dots and most > dots:
            self.add_error("most_on_one", "That’s more than each person has.")
        cleaned["dots"] = dots
        cleaned["most_on_one"] = min(most or MOST_ON_ONE, dots)
        return cleaned


class _AboutSomething(BlockFields):
    """Which round of two voices people place in, and which survey they answer, if there are any."""

    round = forms.ModelChoiceField(
        label="Which round of two voices?",
        queryset=None,
        required=False,
        empty_label="The one that’s open when we get there",
        help_text="For two voices.",
        error_messages=NOT_IN_LIST,
    )

    survey = forms.ModelChoiceField(
        label="Which survey?",
        queryset=None,
        required=False,
        empty_label="The newest that’s open when we get there",
        help_text="For a survey. You can choose one that isn’t open yet.",
        error_messages=NOT_IN_LIST,
    )

    FIXED = (*BlockFields.FIXED, "round", "survey")

    def __init__(self, *args, rounds, surveys, **kwargs):
        super().__init__(*args, **kwargs)
        for name, rows in (("round", rounds), ("survey", surveys)):
            self.fields[name].queryset = rows
            if not rows.exists():
                del self.fields[name]

    def clean(self):
        cleaned = super().clean()
        if "round" in cleaned and cleaned.get("kind") != ActivityKind.SENSE:
            cleaned["round"] = None
        if "survey" in cleaned and cleaned.get("kind") != ActivityKind.SURVEY:
            cleaned["survey"] = None
        return cleaned


class BlockAddForm(_AboutSomething, AddForm):
    # The block that it comes after; without one it comes last.
    after = forms.ModelChoiceField(queryset=None, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, blocks, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["after"].queryset = blocks


class BlockEditForm(_AboutSomething, EditForm):
    def __init__(self, *args, has_begun: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if has_begun:
            for name in self.FIXED:
                self.fields.pop(name, None)


class WhoComesForm(HouseForm):
    """Teams, whose members are invited as they stand today, and single addresses."""

    everybody = forms.BooleanField(label="Everybody who takes part here", required=False)
    teams = forms.ModelMultipleChoiceField(
        label="Which teams?",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=NONE_OF_LIST,
    )
    addresses = forms.CharField(
        label="And who else?",
        required=False,
        max_length=LONGEST_PASTE,
        help_text=(
            "Email addresses, one on each line or with commas between. People from other agencies"
            " are welcome: they need no account."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )

    def __init__(self, *args, authority: LocalAuthority, **kwargs):
        super().__init__(*args, **kwargs)
        self.members = authority.memberships.standing()
        teams = authority.teams.all()
        self.fields["teams"].queryset = teams
        if not teams.exists():
            del self.fields["teams"]

    def clean_addresses(self) -> list[str]:
        lines = read_lines(self.cleaned_data["addresses"])
        if wrong := [line.text for line in lines if not line.email]:
            raise ValidationError(f"We see no email address here: {', '.join(wrong)[:200]}")
        return [line.email for line in lines]

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        members = self.members.none()
        if cleaned["everybody"]:
            members = self.members
        elif cleaned.get("teams"):
            members = self.members.filter(teams__in=cleaned["teams"])
        found = members.values_list("user__email", flat=True).distinct()
        emails = list(dict.fromkeys([*found.order_by("user__email"), *cleaned["addresses"]]))
        if not emails:
            self.add_error("addresses", "Choose a team with people in it, or write an address.")
        if len(emails) > MOST_INVITED:
            self.add_error("addresses", f"Up to {MOST_INVITED} people fit in one workshop’s list.")
        cleaned["emails"] = emails
        return cleaned


class _Helpers(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Membership) -> str:
        return f"{obj.user}, {obj.role_names.lower()}"


class CoFacilitatorsForm(HouseForm):
    """Members who could not run it otherwise: the others may run every workshop."""

    helpers = _Helpers(
        label="Who runs it with you?",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=NONE_OF_LIST,
    )

    def __init__(self, *args, authority: LocalAuthority, **kwargs):
        super().__init__(*args, **kwargs)
        able = roles_that_may(Permission.WORKSHOP_RUN)
        members = authority.memberships.standing().exclude(roles__overlap=able)
        self.fields["helpers"].queryset = members.with_people()
