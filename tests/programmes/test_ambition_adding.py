"""Adding to the lists of step 1, and who may write at all."""

import re
from uuid import uuid4

import pytest

from programmes.actions import ambition as actions
from programmes.models import (
    Value,
)
from tests import factories
from tests.answers import HTMX, follow, told
from tests.at_once import while_waiting
from tests.statements import (
    MODELS,
    TAKEN,
    address_of,
    each_kind,
    events,
    focused_in,
    is_region,
    make,
    said_in,
    shown_in,
)

# --- who may write

WRITES = ["add", "edit", "move", "remove", "put-back", "merge", "unmerge"]


@pytest.mark.parametrize("verb", WRITES)
@each_kind
def test_writing_is_for_those_who_may_and_by_post(cast, client_of, kind, verb):
    (row,) = make(cast, kind, "Here")
    address = address_of(kind, verb, None if verb == "add" else row)
    statuses = {
        who: client_of(getattr(cast, who)).post(address).status_code
        for who in ("practitioner", "manager", "outsider")
    }
    assert statuses == {"practitioner": 403, "manager": 403, "outsider": 404}
    can_be_read = verb in ("edit", "merge")
    assert client_of(cast.facilitator).get(address).status_code == (200 if can_be_read else 405)
    assert (said_in(cast, kind), events()) == (["Here"], [])


@pytest.mark.parametrize("verb", WRITES[1:])
def test_a_row_of_another_list_or_another_authority_is_not_found(cast, facilitator, verb):
    (value,) = make(cast, "values", "Honesty")
    foreign = factories.BarrierFactory(programme=cast.other_programme)
    for row in (value, foreign):
        assert facilitator.post(address_of("barriers", verb, row)).status_code == 404


def test_without_a_programme_there_is_nothing_to_write(cast, facilitator):
    (row,) = make(cast, "values", "Honesty")
    addresses = [address_of("values", verb, None if verb == "add" else row) for verb in WRITES]
    cast.programme.delete()
    assert {facilitator.post(address).status_code for address in addresses} == {404}


# --- adding


@each_kind
def test_add_puts_it_last_and_leads_back_to_the_field(cast, facilitator, kind):
    make(cast, kind, "First")
    data = {"id": uuid4(), "text": "  Second,\r\n in two lines "}
    answer = facilitator.post(address_of(kind, "add"), data)
    assert answer["Location"] == f"/own/ambition/?added={kind}"
    page = follow(facilitator, answer)
    assert (said_in(cast, kind), told(page)) == (
        ["First", "Second, in two lines"],
        ["Added “Second, in two lines”."],
    )
    assert focused_in(page) == [f"{kind}-text"]
    assert re.findall(r'<details class="adder" id="([\w-]+)" open>', page.content.decode()) == [
        f"{kind}-adder"
    ]
    row = MODELS[kind].objects.get(pk=data["id"])
    assert (row.created_by, row.source, row.authority) == (
        cast.facilitator,
        "typed",
        cast.authority,
    )
    assert events() == [(f"{kind[:-1]} added", "Second, in two lines")]


@each_kind
def test_add_by_htmx_brings_the_list_with_an_empty_field_in_focus(cast, facilitator, kind):
    data = {"id": uuid4(), "text": "First"}
    region = facilitator.post(address_of(kind, "add") + "?change=" + kind, data, headers=HTMX)
    assert is_region(region, kind)
    assert (shown_in(region, kind), told(region)) == (["First"], ["Added “First”."])
    assert region.context["list"].changing
    assert focused_in(region) == [f"{kind}-text"]
    form = region.context["list"].form
    assert (form["text"].value(), form["id"].value() == data["id"]) == (None, False)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "region"])
@pytest.mark.parametrize(
    ("text", "error"),
    [
        (" ", "Write it first, then add it"),
        ("x" * 301, "Make it shorter: 300 characters fit, this has 301."),
        ("FORMS, forms", TAKEN),
    ],
)
def test_add_keeps_what_was_typed_with_the_error_beside_it(cast, facilitator, headers, text, error):
    make(cast, "barriers", "Forms, forms")
    data = {"id": uuid4(), "text": text}
    answer = facilitator.post(address_of("barriers", "add"), data, headers=headers)
    assert (answer.status_code, is_region(answer, "barriers")) == (200, bool(headers))
    shown = answer.context["list"] if headers else answer.context["lists"]["barriers"]
    assert (shown.form.errors, shown.form["text"].value(), shown.adding) == (
        {"text": [error]},
        text,
        True,
    )
    # What was said of an earlier write is gone.
    said = re.findall(r'id="status-line"[^>]*>(.*?)</div>', answer.content.decode())
    assert said == [""]
    beside = re.findall(r'id="barriers-text_error">.*?</span> (.*?)</p>', answer.content.decode())
    assert beside == [error]
    assert (said_in(cast), events()) == (["Forms, forms"], [])


def test_an_error_in_one_list_leaves_the_others_alone(cast, facilitator):
    page = facilitator.post(address_of("values", "add"), {"id": uuid4(), "text": ""})
    asked = {kind: bool(shown.form.errors) for kind, shown in page.context["lists"].items()}
    assert asked == {"values": True, "opposites": False, "principles": False, "barriers": False}


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "region"])
def test_a_form_that_is_sent_twice_adds_once(cast, facilitator, headers):
    data = {"id": uuid4(), "text": "Honesty"}
    for _ in range(2):
        facilitator.post(address_of("values", "add"), data, headers=headers)
    assert (said_in(cast, "values"), events()) == (["Honesty"], [("value added", "Honesty")])


def test_words_of_another_list_another_place_or_taken_away_are_free(cast, facilitator):
    make(cast, "values", "Kindness")
    factories.PrincipleFactory(programme=cast.other_programme, text="Kindness")
    (gone,) = make(cast, "principles", "Kindness")
    actions.remove(statement=gone, by=cast.facilitator)
    facilitator.post(address_of("principles", "add"), {"id": uuid4(), "text": "Kindness"})
    assert said_in(cast, "principles") == ["Kindness"]


def test_an_id_of_another_authority_is_refused(cast, facilitator):
    foreign = factories.ValueFactory(programme=cast.other_programme, text="Elsewhere")
    answer = facilitator.post(address_of("values", "add"), {"id": foreign.pk, "text": "Mine"})
    assert answer.status_code == 400
    assert list(Value.objects.values_list("text", flat=True)) == ["Elsewhere"]


@pytest.mark.django_db(transaction=True)
def test_two_who_say_the_same_at_once_make_one(cast, facilitator):
    def add(text):
        return facilitator.post(address_of("values", "add"), {"id": uuid4(), "text": text})

    first, second = while_waiting(lambda: add("Honesty"), lambda: add("honesty"))
    assert (first.status_code, second.context["lists"]["values"].form.errors) == (
        302,
        {"text": [TAKEN]},
    )
    assert (said_in(cast, "values"), events()) == (["Honesty"], [("value added", "Honesty")])


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_twice_at_once_makes_one(cast, facilitator):
    data = {"id": uuid4(), "text": "Honesty"}

    def add():
        return facilitator.post(address_of("values", "add"), data)

    first, second = while_waiting(add, add)
    assert (first.status_code, second.status_code) == (302, 302)
    assert (said_in(cast, "values"), events()) == (["Honesty"], [("value added", "Honesty")])
