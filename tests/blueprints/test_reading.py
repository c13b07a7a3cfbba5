"""What pages read of a blueprint, and how few questions that takes."""

from datetime import UTC, datetime

import pytest

from blueprints import reading
from blueprints.models import Blueprint, Experiment
from tests import factories

THEN = datetime(2026, 1, 5, 9, tzinfo=UTC)
State = Experiment.State


def _link(links, *rows) -> None:
    links.add(*rows, through_defaults={"authority": links.instance.authority})


def _grown(cast, blueprint, *, pillars: int, experiments: int) -> None:
    """A blueprint of this size, each pillar grown from an insight of its own."""
    for _ in range(pillars):
        pillar = factories.PillarFactory(
            blueprint=blueprint,
            sponsor=cast.manager.memberships.get(),
            practitioner_lead=cast.practitioner.memberships.get(),
        )
        insight = factories.InsightFactory(programme=cast.programme)
        _link(insight.changes, factories.SmallChangeFactory(programme=cast.programme))
        _link(pillar.insights, insight)
        factories.many_experiments(pillar, experiments)
        factories.CommitmentFactory(blueprint=blueprint)
        factories.NeedFactory(blueprint=blueprint)


# --- the blueprint


def test_nothing_is_read_where_nothing_is_written(cast):
    for programme in (None, cast.programme):
        found = reading.blueprint_of(programme)
        assert (found.blueprint, found.has_words, found.experiments) == (None, False, 0)
    factories.BlueprintFactory(programme=cast.programme)
    assert reading.blueprint_of(cast.programme).has_words is False


@pytest.mark.parametrize(
    "make",
    [
        lambda blueprint: Blueprint.objects.update(focus="Early help"),
        lambda blueprint: factories.CommitmentFactory(blueprint=blueprint),
        lambda blueprint: factories.NeedFactory(blueprint=blueprint),
        lambda blueprint: factories.PillarFactory(blueprint=blueprint),
    ],
    ids=["focus", "commitment", "need", "pillar"],
)
def test_one_word_of_any_kind_is_a_blueprint(blueprint, make):
    make(blueprint)
    assert reading.blueprint_of(blueprint.programme).has_words is True


def test_what_was_taken_away_is_not_read(blueprint, other_blueprint):
    for make in (
        factories.CommitmentFactory,
        factories.NeedFactory,
        factories.PillarFactory,
    ):
        make(blueprint=blueprint, removed_at=THEN)
        make(blueprint=other_blueprint)
    pillar = factories.PillarFactory(blueprint=blueprint)
    insight = factories.InsightFactory(programme=blueprint.programme, removed_at=THEN)
    _link(pillar.insights, insight)
    factories.ExperimentFactory(pillar=pillar, removed_at=THEN)
    stands = factories.ExperimentFactory(pillar=pillar)
    found = reading.blueprint_of(blueprint.programme)
    assert (found.commitments, found.needs, found.experiments) == ([], [], 1)
    (one,) = found.pillars
    assert (one.number, one.pillar, one.experiments) == (1, pillar, [stands])
    assert (one.insights, one.changes) == ([], [])


def test_rows_are_read_in_the_order_that_people_gave_them(blueprint):
    last, first = (
        factories.PillarFactory(blueprint=blueprint, position=position) for position in (9, 2)
    )
    two, one = (factories.ExperimentFactory(pillar=first, position=position) for position in (1, 0))
    found = reading.blueprint_of(blueprint.programme)
    assert [(pillar.number, pillar.pillar) for pillar in found.pillars] == [(1, first), (2, last)]
    assert found.pillars[0].experiments == [one, two]
    assert (two.numbers(), one.numbers()) == ((1, 2), (1, 1))


def test_experiments_are_counted_in_words(pillar):
    for state in (State.IDEA, State.WAITING, State.IDEA, State.DECIDED, State.TRYING):
        factories.ExperimentFactory(
            pillar=pillar, state=state, decision="adopt" if state == State.DECIDED else ""
        )
    (one,) = reading.blueprint_of(pillar.blueprint.programme).pillars
    assert one.states == [
        ("w", "1 waiting for a yes"),
        ("t", "1 being tried"),
        ("", "2 ideas"),
        ("d", "1 decided"),
    ]


def test_what_waits_for_a_yes_comes_in_the_order_of_the_page(blueprint):
    later, sooner = (
        factories.PillarFactory(blueprint=blueprint, position=position) for position in (2, 1)
    )
    waiting = [
        factories.ExperimentFactory(pillar=pillar, state=State.WAITING)
        for pillar in (sooner, sooner, later, later, later, later, later)
    ]
    factories.ExperimentFactory(pillar=sooner, state=State.TRYING)
    found = reading.blueprint_of(blueprint.programme)
    assert (found.waiting, found.waiting_named) == (waiting, waiting[:5])
    assert found.waiting_more == 2


def test_a_pillar_names_each_change_once_and_counts_the_rest(cast, pillar):
    changes = [
        factories.SmallChangeFactory(programme=cast.programme, position=position)
        for position in (5, 0, 3, 1, 4, 2)
    ]
    for some in (changes[:4], changes[2:]):
        insight = factories.InsightFactory(programme=cast.programme)
        _link(insight.changes, *some)
        _link(pillar.insights, insight)
    (one,) = reading.blueprint_of(cast.programme).pillars
    assert [change.position for change in one.changes] == [0, 1, 2, 3, 4, 5]
    assert [change.position for change in one.changes_named] == [0, 1, 2, 3]
    assert one.changes_more == 2


@pytest.mark.parametrize(("pillars", "experiments"), [(1, 1), (3, 10), (12, 100)])
def test_a_blueprint_of_any_size_is_eight_queries(
    cast, blueprint, django_assert_num_queries, pillars, experiments
):
    _grown(cast, blueprint, pillars=pillars, experiments=experiments)
    with django_assert_num_queries(8):
        found = reading.blueprint_of(cast.programme)
        # What the page goes on to read is fetched already.
        said = [
            (one.pillar.sponsor.user.name, one.pillar.practitioner_lead.user.name, one.changes)
            for one in found.pillars
        ]
    assert (len(said), found.experiments) == (pillars, pillars * experiments)


# --- insights


def test_insights_are_read_by_kind_with_the_pillars_that_grew_from_them(cast, blueprint):
    first, gone, second = (
        factories.PillarFactory(blueprint=blueprint, removed_at=removed)
        for removed in (None, THEN, None)
    )
    barrier = factories.InsightFactory(programme=cast.programme, kind="barrier")
    enabler = factories.InsightFactory(programme=cast.programme, kind="enabler")
    factories.InsightFactory(programme=cast.programme, removed_at=THEN)
    factories.InsightFactory(programme=cast.other_programme)
    for pillar in (second, gone):
        _link(pillar.insights, barrier)
    for pillar in (first, second):
        _link(pillar.insights, enabler)
    found = reading.insights_of(cast.programme)
    assert {kind: [one.insight for one in ones] for kind, ones in found.items()} == {
        "barrier": [barrier],
        "enabler": [enabler],
    }
    assert found["barrier"][0].pillars == [(2, second)]
    assert found["enabler"][0].pillars == [(1, first), (2, second)]


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_insights_are_five_queries(cast, blueprint, django_assert_num_queries, rows):
    _grown(cast, blueprint, pillars=rows, experiments=1)
    with django_assert_num_queries(5):
        found = reading.insights_of(cast.programme)
        roots = [list(one.insight.changes.all()) for ones in found.values() for one in ones]
    assert len(roots) == rows


# --- the thread: change → insight → pillar → experiment


def test_a_change_leads_on_to_pillars_and_their_experiments(cast, blueprint):
    change = factories.SmallChangeFactory(programme=cast.programme)
    elsewhere = factories.SmallChangeFactory(programme=cast.programme)
    unrelated, gone, grown, also = (
        factories.PillarFactory(blueprint=blueprint, title=title)
        for title in ("Unrelated", "Gone", "Grown", "Also grown")
    )
    gone.removed_at = THEN
    gone.save()
    for comes_from, pillars in ((change, (grown, also, gone)), (elsewhere, (unrelated,))):
        insight = factories.InsightFactory(programme=cast.programme)
        _link(insight.changes, comes_from)
        for pillar in pillars:
            _link(pillar.insights, insight)
    # A second insight makes no second knot, and one that was taken away makes none.
    second = factories.InsightFactory(programme=cast.programme)
    removed = factories.InsightFactory(programme=cast.programme, removed_at=THEN)
    for insight in (second, removed):
        _link(insight.changes, change)
    _link(grown.insights, second)
    _link(unrelated.insights, removed)
    tried = factories.ExperimentFactory(pillar=grown, title="Tried")
    factories.ExperimentFactory(pillar=grown, removed_at=THEN)
    factories.ExperimentFactory(pillar=unrelated)
    assert reading.onwards_of(change) == [
        ("Pillar 2", "Grown", "/own/blueprint/#pil2"),
        ("Experiment", "Tried", f"/own/blueprint/experiments/{tried.pk}/"),
        ("Pillar 3", "Also grown", "/own/blueprint/#pil3"),
    ]


def test_a_change_that_taught_nothing_yet_leads_nowhere(cast, blueprint):
    factories.ExperimentFactory(pillar=factories.PillarFactory(blueprint=blueprint))
    assert reading.onwards_of(factories.SmallChangeFactory(programme=cast.programme)) == []


@pytest.mark.parametrize(("pillars", "experiments"), [(1, 1), (3, 10), (12, 30)])
def test_the_thread_onwards_is_two_queries(
    cast, blueprint, django_assert_num_queries, pillars, experiments
):
    _grown(cast, blueprint, pillars=pillars, experiments=experiments)
    change = cast.programme.small_changes.select_related("authority").first()
    with django_assert_num_queries(2):
        knots = reading.onwards_of(change)
    assert len(knots) == 1 + experiments
