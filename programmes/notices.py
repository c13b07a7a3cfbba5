"""Notices: mail that nobody presses a button for. When it may go, that it goes once, and stops.

`notify` is called in the transaction of what it tells of; the worker (`crescendo/tasks.py`) sends
what is due. `ux.md` section 5 says which mails there are and at which hours.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from programmes.days import is_working
from programmes.mail import send_once
from programmes.models import (
    LocalAuthority,
    Notice,
    NoticeChoice,
    NoticeKind,
    NoticeRound,
    User,
)

# No mail in the evening, at night or at a weekend: hours of Europe/London.
_DAY_BEGINS, _DAY_ENDS = 8, 18
# A mail that the server refuses is tried again after 10, 20, 40 … minutes.
_TRIES = 6
_FIRST_WAIT = timedelta(minutes=10)
_AT_ONE_GO = 200
# No mail takes so long to go.
_ON_ITS_WAY = timedelta(hours=1)
_STOP = signing.Signer(salt="crescendo.notice-choice")


def notify(
    *,
    authority: LocalAuthority,
    to: str,
    kind: NoticeKind,
    key: str,
    template: str,
    context: dict,
    due_at: datetime | None = None,
) -> Notice | None:
    """Queue one mail to the address `to`; None where `key` was used before, or they want none.

    `template` names two files, such as "smallchanges/email/ask": the subject is in
    `…_subject.txt`, the words in `….txt`, which begin with a greeting and end before why the mail
    came, since that is added to each. Both see `authority` and `context`, whose addresses are
    absolute (`site_link`). A mail travels: no words of a note, an update or an inbox go in it.
    """
    choice, _ = NoticeChoice.objects.get_or_create(authority=authority, email=to.lower(), kind=kind)
    if choice.stopped_at:
        return None
    context = {"authority": authority, **context}
    subject = " ".join(render_to_string(f"{template}_subject.txt", context).split())
    notice, is_new = Notice.objects.get_or_create(
        authority=authority,
        key=key,
        defaults={
            "choice": choice,
            "subject": subject[:200],
            "body": render_to_string(f"{template}.txt", context).strip(),
            "due_at": due_at or timezone.now(),
        },
    )
    return notice if is_new else None


def is_awaited(*, authority: LocalAuthority, to: str, kind: NoticeKind, key: str) -> bool:
    """Whether `notify` would queue it: no link need be made for a mail that does not go."""
    if has_stopped(authority=authority, to=to, kind=kind):
        return False
    return not Notice.objects.filter(authority=authority, key=key).exists()


def has_stopped(*, authority: LocalAuthority, to: str, kind: NoticeKind) -> bool:
    """Whether somebody wants no mails of this kind."""
    choices = NoticeChoice.objects.filter(authority=authority, email=to.lower(), kind=kind)
    return choices.exclude(stopped_at=None).exists()


def may_hear(user: User, *, of: LocalAuthority) -> bool:
    """Whether mails of what happens in an authority may go to somebody: they can still open it."""
    return user.is_active and LocalAuthority.objects.seen_by(user).filter(pk=of.pk).exists()


def begins_round(authority: LocalAuthority, key: str) -> bool:
    """Whether this round is still to be made, and is now, in this transaction.

    Two workers at once: the second waits for the first's end, and then makes none.
    """
    _, is_new = NoticeRound.objects.get_or_create(authority=authority, key=key)
    return is_new


def rounds_begun(authority: LocalAuthority, keys: Iterable[str]) -> set[str]:
    """Those of many rounds that were still to be made, and are now; of the rest one query tells."""
    wanted = set(keys)
    rounds = NoticeRound.objects.filter(authority=authority, key__in=wanted)
    new = wanted - set(rounds.values_list("key", flat=True))
    return {key for key in sorted(new) if begins_round(authority, key)}


def drop(*, authority: LocalAuthority, key: str) -> None:
    """What waits under this key is not needed any more."""
    _drop(Notice.objects.filter(authority=authority, key=key))


def drop_all(*, authority: LocalAuthority, about: str) -> None:
    """Nor is what waits under any key that begins so."""
    _drop(Notice.objects.filter(authority=authority, key__startswith=f"{about} "))


def _drop(notices: QuerySet[Notice]) -> None:
    waiting = notices.filter(sent_at=None, dropped_at=None)
    waiting.update(dropped_at=timezone.now(), body="")


def site_link(path: str) -> str:
    """An absolute address for a mail that no request asked for."""
    return f"{settings.WORKER_SITE_URL}{path}"


def each_by_itself[Row](rows: Iterable[Row], queue: Callable[[Row], object]) -> None:
    """Let `queue` see to each row; one that fails does not keep the others from their mails.

    Raises an ExceptionGroup at the end, for the worker to tell of.
    """
    failures = []
    for row in rows:
        try:
            queue(row)
        except Exception as error:
            failures.append(error)
    if failures:
        raise ExceptionGroup("Some notices were not queued", failures)


# --- when


def is_polite(now: datetime) -> bool:
    """Whether a mail may go: on a weekday between 8 and 18 in London."""
    here = timezone.localtime(now)
    return is_working(here) and _DAY_BEGINS <= here.hour < _DAY_ENDS


def at_nine(day: date) -> datetime:
    """Nine in the morning in London, on that day or on the Monday after a weekend."""
    while not is_working(day):
        day += timedelta(days=1)
    return datetime.combine(day, time(9), tzinfo=timezone.get_default_timezone())


# --- sending


def send_due(*, now: datetime | None = None) -> int:
    """Send what is due, if the hour is one for mail; answers how many the mail server took.

    Run as often as one likes, and by as many workers: each notice goes once. One that was on its
    way when the line broke counts as gone, since it may be.
    """
    now = now or timezone.now()
    if not is_polite(now):
        return 0
    due = Notice.objects.due(now).select_related("authority", "choice")
    return send(due[:_AT_ONE_GO], now=now)


def send(waiting: Iterable[Notice], *, now: datetime) -> int:
    """Send these, whatever the hour; answers how many the mail server took."""
    letters = {}
    for notice in waiting:
        if notice.choice.stopped_at:
            drop(authority=notice.authority, key=notice.key)
        else:
            letters[_letter(notice)] = notice
    sent, refused = send_once(letters, waiting=Notice.objects.waiting())
    _forget_words(sent)
    for notice in refused:
        _try_again(notice, now)
    return len(sent)


def _forget_words(sent: list[Notice]) -> None:
    """Of what went just now, and of what was on its way when a line broke.

    What another worker sends at this moment is left alone: if the mail server refuses it, its words
    are needed again.
    """
    long_ago = Q(sent_at__lt=timezone.now() - _ON_ITS_WAY)
    gone = Notice.objects.filter(long_ago | Q(pk__in=[one.pk for one in sent]))
    gone.exclude(body="").update(body="")


@transaction.atomic
def _try_again(notice: Notice, now: datetime) -> None:
    row = Notice.objects.select_for_update().get(pk=notice.pk)
    if row.sent_at or row.dropped_at:
        return
    row.tries += 1
    row.due_at = now + _FIRST_WAIT * 2 ** (row.tries - 1)
    if row.tries == _TRIES:
        row.dropped_at, row.body = now, ""
    row.save(update_fields=["tries", "due_at", "dropped_at", "body"])


def _letter(notice: Notice) -> EmailMultiAlternatives:
    stop = site_link(reverse("places:mails-stop", args=[stop_token(notice.choice)]))
    context = {"notice": notice, "choice": notice.choice, "stop": stop}
    return EmailMultiAlternatives(
        subject=notice.subject,
        body=render_to_string("programmes/email/notice.txt", context),
        to=[notice.choice.email],
        headers={
            # RFC 8058: a mail program offers its own "Unsubscribe", and posts where we say.
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            # RFC 3834: no "I'm on holiday" comes back.
            "Auto-Submitted": "auto-generated",
        },
    )


# --- stopping


def stop_token(choice: NoticeChoice) -> str:
    return _STOP.sign(choice.pk.hex)


def follow_address(*, before: str, to: str) -> None:
    """What somebody chose goes with them to their new address, and so does what waits for them."""
    for choice in NoticeChoice.objects.filter(email=before.lower()):
        there, _ = NoticeChoice.objects.get_or_create(
            authority=choice.authority, email=to.lower(), kind=choice.kind
        )
        if choice.stopped_at and not there.stopped_at:
            there.stopped_at = choice.stopped_at
            there.save(update_fields=["stopped_at"])
        choice.notices.update(choice=there)
        choice.delete()


def choice_of(token: str) -> NoticeChoice | None:
    """Whose mails of which kind a link stops; None for one that is not ours."""
    try:
        pk = _STOP.unsign(token)
    except signing.BadSignature:
        return None
    return NoticeChoice.objects.filter(pk=pk).select_related("authority").first()
