"""Who must be on board: roles with their scores, private first, then on one map."""

import uuid

import pytest

from tests.answers import HTMX, errors, told
from workshops import sums
from workshops.models import Note

CANARY = "A canary role"


@pytest.fixture
def naming(room):
    room.who = room.activity("stakeholders")
    room.guests = [room.phone() for _ in range(3)]
    room.stands_at(room.who)
    return room


def _name(phone, room, text: str, headers=None, **said):
    pk = uuid.uuid4()
    phone.answer = phone.send("note-add", room.who.pk, id=pk, text=text, headers=headers, **said)
    return pk


def _kept(text: str) -> tuple:
    return Note.objects.values_list("influence", "support", "ask").get(text=text)


def test_a_role_is_kept_with_its_scores_and_what_we_ask(naming):
    _name(naming.guests[0], naming, "Duty manager", influence=5, support=2, ask="A quiet morning")
    assert _kept("Duty manager") == (5, 2, "A quiet morning")


def test_the_scores_may_be_left_out(naming):
    _name(naming.guests[0], naming, "Duty manager")
    assert _kept("Duty manager") == (0, 0, "")


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"text": " "}, {"text": ["Say who it is: a role or a team."]}),
        (
            {"text": "x" * 161},
            {"text": ["Make it shorter: 160 characters fit, this has 161."]},
        ),
        ({"text": "Us", "influence": 6}, {"influence": ["Choose one from the list."]}),
    ],
)
def test_what_does_not_fit_is_told_beside_its_field(naming, said, wrong):
    _name(naming.guests[0], naming, headers=HTMX, **said)
    assert (errors(naming.guests[0].answer), Note.objects.count()) == (wrong, 0)


def test_it_is_private_until_all_are_shown(naming):
    _name(naming.guests[0], naming, CANARY, influence=5, support=1, ask="A canary ask")
    elsewhere = [naming.guests[1].shows, naming.console, naming.screen]
    assert [CANARY in shows() for shows in elsewhere] == [False] * 3
    assert "anary" not in "".join(naming.told(one) for one in ("console", "screen", "phones"))
    assert CANARY in naming.guests[0].shows()
    naming.press("run-reveal", naming.who.pk)
    for shows in elsewhere:
        page = shows()
        assert (CANARY in page, "A canary ask" in page) == (True, True)
        assert page.count('<g class="map__dot') == 1


def test_what_we_ask_may_name_nobody_on_a_screen_either(naming):
    _name(naming.guests[0], naming, "Duty manager", ask="Call me on 020 7946 0123")
    naming.press("run-reveal", naming.who.pk)
    number = "7946 0123"
    assert [number in shows() for shows in (naming.guests[1].shows, naming.screen)] == [False] * 2


def test_those_who_name_the_same_role_are_taken_together(naming):
    for phone, text, influence, support in zip(
        naming.guests,
        ("Duty manager", "duty  manager", "IT desk"),
        (5, 4, 2),
        (1, 4, ""),
        strict=True,
    ):
        _name(phone, naming, text, influence=influence, support=support)
    roles = sums.roles(Note.objects.order_by("created_at", "text"))
    assert [(role.who.lower(), len(role.notes), role.up, role.across) for role in roles] == [
        ("duty manager", 2, 4.5, 2.5),
        ("it desk", 1, 2, 0),
    ]
    assert [role.is_placed for role in roles] == [True, False]


def test_ones_own_can_be_changed(naming):
    phone = naming.guests[0]
    pk = _name(phone, naming, "Duty manager", influence=5, support=2)
    said = {"text": "The duty manager", "influence": 4, "support": 3, "ask": "Time", "version": 1}
    answer = phone.send("note-edit", pk, **said)
    assert (answer.status_code, _kept("The duty manager")) == (302, (4, 3, "Time"))
    assert (
        told(phone.page())[-1] == "Got it. It’s yours alone until the facilitator shows all notes."
    )


def test_names_are_on_no_screen_where_they_are_hidden(naming):
    named = naming.phone("Canary Person")
    _name(named, naming, "Duty manager", influence=5, support=2)
    naming.press("run-reveal", naming.who.pk)
    assert ["Canary Person" in shows() for shows in (naming.guests[0].shows, naming.screen)] == [
        False,
        False,
    ]


def test_the_big_screen_has_everybody_who_must_be_on_board(naming):
    """In two columns, and on pages that turn where there are more."""
    names = [f"Role {number:02}" for number in range(17)]
    for name in names:
        _name(naming.guests[0], naming, name, influence=3, support=3, ask=f"Ask of {name}")
    naming.press("run-reveal", naming.who.pk)
    page = naming.screen()
    assert ([name in page for name in names], page.count("data-page-at")) == ([True] * 17, 2)
    sizes = [len(one) for one in naming.screen_page().context["pages"]]
    assert (sizes, page.count("data-turn-at")) == ([14, 3], 1)
