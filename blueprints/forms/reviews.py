"""Forms of what managers answer, promise and review: many on one page, each with ids apart."""

from decimal import Decimal

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils import timezone

from blueprints.models import Answer, Promise, Promised, Review, Telling
from programmes.forms.house import NOT_IN_LIST, AddForm, DayField, one_line, some_lines
from smallchanges.forms.measures import NumberField
from smallchanges.models import Ask, AskAnswer

# What fits into the column, and no council has more to promise.
_MOST = Decimal(10_000_000)
_PROMISE = ("promised", "amount", "unit", "by_when")


class PromiseForm(AddForm):
    """With a folded part in which time, money or a deed is promised, with a day."""

    promised = one_line(Promise, "what", "What do you promise?", "Such as “A room every Thursday”.")
    amount = NumberField(
        label="Time or money", help_text="Just the number, such as 4 or 1,200.", required=False
    )
    unit = forms.ChoiceField(
        label="In hours or in pounds?",
        choices=[("", "It’s neither"), *Ask.Unit.choices],
        required=False,
        error_messages=NOT_IN_LIST,
    )
    by_when = DayField(
        label="By when?",
        help_text="On that day we ask you whether it happened. Everybody here can see it.",
        required=False,
    )

    def clean(self):
        cleaned = super().clean() or {}
        if not self.errors.keys() & {*_PROMISE}:
            self._clean_promise(**{name: cleaned.get(name) for name in _PROMISE})
        return cleaned

    def _clean_promise(self, *, promised, amount, unit, by_when) -> None:
        if amount is not None and not 0 < amount < _MOST:
            self.add_error("amount", "Write a number above nought, and below ten million.")
        elif amount is not None and not unit:
            self.add_error("unit", "Choose whether the number is hours or pounds.")
        elif unit and amount is None:
            self.add_error("amount", "Write the number too, or choose “It’s neither”.")
        elif by_when and not promised and amount is None:
            self.add_error("promised", "Say what you promise for that day.")
        elif (promised or amount is not None) and not by_when:
            self.add_error("by_when", "Give your promise a day.")
        elif by_when and by_when < timezone.localdate():
            self.add_error("by_when", "Choose today or a day to come.")

    @property
    def promise(self) -> Promised | None:
        """What is promised, for the action; None where nothing is."""
        said = self.cleaned_data
        # Where there are no such fields, there is no day either.
        if not said.get("by_when"):
            return None
        return {
            "what": said["promised"],
            "amount": said["amount"],
            "unit": said["unit"],
            "by_when": said["by_when"],
        }

    @property
    def promise_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in _PROMISE if name in self.fields]

    @property
    def promises(self) -> bool:
        """Whether something of a promise was typed, so that it isn't folded away."""
        return self.is_bound and any(self.data.get(self.add_prefix(name)) for name in _PROMISE)


def _is_sometimes_needed(field) -> None:
    """Its label doesn’t say that it is optional: with some answers it is not."""
    field.is_sometimes_needed = True


class _KindForm(PromiseForm):
    """Yes, yes if, or something else that needs a reason; `seen` is the version that they read."""

    # What each way to answer says beside it, and what is missing without words.
    hints: dict[str, str]
    missing: dict[str, str]
    kind = forms.ChoiceField(
        label="What do you think?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the three."} | NOT_IN_LIST,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    words = some_lines(
        Answer,
        "words",
        "What would you need first, or what’s in the way?",
        "Everybody reads it.",
        rows=2,
    )

    def __init__(self, *args, row, kinds, may_promise: bool = True, **kwargs):
        kwargs |= {"initial": {"seen": row.version}, "auto_id": f"answer-{row.pk}-%s"}
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds
        _is_sometimes_needed(self.fields["words"])
        if not may_promise:
            for name in _PROMISE:
                del self.fields[name]

    def clean(self):
        cleaned = super().clean() or {}
        missing = self.missing.get(cleaned.get("kind", ""))
        if missing and not cleaned.get("words") and "words" not in self.errors:
            self.add_error("words", missing)
        return cleaned

    @property
    def choices(self) -> list[tuple[forms.boundfield.BoundWidget, str]]:
        """Each radio with the line under it."""
        return [(option, self.hints[option.data["value"]]) for option in self["kind"]]


class AnswerForm(_KindForm):
    hints = {
        Answer.Kind.YES: "We’ll tell the teams straight away",
        Answer.Kind.YES_IF: "Say what you’d need first",
        Answer.Kind.NOT_YET: "Say why, so that they can think again",
    }
    missing = {
        Answer.Kind.YES_IF: "Say what you’d need first.",
        Answer.Kind.NOT_YET: "Say in a few words why not yet.",
    }

    def __init__(self, *args, experiment, **kwargs):
        super().__init__(*args, row=experiment, kinds=Answer.Kind.choices, **kwargs)


class AskAnswerForm(_KindForm):
    hints = {
        AskAnswer.Kind.YES: "We’ll tell who asked straight away",
        AskAnswer.Kind.YES_IF: "Say what you’d need first",
        AskAnswer.Kind.NO: "Say why, so that they can think again",
    }
    missing = {
        AskAnswer.Kind.YES_IF: "Say what you would need first.",
        AskAnswer.Kind.NO: "Say in a few words what stands in the way.",
    }

    def __init__(self, *args, ask, **kwargs):
        kinds = [(kind.value, kind.label) for kind in AskAnswer.Kind if kind in self.hints]
        super().__init__(*args, row=ask, kinds=kinds, **kwargs)


class TellForm(AddForm):
    """Whether a promise was kept."""

    kept = forms.TypedChoiceField(
        label="Did it happen?",
        choices=[("yes", "Yes, it happened"), ("no", "Not as promised")],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it happened."} | NOT_IN_LIST,
    )
    why = some_lines(
        Telling, "why", "What happened instead, and why?", "Everybody reads it.", rows=2
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args, promise: Promise, **kwargs):
        kwargs |= {"initial": {"seen": promise.version}, "auto_id": f"tell-{promise.pk}-%s"}
        super().__init__(*args, **kwargs)
        _is_sometimes_needed(self.fields["why"])

    def clean(self):
        cleaned = super().clean() or {}
        if cleaned.get("kept") is False and not cleaned.get("why") and "why" not in self.errors:
            self.add_error("why", "Say in a few words why not: those who waited read it.")
        return cleaned


class ReviewForm(PromiseForm):
    going = forms.ChoiceField(
        label="How does it go?",
        choices=Review.Going.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it goes."} | NOT_IN_LIST,
    )
    words = some_lines(Review, "words", "What do you see?", "What moves, and what doesn’t.", rows=3)
    decided = one_line(Review, "decided", "What do you decide?", "One sentence.")

    def __init__(self, *args, pillar, **kwargs):
        super().__init__(*args, **kwargs | {"auto_id": f"review-{pillar.pk}-%s"})
        self.helper.layout = Layout(
            *("id", "going", "words", "decided"),
            Fieldset("Commit time or money", *_PROMISE, template="crescendo/layout/more.html"),
        )
