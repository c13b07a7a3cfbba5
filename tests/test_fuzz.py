"""Whatever is sent to a form, the answer is never a 500.

The forms are found by reading every page, so a form that is added is tried from that day on.
`FUZZ_EXAMPLES` sets how many tries each form gets, beside those that everybody tries first.
"""

import os
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import resolve
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.doors import EXPECTED
from tests.test_every_door import _address, house  # noqa: F401

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "2"))
ONE_MEGABYTE = "x" * 1_000_000

values = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=400),
    st.sampled_from(
        [
            "",
            " ",
            "\0",
            "a\0b",
            "\r\n\r\n",
            "‮right to left",
            "Z̴̧̛͔͎̳a̶l̵g̷o̸" * 20,
            "👩‍👩‍👧‍👦" * 80,
            "<img src=x onerror=alert(1)>",
            "{{ 7*7 }}",
            "=1+1",
            "' OR 1=1 --",
            "-1",
            "0",
            "9" * 40,
            "NaN",
            "2026-02-30",
            "0001-01-01",
            "9999-12-31",
            "00000000-0000-0000-0000-000000000000",
            "not-a-uuid",
            "practitioner",
            "on",
        ]
    ),
    st.integers(-(2**70), 2**70).map(str),
    st.uuids().map(str),
    st.dates().map(str),
)


class _Forms(HTMLParser):
    """The POST forms of a page: `{action: {field name, …}}`."""

    def __init__(self, address: str):
        super().__init__()
        self.address, self.found, self.current = address, {}, None

    def handle_starttag(self, tag, attributes):
        given_ = dict(attributes)
        if tag == "form":
            is_post = (given_.get("method") or "").lower() == "post"
            action = given_.get("action") or self.address
            self.current = self.found.setdefault(action, set()) if is_post else None
        elif (
            tag in ("input", "select", "textarea", "button")
            and self.current is not None
            and given_.get("name", "csrfmiddlewaretoken") != "csrfmiddlewaretoken"
        ):
            self.current.add(given_["name"])

    def handle_endtag(self, tag):
        if tag == "form":
            self.current = None


@pytest.fixture
def forms(house):  # noqa: F811
    """Every POST form that a facilitator of both worlds can reach, with who can send it."""
    found = {}
    for who in ("facilitator", "crescendo"):
        client = Client()
        client.force_login(house.people[who])
        for name, door in EXPECTED.items():
            if who in door.enter and "GET" in door.methods:
                address = _address(name, "own", house.own)
                response = client.get(address)
                if response.status_code == 200 and "text/html" in response["Content-Type"]:
                    reader = _Forms(address)
                    reader.feed(response.content.decode())
                    for action, fields in reader.found.items():
                        path = action.split("?")[0]
                        found.setdefault(path, (client, set()))[1].update(fields)
    return found


def test_no_form_answers_500(forms):
    """Each form, each field, with what nobody should send."""
    assert {"/own/people/invite/", "/own/changes/add/"} <= forms.keys()
    statuses = {
        path: _worst(path, client, sorted(fields))
        for path, (client, fields) in sorted(forms.items())
        if not path.startswith("/accounts/logout")
    }
    # A form whose action refuses POST would be a button that does nothing.
    wrong = {
        path: status
        for path, status in statuses.items()
        if status >= 500
        or ((name := resolve(path).view_name) in EXPECTED and "POST" not in EXPECTED[name].methods)
    }
    assert wrong == {}


def _worst(path: str, client: Client, fields: list[str]) -> int:
    worst = [0]
    fields_at_once = st.fixed_dictionaries({}, optional=dict.fromkeys(fields, values))

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(sent=fields_at_once, by_htmx=st.booleans())
    @example(sent=dict.fromkeys(fields, "a\0b"), by_htmx=True)
    # In more than two at once it is too much for any form, and is not even read.
    @example(sent=dict.fromkeys(fields[-2:], ONE_MEGABYTE), by_htmx=False)
    def send(sent, by_htmx):
        client.raise_request_exception = False
        headers = {"HX-Request": "true"} if by_htmx else {}
        answer = client.post(path, sent, headers=headers)
        if answer.streaming:
            list(answer)  # a file that nobody reads would stay open
        worst[0] = max(worst[0], answer.status_code)

    send()
    return worst[0]
