"""Surveys: which there are, writing one, opening it, asking by mail, and closing it for good."""

from datetime import datetime, timedelta

from django.forms.models import model_to_dict
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from programmes.access import authority_view, programme_or_404
from programmes.editing import Stale
from programmes.mail import site_url
from programmes.pages import conflict, go, page, qr, tell
from programmes.permissions import Permission
from surveys import actions, links, reading
from surveys.core import core_of
from surveys.forms.running import (
    KIND_WORDS,
    AskForm,
    CloseForm,
    ClosingDayForm,
    SurveyAddForm,
    SurveyEditForm,
)
from surveys.models import Survey

# How long a survey is open unless somebody says otherwise.
_USUALLY_OPEN = timedelta(days=14)


@authority_view(Permission.JOURNEY_READ)
@require_GET
def surveys(request):
    """What is open, what was asked and when; drafts for those who run surveys."""
    may_run = Permission.SURVEY_RUN in request.permissions
    rows = reading.surveys_of(request.authority, with_drafts=may_run)
    context = {
        "open": [one for one in rows if one.is_open],
        "drafts": [one for one in rows if one.is_draft],
        "closed": [one for one in rows if one.is_closed],
        "may_run": may_run and request.authority.current_programme() is not None,
        "may_answer": request.membership is not None,
    }
    return page(request, "surveys/surveys.html", context)


@authority_view(Permission.SURVEY_RUN)
@require_http_methods(["GET", "POST"])
def survey_add(request):
    programme = programme_or_404(request)
    form = SurveyAddForm(request.POST or None)
    if form.is_valid():
        pk = form.cleaned_data.pop("id")
        survey = actions.add_survey(
            programme=programme, pk=pk, by=request.user, **form.cleaned_data
        )
        tell(request, "It’s a draft: nobody else sees it until you open it.")
        return go(request, survey.get_absolute_url())
    locked = [(label, core_of(kind)) for kind, label in KIND_WORDS.items() if core_of(kind)]
    return page(request, "surveys/survey_add.html", {"form": form, "locked": locked})


@authority_view(Permission.JOURNEY_READ)
@require_GET
def survey(request, pk):
    return survey_page(request, survey_or_404(request, pk))


def survey_page(request, survey: Survey):
    """The page of one survey, or of a draft its questions alone where they were changed."""
    may_run = Permission.SURVEY_RUN in request.permissions
    context = {
        "survey": survey,
        "questions": list(survey.questions.standing()),
        "may_run": may_run,
        "may_answer": request.membership is not None,
    }
    if survey.is_open:
        address = site_url(request, links.address_of(survey))
        context |= {
            "answered": survey.voices.count(),
            "asked": survey.asked.count(),
            "reminded_on": _to_come(reading.halfway(survey)),
            "link": address if may_run else "",
            "qr": qr(address) if may_run else "",
        }
    return page(request, "surveys/survey.html", context, region="survey-questions")


def _to_come(moment: datetime | None) -> datetime | None:
    return moment if moment is not None and moment > timezone.now() else None


def survey_or_404(request, pk, *, removed: bool = False) -> Survey:
    """Of this authority; a draft is there for those who run surveys alone."""
    rows = request.authority.surveys.all()
    if not removed:
        rows = rows.standing()
    survey = get_object_or_404(rows, pk=pk)
    if survey.is_draft and Permission.SURVEY_RUN not in request.permissions:
        raise Http404
    survey.authority = request.authority
    return survey


def opened_meanwhile(request, survey: Survey):
    tell(request, "It has opened, so its questions stay as people were asked them.")
    return go(request, survey.get_absolute_url())


# --- a draft


@authority_view(Permission.SURVEY_RUN)
@require_http_methods(["GET", "POST"])
def survey_edit(request, pk):
    survey = survey_or_404(request, pk)
    form = SurveyEditForm(request.POST or None, initial=model_to_dict(survey), survey=survey)
    back = survey.get_absolute_url()
    if form.is_valid():
        try:
            actions.edit_survey(survey=survey, by=request.user, **form.cleaned_data)
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=back)
        except actions.NotADraft:
            return opened_meanwhile(request, survey)
        tell(request, "Got it. The survey is up to date.")
        return go(request, back)
    if not survey.is_draft:
        return opened_meanwhile(request, survey)
    context = {"form": form, "survey": survey, "back": back}
    return page(request, "surveys/survey_edit.html", context)


@authority_view(Permission.SURVEY_RUN)
@require_POST
def survey_remove(request, pk):
    survey = survey_or_404(request, pk, removed=True)
    try:
        actions.remove_survey(survey=survey, by=request.user)
    except actions.NotADraft:
        return opened_meanwhile(request, survey)
    undo = reverse("surveys:survey-put-back", args=[request.authority.slug, pk])
    tell(request, f"Taken away: {survey}", undo=undo)
    return go(request, _list_url(request))


@authority_view(Permission.SURVEY_RUN)
@require_POST
def survey_put_back(request, pk):
    survey = survey_or_404(request, pk, removed=True)
    actions.put_back_survey(survey=survey, by=request.user)
    tell(request, f"It’s back: {survey}")
    return go(request, survey.get_absolute_url())


# --- opening it, and while it is open


@authority_view(Permission.SURVEY_RUN)
@require_http_methods(["GET", "POST"])
def survey_open(request, pk):
    """First what opening means and until when; it can go back to draft until somebody answers."""
    survey = survey_or_404(request, pk)
    usual = survey.closes_on or timezone.localdate() + _USUALLY_OPEN
    form = ClosingDayForm(request.POST or None, initial={"closes_on": usual})
    if not survey.is_draft:
        tell(request, "It’s open already." if survey.is_open else "It has closed for good.")
        return go(request, survey.get_absolute_url())
    if request.method == "POST" and form.is_valid():
        try:
            actions.open_survey(survey=survey, by=request.user, **form.cleaned_data)
        except actions.NothingAsked:
            form.add_error(None, "It asks nothing yet. Add a question first.")
        except actions.NotADraft:
            tell(request, "Somebody has just taken it away.")
            return go(request, _list_url(request))
        else:
            tell(request, "It’s open. Now ask people: by mail, with the poster or in a meeting.")
            return go(request, survey.get_absolute_url())
    context = {"form": form, "survey": survey, "questions": survey.questions.standing()}
    return page(request, "surveys/survey_open.html", context)


@authority_view(Permission.SURVEY_RUN)
@require_POST
def survey_to_draft(request, pk):
    """Undo opening it, while nobody has answered."""
    survey = survey_or_404(request, pk)
    try:
        actions.back_to_draft(survey=survey, by=request.user)
        tell(request, "It’s a draft again. Links that were mailed don’t work any more.")
    except actions.Answered:
        tell(request, "Somebody has answered, so it stays open. You can close it.")
    except actions.NotOpen:
        tell(request, "It has closed for good.")
    return go(request, survey.get_absolute_url())


@authority_view(Permission.SURVEY_RUN)
@require_http_methods(["GET", "POST"])
def survey_closing_day(request, pk):
    survey = survey_or_404(request, pk)
    form = ClosingDayForm(request.POST or None, initial={"closes_on": survey.closes_on})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_closing_day(survey=survey, by=request.user, **form.cleaned_data)
        except actions.NotOpen:
            tell(request, "It isn’t open, so there is no day to change.")
        else:
            tell(request, "Got it. Links in mails work until then too.")
        return go(request, survey.get_absolute_url())
    context = {"form": form, "survey": survey}
    return page(request, "surveys/survey_closing_day.html", context)


@authority_view(Permission.SURVEY_RUN)
@require_http_methods(["GET", "POST"])
def survey_ask(request, pk):
    """Ask by mail; how many get one is told before any is sent."""
    survey = survey_or_404(request, pk)
    if not survey.is_open:
        tell(request, "Only an open survey can be mailed.")
        return go(request, survey.get_absolute_url())
    form = AskForm(request.POST or None, authority=request.authority)
    members = None
    if form.is_valid():
        said = form.cleaned_data
        chosen = {name: said[name] for name in ("teams", "roles")}
        members = list(reading.members_to_ask(survey, everybody=said["everybody"], **chosen))
        if members and said["sure"] == len(members):
            return _ask(request, survey, members, {} if said["everybody"] else chosen)
    context = {
        "form": form,
        "survey": survey,
        "count": None if members is None else len(members),
        "asked": survey.asked.count(),
    }
    return page(request, "surveys/survey_ask.html", context)


def _ask(request, survey: Survey, members: list, chosen: dict):
    try:
        count = actions.ask_by_mail(survey=survey, members=members, by=request.user, **chosen)
    except actions.NotOpen:
        tell(request, "It has just closed, so no mail goes out.")
    else:
        people = "person gets" if count == 1 else "people get"
        tell(request, f"{count} {people} a mail, within working hours.")
    return go(request, survey.get_absolute_url())


@authority_view(Permission.SURVEY_RUN)
@require_GET
def survey_poster(request, pk):
    """One sheet of A4 to hang up or pass round."""
    survey = survey_or_404(request, pk)
    if not survey.is_open:
        tell(request, "Open it first: the poster leads to its questions.")
        return go(request, survey.get_absolute_url())
    address = site_url(request, links.address_of(survey))
    context = {"survey": survey, "qr": qr(address), "shown_link": address.split("//")[-1]}
    return page(request, "surveys/survey_poster.html", context)


@authority_view(Permission.SURVEY_RUN)
@require_http_methods(["GET", "POST"])
def survey_close(request, pk):
    """First what closing means; nothing opens it again."""
    survey = survey_or_404(request, pk)
    asked = survey.asked.count()
    form = CloseForm(request.POST or None, initial={"people_asked": asked or None})
    if not survey.is_open:
        said = "It isn’t open yet." if survey.is_draft else "It has closed for good."
        tell(request, said)
        return go(request, survey.get_absolute_url())
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_survey(survey=survey, by=request.user, **form.cleaned_data)
        except actions.FewerAsked as fewer:
            form.say_fewer(fewer.answered)
        else:
            tell(request, "It’s closed, and nobody can tell any more who said what.")
            return go(request, survey.get_absolute_url())
    context = {"form": form, "survey": survey, "answered": survey.voices.count()}
    return page(request, "surveys/survey_close.html", context)


def _list_url(request) -> str:
    return reverse("surveys:surveys", args=[request.authority.slug])
