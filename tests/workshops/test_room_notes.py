"""Writing, showing, and what nobody else may see before."""

import uuid

import pytest
from django.contrib.sessions.models import Session

from tests.answers import HTMX, errors, told
from tests.workshops.playing import undo_last
from workshops.models import Note

CANARY = "canary words of mine"


def test_a_note_is_private_until_all_are_shown(room):
    activity = room.activity()
    mine, other = room.phone(), room.phone()
    room.press("run-go", activity.pk)
    mine.write(activity, CANARY)
    elsewhere = (other.shows, room.console, room.screen)
    assert CANARY in mine.shows()
    assert [CANARY in shows() for shows in elsewhere] == [False] * 3
    assert [CANARY in room.told(audience) for audience in ("console", "screen", "phones")] == [
        False
    ] * 3
    room.press("run-reveal", activity.pk)
    assert [CANARY in shows() for shows in elsewhere] == [True] * 3
    assert CANARY in room.told("phones")


def test_what_is_not_shown_is_not_even_handed_to_a_template(room):
    activity, other = room.activity(), room.phone()
    room.press("run-go", activity.pk)
    room.phone().write(activity, CANARY)

    def handed() -> list[int]:
        pages = (room.screen_page(), room.client.get(room.url("run")), other.page())
        return [sum(len(notes) for _, _, notes in page.context["columns"]) for page in pages]

    assert handed() == [0, 0, 0]
    room.press("run-reveal", activity.pk)
    assert handed() == [1, 1, 1]


def test_a_note_that_is_sent_twice_is_there_once(room):
    activity, phone, pk = room.activity(), room.phone(), uuid.uuid4()
    room.press("run-go", activity.pk)
    for _ in range(2):
        phone.write(activity, "Once", pk=pk)
        assert phone.answer.status_code == 302
    assert room.notes() == ["Once"]


def test_somebody_elses_id_is_refused_and_not_revealed(room):
    activity, pk = room.activity(), uuid.uuid4()
    room.press("run-go", activity.pk)
    room.phone().write(activity, CANARY, pk=pk)
    thief = room.phone()
    thief.write(activity, "Mine now", pk=pk)
    assert (thief.answer.status_code, CANARY in thief.answer.content.decode()) == (400, False)
    assert room.notes() == [CANARY]


def test_an_empty_note_is_told_beside_its_field(room):
    activity, phone = room.activity(), room.phone()
    room.press("run-go", activity.pk)
    phone.write(activity, "  ", headers=HTMX)
    assert errors(phone.answer) == {"text": ["Write a few words first."]}
    assert Note.objects.count() == 0


def test_ones_own_notes_come_newest_first_and_the_device_alone_knows(room):
    """With the ids in an order that tells nothing, as they come from a browser."""
    activity, phone = room.activity(candour="anonymous", columns=["A", "B"]), room.phone()
    room.stands_at(activity)
    said = [f"Words {n}" for n in range(4)]
    for n, words in enumerate(said):
        phone.write(activity, words, pk=uuid.UUID(int=(n * 7 % 4) << 96), column=n % 2)
    page = phone.page()
    assert [str(note) for note in page.context["mine"]] == said[::-1]
    # One sentence of candour for both boxes, which each of them points at.
    shown = page.content.decode()
    assert (shown.count("neither can we"), shown.count('aria-describedby="safe"')) == (1, 2)
    # The cookie goes to this room's pages alone; without it they are there all the same, in the
    # order of the rows.
    order = phone.client.cookies.pop(f"order-{room.workshop.pk.hex}")
    assert order["path"] == f"/room/{room.workshop.pk}/"
    assert [str(note) for note in phone.page().context["mine"]] == [
        *("Words 0", "Words 2", "Words 3", "Words 1"),
    ]


def test_ones_own_note_can_be_changed_taken_back_and_put_back(room):
    activity, phone = room.activity(), room.phone()
    room.press("run-go", activity.pk)
    pk = phone.write(activity, "First words")
    phone.send("note-edit", pk, text="Better words", version=1)
    assert room.notes() == ["Better words"]
    answer = phone.send("note-remove", pk, headers=HTMX)
    assert room.notes() == []
    undo_last(phone.client, answer)
    assert room.notes() == ["Better words"]


def test_anothers_note_cannot_be_changed_or_taken_back(room):
    activity = room.activity()
    room.press("run-go", activity.pk)
    pk = room.phone().write(activity, "Mine")
    thief = room.phone()
    assert {
        thief.send("note-edit", pk, text="Yours", version=1).status_code,
        thief.send("note-remove", pk).status_code,
        thief.send("note-put-back", pk).status_code,
    } == {404}
    assert room.notes() == ["Mine"]


def test_a_note_that_may_name_somebody_is_kept_off_every_screen(room):
    activity, phone, other = room.activity(), room.phone(), room.phone()
    room.press("run-go", activity.pk)
    room.press("run-reveal", activity.pk)
    phone.write(activity, "Call me on 020 7946 0123 about it", headers=HTMX)
    assert told(phone.answer) == [
        "Got it. It may name somebody, so the facilitator looks at it first. Change it if so."
    ]
    number = "7946 0123"
    assert [number in shows() for shows in (room.console, other.shows, room.screen)] == [
        True,
        False,
        False,
    ]
    assert number not in room.told("phones")
    room.press("run-note-show", Note.objects.get().pk)
    assert [number in shows() for shows in (other.shows, room.screen)] == [True, True]


def test_anybody_can_take_a_note_off_the_screens(room):
    activity, phone, other = room.activity(), room.phone(), room.phone()
    room.press("run-go", activity.pk)
    pk = phone.write(activity, CANARY)
    room.press("run-reveal", activity.pk)
    other.send("note-report", pk)
    assert [CANARY in shows() for shows in (room.console, room.screen)] == [True, False]


def test_a_redacted_note_is_kept_nowhere(room):
    activity, phone = room.activity(), room.phone()
    room.press("run-go", activity.pk)
    pk = phone.write(activity, CANARY)
    room.press("run-reveal", activity.pk)
    room.press("run-note-redact", pk)
    note = Note.objects.get()
    assert (note.text, note.as_written, note.redacted_by) == ("", "", room.cast.facilitator)
    assert [CANARY in shows() for shows in (phone.shows, room.console, room.screen)] == [False] * 3
    assert CANARY not in room.told("phones")


def test_a_tidied_note_keeps_both_wordings_and_says_so(room):
    activity, phone = room.activity(), room.phone()
    room.press("run-go", activity.pk)
    pk = phone.write(activity, "to much admin")
    room.press("run-reveal", activity.pk)
    room.press("run-note-tidy", pk, text="Too much admin", version=1)
    note = Note.objects.get()
    assert (note.text, note.as_written) == ("Too much admin", "to much admin")
    assert "Tidied by the facilitator" in phone.shows()


def test_an_anonymous_note_points_at_nobody_and_is_its_writers_still(room):
    activity, phone, other = room.activity(candour="anonymous"), room.phone(), room.phone()
    room.press("run-go", activity.pk)
    phone.write(activity, CANARY)
    note = Note.objects.get()
    assert (note.participant, note.created_at.time().isoformat()) == (None, "00:00:00")
    assert [CANARY in one.shows() for one in (phone, other)] == [True, False]


def test_moving_on_and_back_loses_nothing(room):
    first, second, phone = room.activity(), room.activity("read"), room.phone()
    room.press("run-go", first.pk)
    phone.write(first, "Kept")
    room.press("run-go", second.pk)
    room.press("run-go", first.pk)
    assert (room.notes(), "Kept" in phone.shows()) == (["Kept"], True)


def test_a_note_of_the_part_before_still_arrives(room):
    """Nobody is cut off in the middle of a sentence."""
    first, second, phone = room.activity(), room.activity("read"), room.phone()
    room.press("run-go", first.pk)
    room.press("run-go", second.pk)
    phone.write(first, "A little late")
    assert room.notes() == ["A little late"]


def test_what_comes_later_is_not_there_yet(room):
    later, phone = room.activity(), room.phone()
    phone.write(later, "Too soon")
    assert (phone.answer.status_code, Note.objects.count()) == (404, 0)


def test_nothing_new_is_answered_with_nothing(room):
    phone = room.phone()
    room.workshop.refresh_from_db()
    address = f"/room/{room.workshop.pk}/?since={room.workshop.seq}"
    assert phone.client.get(address, headers=HTMX).status_code == 204
    room.press("run-go", room.activity().pk)
    assert phone.client.get(address, headers=HTMX).status_code == 200


def test_a_guest_is_told_without_a_session(room):
    """A session's row would hold the time when they wrote (`reliability.md` 5)."""
    activity = room.activity("write", candour="anonymous")
    room.press("run-go", activity.pk)
    phone, sessions = room.phone(), set(Session.objects.values_list("pk", flat=True))
    phone.write(activity, "Too many forms")
    assert "It’s yours alone until the facilitator shows all notes." in phone.shows()
    assert "It’s yours alone until" not in phone.shows()
    assert set(Session.objects.values_list("pk", flat=True)) == sessions


@pytest.mark.parametrize("before", [1, 3])
def test_a_note_takes_few_statements(room, django_assert_num_queries, before):
    """Notes come by the dozen in a minute, from phones on one small server."""
    activity = room.activity("write")
    room.press("run-go", activity.pk)
    room.press("run-reveal", activity.pk)
    phone = room.phone()
    for number in range(before):
        phone.write(activity, f"Words {number}")
    # Who, where, the lock, the note, who takes part, what is told, and two savepoints.
    with django_assert_num_queries(8):
        phone.write(activity, "Too many forms")
