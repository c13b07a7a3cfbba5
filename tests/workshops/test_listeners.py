"""Who is known at the stream's door, by what they carry."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import signing
from django.http import HttpRequest
from django.test import override_settings
from django.utils import timezone

from programmes.models import Membership
from tests.factories import (
    CoFacilitatorFactory,
    ParticipantFactory,
    WorkshopFactory,
    guest_key,
)
from workshops import listeners
from workshops.listeners import (
    Listener,
    cookie_of,
    look_again,
    may_run,
    participant_of,
    recognise,
    screen_of,
    screen_token,
)
from workshops.models import GUESTS_LOOK_BACK, GUESTS_STAY, Participant

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop(cast):
    return WorkshopFactory(programme=cast.programme, is_open=True, screen_key=uuid4())


def _request(cast=None, cookies=(), path="/", user=None, **query) -> HttpRequest:
    from django.contrib.auth.models import AnonymousUser

    request = HttpRequest()
    request.path = path
    request.user = user or AnonymousUser()
    request.COOKIES.update(cookies)
    request.GET = query
    return request


def _end(workshop, ago: timedelta) -> None:
    workshop.code, workshop.ended_at = None, timezone.now() - ago
    workshop.save(update_fields=["code", "ended_at"])


# --- a phone


def test_guest_is_known_by_the_key_of_the_room(cast, workshop):
    guest = ParticipantFactory(workshop=workshop)
    other = WorkshopFactory(programme=cast.programme)
    theirs = {cookie_of(workshop.pk): guest_key(guest)}
    assert participant_of(_request(cookies=theirs), workshop.pk) == guest
    assert participant_of(_request(cookies=theirs), other.pk) is None
    moved = {cookie_of(other.pk): guest_key(guest)}
    assert participant_of(_request(cookies=moved), other.pk) is None


def test_member_is_known_by_their_sign_in(cast, workshop):
    member = ParticipantFactory(workshop=workshop, user=cast.practitioner)
    assert participant_of(_request(user=cast.practitioner), workshop.pk) == member
    assert participant_of(_request(user=cast.manager), workshop.pk) is None


def test_who_signed_in_after_they_joined_as_a_guest_stays_that_guest(cast, workshop):
    guest = ParticipantFactory(workshop=workshop)
    theirs = {cookie_of(workshop.pk): guest_key(guest)}
    request = _request(cookies=theirs, user=cast.practitioner)
    assert participant_of(request, workshop.pk) == guest


def test_crescendo_team_needs_no_membership(cast, workshop):
    member = ParticipantFactory(workshop=workshop, user=cast.crescendo)
    assert participant_of(_request(user=cast.crescendo), workshop.pk) == member


def test_former_member_is_nobody(cast, workshop):
    ParticipantFactory(workshop=workshop, user=cast.practitioner)
    Membership.objects.filter(user=cast.practitioner).update(ended_at=timezone.now())
    assert participant_of(_request(user=cast.practitioner), workshop.pk) is None


def test_room_closes_to_its_guests_a_day_after_its_end(workshop):
    guest = ParticipantFactory(workshop=workshop)
    request = _request(cookies={cookie_of(workshop.pk): guest_key(guest)})
    _end(workshop, GUESTS_STAY - timedelta(minutes=1))
    assert participant_of(request, workshop.pk) == guest
    _end(workshop, GUESTS_STAY + timedelta(minutes=1))
    assert participant_of(request, workshop.pk) is None
    assert participant_of(request, workshop.pk, stays=GUESTS_LOOK_BACK) == guest
    _end(workshop, GUESTS_LOOK_BACK + timedelta(minutes=1))
    assert participant_of(request, workshop.pk, stays=GUESTS_LOOK_BACK) is None


def test_cookie_is_bound_to_the_host_where_cookies_are_secure(workshop):
    assert cookie_of(workshop.pk) == f"room-{workshop.pk.hex}"
    with override_settings(SESSION_COOKIE_SECURE=True):
        assert cookie_of(workshop.pk) == f"__Host-room-{workshop.pk.hex}"


# --- the big screen


def test_screen_is_known_by_its_link(workshop):
    assert screen_of(screen_token(workshop)) == workshop


def test_link_that_was_given_up_opens_nothing(workshop):
    token = screen_token(workshop)
    workshop.screen_key = uuid4()
    workshop.save(update_fields=["screen_key"])
    assert screen_of(token) is None
    workshop.screen_key = None
    workshop.save(update_fields=["screen_key"])
    assert screen_of(token) is None
    with pytest.raises(ValueError, match="has no key"):
        screen_token(workshop)


def test_forged_link_opens_nothing(workshop):
    told = f"{workshop.pk.hex}{workshop.screen_key.hex}"
    for token in ("", told, f"{told}:forged", signing.Signer(salt="another").sign(told)):
        assert screen_of(token) is None


def test_link_ends_a_day_after_the_workshop(workshop):
    _end(workshop, GUESTS_STAY + timedelta(minutes=1))
    assert screen_of(screen_token(workshop)) is None


# --- the console


def test_who_may_run_a_workshop(cast, workshop):
    CoFacilitatorFactory(workshop=workshop, user=cast.practitioner)
    people = (cast.facilitator, cast.practitioner, cast.crescendo, cast.manager, cast.outsider)
    assert [may_run(person, workshop) for person in people] == [True, True, True, False, False]


def test_who_left_may_not_run_it(cast, workshop):
    cast.facilitator.is_active = False
    assert may_run(cast.facilitator, workshop) is False
    CoFacilitatorFactory(workshop=workshop, user=cast.practitioner)
    Membership.objects.filter(user=cast.practitioner).update(ended_at=timezone.now())
    assert may_run(cast.practitioner, workshop) is False


def test_console_needs_the_second_step_where_pages_do(cast, workshop):
    with override_settings(REQUIRE_SECOND_STEP=True):
        assert may_run(cast.facilitator, workshop) is False
        cast.facilitator.authenticator_set.create(type="totp", data={})
        assert may_run(cast.facilitator, workshop) is True


# --- the door


def test_listener_holds_what_is_asked_of_them_later(cast, workshop, client_of):
    workshop.seq = 7
    workshop.save(update_fields=["seq"])
    guest = ParticipantFactory(workshop=workshop)
    session = client_of(cast.facilitator).cookies["sessionid"].value
    own = {cookie_of(workshop.pk): guest_key(guest), "sessionid": session}
    token = screen_token(workshop)

    def at(audience: str, **query) -> Listener | None:
        return recognise(_request(cookies=own, path=f"/live/{workshop.pk}/{audience}/", **query))

    phone = ("participant", str(guest.pk))
    assert at("phones") == Listener(workshop.pk, "phones", phone, "", 7)
    screen = ("screen", str(workshop.screen_key))
    assert at("screen", token=token) == Listener(workshop.pk, "screen", screen, "", 7)
    console = ("user", str(cast.facilitator.pk))
    assert at("console") == Listener(workshop.pk, "console", console, session, 7)
    assert (at("screen"), at("staff"), at("phones/more")) == (None, None, None)


# --- and later


@pytest.mark.parametrize("number", [1, 3])
def test_presence_is_written_in_one_statement(cast, workshop, number, django_assert_num_queries):
    long_ago = timezone.now() - timedelta(hours=1)
    ParticipantFactory(workshop=workshop, seen_at=long_ago)
    listening = [
        Listener(
            workshop.pk,
            "phones",
            ("participant", str(ParticipantFactory(workshop=workshop, seen_at=long_ago).pk)),
            "",
            0,
        )
        for _ in range(number)
    ]
    with django_assert_num_queries(4):
        assert look_again(workshop.pk, listening) == (set(), number)
    assert Participant.objects.filter(seen_at=long_ago).count() == 1


def test_nobody_stays_when_the_room_is_closed(workshop):
    guest = Listener(workshop.pk, "phones", ("participant", str(uuid4())), "", 0)
    _end(workshop, GUESTS_STAY + timedelta(minutes=1))
    assert look_again(workshop.pk, [guest]) == ({guest}, 0)
    assert listeners.look_again(uuid4(), [guest]) == ({guest}, 0)
