"""The blocks of a plan: added, changed, put in order, doubled, left out and taken away."""

from uuid import UUID

import pytest
from django.utils import timezone

from programmes.models import AuditEvent
from tests import factories
from tests.answers import HTMX, errors, follow, told, undo
from workshops.models import Activity, Event

PK = UUID(int=7)
SENT = {
    "kind": "write",
    "title": "What stops us",
    "minutes": "8",
    "prompt": "What?",
    "say": "Hm",
    "columns": "Forms \r\n\r\n  Rules  and habits",
    "candour": "anonymous",
    "dots": "",
}
VERBS = ["edit", "order", "double", "skip", "unskip", "remove", "put-back"]


@pytest.fixture
def facilitator(cast, client_of):
    return client_of(cast.facilitator)


@pytest.fixture
def workshop(cast):
    return factories.WorkshopFactory(programme=cast.programme, title="Mission")


@pytest.fixture
def blocks(workshop):
    return [
        factories.ActivityFactory(workshop=workshop, title=title, position=position)
        for position, title in enumerate(("One", "Two", "Three"))
    ]


def _page(workshop) -> str:
    return f"/own/workshops/{workshop.pk}/"


def _of(block, verb: str) -> str:
    return f"{_page(block.workshop)}blocks/{block.pk}/{verb}/"


def _order(workshop) -> list[str]:
    return [one.title for one in workshop.activities.order_by("position")]


def _positions(workshop) -> list[int]:
    return sorted(workshop.activities.values_list("position", flat=True))


# --- added


def test_a_block_sent_twice_is_one_block_at_the_end(facilitator, workshop, blocks):
    for _ in range(2):
        response = facilitator.post(f"{_page(workshop)}blocks/add/", SENT | {"id": PK})
        assert response["Location"] == f"{_page(workshop)}#block-{PK}"
    block = Activity.objects.get(pk=PK)
    assert (block.kind, block.minutes, block.candour) == ("write", 8, "anonymous")
    assert (block.prompt, block.say, block.dots) == ("What?", "Hm", 0)
    assert block.columns == ["Forms", "Rules and habits"]
    assert _order(workshop) == ["One", "Two", "Three", "What stops us"]


def test_a_block_comes_after_the_one_it_was_asked_for(facilitator, workshop, blocks):
    address = f"{_page(workshop)}blocks/add/"
    page = facilitator.get(f"{address}?after={blocks[0].pk}")
    assert page.context["form"]["after"].value() == str(blocks[0].pk)
    facilitator.post(address, SENT | {"id": PK, "after": blocks[0].pk})
    assert _order(workshop) == ["One", "What stops us", "Two", "Three"]
    assert _positions(workshop) == [0, 1, 2, 3]


def test_a_block_of_another_workshop_is_nothing_to_come_after(cast, facilitator, workshop):
    other = factories.ActivityFactory(workshop__programme=cast.programme)
    response = facilitator.post(
        f"{_page(workshop)}blocks/add/", SENT | {"id": PK, "after": other.pk}
    )
    assert (list(errors(response)), workshop.activities.count()) == (["after"], 0)


def test_an_id_that_another_workshop_has_is_refused(cast, facilitator, workshop):
    other = factories.ActivityFactory(workshop__programme=cast.programme)
    response = facilitator.post(f"{_page(workshop)}blocks/add/", SENT | {"id": other.pk})
    assert (response.status_code, workshop.activities.count()) == (400, 0)


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("title", "", "Give it a title."),
        ("minutes", "", "Say how many minutes it takes."),
        ("minutes", "0", "Ensure this value is greater than or equal to 1."),
        ("minutes", "241", "Ensure this value is less than or equal to 240."),
        ("kind", "dance", "Choose one from the list."),
        ("candour", "", "Choose how openly people write."),
        ("prompt", "x" * 301, "Make it shorter: 300 characters fit, this has 301."),
        ("columns", "\n".join("abcdefg"), "Up to 6 headings fit on the screen."),
        ("columns", "x" * 61, f"Make this heading shorter than 60: {'x' * 61}"),
        ("columns", "Forms\nforms", "Two headings are the same."),
    ],
)
def test_what_is_not_in_order_is_told_of_and_kept(facilitator, workshop, field, value, problem):
    response = facilitator.post(f"{_page(workshop)}blocks/add/", SENT | {"id": PK, field: value})
    assert errors(response) == {field: [problem]}
    assert response.context["form"][field].value() == value
    assert workshop.activities.count() == 0


@pytest.mark.parametrize(
    ("kind", "dots", "most", "kept"),
    [
        ("vote", "5", "", (5, 3)),
        ("vote", "2", "", (2, 2)),
        ("vote", "5", "1", (5, 1)),
        ("vote", "", "", (0, 0)),
        ("vote", "", "2", (0, 0)),
        ("write", "5", "2", (0, 0)),
    ],
)
def test_dots_belong_to_a_vote(facilitator, workshop, kind, dots, most, kept):
    sent = SENT | {"id": PK, "kind": kind, "dots": dots, "most_on_one": most}
    facilitator.post(f"{_page(workshop)}blocks/add/", sent)
    block = Activity.objects.get()
    assert (block.dots, block.most_on_one) == kept


def test_nobody_puts_more_dots_on_one_thing_than_they_have(facilitator, workshop):
    sent = SENT | {"id": PK, "kind": "vote", "dots": "2", "most_on_one": "3"}
    response = facilitator.post(f"{_page(workshop)}blocks/add/", sent)
    assert errors(response) == {"most_on_one": ["That’s more than each person has."]}


# --- changed


def test_a_block_is_changed(facilitator, workshop, blocks):
    page = facilitator.get(_of(blocks[1], "edit"))
    assert page.context["form"]["dots"].value() is None
    response = facilitator.post(_of(blocks[1], "edit"), SENT | {"version": 1})
    assert response["Location"] == f"{_page(workshop)}#block-{blocks[1].pk}"
    blocks[1].refresh_from_db()
    assert (blocks[1].title, blocks[1].minutes, blocks[1].version) == ("What stops us", 8, 2)
    assert told(follow(facilitator, response)) == ["Got it. The plan is up to date."]


def test_two_who_change_a_block_are_shown_both(facilitator, blocks):
    Activity.objects.filter(pk=blocks[0].pk).update(
        version=2, columns=["Habits", "Rules"], minutes=8, candour="anonymous", prompt="What?"
    )
    response = facilitator.post(_of(blocks[0], "edit"), SENT | {"version": 1})
    assert response.status_code == 409
    assert response.context["both"] == [
        ("What do we call it?", "One", "What stops us"),
        ("What could you say?", "", "Hm"),
        ("Headings to write under", "Habits\nRules", "Forms\nRules and habits"),
    ]
    again = response.context["form"].data
    facilitator.post(_of(blocks[0], "edit"), again.dict())
    blocks[0].refresh_from_db()
    assert (blocks[0].title, blocks[0].columns) == ("What stops us", ["Forms", "Rules and habits"])


def test_of_a_block_that_has_begun_what_it_asked_for_stays(facilitator, blocks):
    Activity.objects.filter(pk=blocks[0].pk).update(opened_at=timezone.now(), candour="hidden")
    form = facilitator.get(_of(blocks[0], "edit")).context["form"]
    assert list(form.fields) == ["version", "title", "minutes", "prompt", "say"]
    facilitator.post(_of(blocks[0], "edit"), SENT | {"version": 1})
    blocks[0].refresh_from_db()
    assert (blocks[0].title, blocks[0].candour, blocks[0].columns) == (
        "What stops us",
        "hidden",
        [],
    )


# --- in order


def test_a_block_moves_with_and_without_htmx(facilitator, workshop, blocks):
    response = facilitator.post(_of(blocks[2], "order"), {"way": "up"})
    assert (response["Location"], _order(workshop)) == (_page(workshop), ["One", "Three", "Two"])
    assert told(follow(facilitator, response)) == ["Moved up: Three"]
    response = facilitator.post(_of(blocks[2], "order"), {"way": "down"}, headers=HTMX)
    assert response.content.decode().strip().startswith('<div id="plan-blocks"')
    assert (told(response), _order(workshop)) == (["Moved down: Three"], ["One", "Two", "Three"])


def test_a_block_is_dragged_over_others(facilitator, workshop, blocks):
    address = _of(blocks[0], "order")
    response = facilitator.post(address, {"places": "2"}, headers=HTMX)
    assert (told(response), _order(workshop)) == (["Moved: One"], ["Two", "Three", "One"])
    facilitator.post(address, {"places": "-1"})
    for nowhere in ("0", "2", "-2", "9" * 40):
        assert facilitator.post(address, {"places": nowhere}).status_code == 302
    assert _order(workshop) == ["Two", "One", "Three"]
    assert facilitator.post(address, {"places": "far"}).status_code == 400


def test_the_last_block_stays_the_last(facilitator, workshop, blocks):
    response = facilitator.post(_of(blocks[2], "order"), {"way": "down"})
    assert told(follow(facilitator, response)) == ["Last already: Three"]
    assert facilitator.post(_of(blocks[2], "order"), {"way": "out"}).status_code == 400
    assert _order(workshop) == ["One", "Two", "Three"]


# --- doubled, left out, taken away


def test_a_block_is_there_twice_as_if_nobody_had_been_there(facilitator, workshop, blocks):
    Activity.objects.filter(pk=blocks[0].pk).update(
        opened_at=timezone.now(), kind="vote", dots=4, most_on_one=2
    )
    for _ in range(2):
        response = facilitator.post(_of(blocks[0], "double"), {"id": PK})
    assert told(follow(facilitator, response)) == ["There twice now: One"] * 2
    assert _order(workshop) == ["One", "One", "Two", "Three"]
    copy = Activity.objects.get(pk=PK)
    assert (copy.dots, copy.most_on_one, copy.opened_at) == (4, 2, None)


def test_a_block_is_left_out_and_taken_back_in(facilitator, blocks):
    for _ in range(2):
        response = facilitator.post(_of(blocks[0], "skip"), headers=HTMX)
    blocks[0].refresh_from_db()
    assert (told(response), blocks[0].is_skipped) == (["Left out: One"], True)
    response = facilitator.post(_of(blocks[0], "unskip"))
    blocks[0].refresh_from_db()
    assert (told(follow(facilitator, response)), blocks[0].is_skipped) == (["Back in: One"], False)
    assert AuditEvent.objects.count() == 2


def test_a_block_is_taken_away_and_comes_back_where_it_was(facilitator, workshop, blocks):
    Activity.objects.filter(pk=blocks[1].pk).update(columns=["Forms"], say="Hm", is_skipped=True)
    page = follow(facilitator, facilitator.post(_of(blocks[1], "remove")))
    assert (told(page), _order(workshop)) == (["Taken out: Two"], ["One", "Three"])
    page = follow(facilitator, undo(facilitator, page))
    assert (told(page), _order(workshop)) == (["It’s back: Two"], ["One", "Two", "Three"])
    back = Activity.objects.get(pk=blocks[1].pk)
    assert (back.columns, back.say, back.is_skipped) == (["Forms"], "Hm", True)


def test_undo_pressed_twice_brings_it_back_once(facilitator, workshop, blocks):
    facilitator.post(_of(blocks[1], "remove"))
    for _ in range(2):
        facilitator.post(_of(blocks[1], "put-back"))
    assert _order(workshop) == ["One", "Two", "Three"]


def test_another_browser_cannot_bring_it_back(cast, client_of, facilitator, workshop, blocks):
    facilitator.post(_of(blocks[1], "remove"))
    other = client_of(cast.crescendo)
    page = follow(other, other.post(_of(blocks[1], "put-back")))
    assert told(page) == ["We can’t bring this one back. You can add it again."]
    assert _order(workshop) == ["One", "Three"]


@pytest.mark.parametrize("verb", ["skip", "remove"])
def test_a_block_where_people_have_been_stays(facilitator, workshop, blocks, verb):
    Activity.objects.filter(pk=blocks[0].pk).update(opened_at=timezone.now())
    page = follow(facilitator, facilitator.post(_of(blocks[0], verb)))
    assert told(page) == ["It has begun already, so it stays: One"]
    assert list(workshop.activities.in_plan().values_list("title", flat=True)) == [
        "One",
        "Two",
        "Three",
    ]


# --- while the room is open


def test_who_runs_it_hears_that_the_plan_changed(facilitator, workshop, blocks):
    facilitator.post(_of(blocks[0], "skip"))
    assert Event.objects.count() == 0
    type(workshop).objects.update(doors_opened_at=timezone.now())
    facilitator.post(_of(blocks[1], "skip"))
    assert {one.audience for one in Event.objects.all()} == {"console", "screen"}


# --- who may


@pytest.mark.parametrize("verb", VERBS)
def test_who_only_reads_changes_no_block(cast, client_of, workshop, blocks, verb):
    sent = SENT | {"version": 1, "way": "down"}
    assert client_of(cast.practitioner).post(_of(blocks[0], verb), sent).status_code == 403
    assert client_of(cast.outsider).post(_of(blocks[0], verb), sent).status_code == 404
    assert (_order(workshop), workshop.activities.in_plan().count()) == (["One", "Two", "Three"], 3)


@pytest.mark.parametrize("verb", VERBS)
def test_a_block_of_another_authority_is_not_found(cast, facilitator, workshop, verb):
    theirs = factories.ActivityFactory(workshop__programme=cast.other_programme, title="Theirs")
    sent = SENT | {"version": 1, "way": "down"}
    assert facilitator.post(_of(theirs, verb), sent).status_code == 404
    if verb != "put-back":
        through = f"{_page(workshop)}blocks/{theirs.pk}/{verb}/"
        assert facilitator.post(through, sent).status_code == 404
    theirs.refresh_from_db()
    assert (theirs.title, theirs.is_skipped) == ("Theirs", False)


@pytest.mark.parametrize("verb", ["order", "double", "skip", "unskip", "remove", "put-back"])
def test_buttons_take_no_get(facilitator, blocks, verb):
    assert facilitator.get(_of(blocks[0], verb)).status_code == 405
