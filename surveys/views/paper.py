"""Answers that come on paper or in a file, and the sheet to print; nothing here shows an answer."""

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from programmes.access import authority_view
from programmes.pages import go, page, tell
from programmes.permissions import Permission
from surveys import sheets
from surveys.actions.answers import take_back_sheets, take_sheets
from surveys.actions.voices import NotOpen
from surveys.forms.answering import AnswerForm
from surveys.forms.paper import AnswersFileForm, PaperForm
from surveys.models import Survey

# Of how many batches a session remembers what they are called, so that it can take them back.
_MOST_REMEMBERED = 300
_NOT_OPEN = "Answers are taken in while a survey is open, and this one isn’t. Nothing was kept."


@authority_view(Permission.SURVEY_RUN)
@require_http_methods(["GET", "POST"])
def paper(request, pk):
    """Type in one sheet after the other."""
    survey = _survey(request, pk)
    if not survey.is_open and request.method == "GET":
        tell(request, "Answers are typed in while a survey is open, and this one isn’t.")
        return go(request, survey.get_absolute_url())
    form = PaperForm(request.POST or None, survey=survey)
    context = {"form": form, "survey": survey, "finding": None, "typed": []}
    if form.is_valid():
        sheet = form.sheet()
        if sheet.is_empty:
            form.add_error(None, "Nothing is chosen on this sheet. An empty one isn’t counted.")
        elif "anyway" not in request.POST and (finding := form.to_warn_of()):
            context["finding"] = finding
        else:
            batch = form.cleaned_data["id"]
            try:
                new = take_sheets(survey=survey, batch=batch, sheets=[sheet], by=request.user)
            except NotOpen:
                context["typed"] = form.typed()
                form.add_error(None, _NOT_OPEN)
            else:
                _tell_taken(request, survey, batch, new, "Got it: this sheet is in.")
                return go(request, request.path)
    typed_in = _batches(request, survey)
    context |= {
        "last": next(reversed(typed_in), None),
        "here": sum(typed_in.values()),
        "answered": survey.voices.count(),
    }
    return page(request, "surveys/paper.html", context)


@authority_view(Permission.SURVEY_RUN)
@require_POST
def paper_take_back(request, pk, batch):
    """Only what this session took in: nobody else knows what a batch is called."""
    survey = _survey(request, pk)
    batches = _batches(request, survey)
    count = batches.pop(str(batch), 0)
    try:
        gone = take_back_sheets(survey=survey, batch=batch, count=count, by=request.user)
    except NotOpen:
        tell(request, "This survey isn’t open any more, so what is in stays in.")
    else:
        _remember(request, survey, batches)
        sheet = "sheet is" if gone == 1 else "sheets are"
        tell(request, f"{gone} {sheet} out again." if gone else "It was out already.")
    return go(request, reverse("surveys:paper", args=[request.authority.slug, pk]))


@authority_view(Permission.SURVEY_RUN)
@require_http_methods(["GET", "POST"])
def paper_file(request, pk):
    """All rows of a file, or none and what is wrong with it."""
    survey = _survey(request, pk)
    form = AnswersFileForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        found = sheets.read(form.content(), survey) if survey.is_open else None
        try:
            if found is None:
                raise NotOpen
            if not (problems := found.problems) and found.batch is not None:
                new = take_sheets(
                    survey=survey, batch=found.batch, sheets=found.sheets, by=request.user
                )
                said = f"Got it: {new} {'row is' if new == 1 else 'rows are'} in."
                _tell_taken(request, survey, found.batch, new, said)
                return go(request, reverse("surveys:paper", args=[request.authority.slug, pk]))
        except NotOpen:
            problems = [_NOT_OPEN]
    context = {"form": form, "survey": survey, "problems": problems}
    return page(request, "surveys/paper_file.html", context)


@authority_view(Permission.SURVEY_RUN)
@require_GET
def paper_template(request, pk):
    """A file to fill in."""
    survey = _survey(request, pk)
    response = HttpResponse(sheets.template_of(survey), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="answers.csv"'
    return response


@authority_view(Permission.SURVEY_RUN)
@require_GET
def survey_print(request, pk):
    """The sheet to fill in by hand."""
    survey = _survey(request, pk)
    form = AnswerForm(survey=survey)
    return page(request, "surveys/survey_print.html", {"survey": survey, "form": form})


def _survey(request, pk) -> Survey:
    survey = get_object_or_404(request.authority.surveys.standing(), pk=pk)
    survey.authority = request.authority
    return survey


def _tell_taken(request, survey: Survey, batch: uuid.UUID, new: int, said: str) -> None:
    if not new:
        tell(request, "That was in already: nothing is counted twice.")
        return
    batches = _batches(request, survey)
    _remember(request, survey, {**batches, str(batch): new})
    undo = reverse("surveys:paper-take-back", args=[request.authority.slug, survey.pk, batch])
    tell(request, said, undo=undo)


def _batches(request, survey: Survey) -> dict[str, int]:
    """What this session took in: how many sheets by what each batch is called; the newest last."""
    return dict(request.session.get(_place(survey), []))


def _remember(request, survey: Survey, batches: dict[str, int]) -> None:
    request.session[_place(survey)] = list(batches.items())[-_MOST_REMEMBERED:]


def _place(survey: Survey) -> str:
    return f"sheets {survey.pk}"
