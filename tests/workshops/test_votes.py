"""Dots and marks: what a person may do with theirs, and what nobody may."""

from uuid import uuid4

import pytest
from django.core.exceptions import BadRequest
from django.utils import timezone

from programmes.editing import locked
from programmes.models import AuditEvent
from tests import factories
from tests.at_once import while_waiting
from workshops import reading
from workshops.actions import groups as group_actions
from workshops.actions import notes, votes
from workshops.models import ActivityKind, Mark, TakingPart, Vote


@pytest.fixture
def workshop(cast):
    return factories.WorkshopFactory(programme=cast.programme, is_open=True)


@pytest.fixture
def groups(workshop):
    """Four themes, made before the vote."""
    theme = _opened(workshop, ActivityKind.THEME)
    return [factories.GroupFactory(activity=theme, title=title) for title in "ABCD"]


@pytest.fixture
def vote(workshop, groups):
    return _opened(workshop, ActivityKind.VOTE, dots=3, most_on_one=2)


@pytest.fixture
def person(workshop):
    return factories.ParticipantFactory(workshop=workshop)


def _opened(workshop, kind, **values):
    values = {"opened_at": timezone.now(), "kind": kind} | values
    return factories.ActivityFactory(workshop=workshop, **values)


def _set(row, **values):
    type(row)._base_manager.filter(pk=row.pk).update(**values)
    row.refresh_from_db()


def _dots() -> list[tuple]:
    rows = Vote.objects.order_by("slot")
    return [(one.slot, str(one.group), one.slot_on_one, one.dots, one.most_on_one) for one in rows]


# --- giving dots


def test_dots_take_the_slots_in_order(vote, person, groups):
    first, second, *_ = groups
    said = [
        votes.cast(activity=vote, participant=person, group=group)
        for group in (first, second, first)
    ]
    assert said == ["", "", ""]
    assert _dots() == [(1, "A", 1, 3, 2), (2, "B", 1, 3, 2), (3, "A", 2, 3, 2)]
    assert votes.left(vote, person) == 0


def test_a_dot_too_many_is_refused_in_words(vote, person, groups):
    for group in groups[:3]:
        votes.cast(activity=vote, participant=person, group=group)
    assert votes.cast(activity=vote, participant=person, group=groups[3]) == votes.NONE_LEFT
    assert [dot[1] for dot in _dots()] == ["A", "B", "C"]


def test_too_many_on_one_thing_are_refused_in_words(vote, person, groups):
    said = [votes.cast(activity=vote, participant=person, group=groups[0]) for _ in range(3)]
    assert said == ["", "", votes.ENOUGH_ON_ONE]
    assert votes.left(vote, person) == 1


def test_each_person_has_dots_of_their_own(vote, person, groups, workshop):
    other = factories.ParticipantFactory(workshop=workshop)
    for who in (person, person, other):
        votes.cast(activity=vote, participant=who, group=groups[0])
    assert (votes.left(vote, person), votes.left(vote, other)) == (1, 2)


def test_a_dot_can_go_on_a_note_that_stands_alone(vote, person, workshop):
    note = factories.NoteFactory(activity=_opened(workshop, ActivityKind.WRITE))
    assert votes.cast(activity=vote, participant=person, note=note) == ""
    assert [(one.note, one.group) for one in Vote.objects.all()] == [(note, None)]


def test_a_dot_taken_back_is_there_to_be_given_again(vote, person, groups):
    first, second, third, _ = groups
    for group in (first, second, third):
        votes.cast(activity=vote, participant=person, group=group)
    assert votes.take_back(activity=vote, participant=person, group=second) == ""
    assert votes.left(vote, person) == 1
    assert votes.cast(activity=vote, participant=person, group=first) == ""
    assert _dots() == [(1, "A", 1, 3, 2), (2, "A", 2, 3, 2), (3, "C", 1, 3, 2)]


def test_nobody_takes_back_what_another_gave(vote, person, groups, workshop):
    other = factories.ParticipantFactory(workshop=workshop)
    votes.cast(activity=vote, participant=other, group=groups[0])
    said = votes.take_back(activity=vote, participant=person, group=groups[0])
    assert (said, len(_dots())) == (votes.NONE_THERE, 1)


def test_a_dot_leaves_that_somebody_took_part_and_no_more(vote, person, groups):
    votes.cast(activity=vote, participant=person, group=groups[0])
    votes.cast(activity=vote, participant=person, group=groups[1])
    assert [(row.activity, row.participant) for row in TakingPart.objects.all()] == [(vote, person)]
    assert AuditEvent.objects.count() == 0
    voters = set(Vote.objects.values_list("voter", flat=True))
    assert (len(voters), person.pk.hex in voters.pop()) == (1, False)


# --- when it is not open


@pytest.mark.parametrize("act", [votes.cast, votes.take_back])
def test_nothing_moves_before_and_after(vote, person, groups, act):
    votes.cast(activity=vote, participant=person, group=groups[0])
    said, before = [], timezone.now()
    for row, values in [
        (vote, {"opened_at": None}),
        (vote, {"opened_at": before, "revealed_at": before}),
        (vote, {"revealed_at": None}),
        (vote, {"secret": b""}),
    ]:
        _set(row, **values)
        if values != {"revealed_at": None}:
            said.append(act(activity=vote, participant=person, group=groups[0]))
    assert said == [votes.NOT_YET, votes.OVER, votes.OVER]
    assert len(_dots()) == 1


def test_it_stays_open_when_the_room_has_moved_on(vote, person, groups, workshop):
    _set(workshop, current=_opened(workshop, ActivityKind.DISCUSS))
    assert votes.cast(activity=vote, participant=person, group=groups[0]) == ""


def test_somebody_who_was_sent_out_gives_no_more(vote, person, groups):
    _set(person, removed_at=timezone.now())
    assert votes.cast(activity=vote, participant=person, group=groups[0]) == votes.OVER


def test_what_is_gone_gets_no_dots(vote, person, groups, workshop):
    held = factories.NoteFactory(activity=groups[0].activity, held_for="guard")
    _set(groups[0], removed_at=timezone.now())
    _set(groups[1], merged_into=groups[2])
    said = [
        votes.cast(activity=vote, participant=person, **on)
        for on in ({"group": groups[0]}, {"group": groups[1]}, {"note": held})
    ]
    assert said == [votes.GONE] * 3
    # Theirs is still theirs to take back.
    _set(groups[0], removed_at=None)
    votes.cast(activity=vote, participant=person, group=groups[0])
    _set(groups[0], removed_at=timezone.now())
    assert votes.take_back(activity=vote, participant=person, group=groups[0]) == ""


def test_another_room_is_out_of_reach(vote, person, groups, cast):
    elsewhere = factories.WorkshopFactory(programme=cast.programme)
    stranger = factories.ParticipantFactory(workshop=elsewhere)
    group = factories.GroupFactory(activity=_opened(elsewhere, ActivityKind.THEME))
    for who, on in [
        (stranger, {"group": groups[0]}),
        (person, {"group": group}),
        (person, {}),
        (person, {"group": groups[0], "note": factories.NoteFactory(activity=vote)}),
    ]:
        with pytest.raises(BadRequest):
            votes.cast(activity=vote, participant=who, **on)
    assert _dots() == []


@pytest.mark.parametrize("act", [votes.cast, votes.take_back])
@pytest.mark.django_db(transaction=True)
def test_what_comes_while_the_dots_are_shown_comes_too_late(vote, person, groups, act):
    votes.cast(activity=vote, participant=person, group=groups[0])

    def reveal():
        locked(vote)
        _set(vote, revealed_at=timezone.now())

    _, said = while_waiting(reveal, lambda: act(activity=vote, participant=person, group=groups[0]))
    assert (said, len(_dots())) == (votes.OVER, 1)


@pytest.mark.django_db(transaction=True)
def test_two_wishes_of_one_phone_at_once_are_counted_once(cast, workshop, vote, person, groups):
    """The second was sent before there was an answer to the first."""

    def put(had: set[int], wanted: int):
        on = {"activity": vote, "participant": person, "group": groups[0]}
        return votes.put(**on, had=had, wanted=wanted)

    said = while_waiting(lambda: put({0}, 1), lambda: put({0, 1}, 2))
    assert (said, [(dot[1], dot[2]) for dot in _dots()]) == (("", ""), [("A", 1), ("A", 2)])
    # Nor does any of them wait for what waits for it: a note of the same phone, or the facilitator.
    board = _opened(workshop, ActivityKind.WRITE)
    note = {"activity": board, "participant": person, "key": "k", "pk": uuid4(), "text": "A form"}
    said = while_waiting(lambda: notes.write(**note), lambda: put({2}, 1))
    assert [str(one) for one in said] == ["A form", ""]
    said = while_waiting(
        lambda: put({1}, 2), lambda: group_actions.remove(group=groups[0], by=cast.facilitator)
    )
    assert ([str(one) for one in said], len(_dots())) == (["", "A"], 2)


# --- how many


def test_what_is_suggested_grows_with_the_root():
    """1.5 times the root of the groups, halves up, 3 to 8."""
    suggested = {groups: votes.suggested_dots(groups) for groups in (0, 1, 5, 6, 9, 14, 25, 26, 90)}
    assert suggested == {0: 3, 1: 3, 5: 3, 6: 4, 9: 5, 14: 6, 25: 8, 26: 8, 90: 8}


def test_limits_change_for_votes_that_were_given_too(vote, person, groups, cast):
    votes.cast(activity=vote, participant=person, group=groups[0])
    said = votes.set_limits(activity=vote, dots=5, most_on_one=1, by=cast.facilitator)
    assert (said, _dots()) == ("", [(1, "A", 1, 5, 1)])
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor_id, event.details) == (
        "vote limits set",
        cast.facilitator.pk,
        {"dots": 5, "most_on_one": 1},
    )
    assert votes.cast(activity=vote, participant=person, group=groups[0]) == votes.ENOUGH_ON_ONE


@pytest.mark.parametrize("limits", [(1, 1), (3, 1)])
def test_limits_do_not_go_below_what_somebody_gave(vote, person, groups, cast, limits):
    for _ in range(2):
        votes.cast(activity=vote, participant=person, group=groups[0])
    dots, most = limits
    said = votes.set_limits(activity=vote, dots=dots, most_on_one=most, by=cast.facilitator)
    vote.refresh_from_db()
    assert (said, vote.dots, vote.most_on_one) == (votes.SPENT, 3, 2)
    assert AuditEvent.objects.count() == 0


@pytest.mark.parametrize("limits", [(0, 0), (21, 1), (2, 3), (3, 0)])
def test_limits_that_make_no_sense_are_refused(vote, cast, limits):
    dots, most = limits
    said = votes.set_limits(activity=vote, dots=dots, most_on_one=most, by=cast.facilitator)
    assert said == votes.UNFIT


def test_limits_stay_once_the_dots_are_shown(vote, cast):
    _set(vote, revealed_at=timezone.now())
    said = votes.set_limits(activity=vote, dots=5, most_on_one=1, by=cast.facilitator)
    assert said == votes.SHOWN


def test_the_same_limits_again_are_no_news(vote, cast):
    assert votes.set_limits(activity=vote, dots=3, most_on_one=2, by=cast.facilitator) == ""
    assert AuditEvent.objects.count() == 0


# --- what came out


def _things(vote):
    return reading.with_dots(vote, reading.things_of(vote))


def test_totals_are_kept_until_they_are_shown(vote, person, groups):
    for group in (groups[1], groups[1], groups[3]):
        votes.cast(activity=vote, participant=person, group=group)
    assert {thing.dots for thing in _things(vote)} == {0}
    _set(vote, revealed_at=timezone.now())
    assert [(str(thing), thing.dots) for thing in _things(vote)] == [
        ("B", 2),
        ("D", 1),
        ("A", 0),
        ("C", 0),
    ]


# --- marks


def _marks() -> list[tuple]:
    return [(one.across, one.up, one.note, one.group) for one in Mark.objects.order_by("across")]


def test_a_mark_can_be_changed_and_stands_once(workshop, person, groups):
    place = _opened(workshop, ActivityKind.PLACE)
    for across in (2, 5):
        said = votes.mark(activity=place, participant=person, across=across, up=4, group=groups[0])
        assert said == ""
    votes.mark(activity=place, participant=person, across=1, up=1, group=groups[1])
    assert _marks() == [(1, 1, None, groups[1]), (5, 4, None, groups[0])]
    assert AuditEvent.objects.count() == 0


def test_a_pulse_is_about_no_thing(workshop, person):
    pulse = _opened(workshop, ActivityKind.PULSE)
    for across in (2, 3):
        votes.mark(activity=pulse, participant=person, across=across)
    assert _marks() == [(3, 0, None, None)]


@pytest.mark.parametrize("scores", [(0, 0), (6, 0), (3, 6), (3, -1)])
def test_a_mark_is_on_the_scale(workshop, person, scores):
    across, up = scores
    with pytest.raises(BadRequest):
        votes.mark(
            activity=_opened(workshop, ActivityKind.PULSE),
            participant=person,
            across=across,
            up=up,
        )


def test_marks_end_with_the_reveal(workshop, person, groups):
    place = _opened(workshop, ActivityKind.PLACE, revealed_at=timezone.now())
    said = votes.mark(activity=place, participant=person, across=1, group=groups[0])
    assert (said, _marks()) == (votes.OVER, [])
