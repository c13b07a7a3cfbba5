"""What people agree belongs to the talk that they had: the next one about the same has its own."""

import pytest

from programmes.models import AuditEvent
from tests import factories
from tests.workshops.playing import Room
from workshops.actions import groups, notes
from workshops.models import Agreement, Note


@pytest.fixture
def talk(room):
    """The room talks about one note and one group of an earlier part."""
    room.write, room.theme = room.activity(), room.activity("theme")
    room.note = factories.NoteFactory(activity=room.write, text="Too much admin")
    room.group = factories.GroupFactory(activity=room.theme, title="Forms")
    room.has_shown(room.write)
    room.talk = room.activity("discuss", title="First talk")
    room.stands_at(room.talk)
    return room


def _agree(room, talk, thing, outcome: str, version: int = 0):
    return room.press("run-outcome", talk.pk, thing.pk, outcome=outcome, version=version)


def _summary(room) -> str:
    return room.client.get(room.url("summary")).content.decode()


def test_each_talk_in_a_session_keeps_what_was_agreed_in_it(talk):
    _agree(talk, talk.talk, talk.note, "One form")
    again = talk.activity("discuss", title="Second talk")
    talk.stands_at(again)
    before = "Said before, in “First talk”:</b> One form"
    phone = talk.phone()
    assert [before in view for view in (talk.console(), phone.shows())] == [True, True]
    _agree(talk, again, talk.note, "No form at all")
    assert dict(Agreement.objects.values_list("activity__title", "outcome")) == {
        "First talk": "One form",
        "Second talk": "No form at all",
    }
    for view in (talk.console(), phone.shows(), _summary(talk)):
        assert (view.count("We agreed:</b> No form at all"), view.count(before)) == (1, 1)
        assert "Said before, in “Second talk”" not in view


def test_another_sessions_agreement_is_the_facilitators_to_see_and_no_guests(talk, client_of):
    _agree(talk, talk.talk, talk.note, "One form")
    following = Room(talk.cast, client_of(talk.cast.facilitator))
    write = following.activity()
    carried = factories.NoteFactory(activity=write, text="Admin", carried_from=talk.note)
    following.has_shown(write)
    again = following.activity("discuss")
    following.stands_at(again)
    where = f"in “{talk.workshop}”, about “Too much admin”:</b> One form"
    form = following.client.get(following.url("run-outcome", again.pk, carried.pk))
    told = [following.console(), form.content.decode()]
    assert [where in view for view in told] == [True, True]
    untold = [following.phone().shows(), following.screen(), following.told("phones")]
    assert ["One form" in view for view in untold] == [False] * 3
    _agree(following, again, carried, "Half a form")
    assert ["One form" in _summary(one) for one in (talk, following)] == [True, False]


def test_what_was_agreed_of_a_group_is_in_sight_once_it_is_merged_or_taken_apart(talk):
    into = factories.GroupFactory(activity=talk.theme, title="Paper")
    gone = factories.GroupFactory(activity=talk.theme, title="Cars")
    talk.has_shown(talk.theme)
    Note.objects.update(group=into)
    for group, outcome in ((talk.group, "One form"), (gone, "No car")):
        factories.AgreementFactory(activity=talk.talk, group=group, outcome=outcome)
    for group, other in ((talk.group, into), (into, talk.group)):  # the second came too late
        groups.merge(group=group, into=other, by=talk.cast.facilitator)
    groups.remove(group=gone, by=talk.cast.facilitator)
    merged = "We agreed about “Forms”:</b> One form"
    views = (talk.console(), talk.phone().shows(), _summary(talk))
    assert [view.count(merged) for view in views] == [1, 1, 1]
    assert "We agreed:</b> No car" in views[2]


def test_who_writes_second_sees_both_texts_and_the_same_words_are_written_once(talk):
    for _ in range(2):
        assert _agree(talk, talk.talk, talk.note, "One form").status_code == 302
    answer = _agree(talk, talk.talk, talk.note, "Two forms")
    page = answer.content.decode()
    assert (answer.status_code, "One form" in page, "Two forms" in page) == (409, True, True)
    version = answer.context["form"]["version"].value()
    answer = _agree(talk, talk.talk, talk.note, "Two forms", version=version)
    assert answer["Location"] == f"{talk.url('run')}#about-{talk.note.pk}"
    assert Agreement.objects.get().outcome == "Two forms"
    said = AuditEvent.objects.filter(verb="outcome said")
    assert list(said.values_list("target_label")) == [("",), ("",)]


def test_what_was_agreed_of_a_note_is_seen_and_goes_as_the_note_does(talk):
    factories.AgreementFactory(activity=talk.talk, note=talk.note, outcome="One form")
    seen = ["One form" in _summary(talk)]
    notes.report(note=talk.note)
    seen.append("One form" in _summary(talk))
    notes.redact(note=talk.note, by=talk.cast.facilitator)
    assert (seen, Agreement.objects.count()) == ([True, False], 0)
