"""After a workshop: the page for everybody, the mail, and what became of what one wrote."""

import pytest

from tests import factories
from tests.answers import follow, told
from tests.workshops.playing import Phone
from workshops.models import Note


@pytest.fixture
def over(room):
    """A room that was closed after one note was shown, one brought on, and one never shown."""
    room.write, room.late = room.activity(columns=["What gets in the way"]), room.activity()
    room.guest, room.other = room.phone("Sam"), room.phone()
    room.stands_at(room.write)
    room.guest.write(room.write, "Too much admin")
    room.other.write(room.write, "No time to think")
    room.has_shown(room.write)
    admin, time = (Note.objects.get(text=text) for text in ("Too much admin", "No time to think"))
    said = {f"to-{admin.pk}": "barrier", f"text-{admin.pk}": "Admin takes our time"}
    room.client.post(room.url("harvest"), said | {f"to-{time.pk}": "", f"text-{time.pk}": "x"})
    room.stands_at(room.late)
    room.guest.write(room.late, "Never shown to anybody")
    room.press("run-end")
    return room


def _page(client, room) -> str:
    return client.get(room.url("summary")).content.decode()


def test_it_shows_what_everybody_saw_and_what_it_became(over, client_of):
    page = _page(client_of(over.cast.practitioner), over)
    assert [
        words in page
        for words in ("Too much admin", "No time to think", "Admin takes our time", "Sam")
    ] == [True, True, True, False]


def test_what_was_never_shown_is_not_there(over):
    assert "Never shown to anybody" in over.guest.shows()
    assert "Never shown to anybody" not in _page(over.client, over)


def test_before_anything_was_shown_it_says_what_will_be_here(room):
    assert "What we said will be here." in _page(room.client, room)


def test_each_person_sees_what_became_of_their_own_words_alone(over):
    mine, others = over.guest.shows(), over.other.shows()
    assert "It became a barrier: “Admin takes our time”" in mine
    assert "No time to think" not in mine
    assert ("Kept, and not taken up yet" in others, "Admin takes our time" in others) == (
        True,
        False,
    )


def test_an_anonymous_writer_sees_it_by_the_key_on_their_phone(room):
    activity = room.activity(candour="anonymous")
    phone, other = room.phone(), Phone(room.workshop)
    room.press("run-go", activity.pk)
    pk = phone.write(activity, "Too much admin")
    room.press("run-reveal", activity.pk)
    said = {f"to-{pk}": "barrier", f"text-{pk}": "Too much admin"}
    room.client.post(room.url("harvest"), said)
    room.press("run-end")
    became = "It became a barrier"
    assert [became in one.shows() for one in (phone, other)] == [True, False]


def test_the_mail_goes_to_members_and_invited_people_and_holds_no_words_of_anybody(
    over, mailoutbox, django_capture_on_commit_callbacks
):
    factories.InviteeFactory(workshop=over.workshop, email="guest@elsewhere.example")
    factories.ParticipantFactory(workshop=over.workshop, user=over.cast.practitioner, number=50)
    with django_capture_on_commit_callbacks(execute=True):
        answer = over.press("summary-send")
    assert told(follow(over.client, answer))[-1] == "On its way to 2 people."
    assert sorted(mail.to for mail in mailoutbox) == [
        ["guest@elsewhere.example"],
        [over.cast.practitioner.email],
    ]
    body = mailoutbox[0].body
    assert f"/own/workshops/{over.workshop.pk}/summary/" in body
    assert [words in body for words in ("admin", "time to think", "Sam")] == [False] * 3


def test_with_nobody_to_send_it_to_it_says_so(over, mailoutbox):
    answer = over.press("summary-send")
    assert told(follow(over.client, answer))[-1].startswith("Nobody to send it to")
    assert mailoutbox == []


@pytest.mark.parametrize("rows", [1, 3])
def test_it_asks_as_often_for_many(room, client_of, django_assert_num_queries, rows):
    activity = room.activity(opened_at=room.workshop.doors_opened_at)
    activity.revealed_at = activity.opened_at
    activity.save()
    for _ in range(rows):
        factories.HarvestFactory(activity=activity)
    client = client_of(room.cast.practitioner)
    with django_assert_num_queries(10):
        client.get(room.url("summary"))
