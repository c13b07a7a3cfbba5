"""A workshop that stays open for days, as who runs it sees it: how many gave, never who."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial

from django.core.exceptions import BadRequest
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from programmes.editing import Stale
from programmes.mail import site_url
from programmes.pages import conflict, go, page, tell
from workshops import window
from workshops.actions import window as acts
from workshops.doors import console_view
from workshops.forms.planner import WindowForm
from workshops.letters import people
from workshops.models import Workshop

# What is offered until somebody says otherwise: a week, to the end of a working day.
FIRST_LASTS = timedelta(days=7)
FIRST_ENDS = time(17)
# By how many days a deadline moves with one tap.
LATER = ("1", "3", "7")


@console_view
@require_http_methods(["GET", "HEAD", "POST"])
def window_page(request, workshop):
    """Until when people can answer, what has come, and the mails about it."""
    # An undo's words are in its address.
    said = {"until": request.POST.get("until") or request.GET.get("until", "")}
    said["version"] = _seen(request) or ""
    initial = {"until": _first(workshop), "version": workshop.window_stamp}
    form = WindowForm(said if request.method == "POST" else None, initial=initial)
    if workshop.ended_at is not None:
        tell(request, f"It’s over already: {workshop}")
        return go(request, workshop.get_absolute_url())
    if form.is_valid():
        until = form.cleaned_data["until"]
        try:
            return _open(request, workshop, until)
        except Stale as stale:
            now = _Deadline(stale.row.collects_until, stale.row.window_stamp)
            return conflict(request, form=form, row=now, back=_url(workshop))
    parts = window.parts_of(workshop)
    invited = list(workshop.invitees.all())
    context = {
        "workshop": workshop,
        "form": form,
        "parts": parts,
        "ready": [part for part in parts if part.is_ready],
        "joined": workshop.participants.taking_part().count(),
        "asked": workshop.participants.taking_part().filter(wants_more_time=True).count(),
        "invited": len(invited),
        "untold": sum(one.told_until != workshop.collects_until for one in invited),
        "late": len(window.not_yet(workshop)) if invited else 0,
        "not_reached": len(window.not_reached(workshop)) if workshop.reminded_at else 0,
        "is_new_time": any(
            one.told_until and one.told_until != workshop.collects_until for one in invited
        ),
        "link": site_url(request, reverse("room:join", query={"code": workshop.code})),
        "is_wrong": bool(form.errors),
    }
    return page(request, "workshops/window.html", context)


@dataclass(frozen=True)
class _Deadline:
    """As the page with both texts reads it."""

    until: datetime | None
    version: str


def _open(request, workshop: Workshop, until: datetime):
    was = workshop.collects_until
    row = acts.open_until(workshop=workshop, until=until, by=request.user, seen=_seen(request))
    tell(request, f"Open until {row.deadline}.", undo=_back_to(row, was))
    return go(request, _url(workshop))


def _seen(request) -> str | None:
    """The deadline that was on the page that somebody pressed on, or that an undo knows of."""
    return request.POST.get("version", request.GET.get("version"))


def _moved_meanwhile(request, row: Workshop):
    """Somebody else was quicker: nothing is done, and both are told."""
    if row.is_collecting:
        now = f"It’s open until {row.deadline} now"
    else:
        now = f"It closed on {row.deadline}" if row.collects_until else "It has no deadline now"
    tell(request, f"Somebody changed the deadline a moment ago. {now}. Press again if you mean it.")
    return go(request, _url(row))


def _first(workshop: Workshop) -> datetime:
    if workshop.collects_until and not workshop.has_closed:
        return workshop.collects_until
    day = timezone.localdate() + FIRST_LASTS
    return datetime.combine(day, FIRST_ENDS, timezone.get_current_timezone())


def _url(workshop: Workshop, name: str = "window", **query) -> str:
    return reverse(f"workshops:{name}", args=[workshop.authority.slug, workshop.pk], query=query)


def _back_to(row: Workshop, was: datetime | None) -> str:
    """The address that puts the deadline back: none is no window, one that has gone by closes it.

    It undoes what `row` has now, and nothing that comes after.
    """
    seen = row.window_stamp
    if was is None:
        return _url(row, "window-take-back", version=seen)
    if was <= timezone.now():
        return _url(row, "window-close", version=seen)
    # With its seconds: the same moment as before, of which people were told.
    until = timezone.localtime(was).strftime("%Y-%m-%dT%H:%M:%S")
    return _url(row, until=until, version=seen)


@console_view
@require_POST
def window_later(request, workshop):
    """One tap: some days more."""
    if (days := request.POST.get("days")) not in LATER:
        raise BadRequest("It can be a day, three days or a week later.")
    if (was := workshop.collects_until) is None:
        return go(request, _url(workshop))
    until = window.later_by(was, int(days))
    if until > timezone.now() + acts.LONGEST:
        tell(request, "It’s open for a month already. Choose a day in the form.")
        return go(request, _url(workshop))
    try:
        return _open(request, workshop, until)
    except Stale as stale:
        return _moved_meanwhile(request, stale.row)


@console_view
@require_POST
def window_close(request, workshop):
    was = workshop.collects_until
    try:
        is_closed = acts.close(workshop=workshop, by=request.user, seen=_seen(request))
    except Stale as stale:
        return _moved_meanwhile(request, stale.row)
    if is_closed:
        workshop.refresh_from_db(fields=["collects_until"])
        tell(request, "Closed. Nothing more can be given.", undo=_back_to(workshop, was))
    return go(request, _url(workshop))


@console_view
@require_POST
def window_take_back(request, workshop):
    """At one pace for all again."""
    was = workshop.collects_until
    try:
        is_back = acts.take_back(workshop=workshop, by=request.user, seen=_seen(request))
    except Stale as stale:
        return _moved_meanwhile(request, stale.row)
    if is_back:
        workshop.refresh_from_db(fields=["collects_until"])
        undo = _back_to(workshop, was) if was and was > timezone.now() else ""
        tell(request, "No deadline any more: everybody moves together, as in the room.", undo=undo)
    return go(request, _url(workshop))


@console_view
@require_POST
def window_parts(request, workshop):
    count = acts.open_ready(workshop=workshop, by=request.user)
    if count:
        tell(request, f"{count} more part{'' if count == 1 else 's'} can be answered now.")
    else:
        tell(request, "Nothing more is ready yet.")
    return go(request, _url(workshop))


@console_view
@require_POST
def window_send(request, workshop):
    """The link and the deadline, to whoever is invited and has not had them."""
    count = acts.tell_invited(
        workshop=workshop, by=request.user, address=partial(site_url, request)
    )
    workshop.refresh_from_db(fields=["collects_until"])
    waiting = workshop.invitees.exclude(told_until=workshop.collects_until).count()
    if not count:
        tell(request, "Nobody to send it to at the moment.")
    elif waiting:
        tell(request, f"Sent to {people(count - waiting)}. {people(waiting)} still to go: again?")
    else:
        tell(request, f"Sent to {people(count)}.")
    return go(request, _url(workshop))


@console_view
@require_POST
def window_remind(request, workshop):
    count = acts.remind(workshop=workshop, by=request.user, address=partial(site_url, request))
    waiting = len(window.not_reached(workshop))
    if not count:
        tell(request, "No reminder to send: it has gone, or nobody is waiting for one.")
    elif waiting >= count:
        tell(request, "The mail didn’t go. Try again in a few minutes.")
    elif waiting:
        gone = people(count - waiting)
        tell(request, f"Reminded {gone}. {people(waiting)} still to go: send the rest.")
    else:
        tell(request, f"A reminder is on its way to {people(count)}.")
    return go(request, _url(workshop))
