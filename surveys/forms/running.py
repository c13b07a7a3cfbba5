"""Forms of whoever runs a survey: writing it, opening it, asking by mail and closing it."""

from datetime import timedelta

from django import forms
from django.utils import timezone

from programmes.forms.house import (
    NONE_OF_LIST,
    NOT_IN_LIST,
    AddForm,
    DayField,
    EditForm,
    HouseForm,
    offer,
    one_line,
    some_lines,
)
from programmes.models import LocalAuthority, Role
from surveys.core import Area, QuestionKind
from surveys.models import MOST_OPTIONS, Question, Survey

KIND_WORDS = {
    Survey.Kind.TEMPERATURE: "Temperature check: how things are, before and after",
    Survey.Kind.IMPACT: "What small changes did: to what extent they made a difference",
    Survey.Kind.PULSE: "Time with families: one question, a few seconds",
    Survey.Kind.OWN: "Only our own questions",
}
QUESTION_WORDS = {
    QuestionKind.EXTENT: "To what extent: not at all, small, moderate or large",
    QuestionKind.CHOICE: "One of several answers that you write",
    QuestionKind.CHOICES: "Any of several answers that you write",
    QuestionKind.SCALE: "1 to 5",
    QuestionKind.NUMBER: "A number",
    QuestionKind.TEXT: "In their own words",
    QuestionKind.SHARE: "Share of last week, in ranges",
}
LONGEST_OPEN = timedelta(days=90)
_LONGEST_OPTION = 120


class _SurveyForm(HouseForm):
    moment = forms.ChoiceField(
        label="When in the programme is it?",
        help_text="So that before and after can stand side by side.",
        choices=Survey.Moment.choices,
        widget=forms.RadioSelect,
        error_messages=NOT_IN_LIST | {"required": "Choose when it is."},
    )
    title = one_line(
        Survey,
        "title",
        "What is it called?",
        "People see this first. Leave it empty and we’ll name it after its kind.",
    )
    intro = some_lines(
        Survey,
        "intro",
        "What should people read before the first question?",
        "Such as why you ask, and what will be done with it. You can leave it empty.",
    )
    asks_team = forms.BooleanField(
        label="Ask which team people are in", required=False, initial=True
    )
    asks_work = forms.BooleanField(
        label="Ask what people do",
        help_text="Practitioner, manager, business support or partner agency. Everybody may leave"
        " either out, and small groups are joined before anybody sees a number.",
        required=False,
        initial=True,
    )

    def _name_it(self, kind: str) -> None:
        said = self.cleaned_data
        if not said.get("title") and said.get("moment"):
            when = Survey.Moment(said["moment"]).label.lower()
            said["title"] = f"{Survey.Kind(kind).label}, {when}"


class SurveyAddForm(_SurveyForm, AddForm):
    kind = forms.ChoiceField(
        label="What kind of survey?",
        choices=list(KIND_WORDS.items()),
        widget=forms.RadioSelect,
        error_messages=NOT_IN_LIST | {"required": "Choose what kind it is."},
    )
    field_order = ("kind", "moment", "title", "intro", "asks_team", "asks_work")

    def clean(self):
        super().clean()
        if kind := self.cleaned_data.get("kind"):
            self._name_it(kind)
        return self.cleaned_data


class SurveyEditForm(_SurveyForm, EditForm):
    def __init__(self, *args, survey: Survey, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = survey.kind

    def clean(self):
        super().clean()
        self._name_it(self.kind)
        return self.cleaned_data


class _QuestionForm(HouseForm):
    kind = forms.ChoiceField(
        label="How do people answer?",
        choices=list(QUESTION_WORDS.items()),
        widget=forms.RadioSelect,
        error_messages=NOT_IN_LIST | {"required": "Choose how people answer."},
    )
    stem = one_line(
        Question,
        "stem",
        "Does anything stand above the question?",
        "Such as “How far do you agree?”. You can leave it empty.",
    )
    text = one_line(
        Question, "text", "What do you ask?", needed="Write the question, as people will read it."
    )
    options = forms.CharField(
        label="Which answers are there?",
        help_text=f"One on each line, 2 to {MOST_OPTIONS}. Only for “one of several” and “any of"
        " several”.",
        required=False,
        max_length=MOST_OPTIONS * (_LONGEST_OPTION + 2),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    unit = one_line(
        Question,
        "unit",
        "What is counted?",
        "Such as “hours” or “forms a week”. Only for a number.",
    )
    area = forms.ChoiceField(
        label="Which area does it tell of?",
        help_text="Its answers then stand with that area on the impact page.",
        choices=[("", "None of the four"), *Area.choices],
        required=False,
        error_messages=NOT_IN_LIST,
    )

    def clean(self):
        super().clean()
        said = self.cleaned_data
        kind = said.get("kind")
        if kind and "options" in said:
            lines = [" ".join(line.split()) for line in said["options"].splitlines()]
            said["options"] = list(dict.fromkeys(line for line in lines if line))
            self._check_options(kind, said["options"])
        if kind != QuestionKind.NUMBER:
            said["unit"] = ""
        return said

    def _check_options(self, kind: str, options: list[str]) -> None:
        if kind not in (QuestionKind.CHOICE, QuestionKind.CHOICES):
            # Lines that were typed before the kind was changed ask nothing.
            self.cleaned_data["options"] = []
        elif not 2 <= len(options) <= MOST_OPTIONS:
            self.add_error(
                "options",
                f"Write 2 to {MOST_OPTIONS} different answers, each on its own line."
                f" This has {len(options)}.",
            )
        elif any(len(one) > _LONGEST_OPTION for one in options):
            self.add_error("options", f"Keep each answer below {_LONGEST_OPTION} characters.")


class QuestionAddForm(_QuestionForm, AddForm):
    pass


class QuestionEditForm(_QuestionForm, EditForm):
    pass


class ClosingDayForm(HouseForm):
    """The last day of a survey; without one it is open until somebody closes it."""

    closes_on = DayField(
        label="Which day is the last?",
        help_text="It closes by itself that night. People who were asked by mail and haven’t"
        " answered are reminded once, halfway. Leave it empty to close it yourself.",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_closes_on(self):
        day, today = self.cleaned_data["closes_on"], timezone.localdate()
        if day is not None and day < today:
            raise forms.ValidationError("That day has gone by. Choose today or a later day.")
        if day is not None and day > today + LONGEST_OPEN:
            raise forms.ValidationError(
                f"That’s far away. Choose a day within the next {LONGEST_OPEN.days}."
            )
        return day


class AskForm(HouseForm):
    """Whom to ask by mail. `sure` is how many people were told before somebody presses send."""

    who = forms.ChoiceField(
        label="Who gets a mail?",
        choices=[
            ("everybody", "Everybody who takes part here"),
            ("some", "Only some: the teams and roles below"),
        ],
        initial="everybody",
        widget=forms.RadioSelect,
        error_messages=NOT_IN_LIST | {"required": "Choose who gets a mail."},
    )
    teams = forms.ModelMultipleChoiceField(
        label="Which teams?",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=NONE_OF_LIST,
    )
    roles = forms.MultipleChoiceField(
        label="Which roles?",
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=NONE_OF_LIST,
    )
    sure = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, authority: LocalAuthority, **kwargs):
        super().__init__(*args, **kwargs)
        offer(self, "teams", authority.teams.all())

    def clean(self):
        super().clean()
        said = self.cleaned_data
        said["everybody"] = said.get("who") == "everybody"
        if said.get("who") == "some" and not (said.get("teams") or said.get("roles")):
            self.add_error("who", "Tick at least one team or role, or choose everybody.")
        # A mail cannot be called back: of two choices that differ, neither is taken.
        if said["everybody"] and (said.get("teams") or said.get("roles")):
            self.add_error(
                "who", "You ticked teams or roles below. Choose “Only some”, or untick them."
            )
        return said


class CloseForm(HouseForm):
    people_asked = forms.IntegerField(
        label="How many people were asked in all?",
        help_text="By mail, by poster, in a meeting or on paper. Results then say “19 of 22”."
        " Leave it empty if nobody knows.",
        required=False,
        min_value=1,
        max_value=100_000,
        error_messages={
            "invalid": "Write a whole number, such as 22.",
            "min_value": "Write a whole number, such as 22.",
            "max_value": "That’s more people than work here.",
        },
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-5", "inputmode": "numeric"}),
    )

    def say_fewer(self, answered: int) -> None:
        self.add_error(
            "people_asked",
            f"{answered} answered, so at least {answered} were asked. Or leave it empty.",
        )
