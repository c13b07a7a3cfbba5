"""What a form lets people choose is of their own authority, whatever its browser sends."""

import pytest
from django.db import transaction
from django.test import Client

from tests.attacks.forms import Form, forms_of
from tests.doors import EXPECTED
from tests.factories import MembershipFactory, ValueFactory
from tests.test_every_door import CANARY, _address, house  # noqa: F401

# These need an address too: test_invitations.py and test_planner_invitations.py try them. Those
# who ask somebody choose a member or write an address: test_asks.py and test_inbox.py of
# tests/smallchanges.
ELSEWHERE = ("/invite/", "/invite-many/", "/asks/add/", "/answer/", "/answer/ask/")
# A story is of a change that somebody chooses: tests/impact/test_stories.py.
ELSEWHERE += ("/stories/add/",)
# A round takes four things or more, and an aim a code: test_voices.py and test_aims.py.
ELSEWHERE_IN = ("/sensemaking/", "/improvement-plan/")
# Asking by mail first says how many, and a kind is called as the authority is: test_running.py of
# tests/surveys. By a poster's link, a survey is answered here too.
ELSEWHERE_IN += ("/surveys/",)


@pytest.fixture
def choices(house, cast):  # noqa: F811
    """Every choice of a row that a facilitator has: (form, field, own id, foreign id)."""
    for things, programme, words in (
        (house.own, cast.programme, "own words"),
        (house.foreign, cast.other_programme, CANARY),
    ):
        # Somebody who may sponsor a pillar, and something to merge.
        leader = MembershipFactory(
            authority=programme.authority, roles=["manager"], user__name=words
        )
        second = ValueFactory(programme=programme, text=f"{words} too")
        things |= {"leader": leader.pk, "second": second.pk}
    foreign = {str(house.own[name]): str(house.foreign[name]) for name in house.own}
    client = Client()
    client.force_login(house.people["facilitator"])
    found = []
    for name, door in EXPECTED.items():
        if "facilitator" in door.enter and "GET" in door.methods:
            address = _address(name, "own", house.own)
            response = client.get(address)
            if response.status_code == 200 and "html" in response["Content-Type"]:
                found += [
                    (form, field, own, foreign[own])
                    for form in forms_of(address, response.content.decode())
                    for field, offered in form.offered.items()
                    for own in offered
                    if own in foreign and not form.action.endswith(ELSEWHERE)
                    if not any(part in form.action for part in ELSEWHERE_IN)
                ]
    return client, found


def _send(client: Client, form: Form, sent: dict):
    with transaction.atomic():
        send = client.post if form.method == "post" else client.get
        response = send(form.action, sent)
        body = response.content.decode()
        transaction.set_rollback(True)
    return response.status_code, body


def test_a_row_of_another_authority_cannot_be_chosen(choices):
    """Each form is sent with an own row first: it is for the other row that it is refused then."""
    client, found = choices
    surprises, tried = [], set()
    for form, field, own, foreign in found:
        sent = form.filled("Some words")
        is_write = form.method == "post"
        good, _ = _send(client, form, sent | {field: [own]})
        status, body = _send(client, form, sent | {field: [foreign]})
        if good != (302 if is_write else 200) or status != 200 or CANARY in body:
            surprises.append((form.action, field, good, status, CANARY in body))
        tried.add(field)
    assert surprises == []
    assert tried == {
        *(
            "barrier",
            "barriers",
            "changes",
            "helpers",
            "insights",
            "keep",
            "lead",
            "others",
            "owner",
        ),
        *("pillar", "practitioner_lead", "sponsor", "step-owner", "strand", "team", "teams"),
        *("barrier", "change", "checker", "value"),
        *("aims", "ask", "asks", "insight", "measure", "met", "move", "round", "rule", "steps"),
        "workshop",
        # No row: a kind of session has the name that the examples' kind of statement has.
        "kind",
        "survey",
    }
