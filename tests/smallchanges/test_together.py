"""Moving several changes with one press: what will move, what stays, and one Undo for all."""

import re
import uuid

import pytest
from django.core.exceptions import ValidationError

from programmes.models import AuditEvent
from smallchanges import actions
from smallchanges.models import JointMove, Move, SmallChange
from tests import factories
from tests.answers import HTMX, errors, follow, told, undo

PAGE = "/own/changes/move/"


@pytest.fixture
def three(cast):
    return [
        factories.SmallChangeFactory(
            programme=cast.programme, title=title, stage=stage, status=status
        )
        for title, stage, status in (
            ("Apples", "mission", "chosen"),
            ("Pears", "develop", "in progress"),
            ("Plums", "grow", "embedded"),
        )
    ]


def _places(changes) -> list[tuple[str, str]]:
    rows = SmallChange.objects.in_bulk([change.pk for change in changes])
    return [(rows[change.pk].stage, rows[change.pk].status) for change in changes]


def _sent(changes, **values) -> dict:
    keys = [str(change.pk) for change in changes]
    return {"id": str(uuid.uuid4()), "change": keys, "stage": "", "status": "", "why": ""} | values


def _seen(response) -> str:
    found = re.search(r'name="seen" value="(\w+)"', response.content.decode())
    return found.group(1) if found else ""


def _press(browser, changes, **values):
    """Look at what will move, and agree."""
    sent = _sent(changes, **values)
    look = browser.post(PAGE, sent)
    return browser.post(PAGE, sent | {"seen": _seen(look), "go": "yes"})


def _lists(response) -> dict[str, list[str]]:
    """What the page says of each change, by whether it will move."""
    page = response.content.decode()
    return {
        name: [
            re.sub(r"<[^>]*>", "", line)
            for line in re.findall(r"<li>(.*?)</li>", region.group(), re.S)
        ]
        for name in ("ticked", "moving", "staying")
        if (region := re.search(rf'<section aria-labelledby="{name}">.*?</section>', page, re.S))
    }


def test_boxes_stand_where_somebody_may_move(cast, client_of, practitioner, three):
    for seen_as in ("board", "table"):
        page = practitioner.get("/own/changes/", {"as": seen_as, "stage": "grow"}).content.decode()
        boxes = re.findall(r'<input type="checkbox" name="change" value="([^"]*)"[^>]*>', page)
        assert boxes == [str(three[2].pk)]
        assert f'name="back" value="as={seen_as}&amp;stage=grow"' in page
        assert f'href="?as={seen_as}&amp;stage=grow&amp;tick=all"' in page
        answer = practitioner.get("/own/changes/", {"as": seen_as, "tick": "all"}, headers=HTMX)
        page = answer.content.decode()
        assert (page.count(" checked>"), "Untick all" in page) == (3, True)
        # An address that is shared ticks nothing.
        assert answer.headers["HX-Push-Url"] == f"/own/changes/?as={seen_as}"
    assert 'type="checkbox"' not in practitioner.get("/own/changes/").content.decode()


def test_the_page_says_what_was_ticked_and_then_what_will_move(practitioner, three, other_change):
    ticked = {"change": [*(str(one.pk) for one in three), str(other_change.pk), "x", "\0"]}
    page = practitioner.post(PAGE, ticked | {"back": "as=board"})
    assert _lists(page) == {
        "ticked": [
            "Apples: Mission, chosen",
            "Pears: Develop, in progress",
            "Plums: Grow, embedded",
        ]
    }
    assert 'href="/own/changes/?as=board">Leave them' in page.content.decode()
    assert other_change.title not in page.content.decode()
    page = practitioner.post(PAGE, _sent(three, stage="develop"))
    assert _lists(page) == {
        "moving": ["Apples: Mission to Develop"],
        "staying": [
            "Pears: It’s there already.",
            "Plums: It’s embedded. Choose how it’s going as well.",
        ],
    }
    page = practitioner.post(PAGE, _sent(three, status="embedded"), headers=HTMX)
    assert page.content.decode().strip().startswith('<div id="joint-plan"')
    assert "0 will move, 3 will stay" in page.content.decode()
    needs_grow = "A change can only be embedded in Grow. Move it to Grow as well."
    assert _lists(page)["staying"] == [
        f"Apples: {needs_grow}",
        f"Pears: {needs_grow}",
        "Plums: It’s there already.",
    ]
    assert Move.objects.exists() is False


def test_one_press_moves_them_and_one_undo_takes_all_back(cast, practitioner, three):
    before = _places(three)
    answer = _press(practitioner, three, stage="grow", status="in progress", back="as=table&q=a")
    assert answer["Location"] == "/own/changes/?as=table&q=a"
    page = follow(practitioner, answer)
    assert told(page) == ["Moved 3 changes: Grow, in progress."]
    assert _places(three) == [("grow", "in progress")] * 3
    events = AuditEvent.objects.filter(verb="change moved", actor_id=cast.practitioner.pk)
    assert sorted(events.values_list("target_label", flat=True)) == ["Apples", "Pears", "Plums"]
    page = follow(practitioner, undo(practitioner, page))
    assert (page.request["QUERY_STRING"], told(page)) == (
        "as=table&q=a",
        ["Taken back: 3 changes."],
    )
    assert _places(three) == before
    assert events.count() == 6
    # Who presses Undo again changes nothing more.
    joint = JointMove.objects.get()
    again = practitioner.post(f"/own/changes/moves/{joint.pk}/undo/")
    assert told(follow(practitioner, again)) == [
        "They have moved on since, so they stay where they are."
    ]
    assert (_places(three), events.count()) == (before, 6)


def test_undo_leaves_what_moved_on_since(cast, practitioner, three):
    before = _places(three)
    page = follow(practitioner, _press(practitioner, three[:2], stage="influence"))
    actions.move(change=three[0], stage="grow", status="chosen", why="", by=cast.manager)
    page = follow(practitioner, undo(practitioner, page))
    assert told(page) == ["Taken back: 1 change. 1 change moved on since, and stayed."]
    assert _places(three) == [("grow", "chosen"), *before[1:]]


def test_what_is_sent_twice_moves_once(practitioner, three):
    sent = _sent(three[:2], stage="grow", why="It works")
    sent |= {"seen": _seen(practitioner.post(PAGE, sent)), "go": "yes"}
    first, second = practitioner.post(PAGE, sent), practitioner.post(PAGE, sent)
    assert told(follow(practitioner, second)) == ["Moved 2 changes: Grow."] * 2
    assert first["Location"] == second["Location"]
    assert (Move.objects.count(), JointMove.objects.count()) == (2, 1)
    assert set(Move.objects.values_list("why", flat=True)) == {"It works"}


def test_going_back_or_stopping_says_why(practitioner, three):
    page = _press(practitioner, three, stage="mission", status="paused")
    assert errors(page) == {"why": ["Tell us why they go back, or stop. It counts as learning."]}
    assert "Two of them go back or stop: please say why." in page.content.decode()
    assert Move.objects.exists() is False
    _press(practitioner, three, stage="mission", status="paused", why="We learned enough")
    assert _places(three) == [("mission", "paused")] * 3


def test_nobody_agrees_to_another_plan_than_they_saw(cast, practitioner, three):
    sent = _sent(three, stage="grow", status="paused")
    sent |= {"seen": _seen(practitioner.post(PAGE, sent)), "go": "yes"}
    again = ["This is what will move now. If you still mean it, press again."]
    # Another choice than the one that was looked at, and a change that somebody moved meanwhile.
    page = practitioner.post(PAGE, sent | {"stage": "develop"})
    assert errors(page) == {"__all__": again}
    actions.move(change=three[0], stage="influence", status="chosen", why="", by=cast.manager)
    page = practitioner.post(PAGE, sent)
    assert errors(page) == {"__all__": again}
    assert Move.objects.count() == 1
    assert _lists(page)["moving"][0] == "Pears: Develop to Grow, paused"
    practitioner.post(PAGE, sent | {"seen": _seen(page)})
    assert _places(three) == [("grow", "paused")] * 3


def test_all_move_or_none(cast, three):
    stale = SmallChange.objects.get(pk=three[1].pk)
    actions.move(change=three[1], stage="grow", status="in progress", why="", by=cast.manager)
    before = _places(three)
    place = {"stage": "influence", "status": "paused", "why": "Because"}
    for changes in ([three[0], stale], [three[0], three[2]]):
        if changes[1] is three[2]:
            place |= {"status": "embedded"}  # which the gate refuses outside Grow
        with pytest.raises(ValidationError):
            actions.move_together(
                authority=cast.authority, pk=uuid.uuid4(), changes=changes, by=cast.manager, **place
            )
    assert (_places(three), JointMove.objects.count()) == (before, 0)


def test_without_a_tick_or_a_choice_the_page_says_what_to_do(practitioner, three):
    for page in (
        practitioner.get(PAGE),
        practitioner.post(PAGE),
        practitioner.post(PAGE, {"id": "x"}),
    ):
        assert (page.status_code, "Nothing is ticked yet" in page.content.decode()) == (200, True)
    page = practitioner.post(PAGE, _sent(three, go="yes"))
    assert (_lists(page).keys(), page.status_code) == ({"ticked"}, 200)
    page = _press(practitioner, three[2:], status="embedded")
    assert errors(page) == {
        "__all__": ["None of them can move there. Choose another stage or status."]
    }
    page = practitioner.post(PAGE, _sent(three, stage="top", why="x" * 501))
    assert errors(page) == {
        "stage": ["Choose one from the list."],
        "why": ["Make it shorter: 500 characters fit, this has 501."],
    }


def test_another_authority_moves_and_undoes_nothing(cast, outsider, practitioner, three):
    _press(practitioner, three[:1], stage="grow")
    joint = JointMove.objects.get()
    places = _places(three)
    assert outsider.post("/own/changes/move/", _sent(three, stage="mission")).status_code == 404
    assert outsider.post(f"/other/changes/moves/{joint.pk}/undo/").status_code == 404
    sent = _sent(three, stage="mission", why="No", go="yes")
    page = outsider.post("/other/changes/move/", sent)
    assert "Nothing is ticked yet" in page.content.decode()
    assert _places(three) == places


def test_a_whole_page_of_the_table_moves(cast, practitioner):
    made = factories.SmallChangeFactory.create_batch(50, programme=cast.programme)
    page = practitioner.post(PAGE, _sent(made, stage="grow"))
    assert len(_lists(page)["moving"]) == 50


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_stays(cast, practitioner, django_assert_num_queries, rows):
    made = factories.SmallChangeFactory.create_batch(rows, programme=cast.programme)
    with django_assert_num_queries(5):
        practitioner.post(PAGE, _sent(made, stage="grow"))
