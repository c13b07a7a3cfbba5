"""Changing one's own e-mail address, with a code from a mail to the new one."""

import time

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from programmes.models import AuditEvent, User
from tests import factories
from tests.answers import errors, follow, told
from tests.letters import code_in, letter_to

ASK = "/accounts/email/"
CONFIRM = "/accounts/email/code/"
NEW = "new@own.example"


@pytest.fixture
def manager(cast, client_of):
    """Somebody who has just proved that it is still them."""
    client = client_of(cast.manager)
    client.post("/accounts/reauthenticate/", {"password": factories.PASSWORD})
    return client


@pytest.fixture
def ask(manager, django_capture_on_commit_callbacks):
    """`ask(address)`: the answer, once what comes after the commit is done."""

    def asking(address: str, client=manager):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(ASK, {"email": address})

    return asking


@pytest.fixture
def confirm(manager, django_capture_on_commit_callbacks):
    def confirming(code: str, client=manager):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(CONFIRM, {"code": code})

    return confirming


def _address(person) -> str:
    return User.objects.get(pk=person.pk).email


def test_nothing_changes_until_the_code_is_typed_in(cast, ask, manager):
    assert ask(" New@Own.Example ")["Location"] == CONFIRM
    letter = letter_to(NEW)
    assert letter.subject == f"{code_in(letter)} is the code for your new address"
    assert "It works once, for 15 minutes." in letter.body
    page = manager.get(CONFIRM)
    assert f"We’ve written to <strong>{NEW}</strong>." in page.content.decode()
    assert (_address(cast.manager), EmailAddress.objects.count()) == ("manager@own.example", 0)


def test_with_the_code_the_new_address_signs_in_and_the_old_one_is_told(
    cast, ask, confirm, manager
):
    EmailAddress.objects.create(
        user=cast.manager, email=cast.manager.email, verified=True, primary=True
    )
    ask(NEW)
    code = code_in(letter_to(NEW))
    page = follow(manager, confirm(f" {code[:4].lower()}-{code[4:].lower()} "))
    assert (page.request["PATH_INFO"], told(page)) == (
        "/account/",
        [f"From now on you sign in with {NEW}."],
    )
    assert list(EmailAddress.objects.values_list("user", "email", "verified", "primary")) == [
        (cast.manager.pk, NEW, True, True)
    ]
    letter = letter_to("manager@own.example")
    assert letter.subject == "Your email address was changed"
    assert NEW not in letter.body
    signed_in = []
    for address in (NEW, "manager@own.example"):
        client = Client()
        client.post("/accounts/login/", {"login": address, "password": factories.PASSWORD})
        signed_in.append(client.get("/account/").status_code == 200)
    assert signed_in == [True, False]


def test_the_old_address_gets_no_more_codes(cast, ask, confirm):
    EmailAddress.objects.create(user=cast.manager, email=cast.manager.email, verified=True)
    ask(NEW)
    confirm(code_in(letter_to(NEW)))
    mail.outbox.clear()
    for address in ("manager@own.example", NEW):
        Client().post("/accounts/login/code/", {"email": address})
        Client().post("/accounts/password/reset/", {"email": address})
    assert {letter.to[0] for letter in mail.outbox} == {NEW}


def test_a_code_works_once(cast, ask, confirm, manager):
    ask(NEW)
    code = code_in(letter_to(NEW))
    confirm(code)
    assert confirm(code)["Location"] == ASK


def test_a_wrong_code_is_told_of_and_five_end_the_try(cast, ask, confirm):
    ask(NEW)
    code = code_in(letter_to(NEW))
    for _ in range(5):
        page = confirm("WRNGCODE")
        assert errors(page) == {"code": ["That code isn’t right. Check it, or ask for a new one."]}
    assert confirm(code)["Location"] == ASK
    assert _address(cast.manager) == "manager@own.example"


def test_a_code_is_too_late_after_a_quarter_of_an_hour(cast, ask, confirm, monkeypatch):
    ask(NEW)
    code, now = code_in(letter_to(NEW)), time.time()
    monkeypatch.setattr(time, "time", lambda: now + 15 * 60 + 1)
    assert confirm(code)["Location"] == ASK
    assert _address(cast.manager) == "manager@own.example"


def test_a_code_works_in_the_session_that_asked_for_it_alone(cast, ask, confirm, client_of):
    ask(NEW)
    other = client_of(cast.facilitator)
    assert confirm(code_in(letter_to(NEW)), other)["Location"] == ASK
    assert _address(cast.facilitator) == "facilitator@own.example"


def test_only_the_newest_code_counts(cast, ask, confirm):
    ask("first@own.example")
    ask(NEW)
    page = confirm(code_in(letter_to("first@own.example")))
    assert (list(errors(page)), _address(cast.manager)) == (["code"], "manager@own.example")
    confirm(code_in(letter_to(NEW)))
    assert _address(cast.manager) == NEW


# --- somebody else's address


def test_an_address_that_somebody_has_answers_alike_and_tells_them(cast, ask, manager):
    pages = {}
    for address in (NEW, cast.practitioner.email):
        response = ask(address)
        body = manager.get(CONFIRM).content.decode().replace(address, "TYPED")
        pages[address] = (response.status_code, response["Location"], _without_tokens(body))
    assert pages[NEW] == pages[cast.practitioner.email]
    letter = letter_to(cast.practitioner.email)
    assert letter.subject == "Someone asked to use your email address"
    assert "It’s already yours there, so nothing changed." in letter.body
    assert cast.manager.email not in letter.body


def _without_tokens(body: str) -> list[str]:
    return [line for line in body.splitlines() if "csrf" not in line.lower()]


def test_no_code_fits_an_address_that_somebody_has(cast, ask, confirm, manager):
    ask(cast.practitioner.email)
    code = manager.session["address_waiting"]["code"]
    page = confirm(code[:20])
    assert list(errors(page)) == ["code"]
    assert _address(cast.manager) == "manager@own.example"


def test_an_address_that_somebody_took_meanwhile_is_not_taken_from_them(cast, ask, confirm):
    ask(NEW)
    code = code_in(letter_to(NEW))
    factories.UserFactory(email=NEW)
    assert list(errors(confirm(code))) == ["code"]
    assert _address(cast.manager) == "manager@own.example"


# --- what is refused


@pytest.mark.parametrize("address", ["", "nobody", "süß@own.example", "a@b\nBcc: c@d.example"])
def test_what_is_no_address_is_sent_nothing(ask, manager, address):
    page = ask(address)
    assert (list(errors(page)), mail.outbox) == (["email"], [])


def test_without_a_fresh_proof_nothing_is_asked(cast, client_of):
    response = client_of(cast.manager).post(ASK, {"email": NEW})
    assert response["Location"].startswith("/accounts/reauthenticate/")
    assert mail.outbox == []


def test_nobody_can_have_a_hundred_addresses_written_to(ask):
    statuses = [ask(f"n{number}@own.example").status_code for number in range(12)]
    assert (statuses, len(mail.outbox)) == ([302] * 10 + [429] * 2, 10)


def test_history_keeps_no_address(ask, confirm):
    ask(NEW)
    confirm(code_in(letter_to(NEW)))
    told = AuditEvent.objects.order_by("pk").values_list("verb", "target_label", "details")
    assert list(told) == [
        ("address asked for", "", {}),
        ("address changed", "", {}),
    ]


def test_what_waits_is_in_the_session_and_not_in_the_tables(cast, ask):
    ask(NEW)
    assert not User.objects.filter(email=NEW).exists()
    assert not EmailAddress.objects.filter(email=NEW).exists()


@pytest.mark.parametrize("path", ["/accounts/confirm-email/x/", "/accounts/confirm-email/"])
def test_allauths_own_way_to_an_address_leads_to_ours(manager, path):
    body = manager.get(path, follow=True).content.decode()
    assert 'class="logo"' in body
