"""The four steps: done when people say so, and going back is learning."""

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.utils import timezone

from programmes.actions import ambition, timeline
from programmes.actions import steps as actions
from programmes.models import AuditEvent, JourneyStep, Milestone, StepReturn
from tests import factories
from tests.answers import follow, told, undo
from tests.at_once import while_waiting

Step = JourneyStep.Step
THEN = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)


def _done(cast, *steps: Step, said: str = "") -> None:
    for step in steps:
        actions.say_done(
            programme=cast.programme, step=step, by=cast.facilitator, said=said, at=THEN
        )


def _states(cast) -> list[str]:
    return [one.state for one in actions.states(cast.programme)]


def _events() -> list[tuple[str, dict]]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", "details"))


# --- where we are


@pytest.mark.parametrize(
    ("done", "states"),
    [
        ([], ["here", "next", "next", "next"]),
        ([1], ["done", "here", "next", "next"]),
        ([1, 2, 3, 4], ["done", "done", "done", "done"]),
        # People may call a later one done first.
        ([2, 4], ["here", "done", "next", "done"]),
    ],
)
def test_here_is_the_first_step_that_nobody_called_done(cast, done, states):
    _done(cast, *map(Step, done))
    assert _states(cast) == states


def test_states_take_one_query(cast, django_assert_num_queries):
    _done(cast, *Step)
    with django_assert_num_queries(1):
        said_by = [str(one.done_by) for one in actions.states(cast.programme)]
    assert said_by == [str(cast.facilitator)] * 4


def test_nothing_but_people_calls_a_step_done(cast, practitioner):
    """Not even a full ambition and a timeline that is over."""
    cast.programme.starts_on = timezone.localdate().replace(year=2024)
    cast.programme.save()
    timeline.lay_out(programme=cast.programme, by=cast.facilitator)
    factories.ValueFactory(programme=cast.programme)
    factories.PrincipleFactory(programme=cast.programme)
    factories.BarrierFactory(programme=cast.programme)
    page = practitioner.get("/own/steps/1/")
    assert page.context["state"].state == "here"
    assert _states(cast) == ["here", "next", "next", "next"]


# --- done, and undo


def test_people_say_that_it_is_done_and_can_take_it_back(cast, facilitator):
    answer = facilitator.post("/own/steps/1/done/", {"said": "  All agreed in the room "})
    assert answer["Location"] == "/own/steps/1/"
    page = follow(facilitator, answer)
    assert told(page) == ["Setting our ambition is done. Well worth a celebration."]
    state = page.context["state"]
    assert (state.state, state.said, state.done_by) == (
        "done",
        "All agreed in the room",
        cast.facilitator,
    )
    page = follow(facilitator, undo(facilitator, page))
    assert told(page) == ["Setting our ambition is not done yet."]
    assert (page.context["state"].state, page.context["state"].said) == ("here", "")
    assert _events() == [("step done", {"step": 1}), ("step done taken back", {"step": 1})]


def test_said_twice_it_is_done_once_in_the_words_of_the_first(cast, facilitator):
    for said in ("First", "Second"):
        facilitator.post("/own/steps/2/done/", {"said": said})
    assert list(cast.programme.steps.values_list("step", "said")) == [(2, "First")]
    for _ in range(2):
        facilitator.post("/own/steps/2/done/undo/")
    assert [verb for verb, _ in _events()] == ["step done", "step done taken back"]


@pytest.mark.django_db(transaction=True)
def test_said_twice_at_once_it_is_done_once(cast):
    def say(by):
        return actions.say_done(programme=cast.programme, step=Step.AMBITION, by=by)

    assert while_waiting(lambda: say(cast.facilitator), lambda: say(cast.manager)) == (True, False)
    assert [row.done_by for row in cast.programme.steps.all()] == [cast.facilitator]


def test_words_that_are_too_many_stay_with_the_error_beside_them(cast, facilitator):
    page = facilitator.post("/own/steps/1/done/", {"said": "x" * 301})
    form = page.context["done_form"]
    assert (page.status_code, form["said"].value(), dict(form.errors)) == (
        200,
        "x" * 301,
        {"said": ["Make it shorter: 300 characters fit, this has 301."]},
    )
    assert len(re.findall('id="id_said_error"', page.content.decode())) == 1
    assert _states(cast) == ["here", "next", "next", "next"]


# --- going back


def test_going_back_keeps_what_taught_it_and_what_was_said_before(cast, facilitator):
    _done(cast, Step.AMBITION, Step.SMALL_CHANGES, said="All agreed")
    answer = facilitator.post("/own/steps/1/back/", {"why": "A team was missing"})
    page = follow(facilitator, answer)
    assert told(page) == ["We’re back here, and what we learned is kept."]
    assert _states(cast) == ["here", "done", "next", "next"]
    (learned,) = page.context["learned"]
    assert (learned.why, learned.had_said, learned.by) == (
        "A team was missing",
        "All agreed",
        cast.facilitator,
    )
    assert (learned.was_done_at, learned.was_done_by) == (THEN, cast.facilitator)
    # Called done again, and gone back to again: both are told, the newest first.
    facilitator.post("/own/steps/1/done/", {"said": "Now all"})
    facilitator.post("/own/steps/1/back/", {"why": "One more barrier"})
    learned = facilitator.get("/own/steps/1/").context["learned"]
    assert [(one.why, one.had_said) for one in learned] == [
        ("One more barrier", "Now all"),
        ("A team was missing", "All agreed"),
    ]
    assert list(facilitator.get("/own/steps/2/").context["learned"]) == []


def test_going_back_can_be_undone_as_it_was(cast, facilitator):
    _done(cast, Step.AMBITION, said="All agreed")
    JourneyStep.objects.update(illustrative="who said so")
    before = JourneyStep.objects.values().get()
    page = follow(facilitator, facilitator.post("/own/steps/1/back/", {"why": "A slip"}))
    assert JourneyStep.objects.get().illustrative == ""
    page = follow(facilitator, undo(facilitator, page))
    assert told(page) == ["Setting our ambition is done again, as it was."]
    assert (JourneyStep.objects.values().get(), StepReturn.objects.count()) == (before, 0)
    assert [verb for verb, _ in _events()] == [
        "step done",
        "step gone back to",
        "step return taken back",
    ]


def test_an_undo_that_comes_too_late_keeps_what_was_said_since(cast, facilitator):
    _done(cast, Step.AMBITION, said="First")
    page = follow(facilitator, facilitator.post("/own/steps/1/back/", {"why": "More to do"}))
    _done(cast, Step.AMBITION, said="Second")
    assert told(follow(facilitator, undo(facilitator, page))) == []
    assert (JourneyStep.objects.get().said, StepReturn.objects.count()) == ("Second", 1)


def test_going_back_says_why(cast, facilitator):
    _done(cast, Step.AMBITION)
    page = facilitator.post("/own/steps/1/back/", {"why": " "})
    form = page.context["back_form"]
    assert (page.status_code, dict(form.errors)) == (
        200,
        {"why": ["Tell us in a sentence what made you go back"]},
    )
    assert _states(cast)[0] == "done"


def test_nobody_goes_back_to_what_is_not_done(cast, facilitator):
    page = follow(facilitator, facilitator.post("/own/steps/1/back/", {"why": "A slip"}))
    assert (told(page), StepReturn.objects.count(), _events()) == ([], 0, [])


@pytest.mark.django_db(transaction=True)
def test_two_who_go_back_at_once_go_back_once(cast):
    _done(cast, Step.AMBITION)

    def go_back(why):
        return actions.go_back(
            programme=cast.programme, step=Step.AMBITION, why=why, by=cast.facilitator
        )

    first, second = while_waiting(lambda: go_back("First"), lambda: go_back("Second"))
    assert (first.why, second) == ("First", None)
    assert [one.why for one in StepReturn.objects.all()] == ["First"]


# --- who may, and what is not there


@pytest.mark.parametrize("address", ["done/", "done/undo/", "back/", "back/{pk}/undo/"])
def test_saying_so_is_for_those_who_may_and_by_post(cast, client_of, address):
    _done(cast, Step.AMBITION)
    learned = actions.go_back(
        programme=cast.programme, step=Step.AMBITION, why="More to do", by=cast.facilitator
    )
    before = _events()
    address = "/own/steps/1/" + address.format(pk=learned.pk)
    statuses = {
        who: client_of(getattr(cast, who)).post(address, {"why": "x"}).status_code
        for who in ("practitioner", "manager", "outsider")
    }
    assert statuses == {"practitioner": 403, "manager": 403, "outsider": 404}
    assert client_of(cast.facilitator).get(address).status_code == 405
    assert _events() == before


@pytest.mark.parametrize("step", [0, 5])
def test_there_are_four_steps(facilitator, step):
    assert facilitator.get(f"/own/steps/{step}/").status_code == 404
    assert facilitator.post(f"/own/steps/{step}/done/").status_code == 404


def test_a_return_of_another_authority_or_another_step_is_not_found(cast, facilitator):
    def returned(programme):
        return StepReturn.objects.create(
            authority=programme.authority,
            programme=programme,
            step=1,
            at=THEN,
            why="Elsewhere",
            was_done_at=THEN,
        )

    own, foreign = returned(cast.programme), returned(cast.other_programme)
    for step, pk in ((1, foreign.pk), (2, own.pk), (1, uuid4())):
        assert facilitator.post(f"/own/steps/{step}/back/{pk}/undo/").status_code == 404
    assert StepReturn.objects.count() == 2


def test_without_a_programme_there_is_nothing_to_say(cast, facilitator):
    cast.programme.delete()
    for address in ("done/", "done/undo/", "back/", f"back/{uuid4()}/undo/"):
        assert facilitator.post(f"/own/steps/1/{address}").status_code == 404


# --- the page


@pytest.mark.parametrize(
    ("step", "about"),
    [
        (1, "/own/ambition/"),
        (2, "/own/changes/"),
        (3, "/own/blueprint/insights/"),
        (4, "/own/changes/"),
    ],
)
def test_everybody_reads_what_a_step_is_about_and_where_its_work_is(practitioner, step, about):
    page = practitioner.get(f"/own/steps/{step}/")
    text = page.content.decode()
    assert re.findall(r"<h1>(.*?)</h1>", text) == [Step(step).label]
    assert re.search(r'id="work".*?href="([^"]+)"', text, re.S).group(1) == about
    assert re.findall(r'<form[^>]*method="post"', text) == []


def test_the_first_step_counts_what_was_said(cast, practitioner):
    for make, count in (
        (factories.ValueFactory, 2),
        (factories.PrincipleFactory, 1),
        (factories.BarrierFactory, 3),
    ):
        rows = [make(programme=cast.programme) for _ in range(count + 1)]
        ambition.remove(statement=rows[0], by=cast.facilitator)
    assert practitioner.get("/own/steps/1/").context["said"] == [
        (2, "values"),
        (0, "opposites"),
        (1, "principle"),
        (3, "barriers"),
    ]
    assert practitioner.get("/own/steps/2/").context["said"] == []


def test_dates_stand_with_their_step(cast, practitioner):
    timeline.lay_out(programme=cast.programme, by=cast.facilitator)
    dates = {
        step: [one.kind for one in practitioner.get(f"/own/steps/{step}/").context["dates"]]
        for step in Step.values
    }
    assert dates == {
        1: ["launch", "values", "vision"],
        2: ["mission", "develop", "influence", "pod", "pod", "pod", "pod"],
        3: ["sensemaking", "blueprint"],
        4: ["celebration"],
    }


def test_the_day_is_the_one_in_london(cast, practitioner):
    """Half past eleven at night in summer time is the next day there."""
    JourneyStep.objects.create(
        authority=cast.authority,
        programme=cast.programme,
        step=1,
        done_at=datetime(2026, 10, 24, 23, 30, tzinfo=UTC),
    )
    text = practitioner.get("/own/steps/1/").content.decode()
    assert re.findall(r"<figcaption.*?<span>(.*?)</span>", text, re.S) == ["Sunday 25 October 2026"]


@pytest.mark.parametrize(("who", "can_begin"), [("facilitator", True), ("practitioner", False)])
def test_before_a_programme_the_step_says_what_comes_first(cast, client_of, who, can_begin):
    cast.programme.delete()
    page = client_of(getattr(cast, who)).get("/own/steps/2/")
    assert (page.status_code, page.context["can_begin"]) == (200, can_begin)


def test_another_authoritys_step_is_not_there(cast, client_of):
    _done(cast, Step.AMBITION, said="Ours alone")
    assert client_of(cast.outsider).get("/own/steps/1/").status_code == 404
    page = client_of(cast.outsider).get("/other/steps/1/")
    assert page.context["state"].state == "here"


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("step", "queries"), [(1, 11), (2, 7)])
def test_query_count_does_not_grow(
    cast, facilitator, django_assert_num_queries, rows, step, queries
):
    for number in range(rows):
        _done(cast, Step(step))
        actions.go_back(
            programme=cast.programme, step=Step(step), why=f"Why {number}", by=cast.facilitator
        )
        factories.MilestoneFactory(
            programme=cast.programme, kind=Milestone.Kind.POD, number=number + 1
        )
        factories.ValueFactory(programme=cast.programme)
    with django_assert_num_queries(queries):
        facilitator.get(f"/own/steps/{step}/")


def test_errors_of_the_page_are_those_of_the_form_that_was_sent(cast, facilitator):
    _done(cast, Step.AMBITION)
    page = facilitator.post("/own/steps/1/back/", {"why": ""})
    assert page.context["done_form"].errors == {}
