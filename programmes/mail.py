"""Mail: links that a forged Host cannot bend, and many letters over one connection."""

import logging
import smtplib
import threading
import time
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.db.models import QuerySet
from django.utils import timezone

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


def send_once(letters: Mapping[Any, Any], *, waiting: QuerySet | None = None) -> tuple[list, list]:
    """Send each letter to nobody who has had it; returns the rows that went, and those refused.

    Only those go that are still among the rows of `waiting`, where that is said.

    A row says by its `sent_at` whether its letter has gone. It is marked just before, in a
    statement that only one sender can win, so that two who send at once send once. One that the
    mail server refuses waits again; one that a cut caught on its way counts as gone, since it may
    be. Call it outside a transaction.
    """
    answered = []

    def each():
        for letter, row in letters.items():
            rows = type(row)._base_manager.all() if waiting is None else waiting
            if rows.filter(pk=row.pk, sent_at=None).update(sent_at=timezone.now()):
                yield letter
                answered.append(letter)

    gone = set(map(id, send_each(each())))
    sent = [letters[one] for one in answered if id(one) in gone]
    refused = [letters[one] for one in answered if id(one) not in gone]
    for row in refused:
        type(row)._base_manager.filter(pk=row.pk).update(sent_at=None)
    return sent, refused


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
