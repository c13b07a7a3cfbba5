"""The permission book."""

from crispy_forms.layout import Fieldset, Layout
from django import forms

from programmes.forms.house import (
    NOT_IN_LIST,
    AddForm,
    EditForm,
    HouseForm,
    MemberField,
    OnceForm,
    one_line,
    some_lines,
)
from programmes.models import LocalAuthority
from smallchanges.models import Clue, Rule, Verdict

# A longer list is no help: a rule then comes from the page of its change.
_MOST_OFFERED = 200
KINDS = [
    (Verdict.Kind.LAW, "Law: an act, a regulation or statutory guidance says so"),
    (Verdict.Kind.LOCAL_POLICY, "Our own policy: the council decided it, and can decide again"),
    (Verdict.Kind.SYSTEM_SETTING, "A system’s setting: the software asks for it"),
    (Verdict.Kind.HABIT, "A habit: we’ve always done it so, and nobody asks for it"),
    (Verdict.Kind.MYTH, "A myth: it isn’t so"),
]


class RuleFilterForm(forms.Form):
    """The filters in the address. What it does not know is left out, without a word."""

    q = forms.CharField(label="Search", max_length=80, required=False)
    state = forms.ChoiceField(
        label="Checked?", choices=[("", "Checked or not"), *Rule.State.choices], required=False
    )
    verdict = forms.ChoiceField(
        label="Turned out to be",
        choices=[("", "Anything"), *Verdict.Kind.choices],
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_valid()

    @property
    def wanted(self) -> dict[str, str]:
        """The filters that are on, as `RuleQuerySet.matching` takes them."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def said(self) -> list[tuple[str, str]]:
        """The filters that are on, in words."""
        choices = {name: dict(self.fields[name].choices) for name in ("state", "verdict")}
        return [
            (self.fields[name].label, choices.get(name, {}).get(value, value))
            for name, value in self.wanted.items()
        ]


class _RuleForm(OnceForm):
    once = "text"
    twice = "This is in the book already. Look it up, and add what you know."

    text = one_line(
        Rule,
        "text",
        "What are you told you’re not allowed to do?",
        "As people say it, such as “We’re not allowed to record school visits as statutory”.",
        needed="Write what you were told, as people say it.",
    )
    said_by = one_line(
        Rule, "said_by", "Who says so?", "A role or a service, such as “Legal” or “the IT desk”."
    )
    written_in = one_line(
        Rule,
        "written_in",
        "Where is it written, if you know?",
        "A document, a page, or a link.",
    )
    team = forms.ModelChoiceField(
        label="Which team asks?",
        queryset=None,
        required=False,
        empty_label="No team in particular",
        error_messages=NOT_IN_LIST,
    )
    change = forms.ModelChoiceField(
        label="Which small change does it stand in the way of?",
        queryset=None,
        required=False,
        empty_label="None in particular",
        error_messages=NOT_IN_LIST,
    )
    barrier = forms.ModelChoiceField(
        label="Which barrier is it part of?",
        queryset=None,
        required=False,
        empty_label="None in particular",
        error_messages=NOT_IN_LIST,
    )

    def __init__(self, *args, authority: LocalAuthority, others, asked_from=None, **kwargs):
        super().__init__(*args, others=others, **kwargs)
        self.fields["team"].queryset = authority.teams.all()
        self.fields["barrier"].queryset = authority.barriers.standing()
        changes = authority.small_changes.living().order_by("title")
        if changes.count() > _MOST_OFFERED:
            changes = changes.none()
        self.fields["change"].queryset = changes | authority.small_changes.filter(pk=asked_from)
        for name in ("team", "change", "barrier"):
            if not self.fields[name].queryset.exists():
                self.fields[name].widget = forms.HiddenInput()


class RuleAddForm(_RuleForm, AddForm):
    """The rule in people's words is enough: the rest is folded away until somebody asks."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        more = ("team", "change", "barrier")
        self.helper.layout = Layout(
            "id",
            *("text", "said_by", "written_in"),
            Fieldset("Who asks, and for what", *more, template="crescendo/layout/more.html"),
        )


class RuleEditForm(_RuleForm, EditForm):
    pass


class ClueForm(AddForm):
    text = some_lines(
        Clue,
        "text",
        "What do you know of it?",
        "Who told you, where you’ve seen it written, or how another team does it.",
        rows=3,
        needed="Tell us what you know, even if it’s small.",
    )


class CheckerForm(HouseForm):
    checker = MemberField(
        label="Who finds out?",
        help_text="They get a mail, once, with a link to this page.",
    )

    def __init__(self, *args, rule: Rule, **kwargs):
        super().__init__(*args, initial={"checker": rule.checker_id}, **kwargs)
        members = rule.authority.memberships.standing()
        self.fields["checker"].offer(members, holder=rule.checker_id)


class VerdictForm(AddForm):
    kind = forms.ChoiceField(
        label="What did it turn out to be?",
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it turned out to be."} | NOT_IN_LIST,
    )
    found = some_lines(
        Verdict,
        "found",
        "What did you find?",
        "Whom you asked, by role, and what they said.",
        rows=3,
        needed="Say what you found, so that nobody has to ask again.",
    )
    source = one_line(Verdict, "source", "Where is it written?", "A document, a page, or a link.")
    may_do = some_lines(
        Verdict,
        "may_do",
        "What may we do, then?",
        "Even where it’s the law there’s often a way that fits within it.",
        rows=3,
    )
    # The verdict that stood when the page was opened.
    seen = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, rule: Rule, **kwargs):
        super().__init__(*args, initial={"seen": rule.verdict_id}, **kwargs)
        self.rule = rule

    def say_overtaken(self, verdict: Verdict | None) -> None:
        """Somebody was quicker: the page shows theirs, and sending this once more means it."""
        self.data = self.data.copy()
        self.data["seen"] = str(verdict.pk) if verdict else ""
        theirs = f"It says now: {verdict}." if verdict else "It was taken back."
        self.add_error(
            None,
            f"Somebody else wrote what it turned out to be while you were here. {theirs}"
            " If you still mean yours, send it again: both are kept, with their days.",
        )
