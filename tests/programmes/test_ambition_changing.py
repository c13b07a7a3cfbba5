"""Better words, another order, and taking away, on the lists of step 1."""

import pytest

from programmes.actions import ambition as actions
from programmes.models import (
    BarrierTeam,
    Value,
)
from tests import factories
from tests.answers import HTMX, errors, follow, told, undo
from tests.at_once import while_waiting
from tests.statements import (
    TAKEN,
    address_of,
    each_kind,
    events,
    is_region,
    make,
    meet,
    said_in,
    shown_in,
)

# --- editing


def test_edit_shows_what_is_there_and_keeps_what_is_written(cast, facilitator):
    (row,) = make(cast, "values", "Onesty")
    address = address_of("values", "edit", row) + "?change=values"
    form = facilitator.get(address).context["form"]
    assert form.initial == {"text": "Onesty", "version": 1}
    answer = facilitator.post(address, {"text": "Honesty", "version": 1})
    assert answer["Location"] == "/own/ambition/?change=values#values"
    assert told(follow(facilitator, answer)) == ["It now says “Honesty”."]
    row.refresh_from_db()
    assert (row.text, row.version) == ("Honesty", 2)
    assert events() == [("value edited", "Honesty")]


def test_edit_by_htmx_redirects_the_whole_page(cast, facilitator):
    (row,) = make(cast, "values", "Onesty")
    data = {"text": "Honesty", "version": 1}
    answer = facilitator.post(address_of("values", "edit", row), data, headers=HTMX)
    assert answer["HX-Redirect"] == "/own/ambition/#values"


def test_a_barrier_also_says_whose_gift_it_is_and_who_meets_it(cast, facilitator):
    (row,) = make(cast, "barriers", "Forms")
    north, south, west = (
        factories.TeamFactory(authority=cast.authority, name=name) for name in "NSW"
    )
    meet(north, row)
    meet(south, row)
    kept = BarrierTeam.objects.get(barrier=row, team=south)
    data = {"text": "Forms", "version": 1, "gift": "beyond us", "teams": [south.pk, west.pk]}
    facilitator.post(address_of("barriers", "edit", row), data)
    row.refresh_from_db()
    assert (row.gift, [team.name for team in row.teams.order_by("name")]) == (
        "beyond us",
        ["S", "W"],
    )
    assert BarrierTeam.objects.get(barrier=row, team=south) == kept


def test_teams_of_another_authority_cannot_be_ticked(cast, facilitator):
    (row,) = make(cast, "barriers", "Forms")
    factories.TeamFactory(authority=cast.authority)
    foreign = factories.TeamFactory(authority=cast.other)
    data = {"text": "Forms", "version": 1, "gift": "", "teams": [foreign.pk]}
    page = facilitator.post(address_of("barriers", "edit", row), data)
    assert errors(page) == {"teams": ["Choose from the list."]}
    assert list(row.teams.all()) == []


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "Leave a few words here"),
        ("kindness", TAKEN),
    ],
)
def test_edit_keeps_what_was_typed_with_the_error(cast, facilitator, text, error):
    row, _ = make(cast, "values", "Honesty", "Kindness")
    page = facilitator.post(address_of("values", "edit", row), {"text": text, "version": 1})
    assert (errors(page), page.context["form"]["text"].value()) == ({"text": [error]}, text)
    assert said_in(cast, "values") == ["Honesty", "Kindness"]


def test_ones_own_words_may_stay_or_change_their_case(cast, facilitator):
    (row,) = make(cast, "values", "honesty")
    facilitator.post(address_of("values", "edit", row), {"text": "Honesty", "version": 1})
    assert said_in(cast, "values") == ["Honesty"]


def test_a_stale_edit_loses_neither_text(cast, facilitator):
    (row,) = make(cast, "barriers", "Forms")
    address = address_of("barriers", "edit", row)
    facilitator.post(address, {"text": "Forms, first", "version": 1, "gift": "ours"})
    mine = {"text": "Forms, second", "version": 1, "gift": "beyond us"}
    page = facilitator.post(address, mine)
    assert (page.status_code, page.context["both"]) == (
        409,
        [
            ("The barrier, in your words", "Forms, first", "Forms, second"),
            (
                "Whose gift is it to change this?",
                "Ours: we can change it ourselves",
                "Beyond us: it’s national",
            ),
        ],
    )
    assert said_in(cast) == ["Forms, first"]
    again = {name: page.context["form"].data[name] for name in mine}
    assert again == mine | {"version": "2"}
    facilitator.post(address, again)
    assert said_in(cast) == ["Forms, second"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_the_second_is_shown_both(cast, facilitator):
    (row,) = make(cast, "values", "Words")
    address = address_of("values", "edit", row)

    def save(text):
        return facilitator.post(address, {"text": text, "version": 1})

    first, second = while_waiting(lambda: save("One"), lambda: save("Two"))
    assert (first.status_code, second.status_code) == (302, 409)
    assert said_in(cast, "values") == ["One"]


def _leave(how: str, cast, row) -> None:
    if how == "removed":
        actions.remove(statement=row, by=cast.manager)
    else:
        (into,) = make(cast, "values", "Another")
        actions.merge(into=into, others=[row], by=cast.manager)


@pytest.mark.parametrize("how", ["removed", "merged"])
def test_who_edits_what_has_left_the_list_keeps_their_words_in_sight(cast, facilitator, how):
    (row,) = make(cast, "values", "Honesty")
    _leave(how, cast, row)
    address = address_of("values", "edit", row)
    assert told(follow(facilitator, facilitator.get(address))) == [
        "“Honesty” isn’t on the list any more."
    ]
    page = facilitator.post(address, {"text": "Being honest", "version": 1})
    assert (page.status_code, page.context["form"]["text"].value()) == (409, "Being honest")
    assert errors(page) == {
        "__all__": [
            "Somebody took this off the list while you were writing. Your words are still here."
        ]
    }
    row.refresh_from_db()
    assert row.text == "Honesty"


# --- ordering


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "region"])
@each_kind
def test_move_changes_the_order(cast, facilitator, kind, headers):
    _, second, _ = make(cast, kind, "First", "Second", "Third")
    address = address_of(kind, "move", second) + f"?change={kind}"
    answer = facilitator.post(address, {"way": "down"}, headers=headers)
    assert (said_in(cast, kind), events()) == (
        ["First", "Third", "Second"],
        [(f"{kind[:-1]} moved", "Second")],
    )
    if headers:
        assert (is_region(answer, kind), shown_in(answer, kind)) == (True, said_in(cast, kind))
    else:
        assert answer["Location"] == f"/own/ambition/?change={kind}#{kind}"
        answer = follow(facilitator, answer)
    assert told(answer) == ["Moved down: Second"]
    facilitator.post(address, {"way": "up"}, headers=headers)
    assert said_in(cast, kind) == ["First", "Second", "Third"]


def test_at_the_end_of_the_list_nothing_moves(cast, facilitator):
    first, last = make(cast, "values", "First", "Last")
    for row, way, words in (
        (first, "up", "First already: First"),
        (last, "down", "Last already: Last"),
    ):
        answer = facilitator.post(address_of("values", "move", row), {"way": way}, headers=HTMX)
        assert (answer.status_code, told(answer)) == (200, [words])
    assert (said_in(cast, "values"), events()) == (["First", "Last"], [])


def test_rows_that_left_the_list_are_not_in_the_way(cast, facilitator):
    first, gone, last = make(cast, "values", "First", "Gone", "Last")
    actions.remove(statement=gone, by=cast.facilitator)
    facilitator.post(address_of("values", "move", first), {"way": "down"})
    assert said_in(cast, "values") == ["Last", "First"]
    actions.put_back(statement=gone, by=cast.facilitator)
    assert sorted(said_in(cast, "values")) == ["First", "Gone", "Last"]
    assert facilitator.post(address_of("values", "move", last), {}).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_two_who_order_at_once_lose_neither_move(cast):
    a, _, _, d = make(cast, "barriers", "a", "b", "c", "d")

    def move(row, places):
        return actions.move(row=row, places=places, by=cast.facilitator)

    assert while_waiting(lambda: move(a, 1), lambda: move(d, -1)) == (True, True)
    assert said_in(cast) == ["b", "a", "d", "c"]


@pytest.mark.django_db(transaction=True)
def test_who_adds_does_not_wait_for_who_orders(cast):
    first, _ = make(cast, "values", "First", "Second")

    def add():
        return actions.add(
            programme=cast.programme, kind=Value, text="Third", by=cast.practitioner
        ).text

    def move():
        return actions.move(row=first, places=1, by=cast.facilitator)

    assert while_waiting(move, add) == (True, "Third")
    assert said_in(cast, "values") == ["Second", "First", "Third"]


# --- taking away, and back


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "region"])
@each_kind
def test_remove_can_be_undone_with_everything_as_it_was(cast, facilitator, kind, headers):
    _, row, _ = make(cast, kind, "First", "Second", "Third")
    address = address_of(kind, "remove", row) + f"?change={kind}"
    answer = facilitator.post(address, headers=headers)
    page = answer if headers else follow(facilitator, answer)
    assert (shown_in(page, kind), told(page)) == (
        ["First", "Third"],
        ["Took “Second” off the list."],
    )
    assert not headers or is_region(answer, kind)
    row.refresh_from_db()
    assert row.removed_by == cast.facilitator
    answer = undo(facilitator, page)
    assert answer["Location"] == f"/own/ambition/?change={kind}#{kind}"
    assert told(follow(facilitator, answer)) == ["“Second” is back."]
    assert said_in(cast, kind) == ["First", "Second", "Third"]
    noun = kind[:-1]
    assert events() == [(f"{noun} removed", "Second"), (f"{noun} put back", "Second")]


def test_removed_or_put_back_twice_it_happens_once(cast, facilitator):
    (row,) = make(cast, "values", "Honesty")
    for verb in ("remove", "remove", "put-back", "put-back"):
        facilitator.post(address_of("values", verb, row))
    assert events() == [("value removed", "Honesty"), ("value put back", "Honesty")]


def test_words_that_were_added_again_meanwhile_stay_the_only_ones(cast, facilitator):
    (row,) = make(cast, "values", "Honesty")
    page = follow(facilitator, facilitator.post(address_of("values", "remove", row)))
    make(cast, "values", "honesty")
    assert told(follow(facilitator, undo(facilitator, page))) == [
        "“Honesty” is on the list already: somebody added it again."
    ]
    assert said_in(cast, "values") == ["honesty"]


@pytest.mark.django_db(transaction=True)
def test_what_is_merged_and_taken_away_at_once_is_only_merged(cast):
    into, part = make(cast, "values", "Honesty", "Being honest")

    def merge():
        return actions.merge(into=into, others=[part], by=cast.facilitator)

    def remove():
        return actions.remove(statement=Value.objects.get(pk=part.pk), by=cast.manager)

    assert while_waiting(merge, remove) == (into, False)
    assert events() == [("value merged", "Honesty")]
