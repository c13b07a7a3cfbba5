"""Experiments as learning cycles: what was seen, what is sealed, what is decided, what follows."""

import inspect
import re
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from blueprints import actions
from blueprints.models import Experiment, LearningCycle, Observation
from tests import factories
from tests.answers import errors, follow, told, undo
from tests.at_once import while_waiting
from tests.constraints import refusal, write

PK = UUID(int=7)
GUESS = "Meetings feel shared"


@pytest.fixture
def experiment(pillar):
    """Being tried since a week ago."""
    return factories.ExperimentFactory(
        pillar=pillar,
        title="Take turns",
        state="trying",
        cycle__we_expect=GUESS,
        cycle__from_on=timezone.localdate() - timedelta(days=7),
    )


def _address(row, verb="", of="experiments") -> str:
    return f"/own/blueprint/{of}/{row.pk}/{f'{verb}/' if verb else ''}"


def _sent(**values) -> dict:
    return {"id": uuid4(), "text": "The school took the notes"} | values


def _cycles() -> list[tuple]:
    return list(
        LearningCycle.objects.order_by("number").values_list(
            "number", "we_expect", "surprised_us", "decision"
        )
    )


# --- what was seen


def test_two_taps_and_a_line_seal_what_we_expect_once_and_can_be_taken_back(
    practitioner, cast, experiment
):
    page = practitioner.get(_address(experiment)).content.decode()
    assert ("What did you see?" in page, 'name="we_expect"' in page) == (True, False)
    sent = _sent()
    for _ in range(2):
        response = practitioner.post(_address(experiment, "observe"), sent)
        assert response["Location"] == f"{_address(experiment)}#seen"
    (seen,) = Observation.objects.standing()
    sealed_at = experiment.cycles.get().sealed_at
    assert (seen.by, seen.text, sealed_at is None) == (cast.practitioner, sent["text"], False)
    # One line for each time that it was sent.
    address = list(follow(practitioner, response).context["messages"])[-1].extra_tags
    page = follow(practitioner, practitioner.post(address))
    assert told(page) == ["Taken back. What we expected stays sealed."]
    assert Observation.objects.standing().count() == 0
    assert told(follow(practitioner, undo(practitioner, page))) == ["It’s back."]
    assert list(Observation.objects.standing()) == [seen]
    assert experiment.cycles.get().sealed_at == sealed_at


def test_where_nobody_said_what_we_expect_it_is_asked_first(practitioner, experiment):
    LearningCycle.objects.update(we_expect="")
    address = _address(experiment, "observe")
    assert 'name="we_expect"' in practitioner.get(_address(experiment)).content.decode()
    response = practitioner.post(address, _sent())
    assert list(response.context["observe"].errors) == ["we_expect"]
    assert "The school took the notes" in response.content.decode()
    assert (Observation.objects.count(), experiment.cycles.get().sealed_at) == (0, None)
    practitioner.post(address, _sent(we_expect="Fewer words"))
    # Who has the page still open says something else: it is not lost, and changes nothing.
    response = practitioner.post(address, _sent(we_expect="More words"))
    (error,) = response.context["observe"].errors["we_expect"]
    assert re.fullmatch(
        r"This was sealed on .* 20\d\d, so it stays as it is. Ours is: “Fewer words”."
        r" Empty this field to go on.",
        error,
    )
    assert "More words" in response.content.decode()
    practitioner.post(address, _sent(we_expect=""))
    assert (experiment.cycles.get().we_expect, Observation.objects.count()) == ("Fewer words", 2)


def test_it_was_on_a_day_of_this_cycle(practitioner, experiment):
    today = timezone.localdate()
    days = {today + timedelta(days=1): 1, today - timedelta(days=8): 1, today: 0}
    days[today - timedelta(days=7)] = 0
    for day, wrong in days.items():
        response = practitioner.post(_address(experiment, "observe"), _sent(on=day))
        found = response.context["observe"].errors if response.context else {}
        assert (day, len(found.get("on", []))) == (day, wrong)
    seen = [timezone.localtime(one.at) for one in Observation.objects.all()]
    assert [one.date() for one in seen] == [today, today - timedelta(days=7)]
    assert seen[1].hour == 12


@pytest.mark.parametrize("state", ["idea", "waiting for a yes", "decided"])
def test_nothing_is_seen_of_what_nobody_tries(practitioner, experiment, state):
    actions.move_experiment(
        experiment=experiment, state=state, decision="adopt", by=experiment.created_by
    )
    response = practitioner.post(_address(experiment, "observe"), _sent())
    assert response.context["observe"].non_field_errors() == [
        "It isn’t being tried any more. Begin the next cycle first."
    ]
    assert "The school took the notes" in response.content.decode()
    assert Observation.objects.count() == 0


def test_others_take_nothing_back_that_is_not_theirs(practitioner, manager, cast, experiment):
    seen = factories.ObservationFactory(cycle=experiment.cycle, by=cast.facilitator)
    address = _address(seen, "remove", "experiments/seen")
    assert practitioner.post(address).status_code == 403
    page = practitioner.get(_address(experiment)).content.decode()
    assert ("Take it back" in page, seen.text in page) == (False, True)
    assert manager.post(address).status_code == 302
    assert practitioner.post(address.replace("remove", "put-back")).status_code == 403
    assert Observation.objects.standing().count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_who_see_something_at_once_are_both_kept_and_seal_it_once(cast, experiment):
    def see():
        return actions.observe(
            experiment=Experiment.objects.get(), pk=uuid4(), text="Shorter", by=cast.practitioner
        )

    first, second = while_waiting(see, see)
    assert {first, second} == set(Observation.objects.all())
    assert experiment.cycles.get().sealed_at <= first.created_at


# --- sealed means sealed

# What an action may be given, by its name in the action. Texts that it takes are all tampered with.
_TAMPERED = "Just what happened"
_ROWS = ("experiment", "cycle", "move", "observation", "pillar", "row")
_TOUCHING = [
    name
    for name in actions.__all__
    if inspect.isfunction(getattr(actions, name))
    and set(inspect.signature(getattr(actions, name)).parameters) & set(_ROWS)
]


def _given(parameter, *, cast, experiment, move):
    known = {
        "experiment": experiment,
        "cycle": experiment.cycle,
        "move": move,
        "observation": experiment.cycle.observations.first(),
        "pillar": experiment.pillar,
        "row": experiment,
        "version": experiment.version,
        "by": cast.manager,
        "person": None,
        "experiments": experiment.siblings().count(),
        "insights": [],
        "places": 1,
        "state": "decided",
        "decision": "stop",
    }
    if parameter.name in known:
        return known[parameter.name]
    kinds = {UUID: uuid4(), date: timezone.localdate(), bool: True, int: 1, str: _TAMPERED}
    if parameter.annotation in kinds:
        return kinds[parameter.annotation]
    return _TAMPERED if parameter.default is parameter.empty else parameter.default


def test_every_action_on_experiments_is_known_to_be_tried():
    assert {"observe", "reword_experiment", "move_experiment", "begin_cycle"} <= set(_TOUCHING)


@pytest.mark.parametrize("words", [True, False], ids=["with words", "without"])
@pytest.mark.parametrize("name", _TOUCHING)
def test_no_action_changes_what_was_expected_once_something_was_seen(cast, experiment, name, words):
    """It does what it does, or refuses; what we expected and its seal stay to the letter."""
    factories.ObservationFactory(cycle=experiment.cycle)
    actions.move_experiment(experiment=experiment, state="idea", by=cast.manager)
    move = actions.move_experiment(experiment=experiment, state="trying", by=cast.manager)
    before = LearningCycle.objects.values_list("pk", "we_expect", "sealed_at").get()
    action = getattr(actions, name)
    parameters = inspect.signature(action).parameters.values()
    given = {
        one.name: _given(one, cast=cast, experiment=experiment, move=move)
        for one in parameters
        if one.kind is one.KEYWORD_ONLY
    }
    if words and any(one.kind is one.VAR_KEYWORD for one in parameters):
        given |= {"we_expect": _TAMPERED}
    refused = None
    try:
        with transaction.atomic():
            action(**given)
    except Exception as error:
        refused = error
    assert not isinstance(refused, TypeError | AttributeError)
    cycles = LearningCycle.objects.filter(pk=before[0])
    assert cycles.values_list("pk", "we_expect", "sealed_at").get() == before


def test_a_form_that_was_tampered_with_changes_nothing_and_loses_nothing(manager, experiment):
    factories.ObservationFactory(cycle=experiment.cycle)
    address = _address(experiment, "edit")
    page = manager.get(address).content.decode()
    assert ('name="we_expect"' in page, GUESS in page) == (False, True)
    assert re.search(r"Sealed on .* 20\d\d, since something was seen", page)
    sent = {"title": "Take turns", "pillar": experiment.pillar_id, "version": 1, "we_try": "It"}
    response = manager.post(address, sent | {"we_expect": _TAMPERED})
    assert list(errors(response)) == ["we_expect"]
    assert _TAMPERED in response.content.decode()
    assert (experiment.cycles.get().we_expect, experiment.cycles.get().we_try) == (GUESS, "")
    # The same words, from a page that was opened before, are no change; nor is none.
    for version, same in enumerate((GUESS, ""), start=1):
        again = sent | {"we_expect": same, "version": version}
        assert manager.post(address, again).status_code == 302
    assert (experiment.cycles.get().we_expect, experiment.cycles.get().we_try) == (GUESS, "It")


def test_sql_as_the_application_changes_no_sealed_expectation(experiment):
    cycle = factories.ObservationFactory(cycle=experiment.cycle).cycle
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (settings.DATABASES["default"]["USER"],)
    for values in ({"we_expect": _TAMPERED}, {"sealed_at": None}):
        assert refusal(lambda values=values: write(cycle, values)) == "cycle_sealed_stays"
    assert experiment.cycles.get().we_expect == GUESS


def test_what_nobody_expected_is_not_made_up_after_the_decision(cast, experiment):
    LearningCycle.objects.update(we_expect="")
    actions.move_experiment(
        experiment=experiment, state="decided", decision="adopt", by=cast.manager
    )
    with pytest.raises(actions.Sealed):
        actions.reword_experiment(
            experiment=experiment,
            version=1,
            pillar=experiment.pillar,
            we_expect=_TAMPERED,
            by=cast.manager,
        )


# --- what is decided, and what follows


def test_one_cycle_is_adapted_and_the_next_starts_from_it(manager, practitioner, cast, experiment):
    LearningCycle.objects.update(
        we_try="Rotate", who="Six groups", to_on=timezone.localdate() - timedelta(days=1)
    )
    practitioner.post(_address(experiment, "observe"), _sent())
    assert (
        "The time is up: what did it teach us?"
        in practitioner.get(_address(experiment)).content.decode()
    )
    decide = _address(experiment, "decide")
    assert GUESS in manager.get(decide).content.decode()
    sent = {"decision": "adapt", "surprised_us": "Schools led", "why": "Too many", "seen": ""}
    page = follow(manager, manager.post(decide, sent))
    assert told(page) == ["Moved to “decided”: Take turns"]
    begin = _address(experiment, "begin")
    form = practitioner.get(begin).context["form"]
    today = timezone.localdate()
    assert [form[name].value() for name in ("we_try", "we_expect", "who", "from_on", "to_on")] == [
        *("Rotate", None, "Six groups"),
        *(today, today + timedelta(days=6)),
    ]
    assert "The school took the notes" in practitioner.get(begin).content.decode()
    sent = {"id": PK, "we_try": "Rotate in two", "we_expect": "Calm", "state": "trying"}
    for _ in range(2):
        response = practitioner.post(begin, sent)
    assert _cycles() == [(1, GUESS, "Schools led", "adapt"), (2, "Calm", "", "")]
    experiment.refresh_from_db()
    assert (experiment.state, experiment.decision) == ("trying", "")
    page = follow(practitioner, response).content.decode()
    assert ("Cycle two" in page, "Schools led" in page, "Too many" in page) == (True,) * 3
    practitioner.post(_address(experiment, "observe"), _sent(text="It was calm"))
    assert [
        list(one.observations.values_list("text", flat=True)) for one in experiment.cycles.all()
    ] == [["The school took the notes"], ["It was calm"]]
    first, second = experiment.cycles.all()
    assert first.sealed_at < second.sealed_at


@pytest.mark.parametrize("happened", ["nothing", "seen", "answered"])
def test_a_cycle_that_was_begun_is_taken_back_while_nothing_followed(
    practitioner, cast, experiment, happened
):
    actions.move_experiment(
        experiment=experiment,
        state="decided",
        decision="amplify",
        surprised_us="Schools led",
        by=cast.manager,
    )
    decided = LearningCycle.objects.values("decided_at", "decided_by", "sealed_at").get()
    sent = {"id": PK, "we_try": "Everywhere", "we_expect": "Calm", "state": "trying"}
    response = practitioner.post(_address(experiment, "begin"), sent)
    assert errors(response) == {"who": ["Say where else we do it, or who with."]}
    response = practitioner.post(_address(experiment, "begin"), sent | {"who": "Team 2"})
    page = follow(practitioner, response)
    if happened == "seen":
        practitioner.post(_address(experiment, "observe"), _sent())
    if happened == "answered":
        factories.AnswerFactory(experiment=experiment)
    page = follow(practitioner, undo(practitioner, page))
    experiment.refresh_from_db()
    if happened == "nothing":
        assert told(page) == ["Back to “decided”: Take turns"]
        assert (experiment.state, experiment.decision) == ("decided", "amplify")
        assert _cycles() == [(1, GUESS, "Schools led", "amplify")]
        assert LearningCycle.objects.values(*decided).get() == decided
        assert experiment.moves.count() == 3
    else:
        assert told(page)[-1] == "It has moved on since, so we left it where it is: Take turns"
        assert (experiment.state, experiment.cycles.count()) == ("trying", 2)


def test_a_decision_that_is_taken_back_lets_its_cycle_go_on_and_keeps_the_seal(manager, experiment):
    address = _address(experiment, "decide")
    sent = {"decision": "stop", "surprised_us": "That nobody came", "seen": ""}
    response = manager.post(address, sent)
    assert errors(response) == {"why": ["Say why we stop. What it taught is worth keeping."]}
    assert "That nobody came" in response.content.decode()
    page = follow(manager, manager.post(address, sent | {"why": "No time"}))
    follow(manager, undo(manager, page))
    cycle = experiment.cycles.get()
    assert (cycle.decision, cycle.decided_at, cycle.sealed_at is None) == ("", None, False)
    # The page of before the undo.
    read = {"decision": "adopt", "read": "That nobody came"}
    response = manager.post(address, read | {"seen": "stop"})
    assert response.context["form"].non_field_errors() == [
        "Somebody else was here meanwhile, and it isn’t decided any more. If you still mean your"
        " choice, send it again."
    ]
    manager.post(address, read | {"seen": ""})
    # Said later, without deciding anew; why it was decided stays with its day.
    again = read | {"seen": "adopt", "surprised_us": "How many came"}
    assert list(errors(manager.post(address, again | {"why": "It grew"}))) == ["why"]
    assert manager.post(address, again).status_code == 302
    assert _cycles() == [(1, GUESS, "How many came", "adopt")]
    assert experiment.moves.count() == 3


def test_the_pillars_practitioner_lead_words_and_decides_it_and_moves_no_other(
    practitioner, cast, experiment
):
    assert practitioner.get(_address(experiment, "decide")).status_code == 403
    pillar = experiment.pillar
    other = factories.PillarFactory(blueprint=pillar.blueprint)
    pillar.practitioner_lead = cast.practitioner.memberships.get()
    pillar.save()
    sent = {"title": "Take turns", "version": 1, "pillar": other.pk, "we_expect": "Calm"}
    assert list(errors(practitioner.post(_address(experiment, "edit"), sent))) == ["pillar"]
    sent["pillar"] = pillar.pk
    assert practitioner.post(_address(experiment, "edit"), sent).status_code == 302
    assert practitioner.get(_address(experiment, "move")).status_code == 403
    sent = {"decision": "adopt", "seen": ""}
    page = follow(practitioner, practitioner.post(_address(experiment, "decide"), sent))
    assert _cycles() == [(1, "Calm", "", "adopt")]
    follow(practitioner, undo(practitioner, page))
    assert _cycles() == [(1, "Calm", "", "")]
