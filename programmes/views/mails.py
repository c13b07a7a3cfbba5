"""Which mails somebody gets by themselves, and stopping them: signed in, or from a mail's link."""

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from programmes.access import member_view, open_view
from programmes.actions import mails as actions
from programmes.models import NoticeChoice
from programmes.notices import choice_of
from programmes.pages import go, page, tell


@member_view
@require_http_methods(["GET", "POST"])
def mails(request):
    choices = NoticeChoice.objects.of(request.user)
    if request.method == "POST":
        choice = next((one for one in choices if str(one.pk) == request.POST.get("which")), None)
        if choice is None:
            raise BadRequest("Whose mails these are is not known, or not yours to choose.")
        wanted = request.POST.get("wanted") == "yes"
        actions.choose(choice=choice, wanted=wanted, by=request.user)
        tell(request, _said(wanted))
        return go(request, request.path)
    return page(request, "programmes/mails.html", {"choices": choices})


@csrf_exempt
@open_view(reason="the link stands in a mail to somebody who need not have an account")
@require_http_methods(["GET", "POST"])
def mails_stop(request, token):
    """A page with one button; and where a mail program's own button posts, without our token."""
    choice = choice_of(token)
    if choice is None:
        return page(request, "programmes/mails_stop.html", {"choice": None}, status=404)
    if request.POST.get("List-Unsubscribe") == "One-Click":
        actions.choose(choice=choice, wanted=False, by=None)
        return HttpResponse("Stopped.", content_type="text/plain; charset=utf-8")
    return _stop(request, choice)


@csrf_protect
def _stop(request, choice: NoticeChoice):
    if request.method == "POST":
        wanted = request.POST.get("wanted") == "yes"
        actions.choose(choice=choice, wanted=wanted, by=None)
        tell(request, _said(wanted))
        return go(request, request.path)
    return page(request, "programmes/mails_stop.html", {"choice": choice})


def _said(wanted: bool) -> str:
    return "Got it. We’ll write again." if wanted else "Got it. No more of these mails."
