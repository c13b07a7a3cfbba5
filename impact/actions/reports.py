"""The impact report: drafting it from the data, editing it, publishing and withdrawing it.

Nothing else assigns a report's state and its days.
"""

from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from impact.drafting import drafted
from impact.models import Report, ReportSection, ReportSentence, SectionKey
from impact.survey_sentences import Drafted
from programmes.audit import record
from programmes.editing import (
    Taken,
    locked,
    make_once,
    next_position,
    put_back,
    save_version,
    shift,
    take_away,
    unless_taken,
)
from programmes.models import AuthorityLogo, Programme, User

_ONE_DRAFT = "report_one_draft_at_a_time"
_NUMBERED = "report_numbered_once"
State = Report.State
Kind = ReportSentence.Kind
# What an undo of new words brings back.
_WORDS = ("text", "drafted", "rests_on", "illustrative")


@transaction.atomic
def draft_report(*, programme: Programme, pk: UUID, by: User | None) -> Report:
    """A draft from the data as it is now, and from what people made of the version before: which
    sections it has, in which order, what they wrote, put in other words or took away.

    Raises `Taken` where another draft is being written.
    """
    locked(programme.authority, may_be_pointed_at=True)
    if programme.authority.reports.draft().exclude(pk=pk).exists():
        raise Taken(_ONE_DRAFT)
    ever = programme.authority.reports.ever_published()
    last = ever.order_by("-number").first()
    report, is_new = make_once(
        programme.authority.reports,
        pk=pk,
        constraint=_ONE_DRAFT,
        programme=programme,
        number=last.number + 1 if last else 1,
        **({"title": last.title} if last else {}),
        made_by=by,
    )
    if is_new:
        before = ever.filter(state=State.PUBLISHED).order_by("-number").first()
        _write_sections(report, drafted(programme), before)
        record("report drafted", report, by=by)
    return report


def _write_sections(report: Report, now: dict[str, list[Drafted]], before: Report | None) -> None:
    old = {one.key: one for one in before.sections.all()} if before else {}
    sections, sentences = [], []
    for place, key in enumerate(SectionKey):
        was = old.get(key)
        section = ReportSection(
            authority_id=report.authority_id,
            report=report,
            key=key,
            heading=was.heading if was else key.label,
            is_in=was.is_in if was else True,
            position=was.position if was else place,
        )
        sections.append(section)
        written = list(was.sentences.all()) if was else []
        sentences += _sentences(section, now[key], written)
    ReportSection.objects.bulk_create(sections)
    ReportSentence.objects.bulk_create(sentences)


def _sentences(
    section: ReportSection, now: list[Drafted], written: list[ReportSentence]
) -> list[ReportSentence]:
    """Those that people made their own stay as they were; all others say what the data says now."""
    fresh = {one.key: one for one in now}
    kept = []
    for was in written:
        if was.kind == Kind.OWN or was.key in fresh:
            fitting = fresh.pop(was.key, None)
            is_theirs = was.kind == Kind.OWN or was.is_edited
            row = _copy(section, was) if is_theirs or not fitting else _new(section, fitting)
            row.removed_at, row.removed_by_id = was.removed_at, was.removed_by_id
            kept.append(row)
    kept += [_new(section, one) for one in fresh.values()]
    for place, row in enumerate(kept):
        row.position = place
    return kept


def _copy(section: ReportSection, was: ReportSentence) -> ReportSentence:
    names = ("authority_id", "kind", "key", *_WORDS)
    return ReportSentence(section=section, **{name: getattr(was, name) for name in names})


def _new(section: ReportSection, one: Drafted) -> ReportSentence:
    return ReportSentence(
        authority_id=section.authority_id, section=section, key=one.key, kind=one.kind, **_said(one)
    )


def _said(one: Drafted) -> dict:
    return {
        "text": one.text,
        "drafted": one.text,
        "rests_on": [basis.as_json() for basis in one.rests_on],
        "illustrative": one.made_up,
    }


@transaction.atomic
def publish_report(
    *, report: Report, version: int, title: str, why: str, by: User | None
) -> Report:
    """From now on members read it, and nobody changes it. Twice is once.

    Raises `Stale` where somebody named it otherwise meanwhile. Side effects: its day, who did it,
    and the title page as it is now.
    """
    report = locked(report)
    if report.published_at is not None or report.state != State.DRAFT:
        return report
    logo = AuthorityLogo.objects.filter(authority=report.authority_id).first()
    report = save_version(
        report,
        version=version,
        title=title,
        why=why,
        state=State.PUBLISHED,
        published_at=timezone.now(),
        published_by=by,
        letterhead=report.authority.formal_name,
        logo=bytes(logo.png) if logo else b"",
    )
    record("report published", report, by=by)
    return report


@transaction.atomic
def withdraw_report(*, report: Report, by: User) -> Report:
    """Throw a draft away, or take a published version out of sight: what is shared of it goes too.

    Its words stay, for `put_back_report`.
    """
    report = locked(report)
    if report.state != State.WITHDRAWN:
        report.state, report.withdrawn_at, report.withdrawn_by = State.WITHDRAWN, timezone.now(), by
        report.save(update_fields=["state", "withdrawn_at", "withdrawn_by"])
        record("report withdrawn", report, by=by)
    return report


@transaction.atomic
def put_back_report(*, report: Report, by: User) -> Report:
    """Undo `withdraw_report`. Raises `Taken` where there is a new draft, or its number went on."""
    report = locked(report)
    if report.state == State.WITHDRAWN:
        report.state = State.PUBLISHED if report.published_at else State.DRAFT
        report.withdrawn_at = report.withdrawn_by = None
        with unless_taken(_ONE_DRAFT, _NUMBERED):
            report.save(update_fields=["state", "withdrawn_at", "withdrawn_by"])
        record("report put back", report, by=by)
    return report


# --- what is in it


@transaction.atomic
def choose_section(*, section: ReportSection, is_in: bool, by: User) -> ReportSection:
    """Take a section into the draft, or leave it out; its sentences stay for when it comes back."""
    section = _of_a_draft(section)
    if section.is_in != is_in:
        section.is_in = is_in
        section.save(update_fields=["is_in"])
        record("report section chosen", section, by=by, is_in=is_in)
    return section


@transaction.atomic
def order_section(*, row: ReportSection, places: int, by: User) -> bool:
    _of_a_draft(row)
    moved = shift(ReportSection.objects.filter(report=row.report_id), row, by=places)
    if moved:
        record("report section ordered", row, by=by)
    return moved


@transaction.atomic
def add_sentence(*, section: ReportSection, pk: UUID, text: str, by: User) -> ReportSentence:
    """In our own words, at the section's end. The same form sent twice adds one."""
    _of_a_draft(section)
    rows = ReportSentence.objects.filter(authority=section.authority_id)
    sentence, is_new = make_once(
        rows,
        pk=pk,
        constraint="",  # two may well say the same
        authority=section.authority,
        section=section,
        kind=Kind.OWN,
        text=text,
        position=next_position(section.sentences),
    )
    if is_new:
        record("report sentence added", sentence, by=by)
    return sentence


@transaction.atomic
def reword_sentence(
    *, sentence: ReportSentence, version: int, text: str, by: User
) -> ReportSentence:
    """Raises `Stale` where somebody was quicker, and ValidationError at a story."""
    _of_a_draft(sentence.section)
    if sentence.kind == Kind.STORY:
        raise ValidationError("A story stays in its teller’s words.")
    if sentence.text == text and sentence.version == version:
        return sentence
    sentence = save_version(sentence, version=version, text=text, before=_now(sentence))
    record("report sentence reworded", sentence, by=by)
    return sentence


@transaction.atomic
def take_sentence(*, section: ReportSection, key: str, by: User) -> ReportSentence | None:
    """Take the words that the data has now for `key`: in place of the old ones, or as a new one.

    None where the data says nothing of that kind any more.
    """
    section = _of_a_draft(section)
    now = {one.key: one for one in drafted(section.report.programme)[section.key]}.get(key)
    if now is None:
        return None
    row = section.sentences.select_for_update().filter(key=key).first()
    if row is None:
        row = _new(section, now)
        row.pk, row.position = uuid4(), next_position(section.sentences)
        row.save(force_insert=True)
    else:
        row = save_version(row, version=row.version, before=_now(row), **_said(now))
    record("report sentence taken from the data", row, by=by)
    return row


@transaction.atomic
def unsay_sentence(*, sentence: ReportSentence, by: User) -> ReportSentence:
    """Bring back the words before; once more brings the newer ones back."""
    _of_a_draft(sentence.section)
    sentence = locked(sentence)
    if sentence.before:
        words = sentence.before
        sentence = save_version(
            sentence, version=sentence.version, **{**words, "before": _now(sentence)}
        )
        record("report sentence brought back", sentence, by=by)
    return sentence


@transaction.atomic
def remove_sentence(*, sentence: ReportSentence, by: User) -> ReportSentence:
    _of_a_draft(sentence.section)
    sentence = locked(sentence)
    if sentence.removed_at is None:
        take_away(sentence, by=by)
        record("report sentence removed", sentence, by=by)
    return sentence


@transaction.atomic
def put_back_sentence(*, sentence: ReportSentence, by: User) -> ReportSentence:
    _of_a_draft(sentence.section)
    sentence = locked(sentence)
    if sentence.removed_at is not None:
        put_back(sentence)
        record("report sentence put back", sentence, by=by)
    return sentence


def _now(sentence: ReportSentence) -> dict:
    return {name: getattr(sentence, name) for name in _WORDS}


def _of_a_draft(section: ReportSection) -> ReportSection:
    """The section, while its report is kept from being published; ValidationError after that."""
    report = locked(section.report, may_be_pointed_at=True)
    if report.state != State.DRAFT:
        raise ValidationError("This version isn’t a draft any more.")
    return section
