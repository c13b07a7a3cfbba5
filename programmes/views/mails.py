"""Which mails somebody gets by themselves, and stopping them: signed in, or from a mail's link."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from programmes.access import member_view, open_view
from programmes.actions import mails as actions
from programmes.models import NoticeChoice
from programmes.notices import choice_of
from programmes.pages import go, page, tell


@member_view
@require_http_methods(["GET"])
def mails(request):
    choices = NoticeChoice.objects.of(request.user)
    return page(request, "programmes/mails.html", {"choices": choices})


@member_view
@require_POST
def mails_choose(request, pk):
    choice = get_object_or_404(NoticeChoice.objects.of(request.user), pk=pk)
    wanted = request.POST.get("wanted") == "yes"
    actions.choose(choice=choice, wanted=wanted, by=request.user)
    tell(request, _said(wanted))
    return go(request, request.path.rpartition(f"{pk}/")[0])


# A mail program's own button posts without a page of ours, and so without its token. Whoever holds
# the link could press the page's button too, and all that either does is stop, or start, mails.
@csrf_exempt
@open_view(reason="the link stands in a mail to somebody who need not have an account")
@require_http_methods(["GET", "POST"])
def mails_stop(request, token):
    choice = choice_of(token)
    if choice is None:
        return page(request, "programmes/mails_stop.html", {"choice": None}, status=404)
    if request.method == "POST":
        wanted = request.POST.get("wanted") == "yes"
        actions.choose(choice=choice, wanted=wanted, by=None)
        if "List-Unsubscribe" in request.POST:
            return HttpResponse("Stopped.", content_type="text/plain; charset=utf-8")
        tell(request, _said(wanted))
        return go(request, request.path)
    return page(request, "programmes/mails_stop.html", {"choice": choice})


def _said(wanted: bool) -> str:
    return "Got it. We’ll write again." if wanted else "Got it. No more of these mails."
