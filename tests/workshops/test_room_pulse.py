"""A question from 1 to 5, and the faces of a check-in: counts alone, and none of a few."""

import pytest

from tests.answers import HTMX, told
from workshops.models import Mark, Note

FEW = "Too few answers to show yet"


def _asked(room, kind: str, people: int = 5, **more):
    """The room at a question of this kind, with so many phones in it."""
    room.asked = room.activity(kind, **more)
    room.guests = [room.phone() for _ in range(people)]
    room.press("run-go", room.asked.pk)
    return room


def _answer(room, *answers: int):
    for phone, across in zip(room.guests, answers, strict=True):
        phone.send("mark", room.asked.pk, across=across)


def _tally(room) -> list[tuple]:
    """What the three views show, where they agree."""
    pages = [
        room.client.get(room.url("run")),
        room.guests[0].page(),
    ]
    shown = [[bar[:3] for bar in page.context["bars"]] for page in pages]
    assert shown[0] == shown[1]
    return shown[0]


def _views(room) -> list[str]:
    return [room.console(), room.screen(), room.guests[0].shows(), room.told("phones")]


@pytest.mark.parametrize("kind", ["pulse", "check-in"])
def test_one_tap_answers_and_another_changes_it(room, kind):
    _asked(room, kind, people=1)
    for across in (2, 5):
        answer = room.guests[0].send("mark", room.asked.pk, across=across, headers=HTMX)
    assert told(answer)[-1] == "Got it. You can change it until everybody’s is shown."
    assert list(Mark.objects.values_list("across", "up", "note", "group")) == [(5, 0, None, None)]
    assert room.guests[0].shows().count('aria-pressed="true"') == 1


@pytest.mark.parametrize("kind", ["pulse", "check-in"])
@pytest.mark.parametrize("across", ["0", "6", "", "x"])
def test_there_are_five_answers(room, kind, across):
    _asked(room, kind, people=1)
    answer = room.guests[0].send("mark", room.asked.pk, across=across)
    assert (answer.status_code, Mark.objects.count()) == (400, 0)


@pytest.mark.parametrize("kind", ["write", "vote", "read"])
def test_no_mark_is_taken_where_there_is_none_to_give(room, kind):
    _asked(room, kind, people=1)
    answer = room.guests[0].send("mark", room.asked.pk, across=3)
    assert (answer.status_code, Mark.objects.count()) == (400, 0)


@pytest.mark.parametrize("kind", ["pulse", "check-in"])
def test_answers_are_counts_and_only_once_they_are_shown(room, kind):
    _asked(room, kind)
    _answer(room, 4, 4, 2, 5, 4)
    assert ["tally__r" in view for view in _views(room)] == [False] * 4
    room.press("run-reveal", room.asked.pk)
    words = ["Not at all", "A little", "Somewhat", "Quite", "Very"]
    faces = ["Rough", "Low", "All right", "Good", "Great"]
    said = words if kind == "pulse" else faces
    assert _tally(room) == list(zip(range(1, 6), said, [0, 1, 0, 3, 1], strict=True))
    assert [view.count("tally__r") for view in _views(room)] == [5] * 4


def test_of_fewer_than_five_answers_nothing_is_shown_to_anybody(room):
    _asked(room, "pulse", people=4)
    _answer(room, 1, 1, 1, 1)
    assert "Fewer than five answers are not shown to anybody" in room.console()
    room.press("run-reveal", room.asked.pk)
    assert [(FEW in view, "tally__r" in view) for view in _views(room)] == [(True, False)] * 4


def test_a_few_faces_say_nothing_at_all_and_the_words_stand(room):
    _asked(room, "check-in", people=4)
    _answer(room, 1, 1, 1, 1)
    room.guests[0].write(room.asked, "Tired, and hopeful")
    room.press("run-reveal", room.asked.pk)
    assert ["tally__r" in view for view in _views(room)] == [False] * 4
    assert ["Tired, and hopeful" in view for view in _views(room)] == [True] * 4
    assert list(Note.objects.values_list("text", flat=True)) == ["Tired, and hopeful"]


def test_ones_own_answer_is_on_ones_own_phone_alone(room):
    _asked(room, "pulse", people=2)
    room.guests[1].send("mark", room.asked.pk, across=3)
    pressed = 'aria-pressed="true"'
    assert [pressed in view for view in _views(room)] == [False] * 4
    assert pressed in room.guests[1].shows()


def test_a_question_may_bring_its_own_words(room):
    own = ["Never", "Rarely", "At times", "Often", "Always"]
    _asked(room, "pulse", people=1, columns=own)
    assert [words for _, words in room.guests[0].page().context["answers"]] == own
