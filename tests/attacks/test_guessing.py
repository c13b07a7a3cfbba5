"""Guessing a password: five tries for an account, whatever is sent along with them.

How the limits serve people is in tests/crescendo/test_sign_in_limits.py.
"""

import pytest
from django.test import Client

from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
TOO_MANY = "Too many tries for this address. Wait five minutes, or choose a new password."


@pytest.fixture(autouse=True)
def sam():
    return UserFactory(email="sam@own.example")


def _try(login: str, password: str, **headers: str):
    said = {"login": login, "password": password}
    return Client().post("/accounts/login/", said, headers={"host": "localhost"} | headers)


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
    for _ in range(5):
        _try("sam@own.example", "wrong")
    answer = _try("sam@own.example", PASSWORD, **forged)
    assert answer.context["form"].non_field_errors() == [TOO_MANY]


@pytest.mark.parametrize(
    "alike",
    [
        "ſam@own.example",
        "sam@own.example.",
        "sam+1@own.example",
        "s\N{CYRILLIC SMALL LETTER A}m@own.example",
    ],
)
def test_what_looks_alike_opens_nothing(alike):
    """Else each of them would have five tries of its own."""
    assert _try(alike, PASSWORD).status_code == 200
    assert _try("sam@own.example", PASSWORD).status_code == 302


def test_no_host_sends_a_fourth_code_in_a_minute(mailoutbox):
    for host in ("localhost", "localhost:1", "127.0.0.1", "[::1]", "LOCALHOST"):
        said = {"email": "sam@own.example"}
        Client().post("/accounts/login/code/", said, headers={"host": host})
    assert len(mailoutbox) == 3
