"""The gate of a small change, and the writes around it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier as Meeting
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from programmes.editing import Stale, Taken
from programmes.models import AuditEvent
from smallchanges import actions
from smallchanges.models import SLIP, Move, SmallChange, Stage, Status, Step
from tests import factories

PK = UUID(int=7)


@pytest.fixture
def by(cast):
    return cast.practitioner


def _move(change, stage, status, *, by, why=""):
    return actions.move(change=change, stage=stage, status=status, why=why, by=by)


def _place(change) -> tuple[str, str]:
    change = SmallChange.objects.get(pk=change.pk)
    return change.stage, change.status


def _at(change, stage, status) -> None:
    SmallChange.objects.filter(pk=change.pk).update(stage=stage, status=status)
    change.refresh_from_db()


def _verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


# --- the gate


def test_a_move_leaves_the_place_a_row_and_an_event(change, by):
    move = _move(change, "develop", "chosen", by=by, why="We all wanted it")
    assert (change.stage, change.status) == _place(change) == ("develop", "chosen")
    assert list(change.moves.all()) == [move]
    assert (move.from_stage, move.to_stage) == ("mission", "develop")
    assert (move.from_status, move.to_status) == ("proposed", "chosen")
    assert (move.why, move.by, move.authority) == ("We all wanted it", by, change.authority)
    assert abs((timezone.now() - move.at).total_seconds()) < 60
    event = AuditEvent.objects.get()
    assert (event.verb, event.target_id, event.actor_id) == ("change moved", str(change.pk), by.pk)
    assert event.details == {
        "from_stage": "mission",
        "to_stage": "develop",
        "from_status": "proposed",
        "to_status": "chosen",
    }


def test_a_move_sent_twice_moves_once(change, by):
    assert _move(change, "develop", "chosen", by=by) is not None
    assert _move(change, "develop", "chosen", by=by) is None
    assert (change.moves.count(), _verbs()) == (1, ["change moved"])


def test_a_change_may_skip_stages(change, by):
    _move(change, "grow", "embedded", by=by)
    assert _place(change) == ("grow", "embedded")


@pytest.mark.parametrize("stage", ["mission", "develop", "influence"])
def test_a_change_is_embedded_in_grow_alone(change, by, stage):
    with pytest.raises(ValidationError) as refused:
        _move(change, stage, "embedded", by=by)
    assert refused.value.message_dict == {
        "status": ["A change can only be embedded in Grow. Move it to Grow as well."]
    }
    assert (_place(change), Move.objects.count(), _verbs()) == (("mission", "proposed"), 0, [])


def test_an_embedded_change_leaves_grow_only_with_another_status(change, by):
    _at(change, "grow", "embedded")
    with pytest.raises(ValidationError) as refused:
        _move(change, "influence", "embedded", by=by, why="It slipped away")
    assert list(refused.value.message_dict) == ["status"]
    _move(change, "influence", "in progress", by=by, why="It slipped away")
    assert _place(change) == ("influence", "in progress")


def test_going_back_says_why(change, by):
    _at(change, "influence", "in progress")
    with pytest.raises(ValidationError) as refused:
        _move(change, "develop", "in progress", by=by)
    assert refused.value.message_dict == {
        "why": ["Tell us why it’s going back. It counts as learning."]
    }
    move = _move(change, "develop", "in progress", by=by, why="The form was too long")
    assert (move.goes_back, _place(change)) == (True, ("develop", "in progress"))


def test_stopping_keeps_the_stage_and_says_why(change, by):
    _at(change, "influence", "in progress")
    with pytest.raises(ValidationError) as refused:
        _move(change, "develop", "stopped", by=by)
    assert refused.value.message_dict == {
        "stage": ["A change that stops stays where it got to. Leave it at Influence."],
        "why": ["Tell us why it’s going back. It counts as learning."],
    }
    with pytest.raises(ValidationError) as refused:
        _move(change, "influence", "stopped", by=by)
    assert refused.value.message_dict == {
        "why": ["Tell us why it’s stopping, and what it taught you."]
    }
    _move(change, "influence", "stopped", by=by, why="Nobody missed it")
    assert _place(change) == ("influence", "stopped")


def test_a_stopped_change_can_begin_again(change, by):
    _at(change, "develop", "stopped")
    with pytest.raises(ValidationError):
        _move(change, "influence", "stopped", by=by, why="On its way")
    _move(change, "influence", "in progress", by=by)
    assert _place(change) == ("influence", "in progress")


def test_every_other_status_goes_with_every_stage(change, by):
    rest = [status for status in Status if status not in (Status.EMBEDDED, Status.STOPPED)]
    for stage in Stage:
        for status in rest:
            _move(change, stage, status, by=by, why="Because")
            assert _place(change) == (stage, status)


def test_a_move_is_undone_by_another(change, by):
    last = _move(change, "grow", "embedded", by=by)
    back = actions.undo_move(last=last, by=by)
    assert (back.from_stage, back.to_stage, back.why) == ("grow", "mission", SLIP)
    assert (back.took_back, last.took_back) == (True, False)
    assert (_place(change), change.moves.count()) == (("mission", "proposed"), 2)
    assert _verbs() == ["change moved"] * 2


def test_undoing_twice_undoes_once(change, by):
    last = _move(change, "develop", "chosen", by=by)
    assert actions.undo_move(last=last, by=by) is not None
    assert actions.undo_move(last=last, by=by) is None
    assert (_place(change), change.moves.count()) == (("mission", "proposed"), 2)


def test_only_the_newest_move_can_be_undone(change, by):
    first = _move(change, "develop", "chosen", by=by)
    _move(change, "influence", "in progress", by=by)
    assert actions.undo_move(last=first, by=by) is None
    assert _place(change) == ("influence", "in progress")


def test_a_stop_that_is_undone_needs_no_other_reason(change, by):
    _at(change, "influence", "in progress")
    last = _move(change, "influence", "stopped", by=by, why="No time")
    actions.undo_move(last=last, by=by)
    assert _place(change) == ("influence", "in progress")


@pytest.mark.django_db(transaction=True)
def test_moves_at_once_make_one_chain(change, by):
    """Each begins where the one before it ended, whoever came first."""
    together = Meeting(4)

    def move(stage):
        try:
            together.wait()
            return _move(SmallChange.objects.get(pk=change.pk), stage, "chosen", by=by, why="Now")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(move, ["develop", "influence", "grow", "develop"]))
    moves = list(change.moves.order_by("created_at"))
    chain = [(move.from_stage, move.from_status) for move in moves]
    ends = [(move.to_stage, move.to_status) for move in moves]
    assert chain == [("mission", "proposed"), *ends[:-1]]
    assert (_place(change), len(moves) >= 3) == (ends[-1], True)


@pytest.mark.django_db(transaction=True)
def test_the_same_move_sent_at_once_moves_once(change, by):
    together = Meeting(4)

    def move(_):
        try:
            together.wait()
            return _move(SmallChange.objects.get(pk=change.pk), "develop", "chosen", by=by)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        moved = list(pool.map(move, range(4)))
    assert [move for move in moved if move] == list(change.moves.all())
    assert change.moves.count() == 1


# --- offering and writing a change


def _words(**others):
    return {"title": "Talk first", "purpose": "", "why": "", "gift": "ours"} | others


def test_an_idea_begins_in_mission(cast, strand, by):
    team = factories.TeamFactory(authority=cast.authority)
    change = actions.add_change(
        programme=cast.programme, pk=PK, strand=strand, teams=[team], by=by, **_words()
    )
    assert (change.stage, change.status, change.position) == ("mission", "proposed", 0)
    assert (change.strand, list(change.teams.all()), change.created_by) == (strand, [team], by)
    assert _verbs() == ["change added"]


def test_an_idea_sent_twice_is_one(cast, by):
    for _ in range(2):
        actions.add_change(
            programme=cast.programme, pk=PK, strand=None, teams=[], by=by, **_words()
        )
    assert (SmallChange.objects.count(), _verbs()) == (1, ["change added"])


def test_a_title_is_there_once_in_a_programme(cast, change, other_change, by):
    with pytest.raises(Taken):
        actions.add_change(
            programme=cast.programme,
            pk=PK,
            strand=None,
            teams=[],
            by=by,
            **_words(title="QUIET hour"),
        )
    actions.add_change(
        programme=cast.programme,
        pk=PK,
        strand=None,
        teams=[],
        by=by,
        **_words(title=other_change.title),
    )
    assert cast.programme.small_changes.count() == 2


def test_no_change_goes_into_a_strand_that_was_taken_away(cast, strand, by):
    type(strand).objects.update(removed_at=timezone.now())
    with pytest.raises(ValidationError) as refused:
        actions.add_change(
            programme=cast.programme, pk=PK, strand=strand, teams=[], by=by, **_words()
        )
    assert refused.value.message_dict == {"strand": ["Somebody has just taken this strand away."]}
    assert SmallChange.objects.count() == 0


def test_a_change_that_is_in_a_strand_taken_away_can_still_be_written(change, strand, by):
    """Its old strand is not asked for again; only a new one is."""
    type(strand).objects.update(removed_at=timezone.now())
    actions.edit_change(
        change=change, version=1, strand=strand, teams=[], by=by, **_words(title="Loud hour")
    )
    assert (change.title, change.version) == ("Loud hour", 2)


def test_words_written_meanwhile_are_not_written_over(change, strand, by):
    sent = {"change": change, "version": 1, "strand": strand, "teams": [], "by": by}
    actions.edit_change(**sent, **_words(title="Theirs"))
    with pytest.raises(Stale) as stale:
        actions.edit_change(**sent, **_words(title="Ours"))
    assert (stale.value.row.title, stale.value.row.version) == ("Theirs", 2)
    assert _verbs() == ["change edited"]


# --- the plan


def test_the_same_tick_twice_does_nothing(change, by, cast):
    step = factories.StepFactory(change=change)
    actions.tick_step(step=step, done=True, by=by)
    first = Step.objects.get()
    actions.tick_step(step=step, done=True, by=cast.manager)
    again = Step.objects.get()
    assert (again.done_at, again.done_by) == (first.done_at, by)
    actions.tick_step(step=step, done=False, by=by)
    actions.tick_step(step=step, done=False, by=by)
    step.refresh_from_db()
    assert (step.done_at, step.done_by) == (None, None)
    assert _verbs() == ["step done", "step reopened"]


def test_steps_are_put_in_order_among_those_that_stand(change, by):
    one, gone, two, three = (
        factories.StepFactory(change=change, text=text, position=position)
        for position, text in enumerate(["One", "Gone", "Two", "Three"])
    )
    actions.remove_from_plan(row=gone, by=by)
    assert actions.order(row=three, places=-1, by=by) is True
    assert actions.order(row=three, places=-1, by=by) is True
    assert actions.order(row=three, places=-1, by=by) is False
    assert list(change.steps.standing()) == [three, one, two]
    assert _verbs() == ["step removed", "step ordered", "step ordered"]


def test_a_step_that_was_taken_away_moves_nowhere(change, by):
    rows = factories.StepFactory.create_batch(2, change=change)
    actions.remove_from_plan(row=rows[0], by=by)
    assert actions.order(row=rows[0], places=1, by=by) is False


@pytest.mark.django_db(transaction=True)
def test_orders_given_at_once_leave_one_order(change, by):
    steps = [factories.StepFactory(change=change, position=0) for _ in range(4)]
    together = Meeting(4)

    def shift(step):
        try:
            together.wait()
            actions.order(row=Step.objects.get(pk=step.pk), places=-1, by=by)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(shift, steps))
    left = list(change.steps.standing().values_list("pk", "position"))
    assert [position for _, position in left] == [0, 1, 2, 3]
    assert {pk for pk, _ in left} == {step.pk for step in steps}


def test_what_was_taken_away_comes_back_unless_it_is_there_again(change, by):
    met = factories.MetFactory(change=change, kind="enabler", text="Kind heads")
    actions.remove_from_plan(row=met, by=by)
    actions.remove_from_plan(row=met, by=by)
    again = actions.add_met(change=change, pk=uuid4(), kind="enabler", text="KIND heads", by=by)
    with pytest.raises(Taken):
        actions.put_back_in_plan(row=met, by=by)
    assert list(change.met.standing()) == [again]
    assert _verbs() == ["met removed", "met added"]
    actions.remove_from_plan(row=again, by=by)
    met.refresh_from_db()
    actions.put_back_in_plan(row=met, by=by)
    actions.put_back_in_plan(row=met, by=by)
    assert list(change.met.standing()) == [met]
    assert _verbs()[2:] == ["met removed", "met put back"]


def test_the_same_words_may_help_and_be_in_the_way(change, by):
    for kind in ("enabler", "barrier met"):
        actions.add_met(change=change, pk=uuid4(), kind=kind, text="Time", by=by)
    with pytest.raises(Taken):
        actions.add_met(change=change, pk=uuid4(), kind="enabler", text="time", by=by)
    assert change.met.count() == 2


# --- strands


def test_a_strand_keeps_the_barriers_that_nobody_could_see(cast, by):
    """Those that were merged or taken away keep their link, for when they come back."""
    seen, new, left = factories.BarrierFactory.create_batch(3, programme=cast.programme)
    merged = factories.BarrierFactory(programme=cast.programme, merged_into=seen)
    removed = factories.BarrierFactory(programme=cast.programme, removed_at=timezone.now())
    strand = actions.add_strand(
        programme=cast.programme,
        pk=PK,
        title="Time",
        about="",
        barriers=[seen, left, merged, removed],
        by=by,
    )
    actions.edit_strand(
        strand=strand, version=1, title="More time", about="", barriers=[seen, new], by=by
    )
    assert set(strand.barriers.all()) == {seen, new, merged, removed}
    assert (strand.title, _verbs()) == ("More time", ["strand added", "strand edited"])


def test_a_strand_with_a_change_stays(strand, change, by):
    with pytest.raises(ValidationError) as refused:
        actions.remove_strand(strand=strand, by=by)
    assert refused.value.messages == ["Small changes are still in this strand. Move them first."]
    change.delete()
    actions.remove_strand(strand=strand, by=by)
    actions.remove_strand(strand=strand, by=by)
    strand.refresh_from_db()
    assert (strand.removed_by, _verbs()) == (by, ["strand removed"])


def test_a_strand_comes_back_unless_its_title_is_there_again(cast, strand, by):
    actions.remove_strand(strand=strand, by=by)
    again = factories.MissionStrandFactory(programme=cast.programme, title="TIME")
    strand.refresh_from_db()
    with pytest.raises(Taken):
        actions.put_back_strand(strand=strand, by=by)
    again.delete()
    actions.put_back_strand(strand=strand, by=by)
    actions.put_back_strand(strand=strand, by=by)
    assert list(cast.programme.strands.standing()) == [strand]
    assert _verbs() == ["strand removed", "strand put back"]


@pytest.mark.django_db(transaction=True)
def test_a_strand_does_not_go_while_a_change_comes(cast, strand, by):
    """Whoever is first, no change is left in a strand that was taken away."""
    together = Meeting(2)

    def go(act):
        try:
            together.wait()
            act()
            return "done"
        except ValidationError:
            return "refused"
        finally:
            connection.close()

    def add():
        actions.add_change(
            programme=cast.programme, pk=PK, strand=strand, teams=[], by=by, **_words()
        )

    with ThreadPoolExecutor(2) as pool:
        came = list(pool.map(go, [add, lambda: actions.remove_strand(strand=strand, by=by)]))
    strand.refresh_from_db()
    assert sorted(came) == ["done", "refused"]
    assert (strand.removed_at is None) == strand.small_changes.exists()
