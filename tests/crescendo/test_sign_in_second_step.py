"""The second step: an app's code, passkeys, recovery codes, and who needs one."""

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.test import Client

from programmes.models import AuditEvent
from tests import factories
from tests.answers import follow, told
from tests.letters import code_in, letter_to

LOGIN = "/accounts/login/"
STEPS = "/accounts/2fa/"
TOTP = f"{STEPS}totp/activate/"
CODES = f"{STEPS}recovery-codes/"
AUTHENTICATE = f"{STEPS}authenticate/"
# Pages that change how an account is kept safe, and so ask for the password once more.
GUARDED = [
    TOTP,
    f"{STEPS}webauthn/add/",
    f"{CODES}generate/",
    "/accounts/email/",
]


@pytest.fixture
def manager(cast, client_of):
    return client_of(cast.manager)


def _prove(client) -> None:
    """It is still me."""
    client.post("/accounts/reauthenticate/", {"password": factories.PASSWORD})


def _code(secret: str, *, later: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def _set_up(client) -> str:
    """Set the app up, and return what the app would know."""
    _prove(client)
    secret = client.get(TOTP).context["form"].secret
    client.post(TOTP, {"code": _code(secret)})
    return secret


def _by_password(person) -> tuple[Client, object]:
    client = Client()
    said = {"login": person.email, "password": factories.PASSWORD}
    return client, client.post(LOGIN, said)


def _is_in(client) -> bool:
    return client.get("/account/").status_code == 200


# --- the pages


def test_without_a_second_step_the_page_offers_two(manager):
    body = manager.get(STEPS).content.decode()
    for words in ("You have no second step yet.", "Set up the app", "Add a passkey"):
        assert words in body


@pytest.mark.parametrize("path", GUARDED)
def test_what_changes_an_accounts_safety_asks_for_the_password_once_more(manager, path):
    response = manager.get(path, follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/reauthenticate/")
    assert "Is it still you?" in response.content.decode()


def test_a_wrong_password_does_not_prove_it(manager):
    page = manager.post("/accounts/reauthenticate/", {"password": "wrong"})
    assert page.context["form"].errors == {"password": ["That isn’t your password. Try once more."]}
    assert manager.get(TOTP).status_code == 302


# --- the app


@pytest.mark.django_db(transaction=True)
def test_the_app_is_set_up_with_a_code_and_gives_recovery_codes(cast, manager):
    _prove(manager)
    page = manager.get(TOTP)
    secret = page.context["form"].secret
    body = page.content.decode()
    assert ("data:image/svg+xml;base64," in body, secret in body) == (True, True)
    page = follow(manager, manager.post(TOTP, {"code": _code(secret)}))
    assert page.request["PATH_INFO"] == CODES
    assert "The app is set up. We’ll ask for its code when you sign in." in told(page)
    assert page.content.decode().count("<li><code>") == 10
    assert [(letter.to[0], letter.subject) for letter in mail.outbox] == [
        (cast.manager.email, "Authenticator app set up")
    ]
    assert list(AuditEvent.objects.values_list("verb", flat=True)) == ["account totp activated"]


def test_a_wrong_code_sets_nothing_up(cast, manager):
    _prove(manager)
    manager.get(TOTP)
    page = manager.post(TOTP, {"code": "000000"})
    assert page.context["form"].errors == {
        "code": ["That code isn’t right. Check it, or ask for a new one."]
    }
    assert cast.manager.has_second_step is False


def test_with_the_app_a_password_alone_opens_nothing(cast, manager):
    secret = _set_up(manager)
    client, response = _by_password(cast.manager)
    assert (response["Location"], _is_in(client)) == (AUTHENTICATE, False)
    before = client.session.session_key
    response = client.post(AUTHENTICATE, {"code": _code(secret, later=1)})
    assert (response["Location"], _is_in(client)) == ("/", True)
    assert client.session.session_key != before


def test_a_mailed_code_needs_the_app_as_well(cast, manager):
    _set_up(manager)
    client = Client()
    client.post("/accounts/login/code/", {"email": cast.manager.email})
    code = code_in(letter_to(cast.manager.email))
    response = client.post("/accounts/login/code/confirm/", {"code": code})
    assert (response["Location"], _is_in(client)) == (AUTHENTICATE, False)


def test_a_code_of_the_app_works_once(cast, manager):
    secret = _set_up(manager)
    code = _code(secret, later=1)
    for is_in in (True, False):
        client, _ = _by_password(cast.manager)
        client.post(AUTHENTICATE, {"code": code})
        assert _is_in(client) is is_in


def test_codes_of_the_app_cannot_be_tried_out(cast, manager):
    secret = _set_up(manager)
    client, _ = _by_password(cast.manager)
    for _ in range(5):
        client.post(AUTHENTICATE, {"code": "000000"})
    client.post(AUTHENTICATE, {"code": _code(secret, later=1)})
    assert not _is_in(client)


def test_a_recovery_code_lets_in_once(cast, manager):
    _set_up(manager)
    code = manager.get(CODES).context["unused_codes"][0]
    for is_in in (True, False):
        client, _ = _by_password(cast.manager)
        client.post(AUTHENTICATE, {"code": code})
        assert _is_in(client) is is_in


def test_new_recovery_codes_take_the_place_of_the_old(cast, manager):
    _set_up(manager)
    old = manager.get(CODES).context["unused_codes"]
    page = follow(manager, manager.post(f"{CODES}generate/"))
    assert set(old) & set(page.context["unused_codes"]) == set()


def test_the_app_can_be_given_up(cast, manager):
    _set_up(manager)
    follow(manager, manager.post(f"{STEPS}totp/deactivate/"))
    assert cast.manager.has_second_step is False
    client, _ = _by_password(cast.manager)
    assert _is_in(client)
    assert letter_to(cast.manager.email).subject == "Authenticator app no longer used"


def test_one_begins_again_from_the_second_step(cast, manager):
    _set_up(manager)
    client, _ = _by_password(cast.manager)
    body = client.get(AUTHENTICATE).content.decode()
    assert ("One more step" in body, "Start again" in body) == (True, True)
    response = client.post("/accounts/logout/", {"next": LOGIN})
    assert response["Location"] == LOGIN


# --- passkeys


def test_the_pages_for_passkeys_stand_in_our_frame(manager):
    _prove(manager)
    pages = {
        f"{STEPS}webauthn/": "Your passkeys will be listed here",
        f"{STEPS}webauthn/add/": "Add a passkey",
    }
    for path, words in pages.items():
        page = manager.get(path)
        body = page.content.decode()
        assert (page.status_code, words in body, 'class="logo"' in body) == (200, True, True)


def test_the_sign_in_page_offers_a_passkey_and_hands_out_a_challenge(client, db):
    body = client.get(LOGIN).content.decode()
    assert ("Use a passkey" in body, "<script>" in body) == (True, False)
    answer = client.get(f"{STEPS}webauthn/login/", headers={"accept": "application/json"})
    assert len(answer.json()["request_options"]["publicKey"]["challenge"]) >= 43  # 32 bytes


# What somebody could send who has no passkey, from nothing at all to nearly right.
MADE_UP = [
    "",
    "not json",
    "null",
    "1",
    "[]",
    "{}",
    '{"id": "AAAA"}',
    '{"id": "AAAA", "rawId": "BBBB", "type": "public-key", "response": {}}',
    '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": null}',
    '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": []}',
    *(
        '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "clientExtensionResults": {},'
        f' "response": {{{response}}}}}'
        for response in (
            '"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"',
            '"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA",'
            ' "userHandle": "MQ"',
            '"clientDataJSON": "not base64!", "authenticatorData": 7, "signature": {}',
            '"clientDataJSON": "e30", "attestationObject": "oA"',
            '"clientDataJSON": "e30", "attestationObject": "AAAA"',
        )
    ),
]


@pytest.mark.parametrize("credential", MADE_UP)
def test_a_made_up_passkey_opens_nothing(client, cast, manager, credential):
    client.get(f"{STEPS}webauthn/login/")
    response = client.post(f"{STEPS}webauthn/login/", {"credential": credential})
    assert (response.status_code, _is_in(client)) == (302, False)
    _prove(manager)
    manager.get(f"{STEPS}webauthn/add/")
    said = {"credential": credential, "name": "Made up"}
    assert manager.post(f"{STEPS}webauthn/add/", said).status_code == 200
    assert not cast.manager.authenticator_set.exists()


def test_another_persons_passkey_is_not_found(cast, manager, client_of):
    theirs = cast.facilitator.authenticator_set.create(type="webauthn", data={"name": "Theirs"})
    _prove(manager)
    for verb in ("edit", "remove"):
        assert manager.get(f"{STEPS}webauthn/keys/{theirs.pk}/{verb}/").status_code == 404


# --- who needs one


@pytest.mark.parametrize(
    ("who", "path", "needs"),
    [
        ("manager", "/own/", True),
        ("facilitator", "/own/", True),
        ("crescendo", "/portfolio/", True),
        ("practitioner", "/own/", False),
    ],
)
def test_who_sees_or_changes_more_than_their_own_work_needs_one(
    cast, client_of, settings, who, path, needs
):
    settings.REQUIRE_SECOND_STEP = True
    response = client_of(getattr(cast, who)).get(path)
    assert (response.status_code, response.get("Location")) == (
        (302, STEPS) if needs else (200, None)
    )


def test_once_it_is_set_up_the_door_opens(cast, manager, settings):
    settings.REQUIRE_SECOND_STEP = True
    _set_up(manager)
    assert manager.get("/own/").status_code == 200


def test_recovery_codes_alone_are_no_second_step(cast, manager, settings):
    settings.REQUIRE_SECOND_STEP = True
    cast.manager.authenticator_set.create(type="recovery_codes", data={})
    assert manager.get("/own/")["Location"] == STEPS
