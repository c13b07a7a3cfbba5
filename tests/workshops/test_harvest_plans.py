"""Stakeholders, the answers of a plan, and whose gift it is, brought into the journey."""

from uuid import UUID

import pytest

from programmes.models import AuditEvent, Barrier
from smallchanges.models import SmallChange, Stakeholder, Step
from tests import factories
from tests.answers import follow, told, undo
from workshops.actions import planning
from workshops.models import Activity, Harvest, Note

NEW = UUID(int=7)


def _rows(room) -> dict:
    page = room.client.get(room.url("harvest"))
    return {str(row.row): row for _, rows in page.context["parts"] for row in rows}


def _gather(room, *, to=None, **more):
    """Send the page's form as it stands; `to` says otherwise by a row's words."""
    said = dict(more)
    for words, row in _rows(room).items():
        if not row.became:
            said |= {f"to-{row.pk}": (to or {}).get(words, row.to), f"text-{row.pk}": row.text}
    answer = room.client.post(room.url("harvest"), said)
    return answer if answer.status_code == 200 else follow(room.client, answer)


def _for_all(activity, change) -> dict:
    return {f"change-of-{activity.pk}": change.pk}


@pytest.fixture
def change(cast):
    return factories.SmallChangeFactory(
        programme=cast.programme, title="One form", why="We said so before"
    )


# --- plan together


@pytest.fixture
def planned(room):
    """A note under each of the four questions, which nobody had to write into the plan."""
    room.plan = room.activity("plan")
    phone = room.phone()
    room.stands_at(room.plan)
    for column, words in enumerate(("Too slow", "Less typing", "Ask IT: Ade", "Count the forms")):
        phone.write(room.plan, words, column=column)
    room.has_shown(room.plan)
    return room


def test_the_four_questions_are_there_and_each_has_its_place_in_the_plan(planned):
    planned.plan.refresh_from_db()
    assert planned.plan.columns == [
        "Why we need it",
        "What success looks like",
        "Our steps: who, and by when",
        "How we’ll know",
    ]
    assert {words: row.to for words, row in _rows(planned).items()} == {
        "Too slow": "why",
        "Less typing": "success",
        "Ask IT: Ade": "step",
        "Count the forms": "tracking",
    }


def test_the_answers_go_behind_what_stands_in_the_plan_with_their_source(planned, change):
    answer = _gather(planned, **_for_all(planned.plan, change))
    assert told(answer) == ["4 brought into the journey."]
    now = SmallChange.objects.get()
    assert (now.why, now.success, now.tracking) == (
        "We said so before\nToo slow",
        "Less typing",
        "Count the forms",
    )
    assert list(Step.objects.values_list("change", "text")) == [(change.pk, "Ask IT: Ade")]
    assert set(Harvest.objects.values_list("note__text", "change")) == {
        (words, change.pk)
        for words in ("Too slow", "Less typing", "Ask IT: Ade", "Count the forms")
    }
    summary = planned.client.get(planned.url("summary")).content.decode()
    assert (summary.count("Part of its plan."), summary.count("Small change.")) == (4, 0)


def test_twice_puts_nothing_there_twice(planned, change):
    rows = _rows(planned)
    said = {f"to-{row.pk}": row.to for row in rows.values()}
    said |= {f"text-{row.pk}": row.text for row in rows.values()} | _for_all(planned.plan, change)
    for _ in range(2):
        planned.client.post(planned.url("harvest"), said)
    assert (SmallChange.objects.get().success, Step.objects.count()) == ("Less typing", 1)


def test_what_somebody_else_wrote_meanwhile_is_kept(planned, change):
    """The form carries no answer of the plan: what stands there is read when it is written."""
    rows = _rows(planned)
    SmallChange.objects.update(success="Written meanwhile", version=7)
    row = rows["Less typing"]
    said = {f"to-{row.pk}": "success", f"text-{row.pk}": row.text, f"change-{row.pk}": change.pk}
    planned.client.post(planned.url("harvest"), said)
    now = SmallChange.objects.get()
    assert (now.success, now.version) == ("Written meanwhile\nLess typing", 8)


def test_without_a_change_it_waits(planned, change):
    answer = _gather(planned)
    assert told(answer) == ["4 left here: choose the small change they’re for."]
    assert Harvest.objects.count() == 0


def test_a_row_may_go_to_another_change_than_the_rest(planned, change):
    other = factories.SmallChangeFactory(programme=planned.cast.programme, title="Another")
    row = _rows(planned)["Less typing"]
    _gather(planned, **_for_all(planned.plan, change), **{f"change-{row.pk}": other.pk})
    assert dict(SmallChange.objects.values_list("title", "success")) == {
        "One form": "",
        "Another": "Less typing",
    }


def test_another_authoritys_change_is_none_of_ours(planned, change):
    other = factories.SmallChangeFactory(programme=planned.cast.other_programme, title="Theirs")
    answer = _gather(planned, **_for_all(planned.plan, other))
    assert told(answer) == ["4 left here: choose the small change they’re for."]
    assert Harvest.objects.count() == 0


def test_an_answer_that_is_full_says_so_and_nothing_goes_in(planned, change):
    SmallChange.objects.update(why="x" * 1995)
    answer = _gather(planned, **_for_all(planned.plan, change))
    rows = {str(row.row): row.error for _, part in answer.context["parts"] for row in part}
    assert rows["Too slow"] == "The plan’s answer is full: 2000 characters fit. Leave one out."
    assert Harvest.objects.count() == 0


def test_a_plan_with_its_own_questions_finds_their_place(room):
    plan = room.activity("plan", columns=["What we try", "What we expect to see", "From when on"])
    phone = room.phone()
    room.press("run-go", plan.pk)
    for column, words in enumerate(("A diary", "Fewer calls", "May")):
        phone.write(plan, words, column=column)
    room.press("run-reveal", plan.pk)
    assert {words: row.to for words, row in _rows(room).items()} == {
        "A diary": "why",
        "Fewer calls": "success",
        "May": "step",
    }


# --- for which small change


def test_a_block_says_which_change_is_missing_and_what_is_chosen_goes_along(planned, change):
    gone = {"programme": planned.cast.programme, "title": "Stopped", "status": "stopped"}
    factories.SmallChangeFactory(**gone)
    factories.SmallChangeFactory(programme=planned.cast.other_programme, title="Theirs")
    other = factories.SmallChangeFactory(programme=planned.cast.programme, title="Another")
    choose, phone = planned.url("run-change", planned.plan.pk), planned.phone()
    plan = planned.workshop.get_absolute_url()
    views = [planned.console(), planned.client.get(plan).content.decode()]
    asked = ("Which small change is it for?", "For no small change yet.")
    assert [words in view for words, view in zip(asked, views, strict=True)] == [True, True]
    assert [choose in view for view in views] == [True, True]
    offered = planned.client.get(choose).context["changes"]
    assert {str(one) for one in offered} == {"One form", "Another"}
    found = planned.client.get(choose, {"find": "form one"}).context["changes"]
    assert found == [change]
    answer = planned.client.post(choose, {"change": change.pk})
    assert answer["Location"] == f"{planned.url('run')}#change"
    shown = [planned.console(), phone.shows(), planned.screen()]
    shown.append(planned.client.get(plan).content.decode())
    assert ["<b>One form</b>" in view for view in shown] == [True] * 4
    row = _rows(planned)["Less typing"]
    assert told(_gather(planned, **{f"change-{row.pk}": other.pk})) == [
        "4 brought into the journey."
    ]
    assert dict(SmallChange.objects.exclude(status="stopped").values_list("title", "why")) == {
        "One form": "We said so before\nToo slow",
        "Another": "",
        "Theirs": "",
    }


def test_the_choice_is_taken_back_or_refused_and_known_where_one_came_from(planned, change):
    choose = planned.url("run-change", planned.plan.pk)
    page = follow(planned.client, planned.client.post(f"{choose}?back=plan", {"change": change.pk}))
    assert page.request["PATH_INFO"] == planned.workshop.get_absolute_url()
    page = undo(planned.client, page)
    assert page["Location"].endswith(f"#block-{planned.plan.pk}")
    planned.plan.refresh_from_db()
    assert planned.plan.change is None
    theirs = factories.SmallChangeFactory(programme=planned.cast.other_programme)
    for wrong in (theirs.pk, "no-id"):
        assert planned.client.post(choose, {"change": wrong}).status_code == 400
    write = planned.activity()
    assert planned.client.get(planned.url("run-change", write.pk)).status_code == 404


def test_one_press_has_the_same_for_the_next_change(planned, change):
    Activity.objects.filter(pk=planned.plan.pk).update(change=change)
    SmallChange.objects.update(status="chosen")
    idea = factories.SmallChangeFactory(programme=planned.cast.programme, title="An idea")
    chosen = factories.SmallChangeFactory(
        programme=planned.cast.programme, title="Chosen", status="chosen"
    )
    for pk in (NEW, NEW):
        planned.press("run-change-next", planned.plan.pk, id=pk)
    plans = planned.workshop.activities.filter(kind="plan")
    assert list(plans.values_list("change__title", flat=True)) == ["One form", "Chosen"]
    assert (plans.last().pk, plans.last().opened_at) == (NEW, None)
    assert f"Then the same for “{idea}”" in planned.console()
    planning.change_block(block=plans.last(), version=1, kind="write", by=planned.cast.facilitator)
    assert Activity.objects.get(pk=NEW).change is None
    assert f"Then the same for “{chosen}”" in planned.console()


def test_a_block_that_was_taken_out_comes_back_with_its_change(planned, change):
    block = planned.activity("plan", change=change)
    page = planned.client.post(planned.url("block-remove", block.pk))
    undo(planned.client, follow(planned.client, page))
    assert Activity.objects.get(pk=block.pk).change == change


# --- who must be on board


@pytest.fixture
def named(room):
    room.who = room.activity("stakeholders")
    room.guest = room.phone()
    room.stands_at(room.who)
    said = {"id": "6f0c5f4e-3a0e-4b44-9d0c-2f6f1d3f7a01", "text": "Duty manager"}
    room.guest.send("note-add", room.who.pk, influence=5, support=4, ask="Time", **said)
    room.has_shown(room.who)
    return room


def test_a_role_becomes_a_stakeholder_of_the_change_with_what_we_ask(named, change):
    _gather(named, **_for_all(named.who, change))
    stakeholder = Stakeholder.objects.get()
    assert (
        stakeholder.change,
        stakeholder.who,
        stakeholder.what_we_ask,
        stakeholder.stance,
        stakeholder.influence,
    ) == (change, "Duty manager", "Time", "warming up", "high")
    assert Harvest.objects.get(stakeholder=stakeholder).note == Note.objects.get()
    told = AuditEvent.objects.filter(verb__in=["stakeholder added", "note harvested"])
    assert set(told.values_list("verb", "target_label")) == {
        ("stakeholder added", ""),
        ("note harvested", ""),
    }


def test_one_that_the_change_has_already_is_linked_and_not_made_again(named, change):
    there = factories.StakeholderFactory(change=change, who="DUTY MANAGER")
    _gather(named, **_for_all(named.who, change))
    assert (Stakeholder.objects.get(), Harvest.objects.get().stakeholder) == (there, there)


# --- in our gift?


@pytest.mark.parametrize(
    ("settled", "of_change", "of_barrier"),
    [
        ("", "ours", ""),
        ("ours", "ours", "ours"),
        ("needs sponsorship", "needs sponsorship", "needs sponsorship"),
        ("another agency", "needs sponsorship", "needs sponsorship"),
        ("beyond us", "beyond us", "beyond us"),
    ],
)
def test_whose_gift_it_is_goes_along(room, settled, of_change, of_barrier):
    ideas, phone = room.activity("ideas", columns=["Admin"]), room.phone()
    room.press("run-go", ideas.pk)
    phone.write(ideas, "One form")
    phone.write(ideas, "Too much admin")
    room.press("run-reveal", ideas.pk)
    Note.objects.update(gift=settled)
    _gather(room, to={"Too much admin": "barrier"})
    assert (SmallChange.objects.get().gift, Barrier.objects.get().gift) == (of_change, of_barrier)


def test_what_a_group_was_settled_as_goes_to_the_barriers_of_its_strand(room):
    room.workshop.kind = "mission"
    room.workshop.save()
    barrier = factories.BarrierFactory(programme=room.cast.programme, text="Too much admin")
    theme = room.activity("theme")
    room.press("run-go", theme.pk)
    group = factories.GroupFactory(activity=theme, title="Admin", gift="another agency")
    Note.objects.update(group=group)
    _gather(room)
    barrier.refresh_from_db()
    assert (barrier.gift, list(barrier.strands.values_list("title", flat=True))) == (
        "needs sponsorship",
        ["Admin"],
    )
