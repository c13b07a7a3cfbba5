"""The link of a survey that hangs on a wall or goes round in a chat; and the key of a device."""

import secrets
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from surveys.models import Survey

_SIGNER = signing.Signer(salt="crescendo.survey-link")
_KEY_SALT = "crescendo.survey-key"
# Longer than any survey is open; each visit while it is open begins the time anew.
KEY_LASTS = timedelta(days=120)


def token_of(survey: Survey) -> str:
    """The same each time, so that a poster stays good until the close."""
    return _SIGNER.sign(survey.pk.hex)


def address_of(survey: Survey) -> str:
    """The path that a QR code, a poster or the live room leads to."""
    return reverse("surveys:answer-open", args=[survey.authority.slug, token_of(survey)])


def is_ours(token: str) -> bool:
    """Whether we ever signed it. Asks the database nothing, so that guesses cost little."""
    return _id_in(token) is not None


def survey_behind(token: str, *, slug: str) -> Survey | None:
    """The survey that `token` leads to, open or not; None where the authority has none such."""
    pk = _id_in(token)
    if pk is None:
        return None
    found = Survey.objects.standing().filter(pk=pk, authority__slug=slug)
    return found.select_related("authority").first()


def _id_in(token: str) -> UUID | None:
    try:
        return UUID(hex=_SIGNER.unsign(token))
    except (signing.BadSignature, ValueError):
        return None


# --- what a device carries


def cookie_name() -> str:
    prefix = "__Host-" if settings.SESSION_COOKIE_SECURE else ""
    return f"{prefix}survey-key"


def key_of(request) -> str:
    """What this device is known by in surveys; a new one where it carries none of ours.

    It lies on the device alone, and not in a session: the database must not hold, beside an
    account or a room, what somebody's answers could be found by.
    """
    try:
        return request.get_signed_cookie(cookie_name(), salt=_KEY_SALT)
    except (KeyError, signing.BadSignature):
        return secrets.token_urlsafe(32)


def keep_key(response, key: str) -> None:
    """Put a device's key into a cookie that no script can read."""
    response.set_signed_cookie(
        cookie_name(),
        key,
        salt=_KEY_SALT,
        max_age=int(KEY_LASTS.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget_key(response) -> None:
    """For a device that several people use: the next one begins anew."""
    response.delete_cookie(cookie_name(), samesite="Lax")
