"""Signing in: by password, by mailed code, with a forgotten password; and who stays out."""

import re
import time

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from programmes.models import AuditEvent, User
from tests import factories
from tests.answers import HTMX, follow, told
from tests.letters import code_in, letter_to, link_in, path_in

LOGIN = "/accounts/login/"
CODE = "/accounts/login/code/"
CONFIRM = "/accounts/login/code/confirm/"
RESET = "/accounts/password/reset/"
NEW = "three blue otters"


def _sign_in(client, address: str, password: str = factories.PASSWORD, **more):
    return client.post(LOGIN, {"login": address, "password": password} | more)


def _is_in(client) -> bool:
    return client.get("/account/").status_code == 200


def _without_what_differs(response, *words: str) -> str:
    """The page, without its tokens and the words that were typed."""
    body = re.sub(r'(csrfmiddlewaretoken" value|X-CSRFToken"): ?"?=?"?[^"]*"', "", _body(response))
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", body)
    for word in words:
        body = body.replace(word, "TYPED")
    return body


def _body(response) -> str:
    return response.content.decode()


# --- by password


def test_the_page_has_a_field_for_the_address_and_one_for_the_password(client, db):
    body = _body(client.get(LOGIN))
    assert ('name="login"' in body, 'name="password"' in body) == (True, True)
    assert 'autocomplete="current-password"' in body


def test_a_good_password_lets_in_and_leads_home(cast, client):
    response = _sign_in(client, cast.manager.email)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/", follow=True).redirect_chain == [("/own/", 302)]


@pytest.mark.parametrize("address", ["MANAGER@OWN.example", "  manager@own.example "])
def test_an_address_may_be_typed_as_people_type_it(cast, client, address):
    _sign_in(client, address)
    assert _is_in(client)


def test_the_session_gets_another_key(cast, client):
    client.get(LOGIN)
    session = client.session
    session["mark"] = "before"
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    _sign_in(client, cast.manager.email)
    assert (_is_in(client), client.session.session_key == before) == (True, False)
    fixated = Client()
    fixated.cookies["sessionid"] = before
    assert not _is_in(fixated)


def test_where_somebody_wanted_to_go_they_are_led(cast, client):
    response = client.get("/own/people/")
    assert response["Location"] == f"{LOGIN}?next=/own/people/"
    response = _sign_in(client, cast.manager.email, next="/own/people/")
    assert response["Location"] == "/own/people/"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "javascript:alert(1)",
        "\\\\evil.example",
        "http:evil",
    ],
)
def test_nobody_is_led_to_another_site(cast, client, elsewhere):
    assert _sign_in(client, cast.manager.email, next=elsewhere)["Location"] == "/"
    assert elsewhere not in client.post("/accounts/logout/", {"next": elsewhere})["Location"]


def test_without_a_session_htmx_is_led_to_sign_in_as_a_whole_page_and_back(cast, client):
    """Else the sign-in page would stand in the middle of another one."""
    here = {"HX-Current-URL": "http://testserver/own/people/?q=lee"}
    response = client.post("/own/changes/add/", headers=HTMX | here)
    assert (response.status_code, response.content) == (200, b"")
    address = response["HX-Redirect"]
    assert address == f"{LOGIN}?next=%2Fown%2Fpeople%2F%3Fq%3Dlee"
    assert 'name="next" value="/own/people/?q=lee"' in _body(client.get(address))


@pytest.mark.parametrize("here", ["http://evil.example/own/", "nonsense", ""])
def test_a_page_elsewhere_is_none_to_come_back_to(client, db, here):
    response = client.get("/own/people/", headers=HTMX | {"HX-Current-URL": here})
    assert response["HX-Redirect"] == f"{LOGIN}?next=/own/people/"


def test_unknown_and_known_addresses_answer_alike(cast, client):
    known = _sign_in(client, cast.manager.email, "a wrong password")
    unknown = _sign_in(client, "nobody@own.example", "a wrong password")
    assert (known.status_code, unknown.status_code) == (200, 200)
    assert _without_what_differs(known, cast.manager.email) == _without_what_differs(
        unknown, "nobody@own.example"
    )
    assert known.context["form"].errors == {
        "__all__": [
            "That email address and password don’t go together."
            " Check both, or ask for a sign-in code instead."
        ]
    }


def test_a_password_is_never_shown_again(cast, client):
    assert "a wrong password" not in _body(_sign_in(client, cast.manager.email, "a wrong password"))


def test_who_has_no_password_cannot_sign_in_with_one(cast, client):
    cast.manager.set_unusable_password()
    cast.manager.save()
    for password in ("", "!", cast.manager.password):
        _sign_in(client, cast.manager.email, password)
        assert not _is_in(client)


def test_signing_in_needs_a_token_against_forged_forms(cast):
    client = Client(enforce_csrf_checks=True)
    assert _sign_in(client, cast.manager.email).status_code == 403


def test_a_session_ends_after_a_working_day(cast, client, settings):
    _sign_in(client, cast.manager.email)
    assert client.session.get_expiry_age() == 12 * 60 * 60
    assert client.cookies["sessionid"]["httponly"] is True


def test_signing_out_asks_first_and_closes_the_session(cast, client_of):
    client = client_of(cast.manager)
    key = client.session.session_key
    assert client.get("/accounts/logout/").status_code == 200
    assert _is_in(client)
    page = follow(client, client.post("/accounts/logout/"))
    assert told(page) == ["You’re signed out. See you soon."]
    again = Client()
    again.cookies["sessionid"] = key
    assert (_is_in(client), _is_in(again)) == (False, False)


# --- nobody signs up


def test_sign_up_is_closed(client, db):
    page = client.get("/accounts/signup/")
    assert "Crescendo is by invitation" in _body(page)
    said = {"email": "new@own.example", "password1": NEW, "password2": NEW}
    assert "Crescendo is by invitation" in _body(client.post("/accounts/signup/", said))
    assert User.objects.count() == 0


# --- by mailed code


def test_a_code_lets_in_once(cast, client):
    assert client.post(CODE, {"email": cast.manager.email})["Location"] == CONFIRM
    letter = letter_to(cast.manager.email)
    code = code_in(letter)
    assert letter.subject == f"{code} is your sign-in code for Crescendo"
    assert "You’re getting this because someone typed this address" in letter.body
    response = client.post(CONFIRM, {"code": code.lower().replace("-", "")})
    assert (response["Location"], _is_in(client)) == ("/", True)
    other = Client()
    assert other.post(CONFIRM, {"code": code}).status_code == 302
    assert not _is_in(other)


def test_a_code_works_in_the_browser_that_asked_for_it_alone(cast, client):
    client.post(CODE, {"email": cast.manager.email})
    code, other = code_in(letter_to(cast.manager.email)), Client()
    other.post(CODE, {"email": cast.practitioner.email})
    other.post(CONFIRM, {"code": code})
    assert not _is_in(other)


def test_a_wrong_code_is_told_of_and_three_end_the_try(cast, client):
    client.post(CODE, {"email": cast.manager.email})
    code = code_in(letter_to(cast.manager.email))
    page = client.post(CONFIRM, {"code": "WRNG-CODE"})
    assert page.context["verify_form"].errors == {
        "code": ["That code isn’t right. Check it, or ask for a new one."]
    }
    for _ in range(2):
        client.post(CONFIRM, {"code": "WRNG-CODE"})
    client.post(CONFIRM, {"code": code})
    assert not _is_in(client)


def test_a_code_of_yesterday_is_too_late(cast, client, monkeypatch):
    client.post(CODE, {"email": cast.manager.email})
    code, now = code_in(letter_to(cast.manager.email)), time.time()
    monkeypatch.setattr(time, "time", lambda: now + 15 * 60 + 1)
    client.post(CONFIRM, {"code": code})
    assert not _is_in(client)


def test_unknown_and_known_addresses_ask_for_a_code_alike(cast):
    pages = []
    for address in (cast.manager.email, "nobody@own.example"):
        client = Client()
        asked = client.post(CODE, {"email": address})
        page = follow(client, asked)
        wrong = client.post(CONFIRM, {"code": "WRNG-CODE"})
        again = client.post(CONFIRM, {"action": "resend"})
        pages.append(
            (
                *(asked.status_code, asked["Location"]),
                *(page.status_code, _without_what_differs(page, address)),
                *(wrong.status_code, _without_what_differs(wrong, address)),
                *(again.status_code, again.get("Location")),
            )
        )
    assert pages[0] == pages[1]
    assert {letter.to[0] for letter in mail.outbox} == {cast.manager.email}


def test_a_new_code_can_be_asked_for(cast, client):
    client.post(CODE, {"email": cast.manager.email})
    first = code_in(letter_to(cast.manager.email))
    client.post(CONFIRM, {"action": "resend"})
    second = code_in(letter_to(cast.manager.email))
    client.post(CONFIRM, {"code": second})
    assert (first != second, _is_in(client)) == (True, True)


def test_the_session_gets_another_key_by_code_too(cast, client):
    client.post(CODE, {"email": cast.manager.email})
    before = client.session.session_key
    client.post(CONFIRM, {"code": code_in(letter_to(cast.manager.email))})
    assert (_is_in(client), client.session.session_key == before) == (True, False)


# --- a forgotten password


def _ask_for_a_link(client, address: str):
    return client.post(RESET, {"email": address})


def _choose(client, path: str, password: str = NEW):
    """Open the link from the mail and write a new password twice."""
    form = follow(client, client.get(path))
    return client.post(form.request["PATH_INFO"], {"password1": password, "password2": password})


def test_a_new_password_is_chosen_with_a_link_from_a_mail(cast, client):
    assert _ask_for_a_link(client, cast.manager.email)["Location"] == f"{RESET}done/"
    letter = letter_to(cast.manager.email)
    assert letter.subject == "Choose a new password for Crescendo"
    page = follow(client, _choose(client, path_in(letter)))
    assert "Your new password is set" in _body(page)
    assert not _is_in(client)
    old, new = Client(), Client()
    _sign_in(old, cast.manager.email)
    _sign_in(new, cast.manager.email, NEW)
    assert (_is_in(old), _is_in(new)) == (False, True)
    assert letter_to(cast.manager.email).subject == "Your password was changed"
    assert list(AuditEvent.objects.values_list("verb", flat=True)) == ["account password reset"]


def test_the_link_works_once(cast, client):
    _ask_for_a_link(client, cast.manager.email)
    path = path_in(letter_to(cast.manager.email))
    _choose(client, path)
    page = Client().get(path)
    assert (page.status_code, "This link no longer works" in _body(page)) == (200, True)
    cast.manager.refresh_from_db()
    assert cast.manager.check_password(NEW)


def test_opening_the_link_changes_nothing(cast, client):
    _ask_for_a_link(client, cast.manager.email)
    for _ in range(2):
        client.get(path_in(letter_to(cast.manager.email)), follow=True)
    cast.manager.refresh_from_db()
    assert cast.manager.check_password(factories.PASSWORD)


@pytest.mark.parametrize("password", ["short", "q1w2e3r4t5y6", "Manager Example"])
def test_a_weak_password_is_refused(cast, client, password):
    _ask_for_a_link(client, cast.manager.email)
    page = _choose(client, path_in(letter_to(cast.manager.email)), password)
    assert page.status_code == 200
    cast.manager.refresh_from_db()
    assert cast.manager.check_password(factories.PASSWORD)


def test_the_link_leads_to_the_site_whatever_host_was_asked_for(cast, client, settings):
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://crescendo.example", ["*"]
    client.post(
        RESET,
        {"email": cast.manager.email},
        headers={"host": "evil.example", "x-forwarded-host": "evil.example"},
    )
    letter = letter_to(cast.manager.email)
    assert link_in(letter).startswith("https://crescendo.example/accounts/password/reset/key/")
    assert "evil" not in letter.message().as_string()


def test_unknown_and_known_addresses_ask_for_a_link_alike(cast):
    pages = []
    for address in (cast.manager.email, "nobody@own.example"):
        client = Client()
        asked = _ask_for_a_link(client, address)
        page = follow(client, asked)
        pages.append((asked.status_code, asked["Location"], _without_what_differs(page, address)))
    assert pages[0] == pages[1]
    assert [letter.to[0] for letter in mail.outbox] == [cast.manager.email]


def test_a_new_password_signs_out_everywhere_else(cast, client, client_of):
    elsewhere = client_of(cast.manager)
    _sign_in(client, cast.manager.email)
    said = {"oldpassword": factories.PASSWORD, "password1": NEW, "password2": NEW}
    page = follow(client, client.post("/accounts/password/change/", said))
    assert (page.request["PATH_INFO"], told(page)) == ("/account/", ["Your new password is set."])
    assert (_is_in(client), _is_in(elsewhere)) == (True, False)


def test_the_old_password_is_needed_for_a_new_one(cast, client_of):
    client = client_of(cast.manager)
    said = {"oldpassword": "not mine", "password1": NEW, "password2": NEW}
    page = client.post("/accounts/password/change/", said)
    assert page.context["form"].errors == {
        "oldpassword": ["That isn’t your password now. Try once more."]
    }


def test_where_one_is_signed_in_is_listed_and_can_be_ended(cast, client):
    elsewhere = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Edg/120"})
    for browser in (elsewhere, client):
        _sign_in(browser, cast.manager.email)
    body = _body(client.get("/accounts/sessions/"))
    assert ("Edge on Windows" in body, "Sign out everywhere else" in body) == (True, True)
    page = follow(client, client.post("/accounts/sessions/"))
    assert told(page) == ["You’re signed out everywhere else."]
    assert (_is_in(client), _is_in(elsewhere)) == (True, False)


# --- who stays out


def test_a_deactivated_person_is_shut_out_at_the_next_request(cast, client_of):
    client = client_of(cast.manager)
    assert client.get("/own/").status_code == 200
    User.objects.filter(pk=cast.manager.pk).update(is_active=False)
    for path in ("/own/", "/account/", "/portfolio/"):
        assert client.get(path)["Location"] == f"{LOGIN}?next={path}"


def test_a_deactivated_person_gets_in_by_no_way(cast, client):
    User.objects.filter(pk=cast.manager.pk).update(is_active=False)
    assert _sign_in(client, cast.manager.email)["Location"] == "/accounts/inactive/"
    assert "This account is closed" in _body(client.get("/accounts/inactive/"))
    client.post(CODE, {"email": cast.manager.email})
    _ask_for_a_link(client, cast.manager.email)
    assert (_is_in(client), mail.outbox) == (False, [])


def test_only_who_knows_the_password_learns_that_an_account_is_closed(cast, client):
    User.objects.filter(pk=cast.manager.pk).update(is_active=False)
    closed = _sign_in(client, cast.manager.email, "a wrong password")
    unknown = _sign_in(client, "nobody@own.example", "a wrong password")
    assert _without_what_differs(closed, cast.manager.email) == _without_what_differs(
        unknown, "nobody@own.example"
    )


def test_an_ended_place_is_closed_at_the_next_request_and_the_account_stays(cast, client_of):
    client = client_of(cast.manager)
    assert client.get("/own/").status_code == 200
    cast.manager.memberships.update(ended_at=timezone.now())
    assert (client.get("/own/").status_code, _is_in(client)) == (404, True)
    assert "not in a place yet" in _body(client.get("/"))


# --- which places somebody sees


def _places(response) -> list[str]:
    return [place.name for place in response.context["places"]]


def test_the_place_switcher_lists_only_ones_own(cast, client_of):
    """There are three places: two of them are theirs."""
    factories.LocalAuthorityFactory(name="Third Borough", slug="third")
    factories.MembershipFactory(authority=cast.other, user=cast.manager)
    client = client_of(cast.manager)
    for path in ("/", "/own/", "/other/", "/account/", "/accounts/2fa/"):
        page = client.get(path)
        assert _places(page) == ["Other Borough", "Own Borough"]
        assert "Third Borough" not in _body(page)


def test_with_one_place_there_is_nothing_to_switch(cast, client_of):
    body = _body(client_of(cast.practitioner).get("/own/"))
    assert ('id="bar-places"' in body, "Other Borough" in body) == (False, False)


def test_a_place_that_ended_leaves_the_switcher(cast, client_of):
    third = factories.LocalAuthorityFactory(name="Third Borough", slug="third")
    for authority in (cast.other, third):
        factories.MembershipFactory(authority=authority, user=cast.manager)
    client = client_of(cast.manager)
    assert _places(client.get("/own/")) == ["Other Borough", "Own Borough", "Third Borough"]
    cast.manager.memberships.filter(authority=third).update(ended_at=timezone.now())
    assert _places(client.get("/own/")) == ["Other Borough", "Own Borough"]


def test_the_crescendo_team_can_switch_to_every_place(cast, client_of):
    assert _places(client_of(cast.crescendo).get("/own/")) == ["Other Borough", "Own Borough"]


def test_home_asks_where_to_go_where_there_is_a_choice(cast, client_of):
    factories.MembershipFactory(authority=cast.other, user=cast.manager)
    body = _body(client_of(cast.manager).get("/"))
    assert "You take part in two places." in body
    assert ('href="/own/"' in body, 'href="/other/"' in body) == (True, True)
