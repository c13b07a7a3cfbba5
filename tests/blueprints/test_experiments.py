"""Experiments in the browser: reading, writing, and moving them on."""

import re
from datetime import date
from uuid import UUID

import pytest
from django.utils import timezone

from blueprints.models import Experiment, LearningCycle, Pillar
from tests import factories
from tests.answers import HTMX, errors, follow, told, undo

PAGE, BENCH = "/own/blueprint/", "/own/blueprint/edit/"
PK = UUID(int=7)


@pytest.fixture
def experiment(pillar):
    return factories.ExperimentFactory(pillar=pillar, title="Take turns")


def _address(experiment, verb="") -> str:
    return f"{PAGE}experiments/{experiment.pk}/{f'{verb}/' if verb else ''}"


# --- reading


def test_it_shows_what_we_want_to_find_out(practitioner, experiment):
    LearningCycle.objects.update(
        we_try="Rotate the chair", from_on=date(2026, 3, 2), to_on=date(2026, 4, 27)
    )
    page = practitioner.get(_address(experiment)).content.decode()
    assert "<p>Rotate the chair</p>" in page
    assert "From Monday 2 March 2026 to Monday 27 April 2026" in page
    # We expect, and how we'll know.
    assert page.count("Nobody has written this yet.") == 2
    assert "Move it on" not in page


def test_it_shows_where_it_comes_from(practitioner, cast, experiment):
    """Small change, what it taught, pillar, experiment: the thread up to here."""
    insight = factories.InsightFactory(programme=cast.programme, text="Meetings tire us")
    change = factories.SmallChangeFactory(programme=cast.programme, title="Stand up")
    insight.changes.add(change, through_defaults={"authority": cast.authority})
    experiment.pillar.insights.add(insight, through_defaults={"authority": cast.authority})
    page = practitioner.get(_address(experiment)).content.decode()
    thread = re.search(r'<ol class="minithread">(.*?)</ol>', page, re.S).group(1)
    assert re.findall(r"<span>(.*?)</span><(?:a href=\"(.*?)\"|b)>(.*?)</", thread) == [
        ("Small change", f"/own/changes/{change.pk}/", "Stand up"),
        (
            "What it taught us",
            f"/own/blueprint/insights/#row-{insight.pk}",
            "Meetings tire us",
        ),
        ("Pillar 1", "/own/blueprint/#pil1", "Partners"),
        ("Experiment", "", "This one"),
    ]


def test_it_tells_how_it_has_gone(practitioner, cast, experiment):
    Experiment.objects.update(state="decided", decision="amplify")
    LearningCycle.objects.update(decision="amplify", decided_at=timezone.now())
    factories.ExperimentMoveFactory(experiment=experiment, by=cast.manager, why="We began")
    factories.ExperimentMoveFactory(
        experiment=experiment,
        from_state="trying",
        to_state="decided",
        to_decision="amplify",
        why="Both teams want to keep it",
    )
    page = practitioner.get(_address(experiment)).content.decode()
    assert re.findall(r'class="pods__w"><b>(.*?)</b><span>(.*?)</span>', page) == [
        ("Decided", "Today"),
        ("Trying it", "Today, Manager Example"),
    ]
    # What was decided and why, and the move that decided it.
    assert page.count("Amplify: do it in more places.") == 2
    assert page.count("Both teams want to keep it") == 2
    assert "Decided: amplify" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_does_not_grow(practitioner, cast, experiment, django_assert_num_queries, rows):
    for _ in range(rows):
        factories.ExperimentMoveFactory(experiment=experiment, by=cast.manager)
        factories.ObservationFactory(
            cycle=factories.LearningCycleFactory(experiment=experiment), by=cast.manager
        )
        factories.ExperimentFactory(pillar=experiment.pillar)
        insight = factories.InsightFactory(programme=cast.programme)
        change = factories.SmallChangeFactory(programme=cast.programme)
        insight.changes.add(change, through_defaults={"authority": cast.authority})
        experiment.pillar.insights.add(insight, through_defaults={"authority": cast.authority})
    with django_assert_num_queries(16):
        practitioner.get(_address(experiment))


@pytest.mark.parametrize("gone", ["experiment", "pillar"])
def test_what_was_taken_away_is_not_found(manager, experiment, gone):
    model = {"experiment": Experiment, "pillar": Pillar}[gone]
    model.objects.update(removed_at=timezone.now())
    statuses = [
        manager.get(_address(experiment, verb)).status_code for verb in ("", "edit", "move")
    ]
    assert statuses == [404, 404, 404]


# --- writing


def test_an_experiment_sent_twice_is_one_experiment(manager, cast, pillar):
    address = f"{PAGE}pillars/{pillar.pk}/experiments/add/"
    assert manager.get(address).status_code == 200
    sent = {"id": PK, "title": "Take turns", "from_on": "2026-03-02", "we_try": "Rotate\r\nit"}
    for _ in range(2):
        response = manager.post(address, sent)
        assert response["Location"] == f"{PAGE}experiments/{PK}/"
    made = Experiment.objects.get()
    assert (made.pillar, made.state, made.created_by) == (pillar, "idea", cast.manager)
    assert (made.from_on, made.we_try) == (date(2026, 3, 2), "Rotate\r\nit")


def test_an_experiment_that_is_not_in_order_keeps_what_was_typed(manager, pillar):
    address = f"{PAGE}pillars/{pillar.pk}/experiments/add/"
    sent = {"id": PK, "title": " ", "we_try": "Typed with care", "to_on": "2026-13-01"}
    response = manager.post(address, sent)
    assert (response.status_code, sorted(errors(response))) == (200, ["title", "to_on"])
    page = response.content.decode()
    assert ("Typed with care" in page, 'value="2026-13-01"' in page) == (True, True)
    assert Experiment.objects.count() == 0


def test_a_title_of_the_same_pillar_is_told_of(manager, experiment):
    address = f"{PAGE}pillars/{experiment.pillar_id}/experiments/add/"
    response = manager.post(address, {"id": PK, "title": "TAKE turns"})
    assert errors(response) == {
        "title": ["There’s an experiment with this title in that pillar already."]
    }


def test_no_experiment_is_added_to_a_pillar_that_is_gone_or_elsewhere(
    manager, pillar, other_blueprint
):
    Pillar.objects.update(removed_at=timezone.now())
    theirs = factories.PillarFactory(blueprint=other_blueprint)
    for one in (pillar, theirs):
        response = manager.post(
            f"{PAGE}pillars/{one.pk}/experiments/add/", {"id": PK, "title": "Late"}
        )
        assert response.status_code == 404
    assert Experiment.objects.count() == 0


def test_an_experiment_is_reworded_and_changes_its_pillar(manager, experiment):
    other = factories.PillarFactory(blueprint=experiment.pillar.blueprint)
    address = _address(experiment, "edit")
    assert 'value="Take turns"' in manager.get(address).content.decode()
    sent = {"title": "Take turns weekly", "pillar": other.pk, "version": 1}
    response = manager.post(address, sent)
    assert response["Location"] == _address(experiment)
    experiment.refresh_from_db()
    assert (experiment.title, experiment.pillar) == ("Take turns weekly", other)


def test_two_who_reword_an_experiment_are_shown_both_texts(manager, experiment):
    Experiment.objects.update(title="Theirs", version=2)
    LearningCycle.objects.update(we_try="their way", from_on=date(2026, 3, 2))
    sent = {"title": "Ours", "we_try": "our way", "pillar": experiment.pillar_id, "version": 1}
    response = manager.post(_address(experiment, "edit"), sent)
    assert response.status_code == 409
    assert [pair[1:] for pair in response.context["both"]] == [
        ("Theirs", "Ours"),
        ("their way", "our way"),
        ("Monday 2 March 2026", ""),
    ]
    experiment.refresh_from_db()
    assert experiment.title == "Theirs"


def test_an_experiment_is_taken_away_and_comes_back(manager, experiment):
    page = follow(manager, manager.post(_address(experiment, "remove")))
    assert (told(page), list(Experiment.objects.standing())) == (["Taken away: Take turns"], [])
    page = follow(manager, undo(manager, page))
    assert told(page) == ["It’s back: Take turns"]
    assert list(Experiment.objects.standing()) == [experiment]


@pytest.mark.parametrize(
    ("meanwhile", "says"),
    [
        (
            lambda pillar: factories.ExperimentFactory(pillar=pillar, title="take turns"),
            "Its pillar has a new experiment with the same title by now: Take turns",
        ),
        (
            lambda pillar: Pillar.objects.update(removed_at=timezone.now()),
            "Its pillar has been taken away meanwhile: Partners",
        ),
    ],
    ids=["title taken", "pillar gone"],
)
def test_an_experiment_that_cannot_come_back_says_why(manager, experiment, meanwhile, says):
    Experiment.objects.update(removed_at=timezone.now())
    meanwhile(experiment.pillar)
    page = follow(manager, manager.post(_address(experiment, "put-back")))
    experiment.refresh_from_db()
    assert (told(page), experiment.removed_at is None) == ([says], False)


def test_an_experiment_moves_among_those_of_its_pillar(manager, experiment):
    second = factories.ExperimentFactory(pillar=experiment.pillar)
    response = manager.post(_address(second, "order"), {"way": "up"}, headers=HTMX)
    (one,) = response.context["reading"].pillars
    assert one.experiments == [second, experiment]


# --- the gate


def test_an_experiment_is_moved_on_and_back(manager, experiment):
    address = _address(experiment, "move")
    assert manager.get(address).context["form"]["state"].value() == "idea"
    sent = {"state": "trying", "why": "The director agreed", "seen": "idea", "decision": ""}
    response = manager.post(address, sent)
    assert response["Location"] == _address(experiment)
    page = follow(manager, response)
    assert told(page) == ["Moved to “trying it”: Take turns"]
    experiment.refresh_from_db()
    assert (experiment.state, experiment.moves.get().why) == ("trying", "The director agreed")
    page = follow(manager, undo(manager, page))
    assert told(page) == ["Back to “idea”: Take turns"]
    experiment.refresh_from_db()
    assert (experiment.state, experiment.moves.count()) == ("idea", 2)


def test_the_same_place_twice_moves_nothing(manager, experiment):
    sent = {"state": "idea", "seen": "idea"}
    page = follow(manager, manager.post(_address(experiment, "move"), sent))
    assert told(page) == ["It’s “idea” already, so nothing changed."]
    assert experiment.moves.count() == 0


def test_a_double_press_moves_it_once(manager, experiment):
    """The second one saw the place of before, and is told where it is by now."""
    sent = {"state": "trying", "seen": "idea"}
    assert manager.post(_address(experiment, "move"), sent).status_code == 302
    again = manager.post(_address(experiment, "move"), sent)
    assert (again.status_code, list(errors(again))) == (200, ["__all__"])
    assert experiment.moves.count() == 1


def test_undo_leaves_alone_what_has_moved_on_since(manager, experiment):
    address = _address(experiment, "move")
    page = follow(manager, manager.post(address, {"state": "trying", "seen": "idea"}))
    first = experiment.moves.get()
    manager.post(address, {"state": "waiting for a yes", "seen": "trying"})
    page = follow(manager, undo(manager, page))
    assert told(page)[-1] == "It has moved on since, so we left it where it is: Take turns"
    experiment.refresh_from_db()
    assert (experiment.state, experiment.moves.count()) == ("waiting for a yes", 2)
    assert experiment.moves.last() == first


@pytest.mark.parametrize("verb", ["edit", "move", "order", "remove", "put-back"])
def test_who_reads_it_changes_no_experiment(practitioner, experiment, verb):
    sent = {"title": "Others", "version": 1, "state": "trying", "seen": "idea", "way": "up"}
    response = practitioner.post(
        _address(experiment, verb), sent | {"pillar": experiment.pillar_id}
    )
    assert response.status_code == 403
    kept = Experiment.objects.standing().values_list("title", "version", "state")
    assert list(kept) == [("Take turns", 1, "idea")]


def test_who_reads_it_takes_no_move_back(practitioner, experiment):
    Experiment.objects.update(state="trying")
    move = factories.ExperimentMoveFactory(experiment=experiment)
    response = practitioner.post(f"{PAGE}experiments/moves/{move.pk}/put-back/")
    assert (response.status_code, Experiment.objects.get().state) == (403, "trying")


@pytest.mark.parametrize("verb", ["edit", "move", "order", "remove", "put-back"])
def test_an_experiment_of_another_authority_is_not_found(manager, other_blueprint, verb):
    theirs = factories.ExperimentFactory(
        pillar=factories.PillarFactory(blueprint=other_blueprint), title="Theirs"
    )
    sent = {"title": "Ours", "version": 1, "state": "trying", "seen": "idea", "way": "up"}
    response = manager.post(_address(theirs, verb), sent | {"pillar": theirs.pillar_id})
    assert response.status_code == 404
    kept = Experiment.objects.standing().values_list("title", "version", "state")
    assert list(kept) == [("Theirs", 1, "idea")]
