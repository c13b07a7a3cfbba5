"""What authorities share of their reports: sharing it, and reading it side by side."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from impact.across import across as read_across
from impact.actions import sharing as actions
from impact.forms.reports import ShareForm
from impact.pdf import across_pdf as as_pdf
from impact.reports import newest, read
from impact.views.report import DOCX, PDF, file_of
from impact.word import across_docx as as_docx
from programmes.access import authority_view, team_view
from programmes.editing import Taken
from programmes.pages import go, page, tell
from programmes.permissions import Permission


@team_view
@require_GET
def across(request):
    return page(request, "impact/across.html", {"across": read_across(), "is_team": True})


@team_view
@require_GET
def across_pdf(request):
    return file_of(as_pdf(_something_shared()), "impact-side-by-side.pdf", PDF)


@team_view
@require_GET
def across_docx(request):
    return file_of(as_docx(_something_shared()), "impact-side-by-side.docx", DOCX)


def _something_shared():
    """404 before anybody shares: no page leads to the files until then."""
    found = read_across()
    if not found.themes:
        raise Http404
    return found


@authority_view(Permission.JOURNEY_READ)
@require_GET
def others(request):
    """What others share, for members of an authority that shares too."""
    shares = request.authority.report_shares.standing().exists()
    context = {
        "across": read_across() if shares else None,
        "can_edit": Permission.REPORT_EDIT in request.permissions,
    }
    return page(request, "impact/others.html", context)


@authority_view(Permission.REPORT_EDIT)
@require_http_methods(["GET", "POST"])
def report_sharing(request):
    """Which sections of the newest published version others may read."""
    report = newest(request.authority)
    reading = read(report) if report else None
    offered = [part.key for part in reading.parts] if reading else []
    share = request.authority.report_shares.standing().select_related("report", "shared_by").first()
    form = ShareForm(
        request.POST or None, offered=offered, initial={"keys": share.keys if share else []}
    )
    if report is not None and form.is_valid():
        said = form.cleaned_data
        new = actions.share_report(report=report, pk=said["id"], keys=said["keys"], by=request.user)
        undo = _url(request, "report-share-take-back", new.pk)
        tell(request, "Shared. Take it back whenever you like.", undo=undo)
        return go(request, request.path)
    context = {"form": form, "report": report, "reading": reading, "share": share}
    return page(request, "impact/report_sharing.html", context)


@authority_view(Permission.REPORT_EDIT)
@require_POST
def report_share_take_back(request, pk):
    share = get_object_or_404(request.authority.report_shares, pk=pk)
    actions.take_back_share(share=share, by=request.user)
    undo = _url(request, "report-share-give-back", pk)
    tell(request, "Nobody elsewhere reads it any more.", undo=undo)
    return go(request, _sharing_url(request))


@authority_view(Permission.REPORT_EDIT)
@require_POST
def report_share_give_back(request, pk):
    share = get_object_or_404(request.authority.report_shares, pk=pk)
    try:
        actions.give_back_share(share=share, by=request.user)
    except Taken:
        tell(request, "Something else is shared by now, so this stays as it is.")
    else:
        tell(request, "It’s shared again.")
    return go(request, _sharing_url(request))


def _sharing_url(request) -> str:
    return reverse("impact:report-sharing", args=[request.authority.slug])


def _url(request, name: str, pk) -> str:
    return reverse(f"impact:{name}", args=[request.authority.slug, pk])
