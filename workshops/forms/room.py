"""What is typed in a room. The same forms serve the page and htmx."""

import uuid

from django import forms

from programmes.forms.house import (
    NOT_IN_LIST,
    AddForm,
    DayField,
    EditForm,
    HouseForm,
    LineField,
    MemberField,
    one_line,
)
from smallchanges.models import Stage, Stakeholder
from workshops.actions import harvest
from workshops.models import Agreement, Group, Note, Participant, Suggestion

NO_CODE = "Enter the code from the big screen: eight letters and numbers."


class JoinForm(HouseForm):
    code = forms.CharField(
        label="Code",
        max_length=40,
        help_text="It’s on the big screen. Capitals and spaces don’t matter.",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": NO_CODE, "max_length": NO_CODE},
    )
    name = LineField(
        label="Your first name, if you like",
        max_length=Participant._meta.get_field("name").max_length,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        help_text="Without one you’re a guest with a number.",
        error_messages={"max_length": "Make it shorter: a first name is plenty."},
    )

    def clean_code(self) -> str:
        return plain_code(self.cleaned_data["code"])


def plain_code(typed: str) -> str:
    """As it is kept: capitals and figures alone."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


class _NoteForm(forms.Form):
    text = one_line(Note, "text", "Your note", "", needed="Write a few words first.")
    column = forms.ChoiceField(required=False, widget=forms.HiddenInput, error_messages=NOT_IN_LIST)

    def __init__(self, *args, activity, **kwargs):
        super().__init__(*args, **kwargs)
        columns = activity.columns or [""]
        self.fields["column"].choices = [(number, "") for number in range(len(columns))]


class NoteForm(_NoteForm, AddForm):
    pass


class NoteEditForm(_NoteForm, EditForm):
    column = None  # type: ignore[assignment] # Django's way to take a field out

    def __init__(self, *args, activity, **kwargs):
        super(_NoteForm, self).__init__(*args, **kwargs)


def _scale(label: str, hint: str):
    return forms.TypedChoiceField(
        label=label,
        help_text=hint,
        choices=[(step, str(step)) for step in range(1, 6)],
        coerce=int,
        empty_value=0,  # type: ignore[arg-type] # the stubs know only of words
        required=False,
        widget=forms.RadioSelect,
        error_messages=NOT_IN_LIST,
    )


class _RoleFields(forms.Form):
    """Somebody who must be on board. The scores may be left out: a guess that nobody has."""

    text = one_line(
        Stakeholder,
        "who",
        "Who is it?",
        "A role or a team, not a person’s name.",
        needed="Say who it is: a role or a team.",
        names=True,
    )
    influence = _scale("How much do they influence it?", "1 is little, 5 is a lot.")
    support = _scale("Where do they stand today?", "1 is against it, 5 is on board.")
    ask = one_line(Note, "ask", "What do we ask of them?", "")


class RoleForm(_RoleFields, NoteForm):
    pass


class RoleEditForm(_RoleFields, EditForm):
    def __init__(self, *args, activity, **kwargs):
        super().__init__(*args, **kwargs)


class TidyForm(EditForm):
    text = one_line(
        Note,
        "text",
        "Put it better",
        "The writer’s own words are kept beside yours.",
        needed="Write what it should say.",
    )


class GroupForm(HouseForm):
    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    title = one_line(
        Group,
        "title",
        "What do these have in common?",
        "A short phrase is best.",
        needed="Give the group a few words.",
    )


class SuggestForm(HouseForm):
    title = one_line(
        Suggestion,
        "title",
        "Or in a new group",
        "A short phrase is best.",
        needed="Choose a group, or give a new one a few words.",
    )


class GroupEditForm(EditForm):
    title = one_line(
        Group,
        "title",
        "What do these have in common?",
        "A short phrase is best.",
        needed="Give the group a few words.",
    )


class OutcomeForm(HouseForm):
    # 0 where nothing was agreed yet.
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    outcome = one_line(Agreement, "outcome", "What did we agree?", "In people’s own words.")


class WriteDownForm(AddForm):
    """What was said of a small change: one thing, and where it goes."""

    to = forms.ChoiceField(
        label="What is it?",
        choices=[
            (harvest.MOVED, "An update: what moved"),
            (harvest.HELPED, "What helps"),
            (harvest.HINDERED, "What’s in the way"),
            (harvest.NEXT, "A next step"),
        ],
        initial=harvest.MOVED,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is."} | NOT_IN_LIST,
    )
    text = one_line(
        Note,
        "text",
        "In people’s own words",
        needed="Write what was said.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    stage = forms.ChoiceField(
        label="Where is the change now?",
        choices=[("", "Where it was"), *Stage.choices],
        required=False,
        error_messages=NOT_IN_LIST,
    )
    needs_help = forms.BooleanField(label="We need somebody’s help with it", required=False)
    owner = MemberField(label="Who takes the step on?")
    due_on = DayField(label="By when?", required=False)

    def __init__(self, *args, authority, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer(authority.memberships.standing(), holder=None)
