"""Asking somebody, and answering."""

from crispy_forms.layout import Fieldset, Layout
from django import forms

from programmes.forms.house import (
    NOT_IN_LIST,
    TOO_LONG,
    AddForm,
    DayField,
    EditForm,
    HouseForm,
    LineField,
    MemberField,
    one_line,
    some_lines,
)
from programmes.forms.people import AddressField
from programmes.models import LocalAuthority
from smallchanges.models import Ask, AskAnswer, SmallChange

from .measures import NumberField


class _Either:
    """Needed, unless another field says it: so no label calls it optional."""

    def validate(self, value):
        """Which of them is there, the form looks at."""


class _Member(_Either, MemberField):
    pass


class _Line(_Either, LineField):
    pass


class _Address(_Either, AddressField):
    pass


_NAME_AND_ADDRESS = "Write their name and their email address: both are needed."


class WhomForm(forms.Form):
    """One person: a member, or somebody without an account.

    An address that is a member's is that member: nobody is here twice.
    """

    member = _Member(label="Who?", required=True, empty_label="Somebody else: write who below")
    name = _Line(label="Their name", max_length=120, error_messages=TOO_LONG)
    role = one_line(
        Ask, "role", "What they do", "Such as “Director of children’s services”.", names=True
    )
    email = _Address(
        label="Their email address",
        help_text="We write to them there, with a link to answer by. They need no account.",
    )
    nobody = "Choose who to ask, or write their name and email address."

    def __init__(self, *args, authority: LocalAuthority, **kwargs):
        super().__init__(*args, **kwargs)
        self.authority = authority
        if "member" in self.fields:
            self.fields["member"].offer(authority.memberships.standing(), holder=None)

    def clean(self):
        cleaned = super().clean()
        member, name, email = (cleaned.get(one) for one in ("member", "name", "email"))
        if self.errors.keys() & {"member", "name", "email"}:
            return cleaned
        if member and (name or email):
            self.add_error("member", "Choose somebody here, or write somebody else: not both.")
        elif not member and not name and not email:
            self.add_error("member" if "member" in self.fields else "name", self.nobody)
        elif not member and not (name and email):
            self.add_error("email" if name else "name", _NAME_AND_ADDRESS)
        if member is None and email:
            found = self.authority.memberships.standing().filter(user__email=email)
            if found := found.select_related("user").first():
                cleaned |= {"member": found, "name": "", "role": "", "email": ""}
        return cleaned


class AskWordsForm(HouseForm):
    """What is asked for, and what it would cost."""

    what = one_line(
        Ask,
        "what",
        "What exactly do you ask for?",
        "One thing they can say yes to, such as “Two hours a week of a Business Support Officer”.",
        needed="Say what you ask for, in one line.",
    )
    why = some_lines(Ask, "why", "Why?", "What would it make possible, and for whom?", rows=3)
    cost = NumberField(
        label="What would it cost?", help_text="Just the number, if you know it.", required=False
    )
    cost_unit = forms.ChoiceField(
        label="In hours or in pounds?",
        choices=[("", "Not known yet"), *Ask.Unit.choices],
        required=False,
        error_messages=NOT_IN_LIST,
    )
    due_on = DayField(label="By when would you need it?", required=False)

    def clean(self):
        cleaned = super().clean()
        if self.errors.keys() & {"cost", "cost_unit"}:
            return cleaned
        cost, unit = cleaned.get("cost"), cleaned.get("cost_unit")
        if cost is not None and cost <= 0:
            self.add_error("cost", "Write a number above nought, or leave it empty.")
        elif cost and not unit:
            self.add_error("cost_unit", "Choose whether the number is hours or pounds.")
        elif unit and cost is None:
            self.add_error("cost", "Write the number too, or choose “Not known yet”.")
        return cleaned


class AskAddForm(WhomForm, AskWordsForm, AddForm):
    stakeholder = forms.ModelChoiceField(
        label="Are they on the list of who needs to be on board?",
        queryset=None,
        required=False,
        empty_label="No, or not yet",
        error_messages=NOT_IN_LIST,
    )

    def __init__(self, *args, change: SmallChange, **kwargs):
        super().__init__(*args, authority=change.authority, **kwargs)
        self.fields["stakeholder"].queryset = change.stakeholders.standing()
        if not change.stakeholders.standing().exists():
            self.fields["stakeholder"].widget = forms.HiddenInput()
        self.fields["member"].label = "Who do you ask?"
        # What is "below" is folded away.
        self.fields["member"].empty_label = "Choose somebody"
        self.helper.layout = Layout(
            "id",
            "member",
            Fieldset(
                "Or somebody without an account here",
                *("name", "role", "email"),
                template="crescendo/layout/more.html",
            ),
            "stakeholder",
            *("what", "why", "cost", "cost_unit", "due_on"),
        )


class AskEditForm(AskWordsForm, EditForm):
    pass


class _AnswerForm(AddForm):
    """One way to answer. `seen` is the version of the ask that they read."""

    kind: AskAnswer.Kind
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args, ask: Ask, **kwargs):
        # One page has four of them for each ask.
        apart = f"{self.kind.name.lower()}-{ask.pk}-%s"
        super().__init__(*args, initial={"seen": ask.version}, auto_id=apart, **kwargs)


class YesForm(_AnswerForm):
    kind = AskAnswer.Kind.YES


class YesIfForm(_AnswerForm):
    kind = AskAnswer.Kind.YES_IF
    words = some_lines(
        AskAnswer,
        "words",
        "What would you need first?",
        "Everybody who works on this change reads it.",
        rows=3,
        needed="Say what you would need first.",
    )


class NoForm(_AnswerForm):
    kind = AskAnswer.Kind.NO
    words = some_lines(
        AskAnswer,
        "words",
        "What stands in the way?",
        "A no with a reason helps: the team can think again.",
        rows=3,
        needed="Say in a few words what stands in the way.",
    )


class PassOnForm(WhomForm, _AnswerForm):
    """`offered` are the members, for somebody who is one: others need not know who they are."""

    kind = AskAnswer.Kind.PASSED_ON
    nobody = "Say whose it is: their name and email address."
    words = one_line(AskAnswer, "words", "A word for them and the team")

    def __init__(self, *args, ask: Ask, offered: list | None, **kwargs):
        super().__init__(*args, ask=ask, authority=ask.authority, **kwargs)
        self.fields["member"].label = "Whose is it?"
        if offered is None:
            del self.fields["member"]
        else:
            self.fields["member"].choices = offered

    def clean(self):
        cleaned = super().clean()
        cleaned.setdefault("member", None)
        return cleaned


def offered_in(authority: LocalAuthority) -> list:
    """The members, as choices of all the forms of one page: two queries, however many they are."""
    field = WhomForm(authority=authority).fields["member"]
    return list(field.choices)


def answer_forms(ask: Ask, *, offered: list | None, sent=None) -> dict[str, _AnswerForm]:
    """A form for each way to answer, by the name that templates have for it; empty, or the one
    whose kind is `sent` filled in with that.
    """
    kind = sent.get("kind") if sent is not None else None
    return {
        form.kind.name.lower(): form(
            sent if form.kind == kind else None,
            ask=ask,
            **({"offered": offered} if form is PassOnForm else {}),
        )
        for form in (YesForm, YesIfForm, NoForm, PassOnForm)
    }
