"""The second step cannot be walked around, by whatever way somebody signs in."""

import pytest
from allauth.mfa.totp.internal import auth
from django.test import Client
from django.urls import reverse

from tests.doors import EXPECTED
from tests.factories import PASSWORD
from tests.test_every_door import METHODS, _address, _ask, house  # noqa: F401

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
STEP = "/accounts/2fa/authenticate/"
# What everybody may see, and what people need to set up a second step or their account.
WITHOUT = frozenset(
    [
        *("home", "healthz", "readyz", "help", "privacy", "accessibility"),
        *("address", "address-confirm", "places:account", "places:invitation"),
        # From a mail, and for one row: whoever holds the link need not sign in at all.
        "smallchanges:ask-link",
        *("places:mails", "places:mails-stop"),
        *("surveys:answer-open", "surveys:mailed"),
        # About oneself, wherever one takes part.
        *("personal:about-me", "personal:erase-me"),
        *("smallchanges:inbox-offer", "smallchanges:inbox-said"),
        # For partners, who have no account.
        *("blueprints:shared", "blueprints:shared-pdf", "blueprints:shared-docx"),
    ]
)


@pytest.fixture
def guarded(cast):
    """A facilitator with an authenticator app."""
    auth.TOTP.activate(cast.facilitator, SECRET)
    return cast.facilitator


def _is_out(client) -> bool:
    return client.get("/own/")["Location"] == "/accounts/login/?next=/own/"


def test_a_new_password_from_a_mail_signs_nobody_in(guarded, client, mailoutbox):
    client.post("/accounts/password/reset/", {"email": guarded.email})
    link = next(word for word in mailoutbox[0].body.split() if "/reset/key/" in word)
    form = client.get(link, follow=True).request["PATH_INFO"]
    client.post(form, {"password1": "a new long password", "password2": "a new long password"})
    assert _is_out(client)
    said = {"login": guarded.email, "password": "a new long password"}
    assert client.post("/accounts/login/", said)["Location"] == STEP


def test_between_the_two_steps_nothing_is_open(guarded, client):
    client.post("/accounts/login/", {"login": guarded.email, "password": PASSWORD})
    for path in ("/", "/account/", "/accounts/email/", "/accounts/2fa/", "/accounts/sessions/"):
        assert client.get(path)["Location"].startswith("/accounts/login/?next=")


def test_without_one_no_page_of_a_place_opens(house, settings):  # noqa: F811
    """Every address inside a place, and every one of the Crescendo team's, by any method."""
    settings.REQUIRE_SECOND_STEP = True
    opened = []
    for who in ("facilitator", "crescendo"):
        client = Client()
        client.force_login(house.people[who])
        for name, door in EXPECTED.items():
            # In a room they are guests like everybody: no page of a place is there.
            if who not in door.enter or name in WITHOUT or name.startswith("room:"):
                continue
            if who == "crescendo" and "facilitator" in door.enter:
                continue
            for method in METHODS:
                response, _ = _ask(client, method, _address(name, "own", house.own))
                led_to = response.get("HX-Redirect") or response.get("Location")
                if led_to != reverse("mfa_index"):
                    opened.append((who, name, method, response.status_code))
    assert opened == []
