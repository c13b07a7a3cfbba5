"""A data feed's key: what it looks like, and the row behind one that somebody sent."""

import hashlib
import hmac
import re
import secrets

from django.utils import timezone

from impact.models import FeedKey

# Programs that look for keys in files and mails know one by how it begins.
_BEGINS = "crk_"
_BYTES = 32
_LOOKS_LIKE_ONE = re.compile(rf"{_BEGINS}[\w-]{{43}}")


def new_token() -> str:
    return _BEGINS + secrets.token_urlsafe(_BYTES)


def digest_of(token: str) -> str:
    """A key is random and long, so that a plain digest tells nothing of it."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_in(header: str) -> str:
    """What stands after "Bearer" in an Authorization header; empty where there is none."""
    scheme, _, token = header.strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def key_behind(token: str) -> FeedKey | None:
    """The key that `token` is, good or not; None where it never was one. With its authority.

    What cannot be a key asks the database nothing.
    """
    if not _LOOKS_LIKE_ONE.fullmatch(token):
        return None
    digest = digest_of(token)
    key = FeedKey.objects.select_related("authority").filter(digest=digest).first()
    return key if key and hmac.compare_digest(key.digest, digest) else None


def note_use(key: FeedKey) -> None:
    """Keep the day on which it was last used: one write a day."""
    today = timezone.localdate()
    if key.last_used_on != today:
        FeedKey.objects.filter(pk=key.pk).update(last_used_on=today)
