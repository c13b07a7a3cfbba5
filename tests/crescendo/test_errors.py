"""What is said when something is wrong: in our look, helpful, and telling nothing."""

import re

import pytest
from django.db import connection
from django.test import Client

from programmes.actions import places
from tests.answers import HTMX

CANARY = "canary-that-somebody-wrote"


def _body(response) -> str:
    return response.content.decode()


def _look(response) -> dict:
    """What every page of ours has."""
    body = _body(response)
    return {
        "language": body.count('<html lang="en-GB">'),
        "logo": body.count('class="logo"'),
        "style": len(
            re.findall(r'<link rel="stylesheet" href="/static/crescendo[^"]*\.css">', body)
        ),
        "main": body.count('<main id="main"'),
        "headings": body.count("<h1"),
        "inline": body.count("style=") + body.count("<script>"),
    }


OURS = {"language": 1, "logo": 1, "style": 1, "main": 1, "headings": 1, "inline": 0}


@pytest.fixture
def practitioner(cast, client_of):
    return client_of(cast.practitioner)


@pytest.fixture
def facilitator(cast, client_of):
    return client_of(cast.facilitator)


@pytest.fixture
def unlucky(settings, client):
    """A browser that meets views that fail."""
    settings.ROOT_URLCONF = "tests.crescendo.broken"
    client.raise_request_exception = False
    return client


# --- 403, 404, 409, 429


def test_403_keeps_the_look_and_says_whom_to_ask(practitioner):
    page = practitioner.get("/own/people/invite/")
    assert (page.status_code, _look(page)) == (403, OURS)
    assert "ask your local facilitator" in _body(page)
    assert 'href="/own/changes/"' in _body(page)


@pytest.mark.parametrize("path", ["/nowhere/", "/other/", "/own/nothing/", "/a/b/c/"])
def test_404_keeps_the_look_and_leads_home(practitioner, path):
    page = practitioner.get(path)
    assert (page.status_code, _look(page)) == (404, OURS)
    assert 'href="/">Go to your home page' in _body(page)


def test_404_of_a_place_that_is_not_ones_own_is_that_of_one_that_is_not_there(practitioner):
    pages = [_body(practitioner.get(path)) for path in ("/other/", "/third/")]
    without_tokens = [re.sub(r'X-CSRFToken": "\w+"', "", page) for page in pages]
    assert without_tokens[0] == without_tokens[1]


def test_404_for_who_is_not_signed_in_leads_to_the_door(client, db):
    page = client.get("/a/b/c/")
    assert (page.status_code, _look(page)) == (404, OURS)
    assert 'href="/accounts/login/"' in _body(page)


def test_409_keeps_the_look_and_both_texts(cast, facilitator):
    places.change_programme(
        programme=cast.programme, version=1, by=cast.crescendo, context="Their words"
    )
    said = {"service": "Mine", "model": "team-based", "pod_every_weeks": 4, "context": CANARY}
    page = facilitator.post("/own/programme/", said | {"version": 1})
    assert (page.status_code, _look(page)) == (409, OURS)
    assert ("Their words" in _body(page), CANARY in _body(page)) == (True, True)


def test_429_keeps_the_look(client, db, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": "1/m/ip"}
    said = {"login": "nobody@own.example", "password": CANARY}
    client.post("/accounts/login/", said)
    page = client.post("/accounts/login/", said)
    assert (page.status_code, _look(page)) == (429, OURS)
    assert CANARY not in _body(page)


# --- 500


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_500_shows_a_reference_and_nothing_of_the_request(unlucky, caplog, headers):
    page = unlucky.post(
        f"/broken/?q={CANARY}",
        {"typed": CANARY},
        headers=headers | {"user-agent": CANARY, "referer": f"http://testserver/{CANARY}"},
    )
    assert (page.status_code, _look(page)) == (500, OURS)
    assert CANARY not in _body(page)
    (reference,) = re.findall(r'<strong class="num">([0-9a-f]{8})</strong>', _body(page))
    ours = [record.getMessage() for record in caplog.records if record.name == "crescendo.views"]
    assert ours == [f"error {reference}: ValueError"]


def test_500_is_another_one_each_time(unlucky):
    references = [re.findall(r"[0-9a-f]{8}</strong>", _body(unlucky.get("/broken/"))) for _ in "ab"]
    assert references[0] != references[1]


def test_500_asks_nothing_of_the_database(db, unlucky, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert unlucky.get("/broken/").status_code == 500


# --- 503


def test_503_where_a_query_fails_says_when_to_come_back(unlucky):
    page = unlucky.get("/away/")
    assert (page.status_code, page["Retry-After"], _look(page)) == (503, "5", OURS)
    assert "secret-host" not in _body(page)
    assert len(re.findall(r'<strong class="num">[0-9a-f]{8}</strong>', _body(page))) == 1


@pytest.fixture
def without_database(transactional_db):
    """The database is away: connections to it are refused."""
    kept = {name: connection.settings_dict[name] for name in ("HOST", "PORT")}
    connection.close()
    connection.settings_dict.update(HOST="127.0.0.1", PORT="1")
    yield
    connection.close()
    connection.settings_dict.update(kept)


def test_503_while_the_database_is_away(without_database):
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "a-session-that-cannot-be-looked-up"
    page = client.get("/own/")
    assert (page.status_code, page["Retry-After"], _look(page)) == (503, "5", OURS)
    assert "Crescendo is having a short rest" in _body(page)


def test_readyz_says_that_it_cannot_serve_while_the_database_is_away(without_database, client):
    answer = client.get("/readyz/")
    assert (answer.status_code, answer.content) == (503, b"the database is away")
    assert client.get("/healthz/").status_code == 200
