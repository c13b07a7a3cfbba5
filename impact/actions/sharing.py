"""What of its report an authority lets others read, and taking that back."""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from impact.models import Report, ReportShare
from programmes.audit import record
from programmes.editing import locked, make_once, unless_taken
from programmes.models import User

_ONE = "report_share_one_at_a_time"


@transaction.atomic
def share_report(*, report: Report, pk: UUID, keys: Iterable[str], by: User) -> ReportShare:
    """Let other authorities that share, and the Crescendo team, read these sections.

    It takes the place of what was shared before. ValidationError where it isn't published.
    """
    authority = locked(report.authority, may_be_pointed_at=True)
    report = locked(report, may_be_pointed_at=True)
    if share := authority.report_shares.filter(pk=pk).first():
        return share
    if report.state != Report.State.PUBLISHED:
        raise ValidationError("Only what’s published can be shared.")
    for old in authority.report_shares.filter(taken_back_at=None):
        take_back_share(share=old, by=by)
    share, is_new = make_once(
        authority.report_shares,
        pk=pk,
        constraint=_ONE,
        report=report,
        keys=sorted(keys),
        shared_by=by,
    )
    if is_new:
        record("report shared", share, by=by, sections=share.keys, version=report.number)
    return share


@transaction.atomic
def take_back_share(*, share: ReportShare, by: User) -> ReportShare:
    """Nobody elsewhere reads it any more, from now on; twice is once."""
    share = locked(share)
    if share.taken_back_at is None:
        share.taken_back_at, share.taken_back_by = timezone.now(), by
        share.save(update_fields=["taken_back_at", "taken_back_by"])
        record("report share taken back", share, by=by)
    return share


@transaction.atomic
def give_back_share(*, share: ReportShare, by: User) -> ReportShare:
    """Undo `take_back_share`. Raises `Taken` where something else is shared by now."""
    share = locked(share)
    if share.taken_back_at is not None:
        share.taken_back_at = share.taken_back_by = None
        with unless_taken(_ONE):
            share.save(update_fields=["taken_back_at", "taken_back_by"])
        record("report shared again", share, by=by)
    return share
