"""Whether somebody wants a kind of mail."""

from django.db import transaction
from django.utils import timezone

from programmes.audit import record
from programmes.editing import locked
from programmes.models import NoticeChoice, User


@transaction.atomic
def choose(*, choice: NoticeChoice, wanted: bool, by: User | None) -> None:
    """Stop these mails, or start them again. Those that wait to go are looked at when they would.

    The same wish a second time does nothing. `by` is None for whoever opened the link in a mail.
    """
    choice = locked(choice, may_be_pointed_at=True)
    if wanted == (choice.stopped_at is None):
        return
    choice.stopped_at = None if wanted else timezone.now()
    choice.save(update_fields=["stopped_at"])
    record("mails wanted" if wanted else "mails stopped", choice, by=by, kind=choice.kind)
