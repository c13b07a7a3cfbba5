"""Addresses and headers that no browser of ours sends: an answer, never a failure."""

import io
from wsgiref.util import setup_testing_defaults

import pytest

from crescendo.wsgi import application

pytestmark = pytest.mark.django_db
CHARSETS = ["hex", "base64", "rot13", "idna", "undefined", "unicode_escape", "utf-16", "no-such"]


def _status(path: str, kind: str, *, method: str = "GET", body: bytes = b"") -> str:
    """What the server itself would send, from outside of Django's own catching of errors."""
    path, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": "localhost",
        "wsgi.input": io.BytesIO(body),
    }
    setup_testing_defaults(environ)
    statuses = []
    application(environ, lambda status, headers, error=None: statuses.append(status))
    return statuses[-1]


@pytest.mark.parametrize("said", ["charset={}", 'Charset = "{}"', "charset*=utf-8''{}"])
@pytest.mark.parametrize("charset", CHARSETS)
def test_what_a_body_calls_itself_fails_nothing(charset, said):
    kind = f"text/plain; {said.format(charset)}"
    assert _status("/healthz/?q=%5Cud800%41", kind) == "200 OK"


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_form_sent_as_something_else_is_refused_like_any_other(charset, kind):
    kind = f"{kind}; charset={charset}; boundary=x"
    status = _status("/accounts/login/", kind, method="POST", body=b"login=%5Cud800")
    assert status == "403 Forbidden"  # it came without its token
