"""Mail: links that a forged Host cannot bend, and many letters over one connection."""

import logging
import smtplib
import threading
import time
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage, mailers

logger = logging.getLogger(__name__)

# A page answers before its server gives up on it. What is left by then is "not sent yet".
SENDING_SECONDS = 20


def site_url(request, path: str) -> str:
    """An absolute address for a mail. In production it never comes from the request's Host."""
    return f"{settings.SITE_URL}{path}" if settings.SITE_URL else request.build_absolute_uri(path)


def send_each(letters: Iterable[EmailMessage]) -> list[EmailMessage]:
    """Send over one connection; return those that the mail server took.

    Never raises for mail that does not go: what it belongs to is saved, and can be sent again.
    """
    letters = iter(letters)
    give_up_at = time.monotonic() + SENDING_SECONDS
    sent = []
    try:
        with mailers.default as connection:
            # Nobody is asked for a letter that there is no time to send.
            while time.monotonic() < give_up_at and (letter := next(letters, None)) is not None:
                if _was_taken(connection, letter):
                    sent.append(letter)
    except OSError as error:
        logger.warning("the mail server is away: %s", type(error).__name__)
    return sent


def send_aside(letter: EmailMessage) -> None:
    """Send without keeping the page waiting. Whoever gets no letter asks for another one."""
    sending = threading.Thread(target=send_each, args=([letter],), name="mail")
    sending.start()
    if not settings.SEND_MAIL_ASIDE:
        sending.join()


def _was_taken(connection, letter: EmailMessage) -> bool:
    """False where the server refuses this one letter; raises where it can take none at all."""
    try:
        return bool(connection.send_messages([letter]))
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, ValueError) as error:
        # No address in a log: the kind of error is enough to look it up at the mail server.
        logger.warning("a mail was refused: %s", type(error).__name__)
        return False
