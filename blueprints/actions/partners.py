"""Giving partners a link to the blueprint, and taking it back."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from blueprints.models import PartnerLink
from programmes.audit import record
from programmes.editing import locked, make_once
from programmes.models import LocalAuthority, User


@transaction.atomic
def give_link(
    *, authority: LocalAuthority, pk: UUID, for_whom: str, lasts: timedelta, by: User
) -> PartnerLink:
    """The same form sent twice gives one. History knows that, and until when, but not for whom."""
    now = timezone.now()
    link, is_new = make_once(
        authority.partner_links,
        pk=pk,
        constraint="",  # the same partner may well have two
        for_whom=for_whom,
        made_at=now,
        made_by=by,
        expires_at=now + lasts,
    )
    if is_new:
        record(
            "partner link given", link, by=by, until=timezone.localdate(link.expires_at).isoformat()
        )
    return link


@transaction.atomic
def take_back_link(*, link: PartnerLink, by: User) -> PartnerLink:
    """From now on it opens nothing; twice is once."""
    link = locked(link)
    if link.revoked_at is None:
        link.revoked_at, link.revoked_by = timezone.now(), by
        link.save(update_fields=["revoked_at", "revoked_by"])
        record("partner link taken back", link, by=by)
    return link


@transaction.atomic
def give_back_link(*, link: PartnerLink, by: User) -> PartnerLink:
    """Undo `take_back_link`: it opens again, for as long as it was to."""
    link = locked(link)
    if link.revoked_at is not None:
        link.revoked_at = link.revoked_by = None
        link.save(update_fields=["revoked_at", "revoked_by"])
        record("partner link given back", link, by=by)
    return link
