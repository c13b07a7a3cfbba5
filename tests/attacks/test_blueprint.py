"""What people could try with the blueprint: other rows' ids, two at once, and old pages."""

from uuid import UUID

import pytest
from django.core.exceptions import BadRequest
from django.utils import timezone

from blueprints import actions, voice
from blueprints.leaving import Reader, paper_of
from blueprints.models import LearningCycle, PillarInsight
from smallchanges.models import Met
from tests import factories
from tests.answers import errors
from tests.at_once import while_waiting

PK = UUID(int=7)


@pytest.fixture
def pillar(cast):
    return factories.PillarFactory(blueprint=factories.BlueprintFactory(programme=cast.programme))


@pytest.fixture
def manager(cast, client_of):
    return client_of(cast.manager)


def _decided(pillar, **words):
    return factories.ExperimentFactory(
        pillar=pillar,
        state="decided",
        decision="adopt",
        cycle__we_expect="Calm",
        cycle__decision="adopt",
        cycle__decided_at=timezone.now(),
        **words,
    )


@pytest.mark.parametrize("whose", ["own", "other"])
def test_the_id_of_another_experiments_row_begins_no_cycle_and_seals_nothing(cast, pillar, whose):
    if whose == "other":
        blueprint = factories.BlueprintFactory(programme=cast.other_programme)
        elsewhere = factories.PillarFactory(blueprint=blueprint)
    else:
        elsewhere = pillar
    seen = factories.ObservationFactory(cycle=factories.ExperimentFactory(pillar=elsewhere).cycle)
    decided = _decided(pillar)
    tried = factories.ExperimentFactory(
        pillar=pillar, state="trying", cycle__we_expect="Calm", cycle__sealed_at=None
    )
    before = list(LearningCycle.objects.order_by("pk").values())
    with pytest.raises(BadRequest):
        actions.begin_cycle(
            experiment=decided,
            pk=seen.cycle_id,
            state="trying",
            we_try="Once more",
            by=cast.manager,
        )
    with pytest.raises(BadRequest):
        actions.observe(experiment=tried, pk=seen.pk, text="Something else", by=cast.manager)
    assert list(LearningCycle.objects.order_by("pk").values()) == before
    decided.refresh_from_db()
    assert decided.state == "decided"


def test_an_old_page_writes_over_no_surprise_and_empties_none(manager, pillar):
    experiment = _decided(pillar, cycle__surprised_us="That schools led")
    address = f"/own/blueprint/experiments/{experiment.pk}/decide/"
    old = {"decision": "adopt", "seen": "adopt", "read": ""}
    for typed in ("", "How many came"):
        response = manager.post(address, old | {"surprised_us": typed})
        (said,) = errors(response)["surprised_us"]
        assert "That schools led" in said
        assert experiment.cycles.get().surprised_us == "That schools led"
    # What comes back holds what was typed, and that the other was read by now.
    form = response.context["form"]
    again = {name: form[name].value() for name in ("decision", "seen", "read", "surprised_us")}
    assert manager.post(address, again).status_code == 302
    assert experiment.cycles.get().surprised_us == "How many came"


@pytest.mark.django_db(transaction=True)
def test_a_promise_told_twice_at_once_is_told_once(cast, pillar):
    promise = factories.PromiseFactory(pillar=pillar, experiment=None, by_when=timezone.localdate())

    def tell():
        promise = cast.authority.promises.get()
        return actions.tell_promise(promise=promise, pk=PK, version=1, kept=True, by=cast.manager)

    first, second = while_waiting(tell, tell)
    assert (first, first) == (second, promise.tellings.get())


def test_a_paper_counts_what_the_pillars_page_counts(cast, pillar):
    """Among what could be counted twice, or not at all: what was joined, or taken away."""
    programme = cast.programme
    strand = factories.MissionStrandFactory(programme=programme)
    into = factories.BarrierFactory(programme=programme)
    merged = factories.BarrierFactory(programme=programme, merged_into=into)
    change = factories.SmallChangeFactory(programme=programme, strand=strand)
    met = factories.MetFactory(change=change, kind=Met.Kind.BARRIER)
    gone = factories.MetFactory(change=change, kind=Met.Kind.ENABLER, removed_at=timezone.now())
    insight = factories.InsightFactory(programme=programme)
    PillarInsight.objects.create(authority=cast.authority, pillar=pillar, insight=insight)
    for piece in ({"barrier": into}, {"barrier": merged}, {"met": met}, {"met": gone}):
        factories.EvidenceFactory(insight=insight, **{"change": None} | piece)
    (paper,) = paper_of(cast.authority, Reader.PARTNERS).pillars
    assert voice.of([pillar])[pillar.pk].heard == [
        *("1 barrier", "1 thing met in the way", "1 small change"),
    ]
    assert paper.voice == "Grown from 1 barrier, 1 thing met in the way and 1 small change"


def test_what_one_manager_said_another_takes_back_nowhere(cast, client_of, pillar):
    """Nor do they put back what the first one took away."""
    other = factories.MembershipFactory(authority=cast.authority, roles=["manager"]).user
    promise = factories.PromiseFactory(pillar=pillar, experiment=None, made_by=cast.manager)
    telling = actions.tell_promise(promise=promise, pk=PK, version=1, kept=True, by=cast.manager)
    standing, removed = (factories.ReviewFactory(pillar=pillar, by=cast.manager) for _ in range(2))
    actions.take_back_review(review=removed, by=cast.manager)
    experiment = factories.ExperimentFactory(pillar=pillar, state="waiting for a yes")
    factories.AnswerFactory(experiment=experiment, kind="yes if", words="Jo agrees")
    move = actions.begin_answered(experiment=experiment, by=cast.manager)
    addresses = [
        f"tellings/{telling.pk}/undo/",
        f"written/{standing.pk}/remove/",
        f"written/{removed.pk}/put-back/",
        f"begun/{move.pk}/undo/",
    ]
    answers = {
        who: [client_of(who).post(f"/own/reviews/{one}").status_code for one in addresses]
        for who in (other, cast.manager)
    }
    assert answers == {other: [404] * 4, cast.manager: [302] * 4}


def test_a_practitioner_who_answers_an_ask_promises_nothing(cast, client_of, pillar):
    """Their form has no such fields; a form that sends them all the same makes no promise."""
    change = factories.SmallChangeFactory(programme=cast.programme)
    member = cast.practitioner.memberships.get()
    ask = factories.AskFactory(change=change, member=member)
    promised = {"promised": "A room", "by_when": timezone.localdate().isoformat()}
    sent = {"id": str(PK), "kind": "yes", "words": "", "seen": ask.version} | promised
    answer = client_of(cast.practitioner).post(f"/own/reviews/asks/{ask.pk}/answer/", sent)
    ask.refresh_from_db()
    assert (answer.status_code, ask.state, ask.promises.count()) == (302, "yes", 0)


def test_a_practitioner_undoes_no_cycle_that_somebody_else_began(cast, client_of, pillar):
    decided = _decided(pillar)
    actions.begin_cycle(
        experiment=decided, pk=PK, state="trying", we_try="Again", by=cast.facilitator
    )
    address = f"/own/blueprint/experiments/moves/{decided.moves.first().pk}/put-back/"
    assert client_of(cast.practitioner).post(address).status_code == 403
    assert decided.cycles.count() == 2


def test_whoever_sees_something_first_words_what_was_expected(cast, pillar):
    """The other one's page was open before that: their words are not kept as if they had been."""
    experiment = factories.ExperimentFactory(pillar=pillar, state="trying")
    said = {"experiment": experiment, "by": cast.practitioner}
    actions.observe(pk=PK, text="Calm it was", we_expect="Calm", **said)
    with pytest.raises(actions.Sealed):
        actions.observe(pk=UUID(int=8), text="Loud it was", we_expect="Noise", **said)
    cycle = experiment.cycles.get()
    assert (cycle.we_expect, cycle.observations.count()) == ("Calm", 1)
