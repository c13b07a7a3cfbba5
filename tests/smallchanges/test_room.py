"""Who must be in the room: against brute force, and read off an authority's asks."""

from itertools import chain, combinations

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from smallchanges.models import Ask
from smallchanges.room import best_room, room_of
from tests import factories


def _needs(people: int):
    groups = st.frozensets(st.sampled_from("abcdefghijklmnopqrstuvwx"[:people]), max_size=4)
    return st.dictionaries(st.integers(0, 30), groups, max_size=9)


def _freed(needs, present) -> int:
    return sum(1 for people in needs.values() if people and people <= present)


def _sets(needs, seats):
    everybody = sorted(frozenset().union(*needs.values()))
    sizes = range(min(seats, len(everybody)) + 1)
    return map(frozenset, chain.from_iterable(combinations(everybody, size) for size in sizes))


@given(needs=_needs(8), seats=st.integers(1, 6))
@settings(max_examples=60, deadline=None, database=None, derandomize=True)
def test_among_few_no_set_of_people_frees_more_and_none_as_many_with_fewer(needs, seats):
    found = best_room(needs, seats)
    most = max(_freed(needs, present) for present in _sets(needs, seats))
    fewest = min(len(one) for one in _sets(needs, seats) if _freed(needs, one) == most)
    assert (_freed(needs, found), len(found)) == (most, fewest)


@given(needs=_needs(24), seats=st.integers(1, 6))
@settings(max_examples=60, deadline=None, database=None, derandomize=True)
def test_among_many_it_fits_frees_something_and_stays_near_the_best(needs, seats):
    # Fourteen more people, each of whom one thing needs for itself: too many to try every set.
    crowd = {f"thing {n}": frozenset({f"person {n:02}"}) for n in range(14)}
    found = best_room(needs | crowd, seats)
    assert len(found) <= seats
    freed = _freed(needs | crowd, found)
    # Those alone fill the room, so that any room frees as many things as it has seats.
    assert freed >= seats
    assert all(
        any(one in people and people <= found for people in (needs | crowd).values())
        for one in found
    )


def test_the_example_that_people_tell():
    needs = {
        "notes": frozenset({"director", "academy"}),
        "minutes": frozenset({"director"}),
        "cars": frozenset({"director", "academy"}),
        "court": frozenset({"judge", "clerk", "usher"}),
    }
    assert best_room(needs, 2) == {"director", "academy"}
    assert best_room(needs, 1) == {"director"}
    assert best_room({}, 3) == frozenset()


# --- of an authority


@pytest.fixture
def changes(cast):
    return [
        factories.SmallChangeFactory(programme=cast.programme, title=title, status="in progress")
        for title in ("Notes", "Minutes", "Cars", "Quiet", "Idea")
    ]


def test_asks_and_stakeholders_make_one_meeting(cast, changes):
    notes, minutes, cars, quiet, idea = changes
    idea.status = "proposed"
    idea.save()
    for change in (notes, minutes, cars):
        factories.UpdateFactory(change=change, at=timezone.now())
    director = {"name": "Dana Dean", "role": "Director", "email": "dana@elsewhere.example"}
    factories.AskFactory(change=notes, what="A yes", **director)
    factories.AskFactory(change=minutes, what="An hour", **director)
    # She is called by what she does, too; and whoever is on board is no reason to meet.
    factories.StakeholderFactory(change=cars, who="DIRECTOR", what_we_ask="A car")
    factories.StakeholderFactory(change=cars, who="Court team", stance="unsure")
    factories.StakeholderFactory(change=notes, who="Academy", stance="on board")
    # Who answered, or is not needed, keeps nothing stuck; nor does an idea that nobody asks for.
    factories.AskFactory(change=minutes, state="no", **director)
    factories.AskFactory(change=minutes, removed_at=timezone.now())
    factories.StakeholderFactory(change=idea)
    linked = factories.StakeholderFactory(change=notes, who="Board")
    factories.AskFactory(change=notes, stakeholder=linked, state="yes", said_yes_at=timezone.now())

    meeting = room_of(cast.programme, 1)
    assert [(one.name, one.about) for one in meeting.people] == [("Dana Dean", "Director")]
    assert [(one.change, one.minutes) for one in meeting.agenda] == [(minutes, 7), (notes, 7)]
    assert [one.change for one in meeting.left] == [cars]
    assert (meeting.quiet, meeting.minutes, meeting.stuck) == ([quiet], 24, 4)
    idea.stakeholders.all().delete()
    factories.AskFactory(change=idea, **director)
    assert [one.change for one in room_of(cast.programme, 1).agenda] == [idea, minutes, notes]
    Ask.objects.filter(change=idea).delete()
    larger = room_of(cast.programme, 2)
    assert [one.change for one in larger.agenda] == [cars, minutes, notes]
    (first, *_) = larger.agenda
    assert {person.name: wanted for person, wanted in first.says} == {
        "Dana Dean": ["A car"],
        "Court team": [],
    }


def test_the_page_says_who_and_in_what_order(practitioner, changes):
    factories.AskFactory(change=changes[0], name="Dana Dean", what="A yes")
    page = " ".join(practitioner.get("/own/asks/room/?seats=2").content.decode().split())
    assert "With one person in one room, one of five stuck changes could move" in page
    assert "<b>Dana Dean</b>: A yes" in page
    assert practitioner.get("/own/asks/room/?seats=-1").context["seats"] == 4


def test_nothing_stuck_says_so(cast, practitioner):
    assert "Nothing is stuck." in practitioner.get("/own/asks/room/").content.decode()
    cast.programme.delete()
    assert "Nothing is stuck." in practitioner.get("/own/asks/room/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_it_takes_as_many_queries(cast, practitioner, django_assert_num_queries, rows):
    for _ in range(rows):
        change = factories.SmallChangeFactory(programme=cast.programme, status="in progress")
        factories.AskFactory(change=change, member=cast.manager.memberships.get())
        factories.StakeholderFactory(change=change)
        factories.SmallChangeFactory(programme=cast.programme, status="in progress")
    with django_assert_num_queries(9):
        practitioner.get("/own/asks/room/")
