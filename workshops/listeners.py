"""Who may listen to a room: a facilitator who is signed in, a big screen with its link, a phone."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from uuid import UUID

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import signing
from django.db import connection
from django.db.models import Exists, Model, OuterRef, Q
from django.http import HttpRequest
from django.utils import timezone

from programmes.access import permissions_in
from programmes.models import Membership, User
from programmes.permissions import Permission
from workshops.models import GUESTS_STAY, Event, Participant, Workshop, digest_of
from workshops.models.rooms import ParticipantQuerySet

Audience = Event.Audience
_SCREEN = signing.Signer(salt="crescendo.big-screen")
_ADDRESS = re.compile(r"/live/([0-9a-f-]{36})/([a-z]+)/")


@dataclass(frozen=True)
class Listener:
    """Somebody at the stream's door who may come in."""

    workshop_pk: UUID
    audience: str
    # Which of those who listen: ("participant" or "user", their id), or ("screen", its key).
    person: tuple[str, str]
    # The sign-in that they are known by, if any: when it ends they may listen no more.
    session: str
    # The room's last event when they came.
    seq: int


# --- what a device carries


def cookie_of(workshop_pk: UUID) -> str:
    """The name of the cookie that holds a device's key to one room."""
    prefix = "__Host-" if settings.SESSION_COOKIE_SECURE else ""
    return f"{prefix}room-{workshop_pk.hex}"


def screen_token(workshop: Workshop) -> str:
    """What the big screen's link holds. It opens that one page and its stream, and nothing else.

    A workshop has a link once it has a `screen_key`; a new key makes the old link worthless.
    """
    if workshop.screen_key is None:
        raise ValueError("This workshop's big screen has no key.")
    return _SCREEN.sign(f"{workshop.pk.hex}{workshop.screen_key.hex}")


def screen_of(token: str) -> Workshop | None:
    """The workshop whose screen this link shows; None where it was never given or is given up."""
    try:
        told = _SCREEN.unsign(token)
    except signing.BadSignature:
        return None
    workshop = (
        Workshop.objects.filter(pk=UUID(told[:32]), screen_key=UUID(told[32:]))
        .select_related("authority")
        .first()
    )
    return workshop if workshop and not _is_over(workshop) else None


def participant_of(
    request: HttpRequest, workshop_pk: UUID, *, stays: timedelta = GUESTS_STAY
) -> Participant | None:
    """Who in this room the request comes from: a member by their sign-in, a guest by their key.

    None once its end is longer ago than a guest `stays`.
    """
    is_write = request.method == "POST"
    of_a_page = () if is_write else ("workshop__authority", "workshop__current")
    rows = Participant.objects.filter(workshop=workshop_pk).select_related("workshop", *of_a_page)
    found = None
    if request.user.is_authenticated:
        found = _standing(rows).filter(user=request.user.pk).first()
    if found is None and (key := request.COOKIES.get(cookie_of(workshop_pk))):
        digest = digest_of(key)
        found = (
            _guest_who_writes(workshop_pk, digest)
            if is_write
            else rows.taking_part().filter(key_digest=digest).first()
        )
    return found if found and not _is_over(found.workshop, stays) else None


def _guest_who_writes(workshop_pk: UUID, key_digest: str) -> Participant | None:
    """As the query beside it, whose statement Django builds in the time of half a note."""
    with connection.cursor() as cursor:
        cursor.execute(_guest_and_workshop(), [workshop_pk, key_digest])
        row = cursor.fetchone()
    if row is None:
        return None
    guests = _names(Participant)
    guest = Participant.from_db(connection.alias, guests, row[: len(guests)])
    guest.workshop = Workshop.from_db(connection.alias, _names(Workshop), row[len(guests) :])
    return guest


@cache
def _guest_and_workshop() -> str:
    columns = [f"participant.{name}" for name in _names(Participant)]
    columns += [f"workshop.{name}" for name in _names(Workshop)]
    rows = (
        "FROM workshops_participant participant"
        " JOIN workshops_workshop workshop ON workshop.id = participant.workshop_id"
        " WHERE workshop.id = %s AND key_digest = %s AND removed_at IS NULL"
    )
    return f"SELECT {', '.join(columns)} {rows}"


@cache
def _names(model: type[Model]) -> list[str]:
    """A model's columns, which are named as its fields are."""
    return [field.attname for field in model._meta.concrete_fields]


def _standing(participants: ParticipantQuerySet) -> ParticipantQuerySet:
    """Guests who were not sent out, and those members who still are members."""
    member = Membership.objects.standing().filter(
        user=OuterRef("user"), authority=OuterRef("authority")
    )
    return participants.taking_part().filter(
        Q(user=None) | Q(user__is_active=True) & (Q(user__is_crescendo_team=True) | Exists(member))
    )


def _is_over(workshop: Workshop, stays: timedelta = GUESTS_STAY) -> bool:
    return workshop.ended_at is not None and workshop.ended_at + stays < timezone.now()


# --- the stream's door


def recognise(request: HttpRequest) -> Listener | None:
    """Who asks for `/live/<workshop>/<audience>/`; None where they may not have it."""
    address = _ADDRESS.fullmatch(request.path)
    if address is None:
        return None
    try:
        pk, audience = UUID(address[1]), address[2]
    except ValueError:
        return None
    _bring_user(request)
    session = request.session.session_key or ""
    match audience:
        case Audience.PHONES:
            if participant := participant_of(request, pk):
                person = ("participant", str(participant.pk))
                session = session if participant.user_id else ""
                return Listener(pk, audience, person, session, participant.workshop.seq)
        case Audience.SCREEN:
            workshop = screen_of(request.GET.get("token", ""))
            if workshop and workshop.pk == pk:
                person = ("screen", str(workshop.screen_key))
                return Listener(pk, audience, person, "", workshop.seq)
        case Audience.CONSOLE:
            workshop = Workshop.objects.filter(pk=pk).select_related("authority").first()
            if workshop and may_run(request.user, workshop):
                person = ("user", str(request.user.pk))
                return Listener(pk, audience, person, session, workshop.seq)
    return None


def _bring_user(request: HttpRequest) -> None:
    request.session = SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    request.user = auth.get_user(request)


def may_run(user, workshop: Workshop) -> bool:
    """Whether somebody may stand at a workshop's console."""
    if not user.is_authenticated or not user.is_active:
        return False
    permissions = permissions_in(user, workshop.authority)
    if Permission.WORKSHOP_RUN in permissions:
        return True
    return Permission.JOURNEY_READ in permissions and (
        workshop.co_facilitators.filter(user=user).exists()
    )


# --- and later


def look_again(workshop_pk: UUID, listening: Iterable[Listener]) -> tuple[set[Listener], int]:
    """Of those who listen: who may not any more; and how many people are in the room.

    Says of everybody else who listens by phone that they are here, in one statement.
    """
    here = set(listening)
    workshop = Workshop.objects.select_related("authority").filter(pk=workshop_pk).first()
    if workshop is None or _is_over(workshop):
        return here, 0
    rows = _standing(Participant.objects.filter(workshop=workshop))
    signed_in = _signed_in({one.session for one in here} - {""})
    standing = {("participant", str(pk)) for pk in rows.values_list("pk", flat=True)}
    users = User.objects.filter(pk__in=[pk for kind, pk in _people(here) if kind == "user"])
    standing |= {("user", str(user.pk)) for user in users if may_run(user, workshop)}
    standing.add(("screen", str(workshop.screen_key)))
    gone = {
        one
        for one in here
        if one.person not in standing or (one.session and one.session not in signed_in)
    }
    present = [pk for kind, pk in _people(here - gone) if kind == "participant"]
    Participant.objects.filter(pk__in=present).update(seen_at=timezone.now())
    return gone, rows.present().count()


def _people(listening: set[Listener]) -> set[tuple[str, str]]:
    return {one.person for one in listening}


def _signed_in(sessions: set[str]) -> set[str]:
    if not sessions:
        return set()
    rows = Session.objects.filter(session_key__in=sessions, expire_date__gt=timezone.now())
    return set(rows.values_list("session_key", flat=True))
