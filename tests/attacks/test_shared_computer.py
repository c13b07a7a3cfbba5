"""Somebody else at the same computer, later."""

import time

from django.test import Client

from tests.factories import PASSWORD

HOURS = 60 * 60


def test_a_sign_in_ends_after_a_working_day_however_busy(cast, monkeypatch):
    client = Client()
    client.post("/accounts/login/", {"login": cast.practitioner.email, "password": PASSWORD})
    signed_in = time.time()
    monkeypatch.setattr(time, "time", lambda: signed_in + 12 * HOURS - 5)
    assert client.post("/account/", {"name": "Still Here"}).status_code == 302
    monkeypatch.setattr(time, "time", lambda: signed_in + 12 * HOURS + 5)
    assert client.get("/account/")["Location"] == "/accounts/login/?next=/account/"
    monkeypatch.setattr(time, "time", lambda: signed_in)
    assert client.get("/account/").status_code == 302
