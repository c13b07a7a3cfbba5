"""Giving the data feed's keys away, and taking them back."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from impact.feed_keys import digest_of, new_token
from impact.models import FeedKey
from programmes.audit import record
from programmes.editing import locked, make_once
from programmes.models import LocalAuthority, User


@transaction.atomic
def give_key(
    *,
    authority: LocalAuthority,
    pk: UUID,
    for_whom: str,
    scopes: Iterable[str],
    lasts: timedelta,
    by: User,
) -> tuple[FeedKey, str]:
    """The row, and the key itself, which nobody can be shown again.

    The same form sent twice gives one row. The browser shows the last answer alone, so the key in
    that is the one that opens; once it has been used, or taken back, there is none to show: "".
    """
    now, token = timezone.now(), new_token()
    key, is_new = make_once(
        authority.feed_keys,
        pk=pk,
        constraint="",  # the same people may well have two
        for_whom=for_whom,
        scopes=list(scopes),
        digest=digest_of(token),
        made_at=now,
        made_by=by,
        expires_at=now + lasts,
    )
    if is_new:
        record(
            "feed key given",
            key,
            by=by,
            scopes=key.scopes,
            until=timezone.localdate(key.expires_at).isoformat(),
        )
        return key, token
    key = locked(key)
    if key.last_used_on or not key.is_open or key.made_by_id != by.pk:
        return key, ""
    key.digest = digest_of(token)
    key.save(update_fields=["digest"])
    return key, token


@transaction.atomic
def take_back_key(*, key: FeedKey, by: User) -> FeedKey:
    """From now on it opens nothing, for good; twice is once."""
    key = locked(key)
    if key.revoked_at is None:
        key.revoked_at, key.revoked_by = timezone.now(), by
        key.save(update_fields=["revoked_at", "revoked_by"])
        record("feed key taken back", key, by=by)
    return key
