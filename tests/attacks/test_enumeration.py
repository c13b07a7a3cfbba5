"""Whether somebody has an account here is told by nothing: no words, no failure, no waiting."""

import socket
import threading

import pytest
from django.test import Client

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
FORMS = ["/accounts/login/code/", "/accounts/password/reset/"]


def _server(port: int) -> dict:
    return {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 5},
        }
    }


@pytest.mark.parametrize("form", FORMS)
def test_while_the_mail_server_is_away_both_answer_alike(form, settings):
    UserFactory(email="sam@own.example")
    settings.MAILERS = _server(1)
    answers = [
        Client().post(form, {"email": email}) for email in ("sam@own.example", "nobody@own.example")
    ]
    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0]["Location"] == answers[1]["Location"]


@pytest.mark.parametrize("form", FORMS)
def test_nobody_waits_for_the_mail_server(form, settings):
    """One that takes the call and says nothing: the answer is there while the letter is not."""
    UserFactory(email="sam@own.example")
    settings.SEND_MAIL_ASIDE = True
    with socket.create_server(("127.0.0.1", 0)) as slow:
        settings.MAILERS = _server(slow.getsockname()[1])
        assert Client().post(form, {"email": "sam@own.example"}).status_code == 302
        (sending,) = [one for one in threading.enumerate() if one.name == "mail"]
        slow.accept()[0].close()
        sending.join()
