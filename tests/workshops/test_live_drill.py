"""Sixty people, four who write, two servers: nothing missed, nothing twice, one order for all.

What each heard is compared with the outbox. The servers' connections to the database are cut off
in the middle, and people lose theirs to the server, as on a bad network.
"""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from benchmarks.people import NO_FAULTS, Person, faults
from tests.factories import WorkshopFactory
from tests.workshops.streams import (
    PATIENCE,
    Server,
    address,
    committed,
    cut_off,
    guest_of,
    served,
    sessions,
    tell,
    until,
)
from workshops.models import Workshop

PEOPLE, WRITERS, EACH_WRITES = 60, 4, 15
THE_END = "<p>the end</p>"
WORDS = [f"<p>{number}</p>" for number in range(EACH_WRITES)]
LIMITS = {"RECONNECT_SECONDS": 0.1}


@pytest.fixture(scope="session")
def servers(django_db_setup, django_db_blocker) -> Iterator[list[Server]]:
    with (
        django_db_blocker.unblock(),
        served("drill", **LIMITS) as one,
        served("drill", **LIMITS) as two,
    ):
        yield [one, two]


@pytest.fixture
def db(django_db_setup, django_db_blocker) -> Iterator[None]:
    with committed(django_db_blocker):
        yield


def drill(
    workshop: Workshop, servers: list[Server], *, drops: bool, trouble: Callable[[], object]
) -> list[Person]:
    people = []
    for _ in range(PEOPLE):
        ((name, key),) = guest_of(workshop)[1].items()
        people.append(
            Person(
                ports=[server.port for server in servers],
                path=address(workshop, "phones"),
                cookie=f"{name}={key}",
                last_words=THE_END,
                drops=drops,
            )
        )
    asyncio.run(asyncio.wait_for(_all_at_once(people, workshop, trouble), PATIENCE))
    return people


async def _all_at_once(people, workshop, trouble) -> None:
    loop = asyncio.get_running_loop()
    listening = [loop.create_task(person.take_part()) for person in people]
    troubles = [trouble, *[_none] * (WRITERS - 1)]
    with ThreadPoolExecutor(WRITERS) as threads:
        writing = [loop.run_in_executor(threads, _write, workshop.pk, one) for one in troubles]
        await asyncio.gather(*writing)
        await loop.run_in_executor(threads, _write, workshop.pk, _none, [THE_END])
        await asyncio.gather(*listening)


def _write(pk, trouble: Callable[[], object], words: list[str] = WORDS) -> None:
    try:
        workshop = Workshop.objects.get(pk=pk)
        for number, html in enumerate(words):
            if number in (EACH_WRITES // 3, EACH_WRITES * 2 // 3):
                trouble()
            tell(workshop, phones=html, screen="<p>not theirs</p>")
    finally:
        connection.close()


def _none() -> None:
    pass


def _cut_off_the_servers() -> None:
    until(lambda: sessions("drill") >= 4)  # those that listen and read, of both
    cut_off("drill")


@pytest.mark.parametrize(
    ("drops", "trouble"),
    [(False, _none), (True, _none), (True, _cut_off_the_servers)],
    ids=["plain", "people drop out", "the database cuts the servers off"],
)
def test_nothing_is_missed_or_repeated(db, servers, drops, trouble):
    workshop = WorkshopFactory(is_open=True)
    people = drill(workshop, servers, drops=drops, trouble=trouble)
    told = list(
        workshop.events.filter(audience="phones").order_by("seq").values_list("seq", "html")
    )
    assert [number for number, _ in told] == list(range(1, WRITERS * EACH_WRITES + 2))
    assert [faults(told, person.heard) for person in people] == [NO_FAULTS] * PEOPLE
    assert {tuple(person.heard) for person in people} == {tuple(told)}
    assert (sum(person.came_back for person in people) > PEOPLE) == drops


@pytest.mark.parametrize(
    ("heard", "found"),
    [
        ([1, 2, 3], {}),
        ([1, 3], {"missed": 1}),
        ([1, 2, 2, 3], {"repeated": 1, "out of order": 1}),
        ([2, 1, 3], {"out of order": 1}),
        ([1, 2, 3, 4], {"never told": 1}),
    ],
)
def test_faults_would_be_found(heard, found):
    told = [(number, "<p>") for number in (1, 2, 3)]
    assert faults(told, [(number, "<p>") for number in heard]) == NO_FAULTS | found
