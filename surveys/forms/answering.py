"""The form that a survey is answered with, made of its questions; on a phone and from paper."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from programmes import guard
from programmes.forms.house import NOT_IN_LIST, SAFEGUARDING, TOO_LONG, HouseForm
from surveys.models import Question, Survey, SurveyAnswer
from surveys.said import HIGH, LOW, OWN_WORK, Said, Sheet

Kind = Question.Kind
NONE_OF_THESE = "none"
RATHER_NOT = "I’d rather not say"
# Of the radio button that says so; one without a value would be chosen from the start.
_RATHER_NOT = "-"
MOST_LETTERS = SurveyAnswer._meta.get_field("text").max_length
MOST = Decimal("9999999.99")


def name_of(question: Question) -> str:
    return f"q-{question.pk.hex}"


class AnswerForm(HouseForm):
    """Nobody has to answer any of it. `sheet` is what the same person said before."""

    # The words at both ends of a scale.
    LOW, HIGH = LOW, HIGH
    # The field whose words seem to name somebody.
    warned = ""

    def __init__(self, *args, survey: Survey, sheet: Sheet | None = None, **kwargs):
        self.questions = list(survey.questions.standing())
        self.before = sheet or Sheet()
        super().__init__(*args, initial=self._said_before(), **kwargs)
        for question in self.questions:
            self.fields[name_of(question)] = _field_of(question, had=question in self.before.said)
        if survey.asks_team:
            self._ask_team(survey)
        if survey.asks_work:
            self._ask_work()

    def _said_before(self) -> dict:
        initial: dict = {name_of(one): _as_sent(said) for one, said in self.before.said.items()}
        # Nobody has to say it, and who did not is not asked to say so before they have answered.
        work = self.before.work or ("" if self.before.is_empty else _RATHER_NOT)
        return initial | {"team": self.before.team, "work": work}

    def _ask_team(self, survey: Survey) -> None:
        teams = survey.authority.teams.all()
        if teams.exists():
            self.fields["team"] = forms.ModelChoiceField(
                label="Which team are you in?",
                queryset=teams,
                required=False,
                empty_label=RATHER_NOT,
                error_messages=NOT_IN_LIST,
            )

    def _ask_work(self) -> None:
        self.fields["work"] = forms.ChoiceField(
            label="What do you do?",
            choices=[*OWN_WORK.items(), (_RATHER_NOT, RATHER_NOT)],
            required=False,
            widget=forms.RadioSelect,
            error_messages=NOT_IN_LIST,
        )

    def asked(self) -> list[tuple[Question, forms.BoundField]]:
        return [(one, self[name_of(one)]) for one in self.questions]

    def sheet(self) -> Sheet:
        """What they said, once it is valid."""
        cleaned = self.cleaned_data
        said = {one: cleaned[name_of(one)] for one in self.questions}
        return Sheet(
            said={one: answer for one, answer in said.items() if answer is not None},
            team=cleaned.get("team"),
            work=cleaned.get("work", "").replace(_RATHER_NOT, ""),
        )

    def to_warn_of(self) -> guard.Finding | None:
        """What some of the words seem to name; the first such box takes the focus."""
        for question in self.questions:
            said = self.cleaned_data.get(name_of(question))
            if said is not None and said.text and (finding := guard.look(said.text)):
                self.fields[name_of(question)].widget.attrs["autofocus"] = True
                self.warned = name_of(question)
                return finding
        return None

    def typed(self) -> list[tuple[str, str]]:
        """What was sent, in the words of the page: to be shown back where it was not taken."""
        shown = []
        for question, field in self.asked():
            value = field.value()
            if value in (None, "", []):
                continue
            labels = dict(getattr(field.field, "choices", []))
            many = value if isinstance(value, list) else [value]
            shown.append((str(question), ", ".join(str(labels.get(one, one)) for one in many)))
        return shown


class _OneField(forms.ChoiceField):
    widget = forms.RadioSelect

    def clean(self, value) -> Said | None:
        chosen = super().clean(value)
        return Said(option=int(chosen)) if chosen else None


class _SomeField(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def clean(self, value) -> Said | None:
        chosen = super().clean(value)
        if NONE_OF_THESE in chosen and len(chosen) > 1:
            raise ValidationError("Tick “None of these”, or some of them, and not both.")
        if not chosen:
            return None
        return Said(options=tuple(sorted({int(one) for one in chosen if one != NONE_OF_THESE})))


class _NumberField(forms.DecimalField):
    def clean(self, value) -> Said | None:
        number = super().clean(value)
        return None if number is None else Said(number=number)


class _WordsField(forms.CharField):
    def clean(self, value) -> Said | None:
        words = super().clean(value)
        return Said(text=words) if words else None


def _field_of(question: Question, *, had: bool) -> forms.Field:
    common: dict = {"label": str(question), "required": False}
    labels = [(str(place), label) for place, label in enumerate(question.labels)]
    if question.kind == Kind.CHOICES:
        choices = [*labels, (NONE_OF_THESE, "None of these")]
        return _SomeField(
            choices=choices, error_messages={"invalid_choice": "Choose from the list."}, **common
        )
    if question.kind == Kind.NUMBER:
        return _NumberField(
            max_digits=9,
            decimal_places=2,
            min_value=-MOST,
            max_value=MOST,
            widget=forms.TextInput(
                attrs={
                    "inputmode": "decimal",
                    "autocomplete": "off",
                    "class": "govuk-input--width-5",
                }
            ),
            error_messages={
                "invalid": "Write a number, such as 12 or 2.5.",
                "max_decimal_places": "Two places after the point are enough.",
                "max_digits": "That’s a longer number than fits here.",
                "max_whole_digits": "That’s a longer number than fits here.",
                "min_value": "That’s a longer number than fits here.",
                "max_value": "That’s a longer number than fits here.",
            },
            **common,
        )
    if question.kind == Kind.TEXT:
        return _WordsField(
            max_length=MOST_LETTERS,
            help_text=SAFEGUARDING,
            widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
            error_messages=TOO_LONG,
            **common,
        )
    # A radio button cannot be let go: whoever chose one before may take it back.
    taken_back = [("", "Take my answer back")] if had else []
    return _OneField(choices=[*labels, *taken_back], error_messages=NOT_IN_LIST, **common)


def _as_sent(said: Said):
    if said.option is not None:
        return str(said.option)
    if said.options is not None:
        return [str(one) for one in said.options] or [NONE_OF_THESE]
    return said.text if said.number is None else said.number
