"""What holds for each address: writes need a token, reading writes nothing, and all are safe."""

import pytest
from django.test import Client

from programmes.models import AuditEvent
from tests.doors import EXPECTED
from tests.test_every_door import _address, _ask, house  # noqa: F401

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"


def _client(person, **more) -> Client:
    client = Client(**more)
    if person:
        client.force_login(person)
    return client


def _doors(who):
    return [name for name, door in EXPECTED.items() if who in door.enter]


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


def test_reading_writes_nothing(house):  # noqa: F811
    """Links are opened by mail scanners, by browsers beforehand and by forged pictures."""
    for who in ("facilitator", "crescendo"):
        client = _client(house.people[who])
        for name in _doors(who):
            client.get(_address(name, "own", house.own))
    assert AuditEvent.objects.count() == 0


def test_each_answer_has_every_header(house):  # noqa: F811
    """Whatever its status, and to whomever."""
    wrong, statuses = [], set()
    for who in ("anonymous", "practitioner", "outsider"):
        client = _client(house.people[who])
        for name in EXPECTED:
            for method in ("GET", "POST"):
                answer, _ = _ask(client, method, _address(name, "own", house.own))
                statuses.add(answer.status_code)
                if not _is_safe(answer, signed_in=who != "anonymous"):
                    wrong.append((who, name, method, answer.status_code))
    assert wrong == []
    assert {200, 302, 403, 404, 405} <= statuses


def _is_safe(answer, *, signed_in: bool) -> bool:
    held = answer.headers
    return (
        held["Content-Security-Policy"].startswith(POLICY)
        and held["X-Frame-Options"] == "DENY"
        and held["X-Content-Type-Options"] == "nosniff"
        and held["Referrer-Policy"] == "same-origin"
        and (not signed_in or held["Cache-Control"] == "no-store, private")
    )
