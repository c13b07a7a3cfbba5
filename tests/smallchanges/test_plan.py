"""The parts of a change's plan in the browser: steps, stakeholders, and what it met."""

import re
from uuid import UUID

import pytest
from django.utils import timezone

from programmes.models import AuditEvent
from smallchanges.models import Met, Stakeholder, Step
from tests import factories
from tests.answers import HTMX, errors, follow, told, undo

PK = UUID(int=7)
# Each kind of row: its region, its model, what makes one, and what an add form for it sends.
KINDS = {
    "step": ("steps", "change-steps", Step, factories.StepFactory, {"text": "Ask the heads"}),
    "stakeholder": (
        *("stakeholders", "change-stakeholders", Stakeholder, factories.StakeholderFactory),
        {"who": "Ask the heads", "stance": "unsure"},
    ),
    "met": (
        *("met", "change-met", Met, factories.MetFactory),
        {"kind": "enabler", "text": "Ask the heads"},
    ),
}
EVERY_KIND = pytest.mark.parametrize("noun", list(KINDS))


@pytest.fixture
def page(change):
    return f"/own/changes/{change.pk}/"


def _sent(noun: str, **values) -> dict:
    fields = KINDS[noun][4] | {"id": PK} | values
    return {f"{noun}-{name}": value for name, value in fields.items()}


def _verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


def _region(response) -> str:
    """The id of the one element that the answer is, beside the status line."""
    text = response.content.decode()
    (region,) = re.findall(r'^<div id="(change-[a-z]+)"', text.strip())
    assert ("<html" in text, text.count('id="change-')) == (False, 1)
    return region


# --- adding


@EVERY_KIND
def test_a_row_sent_twice_is_one_row(practitioner, change, page, noun):
    place, _, model, _, fields = KINDS[noun]
    for _ in range(2):
        response = practitioner.post(f"{page}{place}/add/", _sent(noun))
        assert response["Location"] == f"{page}?add={noun}"
    row = model.objects.get()
    assert (row.pk, row.change, str(row)) == (PK, change, "Ask the heads")
    assert {name: getattr(row, name) for name in fields} == fields
    shown = follow(practitioner, response)
    assert told(shown)[-1] == "Added: Ask the heads"
    # An empty form is open and in focus for the next one.
    form = re.search(
        rf'<details class="adder" id="adder-{noun}" open>.*?</details>',
        shown.content.decode(),
        re.S,
    )
    assert " autofocus" in form.group()
    assert _verbs() == [f"{noun} added"]


@EVERY_KIND
def test_htmx_gets_the_region_alone_with_an_empty_form_in_focus(practitioner, page, noun):
    place, region, model, _, _ = KINDS[noun]
    response = practitioner.post(f"{page}{place}/add/", _sent(noun), headers=HTMX)
    assert (_region(response), told(response)) == (region, ["Added: Ask the heads"])
    text = response.content.decode()
    assert ("Ask the heads" in text, " autofocus" in text) == (True, True)
    assert f'value="{PK}"' not in text
    assert model.objects.count() == 1


@EVERY_KIND
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_row_that_is_not_in_order_keeps_what_was_typed(practitioner, page, noun, headers):
    place, _, model, _, _ = KINDS[noun]
    empty = "who" if noun == "stakeholder" else "text"
    sent = _sent(noun, **{empty: "x" * 501})
    response = practitioner.post(f"{page}{place}/add/", sent, headers=headers)
    assert response.status_code == 200
    form = response.context["forms"][noun]
    assert list(form.errors) == [empty]
    text = response.content.decode()
    assert (f'value="{"x" * 501}"' in text, f'value="{PK}"' in text) == (True, True)
    assert f'id="id_{noun}-{empty}_error"' in text
    assert f'<details class="adder" id="adder-{noun}" open>' in text
    assert ("<html" in text) == (headers == {})
    assert (model.objects.count(), _verbs()) == (0, [])


@pytest.mark.parametrize(
    ("noun", "said"),
    [
        ("stakeholder", "They’re on the list already."),
        ("met", "This is there already, in the same words."),
    ],
)
def test_the_same_words_twice_are_told_of(practitioner, change, page, noun, said):
    place, _, model, make, fields = KINDS[noun]
    make(change=change, **fields)
    response = practitioner.post(f"{page}{place}/add/", _sent(noun))
    (messages,) = response.context["forms"][noun].errors.values()
    assert (list(messages), model.objects.count()) == ([said], 1)


def test_the_same_step_may_be_taken_twice(practitioner, change, page):
    factories.StepFactory(change=change, text="Ask the heads")
    practitioner.post(f"{page}steps/add/", _sent("step"))
    assert change.steps.count() == 2


def test_a_step_has_an_owner_and_a_day(cast, practitioner, change, page):
    member, outsider = (user.memberships.get() for user in (cast.manager, cast.outsider))
    practitioner.post(f"{page}steps/add/", _sent("step", owner=member.pk, due_on="2026-12-03"))
    step = Step.objects.get()
    assert (step.owner, step.due_on.isoformat(), step.position) == (member, "2026-12-03", 0)
    response = practitioner.post(f"{page}steps/add/", _sent("step", owner=outsider.pk))
    assert list(response.context["forms"]["step"].errors) == ["owner"]
    assert Step.objects.count() == 1


@EVERY_KIND
def test_others_cannot_add(practitioner, outsider, page, other_change, noun):
    place, _, model, _, _ = KINDS[noun]
    assert outsider.post(f"{page}{place}/add/", _sent(noun)).status_code == 404
    theirs = f"/own/changes/{other_change.pk}/{place}/add/"
    assert practitioner.post(theirs, _sent(noun)).status_code == 404
    assert practitioner.get(f"{page}{place}/add/").status_code == 405
    assert model.objects.count() == 0


@EVERY_KIND
def test_a_row_of_another_change_is_not_taken_over(cast, practitioner, page, noun):
    """An id is given once: a form that names one of another change makes nothing."""
    place, _, model, make, _ = KINDS[noun]
    other = make(change=factories.SmallChangeFactory(programme=cast.programme))
    assert practitioner.post(f"{page}{place}/add/", _sent(noun, id=other.pk)).status_code == 400
    assert model.objects.get() == other


# --- writing


@pytest.mark.parametrize("noun", ["step", "stakeholder"])
def test_a_row_is_written(practitioner, change, page, noun):
    place, region, _, make, fields = KINDS[noun]
    row = make(change=change)
    address = f"{page}{place}/{row.pk}/edit/"
    assert str(row) in practitioner.get(address).content.decode()
    response = practitioner.post(address, fields | {"version": 1})
    assert response["Location"] == f"{page}#{region}"
    row.refresh_from_db()
    assert (str(row), row.version) == ("Ask the heads", 2)
    (said,) = told(follow(practitioner, response))
    assert said in ("Got it. The step is as you wrote it.", "Got it: Ask the heads.")
    assert _verbs()[-1] == f"{noun} edited"


@pytest.mark.parametrize("noun", ["step", "stakeholder"])
def test_a_row_that_is_written_empty_keeps_its_words(practitioner, change, page, noun):
    place, _, _, make, fields = KINDS[noun]
    row = make(change=change)
    empty = "who" if noun == "stakeholder" else "text"
    response = practitioner.post(
        f"{page}{place}/{row.pk}/edit/", fields | {"version": 1, empty: " "}
    )
    assert (response.status_code, list(errors(response))) == (200, [empty])
    row.refresh_from_db()
    assert row.version == 1


@pytest.mark.parametrize("noun", ["step", "stakeholder"])
def test_two_who_write_a_row_are_shown_both(practitioner, change, page, noun):
    place, region, model, make, fields = KINDS[noun]
    row = make(change=change)
    words = "who" if noun == "stakeholder" else "text"
    model.objects.update(version=2, **{words: "Theirs"})
    address = f"{page}{place}/{row.pk}/edit/"
    response = practitioner.post(address, fields | {"version": 1})
    assert (response.status_code, response.context["back"]) == (409, f"{page}#{region}")
    both = {label: (theirs, ours) for label, theirs, ours in response.context["both"]}
    label = response.context["form"].fields[words].label
    assert both[label] == ("Theirs", "Ask the heads")
    again = fields | {"version": response.context["form"]["version"].value()}
    assert practitioner.post(address, again).status_code == 302
    row.refresh_from_db()
    assert (str(row), row.version) == ("Ask the heads", 3)


def test_somebody_is_not_written_over_somebody_else(practitioner, change, page):
    factories.StakeholderFactory(change=change, who="Heads")
    row = factories.StakeholderFactory(change=change, who="Nurses")
    address = f"{page}stakeholders/{row.pk}/edit/"
    response = practitioner.post(address, {"who": "HEADS", "stance": "unsure", "version": 1})
    assert errors(response) == {"who": ["They’re on the list already."]}
    response = practitioner.post(address, {"who": "NURSES", "stance": "on board", "version": 1})
    assert response.status_code == 302


def test_who_takes_a_step_on_is_kept_where_they_have_left(cast, practitioner, change, page):
    owner = cast.manager.memberships.get()
    step = factories.StepFactory(change=change, owner=owner)
    type(owner).objects.filter(pk=owner.pk).update(ended_at=timezone.now())
    sent = {"text": "Ask", "owner": owner.pk, "version": 1}
    assert practitioner.post(f"{page}steps/{step.pk}/edit/", sent).status_code == 302
    step.refresh_from_db()
    assert (step.text, step.owner) == ("Ask", owner)


@EVERY_KIND
def test_what_was_taken_away_or_is_elsewhere_is_not_found(
    cast, practitioner, outsider, change, page, other_change, noun
):
    place, _, _, make, _ = KINDS[noun]
    gone = make(change=change, removed_at=timezone.now())
    theirs = make(change=other_change)
    elsewhere = make(change=factories.SmallChangeFactory(programme=cast.programme))
    verbs = {"step": ["edit", "tick", "order"], "stakeholder": ["edit"], "met": []}[noun]
    for row, also in ((gone, []), (theirs, ["remove", "put-back"]), (elsewhere, ["remove"])):
        for verb in verbs + also:
            response = practitioner.post(f"{page}{place}/{row.pk}/{verb}/", {"done": "yes"})
            assert response.status_code == 404
    standing = make(change=change)
    for verb in [*verbs, "remove", "put-back"]:
        assert outsider.post(f"{page}{place}/{standing.pk}/{verb}/").status_code == 404
    assert practitioner.get(f"{page}{place}/{standing.pk}/remove/").status_code == 405
    assert practitioner.get(f"{page}{place}/{standing.pk}/put-back/").status_code == 405
    assert _verbs() == []


# --- ticking


def test_a_tick_says_what_is_meant_so_that_twice_is_once(cast, practitioner, change, page):
    step = factories.StepFactory(change=change)
    address = f"{page}steps/{step.pk}/tick/"
    for _ in range(2):
        response = practitioner.post(address, {"done": "yes"})
        assert response["Location"] == f"{page}#change-steps"
        step.refresh_from_db()
        assert (step.done_at is None, step.done_by) == (False, cast.practitioner)
    practitioner.post(address, {"done": "no"})
    step.refresh_from_db()
    assert (step.done_at, step.done_by) == (None, None)
    assert _verbs() == ["step done", "step reopened"]


def test_a_tick_by_htmx_brings_the_steps_alone(practitioner, change, page):
    step = factories.StepFactory(change=change)
    response = practitioner.post(f"{page}steps/{step.pk}/tick/", {"done": "yes"}, headers=HTMX)
    assert _region(response) == "change-steps"
    text = response.content.decode()
    assert f'id="tick-{step.pk}" name="done" value="no" aria-pressed="true"' in text
    # What somebody has begun to write in the form below stays.
    assert '<details class="adder" id="adder-step" hx-preserve>' in text


@pytest.mark.parametrize("sent", [{}, {"done": ""}, {"done": "perhaps"}])
def test_a_tick_that_says_nothing_is_refused(practitioner, change, page, sent):
    step = factories.StepFactory(change=change)
    assert practitioner.post(f"{page}steps/{step.pk}/tick/", sent).status_code == 400
    assert practitioner.get(f"{page}steps/{step.pk}/tick/").status_code == 405
    step.refresh_from_db()
    assert step.done_at is None


# --- order


def test_steps_are_put_in_order_in_a_list_that_stays_open(practitioner, change, page):
    one, two = (factories.StepFactory(change=change, text=text) for text in ("One", "Two"))
    shown = practitioner.get(page, {"arrange": "steps"}).content.decode()
    address = re.search(r'<form class="tools__order" method="post" action="(.*?)"', shown).group(1)
    assert address == f"{page}steps/{one.pk}/order/?arrange=steps"
    response = practitioner.post(address, {"way": "down"})
    assert response["Location"] == f"{page}?arrange=steps#change-steps"
    assert told(follow(practitioner, response)) == ["Moved down: One"]
    assert list(change.steps.standing()) == [two, one]
    response = practitioner.post(address, {"way": "down"}, headers=HTMX)
    assert (_region(response), told(response)) == ("change-steps", ["Last already: One"])
    assert (
        f'id="down-{one.pk}" name="way" value="down" aria-disabled="true"'
        in response.content.decode()
    )
    practitioner.post(address, {"way": "up"}, headers=HTMX)
    assert list(change.steps.standing()) == [one, two]
    assert practitioner.post(address, {"way": "left"}).status_code == 400
    assert practitioner.get(address).status_code == 405


def test_the_order_is_changed_only_where_it_is_asked_for(practitioner, change, page):
    factories.StepFactory(change=change)
    factories.StakeholderFactory(change=change)
    factories.MetFactory(change=change)
    asked = {
        arrange: practitioner.get(page, {"arrange": arrange}).content.decode().count("Take away")
        for arrange in ("", "steps", "stakeholders", "met", "nonsense")
    }
    assert asked == {"": 0, "steps": 1, "stakeholders": 1, "met": 1, "nonsense": 0}


# --- taking away


@EVERY_KIND
def test_a_row_is_taken_away_and_comes_back(practitioner, change, page, noun):
    place, region, _, make, fields = KINDS[noun]
    row = make(change=change, **fields)
    address = f"{page}{place}/{row.pk}/remove/?arrange={place}"
    response = practitioner.post(address)
    assert response["Location"] == f"{page}?arrange={place}#{region}"
    shown = follow(practitioner, response)
    assert told(shown) == ["Taken away: Ask the heads"]
    row.refresh_from_db()
    assert row.removed_at is not None
    # A second press wanted no more than that.
    assert practitioner.post(address).status_code == 302
    back = undo(practitioner, shown)
    assert back["Location"] == f"{page}#{region}"
    assert told(follow(practitioner, back))[-1] == "It’s back: Ask the heads"
    row.refresh_from_db()
    assert (row.removed_at, row.removed_by) == (None, None)
    assert _verbs() == [f"{noun} removed", f"{noun} put back"]


@EVERY_KIND
def test_taking_away_by_htmx_brings_the_region_and_the_way_back(practitioner, change, page, noun):
    place, region, _, make, fields = KINDS[noun]
    row = make(change=change, **fields)
    response = practitioner.post(f"{page}{place}/{row.pk}/remove/?arrange={place}", headers=HTMX)
    assert (_region(response), told(response)) == (region, ["Taken away: Ask the heads"])
    undo(practitioner, response)
    row.refresh_from_db()
    assert row.removed_at is None


@pytest.mark.parametrize("noun", ["stakeholder", "met"])
def test_a_row_that_was_written_again_stays_away(practitioner, change, page, noun):
    place, _, model, make, fields = KINDS[noun]
    row = make(change=change, removed_at=timezone.now(), **fields)
    again = make(change=change, **fields)
    response = practitioner.post(f"{page}{place}/{row.pk}/put-back/")
    assert told(follow(practitioner, response)) == [
        "Somebody has written this again meanwhile: Ask the heads"
    ]
    assert list(model.objects.standing()) == [again]
