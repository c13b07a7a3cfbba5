"""Answering a survey: as a member, by the link of a poster or a room, or by a mailed link.

One voice each: a member's is their membership's wherever they come from, a guest's is a key that
lies on their device alone. The site's Referrer-Policy tells other sites none of these addresses; a
stricter one would hide from our own forms where they come from, and they would be refused.
"""

from dataclasses import dataclass
from uuid import UUID

from allauth.core.internal.ratelimit import consume, get_ip
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_http_methods

from programmes.access import authority_view, open_view
from programmes.links import LinkRefused, link_of
from programmes.models import MailedLink, Membership
from programmes.pages import go, kept_by_nobody, page
from programmes.permissions import Permission
from surveys import links
from surveys.actions.answers import answer as keep_answer
from surveys.actions.voices import NotOpen
from surveys.forms.answering import AnswerForm
from surveys.models import Asked, Survey
from surveys.said import said_by

_A_LOT = "That’s a lot at once from where you are. Wait a minute, then send it again."
_NOT_OURS = "This link isn’t complete, or it isn’t one of ours. Check that you copied all of it."
_TOO_MANY = "That’s a lot of links that don’t work. Wait a minute, then try again with yours."
_HAS_CLOSED = "It has closed, so it takes no more answers. Thank you for wanting to."
_NOT_YET = "It isn’t open yet. Keep the link: it works from the day on which the survey opens."
_NOT_ASKED = (
    "This asks the people who work here, and your account helps them from outside. So there is"
    " nothing for you to answer."
)
_NOT_HERE = "You don’t take part here any more, so there is nothing for you to answer."


@dataclass(frozen=True)
class Way:
    """How somebody came, and what their answers are known by while the survey is open."""

    survey: Survey
    voice: UUID | str
    membership: Membership | None = None

    @property
    def is_guest(self) -> bool:
        return self.membership is None


@authority_view(Permission.JOURNEY_READ)
@require_http_methods(["GET", "POST"])
def answer(request, pk):
    """A member, who is signed in."""
    survey = get_object_or_404(request.authority.surveys.standing(), pk=pk)
    survey.authority = request.authority
    if request.membership is None:
        return _refused(request, _NOT_ASKED, survey=survey, status=200)
    return _answer(request, Way(survey, request.membership.pk, request.membership))


@open_view(reason="whoever has the poster's link may answer, without an account")
@require_http_methods(["GET", "POST"])
def answer_open(request, authority_slug, token):
    """Guests; and members who are signed in, who count once wherever they come from."""
    if not links.is_ours(token):
        may_guess = consume(request, app="allauth.account", action="survey_link", limit_get=True)
        status = 404 if may_guess else 429
        return _refused(request, _NOT_OURS if may_guess else _TOO_MANY, status=status)
    survey = links.survey_behind(token, slug=authority_slug)
    if survey is None:
        return _refused(request, _NOT_OURS, status=404)
    if request.user.is_authenticated and (member := _member(request.user, survey)):
        return _answer(request, Way(survey, member.pk, member))
    if request.method == "POST" and "afresh" in request.POST:
        response = go(request, request.path)
        links.forget_key(response)
        return response
    key = links.key_of(request)
    response = _answer(request, Way(survey, key))
    if survey.is_open:
        # Before anything is sent, so that a form that is sent twice is one voice's.
        links.keep_key(response, key)
    return response


def _member(user, survey: Survey) -> Membership | None:
    standing = Membership.objects.standing()
    return standing.filter(user=user, authority=survey.authority_id).first()


@open_view(reason="the link in a mail lets its one reader answer one survey until it closes")
@require_http_methods(["GET", "POST"])
def mailed(request, authority_slug, token):
    """It is not used up: people may change their minds until the close."""
    try:
        link = link_of(token, MailedLink.Purpose.SURVEY, slug=authority_slug, user=request.user)
    except LinkRefused as refused:
        # What was theirs once and is good no more is that of a survey which has closed.
        return _refused(request, _HAS_CLOSED if refused.link else str(refused), status=404)
    found = Asked.objects.filter(authority=link.authority, pk=link.target)
    asked = found.select_related("survey", "membership").first()
    if asked is None or asked.survey.removed_at is not None:
        return _refused(request, _HAS_CLOSED, status=404)
    if asked.membership.ended_at is not None:
        return _refused(request, _NOT_HERE, status=404)
    asked.survey.authority = link.authority
    return _answer(request, Way(asked.survey, asked.membership_id, asked.membership))


def _answer(request, way: Way):
    survey = way.survey
    if not survey.is_open:
        form = AnswerForm(request.POST, survey=survey) if request.method == "POST" else None
        return _shut(request, survey, form)
    before = said_by(survey, way.voice)
    form = AnswerForm(
        request.POST if request.method == "POST" else None, survey=survey, sheet=before
    )
    context: dict = {"form": form, "finding": None}
    if request.method == "POST" and form.is_valid():
        sheet = form.sheet()
        if sheet.is_empty and before.is_empty:
            form.add_error(None, "Answer at least one of them. You can leave out any you like.")
        elif "anyway" not in request.POST and (finding := form.to_warn_of()):
            context["finding"] = finding
        elif way.is_guest and not _may_answer(request):
            form.add_error(None, _A_LOT)
        else:
            try:
                keep_answer(survey=survey, voice=way.voice, sheet=sheet, membership=way.membership)
            except NotOpen:
                survey.refresh_from_db()
                return _shut(request, survey, form)
            return go(request, request.path)
    is_sent = request.method == "GET" and not before.is_empty and "change" not in request.GET
    context |= {
        "survey": survey,
        "way": way,
        "is_sent": is_sent,
        "has_answered": not before.is_empty,
        "is_member": getattr(request, "membership", None) is not None,
    }
    return kept_by_nobody(page(request, "surveys/answer.html", context))


def _may_answer(request) -> bool:
    """A flood from one address is slowed; a whole council behind one is not kept out."""
    said = f"{get_ip(request)} {timezone.localdate()}"
    # Whoever has the database would else read in the cache from where somebody answered.
    where = salted_hmac("crescendo.survey-answer", said, algorithm="sha256").hexdigest()
    return bool(consume(request, app="allauth.account", action="survey_answer", key=where))


def _shut(request, survey: Survey, form: AnswerForm | None):
    """It closed, perhaps while somebody wrote: what they typed is shown back to them."""
    why = _NOT_YET if survey.is_draft else _HAS_CLOSED
    typed = form.typed() if form is not None else []
    return _refused(request, why, survey=survey, status=409 if typed else 410, typed=typed)


def _refused(request, why: str, *, status: int, survey: Survey | None = None, typed=()):
    context = {"why": why, "survey": survey, "typed": typed}
    return kept_by_nobody(page(request, "surveys/answer_refused.html", context, status=status))
