"""The link that a partner was given: its address, and what stands behind one that was opened."""

from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.urls import reverse

from blueprints.models import PartnerLink

_SIGNER = signing.Signer(salt="crescendo.partner-link")
# How long one is good for, by the words that a form has for it.
LASTS = {
    "2 weeks": timedelta(weeks=2),
    "3 months": timedelta(days=91),
    "1 year": timedelta(days=365),
}


def token_of(link: PartnerLink) -> str:
    """The same each time, so that the address can be shown again."""
    return _SIGNER.sign(link.pk.hex)


def address_of(link: PartnerLink) -> str:
    return reverse("blueprints:shared", args=[link.authority.slug, token_of(link)])


def is_ours(token: str) -> bool:
    """Whether we ever signed it. Asks the database nothing, so that guesses cost little."""
    return _id_in(token) is not None


def link_behind(token: str, *, slug: str) -> PartnerLink | None:
    """The link that `token` is, good or not; None where it never was one of the authority `slug`.

    Good for nothing by now: `PartnerLink.is_open` says so.
    """
    pk = _id_in(token)
    found = PartnerLink.objects.filter(pk=pk, authority__slug=slug) if pk else None
    return found.select_related("authority").first() if found is not None else None


def _id_in(token: str) -> UUID | None:
    try:
        return UUID(hex=_SIGNER.unsign(token))
    except (signing.BadSignature, ValueError):
        return None
