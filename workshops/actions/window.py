"""A session that stays open for days: until when, the mails about it, and its one reminder."""

from datetime import datetime, timedelta

from django.core.exceptions import BadRequest
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from programmes.audit import record
from programmes.editing import Stale, locked
from programmes.mail import send_each
from programmes.models import User
from programmes.notices import is_polite, site_link
from workshops import telling, window
from workshops.actions import room
from workshops.letters import Address, list_once, post_once
from workshops.models import Activity, Invitee, Letter, Participant, Workshop

# The keys on guests' phones outlast it.
LONGEST = timedelta(days=30)
REMINDER = Letter.Kind.REMINDER


@transaction.atomic
def open_until(
    *, workshop: Workshop, until: datetime, by: User, seen: str | None = None
) -> Workshop:
    """Let people answer until then, each when it suits them; or change until when.

    The doors are open from here on, and so is each part that people can answer by themselves.
    Raises `Stale` where the deadline is another one by now than the page had `seen`.
    """
    if not timezone.now() < until <= timezone.now() + LONGEST:
        raise BadRequest("It is open until some time in the next month.")
    waiting = _waiting(workshop)
    row = locked(workshop)
    if row.ended_at is not None or row.collects_until == until:
        return row
    _check_seen(row, seen)
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


def _check_seen(row: Workshop, seen: str | None) -> None:
    """Two people at once: nobody moves a deadline that they have not seen."""
    if seen is not None and seen != row.window_stamp:
        raise Stale(row)


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
def close(*, workshop: Workshop, by: User, seen: str | None = None) -> bool:
    """Before its time. It can be open for longer again; False where it is closed already.

    Raises `Stale` as `open_until` does.
    """
    row = locked(workshop)
    if not row.is_collecting:
        return False
    _check_seen(row, seen)
    row.collects_until = timezone.now()
    row.save(update_fields=["collects_until"])
    record("workshop window closed", row, by=by)
    # As at the deadline itself nobody who writes is interrupted: they hear it when they send.
    telling.screen(row)
    return True


@transaction.atomic
def take_back(*, workshop: Workshop, by: User, seen: str | None = None) -> bool:
    """A workshop at one pace for all again. What people gave stays, and can be changed live.

    The plan of a part in which nobody has been is free again, and a window that is opened later is
    told of, and reminded of, anew. Raises `Stale` as `open_until` does.
    """
    opened = workshop.activities.filter(opened_at__isnull=False).order_by("pk")
    parts = list(opened.select_for_update(of=("self",)))
    row = locked(workshop)
    if row.collects_until is None or row.ended_at is not None:
        return False
    _check_seen(row, seen)
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
    row.letters.filter(kind=REMINDER).delete()
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
        letters = {
            _letter(row, one.email, "window", by, address, is_new_time=bool(one.told_until)): one
            for one in to
        }

        def post():
            sent = [letters[letter].pk for letter in send_each(letters)]
            Invitee.objects.filter(pk__in=sent).update(told_until=until)

        transaction.on_commit(post)
    return len(to)


@transaction.atomic
def remind(*, workshop: Workshop, by: User | None, address: Address) -> int:
    """The one reminder, to the invited addresses that gave nothing as members; how many.

    Who gets it is settled once. Pressed again, or run again after a cut, it goes on to those whom
    it has not reached and who still have given nothing.
    """
    row = locked(workshop)
    if not row.is_collecting:
        return 0
    if row.reminded_at is None and (late := window.not_yet(row)):
        row.reminded_at = timezone.now()
        row.save(update_fields=["reminded_at"])
        list_once(row, REMINDER, [one.email for one in late])
    to = window.not_reached(row)
    if to:
        record("workshop reminder sent", row, by=by, count=len(to))
        post_once({_letter(row, one.email, "reminder", by, address): one for one in to})
    return len(to)


def due() -> list[Workshop]:
    """The windows whose reminder nobody has sent, or not to all, by their last working day.

    Where nobody was told of the window yet a reminder would be of nothing.
    """
    is_cut_off = Q(letters__kind=REMINDER, letters__sent_at=None)
    rows = Workshop.objects.filter(
        Q(reminded_at=None, invitees__told_until__isnull=False) | is_cut_off,
        collects_until__gt=timezone.now(),
        ended_at=None,
    )
    return [one for one in rows.select_related("authority").distinct() if window.is_eve(one)]


def remind_due(now: datetime) -> None:
    """Send the reminders that nobody has sent by a window's last working day, by day."""
    if is_polite(now):
        for workshop in due():
            remind(workshop=workshop, by=None, address=site_link)


def _letter(
    workshop: Workshop,
    email: str,
    name: str,
    by: User | None,
    address: Address,
    *,
    is_new_time: bool = False,
) -> EmailMessage:
    """Names nobody else, and holds no words of the plan: mail travels."""
    link = address(reverse("room:join", query={"code": workshop.code})) if workshop.code else ""
    context = {
        "workshop": workshop,
        "authority": workshop.authority,
        "link": link,
        "by": by,
        "is_new_time": is_new_time,
    }
    subject = render_to_string(f"workshops/email/{name}_subject.txt", context)
    body = render_to_string(f"workshops/email/{name}.txt", context)
    return EmailMessage(" ".join(subject.split()), body, to=[email])
