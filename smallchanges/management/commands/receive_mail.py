"""One mail to the inbox, from the mail server on standard input (docs/deploy.md, 9)."""

import os
import sys

from django.core.management.base import BaseCommand
from django.db import Error

from programmes.models import LocalAuthority
from smallchanges import mailbox
from smallchanges.actions import inbox
from smallchanges.models import Offered

# What a mail server understands, from sysexits.h: the mail is at fault, or try again later.
REFUSED, LATER = os.EX_DATAERR, os.EX_TEMPFAIL


class Command(BaseCommand):
    help = "Take one mail on standard input into the inbox of an authority."
    # A mail server waits for it: nothing is asked that the mail does not need.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "--authority",
            default="",
            help="Whose inbox, as in the addresses of its pages; else the part after the plus of"
            " the address that the mail was sent to says it.",
        )
        parser.add_argument(
            "--sender", default="", help="The envelope's sender, by which a bounce is known."
        )

    def handle(self, *, authority: str, sender: str, **options):
        """Exits with 0, 65 or 75 and one line that says why, and never with a traceback."""
        code, words = _take(sys.stdin.buffer.read(mailbox.LARGEST_MAIL + 1), authority, sender)
        if code:
            self.stderr.write(words)
            sys.exit(code)
        self.stdout.write(words)


def _take(data: bytes, slug: str, sender: str) -> tuple[int, str]:
    try:
        letter = mailbox.read(data, sender=sender)
        return _offer(letter, slug or mailbox.slug_of(letter))
    except mailbox.Dropped as why:
        return 0, f"Left out: {why}."
    except mailbox.Unreadable as why:
        return REFUSED, str(why)
    except Error:
        return LATER, "The database is away."
    except Exception as error:
        # Better a mail that waits in the queue than one that is lost to a mistake of ours.
        return LATER, f"Something is wrong here ({type(error).__name__})."


def _offer(letter: mailbox.Letter, slug: str) -> tuple[int, str]:
    authority = LocalAuthority.objects.filter(slug=slug.lower()).first()
    if authority is None:
        return REFUSED, "No inbox has this address."
    try:
        offered = inbox.offer_by_mail(
            authority=authority,
            kind=Offered.Kind.BARRIER if letter.is_barrier else Offered.Kind.IDEA,
            text=letter.text,
            email=letter.sender,
            message_digest=letter.message_digest,
            sender_digest=letter.sender_digest,
        )
    except inbox.Closed:
        return REFUSED, "This inbox is closed at the moment."
    except inbox.Full:
        return LATER, "As many ideas wait as can be answered. There is room again in a few days."
    except inbox.TooMany:
        return LATER, "That is a lot of mails for one day. The rest has to wait until tomorrow."
    return 0, "Taken." if offered else "Taken before."
