"""Sixteen requests of one person at once get no more dots than there are.

Without the constraints they do: so it is the constraints that hold, and not the threads' luck.
`VOTE_ROUNDS=200` makes it the whole drill.
"""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection
from django.utils import timezone

from tests import factories
from workshops.actions import votes
from workshops.models import ActivityKind, Vote

THREADS = 16
ROUNDS = int(os.environ.get("VOTE_ROUNDS", "6"))
CONSTRAINTS = (
    "vote_slot_once",
    "vote_slot_on_one_once",
    "vote_within_the_dots",
    "vote_within_the_most_on_one",
)


@pytest.fixture
def vote():
    workshop = factories.WorkshopFactory(is_open=True)
    return factories.ActivityFactory(
        workshop=workshop,
        kind=ActivityKind.VOTE,
        opened_at=timezone.now(),
        dots=3,
        most_on_one=2,
    )


def _rounds(vote, rounds: int) -> list[tuple[int, int]]:
    """For each of so many people: how many dots they have, and how many of them on one thing.

    Each presses sixteen times at once, on one of two things.
    """
    groups = [factories.GroupFactory(activity=vote) for _ in range(2)]
    people = [factories.ParticipantFactory(workshop=vote.workshop) for _ in range(rounds)]
    together = threading.Barrier(THREADS, timeout=60)

    def press(number: int) -> list[str]:
        try:
            said = []
            for person in people:
                together.wait()
                group = groups[number % 2]
                said.append(votes.cast(activity=vote, participant=person, group=group))
            return said
        except BaseException:
            together.abort()
            raise
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        said = list(pool.map(press, range(THREADS)))
    assert {one for of_one in said for one in of_one} <= {"", votes.NONE_LEFT, votes.ENOUGH_ON_ONE}
    counted = []
    for person in people:
        own = Vote.objects.filter(activity=vote, voter=vote.voter(person))
        counted.append((own.count(), max(own.filter(group=group).count() for group in groups)))
    return counted


@contextmanager
def _without_the_constraints():
    """Taken off, and put back as they were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = ANY(%s)",
            [list(CONSTRAINTS)],
        )
        taken = cursor.fetchall()
        assert len(taken) == len(CONSTRAINTS)
        for name, _ in taken:
            cursor.execute(f"ALTER TABLE workshops_vote DROP CONSTRAINT {name}")
    try:
        yield
    finally:
        Vote.objects.all().delete()
        with connection.cursor() as cursor:
            for name, definition in taken:
                cursor.execute(f"ALTER TABLE workshops_vote ADD CONSTRAINT {name} {definition}")


@pytest.mark.django_db(transaction=True)
def test_nobody_gets_more_dots_than_there_are(vote):
    """And nobody loses one either: of sixteen wishes as many are granted as the limits allow."""
    assert _rounds(vote, ROUNDS) == [(3, 2)] * ROUNDS


@pytest.mark.django_db(transaction=True)
def test_without_the_constraints_they_would(vote):
    with _without_the_constraints():
        over = [dots for dots, _ in _rounds(vote, ROUNDS) if dots > 3]
    assert len(over) > 0
