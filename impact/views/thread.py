"""The golden thread: the map of all threads, and the story of the one that was chosen."""

from django.http import Http404
from django.urls import reverse
from django.views.decorators.http import require_GET

from impact.thread import Point, Web, point_of, programme_of
from impact.thread_map import draw
from impact.thread_story import Telling
from programmes.access import authority_view
from programmes.models import Programme
from programmes.pages import go, page, tell
from programmes.permissions import Permission
from workshops.rings import reads_notes

# How many of what was looked for are shown, and how long the words may be.
FOUND = 20
_LONGEST = 80
# By the kind of a point, in a sentence.
KIND_NAMES = {
    "barrier": "Barrier",
    "strand": "Strand",
    "change": "Small change",
    "insight": "What we learned",
    "pillar": "Pillar",
    "experiment": "Experiment",
    "result": "What changed",
}


@authority_view(Permission.JOURNEY_READ)
@require_GET
def thread(request):
    """Of any point, as in `?at=change-…`. Without one, the thread that goes furthest."""
    asked = request.GET.get("at", "")
    wanted = point_of(asked)
    programme = _programme_with(request, wanted)
    web = Web(programme) if programme else None
    at = web.best() if web and not wanted else None
    if web and wanted:
        at = web.now(wanted)
        if at not in web.words:
            raise Http404
        if at != wanted:
            was, now = web.joined[wanted][0], web.words[at]
            tell(request, f"“{was}” is joined with “{now}”. This is the thread of both.")
            return go(request, f"{reverse('impact:thread', args=[request.authority.slug])}?at={at}")
    words = request.GET.get("q", "").strip()[:_LONGEST]
    columns = draw(web, at) if web and at else []
    reads = reads_notes(request.user, request.permissions)
    context = {
        "at": at,
        "is_unreadable": bool(asked) and wanted is None,
        "columns": columns,
        "size": max((len(column.cells) for column in columns), default=0),
        "story": Telling(web, at, request.authority, reads) if web and at else None,
        "words": words,
        "found": _found(web, words) if web and words else None,
        "can": {
            "strand": Permission.STRAND_EDIT in request.permissions,
            "change": Permission.CHANGE_EDIT in request.permissions,
            "blueprint": Permission.BLUEPRINT_EDIT in request.permissions,
        },
    }
    return page(request, "impact/thread.html", context)


def _programme_with(request, point: Point | None) -> Programme | None:
    if point is None:
        return request.authority.current_programme()
    if (programme := programme_of(request.authority, point)) is None:
        raise Http404
    return programme


def _found(web: Web, words: str) -> dict:
    """Points whose words hold these, and how many more there are; results go with experiments."""
    hits = [
        (KIND_NAMES[point.kind], point, said)
        for point, said in web.words.items()
        if words.lower() in said.lower() and point.kind != "result"
    ]
    return {"hits": hits[:FOUND], "more": max(len(hits) - FOUND, 0)}
