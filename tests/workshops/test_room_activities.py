"""Each kind of activity on each view: none that only says to look up, none that asks row by row."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from tests import factories
from workshops.models import ActivityKind, Mark, Note, Workshop

DAY = timedelta(days=1)

SCORED = {"influence": 4, "support": 2, "ask": "Time"}


def _write(room, activity, count: int, **said) -> list[Note]:
    number = 100 + room.workshop.participants.count()
    guest = factories.ParticipantFactory(workshop=room.workshop, name="A guest", number=number)
    return [
        factories.NoteFactory(activity=activity, participant=guest, text=f"Words {n}", **said)
        for n in range(count)
    ]


def _at(room, kind: str, notes: int, *, shown: bool, people: int = 5):
    """The room at an activity of this kind, with notes to be about, and marks on each of them."""
    ideas = room.activity("ideas", columns=["Admin"])
    about = _write(room, ideas, notes)
    activity = room.activity(kind, candour="named")
    room.guest = room.phone()
    room.stands_at(ideas)
    room.has_shown(ideas)
    room.stands_at(activity)
    activity.refresh_from_db()
    if activity.is_written:
        _write(room, activity, notes, candour="named", **SCORED)
    marked = about if kind in ("place", "gift") else [None]
    for note in marked:
        for voter in range(people):
            factories.MarkFactory(activity=activity, note=note, voter=f"v{voter}", across=4, up=4)
    if shown:
        room.has_shown(activity)
    return activity


@pytest.mark.parametrize("kind", ActivityKind.values)
def test_each_kind_has_its_three_views(room, kind):
    activity = _at(room, kind, 2, shown=False)
    look_up = "Look up: this part happens in the room."
    for press in ("run-go", "run-reveal"):
        room.press(press, activity.pk)
        assert (look_up in room.guest.shows()) == (kind == "read")
        assert [str(activity) in view for view in (room.console(), room.screen())] == [True, True]


# Of a page, however many things are on it: the phone's and the console's.
QUERIES = {
    ("place", False): (10, 19),
    ("place", True): (11, 20),
    ("gift", False): (10, 19),
    ("gift", True): (10, 20),
    ("stakeholders", False): (5, 15),
    ("stakeholders", True): (7, 17),
    ("plan", True): (6, 16),
    ("check-in", True): (9, 18),
}


@pytest.mark.parametrize("things", [1, 3])
@pytest.mark.parametrize(("kind", "shown"), QUERIES)
def test_more_things_ask_no_more(room, django_assert_num_queries, kind, shown, things):
    _at(room, kind, things, shown=shown)
    phone, console = QUERIES[kind, shown]
    room.guest.page()  # whoever is new is written down once
    room.console()
    with django_assert_num_queries(phone):
        room.guest.page()
    with django_assert_num_queries(console):
        room.console()


def test_over_days_the_console_says_until_when_instead_of_live(room):
    def state(days: int) -> str:
        Workshop.objects.filter(pk=room.workshop.pk).update(collects_until=now + days * DAY)
        return room.console().partition('id="state"')[2].partition("</span>")[0].partition(">")[2]

    now = timezone.now()
    until = date_format(timezone.localtime(now + 2 * DAY), "l j F, H:i")
    live = room.console().partition('id="state"')[2].partition("</span>")[0]
    assert (live, state(2), state(-1)) == (">Live", f"Open until {until}", "Closed")


def test_a_talk_about_plain_notes_has_its_outcomes(room):
    talk = _at(room, "discuss", 2, shown=False)
    note = Note.objects.get(text="Words 1")
    room.press("run-outcome", talk.pk, note.pk, outcome="One form, not three", version=0)
    shown = [room.console, room.guest.shows, room.screen]
    assert ["One form, not three" in shows() for shows in shown] == [True] * 3


def test_at_the_end_nobody_can_tell_whose_marks_are_whose(room):
    pulse = room.activity("pulse")
    phone = room.phone()
    room.press("run-go", pulse.pk)
    phone.send("mark", pulse.pk, across=3)
    pulse.refresh_from_db()
    voter = pulse.voter(room.workshop.participants.get())
    assert Mark.objects.get().voter == voter
    room.press("run-end")
    mark = Mark.objects.get()
    assert (mark.across, mark.voter == voter) == (3, False)
