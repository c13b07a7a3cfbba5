"""The impact report as members read it: the page, its files, and its versions."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from impact.pdf import report_pdf as as_pdf
from impact.reports import Reading, newest, read, with_words
from impact.word import report_docx as as_docx
from programmes.access import authority_view
from programmes.pages import page
from programmes.permissions import Permission

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@authority_view(Permission.JOURNEY_READ)
@require_GET
def report(request):
    """The newest version that was published."""
    row = newest(request.authority)
    context = {
        "report": row,
        "reading": read(row) if row else None,
        "can_edit": Permission.REPORT_EDIT in request.permissions,
    }
    return page(request, "impact/report.html", context)


@authority_view(Permission.JOURNEY_READ)
@require_GET
def report_pdf(request):
    return _of(request, None, as_pdf, "pdf", PDF)


@authority_view(Permission.JOURNEY_READ)
@require_GET
def report_docx(request):
    return _of(request, None, as_docx, "docx", DOCX)


@authority_view(Permission.JOURNEY_READ)
@require_GET
def report_versions(request):
    can_edit = Permission.REPORT_EDIT in request.permissions
    rows = request.authority.reports.for_list()
    if not can_edit:
        rows = rows.published().defer("logo")
    context = {"rows": list(rows), "can_edit": can_edit}
    return page(request, "impact/report_versions.html", context)


@authority_view(Permission.JOURNEY_READ)
@require_GET
def report_version(request, number):
    row = _version(request, number)
    can_edit = Permission.REPORT_EDIT in request.permissions
    context = {"report": row, "reading": read(row), "can_edit": can_edit, "is_old": True}
    return page(request, "impact/report.html", context)


@authority_view(Permission.JOURNEY_READ)
@require_GET
def report_version_pdf(request, number):
    return _of(request, number, as_pdf, "pdf", PDF)


@authority_view(Permission.JOURNEY_READ)
@require_GET
def report_version_docx(request, number):
    return _of(request, number, as_docx, "docx", DOCX)


def file_of(data: bytes, name: str, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(data, content_type=kind, headers=headers)


def _version(request, number: int):
    """A published one; 404 of a number that nobody published, or whose version was withdrawn."""
    rows = with_words(request.authority.reports.published().select_related("authority"))
    if (row := rows.filter(number=number).first()) is None:
        raise Http404
    return row


def _of(
    request, number: int | None, write: Callable[[Reading], bytes], ending: str, kind: str
) -> HttpResponse:
    """404 before anything was published: no page leads here until then."""
    row = newest(request.authority) if number is None else _version(request, number)
    if row is None:
        raise Http404
    reading = read(row)
    return file_of(write(reading), f"{request.authority.slug}-{reading.file_name}.{ending}", kind)
