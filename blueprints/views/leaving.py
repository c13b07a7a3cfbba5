"""The blueprint as a file, for who takes it to a meeting."""

import re
from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from blueprints.leaving import Paper, Reader, paper_of
from blueprints.pdf import as_pdf
from blueprints.word import as_docx
from programmes.access import authority_view
from programmes.permissions import Permission

_NUMBER = re.compile(r"[1-9][0-9]{0,4}")
_PDF = "application/pdf"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@authority_view(Permission.JOURNEY_READ)
@require_GET
def blueprint_pdf(request):
    return pdf_of(_asked_for(request), request.authority.slug)


@authority_view(Permission.JOURNEY_READ)
@require_GET
def blueprint_docx(request):
    return docx_of(_asked_for(request), request.authority.slug)


def pdf_of(paper: Paper | None, slug: str) -> HttpResponse:
    return _file(paper, slug, as_pdf, "pdf", _PDF)


def docx_of(paper: Paper | None, slug: str) -> HttpResponse:
    return _file(paper, slug, as_docx, "docx", _DOCX)


def _asked_for(request) -> Paper | None:
    """`?for=partners` is what partners get, for who wants to see it first; `?version=2` is that
    version, and never another text in its place.
    """
    reader = request.GET.get("for", Reader.MEETING)
    number = request.GET.get("version")
    if reader not in set(Reader) or not (number is None or _NUMBER.fullmatch(number)):
        raise Http404
    return paper_of(request.authority, Reader(reader), number=number and int(number))


def _file(
    paper: Paper | None, slug: str, write: Callable[[Paper], bytes], ending: str, kind: str
) -> HttpResponse:
    """404 before anybody wrote a word: no page leads here until then."""
    if paper is None:
        raise Http404
    name = f"{slug}-{paper.file_name}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(write(paper), content_type=kind, headers=headers)
