"""The live stream under the demo's server: who hears what, in which order, and when it ends."""

import signal
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from programmes.models import Membership
from tests.factories import CoFacilitatorFactory, ParticipantFactory, WorkshopFactory
from tests.workshops.streams import (
    Heard,
    Server,
    address,
    committed,
    cookies_of,
    cut_off,
    guest_of,
    listen,
    served,
    sessions,
    tell,
    until,
)
from workshops.listeners import screen_token
from workshops.live import announce, message
from workshops.models import Participant

# Small enough to reach.
LIMITS = {"MOST_IN_ROOM": 7, "MOST_WAITING": 20}
# And no longer than needed to wait for.
LIMITS |= {"LOOK_SECONDS": 0.3, "RECONNECT_SECONDS": 0.1}


@pytest.fixture(scope="session")
def server(django_db_setup, django_db_blocker) -> Iterator[Server]:
    with django_db_blocker.unblock(), served(**LIMITS) as one:
        yield one


@pytest.fixture
def db(django_db_setup, django_db_blocker) -> Iterator[None]:
    with committed(django_db_blocker):
        yield


@pytest.fixture
def workshop(cast):
    return WorkshopFactory(programme=cast.programme, is_open=True, screen_key=uuid4())


# --- who hears what


def test_each_audience_hears_what_it_is_told_and_nothing_else(server, cast, workshop):
    _, cookies = guest_of(workshop)
    token = screen_token(workshop)
    with (
        listen(server, address(workshop, "phones"), cookies=cookies) as phone,
        listen(server, address(workshop, "screen", token=token)) as screen,
        listen(
            server, address(workshop, "console"), cookies=cookies_of(cast.facilitator)
        ) as console,
    ):
        tell(workshop, console="<p id=a>held back: a canary</p>")
        tell(workshop, console="<p id=a>1</p>", screen="<p id=a>2</p>", phones="<p id=a>3</p>")
        assert phone.next() == Heard(id="2", data="<p id=a>3</p>")
        assert screen.next() == Heard(id="2", data="<p id=a>2</p>")
        assert _events(console) == Heard(id="1", data="<p id=a>held back: a canary</p>")
        assert _events(console) == Heard(id="2", data="<p id=a>1</p>")
        assert ["canary" in stream.raw for stream in (phone, screen, console)] == [
            False,
            False,
            True,
        ]
        assert phone.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert phone.headers["cache-control"] == "no-cache, no-transform"
        assert phone.headers["x-accel-buffering"] == "no"


def _events(console) -> Heard | None:
    """What was told, without how many are present."""
    while (heard := console.next()) is not None and not heard.id:
        pass
    return heard


def test_rooms_do_not_hear_each_other(server, cast, workshop):
    other = WorkshopFactory(programme=cast.programme)
    _, cookies = guest_of(workshop)
    with listen(server, address(workshop, "phones"), cookies=cookies) as phone:
        tell(other, phones="<p>theirs</p>")
        tell(workshop, phones="<p>ours</p>")
        assert phone.next() == Heard(id="1", data="<p>ours</p>")


def test_member_is_known_by_their_sign_in(server, cast, workshop):
    ParticipantFactory(workshop=workshop, user=cast.practitioner)
    with listen(
        server, address(workshop, "phones"), cookies=cookies_of(cast.practitioner)
    ) as phone:
        tell(workshop, phones="<p>here</p>")
        assert phone.next() == Heard(id="1", data="<p>here</p>")


def test_who_may_not_listen(server, cast, workshop):
    elsewhere = WorkshopFactory(programme=cast.other_programme, screen_key=uuid4())
    _, cookies = guest_of(workshop)
    removed, removed_cookies = guest_of(workshop)
    Participant.objects.filter(pk=removed.pk).update(removed_at=timezone.now())
    may = cookies_of(cast.facilitator)
    console, phones, screen = (address(workshop, name) for name in ("console", "phones", "screen"))
    forged = screen_token(workshop)[:-2] + "zz"
    asked = {
        "nobody": (phones, {}),
        "somebody sent out": (phones, removed_cookies),
        "a guest of another room": (address(elsewhere, "phones"), cookies),
        "a guest at the console": (console, cookies),
        "a practitioner at the console": (console, cookies_of(cast.practitioner)),
        "another authority's facilitator": (console, cookies_of(cast.outsider)),
        "a facilitator who did not join": (phones, may),
        "a screen without a link": (screen, may),
        "a screen with another room's link": (
            address(workshop, "screen", token=screen_token(elsewhere)),
            {},
        ),
        "a forged link": (address(workshop, "screen", token=forged), {}),
        "no such audience": (address(workshop, "staff"), may),
        "no such room": (f"/live/{uuid4()}/console/?since=0", may),
        "no room": ("/live/------------------------------------/console/?since=0", may),
        "nothing": ("/live/?since=0", may),
    }
    answers = {}
    for who, (path, carried) in asked.items():
        with listen(server, path, cookies=carried) as answer:
            answers[who] = answer.status
    assert answers == dict.fromkeys(asked, 404)
    with listen(server, console, cookies=may) as answer:
        assert answer.status == 200


def test_co_facilitator_may_stand_at_the_console(server, cast, workshop):
    CoFacilitatorFactory(workshop=workshop, user=cast.practitioner)
    path = address(workshop, "console")
    with listen(server, path, cookies=cookies_of(cast.practitioner)) as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    ("method", "query", "status"),
    [
        ("POST", "since=0", 405),
        ("GET", "", 400),
        ("GET", "since=x", 400),
        ("GET", "since=" + "9" * 5000, 400),
        ("GET", "since=-5", 200),
    ],
)
def test_asking_wrongly(server, workshop, method, query, status):
    _, cookies = guest_of(workshop)
    path = f"/live/{workshop.pk}/phones/?{query}"
    with listen(server, path, cookies=cookies, method=method) as answer:
        assert answer.status == status


# --- in which order


def test_what_was_missed_comes_first(server, workshop):
    _, cookies = guest_of(workshop)
    for number in (1, 2, 3):
        tell(workshop, phones=f"<p>{number}</p>", screen="<p>not theirs</p>")
    with (
        listen(server, address(workshop, "phones", since=1), cookies=cookies) as phone,
        listen(server, address(workshop, "phones"), cookies=cookies, last_event_id="2") as again,
    ):
        tell(workshop, phones="<p>4</p>")
        assert [phone.next() for _ in range(3)] == [
            Heard(id=str(number), data=f"<p>{number}</p>") for number in (2, 3, 4)
        ]
        assert [again.next() for _ in range(2)] == [
            Heard(id=str(number), data=f"<p>{number}</p>") for number in (3, 4)
        ]


def test_who_missed_much_fetches_the_page_and_goes_on_from_there(server, workshop):
    _, cookies = guest_of(workshop)
    with transaction.atomic():
        for number in range(201):
            announce(workshop, phones=f"<p>{number}</p>")
    _, others_cookies = guest_of(workshop)
    with (
        listen(server, address(workshop, "phones", since=1), cookies=others_cookies) as other,
        listen(server, address(workshop, "phones"), cookies=cookies) as phone,
    ):
        tell(workshop, phones="<p>and on</p>")
        assert phone.next() == Heard(id="201", event="refetch", data=".")
        assert phone.next() == Heard(id="202", data="<p>and on</p>")
        assert other.next() == Heard(id="2", data="<p>1</p>")


def test_who_knows_more_than_there_is_fetches_the_page(server, workshop):
    """As after a restored backup; and it does not keep the room from others."""
    _, cookies = guest_of(workshop)
    _, others_cookies = guest_of(workshop)
    tell(workshop, phones="<p>1</p>")
    far = address(workshop, "phones", since=10**30)
    with (
        listen(server, far, cookies=cookies) as phone,
        listen(server, address(workshop, "phones", since=1), cookies=others_cookies) as other,
    ):
        tell(workshop, phones="<p>2</p>")
        assert phone.next() == Heard(id="1", event="refetch", data=".")
        assert phone.next() == Heard(id="2", data="<p>2</p>")
        assert other.next() == Heard(id="2", data="<p>2</p>")


def test_of_a_topic_only_the_last_is_told(server, workshop):
    _, cookies = guest_of(workshop)
    with listen(server, address(workshop, "phones"), cookies=cookies) as phone:
        with transaction.atomic():
            for number in (1, 2, 3):
                announce(workshop, topic="votes", phones=f"<b>{number}</b>")
            announce(workshop, topic="faces", phones="<i>1</i>")
        assert phone.next() == Heard(id="3", data="<b>3</b>")
        assert phone.next() == Heard(id="4", data="<i>1</i>")
    with listen(server, address(workshop, "phones"), cookies=cookies) as again:
        assert again.next() == Heard(id="3", data="<b>3</b>")


def test_what_can_wait_is_told_all_the_same(server, workshop):
    _, cookies = guest_of(workshop)
    with listen(server, address(workshop, "phones"), cookies=cookies) as phone:
        for number in (1, 2):
            tell(workshop, topic="votes", phones=f"<b>{number}</b>")
        last = phone.next()
        while last is not None and last.id == "1":
            last = phone.next()
        assert last == Heard(id="2", data="<b>2</b>")


def test_what_did_not_happen_is_not_told(server, workshop):
    _, cookies = guest_of(workshop)
    with listen(server, address(workshop, "phones"), cookies=cookies) as phone:
        with transaction.atomic():
            announce(workshop, phones="<p>never</p>")
            transaction.set_rollback(True)
        tell(workshop, phones="<p>this</p>")
        assert phone.next() == Heard(id="1", data="<p>this</p>")
    assert list(workshop.events.values_list("seq", "html")) == [(1, "<p>this</p>")]


def test_outside_a_transaction_nothing_is_announced(workshop):
    with pytest.raises(TransactionManagementError):
        announce(workshop, phones="<p>never</p>")


def test_room_that_emptied_fills_again(server, workshop):
    _, cookies = guest_of(workshop)
    for number in (1, 2, 3):
        with listen(
            server, address(workshop, "phones", since=number - 1), cookies=cookies
        ) as phone:
            tell(workshop, phones=f"<p>{number}</p>")
            assert phone.next() == Heard(id=str(number), data=f"<p>{number}</p>")


def test_words_cannot_become_another_event():
    words = "a\n\nevent: gone\rdata: b\r\nid: 7\u2028c"
    told = b"id: 3\ndata: a\ndata: event: gone\ndata: data: b\ndata: id: 7\ndata: c\n\n"
    assert message(words, 3) == told


# --- how many


def test_a_sixth_stream_of_one_person_is_refused(server, workshop):
    _, cookies = guest_of(workshop)
    path = address(workshop, "phones")
    streams = [listen(server, path, cookies=cookies) for _ in range(6)]
    assert [stream.status for stream in streams] == [200] * 5 + [429]
    assert streams[5].headers["retry-after"] == "10"
    for stream in streams:
        stream.close()
    until(lambda: _status(server, path, cookies) == 200)


def test_a_full_room_still_lets_the_facilitator_in(server, cast, workshop):
    path = address(workshop, "phones")
    streams = [listen(server, path, cookies=guest_of(workshop)[1]) for _ in range(8)]
    assert [stream.status for stream in streams] == [200] * 7 + [429]
    console = address(workshop, "console")
    assert _status(server, console, cookies_of(cast.facilitator)) == 200
    for stream in streams:
        stream.close()


def _status(server, path, cookies) -> int:
    with listen(server, path, cookies=cookies) as stream:
        return stream.status


def test_streams_hold_no_connection_to_the_database(server, workshop):
    def fill(number: int) -> int:
        streams = [
            listen(server, address(workshop, "phones"), cookies=guest_of(workshop)[1])
            for _ in range(number)
        ]
        tell(workshop, phones="<p>all</p>")
        assert [stream.next() is not None for stream in streams] == [True] * number
        held = sessions()
        for stream in streams:
            stream.close()
        return held

    fill(7)  # every thread has been asked by now, and each keeps one
    assert fill(1) <= 6
    assert fill(7) <= 6


def test_who_does_not_read_is_let_go_and_misses_nothing(server, workshop):
    """Nobody else waits for them."""
    _, cookies = guest_of(workshop)
    _, others_cookies = guest_of(workshop)
    path = address(workshop, "phones")
    long = "x" * 400_000
    with (
        listen(server, path, cookies=cookies) as slow,
        listen(server, path, cookies=others_cookies) as quick,
    ):
        for number in range(1, 61):
            tell(workshop, phones=f"<p>{number} {long}</p>")
            assert quick.next() == Heard(id=str(number), data=f"<p>{number} {long}</p>")
        came = []
        while (heard := slow.next()) is not None:
            came.append(int(heard.id))
    assert came == list(range(1, len(came) + 1))
    assert len(came) < 60
    with listen(server, path, cookies=cookies, last_event_id=str(came[-1])) as again:
        rest = [int(again.next().id) for _ in range(60 - len(came))]
    assert came + rest == list(range(1, 61))


# --- how it ends


def test_a_way_that_is_quiet_is_kept_awake(server, workshop):
    _, cookies = guest_of(workshop)
    with listen(server, address(workshop, "phones"), cookies=cookies) as phone:
        assert phone.next_block() == ": "
        assert phone.next_block() == ": "


def test_who_may_not_listen_any_more_is_let_go(server, cast, workshop):
    person, cookies = guest_of(workshop)
    _, others_cookies = guest_of(workshop)
    token = screen_token(workshop)
    member = cookies_of(cast.practitioner)
    ParticipantFactory(workshop=workshop, user=cast.practitioner)
    facilitator, team = cookies_of(cast.facilitator), cookies_of(cast.crescendo)
    phones, console = address(workshop, "phones"), address(workshop, "console")
    with (
        listen(server, phones, cookies=cookies) as sent_out,
        listen(server, phones, cookies=others_cookies) as stays,
        listen(server, phones, cookies=member) as former_member,
        listen(server, console, cookies=facilitator) as former_facilitator,
        listen(server, console, cookies=team) as signed_out,
        listen(server, address(workshop, "screen", token=token)) as old_screen,
    ):
        Participant.objects.filter(pk=person.pk).update(removed_at=timezone.now())
        Membership.objects.filter(user__in=[cast.practitioner, cast.facilitator]).update(
            ended_at=timezone.now()
        )
        Session.objects.filter(session_key=team["sessionid"]).delete()
        workshop.screen_key = uuid4()
        workshop.save(update_fields=["screen_key"])
        for stream in (sent_out, former_member, former_facilitator, signed_out, old_screen):
            while (heard := stream.next()) is not None:
                last = heard
            assert last == Heard(event="gone", data=".")
        tell(workshop, phones="<p>still here</p>")
        assert stays.next() == Heard(id="1", data="<p>still here</p>")
    assert _status(server, phones, cookies) == 404


def test_console_is_told_how_many_are_present(server, cast, workshop):
    long_ago = timezone.now() - timezone.timedelta(hours=1)
    guests = [guest_of(workshop) for _ in range(3)]
    Participant.objects.update(seen_at=long_ago)
    with (
        listen(
            server, address(workshop, "console"), cookies=cookies_of(cast.facilitator)
        ) as console,
        listen(server, address(workshop, "phones"), cookies=guests[0][1]),
        listen(server, address(workshop, "phones"), cookies=guests[1][1]),
    ):
        until(lambda: console.next() == Heard(data=_present(2)))
    assert list(Participant.objects.filter(seen_at=long_ago).values_list("pk", flat=True)) == [
        guests[2][0].pk
    ]


def _present(number: int) -> str:
    return f'<b id="present" class="num" hx-swap-oob="true">{number}</b>'


def test_connection_to_the_database_is_made_anew(server, workshop):
    _, cookies = guest_of(workshop)
    with listen(server, address(workshop, "phones"), cookies=cookies) as phone:
        for number in (1, 2):
            assert cut_off() >= 2
            tell(workshop, phones=f"<p>{number}</p>")
            assert phone.next() == Heard(id=str(number), data=f"<p>{number}</p>")
            until(lambda: sessions() >= 2)


def test_server_stops_with_open_streams(db):
    """With the demo's own way of serving; each browser is told a moment of its own to return at."""
    workshop = WorkshopFactory()
    with served("stopping") as server:
        path = address(workshop, "phones")
        streams = [listen(server, path, cookies=guest_of(workshop)[1]) for _ in range(5)]
        tell(workshop, phones="<p>last</p>")
        assert [stream.next() for stream in streams] == [Heard(id="1", data="<p>last</p>")] * 5
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(5)
        last = [stream.next_block() for stream in streams]
        assert [word.partition(": ")[0] for word in last] == ["retry"] * 5
        assert len(set(last)) > 1
        assert [stream.next() for stream in streams] == [None] * 5
        for stream in streams:
            stream.close()
