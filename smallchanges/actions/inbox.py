"""The inbox: offering without a trace, the gate of answers, and forgetting in time.

What people offer without their name leaves no history, as in a room: it would say who, and when.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import BadRequest
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from programmes import guard
from programmes.actions import ambition
from programmes.audit import record
from programmes.editing import locked, make_once, put_back, save_version, take_away
from programmes.models import (
    Barrier,
    LocalAuthority,
    NoticeChoice,
    NoticeKind,
    Programme,
    User,
    start_of_day,
)
from programmes.notices import drop, notify, site_link
from smallchanges.inbox import answer_path
from smallchanges.models import (
    Ask,
    Inbox,
    MissionStrand,
    Offered,
    ReceivedMail,
    SmallChange,
    Stage,
    Status,
)
from smallchanges.models.inbox import new_key

from .asks import add_ask, remove_ask
from .changes import add_change

# An address or a name that was given for the answer is kept this long after it; as long is a thing
# kept that was taken away.
KEPT_FOR = timedelta(days=30)
# So that a slip can be taken back before anybody is told.
_TOLD_AFTER = timedelta(minutes=10)
# How many mails of one sender a day are offered.
MAILS_A_DAY = 5


class Closed(Exception):
    """Nobody can offer anything at the moment."""


class Full(Exception):
    """As many wait as can be answered."""


class TooMany(Exception):
    """This sender has sent enough for today."""


class Answered(Exception):
    """Somebody else answered it, or took it away, meanwhile. `row` is as it stands now."""

    def __init__(self, row: Offered):
        super().__init__(str(row.pk))
        self.row = row


# --- offering


@transaction.atomic
def offer(
    *,
    authority: LocalAuthority,
    pk: UUID,
    kind: str,
    text: str,
    reply: str,
    name: str = "",
    email: str = "",
) -> Offered:
    """What somebody offers without an account, or without their name.

    Raises `Closed` and `Full`. Whoever writes first keeps others waiting for a moment, so that no
    more wait in the end than can be answered. The same form sent twice makes one.
    """
    return _offer(
        _open(authority), pk=pk, kind=kind, text=text, reply=reply, name=name, email=email
    )[0]


@transaction.atomic
def offer_named(*, authority: LocalAuthority, pk: UUID, kind: str, text: str, by: User) -> Offered:
    """What a member offers with their name; they are mailed the answer. Raises as `offer` does."""
    offered, is_new = _offer(
        _open(authority), pk=pk, kind=kind, text=text, reply=Offered.Reply.MEMBER, by=by
    )
    if is_new:
        record("offered", offered, by=by, kind=kind)
    return offered


@transaction.atomic
def offer_by_mail(
    *,
    authority: LocalAuthority,
    kind: str,
    text: str,
    email: str,
    message_digest: str,
    sender_digest: str,
) -> Offered | None:
    """What somebody mailed; None for a mail that was taken before.

    Raises as `offer` does, and `TooMany`.
    """
    inbox = _open(authority)
    mails = ReceivedMail.objects.filter(authority=authority)
    if mails.filter(message_digest=message_digest).exists():
        return None
    today = mails.filter(sender_digest=sender_digest, created_at__gte=start_of_day(timezone.now()))
    if today.count() >= MAILS_A_DAY:
        raise TooMany
    ReceivedMail.objects.create(
        authority=authority, message_digest=message_digest, sender_digest=sender_digest
    )
    reply = Offered.Reply.EMAIL
    return _offer(inbox, pk=uuid4(), kind=kind, text=text, reply=reply, email=email)[0]


def _open(authority: LocalAuthority) -> Inbox:
    """The inbox, kept from others until this is done; raises `Closed`."""
    inbox = _locked_inbox(authority)
    if not inbox.is_open:
        raise Closed
    return inbox


def _locked_inbox(authority: LocalAuthority) -> Inbox:
    inbox, _ = Inbox.objects.get_or_create(authority=authority)
    return locked(inbox)


def _offer(inbox: Inbox, *, pk: UUID, text: str, **fields) -> tuple[Offered, bool]:
    authority = inbox.authority
    known = authority.offered.filter(pk=pk).first()
    if known and known.text != text:
        # Sent once more with other words, from a page that was gone back to: it is another one.
        known, pk = None, uuid4()
    if known is None and authority.offered.waiting().count() >= inbox.most_waiting:
        raise Full
    held_for = Offered.HeldFor.GUARD if guard.look(text) else Offered.HeldFor.NOTHING
    return make_once(
        authority.offered, pk=pk, constraint="", text=text, held_for=held_for, **fields
    )


# --- what the facilitator sees to


@transaction.atomic
def set_up(
    *,
    authority: LocalAuthority,
    version: int,
    is_open: bool,
    most_waiting: int,
    answers_within: int,
    by: User,
) -> Inbox:
    """Open or close it, and say what it promises. Raises `Stale`."""
    promises: dict[str, Any] = {"most_waiting": most_waiting, "answers_within": answers_within}
    inbox = save_version(_locked_inbox(authority), version=version, is_open=is_open, **promises)
    record("inbox set up", inbox, by=by, is_open=is_open, **promises)
    return inbox


@transaction.atomic
def renew_link(*, authority: LocalAuthority, seen: str, by: User) -> Inbox:
    """A new link for everybody without an account; old posters lead nowhere any more.

    `seen` is the key that the page showed: pressed twice, it is renewed once.
    """
    inbox = _locked_inbox(authority)
    if inbox.key == seen:
        inbox.key = new_key()
        inbox.save(update_fields=["key"])
        record("inbox link renewed", inbox, by=by)
    return inbox


@transaction.atomic
def show(*, offered: Offered, by: User) -> None:
    """Nothing in it names anybody: everybody may read it."""
    row = locked(offered)
    if row.held_for:
        row.held_for = Offered.HeldFor.NOTHING
        row.save(update_fields=["held_for"])
        record("offered shown", row, by=by)


@transaction.atomic
def tidy(*, offered: Offered, version: int, text: str, by: User) -> Offered:
    """Other words, in which nobody is named; those of before are kept nowhere. Raises `Stale`."""
    held_for = Offered.HeldFor.NOTHING
    row = save_version(offered, version=version, text=text, held_for=held_for)
    record("offered tidied", row, by=by)
    return row


@transaction.atomic
def remove(*, offered: Offered, by: User) -> bool:
    """What is no idea at all. False, and no event, where it was taken away already."""
    row = locked(offered)
    if row.removed_at is not None:
        return False
    take_away(row, by=by)
    record("offered removed", row, by=by)
    return True


@transaction.atomic
def put_back_offered(*, offered: Offered, by: User) -> None:
    """Undo `remove`."""
    row = locked(offered)
    if row.removed_at is not None:
        put_back(row)
        record("offered put back", row, by=by)


# --- answers


@transaction.atomic
def answer(
    *,
    offered: Offered,
    state: str,
    words: str,
    by: User,
    barrier: Barrier | None = None,
    change: SmallChange | None = None,
    ask: Ask | None = None,
    made_it: bool = False,
) -> Offered:
    """The gate: what became of it. Nothing else but `take_answer_back` assigns `state`.

    Side effects, all in one transaction: who answered and when, in what words, and what it became;
    the event "offered answered"; a mail to whoever gave an address, with a link and none of the
    words, which goes after ten minutes.

    Raises `Answered` where somebody was quicker. What is held back is looked at first.
    """
    row = _waiting(offered)
    row.state, row.answer = state, words
    row.barrier, row.change, row.ask = barrier, change, ask
    row.answered_by, row.answered_at, row.made_it = by, timezone.now(), made_it
    row.save()
    record("offered answered", row, by=by, state=state)
    _tell(row)
    return row


@transaction.atomic
def answer_as_barrier(
    *,
    offered: Offered,
    programme: Programme,
    pk: UUID,
    text: str,
    known: Barrier | None,
    words: str,
    by: User,
) -> Offered:
    """It goes on the list of barriers, or is one that stands there. Raises `Taken` too."""
    _waiting(offered)
    barrier = known
    made_it = known is None and not Barrier.objects.filter(pk=pk).exists()
    if barrier is None:
        made = ambition.add(programme=programme, kind=Barrier, text=text, by=by, pk=pk)
        barrier = Barrier.objects.get(pk=made.pk)
    return answer(
        offered=offered,
        state=Offered.State.BARRIER,
        words=words,
        by=by,
        barrier=barrier,
        made_it=made_it,
    )


@transaction.atomic
def answer_as_change(
    *,
    offered: Offered,
    programme: Programme,
    pk: UUID,
    title: str,
    purpose: str,
    strand: MissionStrand | None,
    why: str,
    known: SmallChange | None,
    words: str,
    by: User,
) -> Offered:
    """It becomes a small change, or part of one that is there. Raises `Taken` for its title."""
    _waiting(offered)
    made_it = known is None and not SmallChange.objects.filter(pk=pk).exists()
    change = known or add_change(
        programme=programme,
        pk=pk,
        strand=strand,
        teams=[],
        by=by,
        title=title,
        purpose=purpose,
        why=why,
    )
    return answer(
        offered=offered,
        state=Offered.State.CHANGE,
        words=words,
        by=by,
        change=change,
        made_it=made_it,
    )


@transaction.atomic
def answer_as_ask(
    *, offered: Offered, change: SmallChange, words: str, by: User, **asked: Any
) -> Offered:
    """It becomes an ask of one person for this change, who is mailed at once.

    `asked` is what `add_ask` takes: of whom, what exactly, and what for.
    """
    _waiting(offered)
    # No id of the form's is needed: what is answered once is asked for once.
    ask = add_ask(change=change, pk=uuid4(), by=by, **asked)
    return answer(offered=offered, state=Offered.State.ASK, words=words, by=by, ask=ask)


@transaction.atomic
def take_answer_back(*, offered: Offered, by: User) -> bool:
    """It waits again, and a mail that has not gone stays. False where it waits already.

    What the answer made goes with it, as long as nobody has done anything with it: an ask until
    somebody says yes or no to it.
    """
    row = locked(offered)
    if row.is_waiting:
        return False
    barrier, change = (row.barrier, row.change) if row.made_it else (None, None)
    ask = locked(row.ask) if row.ask else None
    drop(authority=row.authority, key=_key_of_notice(row))
    row.state, row.answer = Offered.State.WAITING, ""
    row.barrier = row.change = row.ask = None
    row.answered_by, row.answered_at, row.made_it = None, None, False
    row.save()
    record("offered answer taken back", row, by=by)
    if barrier and barrier.version == 1 and not _is_pointed_at(barrier):
        ambition.remove(statement=barrier, by=by)
    if change:
        _withdraw(change, by)
    if ask and ask.state == Ask.State.WAITING:
        remove_ask(ask=ask, by=by)
    return True


def _waiting(offered: Offered) -> Offered:
    """The row as it stands, kept from others; raises `Answered` where it waits no more."""
    row = locked(offered)
    if not row.is_waiting or row.removed_at:
        raise Answered(row)
    if row.held_for:
        raise BadRequest("Look at it before you answer it.")
    return row


def _withdraw(change: SmallChange, by: User) -> None:
    """Undo `add_change`, where the change is as it was made and nothing points at it."""
    row = locked(change)
    is_as_made = (row.version, row.stage, row.status) == (1, Stage.MISSION, Status.PROPOSED)
    if is_as_made and not _is_pointed_at(row):
        record("change withdrawn", row, by=by)
        row.delete()


def _is_pointed_at(row: SmallChange | Barrier) -> bool:
    """Whether a row of any app has it for its own."""
    fields: Any = row._meta.get_fields(include_hidden=True)
    links = [one for one in fields if one.auto_created and (one.one_to_many or one.one_to_one)]
    return any(
        link.related_model._base_manager.filter(**{link.field.name: row}).exists() for link in links
    )


def _tell(row: Offered) -> None:
    to = row.email or (row.by.email if row.by and row.by.is_active else "")
    if to:
        notify(
            authority=row.authority,
            to=to,
            kind=NoticeKind.REPLY,
            key=_key_of_notice(row),
            template="smallchanges/email/inbox_answer",
            context={"offered": row, "link": site_link(answer_path(row))},
            due_at=timezone.now() + _TOLD_AFTER,
        )


def _key_of_notice(row: Offered) -> str:
    """One mail for each answer: another answer after one that was taken back is told again."""
    at = row.answered_at.isoformat() if row.answered_at else ""
    return f"inbox answer {row.pk} {at}"


# --- forgetting


def forget_due(now: datetime) -> None:
    """For the worker: let each inbox forget what its time is up for."""
    due: set[int] = set()
    for rows in _to_forget(now).values():
        due |= set(rows.order_by().values_list("authority", flat=True).distinct())
    for authority in LocalAuthority.objects.filter(pk__in=due).order_by("pk"):
        forget(authority=authority, now=now, by=None)


@transaction.atomic
def forget(*, authority: LocalAuthority, now: datetime, by: User | None) -> None:
    """Names and addresses 30 days after the answer, and what was taken away 30 days after that.

    What was offered without a name is written anew, in random order and all of a sudden, once its
    day is over: where rows lie, and which transaction wrote them, would else tell of their order.
    """
    inbox = _locked_inbox(authority)
    due = {name: rows.filter(authority=authority) for name, rows in _to_forget(now).items()}
    addresses = set(due["people"].exclude(email="").values_list("email", flat=True))
    forgotten = due["people"].update(name="", email="")
    # What was taken away before anybody answered it had an address too.
    addresses |= set(due["removed"].exclude(email="").values_list("email", flat=True))
    removed, _ = due["removed"].delete()
    mails, _ = due["mails"].delete()
    stirred = list(due["unstirred"].values_list("pk", flat=True))
    secrets.SystemRandom().shuffle(stirred)
    for pk in stirred:
        Offered.objects.filter(pk=pk).update(is_stirred=True)
    _forget_choices(authority, addresses)
    record(
        "inbox forgot",
        inbox,
        by=by,
        people=forgotten,
        removed=removed,
        mails=mails,
        stirred=len(stirred),
    )


def _to_forget(now: datetime) -> dict[str, QuerySet]:
    """Of all authorities, by what is to be done with it."""
    before, offered = now - KEPT_FOR, Offered.objects.all()
    return {
        "people": offered.filter(answered_at__lt=before).exclude(name="", email=""),
        "removed": offered.filter(removed_at__lt=before),
        "mails": ReceivedMail.objects.filter(created_at__lt=before),
        "unstirred": offered.filter(is_stirred=False, by=None, created_at__lt=start_of_day(now)),
    }


def _forget_choices(authority: LocalAuthority, addresses: set[str]) -> None:
    """Nor is it kept that an address was written to, unless it is a person's who takes part."""
    still = authority.offered.filter(email__in=addresses).values_list("email", flat=True)
    people = User.objects.filter(email__in=addresses).values_list("email", flat=True)
    gone = addresses - set(still) - set(people)
    NoticeChoice.objects.filter(authority=authority, kind=NoticeKind.REPLY, email__in=gone).delete()
