"""Limits: a whole office behind one address gets in, and one attacked account is kept shut."""

import time

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.core import mail
from django.test import Client

from tests import factories
from tests.letters import letter_to, path_in

LOGIN = "/accounts/login/"
TOO_MANY = "Too many tries for this address. Wait five minutes, or choose a new password."


def _sign_in(address: str, password: str = factories.PASSWORD, **more):
    client = Client(**more)
    return client, client.post(LOGIN, {"login": address, "password": password})


def _is_in(client) -> bool:
    return client.get("/account/").status_code == 200


def _attack(address: str, tries: int = 5) -> list[str]:
    """What is said to each of several bad tries, each from an address of its own."""
    said = []
    for number in range(tries):
        _, page = _sign_in(address, "a wrong password", REMOTE_ADDR=f"10.0.0.{number}")
        said += [str(words) for words in page.context["form"].errors["__all__"]]
    return said


def test_sixty_people_behind_one_address_all_get_in(db):
    people = [factories.UserFactory() for _ in range(60)]
    assert [_is_in(_sign_in(one.email)[0]) for one in people] == [True] * 60


def test_sixty_people_behind_one_address_all_get_their_codes(db):
    for one in [factories.UserFactory() for _ in range(60)]:
        response = Client().post("/accounts/login/code/", {"email": one.email})
        assert response.status_code == 302
    assert len(mail.outbox) == 60


def test_the_sixth_bad_try_on_an_account_is_refused_and_a_good_password_too(cast):
    assert TOO_MANY not in _attack(cast.manager.email)
    assert _attack(cast.manager.email, 1) == [TOO_MANY]
    client, page = _sign_in(cast.manager.email)
    assert page.context["form"].errors == {"__all__": [TOO_MANY]}
    assert not _is_in(client)


def test_another_account_is_not_touched(cast):
    _attack(cast.manager.email, 6)
    assert _is_in(_sign_in(cast.practitioner.email)[0])


def test_the_limit_ends_after_five_minutes(cast, monkeypatch):
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    _attack(cast.manager.email, 6)
    monkeypatch.setattr(time, "time", lambda: now + 5 * 60 - 1)
    assert not _is_in(_sign_in(cast.manager.email)[0])
    monkeypatch.setattr(time, "time", lambda: now + 5 * 60 + 1)
    assert _is_in(_sign_in(cast.manager.email)[0])


def test_a_good_password_takes_no_bad_try_back(cast):
    """Else an attacker with an account of their own could go on and on."""
    _attack(cast.manager.email, 4)
    assert _is_in(_sign_in(cast.manager.email)[0])
    assert TOO_MANY not in _attack(cast.manager.email, 1)
    assert _attack(cast.manager.email, 1) == [TOO_MANY]


def test_an_unknown_address_is_limited_alike(cast):
    assert _attack("nobody@own.example", 7)[5:] == [TOO_MANY, TOO_MANY]


@pytest.mark.parametrize(
    "spelling", ["MANAGER@own.example", " manager@own.example", "Manager@Own.Example"]
)
def test_another_spelling_of_an_address_is_the_same_account(cast, spelling):
    _attack(cast.manager.email)
    assert _attack(spelling, 1) == [TOO_MANY]


@pytest.mark.parametrize("host", ["localhost", "testserver:81", "testserver:82", "[::1]"])
def test_another_host_is_the_same_account(cast, host):
    _attack(cast.manager.email)
    client = Client(headers={"host": host})
    page = client.post(LOGIN, {"login": cast.manager.email, "password": "a wrong password"})
    assert page.context["form"].errors == {"__all__": [TOO_MANY]}


def test_another_account_can_be_attacked_no_more_often_after_many_others(cast):
    """What is remembered of one account is not pushed out by tries on many."""
    _attack(cast.manager.email)
    assert django_settings.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] > 10_000
    for number in range(120):
        _sign_in(f"nobody{number}@own.example", "a wrong password", REMOTE_ADDR=f"10.1.0.{number}")
    assert _attack(cast.manager.email, 1) == [TOO_MANY]


def test_who_is_attacked_can_still_get_in_by_code_or_with_a_new_password(cast):
    _attack(cast.manager.email, 6)
    client = Client()
    assert client.post("/accounts/login/code/", {"email": cast.manager.email}).status_code == 302
    client.post("/accounts/password/reset/", {"email": cast.manager.email})
    form = client.get(path_in(letter_to(cast.manager.email)), follow=True)
    new = {"password1": "three blue otters", "password2": "three blue otters"}
    client.post(form.request["PATH_INFO"], new)
    assert _is_in(_sign_in(cast.manager.email, "three blue otters")[0])


def test_codes_for_one_account_are_limited(cast):
    EmailAddress.objects.create(user=cast.manager, email=cast.manager.email, verified=True)
    statuses = [
        Client(REMOTE_ADDR=f"10.0.0.{number}")
        .post("/accounts/login/code/", {"email": cast.manager.email})
        .status_code
        for number in range(5)
    ]
    assert (statuses, len(mail.outbox)) == ([302, 302, 302, 200, 200], 3)


def test_password_links_for_one_account_are_limited(cast):
    for number in range(7):
        client = Client(REMOTE_ADDR=f"10.0.0.{number}")
        client.post("/accounts/password/reset/", {"email": cast.manager.email})
    assert len(mail.outbox) == 5


def test_an_address_that_floods_the_page_is_stopped_with_a_page_of_ours(cast, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": "2/m/ip"}
    client = Client()
    for _ in range(2):
        client.post(LOGIN, {"login": "nobody@own.example", "password": "wrong"})
    page = client.post(LOGIN, {"login": cast.manager.email, "password": factories.PASSWORD})
    assert (page.status_code, _is_in(client)) == (429, False)
    assert "<h1>Too many tries in a short time</h1>" in page.content.decode()
