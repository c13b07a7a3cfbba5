"""A room ends while people are still giving: nobody is stuck, and nothing slips in unseen."""

import uuid

import pytest
from django.utils import timezone

from programmes.editing import locked
from tests import factories
from tests.at_once import while_waiting
from tests.factories import guest_key
from workshops.actions import notes, room, votes
from workshops.models import ActivityKind, Candour, Mark, Note, Vote

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def workshop():
    return factories.WorkshopFactory(is_open=True)


@pytest.fixture
def by(workshop):
    return factories.UserFactory()


@pytest.fixture
def person(workshop):
    return factories.ParticipantFactory(workshop=workshop)


@pytest.fixture
def written(workshop):
    return factories.ActivityFactory(
        workshop=workshop, candour=Candour.ANONYMOUS, opened_at=timezone.now()
    )


@pytest.fixture
def vote(workshop):
    return factories.ActivityFactory(
        workshop=workshop,
        kind=ActivityKind.VOTE,
        opened_at=timezone.now(),
        dots=3,
        most_on_one=3,
    )


@pytest.fixture
def note(written, person):
    return notes.write(
        activity=written,
        participant=person,
        key=guest_key(person),
        pk=uuid.uuid4(),
        text="What nobody says aloud",
    )


@pytest.fixture
def group(vote):
    return factories.GroupFactory(activity=vote)


def test_who_holds_a_row_and_then_wants_the_room_gets_it(workshop, by, person, note, vote, group):
    """Ending takes the rows before the room, as those who give do; else both would wait."""
    votes.cast(activity=vote, participant=person, group=group)
    votes.mark(activity=vote, participant=person, across=3)

    def hold():
        return [locked(row) for row in (note, Vote.objects.get(), Mark.objects.get(), vote)]

    _, ended = while_waiting(
        hold, lambda: room.end(workshop=workshop, by=by), then=lambda: locked(workshop)
    )
    workshop.refresh_from_db()
    assert (ended, workshop.ended_at is not None) == (workshop, True)


def test_what_comes_while_it_ends_comes_too_late(workshop, by, person, note, vote, group):
    late = {
        "write": lambda: notes.write(
            activity=note.activity,
            participant=person,
            key=guest_key(person),
            pk=uuid.uuid4(),
            text="Too late",
        ),
        "change": lambda: notes.change(note=note, version=1, text="Too late"),
        "cast": lambda: votes.cast(activity=vote, participant=person, group=group),
        "mark": lambda: votes.mark(activity=vote, participant=person, across=1),
    }

    def end():
        room.end(workshop=workshop, by=by)

    said = {}
    for name, act in late.items():
        type(workshop).objects.filter(pk=workshop.pk).update(ended_at=None)
        _, said[name] = while_waiting(end, act)
    assert {name: type(one).__name__ for name, one in said.items()} == {
        "write": "Closed",
        "change": "Closed",
        "cast": "str",
        "mark": "str",
    }
    assert (said["cast"], said["mark"]) == (votes.OVER, votes.OVER)
    assert list(Note.objects.values_list("text", flat=True)) == ["What nobody says aloud"]
    assert (Vote.objects.count(), Mark.objects.count()) == (0, 0)


def test_the_last_that_a_room_is_told_is_that_it_is_over(workshop, by, note):
    """What was told before is gone; what tells the end is there to be told."""
    told = set(workshop.events.values_list("seq", flat=True))
    room.end(workshop=workshop, by=by)
    workshop.refresh_from_db()
    assert set(workshop.events.values_list("seq", flat=True)) == {workshop.seq}
    assert workshop.seq not in told


def test_no_vote_is_anybodys_once_it_is_over(workshop, by, person, vote, group):
    votes.cast(activity=vote, participant=person, group=group)
    was = vote.voter(person)
    room.end(workshop=workshop, by=by)
    vote.refresh_from_db()
    assert (bytes(vote.secret), vote.voter(person), votes.left(vote, person)) == (b"", "", 3)
    assert [voter == was for voter in Vote.objects.values_list("voter", flat=True)] == [False]
