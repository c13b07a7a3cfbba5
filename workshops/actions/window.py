"""A session that stays open for days: until when, the mails about it, and its one reminder."""

from datetime import datetime, timedelta

from django.core.exceptions import BadRequest
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from programmes.audit import record
from programmes.editing import locked
from programmes.mail import send_each
from programmes.models import User
from workshops import telling, window
from workshops.actions import room
from workshops.letters import Address
from workshops.models import Activity, Invitee, Participant, Workshop

# The keys on guests' phones last about as long.
LONGEST = timedelta(days=30)


@transaction.atomic
def open_until(*, workshop: Workshop, until: datetime, by: User) -> Workshop:
    """Let people answer until then, each when it suits them; or change until when.

    The doors are open from here on, and so is each part that people can answer by themselves.
    """
    if not timezone.now() < until <= timezone.now() + LONGEST:
        raise BadRequest("It is open until some time in the next month.")
    waiting = _waiting(workshop)
    row = locked(workshop)
    if row.ended_at is not None or row.collects_until == until:
        return row
    was, was_open = row.collects_until, row.is_collecting
    if room.let_in(row):
        record("workshop doors opened", row, by=by)
    _begin(waiting)
    row.collects_until, row.went_on_at = until, None
    row.save(update_fields=["collects_until", "went_on_at"])
    row.participants.filter(wants_more_time=True).update(wants_more_time=False)
    verb = "workshop window moved" if was else "workshop window opened"
    record(verb, row, by=by, until=timezone.localdate(until).isoformat())
    (telling.screen if was_open else telling.paced_anew)(row)
    return row


@transaction.atomic
def open_ready(*, workshop: Workshop, by: User) -> int:
    """Open what can be answered by now and could not before; answers how many parts."""
    waiting = _waiting(workshop)
    row = locked(workshop)
    if not row.is_collecting:
        return 0
    ready = _begin(waiting)
    if ready:
        record("workshop parts opened", row, by=by, parts=len(ready))
        telling.screen(row)
    return len(ready)


def _waiting(workshop: Workshop) -> list[Activity]:
    """Activities before their room, as whoever gives something takes them."""
    rows = workshop.activities.filter(opened_at=None, is_skipped=False).order_by("pk")
    pks = [one.pk for one in rows.select_for_update(of=("self",))]
    return [one for one in workshop.activities.in_plan() if one.pk in pks]


def _begin(waiting: list[Activity]) -> list[Activity]:
    ready = [one for one in waiting if window.is_ready(one)]
    for one in ready:
        room.begin(one, has_clock=False)
    return ready


@transaction.atomic
def close(*, workshop: Workshop, by: User) -> bool:
    """Before its time. It can be open for longer again; False where it is closed already."""
    row = locked(workshop)
    if not row.is_collecting:
        return False
    row.collects_until = timezone.now()
    row.save(update_fields=["collects_until"])
    record("workshop window closed", row, by=by)
    # As at the deadline itself nobody who writes is interrupted: they hear it when they send.
    telling.screen(row)
    return True


@transaction.atomic
def take_back(*, workshop: Workshop, by: User) -> bool:
    """A workshop at one pace for all again. What people gave stays, and can be changed live.

    The plan of a part in which nobody has been is free again.
    """
    opened = workshop.activities.filter(opened_at__isnull=False).order_by("pk")
    parts = list(opened.select_for_update(of=("self",)))
    row = locked(workshop)
    if row.collects_until is None or row.ended_at is not None:
        return False
    untouched = [
        one.pk
        for one in parts
        if one.pk != row.current_id
        and one.revealed_at is None
        and not (one.takers.exists() or one.notes.exists() or one.groups.exists())
    ]
    workshop.activities.filter(pk__in=untouched).update(opened_at=None, asks=None)
    row.collects_until = row.reminded_at = row.went_on_at = None
    row.save(update_fields=["collects_until", "reminded_at", "went_on_at"])
    row.invitees.update(told_until=None)
    row.participants.filter(wants_more_time=True).update(wants_more_time=False)
    record("workshop window taken back", row, by=by)
    telling.moved_on(row)
    return True


@transaction.atomic
def ask_for_time(*, participant: Participant, wants: bool) -> bool:
    """Somebody came too late and asks for more time; False where nothing is closed any more."""
    workshop = locked(participant.workshop)
    if not (workshop.is_self_paced and workshop.has_closed):
        return False
    workshop.participants.filter(pk=participant.pk).update(wants_more_time=wants)
    telling.screen(workshop)
    return True


# --- mails


@transaction.atomic
def tell_invited(*, workshop: Workshop, by: User, address: Address) -> int:
    """Mail the link and the deadline to whoever has not had them; answers how many it goes to."""
    row = locked(workshop)
    if not row.is_collecting:
        return 0
    until = row.collects_until
    to = [one for one in row.invitees.all() if one.told_until != until]
    if to:
        record("workshop window told of", row, by=by, count=len(to))
        letters = {_letter(row, one, "window", by, address): one for one in to}

        def post():
            sent = [letters[letter].pk for letter in send_each(letters)]
            Invitee.objects.filter(pk__in=sent).update(told_until=until)

        transaction.on_commit(post)
    return len(to)


@transaction.atomic
def remind(*, workshop: Workshop, by: User | None, address: Address) -> int:
    """The one reminder, to the invited addresses that gave nothing as members; how many.

    Under a lock, and marked before it goes: of two that send at once, one does. Where the mail
    server takes none of them it counts as not sent.
    """
    row = locked(workshop)
    if not row.is_collecting or row.reminded_at is not None:
        return 0
    to = window.not_yet(row)
    if to:
        row.reminded_at = timezone.now()
        row.save(update_fields=["reminded_at"])
        record("workshop reminder sent", row, by=by, count=len(to))
        letters = [_letter(row, one, "reminder", by, address) for one in to]

        def post():
            if not send_each(letters):
                Workshop.objects.filter(pk=row.pk).update(reminded_at=None)

        transaction.on_commit(post)
    return len(to)


def due() -> list[Workshop]:
    """The windows whose reminder nobody has sent by their last working day.

    Where nobody was told of the window yet a reminder would be of nothing.
    """
    rows = Workshop.objects.filter(
        collects_until__gt=timezone.now(),
        ended_at=None,
        reminded_at=None,
        invitees__told_until__isnull=False,
    )
    return [one for one in rows.select_related("authority").distinct() if window.is_eve(one)]


def _letter(
    workshop: Workshop, to: Invitee, name: str, by: User | None, address: Address
) -> EmailMessage:
    """Names nobody else, and holds no words of the plan: mail travels."""
    link = address(reverse("room:join", query={"code": workshop.code})) if workshop.code else ""
    context = {
        "workshop": workshop,
        "authority": workshop.authority,
        "link": link,
        "by": by,
        "is_new_time": bool(to.told_until),
    }
    subject = render_to_string(f"workshops/email/{name}_subject.txt", context)
    body = render_to_string(f"workshops/email/{name}.txt", context)
    return EmailMessage(" ".join(subject.split()), body, to=[to.email])
