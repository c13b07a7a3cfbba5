"""A survey in a room: where phones are led to, and how many have answered. No answer passes here.

Its form is a page of its own, where a guest's device has another key than in the room: nothing that
is kept joins who is in a room with what somebody answered.
"""

from programmes.mail import site_url
from programmes.pages import qr
from surveys.links import address_of
from surveys.models import Survey
from workshops.models import Activity, ActivityKind


def about(activity: Activity) -> dict:
    """What everybody may see: the survey, where it is answered, and how many have so far."""
    if activity.kind != ActivityKind.SURVEY:
        return {}
    survey = activity.survey
    if survey is None or survey.removed_at is not None:
        return {"survey": None}
    survey.authority = activity.workshop.authority
    return {
        "survey": survey,
        "answer_at": address_of(survey) if survey.is_open else "",
        "answered": survey.voices.count() if survey.is_open else survey.answered_told,
    }


def on_screen(request, context: dict) -> dict:
    """The QR code and the link that lead to the survey, where one is open."""
    if not context.get("answer_at"):
        return {}
    link = site_url(request, context["answer_at"])
    return {"survey_link": link, "survey_qr": qr(link)}


def bring_in(activity: Activity) -> bool:
    """Where nobody chose a survey, the newest that is open; whether there was one."""
    if activity.kind != ActivityKind.SURVEY or activity.survey_id:
        return False
    activity.survey = _open_ones(activity).first()
    return activity.survey is not None


def _open_ones(activity: Activity):
    return Survey.objects.open().filter(programme=activity.workshop.programme).for_list()
