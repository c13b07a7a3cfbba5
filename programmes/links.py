"""Making a mailed link, and finding out what one that somebody opened is good for."""

from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.utils import timezone

from programmes.models import LocalAuthority, MailedLink

LIVES = timedelta(days=28)


class LinkRefused(Exception):
    """The words say why, for the person who opened it.

    `link` is there for one that was theirs once, so that a page can offer to mail them a new one.
    """

    def __init__(self, words: str, link: MailedLink | None = None):
        super().__init__(words)
        self.link = link


class LinkUsed(LinkRefused):
    """It was good, once. `link` is what it was."""

    link: MailedLink

    def __init__(self, link: MailedLink):
        words = "This link has been used already, and what was said with it is kept."
        super().__init__(words, link)


def make_link(
    *,
    authority: LocalAuthority,
    purpose: MailedLink.Purpose,
    target: UUID,
    email: str,
    lives: timedelta = LIVES,
) -> str:
    """The token that stands in a mail; call it in the transaction that queues the mail."""
    link = MailedLink.objects.create(
        authority=authority,
        purpose=purpose,
        target=target,
        email=email.lower(),
        expires_at=timezone.now() + lives,
    )
    return _signer(purpose).sign(link.pk.hex)


def link_of(token: str, purpose: MailedLink.Purpose, *, slug: str, user=None) -> MailedLink:
    """The link that `token` is, with its authority, opened by `user`, who may be signed in.

    `slug` is the authority that its address names. Raises `LinkRefused` where it was never given
    for this purpose there, where it is somebody else's, used (`LinkUsed`), revoked or expired.
    """
    try:
        pk = UUID(hex=_signer(purpose).unsign(token))
    except (signing.BadSignature, ValueError):
        raise LinkRefused("This link isn’t one of ours. Check that you copied all of it.") from None
    found = MailedLink.objects.filter(pk=pk, authority__slug=slug, purpose=purpose)
    link = found.select_related("authority").first()
    if link is None:
        raise LinkRefused("This link isn’t one of ours. Check that you copied all of it.")
    if user is not None and user.is_authenticated and user.email != link.email:
        raise LinkRefused(
            "This link was mailed to somebody else. It works for them alone: sign in as yourself"
            " and you’ll find your own."
        )
    if link.revoked_at:
        raise LinkRefused("This link was taken back. A newer mail may have another one.", link)
    if link.used_at:
        raise LinkUsed(link)
    if not link.is_open:
        raise LinkRefused("This link has run out: it’s good for four weeks.", link)
    return link


def use(link: MailedLink) -> bool:
    """Mark it as used, in the transaction of what it was used for; False where it was already."""
    return bool(MailedLink.objects.open().filter(pk=link.pk).update(used_at=timezone.now()))


def revoke(*, authority: LocalAuthority, purpose: MailedLink.Purpose, target: UUID) -> int:
    """Make every open link to `target` worthless; answers how many there were."""
    links = MailedLink.objects.open().filter(authority=authority, purpose=purpose, target=target)
    return links.update(revoked_at=timezone.now())


def _signer(purpose: MailedLink.Purpose) -> signing.Signer:
    return signing.Signer(salt=f"crescendo.mailed-link.{purpose}")
