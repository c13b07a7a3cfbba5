"""One way to answer: page or region, status line, redirect, and two who saved at once."""

import re

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from blueprints.forms.blueprint import FocusForm
from programmes.pages import conflict, go, page, tell, wants_part
from tests import factories
from tests.answers import HTMX

BENCH = "/own/blueprint/edit/"
HOME = "/own/"


@pytest.fixture
def manager(cast, client_of):
    factories.BlueprintFactory(programme=cast.programme)
    return client_of(cast.manager)


def _is_page(response) -> bool:
    return response.content.startswith(b"<!doctype html>")


# --- page or region


@pytest.mark.parametrize(
    ("headers", "whole"),
    [
        ({}, True),
        (HTMX, False),
        (HTMX | {"HX-Boosted": "true"}, True),
        (HTMX | {"HX-History-Restore-Request": "true"}, True),
    ],
    ids=["a browser", "htmx", "a boosted link", "a restored entry of the history"],
)
def test_the_server_picks_the_region(manager, headers, whole):
    response = manager.get(BENCH, headers=headers)
    assert (_is_page(response), response.status_code) == (whole, 200)
    body = response.content.decode()
    assert body.strip().startswith('<div id="blueprint-parts"') is not whole
    assert ('<div id="blueprint-parts"' in body, "</html>" in body) == (True, whole)


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("address", [HOME, BENCH])
def test_caches_are_told_that_htmx_gets_another_answer(manager, address, headers):
    vary = manager.get(address, headers=headers)["Vary"]
    assert re.split(r",\s*", vary).count("HX-Request") == 1


def test_a_page_without_a_region_comes_whole_to_htmx_too(manager):
    assert _is_page(manager.get("/own/blueprint/", headers=HTMX))


def test_the_browser_cannot_ask_for_a_region_of_its_choice(manager):
    headers = {"HX-Target": "blueprint-parts", "HX-Trigger": "blueprint-parts"}
    assert _is_page(manager.get(f"{BENCH}?region=blueprint-parts", headers=headers))


def _request(**headers):
    request = RequestFactory().get("/", headers=headers)
    request.htmx = HtmxDetails(request)
    request.session = {}
    request._messages = FallbackStorage(request)
    return request


def test_wants_part():
    asked = {
        "page": _request(),
        "part": _request(**HTMX),
        "boosted": _request(**HTMX, HX_Boosted="true"),
    }
    assert {name: wants_part(request) for name, request in asked.items()} == {
        "page": False,
        "part": True,
        "boosted": False,
    }


def test_a_page_can_have_another_status():
    response = page(_request(**HTMX), "409.html", {}, region="blueprint-parts", status=409)
    assert (response.status_code, response.template_name) == (409, "409.html#blueprint-parts")


# --- the status line


def test_what_was_told_stands_on_the_next_page_once(manager, cast):
    need = factories.NeedFactory(blueprint=cast.programme.blueprint, text="Time & <b>space</b>")
    response = manager.post(f"/own/blueprint/needs/{need.pk}/remove/")
    line = _status_line(manager.get(response["Location"]))
    assert "<p>Taken away: Time &amp; &lt;b&gt;space&lt;/b&gt;</p>" in line
    undo = f'<form method="post" action="/own/blueprint/needs/{need.pk}/put-back/">'
    assert (undo in line, "hx-swap-oob" in line) == (True, False)
    assert "Taken away" not in _status_line(manager.get(BENCH))


def _status_line(response) -> str:
    line = re.search(r'<div class="status-line.*?</div>\n', response.content.decode(), re.S)
    return line.group(0)


def test_what_was_told_comes_with_a_region_beside_it(manager, cast):
    _, second = factories.NeedFactory.create_batch(2, blueprint=cast.programme.blueprint)
    address = f"/own/blueprint/needs/{second.pk}/order/"
    response = manager.post(address, {"way": "up"}, headers=HTMX)
    region, _, line = response.content.decode().partition('<div class="status-line')
    assert region.strip().startswith('<div id="blueprint-parts"')
    assert 'id="status-line" role="status" hx-swap-oob="true"' in line
    assert f"<p>Moved up: {second}</p>" in line
    # Told once: the page that comes next is quiet.
    assert "Moved up" not in manager.get(BENCH).content.decode()


def test_a_region_without_news_leaves_the_status_line_alone(manager):
    assert b"status-line" not in manager.get(BENCH, headers=HTMX).content


def test_every_page_has_one_polite_line_outside_its_regions(manager):
    body = manager.get(BENCH).content.decode()
    assert body.count('role="status"') == 1
    assert body.index('role="status"') < body.index('id="blueprint-parts"')


def test_tell_keeps_the_address_that_takes_it_back():
    request = _request()
    tell(request, "Done")
    tell(request, "Gone", undo="/own/put-back/")
    assert [(str(one), one.extra_tags) for one in request._messages] == [
        ("Done", ""),
        ("Gone", "/own/put-back/"),
    ]


# --- going on after a write


def test_go_sends_a_browser_and_htmx_to_the_same_page():
    plain, quick = go(_request(), "/own/"), go(_request(**HTMX), "/own/")
    assert (plain.status_code, plain["Location"]) == (302, "/own/")
    assert (quick.status_code, quick["HX-Redirect"], "Location" in quick) == (200, "/own/", False)


# --- two who saved at once


@pytest.fixture
def stale(manager, cast):
    """The answer to a form whose row somebody else saved meanwhile."""
    cast.programme.blueprint.focus, cast.programme.blueprint.version = "Theirs <b>", 4
    cast.programme.blueprint.save()
    sent = {"focus": "Ours <i>", "version": 1}
    return manager.post("/own/blueprint/focus/edit/?from=here", sent)


def test_a_conflict_shows_both_texts_escaped(stale):
    body = stale.content.decode()
    assert (stale.status_code, stale.template_name) == (409, "409.html")
    cards = re.findall(r"<h3>(.*?)</h3><div><p>(.*?)</p></div>", body)
    assert cards == [
        ("As it stands now", "Theirs &lt;b&gt;"),
        ("What you wrote", "Ours &lt;i&gt;"),
    ]


def test_a_conflict_holds_the_form_at_the_newest_version(stale):
    body = stale.content.decode()
    assert 'action="/own/blueprint/focus/edit/?from=here"' in body
    assert re.search(r'<input type="hidden" name="version" value="(\d+)"', body).group(1) == "4"
    assert 'value="Ours &lt;i&gt;"' in body
    assert 'href="/own/blueprint/edit/">Keep what’s there now</a>' in body


@pytest.mark.parametrize(
    ("text", "cards", "says"),
    [
        ("Ours", 1, "What isn’t shown here is the same in both."),
        ("Theirs", 0, "As it happens, you both wrote the same."),
    ],
)
def test_what_is_the_same_in_both_is_not_shown_twice(manager, cast, text, cards, says):
    insight = factories.InsightFactory(programme=cast.programme, text="Theirs", version=2)
    sent = {"text": text, "kind": insight.kind, "version": 1}
    response = manager.post(f"/own/blueprint/insights/{insight.pk}/edit/", sent)
    body = response.content.decode()
    assert (response.status_code, body.count("As it stands now")) == (409, cards)
    assert says in body


def test_conflict_leaves_the_data_of_the_request_as_it_was_sent(cast):
    """The QueryDict of a request is not to be changed; the form gets its own."""
    blueprint = factories.BlueprintFactory(programme=cast.programme, focus="Theirs", version=3)
    request = RequestFactory().post("/", {"focus": "Ours", "version": 1})
    form = FocusForm(request.POST)
    assert form.is_valid()
    response = conflict(request, form=form, row=blueprint, back="/own/")
    assert (request.POST["version"], form.data["version"]) == ("1", "3")
    assert response.context_data["both"] == [("What our blueprint focuses on", "Theirs", "Ours")]


def test_a_misspelt_region_fails_loudly():
    with pytest.raises(TemplateDoesNotExist, match="no-such-region"):
        get_template("blueprints/blueprint_edit.html#no-such-region")
