"""Who must be on board: where they stand and how they got there, and the map."""

import re

import pytest

from programmes.models import AuditEvent
from smallchanges import actions
from smallchanges.maps import CELL_HEIGHT, CELL_WIDTH, LEFT, TOP, dots_of
from smallchanges.models import Stakeholder, StanceMove
from tests import factories
from tests.answers import HTMX, follow, told, undo


@pytest.fixture
def stakeholder(change):
    return factories.StakeholderFactory(change=change, who="School heads", stance="against")


@pytest.fixture
def page(change):
    return f"/own/changes/{change.pk}/"


@pytest.fixture
def address(page, stakeholder):
    return f"{page}stakeholders/{stakeholder.pk}/stance/"


def _words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def _stances(stakeholder) -> list[tuple[str, str, str]]:
    moves = StanceMove.objects.standing().filter(stakeholder=stakeholder)
    return list(moves.values_list("from_stance", "to_stance", "why"))


# --- where they stand


def test_a_stance_moves_by_a_button_and_leaves_a_dated_step(practitioner, stakeholder, address):
    for stance, why in (("unsure", "Heard of it"), ("warming up", ""), ("on board", "Saw it")):
        response = practitioner.post(address, {"stance": stance, "why": why})
        shown = follow(practitioner, response)
    assert _stances(stakeholder) == [
        ("against", "unsure", "Heard of it"),
        ("unsure", "warming up", ""),
        ("warming up", "on board", "Saw it"),
    ]
    stakeholder.refresh_from_db()
    assert (stakeholder.stance, stakeholder.version) == ("on board", 4)
    assert told(shown) == ["School heads: On board"]
    steps = re.search(r'<ol class="turns".*?</ol>', shown.content.decode(), re.S).group()
    today = StanceMove.objects.first().at.strftime("%-d %b %Y")
    assert _words(steps) == (
        f"Against Unsure, {today}: Heard of it Warming up, {today} On board, {today}: Saw it"
    )


def test_the_same_stance_again_is_no_step(practitioner, stakeholder, address):
    response = practitioner.post(address, {"stance": "against", "why": "Still"})
    assert told(follow(practitioner, response)) == ["School heads was there already: Against"]
    assert (_stances(stakeholder), AuditEvent.objects.count()) == ([], 0)


def test_undo_takes_the_newest_step_back_and_no_older_one(practitioner, stakeholder, address):
    first = follow(practitioner, practitioner.post(address, {"stance": "unsure"}))
    second = follow(practitioner, practitioner.post(address, {"stance": "on board"}))
    said = told(follow(practitioner, undo(practitioner, first)))
    assert said == ["School heads has moved on since, so that stays."]
    for said in ("Taken back. School heads: Unsure", "School heads has moved on since, so that"):
        assert told(follow(practitioner, undo(practitioner, second)))[-1].startswith(said)
    stakeholder.refresh_from_db()
    assert (stakeholder.stance, _stances(stakeholder)) == ("unsure", [("against", "unsure", "")])


def test_whoever_was_slower_reads_where_they_stand_by_now(practitioner, stakeholder, address):
    actions.move_stance(stakeholder=stakeholder, stance="on board", by=None)
    sent = {"stance": "unsure", "seen": "against", "why": "Typed with care"}
    response = practitioner.post(address, sent)
    html = response.content.decode()
    assert "Somebody else was quicker: they’re at “On board” now." in html
    assert 'value="Typed with care"' in html
    assert f'<details class="stance" id="stance-{stakeholder.pk}" open>' in html
    assert len(_stances(stakeholder)) == 1
    # Pressed again, from the page that says so, it is meant.
    assert 'name="seen" value="on board"' in html
    assert practitioner.post(address, sent | {"seen": "on board"}).status_code == 302
    assert _stances(stakeholder)[-1] == ("on board", "unsure", "Typed with care")


def test_a_form_that_was_open_meanwhile_does_not_move_them_back(practitioner, stakeholder, page):
    actions.move_stance(stakeholder=stakeholder, stance="on board", by=None)
    sent = {"who": "School heads", "stance": "against", "version": 1}
    response = practitioner.post(f"{page}stakeholders/{stakeholder.pk}/edit/", sent)
    assert response.status_code == 409
    assert ("Where are they today?", "On board", "Against") in response.context["both"]


def test_a_stance_that_is_edited_leaves_a_step_too(practitioner, stakeholder, page):
    sent = {"who": "School heads", "stance": "unsure", "version": 1, "influence": "high"}
    sent |= {"organisation": "Schools", "what_came": "They read it"}
    practitioner.post(f"{page}stakeholders/{stakeholder.pk}/edit/", sent)
    stakeholder.refresh_from_db()
    assert (stakeholder.organisation, stakeholder.influence, stakeholder.what_came) == (
        *("Schools", "high", "They read it"),
    )
    assert _stances(stakeholder) == [("against", "unsure", "")]
    row = re.search(
        rf'<tr id="row-{stakeholder.pk}">.*?</tr>', practitioner.get(page).content.decode(), re.S
    ).group()
    assert "Schools, high influence" in _words(row)
    assert "What came of it: They read it" in _words(row)


def test_htmx_gets_the_region_with_the_focus_where_it_was(practitioner, stakeholder, address):
    response = practitioner.post(address, {"stance": "unsure"}, headers=HTMX)
    html = response.content.decode()
    assert html.strip().startswith('<div id="change-stakeholders"')
    assert ("<html" in html, html.count('id="change-')) == (False, 1)
    assert f'<summary id="stance-now-{stakeholder.pk}" autofocus>' in html
    assert told(response) == ["School heads: Unsure"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose where they are now."),
        ({"stance": "asleep"}, "Choose one from the list."),
        (
            {"stance": "unsure", "why": "x" * 201},
            "Make it shorter: 200 characters fit, this has 201.",
        ),
    ],
)
def test_what_is_not_in_order_says_so(practitioner, stakeholder, address, sent, said):
    response = practitioner.post(address, sent)
    assert (response.status_code, said in response.content.decode()) == (200, True)
    assert _stances(stakeholder) == []


def test_others_move_nobody_here(practitioner, outsider, stakeholder, address, other_change):
    theirs = factories.StanceMoveFactory(stakeholder__change=other_change)
    elsewhere = f"{address}{theirs.pk}/undo/"
    assert outsider.post(address, {"stance": "unsure"}).status_code == 404
    assert practitioner.post(elsewhere).status_code == 404
    assert practitioner.get(address).status_code == 405
    assert StanceMove.objects.standing().get() == theirs


# --- the map


def _placed(*rows):
    return [Stakeholder(who="Heads", stance=stance, influence=how) for stance, how in rows]


def test_who_is_placed_stands_in_the_square_of_both(stakeholder):
    dots = dots_of(
        _placed(
            ("against", "high"),
            ("not asked", "high"),
            ("unsure", ""),
            ("on board", "low"),
            ("warming up", "medium"),
        )
    )
    squares = [
        (dot.number, int((dot.x - LEFT) // CELL_WIDTH), int((dot.y - TOP) // CELL_HEIGHT))
        for dot in dots
    ]
    assert squares == [(1, 0, 0), (4, 3, 2), (5, 2, 1)]
    assert dots[0].words == "Heads, high influence, against"


def test_nine_fit_in_a_square_and_none_covers_another():
    dots = dots_of(_placed(*[("on board", "high")] * 11))
    assert [dot.number for dot in dots] == list(range(1, 10))
    for one in dots:
        assert LEFT + 3 * CELL_WIDTH + 17 <= one.x <= LEFT + 4 * CELL_WIDTH - 17
        assert TOP + 17 <= one.y <= TOP + CELL_HEIGHT - 17
        apart = [abs(one.x - other.x) + abs(one.y - other.y) for other in dots if other != one]
        assert min(apart) >= 34


def test_the_map_is_there_once_somebody_can_be_placed(practitioner, stakeholder, page):
    assert 'class="map"' not in practitioner.get(page).content.decode()
    Stakeholder.objects.update(influence="high")
    html = practitioner.get(page).content.decode()
    label = re.search(r'<svg class="map"[^>]*aria-label="([^"]*)"', html).group(1)
    assert label.endswith("1: School heads, high influence, against.")
