"""The questions of a draft: their own, beside those that are locked."""

from django.forms.models import model_to_dict
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from programmes.access import authority_view
from programmes.editing import Stale
from programmes.ordering import order
from programmes.pages import conflict, go, page, tell, wants_part
from programmes.permissions import Permission
from surveys import actions
from surveys.forms.running import QuestionAddForm, QuestionEditForm
from surveys.models import Question, Survey
from surveys.views.running import opened_meanwhile, survey_or_404, survey_page


@authority_view(Permission.SURVEY_RUN)
@require_http_methods(["GET", "POST"])
def question_add(request, pk):
    survey = survey_or_404(request, pk)
    if not survey.is_draft:
        return opened_meanwhile(request, survey)
    form = QuestionAddForm(request.POST or None, initial={"kind": Question.Kind.EXTENT})
    if form.is_valid():
        new = form.cleaned_data.pop("id")
        try:
            actions.add_question(survey=survey, pk=new, by=request.user, **form.cleaned_data)
        except actions.NotADraft:
            return opened_meanwhile(request, survey)
        tell(request, "Added at the end.")
        return go(request, _questions_url(survey))
    context = {"form": form, "survey": survey, "back": _questions_url(survey)}
    return page(request, "surveys/question_add.html", context)


@authority_view(Permission.SURVEY_RUN)
@require_http_methods(["GET", "POST"])
def question_edit(request, pk, row_pk):
    survey, question = _own_or_404(request, pk, row_pk)
    if not survey.is_draft:
        return opened_meanwhile(request, survey)
    shown = model_to_dict(question) | {"options": "\n".join(question.options)}
    form = QuestionEditForm(request.POST or None, initial=shown)
    if form.is_valid():
        try:
            actions.edit_question(question=question, by=request.user, **form.cleaned_data)
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=_questions_url(survey))
        except actions.NotADraft:
            return opened_meanwhile(request, survey)
        tell(request, "Got it. The question is up to date.")
        return go(request, _questions_url(survey))
    context = {"form": form, "survey": survey, "back": _questions_url(survey)}
    return page(request, "surveys/question_edit.html", context)


@authority_view(Permission.SURVEY_RUN)
@require_POST
def question_order(request, pk, row_pk):
    """Locked ones move too: only their words are locked."""
    survey, question = _question_or_404(request, pk, row_pk)
    try:
        order(request, question, actions.order_question)
    except actions.NotADraft:
        return opened_meanwhile(request, survey)
    return _answer(request, survey)


@authority_view(Permission.SURVEY_RUN)
@require_POST
def question_remove(request, pk, row_pk):
    survey, question = _own_or_404(request, pk, row_pk, removed=True)
    try:
        actions.remove_question(question=question, by=request.user)
    except actions.NotADraft:
        return opened_meanwhile(request, survey)
    undo = reverse("surveys:question-put-back", args=[request.authority.slug, pk, row_pk])
    tell(request, f"Taken away: {question}", undo=undo)
    return _answer(request, survey)


@authority_view(Permission.SURVEY_RUN)
@require_POST
def question_put_back(request, pk, row_pk):
    survey, question = _own_or_404(request, pk, row_pk, removed=True)
    try:
        actions.put_back_question(question=question, by=request.user)
    except actions.NotADraft:
        return opened_meanwhile(request, survey)
    tell(request, f"It’s back: {question}")
    return _answer(request, survey)


def _question_or_404(request, pk, row_pk, *, removed: bool = False) -> tuple[Survey, Question]:
    survey = survey_or_404(request, pk)
    rows = survey.questions.all() if removed else survey.questions.standing()
    return survey, get_object_or_404(rows, pk=row_pk)


def _own_or_404(request, pk, row_pk, *, removed: bool = False) -> tuple[Survey, Question]:
    """One whose words are theirs."""
    survey, question = _question_or_404(request, pk, row_pk, removed=removed)
    if question.core:
        raise Http404
    return survey, question


def _answer(request, survey: Survey):
    return (
        survey_page(request, survey) if wants_part(request) else go(request, _questions_url(survey))
    )


def _questions_url(survey: Survey) -> str:
    return f"{survey.get_absolute_url()}#survey-questions"
