"""Offering something: with a name or without a trace, and never more than can be answered."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from programmes.models import AuditEvent
from smallchanges import inbox as reading
from smallchanges.actions import inbox as actions
from smallchanges.models import Inbox, Offered
from tests import factories
from tests.at_once import while_waiting

FULL = (
    "Somebody was a moment quicker, and the inbox is full now. What you wrote is still here: keep"
    " it until there’s room again."
)


@pytest.fixture
def inbox(cast):
    return factories.InboxFactory(authority=cast.authority)


@pytest.fixture
def address(inbox):
    return f"/own/inbox/{inbox.key}/"


def _said(**more):
    said = {"id": str(uuid4()), "kind": "idea", "text": "A kettle that works", "reply": "link"}
    return said | more


def _offer(cast, **more):
    said = _said(**more)
    said["pk"] = said.pop("id")
    return actions.offer(authority=cast.authority, **said)


# --- without an account


def test_anybody_with_the_link_offers_something_and_reads_the_answer_there(cast, client, address):
    assert client.get(address).status_code == 200
    response = client.post(address, _said())
    offered = Offered.objects.get()
    assert (offered.text, offered.kind, offered.reply) == ("A kettle that works", "idea", "link")
    assert (offered.authority, offered.by, offered.name, offered.email) == (
        cast.authority,
        None,
        "",
        "",
    )
    said = client.get(response["Location"])
    assert "Keep this link" in said.content.decode()
    assert response["Location"] in said.content.decode()
    assert said["Cache-Control"] == "no-store, private"
    actions.answer(offered=offered, state="not now", words="The desks move", by=cast.manager)
    assert "The desks move" in client.get(response["Location"]).content.decode()
    assert (Session.objects.count(), "sessionid" in client.cookies) == (0, False)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"reply": "email", "email": " Jo@Council.example "}, ("email", "jo@council.example", "")),
        ({"reply": "none", "name": "Jo  Example"}, ("none", "", "Jo Example")),
        # What a browser fills in by itself is nobody's wish.
        ({"reply": "link", "email": "jo@council.example"}, ("link", "", "")),
        ({"reply": "link", "email": "not an address"}, ("link", "", "")),
    ],
)
def test_as_much_is_kept_as_somebody_gives(client, address, sent, kept):
    assert client.post(address, _said(**sent)).status_code == 302
    assert Offered.objects.values_list("reply", "email", "name").get() == kept


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({"text": " "}, {"text": ["Tell us in a few words what it is."]}),
        (
            {"text": "x" * 501},
            {"text": ["Make it shorter: 500 characters fit, this has 501."]},
        ),
        ({"kind": "dream"}, {"kind": ["Choose one from the list."]}),
        ({"reply": ""}, {"reply": ["Choose how we shall answer."]}),
        (
            {"reply": "email", "email": "jo"},
            {"email": ["Write the email address that we shall answer."]},
        ),
    ],
)
def test_what_does_not_fit_stays_on_the_page(client, address, sent, errors):
    response = client.post(address, _said(**sent))
    assert response.context["form"].errors == errors
    assert Offered.objects.count() == 0


def test_the_same_form_sent_twice_is_one(client, address):
    said = _said()
    answers = {client.post(address, said)["Location"] for _ in range(2)}
    assert (len(answers), Offered.objects.count()) == (1, 1)


def test_other_words_with_an_id_that_is_taken_are_another_one(cast, client, address):
    """Whoever goes back to the page has the old id; and somebody else's opens nothing."""
    first = factories.OfferedFactory(authority=cast.authority)
    response = client.post(address, _said(id=str(first.pk)))
    second = Offered.objects.exclude(pk=first.pk).get()
    assert response["Location"] == reading.answer_path(second)
    foreign = factories.OfferedFactory(authority=cast.other)
    assert client.post(address, _said(id=str(foreign.pk))).status_code == 400


@pytest.mark.parametrize("broken", ["closed", "renewed", "foreign", "none"])
def test_a_link_that_is_not_good_any_more_leads_nowhere(cast, client, inbox, address, broken):
    if broken == "closed":
        Inbox.objects.update(is_open=False)
    elif broken == "renewed":
        Inbox.objects.update(key="bcdfghjkmnpqrstv")
    elif broken == "foreign":
        address = f"/other/inbox/{inbox.key}/"
    else:
        Inbox.objects.update(key="")
    statuses = [client.get(address).status_code, client.post(address, _said()).status_code]
    assert (statuses, Offered.objects.count()) == ([404, 404], 0)


def test_a_link_to_an_answer_is_good_for_one_thing_in_one_place(cast, client):
    offered = factories.OfferedFactory(authority=cast.authority, text="canary")
    path = reading.answer_path(offered)
    forged = path.replace(offered.pk.hex, uuid4().hex)
    elsewhere = path.replace("/own/", "/other/")
    cut = f"{path[:-3]}/"
    assert [client.get(one).status_code for one in (path, forged, elsewhere, cut)] == [
        200,
        404,
        404,
        404,
    ]
    assert client.post(path).status_code == 405


# --- what may name somebody


def test_a_warning_comes_first_and_what_is_sent_all_the_same_is_held(cast, client, address):
    said = _said(text="Ring 07700 900123 for it")
    warned = client.post(address, said)
    assert warned.status_code == 200
    assert "This looks like a phone number." in warned.content.decode()
    assert "Ring 07700 900123 for it" in warned.content.decode()
    assert Offered.objects.count() == 0
    client.post(address, said | {"anyway": "yes"})
    assert [one.held_for for one in Offered.objects.all()] == ["guard"]
    assert list(cast.authority.offered.shown()) == []


@pytest.mark.parametrize("where", ["public", "member"])
def test_the_page_warns_while_somebody_types_and_keeps_nothing(
    client, practitioner, address, where
):
    sender = client if where == "public" else practitioner
    path = f"{address if where == 'public' else '/own/inbox/add/'}?look=1"
    htmx = {"HX-Request": "true"}
    found = sender.post(path, {"text": "Mr Sampleton rang"}, headers=htmx)
    nothing = sender.post(path, {"text": "A kettle"}, headers=htmx)
    assert "This looks like somebody’s name." in found.content.decode()
    assert nothing.content.decode().strip() == ""
    assert sender.post(path, {"text": "A kettle"}).status_code == 400
    assert sender.post(path, {"text": "x" * 10_001}, headers=htmx).status_code == 400
    assert Offered.objects.count() == 0


# --- members


def test_a_member_offers_with_their_name(cast, practitioner):
    response = practitioner.post("/own/inbox/add/", _said(who="named"))
    offered = Offered.objects.get()
    assert (offered.by, offered.reply) == (cast.practitioner, "member")
    assert response["Location"] == "/own/inbox/"
    assert "Practitioner Example" in practitioner.get("/own/inbox/").content.decode()
    assert AuditEvent.objects.values_list("verb", "actor_id", "target_label").get() == (
        "offered",
        cast.practitioner.pk,
        "",
    )


def test_a_member_says_whether_with_their_name(practitioner):
    response = practitioner.post("/own/inbox/add/", _said())
    errors = {"who": ["Choose whether your name stands beside it."]}
    assert response.context["form"].errors == errors


def _dump() -> dict[str, list[tuple[int, str]]]:
    """Every row of every table, with the transaction that wrote it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        dump = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT t.xmin::text::bigint, to_jsonb(t)::text FROM {table} t")
            dump[table] = cursor.fetchall()
    return dump


@pytest.mark.parametrize("where", ["member", "public"])
def test_nothing_in_the_database_leads_from_what_was_offered_to_its_writer(
    cast, practitioner, where
):
    """No row changes that is theirs, none holds when, and none of the new ones names them."""
    path = "/own/inbox/add/"
    if where == "public":
        path = f"/own/inbox/{factories.InboxFactory(authority=cast.authority).key}/"
    practitioner.get(path)
    before = _dump()
    response = practitioner.post(path, _said(who="anonymous"))
    assert practitioner.get(response["Location"]).status_code == 200
    new = {
        table: [row for row in rows if row not in before[table]] for table, rows in _dump().items()
    }
    written = {table: rows for table, rows in new.items() if rows}
    # The limit on floods counts by the address of a whole council, and for an hour.
    ours = [table for table in written if table.startswith("smallchanges_")]
    assert written.keys() - {"cache", "smallchanges_inbox"} == {"smallchanges_offered"}
    [(_, offered)] = written["smallchanges_offered"]
    times = re.findall(r"T(\d\d:\d\d:\d\d[^+\"]*)", str([written[table] for table in ours]))
    assert set(times) == {"00:00:00"}
    session = practitioner.session.session_key
    theirs = (cast.practitioner.email, cast.practitioner.name, session, str(cast.practitioner.pk))
    values = [str(value) for value in json.loads(offered).values()]
    assert [one for one in theirs if one in values or (len(one) > 8 and one in offered)] == []
    cached = " ".join(text for _, text in written["cache"])
    assert [one for one in theirs[:3] if one in cached] == []
    assert AuditEvent.objects.count() == 0


def test_once_its_day_is_over_where_a_row_lies_tells_nothing(cast, inbox):
    """All of a day's rows are written anew by one transaction, in an order of its own."""
    yesterday = timezone.now() - timedelta(days=1)
    rows = [_offer(cast, text=f"Idea {number}") for number in range(12)]
    Offered.objects.update(created_at=yesterday)
    named = factories.OfferedFactory(
        authority=cast.authority, by=cast.manager, reply="member", created_at=yesterday
    )
    actions.forget_due(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM smallchanges_offered WHERE id <> %s ORDER BY ctid", [named.pk]
        )
        lie = [str(pk) for (pk,) in cursor.fetchall()]
    written = [str(row.pk) for row in rows]
    assert sorted(lie) == sorted(written)
    assert lie != written  # once in 479 million times by chance
    assert Offered.objects.filter(is_stirred=True).count() == 12


# --- never more than can be answered


@pytest.fixture
def full(inbox, cast):
    Inbox.objects.update(most_waiting=2)
    for days in (1, 20):
        at = timezone.now() - timedelta(days=days)
        factories.OfferedFactory(authority=cast.authority, created_at=at)


def test_a_full_inbox_says_so_and_when_to_come_back(cast, full, client, practitioner, address):
    """The oldest waits longer than was promised: room is hoped for by the next working day."""
    for sender, path in ((client, address), (practitioner, "/own/inbox/add/")):
        page = sender.get(path)
        assert "The inbox is full, and that’s a good sign." in page.content.decode()
        assert page.context["come_back_on"] == reading.working_days_after(timezone.localdate(), 1)
        said = sender.post(path, _said(who="named"))
        assert said.context["form"].non_field_errors() == [FULL]
        assert "A kettle that works" in said.content.decode()
    assert Offered.objects.count() == 2


def test_there_is_room_once_one_is_answered(cast, full, client, address):
    oldest = cast.authority.offered.waiting().first()
    actions.answer(offered=oldest, state="not now", words="No", by=cast.manager)
    assert client.post(address, _said()).status_code == 302


def test_a_form_sent_again_after_the_last_place_was_taken_is_still_taken(cast, inbox):
    Inbox.objects.update(most_waiting=1)
    said = _said(id=uuid4())
    assert _offer(cast, **said) == _offer(cast, **said)


def test_a_member_of_a_closed_inbox_reads_that_it_is_closed(cast, inbox, practitioner):
    Inbox.objects.update(is_open=False)
    for path in ("/own/inbox/", "/own/inbox/add/"):
        assert "closed at the moment" in practitioner.get(path).content.decode()
    said = practitioner.post("/own/inbox/add/", _said(who="named"))
    assert said.context["form"].non_field_errors() == [FULL]
    assert Offered.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_take_the_last_place_twice(cast, inbox):
    Inbox.objects.update(most_waiting=1)
    first, second = while_waiting(lambda: _offer(cast), lambda: _offer(cast))
    assert (type(first), type(second)) == (Offered, actions.Full)
    assert Offered.objects.count() == 1


# --- floods


def test_a_flood_from_one_address_is_slowed_and_a_council_behind_one_is_not(
    cast, inbox, settings, address
):
    limits = settings.ACCOUNT_RATE_LIMITS
    assert limits["inbox_offer"] == "30/m/key,200/h/key"
    settings.ACCOUNT_RATE_LIMITS = limits | {"inbox_offer": "3/m/key"}
    Inbox.objects.update(most_waiting=50)
    answers = [Client().post(address, _said()).status_code for _ in range(4)]
    assert answers == [302, 302, 302, 200]
    late = Client().post(address, _said(text="A kettle for us"))
    assert late.context["form"].non_field_errors() == [
        "That’s a lot at once from where you are. Wait a minute, then send it again."
    ]
    assert "A kettle for us" in late.content.decode()
    assert Client(REMOTE_ADDR="10.0.0.2").post(address, _said()).status_code == 302


def test_nor_does_what_slows_it_keep_from_where_somebody_wrote(cast, address):
    kept = "SELECT cache_key FROM cache WHERE cache_key LIKE '%inbox_offer%'"
    assert Client(REMOTE_ADDR="10.9.8.7").post(address, _said()).status_code == 302
    with connection.cursor() as cursor:
        cursor.execute(kept)
        keys = [key for (key,) in cursor.fetchall()]
    assert [len(keys), [key for key in keys if "10.9.8.7" in key]] == [2, []]
