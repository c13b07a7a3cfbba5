"""What came out of a room becomes part of the journey, once, with its source."""

import uuid

import pytest
from django.utils import timezone

from blueprints.models import Experiment, Insight, Pillar
from programmes.models import Barrier, Value
from smallchanges.models import MissionStrand, SmallChange
from tests import factories
from tests.answers import follow, told
from tests.workshops.playing import Room
from workshops.actions import harvest
from workshops.models import Group, Harvest, Note


@pytest.fixture
def written(room):
    room.write = room.activity(columns=["What we value", "What gets in the way"])
    phone = room.phone()
    room.stands_at(room.write)
    phone.write(room.write, "Honesty", column=0)
    phone.write(room.write, "Too much admin", column=1)
    room.has_shown(room.write)
    return room


def _rows(room) -> dict:
    page = room.client.get(room.url("harvest"))
    return {str(row.row): row for _, rows in page.context["parts"] for row in rows}


def _gather(room, **changes):
    """Send the page's form as it stands, with these changes by a row's words."""
    said = {}
    for words, row in _rows(room).items():
        if row.became:
            continue
        to, text = changes.get(words, (row.to, row.text))
        said |= {f"to-{row.pk}": to, f"text-{row.pk}": text}
        if row.strand:
            said[f"strand-{row.pk}"] = row.strand.pk
    return room.client.post(room.url("harvest"), said)


def test_it_proposes_by_what_was_asked(written):
    assert {words: row.to for words, row in _rows(written).items()} == {
        "Honesty": "value",
        "Too much admin": "barrier",
    }


def test_one_press_brings_all_of_it_into_the_journey_with_its_source(written):
    answer = follow(written.client, _gather(written))
    assert told(answer) == ["2 brought into the journey."]
    value, barrier = Value.objects.get(), Barrier.objects.get()
    note = Note.objects.get(text="Too much admin")
    assert (value.text, barrier.text, barrier.source, barrier.source_ref) == (
        "Honesty",
        "Too much admin",
        "workshop note",
        str(note.pk),
    )
    assert Harvest.objects.get(barrier=barrier).note == note


def test_harvesting_twice_makes_nothing_twice(written):
    rows = {words: row.pk for words, row in _rows(written).items()}
    said = {f"to-{pk}": "value" for pk in rows.values()} | {
        f"text-{pk}": words for words, pk in rows.items()
    }
    for _ in range(2):
        written.client.post(written.url("harvest"), said)
    assert (Value.objects.count(), Harvest.objects.count()) == (2, 2)
    # Nor does it come back where somebody took it out.
    Value.objects.filter(text="Honesty").update(removed_at=timezone.now())
    shown = written.client.get(written.url("harvest")).content.decode()
    assert [shown.count(words) for words in ("In the journey:", "taken out since")] == [1, 1]


def test_who_wishes_for_something_else_a_moment_later_makes_nothing(written):
    note = Note.objects.get(text="Honesty")
    made = [
        harvest.gather(
            programme=written.cast.programme,
            wishes=[harvest.Wish(note, to, "Honesty")],
            by=written.cast.facilitator,
        )
        for to in ("value", "barrier")
    ]
    assert [len(one) for one in made] == [1, 0]
    assert (Value.objects.count(), Barrier.objects.count()) == (1, 0)


def test_words_can_be_put_better_before(written):
    _gather(written, Honesty=("value", "  We are   honest "))
    assert Value.objects.get().text == "We are honest"


def test_what_is_there_already_is_linked_and_not_made_again(written):
    there = factories.ValueFactory(programme=written.cast.programme, text="HONESTY")
    _gather(written)
    assert (Value.objects.get(), Harvest.objects.get(value=there).note.text) == (there, "Honesty")


@pytest.mark.parametrize(
    ("to", "text", "error"),
    [
        ("value", " ", "Write what it should say."),
        ("value", "x" * 301, "Make it shorter: 300 characters fit, this has 301."),
        ("planet", "Honesty", "Choose one from the list."),
    ],
)
def test_a_row_that_cannot_be_made_says_why_and_makes_nothing(written, to, text, error):
    page = _gather(written, Honesty=(to, text))
    rows = {str(row.row): row for _, part in page.context["parts"] for row in part}
    assert (rows["Honesty"].error, Harvest.objects.count()) == (error, 0)


def test_what_is_not_shown_yet_is_not_harvested(room):
    activity, phone = room.activity(), room.phone()
    room.press("run-go", activity.pk)
    phone.write(activity, "Private still")
    assert "Private still" not in room.client.get(room.url("harvest")).content.decode()


def test_what_is_parked_waits(written):
    answer = follow(written.client, _gather(written, Honesty=("park", "Honesty")))
    assert told(answer) == ["1 brought into the journey. 1 parked for next time."]
    assert Note.objects.get(is_parked=True).text == "Honesty"


# --- Mission: barriers into strands


@pytest.fixture
def mission(room):
    room.workshop.kind = "mission"
    room.workshop.save()
    room.barriers = [
        factories.BarrierFactory(programme=room.cast.programme, text=text)
        for text in ("Too much admin", "Forms three times over")
    ]
    room.write = room.activity()
    room.theme = room.activity("theme")
    room.stands_at(room.write)
    room.phone().write(room.write, "Nobody answers the phone")
    room.has_shown(room.write)
    room.stands_at(room.theme)
    return room


def test_the_barriers_are_there_to_be_grouped_once(mission):
    mission.press("run-go", mission.write.pk)
    mission.press("run-go", mission.theme.pk)
    assert sorted(Note.objects.exclude(barrier=None).values_list("text", flat=True)) == [
        "Forms three times over",
        "Too much admin",
    ]


def test_a_group_becomes_a_strand_with_its_barriers_linked(mission):
    pks = list(Note.objects.values_list("pk", flat=True))
    mission.press(
        "run-group-add", mission.theme.pk, id=uuid.uuid4(), title="Working admin", note=pks
    )
    assert _rows(mission)["Working admin"].to == "strand"
    _gather(mission)
    strand = MissionStrand.objects.get()
    assert strand.title == "Working admin"
    assert sorted(strand.barriers.values_list("text", flat=True)) == [
        "Forms three times over",
        "Nobody answers the phone",
        "Too much admin",
    ]
    assert Barrier.objects.count() == 3
    assert Harvest.objects.get(strand=strand).group.title == "Working admin"


def test_a_strand_is_called_what_the_room_turned_its_theme_into(mission):
    mission.press("run-group-add", mission.theme.pk, id=uuid.uuid4(), title="Too much admin, again")
    talk, group = mission.activity("discuss"), Group.objects.get()
    factories.AgreementFactory(activity=talk, group=group, outcome="Admin that supports our work")
    assert _rows(mission)["Too much admin, again"].text == "Admin that supports our work"


def test_the_barriers_are_there_to_be_read_before_anybody_adds_to_them(mission):
    mission.press("run-go", mission.write.pk)
    words = "Read the two barriers that we named"
    assert [words in page for page in (mission.phone().shows(), mission.console())] == [True, True]


# --- Values: what people chose


def test_what_got_no_dot_is_not_proposed_and_what_is_in_a_group_goes_with_it(room):
    room.workshop.kind = "values"
    room.workshop.save()
    write, theme = room.activity(columns=["What we value"]), room.activity("theme")
    vote, phone = room.activity("vote", dots=3, most_on_one=3), room.phone()
    room.press("run-go", write.pk)
    for words in ("Kind", "Warm", "Early", "Late"):
        phone.write(write, words)
    room.press("run-reveal", write.pk)
    notes = {note.text: note for note in Note.objects.all()}
    grouped = [notes["Kind"].pk, notes["Warm"].pk]
    room.press("run-group-add", theme.pk, id=uuid.uuid4(), title="Kindness", note=grouped)
    room.press("run-go", vote.pk)
    phone.send("vote", vote.pk, thing=notes["Early"].pk, had=0, wanted=1)
    room.press("run-reveal", vote.pk)
    rows = _rows(room)
    assert {words: (row.to, row.dots, row.is_in_a_group) for words, row in rows.items()} == {
        "Kind": ("", 0, True),
        "Warm": ("", 0, True),
        "Early": ("value", 1, False),
        "Late": ("", 0, False),
        "Kindness": ("value", 0, False),
    }


# --- Develop: ideas into small changes


def test_of_two_votes_about_the_same_ideas_the_last_counts(room):
    now = timezone.now()
    ideas, first, last = (
        room.activity(kind, opened_at=now, revealed_at=now, dots=dots, most_on_one=dots)
        for kind, dots in (("ideas", 0), ("vote", 3), ("vote", 3))
    )
    one, other = (factories.NoteFactory(activity=ideas, text=text) for text in ("One", "Other"))
    for vote, note, voter in ((first, one, "a"), (first, other, "b"), (last, other, "c")):
        factories.VoteFactory(
            activity=vote, note=note, voter=voter, dots=3, most_on_one=3, slot=1, slot_on_one=1
        )
    assert {words: row.dots for words, row in _rows(room).items()} == {"One": 0, "Other": 1}


def test_an_idea_becomes_a_change_of_the_strand_that_it_was_written_under(room):
    strand = factories.MissionStrandFactory(programme=room.cast.programme, title="Admin")
    ideas, phone = room.activity("ideas"), room.phone()
    room.press("run-go", ideas.pk)
    phone.write(ideas, "One form for all")
    phone.write(ideas, "Another day")
    room.press("run-reveal", ideas.pk)
    _gather(room, **{"Another day": ("", "Another day")})
    # What was left is not brought in by whoever comes back for the rest.
    _gather(room)
    change = SmallChange.objects.get()
    assert (change.title, change.strand, change.status) == ("One form for all", strand, "proposed")
    # What is no strand is not taken for one.
    pk = phone.write(ideas, "Two forms")
    asked = {f"to-{pk}": "change", f"text-{pk}": "Two forms", f"strand-{pk}": change.pk}
    assert room.client.post(room.url("harvest"), asked).status_code == 302
    assert SmallChange.objects.get(title="Two forms").strand is None


# --- what is left for next time


def test_the_next_session_opens_with_what_was_parked(written, client_of):
    _gather(written, Honesty=("park", "Honesty"))
    following = Room(written.cast, client_of(written.cast.facilitator))
    activity = following.activity()
    following.press("run-go", activity.pk)
    assert "One note parked last time waits" in following.console()
    for _ in range(2):
        following.press("run-parked", activity.pk)
    parked = Note.objects.get(text="Honesty", is_parked=False, activity=activity)
    assert (parked.carried_from.text, parked.participant) == ("Honesty", None)
    assert "parked last time" not in following.console()


def test_another_authoritys_parked_notes_stay_there(room):
    factories.NoteFactory(
        activity__workshop__programme=room.cast.other_programme, is_parked=True, text="Theirs"
    )
    activity = room.activity()
    room.press("run-go", activity.pk)
    room.press("run-parked", activity.pk)
    assert room.notes() == []


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_as_often_for_many(room, django_assert_num_queries, rows):
    activity = room.activity()
    room.has_shown(activity)
    for _ in range(rows):
        factories.NoteFactory(activity=activity)
        factories.HarvestFactory(activity=activity)
    with django_assert_num_queries(15):
        room.client.get(room.url("harvest"))


# --- sensemaking and the blueprint


def test_what_changes_taught_becomes_insights_of_both_kinds(room):
    room.workshop.kind = "sensemaking"
    room.workshop.save()
    told = room.activity(columns=["It gets in the way", "It helps"])
    room.has_shown(told)
    for column, text in enumerate(("Meetings eat time", "Leaders who listen")):
        factories.NoteFactory(activity=told, column=column, text=text)
    _gather(room)
    assert dict(Insight.objects.values_list("text", "kind")) == {
        "Meetings eat time": "barrier",
        "Leaders who listen": "enabler",
    }
    assert set(Harvest.objects.values_list("note__text", "insight__text")) == {
        ("Meetings eat time", "Meetings eat time"),
        ("Leaders who listen", "Leaders who listen"),
    }


def test_groups_become_pillars_that_grow_from_insights_and_ideas_their_experiments(room):
    room.workshop.kind = "blueprint"
    room.workshop.save()
    write, theme, ideas = room.activity(), room.activity("theme"), room.activity("ideas")
    group = factories.GroupFactory(activity=theme, title="Make time")
    note = factories.NoteFactory(activity=write, group=group, text="Meetings eat time")
    room.has_shown(write)
    room.stands_at(ideas)
    assert ideas.columns == ["Make time"]
    factories.NoteFactory(activity=ideas, text="A day without meetings")
    room.has_shown(ideas)
    answer = _gather(room, **{"Meetings eat time": ("insight", "Meetings eat time")})
    assert told(follow(room.client, answer)) == [
        "2 brought into the journey. 1 left here: choose the pillar it’s for."
    ]
    pillar, insight = Pillar.objects.get(), Insight.objects.get()
    assert (pillar.title, list(pillar.insights.all())) == ("Make time", [insight])
    for _ in range(2):
        _gather(room)
    experiment = Experiment.objects.get()
    assert (experiment.title, experiment.pillar) == ("A day without meetings", pillar)
    assert set(Harvest.objects.values_list("group", "note", "pillar", "experiment", "insight")) == {
        (group.pk, None, pillar.pk, None, None),
        (None, note.pk, None, None, insight.pk),
        (None, Note.objects.get(activity=ideas).pk, None, experiment.pk, None),
    }
