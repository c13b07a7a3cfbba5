"""After a workshop: the page for everybody, the mail, and what became of what one wrote."""

import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from programmes.models import Barrier
from tests import factories
from tests.answers import follow, told
from tests.letters import letter_to
from tests.workshops.playing import Phone
from workshops.models import GUESTS_LOOK_BACK, GUESTS_STAY, Note, Workshop

# A mail server that is not there.
NOWHERE = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {"host": "127.0.0.1", "port": 1, "timeout": 2},
    }
}


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
    cast = over.cast
    factories.ParticipantFactory(workshop=over.workshop, user=cast.practitioner, number=50)
    page = _page(client_of(cast.practitioner), over)
    assert [
        words in page
        for words in ("Too much admin", "No time to think", "Admin takes our time", "Sam")
    ] == [True, True, True, False]


def _brings_raw_words(over) -> None:
    """A canary in a note of each kind of part, and words that the room agreed on beside it."""
    now, notes = timezone.now(), factories.NoteFactory
    theme, vote, talk, place, _ = (
        over.activity(kind, title=kind, opened_at=now, revealed_at=now)
        for kind in ("theme", "vote", "discuss", "place", "gift")
    )
    group = factories.GroupFactory(activity=theme, title="Paperwork", gift="ours")
    notes(activity=theme, group=group, text="canary grouped", gift="ours")
    alone = notes(activity=theme, text="canary alone", gift="ours")
    barrier = factories.BarrierFactory(programme=over.cast.programme, text="On our list")
    notes(activity=theme, text="On our list", barrier=barrier, gift="ours")
    factories.VoteFactory(activity=vote, group=None, note=alone)
    for voter in "abcde":
        factories.MarkFactory(activity=place, note=alone, voter=voter, up=5, across=4)
    factories.AgreementFactory(activity=talk, group=group, outcome="One form a week less")
    factories.AgreementFactory(activity=talk, group=None, note=alone, outcome="Ask the board")
    # What was agreed about a note that is in a group stands beside that group.
    late = notes(activity=theme, group=group, text="canary late")
    factories.AgreementFactory(activity=talk, group=None, note=late, outcome="Ring them first")
    change = factories.SmallChangeFactory(programme=over.cast.programme, title="Shorter forms")
    named = notes(activity=theme, text="canary in other words")
    factories.HarvestFactory(activity=theme, note=named, value=None, change=change)


AGREED = [
    "Admin takes our time",
    "Paperwork",
    "One of the notes",
    "Two notes<",
    "On our list",
    "One form a week less",
    "Ask the board",
    "Ring them first",
    "Shorter forms",
    "Ours now",
]


def test_raw_notes_are_read_by_those_who_were_there_and_what_was_agreed_by_all(over, client_of):
    _brings_raw_words(over)
    cast, workshop = over.cast, over.workshop

    def joins(email: str):
        user = factories.UserFactory(email=email)
        factories.MembershipFactory(authority=cast.authority, user=user)
        return user

    came, helps, sent_out, other = (
        joins(f"{word}@own.example") for word in ("came", "helps", "sent-out", "other")
    )
    factories.ParticipantFactory(workshop=workshop, user=came, number=50)
    factories.ParticipantFactory(
        workshop=workshop, user=sent_out, number=51, removed_at=timezone.now()
    )
    for email in (cast.manager.email, sent_out.email):
        factories.InviteeFactory(workshop=workshop, email=email)
    factories.CoFacilitatorFactory(workshop=workshop, user=helps)
    # Elsewhere they did all of it, which opens nothing here.
    elsewhere = factories.WorkshopFactory(programme=cast.programme)
    factories.ParticipantFactory(workshop=elsewhere, user=other, number=1)
    factories.InviteeFactory(workshop=elsewhere, email=other.email)
    factories.CoFacilitatorFactory(workshop=elsewhere, user=other)
    raw = ["Too much admin", "No time to think", "canary grouped", "canary alone", "canary late"]
    raw.append("canary in other words")
    for user in (came, helps, cast.manager, cast.facilitator, cast.crescendo):
        page = _page(client_of(user), over)
        assert [words in page for words in raw] == [True] * 6, user
        assert "Notes stay" not in page
    for user in (sent_out, other, cast.practitioner):
        page = _page(client_of(user), over)
        assert [words for words in (*raw, "canary") if words in page] == [], user
        assert [words for words in AGREED if words not in page] == [], user
        assert "Notes stay with those who were there." in page
        assert "Two notes." in page
    assert client_of(cast.outsider).get(over.url("summary")).status_code == 404


def test_what_was_never_shown_is_not_there(over):
    assert "Never shown to anybody" in over.guest.shows()
    assert "Never shown to anybody" not in _page(over.client, over)
    # Nor is a note that was reported since, and what it became stays; until that is taken out.
    Note.objects.filter(text="Too much admin").update(held_for=Note.HeldFor.REPORT)
    page = _page(over.client, over)
    assert ("Too much admin" in page, "Admin takes our time" in page) == (False, True)
    Barrier.objects.update(removed_at=timezone.now())
    views = (_page(over.client, over), over.guest.shows())
    assert ["Admin takes our time" in view for view in views] == [False, False]


def test_it_says_where_things_were_placed_and_whose_they_are(over):
    note, now = Note.objects.get(text="Too much admin"), timezone.now()
    placing, _ = (over.activity(kind, opened_at=now, revealed_at=now) for kind in ("place", "gift"))
    before = _page(over.client, over)
    for voter in "abcde":
        factories.MarkFactory(activity=placing, note=note, voter=voter, up=5, across=4)
    Note.objects.filter(pk=note.pk).update(gift="ours")
    pages = (before, _page(over.client, over))
    assert [
        [words in page for words in ("Impact 5, feasibility 4", "Ours now")] for page in pages
    ] == [[False, False], [True, True]]


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


def test_a_guest_looks_back_for_a_year_and_does_nothing_else(over):
    ended = timezone.now() - GUESTS_STAY - timedelta(days=100)
    Workshop.objects.filter(pk=over.workshop.pk).update(ended_at=ended)
    seen = list(over.workshop.participants.values_list("seen_at", flat=True))
    page = over.guest.shows()
    assert list(over.workshop.participants.values_list("seen_at", flat=True)) == seen
    assert [
        words in page
        for words in (
            "It became a barrier: “Admin takes our time”",
            "data-live",
            f"{timezone.localtime(ended + GUESTS_LOOK_BACK):%B %Y}",
        )
    ] == [True, False, True]
    assert over.guest.send("note-add", over.late.pk, id=uuid.uuid4(), text="x").status_code == 404


@pytest.fixture
def told_of(over):
    """It has a talk with its outcome, a stakeholder and what was taken away; and who is to hear."""
    theme = over.activity("theme", opened_at=timezone.now())
    talk = over.activity("discuss", title="Talk", opened_at=timezone.now())
    group = factories.GroupFactory(activity=theme, title="Paperwork")
    factories.AgreementFactory(activity=talk, group=group, outcome="One form a week less")
    note = factories.NoteFactory(activity=theme, text="Ask Jo Example in finance")
    factories.HarvestFactory(
        activity=theme,
        note=note,
        value=None,
        stakeholder=factories.StakeholderFactory(
            change__programme=over.cast.programme, who="Jo Example"
        ),
    )
    gone = factories.BarrierFactory(programme=over.cast.programme, text="Taken out since")
    gone.removed_at = timezone.now()
    gone.save()
    note = factories.NoteFactory(activity=theme)
    factories.HarvestFactory(activity=theme, note=note, value=None, barrier=gone)
    factories.MilestoneFactory(
        programme=over.cast.programme, kind="mission", laid_out_on="2099-01-01"
    )
    for email in ("guest@elsewhere.example", over.cast.manager.email):
        factories.InviteeFactory(workshop=over.workshop, email=email)
    factories.ParticipantFactory(workshop=over.workshop, user=over.cast.practitioner, number=50)
    return over


@pytest.mark.django_db(transaction=True)
def test_members_get_a_link_and_whoever_has_no_account_gets_what_was_decided(told_of, settings):
    over, cast = told_of, told_of.cast
    asked = over.client.get(over.url("summary-send"))
    to = asked.context["mail"].to
    assert (len(to.members), len(to.others), mail.outbox) == (2, 1, [])
    here, settings.MAILERS = settings.MAILERS, NOWHERE
    assert told(follow(over.client, over.press("summary-send")))[-1].startswith(
        "The mail didn’t go"
    )
    settings.MAILERS = here
    page = follow(over.client, over.press("summary-send"))
    assert told(page)[-1] == "Sent to 3 people."
    assert sorted(one.to for one in mail.outbox) == sorted(
        [["guest@elsewhere.example"], [cast.practitioner.email], [cast.manager.email]]
    )
    link = f"/own/workshops/{over.workshop.pk}/summary/"
    decided = ("- Barrier: Admin takes our time", "- Paperwork: One form a week less")
    when = "Small changes workshop 1: Mission, Thursday 1 January 2099."
    member, guest = letter_to(cast.manager.email).body, letter_to("guest@elsewhere.example").body
    assert [words in member for words in (link, when, *decided)] == [True, True, False, False]
    assert [words in guest for words in (link, when, *decided)] == [False, True, True, True]
    private = ("Sam", "Jo Example", "Taken out since", "Never shown", "Too much", "time to think")
    assert [words in letter.body for letter in mail.outbox for words in private] == [False] * 18
    # Sent again, it goes to nobody; somebody who is invited later gets it alone.
    over.press("summary-send")
    factories.InviteeFactory(workshop=over.workshop, email="late@elsewhere.example")
    over.press("summary-send")
    assert [one.to for one in mail.outbox[3:]] == [["late@elsewhere.example"]]


def test_it_is_sent_once_the_workshop_is_over_and_says_where_nobody_is(room, over, mailoutbox):
    assert (
        "There’s nobody to send it to" in over.client.get(over.url("summary-send")).content.decode()
    )
    factories.InviteeFactory(workshop=over.workshop, email="guest@elsewhere.example")
    Workshop.objects.filter(pk=over.workshop.pk).update(ended_at=None)
    page = follow(over.client, over.press("summary-send"))
    assert (told(page)[-1], page.context["mail"]) == ("It can go once the workshop is over.", None)
    assert mailoutbox == []


@pytest.mark.parametrize("rows", [1, 3])
def test_it_asks_as_often_for_many(room, client_of, django_assert_num_queries, rows):
    activity = room.activity(opened_at=room.workshop.doors_opened_at)
    activity.revealed_at = activity.opened_at
    activity.save()
    for _ in range(rows):
        factories.HarvestFactory(activity=activity)
    client = client_of(room.cast.practitioner)
    with django_assert_num_queries(11):
        client.get(room.url("summary"))
