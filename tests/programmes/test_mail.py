"""Sending: over one connection, and what becomes of letters that a server does not take."""

import socketserver
import threading

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import RequestFactory

from programmes.mail import send_each, site_url


class _Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs. Refuses addresses that begin with "no"; may hang up."""

    def handle(self):
        self.server.connections += 1
        self._say("220 here")
        in_letter = False
        for line in self.rfile:
            words = line.decode().strip()
            if in_letter:
                if words == ".":
                    in_letter = False
                    self.server.taken += 1
                    if self.server.taken == self.server.hangs_up_after:
                        return
                    self._say("250 taken")
            elif words.upper().startswith("RCPT TO:<NO"):
                self._say("550 nobody here")
            elif words.upper() == "DATA":
                in_letter = True
                self._say("354 go on")
            elif words.upper() == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    connections = taken = hangs_up_after = 0


@pytest.fixture
def server(settings):
    """A mail server of our own, which the application sends to."""
    with _Server(("127.0.0.1", 0), _Conversation) as one:
        thread = threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        settings.MAILERS = {
            "default": {
                "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "OPTIONS": {"host": "127.0.0.1", "port": one.server_address[1], "timeout": 5},
            }
        }
        yield one
        one.shutdown()
        thread.join()


def _letter(to: str) -> EmailMessage:
    return EmailMessage(subject="Hello", body="Hello", to=[to])


def test_letters_go_over_one_connection(server):
    letters = [_letter(f"p{n}@own.example") for n in range(3)]
    assert send_each(letters) == letters
    assert (server.taken, server.connections) == (3, 1)


def test_a_letter_that_the_server_refuses_does_not_hold_up_the_others(server):
    first, refused, last = map(_letter, ("a@own.example", "no@own.example", "b@own.example"))
    assert send_each([first, refused, last]) == [first, last]
    assert server.connections == 1


def test_what_was_sent_before_the_server_hung_up_counts(server):
    server.hangs_up_after = 2
    letters = [_letter(f"p{n}@own.example") for n in range(3)]
    assert send_each(letters) == letters[:1]


def test_a_letter_that_cannot_be_written_is_left_out(server):
    broken = EmailMessage(subject="two\nlines", body="Hello", to=["a@own.example"])
    fine = _letter("b@own.example")
    assert send_each([broken, fine]) == [fine]


def test_a_server_that_is_away_takes_nothing_and_raises_nothing(settings, caplog):
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 1, "timeout": 2},
        }
    }
    assert send_each([_letter("secret-address@own.example")]) == []
    assert caplog.messages == ["the mail server is away: ConnectionRefusedError"]


def test_no_address_reaches_a_log(server, caplog):
    send_each([_letter("no-secret-address@own.example")])
    assert caplog.messages == ["a mail was refused: SMTPRecipientsRefused"]


def test_nothing_to_send_is_nothing_sent():
    assert (send_each([]), mail.outbox) == ([], [])


def test_a_link_leads_to_the_site_where_it_is_known_and_to_the_request_otherwise(settings):
    request = RequestFactory().get("/", headers={"host": "localhost:8000"})
    settings.SITE_URL = ""
    assert site_url(request, "/a/") == "http://localhost:8000/a/"
    settings.SITE_URL = "https://crescendo.example"
    assert site_url(request, "/a/") == "https://crescendo.example/a/"
