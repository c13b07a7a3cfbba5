"""One box for everything that somebody may see."""

from django.core.paginator import Paginator
from django.views.decorators.http import require_GET

from impact.search import LONGEST, ON_A_PAGE, Answer, examples
from impact.search import search as look
from impact.search_kinds import BY_NAME, Reader
from programmes.access import authority_view
from programmes.pages import page
from programmes.permissions import Permission


@authority_view(Permission.JOURNEY_READ)
@require_GET
def search(request):
    """`?q=` is what to look for, `?kind=` one kind alone, of which `?page=` leafs through many."""
    words = " ".join(request.GET.get("q", "").split())[:LONGEST]
    kind = BY_NAME.get(request.GET.get("kind", ""))
    reader = Reader(
        authority=request.authority,
        programme=request.authority.current_programme(),
        user=request.user,
        membership=request.membership,
        permissions=request.permissions,
    )
    number = request.GET.get("page", "1")
    number = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    answer = look(words, reader, kind=kind, page=max(number, 1)) if words else None
    context = {
        "words": words,
        "kind": kind,
        "answer": answer,
        "pages": _leaf(answer),
        "examples": examples(reader) if answer is None or not answer.total else [],
    }
    return page(request, "impact/search.html", context)


def _leaf(answer: Answer | None):
    """Which page of how many it is, of one kind."""
    return Paginator(range(answer.total), ON_A_PAGE).get_page(answer.page) if answer else None
