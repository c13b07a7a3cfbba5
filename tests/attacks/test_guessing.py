"""Guessing passwords and codes: narrow for one account, wide for a council behind one address."""

import pytest
from django.test import Client

from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
TOO_MANY = "Too many tries for this address. Wait five minutes, or choose a new password."
WRONG = (
    "That email address and password don’t go together. Check both, or ask for a sign-in code"
    " instead."
)


def _try(login: str, password: str, *, client: Client | None = None, **headers: str):
    said = {"login": login, "password": password}
    return (client or Client()).post("/accounts/login/", said, headers=headers)


def _said(response) -> list[str]:
    return response.context["form"].non_field_errors()


def test_the_sixth_bad_try_on_one_account_is_not_looked_at():
    UserFactory(email="sam@own.example")
    said = [_said(_try("sam@own.example", "wrong")) for _ in range(6)]
    assert said == [[WRONG]] * 5 + [[TOO_MANY]]
    assert _said(_try("sam@own.example", PASSWORD)) == [TOO_MANY]


@pytest.mark.parametrize(
    "forged",
    [
        *({"host": f"localhost:{port}"} for port in (1, 8000, 65535)),
        *({"host": host} for host in ("LOCALHOST", "127.0.0.1", "[::1]")),
        {"x-forwarded-for": "198.51.100.7"},
        {"x-forwarded-host": "elsewhere.example"},
        {"x-real-ip": "198.51.100.7"},
        {"forwarded": "for=198.51.100.7"},
        {"user-agent": "another browser"},
    ],
    ids=str,
)
def test_no_header_gives_five_more_tries(forged):
    """Host with a port of one's choice is still ours, so nobody else refuses it."""
    UserFactory(email="sam@own.example")
    for _ in range(5):
        _try("sam@own.example", "wrong", host="localhost")
    assert _said(_try("sam@own.example", PASSWORD, **{"host": "localhost"} | forged)) == [TOO_MANY]


@pytest.mark.parametrize("written", ["SAM@OWN.EXAMPLE", " sam@own.example ", "Sam@own.example\n"])
def test_no_other_spelling_gives_five_more_tries(written):
    UserFactory(email="sam@own.example")
    for _ in range(5):
        _try("sam@own.example", "wrong")
    assert _said(_try(written, PASSWORD)) == [TOO_MANY]


@pytest.mark.parametrize(
    "written",
    ["ſam@own.example", "sam@own.example.", "sam+1@own.example", "sam\N{CYRILLIC SMALL LETTER A}"],
)
def test_what_looks_alike_opens_nothing(written):
    """PostgreSQL and Python do not lower all letters alike: neither is asked to guess."""
    UserFactory(email="sam@own.example")
    assert _try(written, PASSWORD).status_code == 200


def test_an_unknown_address_is_told_the_same():
    said = [_said(_try("nobody@own.example", "wrong")) for _ in range(6)]
    assert said == [[WRONG]] * 5 + [[TOO_MANY]]


def test_sixty_people_behind_one_address_get_in():
    people = [UserFactory().email for _ in range(60)]
    assert {_try(email, PASSWORD)["Location"] for email in people} == {"/"}


def test_a_right_password_between_does_not_give_new_tries():
    UserFactory(email="sam@own.example")
    for _ in range(4):
        _try("sam@own.example", "wrong")
    assert _try("sam@own.example", PASSWORD).status_code == 302
    assert _said(_try("sam@own.example", "wrong")) == [WRONG]
    assert _said(_try("sam@own.example", "wrong")) == [TOO_MANY]
