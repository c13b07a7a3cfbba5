"""Telling a story, and picking one."""

from django import forms

from impact.models import Story, StoryPick
from programmes.forms.house import (
    NOT_IN_LIST,
    SAFEGUARDING,
    TOO_LONG,
    AddForm,
    MemberField,
    one_line,
)


class _StoryWordsForm(AddForm):
    text = forms.CharField(
        label="What happened?",
        max_length=Story._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text="As you’d tell a colleague: how it was, what changed, what it meant."
        f" {SAFEGUARDING}",
        error_messages=TOO_LONG | {"required": "Tell it in a few sentences."},
    )
    teller = one_line(
        Story,
        "teller",
        "Who is telling it?",
        "Your role, as others will read it, such as “A social worker”. Never your name.",
        needed="Write a role, such as “A social worker”.",
    )


class StoryAddForm(_StoryWordsForm):
    """Of one of the small changes here; with `members` also for somebody else who told it."""

    field_order = ("id", "change", "text", "teller", "team", "member")

    change = forms.ModelChoiceField(
        label="Which small change is it about?",
        queryset=None,
        empty_label="Choose one",
        error_messages=NOT_IN_LIST | {"required": "Choose the small change that it’s about."},
    )
    team = forms.ModelChoiceField(
        label="Who reads it first?",
        queryset=None,
        required=False,
        empty_label="Only me, and those who facilitate here",
        help_text="Nobody else, until you say so.",
        error_messages=NOT_IN_LIST,
    )
    member = MemberField(
        label="Whose story is it?",
        empty_label="Mine",
        help_text="If you write it down for somebody, they get a mail. It stays with the two of you"
        " and those who facilitate here, until they sign in and say yes to your words.",
    )

    def __init__(self, *args, changes, teams, members=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["change"].queryset = changes
        self.fields["team"].queryset = teams
        if not teams.exists():
            del self.fields["team"]
        if members is None:
            del self.fields["member"]
        else:
            self.fields["member"].offer(members, holder=None)


class StoryAnewForm(_StoryWordsForm):
    pass


class PickForm(AddForm):
    panel = one_line(
        StoryPick,
        "panel",
        "Who picks it?",
        "A group and a day, such as “the learning pod of 12 May”.",
        needed="Say who picks it, such as “the learning pod of 12 May”.",
    )
    why = one_line(
        StoryPick,
        "why",
        "Why this one?",
        "What it shows that others don’t. The teller reads it too.",
        needed="Say why it matters to you most.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class StoryFilterForm(forms.Form):
    """The filters in the address. What it does not know is left out, without a word."""

    change = forms.ModelChoiceField(queryset=None, required=False)
    picked = forms.BooleanField(required=False)

    def __init__(self, *args, changes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["change"].queryset = changes
        self.is_valid()
