"""No address takes a write without its token."""

import pytest
from django.test import Client

from programmes.models import AuditEvent
from tests.doors import EXPECTED
from tests.test_every_door import _address, house  # noqa: F401


def _client(person, **more) -> Client:
    client = Client(**more)
    if person:
        client.force_login(person)
    return client


def _doors(who):
    """Of the Crescendo team those that no facilitator has."""
    return [
        name
        for name, door in EXPECTED.items()
        if who in door.enter and (who == "facilitator" or "facilitator" not in door.enter)
    ]


@pytest.mark.parametrize("forged", [{}, {"origin": "https://elsewhere.example"}])
def test_no_write_without_its_token(house, forged):  # noqa: F811
    """As those who may: with no token at all, and with a token of a form elsewhere."""
    taken = []
    for who in ("facilitator", "crescendo"):
        client = _client(house.people[who], enforce_csrf_checks=True)
        client.cookies["csrftoken"] = "t" * 32
        for name in _doors(who):
            if "POST" not in EXPECTED[name].methods:
                continue
            sent = {"csrfmiddlewaretoken": "t" * 32} if forged else {}
            answer = client.post(_address(name, "own", house.own), sent, headers=forged)
            if answer.status_code != 403:
                taken.append((who, name, answer.status_code))
    assert taken == []
    assert AuditEvent.objects.count() == 0
