"""What people tell of a change between two learning pods."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from smallchanges import actions
from smallchanges.models import Move, SmallChange, Update
from smallchanges.reading import ChangeReading
from tests import factories


@pytest.fixture
def change(cast):
    return factories.SmallChangeFactory(
        programme=cast.programme, title="Walk and talk", stage="develop", status="in progress"
    )


@pytest.fixture
def addresses(change):
    page = f"/{change.authority.slug}/changes/{change.pk}/"
    return page, f"{page}updates/add/"


def _share(change, cast, **said):
    said = {"pk": uuid4(), "text": "We walked twice", "stage": "develop"} | said
    return actions.share_update(change=change, by=cast.practitioner, **said)


def _place(change):
    return SmallChange.objects.values_list("stage", "status").get(pk=change.pk)


def test_one_line_is_an_update_and_moves_nothing(change, cast):
    update = _share(change, cast)
    assert (update.text, update.by, update.move) == ("We walked twice", cast.practitioner, None)
    assert _place(change) == ("develop", "in progress")


def test_the_same_update_sent_twice_is_there_once_and_moves_once(change, cast):
    pk = uuid4()
    first = _share(change, cast, pk=pk, stage="grow")
    assert _share(change, cast, pk=pk, stage="grow") == first
    assert list(Update.objects.all()) == [first]
    assert list(Move.objects.all()) == [first.move]


@pytest.mark.parametrize(
    ("was", "stage", "becomes"),
    [
        (("develop", "chosen"), "develop", ("develop", "in progress")),
        (("develop", "chosen"), "influence", ("influence", "in progress")),
        (("develop", "paused"), "develop", ("develop", "paused")),
        (("grow", "embedded"), "grow", ("grow", "embedded")),
        (("grow", "embedded"), "influence", ("influence", "in progress")),
        (("influence", "in progress"), "mission", ("mission", "in progress")),
    ],
)
def test_an_update_says_where_the_change_is(change, cast, was, stage, becomes):
    change.stage, change.status = was
    change.save()
    update = _share(change, cast, stage=stage)
    assert _place(change) == becomes
    if was == becomes:
        assert update.move is None
    else:
        assert (update.move.why, update.move.by) == ("We walked twice", cast.practitioner)


def test_what_does_not_fit_leaves_no_words_behind(change, cast):
    change.status = "stopped"
    change.save()
    with pytest.raises(ValidationError) as refused:
        _share(change, cast, stage="grow")
    assert list(refused.value.message_dict) == ["stage"]
    assert list(Update.objects.all()) == []
    assert _place(change) == ("develop", "stopped")


def test_an_update_that_is_taken_away_takes_its_move_with_it(change, cast):
    update = _share(change, cast, stage="grow")
    actions.remove_from_plan(row=update, by=cast.facilitator)
    assert _place(change) == ("develop", "in progress")
    assert ChangeReading(change).story == []
    actions.put_back_in_plan(row=update, by=cast.facilitator)
    assert ChangeReading(change).story == [update]
    assert _place(change) == ("develop", "in progress")


def test_a_change_that_moved_on_since_stays_where_it_is(change, cast):
    update = _share(change, cast, stage="influence")
    last = _share(change, cast, stage="grow", text="Everybody walks")
    actions.remove_from_plan(row=update, by=cast.facilitator)
    assert _place(change) == ("grow", "in progress")
    # That it moved is told, without the words that were taken away.
    assert ChangeReading(change).story == [last, update.move]
    assert Move.objects.get(pk=update.move_id).why == ""
    actions.put_back_in_plan(row=update, by=cast.facilitator)
    assert ChangeReading(change).story == [last, update]
    assert Move.objects.get(pk=update.move_id).why == "We walked twice"


def test_the_story_tells_updates_and_other_moves_once_each_newest_first(change, cast):
    first = _share(change, cast, stage="influence")
    moved = actions.move(change=change, stage="grow", status="in progress", why="", by=None)
    last = _share(change, cast, stage="grow", text="Everybody walks")
    assert ChangeReading(change).story == [last, moved, first]


def test_a_change_that_somebody_told_of_has_not_gone_quiet(change, cast):
    assert list(SmallChange.objects.quiet()) == [change]
    update = _share(change, cast)
    assert list(SmallChange.objects.quiet()) == []
    Update.objects.update(at=timezone.now() - timedelta(weeks=6))
    assert list(SmallChange.objects.quiet()) == [change]
    Update.objects.update(at=timezone.now())
    actions.remove_from_plan(row=update, by=cast.facilitator)
    assert list(SmallChange.objects.quiet()) == [change]


def test_a_practitioner_shares_an_update_on_the_page(client, change, cast, addresses):
    client.force_login(cast.practitioner)
    page, add = addresses
    said = {"id": str(uuid4()), "text": "We walked twice", "stage": "influence"}
    answer = client.post(add, said, follow=True)
    assert answer.redirect_chain == [(f"{page}#change-story", 302)]
    told = answer.content.decode()
    assert "Got it. Thank you for telling us." in told
    assert "We walked twice" in told
    update = Update.objects.get()
    undone = client.post(f"{page}updates/{update.pk}/remove/", follow=True).content.decode()
    assert "Nothing yet." in undone
    assert _place(change) == ("develop", "in progress")


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"text": ""}, "Tell us one thing that’s happened, even if it’s small."),
        ({"text": "x" * 501}, "Make it shorter: 500 characters fit, this has 501."),
        ({"stage": "dream"}, "Choose one from the list."),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_the_words_stay(
    client, change, cast, addresses, said, complaint
):
    client.force_login(cast.practitioner)
    said = {"id": str(uuid4()), "text": "We walked", "stage": "grow"} | said
    answer = client.post(addresses[1], said).content.decode()
    assert complaint in answer
    assert said["text"] in answer
    assert list(Update.objects.all()) == []


def test_a_stage_that_was_left_as_it_was_moves_nothing_back(client, change, cast, addresses):
    actions.move(change=change, stage="grow", status="in progress", why="", by=None)
    client.force_login(cast.practitioner)
    said = {"id": str(uuid4()), "text": "We walked", "stage": "develop", "seen": "develop"}
    client.post(addresses[1], said)
    assert Update.objects.get().move is None
    assert _place(change) == ("grow", "in progress")


def test_who_moves_what_somebody_moved_meanwhile_is_told_first(client, change, cast, addresses):
    actions.move(change=change, stage="grow", status="in progress", why="", by=None)
    client.force_login(cast.practitioner)
    said = {"id": str(uuid4()), "text": "We walked", "stage": "influence", "seen": "develop"}
    answer = client.post(addresses[1], said).content.decode()
    assert "it’s in Grow now" in answer
    assert "We walked" in answer
    assert list(Update.objects.all()) == []
    assert 'name="seen" value="grow"' in answer
    client.post(addresses[1], said | {"seen": "grow"})
    assert _place(change) == ("influence", "in progress")


@pytest.mark.parametrize(("status", "is_asked"), [("in progress", True), ("proposed", False)])
def test_only_of_what_people_try_is_an_update_asked(
    client, change, cast, addresses, status, is_asked
):
    change.status = status
    change.save()
    client.force_login(cast.practitioner)
    page = client.get(addresses[0]).content.decode()
    assert ("Share update" in page) is is_asked


# --- what helps, what is in the way, and that help is needed


def test_what_helps_and_what_is_in_the_way_stand_with_what_the_change_met(change, cast):
    update = _share(change, cast, helped="A laptop each", in_the_way="No rooms")
    met = [(one.kind, one.text, one.update) for one in change.met.standing()]
    assert met == [("enabler", "A laptop each", update), ("barrier met", "No rooms", update)]
    actions.remove_from_plan(row=update, by=cast.practitioner)
    assert not change.met.standing().exists()
    actions.put_back_in_plan(row=update, by=cast.practitioner)
    assert change.met.standing().count() == 2


def test_what_was_met_before_in_the_same_words_is_there_once(change, cast):
    old = factories.MetFactory(change=change, kind="barrier met", text="No rooms")
    update = _share(change, cast, in_the_way="no rooms")
    assert list(change.met.standing()) == [old]
    actions.remove_from_plan(row=update, by=cast.practitioner)
    assert list(change.met.standing()) == [old]


def test_a_change_needs_help_until_its_next_update(change, cast):
    def needing():
        return list(cast.programme.small_changes.needing_help())

    asked = _share(change, cast, needs_help=True)
    assert (needing(), ChangeReading(change).help_wanted) == ([change], asked)
    after = _share(change, cast, text="Somebody came")
    assert (needing(), ChangeReading(change).help_wanted) == ([], None)
    actions.remove_from_plan(row=after, by=cast.practitioner)
    assert needing() == [change]
    SmallChange.objects.update(status="stopped")
    assert needing() == []


def test_the_page_says_that_help_is_needed(change, cast, practitioner, addresses):
    page, add = addresses
    said = {"id": uuid4(), "text": "No lift", "stage": "develop", "needs_help": "on"}
    practitioner.post(add, said)
    assert "We need someone’s help with this" in practitioner.get(page).content.decode()
