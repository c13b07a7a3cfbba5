"""Writing the impact report: its draft, its sections and sentences, and publishing it."""

from functools import wraps
from uuid import uuid4

from django.core.exceptions import BadRequest, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from impact.actions import reports as actions
from impact.editing import benches_of
from impact.forms.reports import DraftForm, PublishForm, SentenceAddForm, SentenceEditForm
from impact.models import Report, ReportSentence
from impact.reports import read, with_words
from programmes.access import authority_view, programme_or_404
from programmes.editing import Stale, Taken
from programmes.ordering import order
from programmes.pages import conflict, go, page, tell
from programmes.permissions import Permission


def _while_a_draft(view):
    """Where somebody published or withdrew it meanwhile, say so rather than fail."""

    @wraps(view)
    def inside(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except ValidationError as error:
            tell(request, " ".join(error.messages))
            return go(request, _edit_url(request))

    return inside


@authority_view(Permission.REPORT_EDIT)
@require_GET
def report_edit(request):
    """The draft, section by section, with what the data says by now; or the way to begin one."""
    programme = request.authority.current_programme()
    draft = request.authority.reports.draft().select_related("programme").first()
    published = request.authority.reports.published().defer("logo").first()
    context = {
        "draft": draft,
        "published": published,
        "programme": programme,
        "benches": benches_of(draft, draft.programme) if draft else [],
        "new_id": uuid4(),
    }
    return page(request, "impact/report_edit.html", context)


@authority_view(Permission.REPORT_EDIT)
@require_POST
def report_draft(request):
    programme = programme_or_404(request)
    form = DraftForm(request.POST)
    if not form.is_valid():
        raise BadRequest("Which draft?")
    try:
        report = actions.draft_report(
            programme=programme, pk=form.cleaned_data["id"], by=request.user
        )
    except Taken:
        tell(request, "Somebody has begun a draft already: here it is.")
    else:
        undo = _report_url(request, "report-withdraw", report)
        tell(request, f"Drafted from the data: version {report.number}", undo=undo)
    return go(request, _edit_url(request))


@authority_view(Permission.REPORT_EDIT)
@require_http_methods(["GET", "POST"])
def report_publish(request):
    """The draft as it will read, and the press that publishes it."""
    rows = with_words(request.authority.reports.draft().select_related("authority"))
    if (draft := rows.first()) is None:
        raise Http404
    initial = {"version": draft.version, "title": draft.title, "why": draft.why}
    form = PublishForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            actions.publish_report(report=draft, by=request.user, **form.cleaned_data)
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=_edit_url(request))
        undo = _report_url(request, "report-withdraw", draft)
        tell(
            request, f"Version {draft.number} is published. Everybody here can read it.", undo=undo
        )
        return go(request, reverse("impact:report", args=[request.authority.slug]))
    context = {"form": form, "draft": draft, "reading": read(draft), "back": _edit_url(request)}
    return page(request, "impact/report_publish.html", context)


@authority_view(Permission.REPORT_EDIT)
@require_POST
def report_withdraw(request, pk):
    report = actions.withdraw_report(report=_report(request, pk), by=request.user)
    undo = _report_url(request, "report-put-back", report)
    tell(request, f"Nobody reads it any more: version {report.number}", undo=undo)
    return go(request, _back_url(request, report))


@authority_view(Permission.REPORT_EDIT)
@require_POST
def report_put_back(request, pk):
    report = _report(request, pk)
    try:
        report = actions.put_back_report(report=report, by=request.user)
    except Taken:
        tell(request, "There’s a newer draft by now, so this one stays away.")
    else:
        tell(request, f"It’s back: version {report.number}")
    return go(request, _back_url(request, report))


# --- sections


@authority_view(Permission.REPORT_EDIT)
@require_POST
@_while_a_draft
def report_section_in(request, pk):
    return _choose(request, pk, is_in=True)


@authority_view(Permission.REPORT_EDIT)
@require_POST
@_while_a_draft
def report_section_out(request, pk):
    return _choose(request, pk, is_in=False)


def _choose(request, pk, *, is_in: bool):
    section = actions.choose_section(section=_section(request, pk), is_in=is_in, by=request.user)
    other = "impact:report-section-out" if is_in else "impact:report-section-in"
    said = "It’s in the report" if is_in else "Left out of the report"
    tell(request, f"{said}: {section}", undo=reverse(other, args=[request.authority.slug, pk]))
    return go(request, _at(request, section))


@authority_view(Permission.REPORT_EDIT)
@require_POST
@_while_a_draft
def report_section_order(request, pk):
    section = _section(request, pk)
    order(request, section, actions.order_section)
    return go(request, _at(request, section))


@authority_view(Permission.REPORT_EDIT)
@require_http_methods(["GET", "POST"])
@_while_a_draft
def report_section_add(request, pk):
    """A sentence in our own words."""
    section = _section(request, pk)
    form = SentenceAddForm(request.POST or None)
    form.start_here()
    if form.is_valid():
        said = form.cleaned_data
        sentence = actions.add_sentence(
            section=section, pk=said["id"], text=said["text"], by=request.user
        )
        tell(request, "Added.", undo=_sentence_url(request, "remove", sentence))
        return go(request, _at(request, section))
    context = {"form": form, "section": section, "back": _at(request, section)}
    return page(request, "impact/report_section_add.html", context)


@authority_view(Permission.REPORT_EDIT)
@require_POST
@_while_a_draft
def report_section_take(request, pk):
    """The words that the data has now, in place of the old ones or as a new sentence."""
    section = _section(request, pk)
    key = request.POST.get("key", "")
    had = section.sentences.filter(key=key).exists()
    sentence = actions.take_sentence(section=section, key=key, by=request.user)
    if sentence is None:
        tell(request, "The data doesn’t say that any more.")
    else:
        undo = _sentence_url(request, "unsay" if had else "remove", sentence)
        tell(request, "It says what the data says now.", undo=undo)
    return go(request, _at(request, section))


# --- sentences


@authority_view(Permission.REPORT_EDIT)
@require_http_methods(["GET", "POST"])
@_while_a_draft
def report_sentence_edit(request, pk):
    sentence = _sentence(request, pk)
    if sentence.kind == ReportSentence.Kind.STORY:
        raise Http404
    initial = {"version": sentence.version, "text": sentence.text}
    form = SentenceEditForm(request.POST or None, initial=initial)
    back = _at(request, sentence.section)
    if form.is_valid():
        try:
            actions.reword_sentence(sentence=sentence, by=request.user, **form.cleaned_data)
        except Stale as stale:
            return conflict(request, form=form, row=stale.row, back=back)
        undo = _sentence_url(request, "unsay", sentence)
        tell(request, "Got it. The new words are in place.", undo=undo)
        return go(request, back)
    context = {"form": form, "sentence": sentence, "back": back}
    return page(request, "impact/report_sentence_edit.html", context)


@authority_view(Permission.REPORT_EDIT)
@require_POST
@_while_a_draft
def report_sentence_unsay(request, pk):
    sentence = actions.unsay_sentence(sentence=_sentence(request, pk), by=request.user)
    tell(request, "The words before are back.")
    return go(request, _at(request, sentence.section))


@authority_view(Permission.REPORT_EDIT)
@require_POST
@_while_a_draft
def report_sentence_remove(request, pk):
    sentence = actions.remove_sentence(sentence=_sentence(request, pk), by=request.user)
    undo = _sentence_url(request, "put-back", sentence)
    tell(request, f"Taken out: {sentence}", undo=undo)
    return go(request, _at(request, sentence.section))


@authority_view(Permission.REPORT_EDIT)
@require_POST
@_while_a_draft
def report_sentence_put_back(request, pk):
    sentence = actions.put_back_sentence(sentence=_sentence(request, pk), by=request.user)
    tell(request, f"It’s back: {sentence}")
    return go(request, _at(request, sentence.section))


# --- what they share


def _report(request, pk) -> Report:
    return get_object_or_404(request.authority.reports, pk=pk)


def _section(request, pk):
    return get_object_or_404(request.authority.report_sections.of_a_draft(), pk=pk)


def _sentence(request, pk):
    return get_object_or_404(request.authority.report_sentences.of_a_draft(), pk=pk)


def _edit_url(request) -> str:
    return reverse("impact:report-edit", args=[request.authority.slug])


def _at(request, section) -> str:
    """Where the section stands on the page of the draft."""
    return f"{_edit_url(request)}#{section.key}"


def _back_url(request, report: Report) -> str:
    """A draft is edited; a version that was published stands in the list."""
    name = "impact:report-versions" if report.published_at else "impact:report-edit"
    return reverse(name, args=[request.authority.slug])


def _report_url(request, name: str, report: Report) -> str:
    return reverse(f"impact:{name}", args=[request.authority.slug, report.pk])


def _sentence_url(request, verb: str, sentence: ReportSentence) -> str:
    return reverse(f"impact:report-sentence-{verb}", args=[request.authority.slug, sentence.pk])
