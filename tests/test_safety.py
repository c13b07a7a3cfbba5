"""What holds for every answer: headers, cookies, and the production settings."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

PRODUCTION = {
    "CRESCENDO_MODE": "production",
    "SECRET_KEY": "x7" * 40 + "-not-a-real-key",
    "ALLOWED_HOSTS": "crescendo.example",
    "SITE_URL": "https://crescendo.example",
    "DEFAULT_FROM_EMAIL": "Crescendo <hello@crescendo.example>",
    "SMTP_HOST": "mail.crescendo.example",
}


def _manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in {"PATH", "HOME", "DATABASE_URL", "LANG", "CRESCENDO_LOCAL_DIR"}
    }
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        # Checks of the models ask the server for its version.
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_check_deploy_finds_nothing_under_production_settings():
    answer = _manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert (answer.returncode, answer.stderr.count("WARNINGS")) == (0, 0), answer.stderr


@pytest.mark.parametrize("missing", sorted(PRODUCTION.keys() - {"CRESCENDO_MODE"}))
def test_production_does_not_start_without_what_it_needs(missing):
    environment = {name: value for name, value in PRODUCTION.items() if name != missing}
    answer = _manage("check", **environment)
    assert answer.returncode == 1
    assert f"Set {missing}: production has no default for it" in answer.stderr


def test_production_cookies_and_transport():
    code = (
        "import django; django.setup(); from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE,"
        " s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS, s.SECURE_HSTS_INCLUDE_SUBDOMAINS,"
        " s.SECURE_SSL_REDIRECT, s.REQUIRE_SECOND_STEP, s.DEBUG)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "crescendo.settings"}
        | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
        | PRODUCTION,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert answer.stdout.split() == (
        [
            "__Host-sessionid",
            "__Host-csrftoken",
            "True",
            "True",
            "31536000",
            "True",
            "True",
            "True",
            "False",
        ]
    )


def test_the_content_policy_lets_nothing_in_from_elsewhere(cast, client_of):
    response = client_of(cast.practitioner).get("/own/")
    policy = dict(
        part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";")
    )
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "object-src": "'none'",
        "frame-ancestors": "'none'",
    }


def test_what_a_signed_in_person_saw_is_not_kept(cast, client_of):
    response = client_of(cast.practitioner).get("/own/")
    assert response["Cache-Control"] == "no-store, private"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"


def test_a_form_without_its_token_is_refused_and_keeps_what_was_typed(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.facilitator)
    response = client.post("/own/changes/add/", {"title": "A title that took a while"})
    assert response.status_code == 403
    assert "A title that took a while" in response.content.decode()


def test_a_nul_in_an_address_is_a_bad_request(client):
    assert client.get("/accounts/login/?next=%00").status_code == 400


@pytest.mark.django_db
def test_a_forged_host_is_refused(client):
    assert client.get("/accounts/login/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.django_db
def test_readyz_says_that_it_can_serve(client):
    assert (client.get("/readyz/").status_code, client.get("/readyz/").content) == (200, b"ok")


def test_healthz_needs_no_database(client):
    """No database mark on this test: a query would fail it."""
    assert (client.get("/healthz/").status_code, client.get("/healthz/").content) == (200, b"ok")


def test_a_second_step_is_asked_of_those_whose_role_needs_it(cast, client_of, settings):
    settings.REQUIRE_SECOND_STEP = True
    assert client_of(cast.facilitator).get("/own/")["Location"] == "/accounts/2fa/"
    assert client_of(cast.manager).get("/own/")["Location"] == "/accounts/2fa/"
    assert client_of(cast.crescendo).get("/portfolio/")["Location"] == "/accounts/2fa/"
    assert client_of(cast.practitioner).get("/own/").status_code == 200
