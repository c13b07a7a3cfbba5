"""Writing the blueprint: what each action leaves behind, and what it refuses."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import BadRequest
from django.utils import timezone

from blueprints import actions
from blueprints.models import Blueprint, Commitment, Experiment, Insight, Need, Pillar
from programmes.editing import Stale, Taken
from tests import factories
from tests.at_once import while_waiting

State, Decision = Experiment.State, Experiment.Decision
PK = UUID(int=7)


def _taken_away(row, by) -> None:
    row.removed_at, row.removed_by = timezone.now(), by
    row.save()


# --- beginning, and its focus


def test_begin_makes_one_blueprint_however_often_it_is_asked(cast):
    first = actions.begin(programme=cast.programme, by=cast.manager)
    assert actions.begin(programme=cast.programme, by=cast.facilitator) == first
    assert list(Blueprint.objects.values_list("authority", "programme")) == [
        (cast.authority.pk, cast.programme.pk)
    ]


@pytest.mark.django_db(transaction=True)
def test_begun_twice_at_once_it_is_made_once(cast):
    def begin():
        return actions.begin(programme=cast.programme, by=cast.manager)

    first, second = while_waiting(begin, begin)
    assert first == second == Blueprint.objects.get()


def test_the_focus_is_worded_at_the_version_that_was_read(cast, blueprint):
    actions.word_focus(blueprint=blueprint, version=1, focus="Early help", by=cast.manager)
    blueprint.refresh_from_db()
    assert (blueprint.focus, blueprint.version) == ("Early help", 2)
    with pytest.raises(Stale) as stale:
        actions.word_focus(blueprint=blueprint, version=1, focus="Late help", by=cast.manager)
    assert stale.value.row.focus == "Early help"


# --- lines: commitments and needs


@pytest.mark.parametrize("kind", [Commitment, Need])
def test_a_line_sent_twice_is_one_line_after_the_others(cast, blueprint, kind):
    for pk, text in ((uuid4(), "First"), (PK, "Second"), (PK, "Second")):
        actions.write_line(kind=kind, blueprint=blueprint, pk=pk, text=text, by=cast.manager)
    lines = kind.objects.standing().values_list("text", "position", "authority")
    assert list(lines) == [("First", 0, cast.authority.pk), ("Second", 1, cast.authority.pk)]


@pytest.mark.parametrize("kind", [Commitment, Need])
def test_the_same_words_stand_once_until_they_are_taken_away(cast, blueprint, kind):
    def write(text):
        return actions.write_line(
            kind=kind, blueprint=blueprint, pk=uuid4(), text=text, by=cast.manager
        )

    first = write("Families first")
    with pytest.raises(Taken):
        write("FAMILIES first")
    actions.remove(row=first, by=cast.manager)
    second = write("families first")
    with pytest.raises(Taken):
        actions.put_back(row=first, by=cast.manager)
    actions.reword_line(line=second, version=1, text="Children first", by=cast.manager)
    actions.put_back(row=first, by=cast.manager)
    assert {line.text for line in kind.objects.standing()} == {"Families first", "Children first"}


def test_a_line_cannot_take_the_words_of_another(cast, blueprint):
    factories.CommitmentFactory(blueprint=blueprint, text="One")
    line = factories.CommitmentFactory(blueprint=blueprint, text="Two")
    with pytest.raises(Taken):
        actions.reword_line(line=line, version=1, text="ONE", by=cast.manager)
    with pytest.raises(Stale):
        actions.reword_line(line=line, version=2, text="Three", by=cast.manager)
    line.refresh_from_db()
    assert (line.text, line.version) == ("Two", 1)


def test_an_id_of_another_authoritys_row_is_not_ours_to_give(cast, blueprint, other_blueprint):
    theirs = factories.CommitmentFactory(blueprint=other_blueprint, text="Theirs")
    with pytest.raises(BadRequest):
        actions.write_line(
            kind=Commitment, blueprint=blueprint, pk=theirs.pk, text="Ours", by=cast.manager
        )
    theirs.refresh_from_db()
    assert (theirs.text, Commitment.objects.count()) == ("Theirs", 1)


def test_taken_away_and_put_back_twice_is_once(cast, blueprint):
    line = factories.NeedFactory(blueprint=blueprint)
    for _ in range(2):
        line = actions.remove(row=line, by=cast.manager)
    assert (line.removed_at is None, line.removed_by) == (False, cast.manager)
    for _ in range(2):
        line = actions.put_back(row=line, by=cast.manager)
    assert (line.removed_at, line.removed_by) == (None, None)


# --- insights


def test_an_insight_keeps_the_changes_that_it_comes_from(cast):
    changes = factories.SmallChangeFactory.create_batch(3, programme=cast.programme)
    words = {"text": "Time is short", "kind": "barrier", "sits_in": "culture"}
    insight = actions.write_insight(
        programme=cast.programme, pk=PK, changes=changes[:2], by=cast.manager, **words
    )
    assert (insight.authority, set(insight.changes.all())) == (cast.authority, set(changes[:2]))
    again = actions.write_insight(
        programme=cast.programme, pk=PK, changes=[], by=cast.manager, **words
    )
    assert (again, set(again.changes.all())) == (insight, set(changes[:2]))
    actions.reword_insight(
        insight=insight, version=1, changes=changes[1:], by=cast.manager, kind="enabler"
    )
    insight.refresh_from_db()
    assert (insight.kind, insight.version) == ("enabler", 2)
    assert set(insight.changes.all()) == set(changes[1:])


def test_an_insight_that_was_quicker_keeps_its_links(cast):
    change = factories.SmallChangeFactory(programme=cast.programme)
    insight = factories.InsightFactory(programme=cast.programme, version=2)
    insight.changes.add(change, through_defaults={"authority": cast.authority})
    with pytest.raises(Stale):
        actions.reword_insight(
            insight=insight, version=1, changes=[], by=cast.manager, text="Other words"
        )
    assert list(Insight.objects.get().changes.all()) == [change]


# --- pillars


def test_a_pillar_is_made_once_with_its_roots_and_people(cast, blueprint):
    insight = factories.InsightFactory(programme=cast.programme)
    sponsor = cast.manager.memberships.get()
    for _ in range(2):
        pillar = actions.write_pillar(
            blueprint=blueprint,
            pk=PK,
            insights=[insight],
            by=cast.manager,
            title="Partners",
            sponsor=sponsor,
        )
    assert list(Pillar.objects.all()) == [pillar]
    assert (pillar.sponsor, list(pillar.insights.all())) == (sponsor, [insight])


def test_rewording_a_pillar_keeps_its_link_to_an_insight_that_was_taken_away(cast, pillar):
    insights = factories.InsightFactory.create_batch(3, programme=cast.programme)
    pillar.insights.set(insights[:2], through_defaults={"authority": cast.authority})
    _taken_away(insights[0], cast.manager)
    actions.reword_pillar(
        pillar=pillar, version=1, insights=[insights[2]], by=cast.manager, title="Good partners"
    )
    assert set(pillar.insights.all()) == {insights[0], insights[2]}


def test_a_pillar_goes_with_its_experiments_and_comes_back_with_just_those(cast, pillar):
    kept = factories.ExperimentFactory.create_batch(2, pillar=pillar)
    gone_before = factories.ExperimentFactory(pillar=pillar)
    _taken_away(gone_before, cast.manager)
    actions.remove_pillar(pillar=pillar, experiments=2, by=cast.manager)
    assert list(pillar.experiments.standing()) == []
    # A second press of the button, with whatever count, finds it gone already.
    actions.remove_pillar(pillar=pillar, experiments=9, by=cast.manager)
    actions.put_back_pillar(pillar=pillar, by=cast.manager)
    pillar.refresh_from_db()
    assert (pillar.removed_at, pillar.removed_by) == (None, None)
    assert list(pillar.experiments.standing()) == kept


def test_a_pillar_stays_where_it_has_more_experiments_than_were_told_of(cast, pillar):
    factories.ExperimentFactory(pillar=pillar)
    with pytest.raises(Stale):
        actions.remove_pillar(pillar=pillar, experiments=0, by=cast.manager)
    pillar.refresh_from_db()
    assert (pillar.removed_at, pillar.experiments.standing().count()) == (None, 1)


def test_a_pillar_whose_title_is_taken_meanwhile_stays_away_with_its_experiments(cast, pillar):
    factories.ExperimentFactory(pillar=pillar)
    actions.remove_pillar(pillar=pillar, experiments=1, by=cast.manager)
    factories.PillarFactory(blueprint=pillar.blueprint, title="PARTNERS")
    with pytest.raises(Taken):
        actions.put_back_pillar(pillar=pillar, by=cast.manager)
    pillar.refresh_from_db()
    assert (pillar.removed_at is None, pillar.experiments.standing().count()) == (False, 0)


@pytest.mark.django_db(transaction=True)
def test_an_experiment_for_a_pillar_that_is_just_taken_away_is_refused(cast, pillar):
    _, refused = while_waiting(
        lambda: actions.remove_pillar(pillar=pillar, experiments=0, by=cast.manager),
        lambda: actions.write_experiment(pillar=pillar, pk=PK, by=cast.manager, title="Late"),
    )
    assert (type(refused), Experiment.objects.count()) == (Pillar.DoesNotExist, 0)


@pytest.mark.django_db(transaction=True)
def test_a_pillar_that_just_got_an_experiment_is_not_taken_away(cast, pillar):
    _, refused = while_waiting(
        lambda: actions.write_experiment(pillar=pillar, pk=PK, by=cast.manager, title="Quick"),
        lambda: actions.remove_pillar(pillar=pillar, experiments=0, by=cast.manager),
    )
    pillar.refresh_from_db()
    assert (type(refused), pillar.removed_at) == (Stale, None)


# --- experiments


def test_an_experiment_begins_as_an_idea_after_the_others(cast, pillar):
    factories.ExperimentFactory(pillar=pillar, position=4)
    for _ in range(2):
        made = actions.write_experiment(
            pillar=pillar, pk=PK, by=cast.manager, title="Take turns", from_on=date(2026, 1, 5)
        )
    assert Experiment.objects.count() == 2
    assert (made.state, made.decision, made.position) == (State.IDEA, "", 5)
    assert (made.created_by, made.authority) == (cast.manager, cast.authority)


def test_the_same_title_is_taken_in_its_pillar_alone(cast, pillar):
    other = factories.PillarFactory(blueprint=pillar.blueprint)
    factories.ExperimentFactory(pillar=pillar, title="Take turns")
    with pytest.raises(Taken):
        actions.write_experiment(pillar=pillar, pk=PK, by=cast.manager, title="TAKE turns")
    actions.write_experiment(pillar=other, pk=PK, by=cast.manager, title="TAKE turns")
    with pytest.raises(Taken):
        actions.reword_experiment(
            experiment=Experiment.objects.get(pk=PK), version=1, pillar=pillar, by=cast.manager
        )
    assert Experiment.objects.get(pk=PK).pillar == other


def test_an_experiment_that_changes_its_pillar_comes_last_there(cast, pillar):
    other = factories.PillarFactory(blueprint=pillar.blueprint)
    factories.ExperimentFactory(pillar=other, position=8)
    experiment = factories.ExperimentFactory(pillar=pillar, position=0)
    actions.reword_experiment(
        experiment=experiment, version=1, pillar=other, by=cast.manager, title="Moved house"
    )
    experiment.refresh_from_db()
    assert (experiment.pillar, experiment.position) == (other, 9)
    assert experiment.numbers() == (2, 2)
    _taken_away(pillar, cast.manager)
    with pytest.raises(Pillar.DoesNotExist):
        actions.reword_experiment(
            experiment=experiment, version=2, pillar=pillar, by=cast.manager, title="Back"
        )


def test_an_experiment_does_not_come_back_before_its_pillar(cast, pillar):
    experiment = factories.ExperimentFactory(pillar=pillar)
    actions.remove(row=experiment, by=cast.manager)
    actions.remove_pillar(pillar=pillar, experiments=0, by=cast.manager)
    with pytest.raises(actions.PillarGone):
        actions.put_back(row=experiment, by=cast.manager)
    actions.put_back_pillar(pillar=pillar, by=cast.manager)
    actions.put_back(row=experiment, by=cast.manager)
    assert list(pillar.experiments.standing()) == [experiment]


# --- the gate


def _where(experiment) -> tuple[str, str]:
    experiment.refresh_from_db()
    return experiment.state, experiment.decision


PLACES = [
    *((state, "") for state in (State.IDEA, State.WAITING, State.TRYING)),
    *((State.DECIDED, decision) for decision in Decision),
]


@pytest.mark.parametrize("there", PLACES, ids=lambda place: "-".join(filter(None, place)))
@pytest.mark.parametrize("here", PLACES, ids=lambda place: "-".join(filter(None, place)))
def test_an_experiment_moves_from_anywhere_to_anywhere_else_and_back(cast, pillar, here, there):
    experiment = factories.ExperimentFactory(pillar=pillar, state=here[0], decision=here[1])
    move = actions.move_experiment(
        experiment=experiment, state=there[0], decision=there[1], why="We saw", by=cast.manager
    )
    assert _where(experiment) == there
    if here == there:
        assert (move, experiment.moves.count()) == (None, 0)
        return
    assert (move.from_state, move.from_decision) == here
    assert (move.to_state, move.to_decision) == there
    assert (move.why, move.by, move.authority) == ("We saw", cast.manager, cast.authority)
    assert actions.move_back(move=move, by=cast.manager) == experiment.moves.first()
    assert (_where(experiment), experiment.moves.count()) == (here, 2)


@pytest.mark.parametrize("state", [State.IDEA, State.WAITING, State.TRYING])
def test_only_what_is_decided_has_a_decision(cast, pillar, state):
    experiment = factories.ExperimentFactory(pillar=pillar, state="decided", decision="adopt")
    actions.move_experiment(
        experiment=experiment, state=state, decision=Decision.AMPLIFY, by=cast.manager
    )
    assert _where(experiment) == (state, "")


def test_sent_twice_it_moves_once(cast, pillar):
    experiment = factories.ExperimentFactory(pillar=pillar)
    moves = [
        actions.move_experiment(experiment=experiment, state=State.TRYING, by=cast.manager)
        for _ in range(2)
    ]
    assert (moves[1], list(experiment.moves.all())) == (None, moves[:1])


@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_once_it_moves_once(cast, pillar):
    experiment = factories.ExperimentFactory(pillar=pillar)

    def move():
        return actions.move_experiment(
            experiment=Experiment.objects.get(pk=experiment.pk),
            state=State.TRYING,
            by=cast.manager,
        )

    first, second = while_waiting(move, move)
    assert (second, list(experiment.moves.all())) == (None, [first])


def test_only_the_last_move_is_taken_back(cast, pillar):
    experiment = factories.ExperimentFactory(pillar=pillar)
    first, last = (
        actions.move_experiment(experiment=experiment, state=state, by=cast.manager)
        for state in (State.WAITING, State.TRYING)
    )
    assert actions.move_back(move=first, by=cast.manager) is None
    assert _where(experiment) == (State.TRYING, "")
    actions.move_back(move=last, by=cast.manager)
    assert _where(experiment) == (State.WAITING, "")


def test_a_move_that_a_journeys_file_tells_of_keeps_its_day_and_person(cast, pillar):
    experiment = factories.ExperimentFactory(pillar=pillar)
    then = timezone.now().replace(year=2022, month=3, day=1)
    move = actions.move_experiment(
        experiment=experiment,
        state=State.TRYING,
        by=None,
        person=cast.practitioner,
        at=then,
        illustrative="date",
    )
    assert (move.at, move.by, move.illustrative) == (then, cast.practitioner, "date")


# --- order


@pytest.mark.parametrize(
    "make",
    [
        lambda blueprint: factories.CommitmentFactory(blueprint=blueprint),
        lambda blueprint: factories.NeedFactory(blueprint=blueprint),
        lambda blueprint: factories.PillarFactory(blueprint=blueprint),
        lambda blueprint: factories.InsightFactory(programme=blueprint.programme),
        lambda blueprint: factories.ExperimentFactory(
            pillar=blueprint.pillars.first() or factories.PillarFactory(blueprint=blueprint)
        ),
    ],
    ids=["commitment", "need", "pillar", "insight", "experiment"],
)
def test_a_row_moves_among_those_that_stand(cast, blueprint, make):
    first, second, gone, third = (make(blueprint) for _ in range(4))
    _taken_away(gone, cast.manager)

    def rows():
        return list(first.siblings())

    assert actions.order(row=first, places=-1, by=cast.manager) is False
    assert actions.order(row=third, places=-1, by=cast.manager) is True
    assert rows() == [first, third, second]
    assert actions.order(row=first, places=1, by=cast.manager) is True
    assert rows() == [third, first, second]
    assert actions.order(row=second, places=1, by=cast.manager) is False
    assert actions.order(row=gone, places=1, by=cast.manager) is False


def test_insights_are_ordered_within_their_kind(cast):
    barrier, enabler, last = (
        factories.InsightFactory(programme=cast.programme, kind=kind)
        for kind in ("barrier", "enabler", "barrier")
    )
    actions.order(row=last, places=-1, by=cast.manager)
    assert list(barrier.siblings()) == [last, barrier]
    assert list(enabler.siblings()) == [enabler]


@pytest.mark.django_db(transaction=True)
def test_two_who_order_at_once_do_not_lose_one_anothers_order(cast, blueprint):
    one, two, three = factories.CommitmentFactory.create_batch(3, blueprint=blueprint)
    while_waiting(
        lambda: actions.order(row=one, places=1, by=cast.manager),
        lambda: actions.order(row=three, places=-1, by=cast.manager),
    )
    assert list(blueprint.commitments.standing()) == [two, three, one]
    positions = blueprint.commitments.values_list("position", flat=True)
    assert sorted(positions) == [0, 1, 2]
