"""Joining what belongs together, taking it apart again, and making two of one: the pages."""

from uuid import uuid4

import pytest
from django.urls import reverse

from blueprints.models import Pillar
from programmes.models import Programme
from smallchanges import actions
from smallchanges.models import MissionStrand, SmallChange
from tests import factories
from tests.at_once import while_waiting


def _url(name: str, *args, **query) -> str:
    return reverse(f"smallchanges:{name}", args=["own", *args], query=query or None)


def _undo(response) -> str:
    """The address that takes back what was just said."""
    *_, said = response.context["messages"]
    return said.extra_tags


@pytest.fixture
def twin(cast, strand):
    """The same small change, offered twice: with a step, the same barrier met, and an ask."""
    change = factories.SmallChangeFactory(
        programme=cast.programme, strand=strand, title="Hour of quiet", position=1
    )
    factories.StepFactory(change=change, text="Book a room")
    factories.MetFactory(change=change, text="No rooms")
    factories.AskFactory(change=change, what="A room")
    return change


def _rows(change) -> dict:
    return {
        name: sorted(str(row) for row in getattr(change, name).all())
        for name in ("steps", "met", "asks")
    }


def test_two_changes_become_one_and_two_again(cast, practitioner, change, twin):
    factories.MetFactory(change=change, text="no rooms")
    insight = factories.InsightFactory(programme=cast.programme)
    insight.changes.add(change, twin, through_defaults={"authority": cast.authority})
    pillar = factories.PillarFactory(blueprint__programme=cast.programme)
    pillar.insights.add(insight, through_defaults={"authority": cast.authority})
    mine, theirs = _rows(change), _rows(twin)

    found = practitioner.get(_url("change-same", change.pk, q="quiet")).context["found"]
    assert [str(one) for one in found] == ["Hour of quiet"]
    looked = practitioner.get(_url("change-join", change.pk, twin.pk))
    assert [str(one) for one in looked.context["both"]] == ["Quiet hour", "Hour of quiet"]
    joined = practitioner.post(
        _url("change-join", change.pk, twin.pk), {"keep": change.pk}, follow=True
    )

    # The kept one has what both had, once; the other is in no list, and its address leads here.
    assert _rows(change) == {"steps": ["Book a room"], "met": ["no rooms"], "asks": ["A room"]}
    assert list(cast.programme.small_changes.all()) == [change]
    assert practitioner.get(_url("change", twin.pk)).url == change.get_absolute_url()
    assert list(insight.changes.all()) == [change]
    assert list(Pillar.objects.grown_from(change)) == [pillar]
    ends = insight.evidence.values_list("change", "change__merged_into")
    assert {into or pk for pk, into in ends} == {change.pk}
    assert [one["title"] for one in joined.context["change"].joined_here] == ["Hour of quiet"]
    # Sent twice, it is one deed; what is sent to the address of the other reaches the kept one.
    practitioner.post(_url("change-join", change.pk, twin.pk), {"keep": twin.pk})
    practitioner.post(_url("step-add", twin.pk), {"step-id": uuid4(), "step-text": "Write it"})
    assert _rows(change)["steps"] == ["Book a room", "Write it"]

    practitioner.post(_undo(joined))

    assert _rows(twin) == theirs
    assert _rows(change) == mine | {"steps": ["Write it"]}
    assert set(insight.changes.all()) == {change, twin}


def test_words_that_were_being_changed_meanwhile_are_not_written_over(practitioner, change, twin):
    sent = {"title": "An hour", "gift": "ours", "version": twin.version}
    practitioner.post(_url("change-join", change.pk, twin.pk))

    late = practitioner.post(_url("change-edit", twin.pk), sent)

    change.refresh_from_db()
    assert (late.status_code, change.title) == (409, "Quiet hour")


def test_no_chains_and_no_rings(cast, practitioner, change, twin):
    third = factories.SmallChangeFactory(programme=cast.programme)
    actions.join(into=change, others=[twin], by=cast.practitioner)

    practitioner.post(_url("change-join", third.pk, change.pk), {"keep": third.pk})

    assert [*SmallChange.objects.filter(pk__in=[change.pk, third.pk])] == [change, third]
    with pytest.raises(actions.Gone):
        actions.join(into=twin, others=[change], by=cast.practitioner)
    with pytest.raises(actions.Gone):
        actions.join(into=change, others=[change], by=cast.practitioner)


def test_words_for_other_authorities_are_not_left_open_unseen(cast, practitioner, change, twin):
    factories.ShareFactory(change=change)
    kept = factories.ShareFactory(change=twin)

    practitioner.post(_url("change-join", change.pk, twin.pk))
    assert SmallChange.objects.filter(pk=twin.pk).exists()

    change.shares.all().delete()
    practitioner.post(_url("change-join", change.pk, twin.pk))
    assert list(change.shares.all()) == [kept]


@pytest.mark.django_db(transaction=True)
def test_who_joins_a_moment_later_is_told(cast, change, twin):
    third = factories.SmallChangeFactory(programme=cast.programme)

    _, second = while_waiting(
        lambda: actions.join(into=change, others=[twin], by=cast.practitioner),
        lambda: actions.join(into=third, others=[twin], by=cast.manager),
    )

    assert isinstance(second, actions.Gone)
    assert SmallChange._base_manager.get(pk=twin.pk).merged_into == change


def test_one_change_becomes_two_and_one_again(cast, practitioner, change, twin):
    insight = factories.InsightFactory(programme=cast.programme)
    insight.changes.add(twin, through_defaults={"authority": cast.authority})
    step = twin.steps.get()
    sent = {"id": uuid4(), "title": "Rooms to book", "steps": [step.pk]}

    made = practitioner.post(_url("change-split", twin.pk), sent, follow=True)
    practitioner.post(_url("change-split", twin.pk), sent)

    new = made.context["change"]
    assert (new.split_from, new.strand, list(new.steps.all())) == (twin, twin.strand, [step])
    assert set(insight.changes.all()) == {twin, new}
    assert practitioner.get(twin.get_absolute_url()).context["change"].grew_out_of_it == [
        {"pk": str(new.pk), "title": "Rooms to book", "purpose": ""}
    ]
    # Once something was written there, the two stay two.
    written = factories.UpdateFactory(change=new)
    practitioner.post(_undo(made))
    assert SmallChange.objects.filter(pk=new.pk).exists()
    written.delete()
    practitioner.post(_undo(made))
    assert list(cast.programme.small_changes.all()) == [change, twin]
    assert list(twin.steps.all()) == [step]


def test_strands_become_one_and_two_again(cast, facilitator, strand, change):
    other = factories.MissionStrandFactory(programme=cast.programme, title="Hours", position=1)
    barrier = factories.BarrierFactory(programme=cast.programme)
    other.barriers.add(barrier, through_defaults={"authority": cast.authority})
    moved = factories.SmallChangeFactory(programme=cast.programme, strand=other)

    ticked = facilitator.get(_url("strands-join"), {"strand": [strand.pk, other.pk]})
    assert ticked.context["chosen"] == [strand, other]
    both = {"strand": [strand.pk, other.pk], "keep": strand.pk}
    joined = facilitator.post(_url("strands-join"), both, follow=True)

    assert [str(one) for one in joined.context["changes"]] == [str(change), str(moved)]
    assert list(joined.context["barriers"]) == [barrier]
    assert facilitator.get(_url("strand", other.pk)).url == strand.get_absolute_url()
    assert [str(one) for one in MissionStrand.objects.for_list()] == ["Time"]

    apart = facilitator.post(_undo(joined), follow=True)
    assert list(other.small_changes.all()) == [moved]
    assert list(other.barriers.all()) == [barrier]
    again = facilitator.post(_undo(apart), follow=True)
    assert [one["title"] for one in again.context["strand"].joined_here] == ["Hours"]


def test_one_strand_becomes_two_and_one_again(cast, facilitator, strand, change):
    barrier = factories.BarrierFactory(programme=cast.programme)
    strand.barriers.add(barrier, through_defaults={"authority": cast.authority})
    sent = {"id": uuid4(), "title": "Hours", "changes": [change.pk], "barriers": [barrier.pk]}

    made = facilitator.post(_url("strand-split", strand.pk), sent, follow=True)

    new = made.context["strand"]
    assert (new.split_from, list(new.small_changes.all())) == (strand, [change])
    assert (list(new.barriers.all()), list(strand.barriers.all())) == ([barrier], [barrier])
    facilitator.post(_undo(made))
    assert list(strand.small_changes.all()) == [change]
    assert list(Programme.objects.get(pk=cast.programme.pk).strands.all()) == [strand]


@pytest.mark.parametrize("parts", [1, 3])
def test_the_number_of_queries_stays(cast, practitioner, change, django_assert_num_queries, parts):
    for number in range(parts):
        factories.SmallChangeFactory(programme=cast.programme, merged_into=change)
        factories.SmallChangeFactory(
            programme=cast.programme, split_from=change, title=f"Hour {number}"
        )
    practitioner.get(_url("change-same", change.pk))
    with django_assert_num_queries(9):
        practitioner.get(_url("change-same", change.pk, q="hour"))
