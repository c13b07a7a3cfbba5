"""A learning pod in the room: a change is looked at, and what is said lands on it."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from smallchanges import actions
from smallchanges.models import Met, SmallChange, Step, Update
from tests import factories
from tests.answers import follow, told
from workshops.models import Harvest, Note, Workshop
from workshops.pods import LOOK_COLUMNS

from .playing import undo_last

DUE = date(2099, 1, 5)


@pytest.fixture
def change(cast):
    change = factories.SmallChangeFactory(
        programme=cast.programme, title="Shorter forms", status="in progress", stage="develop"
    )
    factories.UpdateFactory(change=change, text="We tried the short one")
    owner = cast.authority.memberships.get(user=cast.practitioner)
    factories.StepFactory(change=change, text="ask Legal", owner=owner, due_on=DUE)
    factories.StepFactory(change=change, text="Gone by", done_at=timezone.now())
    factories.StakeholderFactory(change=change, who="Legal", what_we_ask="A quick look")
    return change


@pytest.fixture
def look(room, change):
    look = room.activity("look", title="Shorter forms", change=change, columns=LOOK_COLUMNS)
    room.stands_at(look)
    return look


def test_everybody_sees_how_the_change_stands(room, look):
    look.reason = "Carried over from Learning pod 2"
    look.save()
    for page in (room.console(), room.screen(), room.phone().shows()):
        for words in ("Shorter forms", "Develop", "We tried the short one", "Ask Legal"):
            assert words in page
        assert "Practitioner Example, by 5 January" in page
        assert "Gone by" not in page
    assert "Carried over from Learning pod 2" in room.console()
    # Who is not on board yet is for the facilitator alone.
    assert "Legal: A quick look" in room.console()
    assert "A quick look" not in room.screen() + room.phone().shows()


def test_notes_of_a_look_follow_the_rules_of_all_notes(room, look):
    phone = room.phone()
    phone.write(look, "The form is two pages now", column=0)
    assert "two pages" not in room.console() + room.screen()
    room.press("run-reveal", look.pk)
    assert "two pages" in room.console()
    assert "two pages" in room.screen()


@pytest.fixture
def gave(room, look):
    """A note under each heading, shown to all."""
    notes = [
        factories.NoteFactory(activity=look, column=column, text=text)
        for column, text in enumerate(("It moved", "Tea", "The system", "Call them"))
    ]
    room.has_shown(look)
    return notes


def _sent(gave, **more) -> dict:
    to = ("moved", "helped", "hindered", "next")
    sent = {f"to-{note.pk}": kind for note, kind in zip(gave, to, strict=True)}
    sent |= {f"text-{note.pk}": f"{note}!" for note in gave}
    return sent | {f"{name.replace('_', '-')}-{gave[0].pk}": one for name, one in more.items()}


def test_each_note_lands_on_its_change_by_its_heading(cast, room, change, gave):
    page = room.client.get(room.url("harvest"))
    ((_, rows),) = page.context["parts"]
    assert {row.text: row.to for row in rows} == {
        "It moved": "moved",
        "Tea": "helped",
        "The system": "hindered",
        "Call them": "next",
    }
    owner = cast.authority.memberships.get(user=cast.manager)
    sent = _sent(gave) | {
        f"stage-{gave[0].pk}": "influence",
        f"owner-{gave[3].pk}": owner.pk,
        f"due-{gave[3].pk}": "2099-02-01",
    }
    for _ in range(2):  # twice makes nothing twice
        room.press("harvest", **sent)
    update = Update.objects.get(text="It moved!")
    assert (update.change, update.by, update.move.to_stage) == (
        change,
        cast.facilitator,
        "influence",
    )
    change.refresh_from_db()
    assert change.stage == "influence"
    assert list(Met.objects.order_by("text").values_list("kind", "text", "change")) == [
        ("enabler", "Tea!", change.pk),
        ("barrier met", "The system!", change.pk),
    ]
    step = Step.objects.get(text="Call them!")
    assert (step.change, step.owner, step.due_on) == (change, owner, date(2099, 2, 1))
    assert sorted(one.became[0] for one in Harvest.objects.all()) == [
        *("met", "met", "step", "update"),
    ]


def test_its_page_says_where_it_was_said(room, change, gave):
    room.workshop.title = "Learning pod 3"
    room.workshop.save()
    room.press("harvest", **_sent(gave))
    page = room.client.get(change.get_absolute_url()).content.decode()
    here = f"/own/workshops/{room.workshop.pk}/summary/#part-{gave[0].activity_id}"
    assert page.count(f'Said in <a href="{here}">“Learning pod 3”</a>') == 4
    summary = room.client.get(f"/own/workshops/{room.workshop.pk}/summary/").content.decode()
    for kind in ("Update", "Enabler", "Barrier met", "Step"):
        assert f"{kind} of “Shorter forms”. It came" in summary
    for part in ("change-story", "change-met", "change-steps"):
        assert f"{change.get_absolute_url()}#{part}" in summary


def test_an_update_without_a_stage_leaves_it_where_it_is_by_then(room, change, gave):
    SmallChange.objects.filter(pk=change.pk).update(stage="grow")
    room.press("harvest", **_sent(gave))
    change.refresh_from_db()
    assert (change.stage, Update.objects.get(text="It moved!").move) == ("grow", None)


def test_help_that_was_asked_for_is_still_asked_for_after_the_harvest(room, change, gave):
    factories.UpdateFactory(change=change, text="We are stuck", needs_help=True)
    room.press("harvest", **_sent(gave))
    assert Update.objects.filter(text="It moved!", needs_help=True).exists()


def test_a_part_that_was_jumped_over_is_not_done(room, look):
    jumped, here = room.activity("look", title="Jumped"), room.activity("write", title="Here")
    room.stands_at(here)
    steps = room.client.get(room.url("run")).context["steps"]
    assert steps == [(look, "done"), (jumped, "next"), (here, "now")]


def test_what_does_not_fit_is_said_beside_it_and_nothing_is_made(room, change, gave):
    wrong = _sent(gave) | {f"due-{gave[3].pk}": "soon"}
    page = room.press("harvest", **wrong).content.decode()
    assert "Write the day as in 3 December 2026, or 03/12/2026." in page
    assert 'value="soon"' in page
    page = room.press("harvest", **_sent(gave), **{f"stage-{gave[0].pk}": "moon"})
    assert "Choose one from the list." in page.content.decode()
    SmallChange.objects.filter(pk=change.pk).update(status="stopped")
    page = room.press("harvest", **_sent(gave), **{f"stage-{gave[0].pk}": "grow"})
    assert Harvest.objects.count() == 0


def test_the_same_words_met_before_are_linked_and_not_made_again(room, change, gave):
    there = factories.MetFactory(change=change, kind="enabler", text="tea!")
    room.press("harvest", **_sent(gave))
    assert Met.objects.filter(kind="enabler").count() == 1
    assert Harvest.objects.get(note=gave[1]).met == there


# --- what the facilitator writes down


def test_what_is_said_is_written_down_at_once(cast, room, change, look):
    owner = cast.authority.memberships.get(user=cast.manager)
    page = room.client.get(room.url("run-write-down", look.pk))
    assert page.status_code == 200
    pk = uuid.uuid4()
    said = {"id": pk, "to": "next", "text": "Show it on Tuesday", "owner": owner.pk}
    for _ in range(2):
        response = room.press("run-write-down", look.pk, **said, due_on="2099-02-01")
    step = Step.objects.get(text="Show it on Tuesday")
    assert (step.owner, step.due_on, step.change) == (owner, date(2099, 2, 1), change)
    note = Note.objects.get()
    assert (note.pk, note.column, note.participant) == (pk, 3, None)
    assert "Step: Show it on Tuesday" in room.console()
    response = room.press(
        "run-write-down",
        look.pk,
        id=uuid.uuid4(),
        to="moved",
        text="It moved",
        stage="grow",
        needs_help="on",
    )
    page = follow(room.client, response)
    assert told(page)[-1] == "On the change now: It moved"
    change.refresh_from_db()
    assert change.stage == "grow"
    assert Update.objects.get(text="It moved").needs_help
    undo_last(room.client, page)
    change.refresh_from_db()
    assert (change.stage, change.updates.standing().filter(text="It moved").count()) == (
        "develop",
        0,
    )


def test_writing_down_needs_words_and_a_change(room, look):
    page = room.press("run-write-down", look.pk, id=uuid.uuid4(), to="moved", text="")
    assert page.context["form"].errors == {"text": ["Write what was said."]}
    look.change = None
    look.save()
    said = {"id": uuid.uuid4(), "to": "moved", "text": "It moved"}
    assert room.press("run-write-down", look.pk, **said).status_code == 404


def test_a_change_that_stopped_meanwhile_says_so(room, change, look):
    SmallChange.objects.filter(pk=change.pk).update(status="stopped")
    said = {"id": uuid.uuid4(), "to": "moved", "text": "It moved", "stage": "grow"}
    page = room.press("run-write-down", look.pk, **said)
    assert page.context["form"].errors == {
        "stage": ["A change that stops stays where it got to. Leave it at Develop."]
    }
    assert (Harvest.objects.count(), Note.objects.count()) == (0, 0)


def test_another_change_takes_its_name_into_the_plan(cast, room, look):
    look.agenda_key = "look of before"
    look.save()
    other = factories.SmallChangeFactory(programme=cast.programme, title="Walks", status="chosen")
    room.press("run-change", look.pk, change=other.pk)
    look.refresh_from_db()
    assert (look.change, look.title, look.agenda_key) == (other, "Walks", "")
    third = factories.SmallChangeFactory(programme=cast.programme, title="Tea", status="chosen")
    room.press("run-change-next", look.pk, id=uuid.uuid4())
    double = room.workshop.activities.exclude(pk=look.pk).get()
    assert (double.kind, double.title, double.change.title) == (
        "look",
        double.change.title,
        double.change.title,
    )
    assert double.change in (third, SmallChange.objects.get(title="Shorter forms"))


def test_a_story_is_told_by_what_came_of_it(cast, room):
    grown = factories.SmallChangeFactory(
        programme=cast.programme,
        title="Walks",
        status="chosen",
        stage="grow",
        result="we walk and talk",
    )
    actions.move(change=grown, stage="grow", status="embedded", why="It stuck", by=cast.facilitator)
    room.stands_at(room.activity("read", change=grown, prompt="What made it work?"))
    for page in (room.console(), room.screen(), room.phone().shows()):
        for words in ("What made it work?", "We walk and talk", "It stuck", "Embedded"):
            assert words in page
        assert "Nobody has told of it yet." not in page


def test_a_look_that_is_long_gone_quiet_stands_as_it_is(cast, room):
    bare = factories.SmallChangeFactory(programme=cast.programme, title="Bare", status="chosen")
    room.stands_at(room.activity("look", change=bare))
    phone = room.phone().shows()
    assert "Nobody has told of it yet." in phone
    assert [label for label in LOOK_COLUMNS if label in phone] == LOOK_COLUMNS


def test_at_ones_own_pace_the_change_stands_above_the_notes(room, look):
    until = timezone.now() + timedelta(days=2)
    Workshop.objects.filter(pk=room.workshop.pk).update(collects_until=until)
    here = reverse("room:step", args=[room.workshop.pk, look.pk])
    shown = room.phone().client.get(here).content.decode()
    assert "<h1>Shorter forms</h1>" in shown
    assert "We tried the short one" in shown
