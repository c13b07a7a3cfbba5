"""The inbox: offering something, and answering it."""

from crispy_forms.layout import Div, Field, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError

from programmes.forms.house import (
    NOT_IN_LIST,
    SAFEGUARDING,
    TOO_LONG,
    AddForm,
    EditForm,
    LineField,
    OnceForm,
    offer,
    one_line,
    some_lines,
)
from programmes.forms.people import plain_address
from programmes.models import Barrier, Programme
from smallchanges.models import Ask, Inbox, Offered, SmallChange

from .asks import AskWordsForm, WhomForm

# A few sentences. A mail may be longer.
MOST_LETTERS = 500


class _OfferForm(AddForm):
    kind = forms.ChoiceField(
        label="What is it?",
        choices=Offered.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it’s an idea or something in the way."}
        | NOT_IN_LIST,
    )
    text = forms.CharField(
        label="Tell us",
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=f"A sentence or two is plenty. {SAFEGUARDING}",
        error_messages=TOO_LONG | {"required": "Tell us in a few words what it is."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper.layout = self.laid_out()
        self.helper["text"].wrap(Field, template="smallchanges/_inbox_text.html")

    def laid_out(self) -> Layout:
        return Layout(*self.fields)


class OfferForm(_OfferForm):
    """Without an account: with a name or without, and with as much of an answer as one wants."""

    reply = forms.ChoiceField(
        label="How shall we answer?",
        choices=[
            (Offered.Reply.LINK, "Give me a link. The answer will be there"),
            (Offered.Reply.EMAIL, "Write to my email address"),
            (Offered.Reply.NONE, "I don’t need an answer"),
        ],
        initial=Offered.Reply.LINK,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how we shall answer."} | NOT_IN_LIST,
    )
    # Read only where it was chosen: what browsers fill in by themselves is nobody's wish.
    email = forms.CharField(
        label="Your email address",
        required=False,
        max_length=254,
        help_text="For the answer alone. Nobody sees it, and it’s gone 30 days after.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"max_length": "Make it shorter: no email address is that long."},
    )
    name = LineField(
        label="Your name, if you like",
        required=False,
        max_length=Offered._meta.get_field("name").max_length,
        help_text="Without one, nobody can tell who you are, nor can we.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages=TOO_LONG,
    )

    def laid_out(self) -> Layout:
        chosen = Div("email", css_class="if-email")
        return Layout("id", "kind", "text", "reply", chosen, "name")

    def clean(self):
        cleaned = super().clean()
        typed = cleaned.get("email", "")
        cleaned["email"] = ""
        if cleaned.get("reply") != Offered.Reply.EMAIL:
            self.errors.pop("email", None)
        elif "email" not in self.errors:
            try:
                cleaned["email"] = plain_address(typed)
            except ValidationError:
                self.add_error("email", "Write the email address that we shall answer.")
        return cleaned


class MemberOfferForm(_OfferForm):
    """With an account: with one's name, or without a trace of it."""

    who = forms.ChoiceField(
        label="With your name?",
        choices=[
            ("named", "With my name. I’ll get the answer by email"),
            ("anonymous", "Without it. I’ll get a link, and the answer will be there"),
        ],
        widget=forms.RadioSelect,
        help_text="Without it nothing is kept that leads to you, by nobody: not even by us.",
        error_messages={"required": "Choose whether your name stands beside it."} | NOT_IN_LIST,
    )


class OfferedTidyForm(EditForm):
    text = some_lines(
        Offered,
        "text",
        "In other words",
        "The words of before are gone for good.",
        rows=6,
        needed="Say in a few words what is meant.",
    )


class SetUpForm(EditForm):
    is_open = forms.TypedChoiceField(
        label="Can people offer something?",
        choices=[("yes", "Yes, it’s open"), ("no", "Not at the moment")],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it’s open."} | NOT_IN_LIST,
    )
    most_waiting = forms.IntegerField(
        label="How many can wait for an answer at once?",
        min_value=1,
        max_value=200,
        help_text="As many as you’re sure to answer. When so many wait, the form says so"
        " kindly, and when there’s room again.",
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "Write a number from 1 to 200."
        ),
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4", "inputmode": "numeric"}),
    )
    answers_within = forms.IntegerField(
        label="Within how many working days do you answer?",
        min_value=1,
        max_value=60,
        help_text="This is what people are promised, and everybody sees how it’s kept.",
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "Write a number from 1 to 60."
        ),
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4", "inputmode": "numeric"}),
    )

    @staticmethod
    def has(inbox: Inbox) -> dict:
        return {
            "is_open": "yes" if inbox.is_open else "no",
            "most_waiting": inbox.most_waiting,
            "answers_within": inbox.answers_within,
            "version": inbox.version,
        }


# --- answers

_TO_WHOEVER = "What do you say to whoever offered it?"


class _AnswerForm(AddForm):
    """Each says which words go to whoever offered it; `answers` is how they answer."""

    words = some_lines(Offered, "answer", _TO_WHOEVER, "They read this with the answer.", rows=3)


class _KnownForm(_AnswerForm):
    """For what is there already: with it chosen, the words for a new one count for nothing."""

    known: forms.ModelChoiceField
    # The fields that a new one needs.
    of_a_new_one: tuple[str, ...] = ()

    def full_clean(self):
        """Do not ask for words that are not needed."""
        if self.is_bound and self.data.get(self.add_prefix("known")):
            for name in self.of_a_new_one:
                self.fields[name].required = False
        super().full_clean()


class BarrierAnswerForm(_KnownForm, OnceForm):
    once = "text"
    twice = "This barrier is on the list already. Choose it above."
    of_a_new_one = ("text",)

    known = forms.ModelChoiceField(
        label="Is it one that you have?",
        queryset=None,
        required=False,
        empty_label="No, it’s a new one",
        error_messages=NOT_IN_LIST,
    )
    text = one_line(
        Barrier,
        "text",
        "The barrier, as it goes on the list",
        "In the words of whoever offered it, or shorter.",
        needed="Write the barrier as it goes on the list.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ("known", "text", "words")

    def __init__(self, *args, programme: Programme, offered: Offered, **kwargs):
        barriers = programme.barriers.standing()
        initial = {"text": " ".join(offered.text.split())}
        super().__init__(*args, others=barriers, initial=initial, **kwargs)
        _offer_known(self, barriers)

    def clean(self):
        if self.cleaned_data.get("known"):
            return self.cleaned_data
        return super().clean()


class ChangeAnswerForm(_KnownForm, OnceForm):
    once = "title"
    twice = "There’s a small change with this title already. Choose it above, or call this another."
    of_a_new_one = ("title",)

    known = forms.ModelChoiceField(
        label="Is it part of one that you have?",
        queryset=None,
        required=False,
        empty_label="No, it’s a new one",
        error_messages=NOT_IN_LIST,
    )
    title = one_line(
        SmallChange,
        "title",
        "What’s the small change?",
        "A few words, such as “Take turns at the minutes in core groups”.",
        needed="Give the change a few words, so that people know it.",
    )
    purpose = one_line(
        SmallChange, "purpose", "So that…", "One sentence: what gets better, and for whom?"
    )
    why = some_lines(
        SmallChange, "why", "Why do we need it?", "This begins with what was offered.", rows=4
    )
    strand = forms.ModelChoiceField(
        label="Which strand does it belong to?",
        queryset=None,
        required=False,
        empty_label="No strand yet",
        error_messages=NOT_IN_LIST,
    )
    field_order = ("known", "title", "purpose", "why", "strand", "words")

    def __init__(self, *args, programme: Programme, offered: Offered, **kwargs):
        initial = {"title": _first_words(offered.text), "why": offered.text}
        changes = programme.small_changes.all()
        super().__init__(*args, others=changes, initial=initial, **kwargs)
        self.fields["strand"].queryset = programme.strands.standing()
        _offer_known(self, changes.order_by("title"))

    def clean(self):
        if self.cleaned_data.get("known"):
            return self.cleaned_data
        return super().clean()


class AskAnswerForm(WhomForm, AskWordsForm, _AnswerForm):
    """For which small change, of whom and what exactly; and what whoever offered it reads."""

    change = forms.ModelChoiceField(
        label="Which small change is it for?",
        queryset=None,
        empty_label="Choose a small change",
        error_messages={"required": "Choose the small change that needs it."} | NOT_IN_LIST,
    )
    what = one_line(
        Ask,
        "what",
        "What exactly do you ask for?",
        "One thing they can say yes to. They read it in a mail: keep it as it was offered, or make"
        " it shorter.",
        needed="Say what you ask for, in one line.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    words = some_lines(
        Offered,
        "answer",
        _TO_WHOEVER,
        "They read this with the answer, and how far the ask has come. Name a role or a service"
        " rather than a person.",
        rows=3,
        needed="Say in a sentence what you’re asking for, and of whom.",
    )
    field_order = ("change", "member", "name", "role", "email", "what")

    def __init__(self, *args, programme: Programme, offered: Offered, **kwargs):
        initial = {"what": _as_far_as_it_fits(" ".join(offered.text.split()), Ask, "what")}
        super().__init__(*args, authority=offered.authority, initial=initial, **kwargs)
        living = programme.small_changes.living().order_by("title")
        self.fields["change"].queryset = living
        # An ask belongs to a change: without one, the page says how to make one first.
        self.has_changes = living.exists()
        self.fields["member"].label = "Who do you ask?"
        # What is "below" is folded away.
        self.fields["member"].empty_label = "Choose somebody"
        more = {"template": "crescendo/layout/more.html"}
        someone = ("name", "role", "email")
        details = ("why", "cost", "cost_unit", "due_on")
        self.helper.layout = Layout(
            *("id", "change", "member"),
            Fieldset("Or somebody without an account here", *someone, **more),
            "what",
            Fieldset("Why, what it costs and by when, if you know", *details, **more),
            "words",
        )


class NotNowAnswerForm(_AnswerForm):
    words = some_lines(
        Offered,
        "answer",
        "Not now, because…",
        "The true reason, kindly. Whoever offered it reads this.",
        rows=4,
        needed="Say in a sentence why not now.",
    )

    def __init__(self, *args, programme: Programme | None, offered: Offered, **kwargs):
        super().__init__(*args, **kwargs)


def _offer_known(form: forms.Form, rows) -> None:
    """Let people choose one of these; without any, leave the question out."""
    offer(form, "known", rows)
    if isinstance(form.fields["known"].widget, forms.MultipleHiddenInput):
        form.fields["known"].widget = forms.HiddenInput()


def _first_words(text: str) -> str:
    """The first sentence, as far as it fits a title."""
    line = " ".join(text.split())
    first, _, _ = line.partition(". ")
    return _as_far_as_it_fits(first.rstrip("."), SmallChange, "title")


def _as_far_as_it_fits(line: str, model, field: str) -> str:
    most = model._meta.get_field(field).max_length
    return line if len(line) <= most else f"{line[: most - 2].rsplit(' ', 1)[0]} …"
