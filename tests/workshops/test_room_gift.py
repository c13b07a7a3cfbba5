"""In our gift?: marked blind, then settled in one tap, on every screen."""

import pytest

from programmes.models import AuditEvent
from tests import factories
from tests.answers import HTMX, told
from tests.workshops.playing import undo_last
from workshops.models import Mark, Note


@pytest.fixture
def sorting(room):
    """An idea that everybody sees, four phones, and the room at the question."""
    room.ideas = room.activity("ideas", columns=["Admin"])
    room.gift = room.activity("gift")
    room.guests = [room.phone() for _ in range(4)]
    room.stands_at(room.ideas)
    room.idea = room.guests[0].write(room.ideas, "One form")
    room.has_shown(room.ideas)
    room.stands_at(room.gift)
    return room


def _say(phone, room, across, headers=None):
    return phone.send("mark", room.gift.pk, headers=headers, thing=room.idea, across=across)


def _settle(room, gift: str, headers=None):
    return room.press("run-gift", room.gift.pk, room.idea, gift=gift, headers=headers)


def _gift() -> str:
    return Note.objects.get(text="One form").gift


def test_each_answers_once_and_can_change_it(sorting):
    for across in (1, 4):
        _say(sorting.guests[0], sorting, across)
    assert list(Mark.objects.values_list("across", "up")) == [(4, 0)]
    assert "1 of 1 sorted" in sorting.guests[0].shows()


@pytest.mark.parametrize("across", ["0", "5", "", "nonsense"])
def test_there_are_four_answers(sorting, across):
    answer = _say(sorting.guests[0], sorting, across)
    assert (answer.status_code, Mark.objects.count()) == (400, 0)


def test_answers_are_ones_own_and_the_split_is_the_consoles_alone(sorting):
    for phone, across in zip(sorting.guests, (1, 1, 2), strict=False):
        _say(phone, sorting, across)
    mine, two = 'aria-pressed="true"', '2<span class="vh"> of us'
    assert mine in sorting.guests[0].shows()
    elsewhere = [sorting.guests[3].shows, sorting.screen, sorting.console]
    assert [mine in shows() or two in shows() for shows in elsewhere] == [False] * 3
    sorting.press("run-reveal", sorting.gift.pk)
    assert [mine in shows() or two in shows() for shows in elsewhere] == [False, False, True]
    assert two not in sorting.told("phones") + sorting.told("screen") + sorting.told("console")


def test_of_fewer_than_three_answers_not_even_the_console_shows_any(sorting):
    for phone in sorting.guests[:2]:
        _say(phone, sorting, 1)
    sorting.press("run-reveal", sorting.gift.pk)
    page = sorting.console()
    assert ("of us</span>" in page, "Too few answers to show" in page) == (False, True)


def test_it_is_settled_in_one_tap_on_every_screen_and_undone_in_another(sorting):
    sorting.press("run-reveal", sorting.gift.pk)
    shown = [sorting.guests[0].shows, sorting.screen]
    assert ["Still to talk about" in sorting.screen(), _gift()] == [True, ""]
    _settle(sorting, "needs sponsorship")
    answer = _settle(sorting, "another agency", headers=HTMX)
    assert told(answer)[-1] == "Another agency: One form"
    assert ["Another agency" in shows() for shows in shown] == [True, True]
    assert ("Still to talk about" in sorting.screen(), _gift()) == (False, "another agency")
    undo_last(sorting.client, answer)
    assert _gift() == "needs sponsorship"
    events = AuditEvent.objects.filter(verb="gift settled").order_by("at")
    assert [event.details["gift"] for event in events] == [
        "needs sponsorship",
        "another agency",
        "needs sponsorship",
    ]


def test_the_same_tap_twice_is_one(sorting):
    for _ in range(2):
        _settle(sorting, "ours")
    assert (_gift(), AuditEvent.objects.filter(verb="gift settled").count()) == ("ours", 1)


def test_only_the_four_and_only_what_is_here_can_be_settled(sorting):
    other = factories.GroupFactory(activity__workshop__programme=sorting.cast.programme)
    assert _settle(sorting, "the council").status_code == 400
    answer = sorting.press("run-gift", sorting.gift.pk, other.pk, gift="ours")
    other.refresh_from_db()
    assert (answer.status_code, other.gift, _gift()) == (404, "", "")
