"""Saying of several on a list that they mean the same, and taking that back."""

import re
from uuid import UUID, uuid4

import pytest

from programmes.actions import ambition as actions
from tests import factories
from tests.answers import errors, follow, told, undo
from tests.at_once import while_waiting
from tests.statements import (
    address_of,
    each_kind,
    events,
    make,
    meet,
    said_in,
    shown_in,
)


def test_merge_keeps_the_words_that_were_chosen_and_can_be_undone(cast, facilitator):
    one, two, three, _ = make(cast, "barriers", "Forms", "Paperwork", "Admin", "Rules")
    address = address_of("barriers", "merge", one) + "?change=barriers"
    form = facilitator.get(address).context["form"]
    assert [str(row) for row in form.fields["others"].queryset] == ["Paperwork", "Admin", "Rules"]
    assert form["keep"].value() == one.pk
    answer = facilitator.post(address, {"others": [two.pk, three.pk], "keep": two.pk})
    assert answer["Location"] == "/own/ambition/?change=barriers#barriers"
    page = follow(facilitator, answer)
    assert told(page) == ["“Paperwork” now stands for 2 more."]
    kept = page.context["lists"]["barriers"].page[0]
    assert (shown_in(page), [str(part) for part in kept.parts]) == (
        ["Paperwork", "Rules"],
        ["Forms", "Admin"],
    )
    answer = undo(facilitator, page)
    assert answer["Location"] == "/own/ambition/?change=barriers#barriers"
    assert told(follow(facilitator, answer)) == ["Took 2 out of “Paperwork” again."]
    assert said_in(cast) == ["Forms", "Paperwork", "Admin", "Rules"]
    assert events() == [("barrier merged", "Paperwork"), ("barrier unmerged", "Paperwork")]


@each_kind
def test_every_list_can_be_merged_and_taken_apart(cast, facilitator, kind):
    one, two = make(cast, kind, "One", "Two")
    facilitator.post(address_of(kind, "merge", two), {"others": [one.pk], "keep": two.pk})
    assert said_in(cast, kind) == ["Two"]
    facilitator.post(address_of(kind, "unmerge", two) + f"?part={one.pk}")
    assert said_in(cast, kind) == ["One", "Two"]


def test_merge_wants_at_least_one_other(cast, facilitator):
    one, _ = make(cast, "values", "One", "Two")
    page = facilitator.post(address_of("values", "merge", one), {"keep": one.pk})
    assert errors(page) == {"others": ["Tick at least one that says the same"]}
    page = facilitator.post(address_of("values", "merge", one), {"others": [uuid4()], "keep": ""})
    assert errors(page) == {
        "others": ["Choose from the list."],
        "keep": ["Choose whose words stay"],
    }
    assert said_in(cast, "values") == ["One", "Two"]


def test_merge_offers_only_what_stands_on_the_same_list(cast, facilitator):
    one, part, gone, _ = make(cast, "values", "One", "Part", "Gone", "Two")
    actions.merge(into=one, others=[part], by=cast.facilitator)
    actions.remove(statement=gone, by=cast.facilitator)
    make(cast, "principles", "Elsewhere")
    form = facilitator.get(address_of("values", "merge", one)).context["form"]
    assert [str(row) for row in form.fields["others"].queryset] == ["Two"]
    assert facilitator.get(address_of("values", "merge", part)).status_code == 404


def test_the_only_one_of_its_list_has_nothing_to_be_merged_with(cast, facilitator):
    (one,) = make(cast, "values", "One")
    page = facilitator.get(address_of("values", "merge", one))
    assert (page.status_code, page.context["others"]) == (200, False)


@pytest.mark.django_db(transaction=True)
def test_who_merges_what_was_just_taken_away_is_asked_to_look_again(cast, facilitator):
    one, two = make(cast, "values", "One", "Two")

    def remove():
        return actions.remove(statement=two, by=cast.manager)

    def merge():
        data = {"others": [two.pk], "keep": one.pk}
        return facilitator.post(address_of("values", "merge", one), data)

    removed, page = while_waiting(remove, merge)
    assert (removed, errors(page)) == (
        True,
        {"__all__": ["Somebody changed the list a moment ago. Please look again."]},
    )
    assert (said_in(cast, "values"), events()) == (["One"], [("value removed", "Two")])


def test_a_part_at_two_removes_can_be_taken_out_where_it_is_shown(cast, facilitator):
    one, two, three = make(cast, "values", "One", "Two", "Three")
    actions.merge(into=two, others=[three], by=cast.facilitator)
    actions.merge(into=one, others=[two], by=cast.facilitator)
    page = facilitator.get(address_of("values", "edit", one) + "?change=values")
    assert [str(part) for part in page.context["parts"]] == ["Two", "Three"]
    buttons = re.findall(r'action="([^"]*unmerge[^"]*)"', page.content.decode())
    facilitator.post(buttons[1].replace("&amp;", "&"))
    assert said_in(cast, "values") == ["One", "Three"]
    facilitator.post(buttons[0].replace("&amp;", "&"))
    assert said_in(cast, "values") == ["One", "Two", "Three"]


def test_words_said_again_meanwhile_keep_a_part_where_it_is(cast, facilitator):
    one, two = make(cast, "values", "One", "Two")
    actions.merge(into=one, others=[two], by=cast.facilitator)
    make(cast, "values", "two")
    answer = facilitator.post(address_of("values", "unmerge", one) + f"?part={two.pk}")
    assert told(follow(facilitator, answer)) == [
        "The same words were added again since. Please change those first."
    ]
    assert said_in(cast, "values") == ["One", "two"]


@pytest.mark.parametrize("part", ["not-an-id", str(UUID(int=1)), "own"])
def test_taking_out_what_is_no_part_changes_nothing(cast, facilitator, part):
    one, two = make(cast, "values", "One", "Two")
    part = str(two.pk) if part == "own" else part
    answer = facilitator.post(address_of("values", "unmerge", one) + f"?part={part}")
    assert told(follow(facilitator, answer)) == []
    assert (said_in(cast, "values"), events()) == (["One", "Two"], [])


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("verb", "queries"), [("edit", 11), ("merge", 9)])
def test_query_count_of_the_forms_does_not_grow(
    cast, facilitator, django_assert_num_queries, rows, verb, queries
):
    (row,) = make(cast, "barriers", "Here")
    team = factories.TeamFactory(authority=cast.authority)
    for number in range(rows):
        part, _ = make(cast, "barriers", f"Part {number}", f"Other {number}")
        meet(team, part)
        actions.merge(into=row, others=[part], by=cast.facilitator)
        factories.TeamFactory(authority=cast.authority)
    with django_assert_num_queries(queries):
        facilitator.get(address_of("barriers", verb, row))
