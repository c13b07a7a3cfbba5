"""Whoever reads the log learns what went wrong and where: no words, no names, no open links."""

import logging
import re

import pytest
from django.contrib.auth.decorators import login_not_required
from django.test import Client
from django.urls import path

from crescendo import urls
from programmes.models import User
from tests.test_every_door import PATTERNS

CANARY = "canary-that-somebody-wrote"


@login_not_required
def refused(request):
    """The database refuses a row, and its error quotes it."""
    User.objects.create(email=request.POST["typed"])


handler500 = urls.handler500
urlpatterns = [path("refused/", refused), *urls.urlpatterns]


@pytest.fixture
def lines(caplog):
    """What stands in the log, as its own formatter writes it."""
    (formatter,) = {
        handler.formatter for handler in logging.getLogger().handlers if _is_ours(handler)
    }
    return lambda: [formatter.format(record) for record in caplog.records]


def _is_ours(handler) -> bool:
    return type(handler) is logging.StreamHandler


@pytest.mark.django_db
def test_a_failure_is_told_by_its_kind_and_place(lines, settings):
    settings.ROOT_URLCONF = __name__
    Client(raise_request_exception=False).post("/refused/", {"typed": f"{CANARY}@OWN.example"})
    written = lines()
    assert [line for line in written if CANARY in line or "\n" in line] == []
    (failure,) = [line for line in written if "django.request" in line]
    assert "Internal Server Error: /refused/ IntegrityError at " in failure
    assert re.search(r"attacks/test_logs\.py:\d+ refused", failure)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        f"/invitations/{CANARY}/",
        f"/accounts/password/reset/key/1-{CANARY}/",
        f"/tower-hamlets/changes/update/{CANARY}/",
        f"/tower-hamlets/asks/answer/{CANARY}/",
    ],
)
def test_a_link_that_opens_something_is_not_told(lines, address):
    """Somebody whose form was too old: their link still opens."""
    assert Client(enforce_csrf_checks=True).post(address).status_code == 403
    (line,) = lines()
    assert CANARY not in line
    assert line.endswith(f"Forbidden (CSRF cookie not set.): {address.rsplit('/', 2)[0]}/…/")


@pytest.mark.django_db
@pytest.mark.parametrize("address", [f"/mails/{CANARY}/", f"/own/changes/update/{CANARY}/"])
def test_nor_is_one_that_opens_nothing(lines, address):
    assert Client().get(address).status_code == 404
    assert [line for line in lines() if CANARY in line] == []


def test_of_no_address_that_holds_a_key_is_the_key_told(lines):
    """Whoever adds a link that opens something adds it to what the log leaves out."""
    keys = re.compile(r"<(?:str|slug):(?:token|key|secret)>")
    # The key of a ready-made session is its name.
    routes = [route for route, _ in PATTERNS.values() if not route.startswith("toolkit/")]
    routes = [route for route in routes if keys.search(route)]
    assert len(routes) >= 7
    for route in routes:
        logging.getLogger("django.request").warning("Not Found: /%s", keys.sub(CANARY, route))
    assert [line for line in lines() if CANARY in line] == []


@pytest.mark.django_db
def test_no_line_can_be_forged(lines):
    Client().get("/%0A2026-01-01%20ERROR%20forged/")
    assert [line for line in lines() if "\n" in line] == []


def test_nor_is_a_calendars_address_where_a_server_logs_what_was_asked(lines, caplog):
    caplog.set_level(logging.INFO)
    for query in ("", "week=1&"):
        asked = f'"GET /own/calendar.ics?{query}key={CANARY} HTTP/1.1" 200'
        logging.getLogger("uvicorn.access").warning(asked)
    assert [line for line in lines() if CANARY in line] == []
    assert "/own/calendar.ics?key=…" in lines()[0]
