"""Every address, as every kind of person, in their own authority and in another.

The table in tests/doors.py is literal: an address that is not in it fails, and so does a door that
opens for somebody whom the table does not name. Every row of the other authority carries a canary,
so that a page that shows one of its words fails too, whatever its status. On the way it is seen
that reading writes nothing and that each answer carries its headers.
"""

import re
import uuid
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from programmes.models import AuditEvent, Membership, Role
from tests import factories
from tests.doors import EXPECTED, OF_ALLAUTH, examples

CANARY = "canary-5f1d"
EVERYBODY = frozenset(
    [
        "anonymous",
        "practitioner",
        "manager",
        "facilitator",
        "crescendo",
        "outsider",
        "ended",
        "deactivated",
    ]
)


def _patterns(resolver, namespace="", route=""):
    for entry in resolver.url_patterns:
        here = route + str(entry.pattern)
        if isinstance(entry, URLPattern):
            if entry.name:
                yield f"{namespace}{entry.name}", here, entry
        else:
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _patterns(entry, inner, here)


PATTERNS = {name: (route, entry) for name, route, entry in _patterns(get_resolver())}
METHODS = ("POST", "GET")
# These two are turned away as the outsider and as who is not signed in are, each of whom asks for
# every address by every method.
KEPT_OUT = ("ended", "deactivated")
# A region is a part of what its page shows, and whoever is kept out is so before anybody asks which
# of the two: read as the one with every permission, and as the one who is sent to sign in.
READ_REGIONS_TOO = ("facilitator", "anonymous")
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
# Addresses inside an authority.
INSIDE = [
    name
    for name, door in EXPECTED.items()
    # What is open to everybody who has its link is so in every authority.
    if "<slug:authority_slug>" in PATTERNS[name][0] and "anonymous" not in door.enter
]


def test_every_address_has_an_expectation():
    assert sorted(PATTERNS) == sorted(EXPECTED.keys() | OF_ALLAUTH)


def test_every_view_of_ours_says_who_may_enter():
    unmarked = [name for name in EXPECTED if not hasattr(PATTERNS[name][1].callback, "door")]
    assert unmarked == []


@dataclass
class House:
    """Two authorities full of rows, one person of each kind, and an example of each thing."""

    people: dict
    own: dict
    foreign: dict


@pytest.fixture
def house(cast):
    ended = factories.MembershipFactory(
        authority=cast.authority, roles=[Role.FACILITATOR], ended_at=timezone.now()
    ).user
    gone = factories.MembershipFactory(
        authority=cast.authority, roles=[Role.FACILITATOR], user__is_active=False
    ).user
    people = {
        "anonymous": None,
        "practitioner": cast.practitioner,
        "manager": cast.manager,
        "facilitator": cast.facilitator,
        "crescendo": cast.crescendo,
        "outsider": cast.outsider,
        "ended": ended,
        "deactivated": gone,
    }
    cast.other.name = f"{CANARY} Borough"
    cast.other.save()
    return House(
        people=people,
        own=examples(cast.programme, cast.facilitator, "own words"),
        foreign=examples(cast.other_programme, cast.outsider, CANARY),
    )


def _client(person) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def _address(name: str, slug: str, things: dict) -> str:
    route = PATTERNS[name][0]
    kwargs = {}
    for word in re.findall(r"<(?:\w+:)?(\w+)>", route):
        kwargs[word] = slug if word == "authority_slug" else things[EXPECTED[name].needs[word]]
    return reverse(name, kwargs=kwargs)


def _ask(client: Client, method: str, address: str):
    """One request; what a POST writes is taken back, so that each cell starts alike."""
    if method != "POST":
        headers = {"HX-Request": "true"} if method == "HX" else {}
        return _read(client.get(address, headers=headers))
    with transaction.atomic():
        answer = _read(client.post(address))
        transaction.set_rollback(True)
    return answer


def _read(response):
    body = b"".join(response) if response.streaming else response.content
    return response, body.decode(errors="replace")


def _goes_to_sign_in(response) -> bool:
    address = response.headers.get("HX-Redirect") or response.headers.get("Location", "")
    return address.startswith("/accounts/login/")


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_every_door_as(house, who):
    """In the own authority of the three members: every address, by each way to ask.

    Links are opened by mail scanners, by browsers beforehand and by forged pictures: what only
    reads leaves nothing in the history.
    """
    client = _client(house.people[who])
    surprises, leaks, unsafe, wrote = {}, [], [], []
    for name, door in EXPECTED.items():
        address = _address(name, "own", house.own)
        body = ""
        for method in _methods(who, door):
            # Of a page that asks for no part of itself there is no region to read.
            if method == "HX" and who == "facilitator" and "hx-get" not in body:
                continue
            response, body = _ask(client, method, address)
            if not _is_safe(response, signed_in=who not in ("anonymous", "deactivated")):
                unsafe.append((name, method, response.status_code))
            if not _is_expected(door, who, method, response):
                surprises[name, method] = response.status_code
            if CANARY in body and who in ("practitioner", "manager", "facilitator"):
                leaks.append((name, method))
        if AuditEvent.objects.exists():
            wrote.append(name)
    assert (surprises, leaks, unsafe, wrote) == ({}, [], [], [])


def _methods(who: str, door) -> tuple[str, ...]:
    if who in KEPT_OUT and who not in door.enter:
        return METHODS[:1] if "POST" in door.methods else METHODS[1:]
    return (*METHODS, "HX") if who in READ_REGIONS_TOO else METHODS


def _is_safe(answer, *, signed_in: bool) -> bool:
    held = answer.headers
    return (
        held["Content-Security-Policy"].startswith(POLICY)
        and held["X-Frame-Options"] == "DENY"
        and held["X-Content-Type-Options"] == "nosniff"
        and held["Referrer-Policy"] in ("same-origin", "no-referrer")
        and (not signed_in or held["Cache-Control"] == "no-store, private")
    )


def _is_expected(door, who: str, method: str, response) -> bool:
    if door.wants_a_key:
        return response.status_code == (405 if method == "POST" else 401)
    if who not in door.enter:
        if who in ("anonymous", "deactivated") and door.asks_to_sign_in:
            return _goes_to_sign_in(response)
        return response.status_code == (403 if who in door.forbidden else 404)
    if ("POST" if method == "POST" else "GET") not in door.methods:
        return response.status_code == 405
    # A page, a form with its errors, the next page, or a form that somebody else was quicker with;
    # 400 for a button's POST without the button's value.
    good = (200, 302, 400, 409) if method == "POST" else (200, 302)
    return response.status_code in good and not _goes_to_sign_in(response)


def test_another_authoritys_row_is_not_found_through_ones_own(house):
    """The facilitator has every permission in their own authority, and still gets 404."""
    client = _client(house.people["facilitator"])
    surprises = {}
    for name, door in EXPECTED.items():
        if "pk" in door.needs and "facilitator" in door.enter:
            method = "GET" if "GET" in door.methods else "POST"
            response, body = _ask(client, method, _address(name, "own", house.foreign))
            if (response.status_code, CANARY in body) != (404, False):
                surprises[name] = response.status_code
    assert surprises == {}


def test_another_authority_is_not_there(house):
    """With its own address and its own ids: 404, and none of its words."""
    client = _client(house.people["facilitator"])
    surprises = {}
    for name in INSIDE:
        address = _address(name, "other", house.foreign)
        for method in METHODS:
            response, body = _ask(client, method, address)
            if (response.status_code, CANARY in body) != (404, False):
                surprises[name, method] = response.status_code
    assert surprises == {}


def test_the_canary_can_be_seen_where_it_may(house):
    """Else the tests above would hold nothing that could leak."""
    seen = {
        name
        for name in INSIDE
        if "GET" in EXPECTED[name].methods
        and CANARY
        in _ask(_client(house.people["outsider"]), "GET", _address(name, "other", house.foreign))[1]
    }
    assert {
        "journey",
        "programmes:ambition",
        "programmes:people",
        "smallchanges:changes",
        "smallchanges:change",
        "blueprints:blueprint",
    } <= seen


def test_an_unknown_id_and_an_unknown_place_are_not_found(house):
    client = _client(house.people["facilitator"])
    unknown = dict.fromkeys(house.own, uuid.uuid4())
    statuses = {
        _ask(client, "GET" if "GET" in EXPECTED[name].methods else "POST", address)[0].status_code
        for name in EXPECTED
        if EXPECTED[name].needs.get("pk") and "facilitator" in EXPECTED[name].enter
        for address in (
            _address(name, "own", house.own | {EXPECTED[name].needs["pk"]: unknown["change"]}),
            *([_address(name, "nowhere", house.own)] if name in INSIDE else []),
        )
    }
    assert statuses == {404}


def test_ending_a_membership_shuts_the_door_at_the_next_request(house):
    client = _client(house.people["facilitator"])
    assert client.get("/own/").status_code == 200
    Membership.objects.filter(user=house.people["facilitator"]).update(ended_at=timezone.now())
    assert client.get("/own/").status_code == 404
