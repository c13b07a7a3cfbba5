"""One's own e-mail address: changed only with a code from a mail to the new one.

What waits for the code is kept in the person's session and nowhere else: an address that nobody
has shown to be theirs must not receive sign-in codes or password links.
"""

import secrets
import time

from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.crypto import constant_time_compare, get_random_string

from programmes.audit import record
from programmes.editing import unless_taken
from programmes.mail import send_each
from programmes.models import User
from programmes.notices import follow_address

MINUTES = 15
TRIES = 5
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels, so no words; nothing that looks like a figure


@transaction.atomic
def ask(*, to: str, by: User) -> dict:
    """Mail a code to `to`, and return what the session has to keep until it comes back.

    Where somebody has that address already they are told so instead, and no code will fit: the
    page says the same in both cases, so that nobody learns from it who is here.
    """
    record("address asked for", by, by=by)
    taken = User.objects.filter(email=to).exists()
    code = get_random_string(8, _LETTERS)
    letter = _letter("address_taken" if taken else "address_code", to, code=code, minutes=MINUTES)
    transaction.on_commit(lambda: send_each([letter]))
    return {
        "to": to,
        "code": secrets.token_hex() if taken else code,
        "until": time.time() + MINUTES * 60,
        "tries": TRIES,
    }


def is_open(waiting: dict | None) -> bool:
    """Whether what `ask` returned can still be answered."""
    return waiting is not None and waiting["tries"] > 0 and time.time() < waiting["until"]


def fits(waiting: dict, code: str) -> bool:
    """Whether this is the code from the mail. Each call uses up one try."""
    waiting["tries"] -= 1
    typed = "".join(letter for letter in code.upper() if letter.isalnum())
    return constant_time_compare(typed, waiting["code"])


@transaction.atomic
def change(*, to: str, by: User) -> None:
    """Sign in with `to` from now on, and tell the old address. Raises `Taken`."""
    user = User.objects.select_for_update().get(pk=by.pk)
    before, user.email = user.email, to
    with unless_taken("user_email_unique"):
        user.save(update_fields=["email"])
    # allauth mails codes and password links to these: the old address must get none any more.
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=to, verified=True, primary=True)
    follow_address(before=before, to=to)
    record("address changed", user, by=user)
    letter = _letter("address_changed", before)
    transaction.on_commit(lambda: send_each([letter]))


def _letter(name: str, to: str, **context) -> EmailMessage:
    return EmailMessage(
        subject=render_to_string(f"account/email/{name}_subject.txt", context).strip(),
        body=render_to_string(f"account/email/{name}_message.txt", context),
        to=[to],
    )
