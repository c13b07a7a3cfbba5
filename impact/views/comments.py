"""Comments from surveys, looked at by a person before others read them."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from programmes import guard
from programmes.access import authority_view
from programmes.pages import go, page, tell
from programmes.permissions import Permission
from surveys.actions.looks import look_at
from surveys.looks import comments_of
from surveys.models import SurveyAnswer

_Look = SurveyAnswer.Look
# What stands in an address for each look, and what the status line says of it.
_LOOKS = {
    "show": (_Look.SHOWN, "Everybody here can read it now."),
    "keep-back": (_Look.KEPT_BACK, "Kept back: nobody else can read it."),
    "wait": (_Look.WAITING, "It waits for a look again."),
}
_WORDS = {look: word for word, (look, _) in _LOOKS.items()}
_ON_A_PAGE = 50


@authority_view(Permission.SURVEY_RUN)
@require_GET
def comments(request, pk):
    """What people wrote in one closed survey, where enough of them did."""
    survey = get_object_or_404(request.authority.surveys.closed(), pk=pk)
    shown = Paginator(comments_of(survey), _ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "survey": survey,
        "comments": shown,
        "rows": [(one, guard.look(one.text or "")) for one in shown],
    }
    return page(request, "impact/comments.html", context, region="comments")


@authority_view(Permission.SURVEY_RUN)
@require_POST
def comment_look(request, pk, answer_pk, look):
    """Show, keep back, or let wait again."""
    if look not in _LOOKS:
        raise Http404
    survey = get_object_or_404(request.authority.surveys.closed(), pk=pk)
    answer = get_object_or_404(comments_of(survey), pk=answer_pk)
    wanted, said = _LOOKS[look]
    before = look_at(answer=answer, look=wanted, by=request.user)
    here = [request.authority.slug, survey.pk]
    undo = reverse("impact:comment-look", args=[*here, answer.pk, _WORDS[_Look(before)]])
    tell(request, said, undo=undo if before != wanted else "")
    back = reverse("impact:comments", args=here)
    number = request.GET.get("page", "")
    return go(request, f"{back}?page={number}" if number.isdigit() else back)
