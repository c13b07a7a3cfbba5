"""Asking one person for what a change needs, and what they answer."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from programmes.audit import record
from programmes.editing import Stale, locked, make_once, put_back, save_version, take_away
from programmes.links import make_link, revoke, use
from programmes.models import LocalAuthority, MailedLink, Membership, Notice, NoticeKind, User
from programmes.notices import drop_all, is_awaited, may_hear, notify, site_link
from programmes.permissions import Permission, roles_that_may
from smallchanges.models import Ask, AskAnswer, SmallChange, Stakeholder

_MAILS = "smallchanges/email"


@transaction.atomic
def add_ask(
    *,
    change: SmallChange,
    pk: UUID,
    what: str,
    member: Membership | None,
    by: User | None,
    name: str = "",
    role: str = "",
    email: str = "",
    why: str = "",
    cost: Decimal | None = None,
    cost_unit: str = "",
    due_on: date | None = None,
    stakeholder: Stakeholder | None = None,
    person: User | None = None,
    asked_at: datetime | None = None,
    illustrative: str = "",
) -> Ask:
    """Ask a member, or somebody without an account, and mail them at once.

    `person` and `asked_at` say who asked and when, where the demo tells of it.
    """
    now = asked_at or timezone.now()
    ask, is_new = make_once(
        change.asks,
        pk=pk,
        constraint="",  # the same may well be asked of two people
        authority_id=change.authority_id,
        stakeholder=stakeholder,
        **_person(member, name, role, email),
        what=what,
        why=why,
        cost=cost,
        cost_unit=cost_unit,
        due_on=due_on,
        asked_by=person or by,
        asked_at=now,
        put_at=now,
        illustrative=illustrative,
    )
    if is_new:
        record("ask added", ask, by=by)
        _mail(ask, "ask", "put")
    return ask


@transaction.atomic
def edit_ask(*, ask: Ask, version: int, by: User | None, **words) -> Ask:
    """Change what is asked for while nobody has answered it. Raises `Stale`, or ValidationError."""
    _still_open(locked(ask))
    save_version(ask, version=version, **words)
    record("ask edited", ask, by=by)
    return ask


@transaction.atomic
def remove_ask(*, ask: Ask, by: User | None) -> None:
    """Nobody needs it any more; `put_back_ask` asks again."""
    ask = locked(ask)
    if ask.removed_at is None:
        take_away(ask, by=by)
        _drop_waiting(ask)
        record("ask removed", ask, by=by)


@transaction.atomic
def put_back_ask(*, ask: Ask, by: User | None) -> None:
    """Whoever was not written to yet is now; nobody is written to twice."""
    ask = locked(ask)
    if ask.removed_at is None:
        return
    put_back(ask)
    if ask.state == Ask.State.WAITING:
        _mail_what_was_dropped(ask)
    record("ask put back", ask, by=by)


@transaction.atomic
def answer_ask(
    *,
    ask: Ask,
    pk: UUID,
    kind: str,
    seen: int,
    by: User | None,
    words: str = "",
    member: Membership | None = None,
    name: str = "",
    role: str = "",
    email: str = "",
    link: MailedLink | None = None,
    at: datetime | None = None,
) -> AskAnswer:
    """The gate: nothing else assigns an ask's state and its day of a yes.

    Side effects, in one transaction: an `AskAnswer`, which is kept whatever is said later; the
    state; since when it is a yes, which a change of its words leaves alone; a no takes away that
    something had been released. Mails that were to go to whom it was with are dropped, and those
    who asked are told at once. Passed on, it waits again, with the other person, who gets a mail
    of their own; links to the one before are worth nothing. `link` is used up.

    `seen` is the version that they read. Raises `Stale` where it is another one by now, and
    ValidationError for what nobody needs any more, or a link that was used meanwhile. `by` is None
    for whoever came by a mailed link. The same answer sent twice is there once.
    """
    ask = locked(ask)
    if (answer := ask.answers.filter(pk=pk).first()) is not None:
        return answer
    if ask.removed_at:
        raise ValidationError("Nobody needs this any more. Thank you all the same.")
    if ask.version != seen:
        raise Stale(ask)
    if link and not use(link):
        raise ValidationError("This link has been used already, and what was said with it is kept.")
    now = at or timezone.now()
    before = ask.who
    _drop_waiting(ask)
    if kind == AskAnswer.Kind.PASSED_ON:
        _hand_over(ask, now, member=member, name=name, role=role, email=email)
    else:
        ask.state = kind
        ask.said_yes_at = (ask.said_yes_at or now) if ask.is_yes else None
        if not ask.is_yes:
            ask.released_at = ask.released_by = None
    ask.save()
    answer, _ = make_once(
        ask.answers,
        pk=pk,
        constraint="",
        authority_id=ask.authority_id,
        at=now,
        by=by,
        who=before,
        kind=kind,
        words=words,
        to_whom=ask.who if kind == AskAnswer.Kind.PASSED_ON else "",
    )
    if kind == AskAnswer.Kind.PASSED_ON:
        _mail(ask, "ask", "put", passed_by=before)
    record("ask passed on" if answer.to_whom else "ask answered", ask, by=by, kind=kind)
    said_by = link.email if link else by.email if by else ""
    _tell_who_asked(ask, f"answer {pk}", "ask_answered", said_by, {"answer": answer})
    return answer


def _hand_over(ask: Ask, now: datetime, **whom) -> None:
    new = _person(**whom)
    if (new["member"], new["email"]) == (ask.member, ask.email):
        raise ValidationError({"name": "It’s with them already. Choose somebody else."})
    revoke(authority=ask.authority, purpose=MailedLink.Purpose.ANSWER, target=ask.pk)
    for field, value in new.items():
        setattr(ask, field, value)
    ask.put_at = now
    ask.state, ask.said_yes_at = Ask.State.WAITING, None
    ask.released_at = ask.released_by = ask.reminded_at = ask.chat_at = None
    ask.version += 1


@transaction.atomic
def release_ask(
    *, ask: Ask, released: bool, by: User | None, link: MailedLink | None = None
) -> None:
    """Say that what got a yes is really there, or not after all. The same a second time: nothing.

    Raises ValidationError for what got no yes, or a link that was used meanwhile.
    """
    ask = locked(ask)
    if released == (ask.released_at is not None):
        return
    if not ask.is_yes:
        raise ValidationError("Only what got a yes can have arrived.")
    if link and not use(link):
        raise ValidationError("This link has been used already, and what was said with it is kept.")
    ask.released_at, ask.released_by = (timezone.now(), by) if released else (None, None)
    ask.save(update_fields=["released_at", "released_by"])
    record("ask released" if released else "ask not released", ask, by=by)
    if released:
        said_by = link.email if link else by.email if by else ""
        key = f"released {ask.pk} {ask.released_at:%Y%m%d%H%M%S%f}"
        _tell_who_asked(ask, key, "ask_released", said_by, {})


@transaction.atomic
def send_link_again(*, link: MailedLink, ask: Ask, by: User | None) -> bool:
    """Mail a new link to whom an old one was mailed; once a day, however often it is asked for.

    False where the ask is not with them any more.
    """
    ask = locked(ask)
    if ask.removed_at or ask.address != link.email:
        return False
    if _mail(ask, "ask_again", f"again {timezone.localdate()}"):
        record("ask link sent again", ask, by=by)
    return True


# --- what the worker does by itself


@transaction.atomic
def remind(*, ask: Ask, due_at: datetime, now: datetime, by: None = None) -> None:
    """Write once more to whom it is with; they are not written to a third time."""
    ask = locked(ask)
    if ask.removed_at or ask.state != Ask.State.WAITING or ask.reminded_at:
        return
    ask.reminded_at = max(due_at, now)
    ask.save(update_fields=["reminded_at"])
    _mail(ask, "ask_reminder", "reminder", due_at=due_at)
    record("ask reminded", ask, by=by)


@transaction.atomic
def suggest_chat(*, ask: Ask, due_at: datetime, now: datetime, by: None = None) -> None:
    """Tell those who look after the programme here that somebody may need a word."""
    ask = locked(ask)
    if ask.removed_at or ask.state != Ask.State.WAITING or ask.chat_at or not ask.reminded_at:
        return
    ask.chat_at = max(due_at, now)
    ask.save(update_fields=["chat_at"])
    tending = roles_that_may(Permission.ASK_TEND)
    for one in ask.authority.memberships.standing().holding_any(tending).with_people():
        notify(
            authority=ask.authority,
            to=one.user.email,
            kind=NoticeKind.CHAT,
            key=_key(ask, f"chat {one.pk}"),
            template=f"{_MAILS}/ask_chat",
            context={"ask": ask, "page": site_link(ask.get_absolute_url())},
            due_at=due_at,
        )
    record("chat about an ask suggested", ask, by=by)


# --- what they share


def _person(member: Membership | None, name: str, role: str, email: str) -> dict:
    """A member is known by their membership alone; an address that is one's is that member's."""
    if member:
        return {"member": member, "name": "", "role": "", "email": ""}
    return {"member": None, "name": name, "role": role, "email": email.lower()}


def member_at(authority: LocalAuthority, email: str) -> Membership | None:
    """The standing member with this address."""
    found = authority.memberships.standing().filter(user__email=email.lower())
    return found.select_related("user").first()


def _still_open(ask: Ask) -> None:
    if ask.removed_at or ask.state != Ask.State.WAITING:
        raise ValidationError(
            f"It has been answered: {ask.get_state_display()} Ask anew for something else."
        )


def _key(ask: Ask, what: str) -> str:
    """Of one mail about an ask while it is with one person."""
    return f"ask {ask.pk} {ask.put_at.astimezone(UTC):%Y%m%d%H%M%S%f} {what}"


def _mail(
    ask: Ask, template: str, what: str, *, due_at: datetime | None = None, passed_by: str = ""
) -> Notice | None:
    """To whom it is with, with a link of its own to answer by."""
    mail: dict[str, Any] = {
        "authority": ask.authority,
        "to": ask.address,
        "kind": NoticeKind.ASK,
        "key": _key(ask, what),
    }
    if not (ask.address and is_awaited(**mail)):
        return None
    token = make_link(
        authority=ask.authority,
        purpose=MailedLink.Purpose.ANSWER,
        target=ask.pk,
        email=ask.address,
    )
    path = reverse("smallchanges:ask-link", args=[ask.authority.slug, token])
    return notify(
        **mail,
        template=f"{_MAILS}/{template}",
        context={"ask": ask, "link": site_link(path), "passed_by": passed_by},
        due_at=due_at,
    )


def _mail_what_was_dropped(ask: Ask) -> None:
    """An ask that comes back before its mail had gone is mailed as if it were new."""
    gone = Notice.objects.filter(authority=ask.authority, key=_key(ask, "put"), dropped_at=None)
    if not gone.exists():
        ask.put_at = timezone.now()
        ask.reminded_at = ask.chat_at = None
        ask.save(update_fields=["put_at", "reminded_at", "chat_at"])
        _mail(ask, "ask", "put")


def _drop_waiting(ask: Ask) -> None:
    """What was to be written to whom it is with, or about them, is not needed any more."""
    drop_all(authority=ask.authority, about=f"ask {ask.pk}")


def _tell_who_asked(ask: Ask, key: str, template: str, said_by: str, said: dict) -> None:
    """Who asked, and who leads the change; not the one who did what they are told of."""
    lead = ask.change.lead
    askers = {
        user.email
        for user in (ask.asked_by, lead.user if lead else None)
        if user and user.email != said_by and may_hear(user, of=ask.authority)
    }
    for email in sorted(askers):
        notify(
            authority=ask.authority,
            to=email,
            kind=NoticeKind.ANSWER,
            key=f"{key} {email}"[:200],
            template=f"{_MAILS}/{template}",
            context={"ask": ask, "page": site_link(ask.get_absolute_url()), **said},
        )
