"""Coming into a room, and who finds its door closed."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.answers import errors, follow
from tests.workshops.playing import Phone
from workshops.listeners import cookie_of
from workshops.models import Participant

JOIN = "/join/"


def _join(client, code, name=""):
    return client.post(JOIN, {"code": code, "name": name})


def test_a_guest_comes_in_with_the_code_alone(room):
    phone = Phone.by_code(room.workshop)
    assert phone.answer["Location"] == f"/room/{room.workshop.pk}/"
    assert [str(one) for one in Participant.objects.all()] == ["Guest 1"]
    assert "You’re in. We’ll start soon." in phone.shows()


def test_a_name_is_kept_where_one_was_given(room):
    Phone.by_code(room.workshop, "Sam")
    assert Participant.objects.get().name == "Sam"


@pytest.mark.parametrize("change", [str.lower, lambda code: f" {code[:4]} {code[4:]} "])
def test_capitals_and_spaces_do_not_matter(room, client, change):
    assert _join(client, change(room.workshop.code)).status_code == 302


def test_a_link_alone_brings_nobody_in(room, client):
    page = client.get(JOIN, {"code": room.workshop.code})
    assert page.context["form"]["code"].value() == room.workshop.code
    assert Participant.objects.count() == 0


@pytest.mark.parametrize("code", ["", "BBBBBBBB", "x" * 41, "\0"])
def test_a_wrong_code_is_said_beside_the_field(room, client, code):
    page = _join(client, code, "Sam")
    assert (page.status_code, list(errors(page))) == (200, ["code"])
    assert page.context["form"]["name"].value() == "Sam"
    assert Participant.objects.count() == 0


def test_closed_doors_let_nobody_in_and_leave_in_who_is(room, client):
    phone, code = room.phone(), room.workshop.code
    room.press("run-doors", way="close")
    assert list(errors(_join(client, code))) == ["code"]
    assert phone.page().status_code == 200


def test_only_a_digest_of_the_key_is_kept(room):
    phone = Phone.by_code(room.workshop)
    key = phone.client.cookies[cookie_of(room.workshop.pk)].value
    assert key not in str(Participant.objects.values_list())
    assert phone.client.cookies[cookie_of(room.workshop.pk)]["httponly"] is True


def test_without_the_key_there_is_no_room(room):
    room.phone()
    assert Client().get(f"/room/{room.workshop.pk}/").status_code == 404


def test_a_guest_is_in_no_other_room(room, cast):
    other = factories.WorkshopFactory(programme=cast.other_programme, is_open=True)
    client = room.phone().client
    name, key = cookie_of(room.workshop.pk), client.cookies[cookie_of(room.workshop.pk)].value
    client.cookies[cookie_of(other.pk)] = key
    assert client.get(f"/room/{other.pk}/").status_code == 404
    assert name in client.cookies


def test_a_removed_guest_is_out_at_the_next_request(room):
    phone = room.phone()
    participant = Participant.objects.get()
    room.press("run-participant-remove", participant.pk)
    assert phone.page().status_code == 404


def test_a_member_comes_in_with_one_tap_and_once_on_two_devices(room, cast, client_of):
    enter = reverse("workshops:enter", args=["own", room.workshop.pk])
    for _ in range(2):
        client = client_of(cast.practitioner)
        assert follow(client, client.post(enter)).status_code == 200
    assert [one.user for one in Participant.objects.all()] == [cast.practitioner]


def test_any_number_behind_one_address_come_in_and_a_guesser_does_not(room, client, settings):
    limits = settings.ACCOUNT_RATE_LIMITS
    assert limits["join_code"] == "60/m/ip"  # one slip for each of sixty
    settings.ACCOUNT_RATE_LIMITS = limits | {"join_code": "3/m/ip"}
    for _ in range(3):
        _join(client, "BBBBBBBB")
    page = _join(client, room.workshop.code)
    assert errors(page) == {"code": ["That’s a lot of wrong codes. Wait a minute, then try again."]}
    elsewhere = Client(REMOTE_ADDR="10.0.0.2")
    for _ in range(5):
        assert _join(elsewhere, room.workshop.code).status_code == 302
    assert Participant.objects.count() == 5


def test_many_guessers_lock_no_room(room, settings):
    """While hundreds of addresses guess, one that has not guessed still opens the door."""
    limits = {"join_code_of_all": "4/m/key", "join_code_of_a_few": "2/m/ip"}
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | limits
    guessers = [Client(REMOTE_ADDR=f"10.0.1.{number}") for number in range(2)]
    for guesser in guessers * 2:
        _join(guesser, "BBBBBBBB")
    code = room.workshop.code
    assert [list(errors(_join(guesser, code))) for guesser in guessers] == [["code"], ["code"]]
    assert Participant.objects.count() == 0
    elsewhere = Client(REMOTE_ADDR="10.0.0.2")
    _join(elsewhere, "BBBBBBBB")  # one slip of the finger
    assert _join(elsewhere, code).status_code == 302


def test_a_made_up_address_gives_no_more_tries(room, settings):
    """The proxy adds the true address behind whatever the browser sent."""
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"join_code": "2/m/ip"}
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(2):
        Client(HTTP_X_FORWARDED_FOR=f"10.0.1.{number}, 192.0.2.1").post(JOIN, {"code": "BBBBBBBB"})
    tried = [
        Client(HTTP_X_FORWARDED_FOR=f"10.0.1.9, {address}").post(JOIN, {"code": room.workshop.code})
        for address in ("192.0.2.1", "192.0.2.2")
    ]
    assert [answer.status_code for answer in tried] == [200, 302]
