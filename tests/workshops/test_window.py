"""A session that stays open for days: a deadline, one's own steps, counts and one reminder."""

import smtplib
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programmes.models import AuditEvent
from tests import factories
from tests.answers import HTMX, errors, follow, told
from tests.letters import letter_to
from tests.workshops.playing import Phone, undo_last
from workshops import window
from workshops.actions import window as acts
from workshops.models import Activity, Letter, Mark, Note, Participant, TakingPart, Vote, Workshop
from workshops.upcoming import upcoming

CANARY = "canary-77c1"
SAM, KIM = "sam@school.example", "kim@police.example"


def _in(**days) -> datetime:
    return timezone.now().replace(microsecond=0) + timedelta(**days)


def _typed(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M:%S")


def _open(room, **days) -> datetime:
    """The facilitator opens it until then, or changes until when."""
    until = _in(**(days or {"days": 3}))
    room.press("window", until=_typed(until))
    room.workshop.refresh_from_db()
    return until


def _pass(room) -> None:
    """The deadline was a minute ago, and the parts were opened before."""
    an_hour_ago = _in(hours=-1)
    room.workshop.activities.filter(opened_at__isnull=False).update(opened_at=an_hour_ago)
    Workshop.objects.filter(pk=room.workshop.pk).update(collects_until=_in(minutes=-1))
    room.workshop.refresh_from_db()


def _state(room) -> tuple:
    room.workshop.refresh_from_db()
    return (room.workshop.is_collecting, room.workshop.has_closed, room.workshop.is_self_paced)


def _step(phone: Phone, activity) -> str:
    return phone.client.get(reverse("room:step", args=[phone.workshop.pk, activity.pk]))


def _titles(page) -> list[str]:
    return [one.activity.title for one in page.context["own_steps"]]


@pytest.fixture
def parts(room):
    """A plan of five parts: one to read, one to write in, one to group, one to vote on, a pulse."""
    kinds = ("read", "write", "theme", "vote", "pulse")
    return {kind: room.activity(kind, title=f"The {kind}") for kind in kinds}


# --- until when


def test_it_opens_the_doors_and_what_people_can_answer_alone(room, parts):
    Workshop.objects.update(code=None, doors_opened_at=None)
    until = _open(room)
    assert (room.workshop.collects_until, len(room.workshop.code)) == (until, 8)
    opened = Activity.objects.filter(opened_at__isnull=False).order_by("position")
    assert [one.kind for one in opened] == ["read", "write", "pulse"]
    assert {one.timer_ends_at for one in opened} == {None}
    assert _state(room) == (True, False, True)


@pytest.mark.parametrize(
    ("until", "problem"),
    [
        ("", "Choose a day and a time."),
        ("soon", "Write the day and the time as in 03/12/2026 10:00."),
        ("2020-01-01T10:00", "That’s gone by. Choose a time still to come."),
        ("2090-01-01T10:00", "That’s far away. Choose a day within the next 30."),
    ],
)
def test_only_a_time_in_the_next_month_will_do(room, parts, until, problem):
    page = room.press("window", until=until)
    assert errors(page) == {"until": [problem]}
    assert _state(room) == (False, False, False)


def test_the_time_is_london_s(room, parts):
    until = timezone.localtime(_in(days=5)).replace(hour=17, minute=0, second=0)
    page = follow(room.client, room.press("window", until=until.strftime("%d/%m/%Y %H:%M")))
    assert Workshop.objects.get().collects_until == until
    assert told(page) == [f"Open until {until:%A} {until.day} {until:%B}, 17:00."]


def test_it_can_be_changed_and_changed_back(room, parts):
    first = _open(room, days=3)
    later = _in(days=5)
    page = follow(room.client, room.press("window", until=_typed(later)))
    assert Workshop.objects.get().collects_until == later
    undo_last(room.client, page)
    assert Workshop.objects.get().collects_until == first


def test_it_can_be_taken_back_and_what_was_given_stays(room, parts):
    _open(room)
    phone = room.phone()
    phone.write(parts["write"], "Kept")
    page = follow(room.client, room.press("window-take-back"))
    assert (_state(room), room.notes()) == ((False, False, False), ["Kept"])
    # Where nobody has been, the plan is free again.
    opened = Activity.objects.filter(opened_at__isnull=False)
    assert [one.kind for one in opened] == ["write"]
    assert "You’re in. We’ll start soon." in phone.shows()
    undo_last(room.client, page)
    assert _state(room) == (True, False, True)


def test_two_who_move_the_deadline_are_shown_both(room, parts):
    _open(room, days=3)
    seen = room.workshop.window_stamp
    theirs, mine = _open(room, days=5), _in(days=9)
    page = room.press("window", until=_typed(mine), version=seen)
    london = [timezone.localtime(one) for one in (theirs, mine)]
    assert (page.status_code, page.context["both"]) == (
        409,
        [("Open until", *(f"{one:%A} {one.day} {one:%B %Y, %H:%M}" for one in london))],
    )
    for name, said in {
        "window-later": {"days": "1"},
        "window-close": {},
        "window-take-back": {},
    }.items():
        page = follow(room.client, room.press(name, version=seen, **said))
        assert told(page)[-1] == (
            f"Somebody changed the deadline a moment ago. It’s open until {room.workshop.deadline}"
            " now. Press again if you mean it."
        )
    assert Workshop.objects.get().collects_until == theirs
    room.press("window", until=_typed(mine), version=room.workshop.window_stamp)
    assert Workshop.objects.get().collects_until == mine


def test_closed_early_it_can_be_opened_again(room, parts):
    until = _open(room)
    page = follow(room.client, room.press("window-close"))
    assert _state(room) == (False, True, True)
    undo_last(room.client, page)
    assert (_state(room), Workshop.objects.get().collects_until) == ((True, False, True), until)


def test_one_tap_makes_it_a_day_longer_from_the_deadline_or_from_today(room, parts):
    until = _open(room, days=3)
    room.press("window-later", days="1")
    assert Workshop.objects.get().collects_until == until + timedelta(days=1)
    Workshop.objects.update(collects_until=until - timedelta(days=10))
    room.press("window-later", days="1")
    now = timezone.localtime(Workshop.objects.get().collects_until)
    assert now.date() == timezone.localdate() + timedelta(days=1)
    assert now.time() == timezone.localtime(until).time()


def test_the_same_hour_stays_when_the_clocks_change():
    in_summer_time = datetime(2099, 10, 23, 16, tzinfo=UTC)  # 17:00 in London
    assert window.later_by(in_summer_time, 7) == datetime(2099, 10, 30, 17, tzinfo=UTC)


def test_the_doors_of_a_window_stay_open(room, parts):
    _open(room)
    code = room.workshop.code
    room.press("run-doors", way="close")
    assert Workshop.objects.get().code == code


def test_history_keeps_each_of_the_facilitators_deeds_and_none_of_a_guest_s(room, parts):
    AuditEvent.objects.all().delete()
    _open(room)
    phone = room.phone()
    phone.write(parts["write"], CANARY)
    room.press("window-close")
    phone.send("more-time")
    room.press("window-later", days="1")
    room.press("window-take-back")
    verbs = AuditEvent.objects.order_by("pk").values_list("verb", flat=True)
    assert [verb for verb in verbs if "window" in verb] == [
        "workshop window opened",
        "workshop window closed",
        "workshop window moved",
        "workshop window taken back",
    ]
    assert CANARY not in str(list(AuditEvent.objects.values()))


# --- one's own steps


def test_a_phone_leads_through_what_can_be_answered_alone(room, parts):
    _open(room)
    phone = room.phone()
    page = phone.page()
    assert _titles(page) == ["The read", "The write", "The pulse"]
    assert [page.context[name] for name in ("activity", "following")] == [
        parts["read"],
        page.context["own_steps"][1],
    ]
    written = _step(phone, parts["write"])
    assert (written.context["previous"].number, written.context["following"].number) == (1, 3)
    last = _step(phone, parts["pulse"]).content.decode()
    assert reverse("room:thanks", args=[room.workshop.pk]) in last


def test_somebody_goes_on_at_the_first_part_where_they_gave_nothing(room, parts):
    _open(room)
    phone, other = room.phone(), room.phone()
    phone.write(parts["write"], "Too much admin")
    assert phone.page().context["activity"] == parts["pulse"]
    phone.send("mark", parts["pulse"].pk, across="4")
    assert phone.page().context["activity"] is None
    assert "That’s all. Thank you" in phone.shows()
    done = {one.activity.title: one.is_done for one in phone.page().context["own_steps"]}
    assert done == {"The read": False, "The write": True, "The pulse": True}
    # Whoever comes late starts at the beginning, and sees nothing of what others did.
    page = other.page()
    assert (page.context["activity"], [one.is_done for one in page.context["own_steps"]]) == (
        parts["read"],
        [False] * 3,
    )


def test_after_giving_something_one_stays_at_that_step(room, parts):
    _open(room)
    phone = room.phone()
    phone.write(parts["write"], "Too much admin")
    assert phone.answer["Location"] == f"/room/{room.workshop.pk}/steps/{parts['write'].pk}/"


def test_nobody_is_dragged_along(room, parts):
    _open(room)
    phone = room.phone()
    before = room.told("phones")
    room.press("run-go", parts["write"].pk)
    room.press("run-reveal", parts["write"].pk)
    assert room.told("phones") == before
    assert phone.page().context["activity"] == parts["read"]


def test_a_vote_is_a_step_once_there_is_something_to_vote_on(room, parts):
    _open(room)
    phone = room.phone()
    phone.write(parts["write"], "Too much admin")
    room.press("run-go", parts["write"].pk)
    room.press("run-reveal", parts["write"].pk)
    room.press("run-go", parts["theme"].pk)
    note = Note.objects.get()
    room.press("run-group-add", parts["theme"].pk, title="Paper", id=uuid.uuid4(), note=note.pk)
    page = follow(room.client, room.press("window-parts"))
    assert told(page)[-1] == "1 more part can be answered now."
    assert "The vote" in _titles(phone.page())
    vote = Activity.objects.get(kind="vote")
    group = vote.workshop.activities.get(kind="theme").groups.get()
    phone.send("vote", vote.pk, thing=group.pk, had=0, wanted=1)
    assert (Vote.objects.count(), vote.dots) == (1, 3)


def test_an_unopened_part_is_not_there(room, parts):
    _open(room)
    assert _step(room.phone(), parts["vote"]).status_code == 404


def test_without_a_window_steps_lead_to_the_room(room, parts):
    phone = room.phone()
    room.press("run-go", parts["write"].pk)
    assert _step(phone, parts["write"])["Location"] == f"/room/{room.workshop.pk}/"
    thanks = phone.client.get(reverse("room:thanks", args=[room.workshop.pk]))
    assert thanks["Location"] == f"/room/{room.workshop.pk}/"


def test_a_plan_with_nothing_in_it_says_so(room):
    _open(room)
    assert "There’s nothing to answer yet." in room.phone().shows()


@pytest.mark.parametrize("rows", [1, 3])
def test_more_parts_ask_no_more(room, django_assert_num_queries, rows):
    for _ in range(rows):
        room.activity("write")
    _open(room)
    phone = room.phone()
    phone.page()
    with django_assert_num_queries(8):
        phone.page()
    with django_assert_num_queries(13):
        room.client.get(room.url("window"))


# --- who sees what


def test_what_is_not_shown_yet_is_in_nobody_else_s_answer(room, parts, cast, client_of, mailoutbox):
    factories.InviteeFactory(workshop=room.workshop, email=SAM)
    _open(room)
    writer, other = room.phone(), room.phone()
    pk = writer.write(parts["write"], CANARY)
    assert CANARY in _step(writer, parts["write"]).content.decode()
    room.press("window-send")
    room.press("window-remind")
    member = client_of(cast.practitioner)
    room.press("run-go", parts["write"].pk)
    answers = {
        "another phone": other.shows(),
        "its step": _step(other, parts["write"]).content.decode(),
        "its thanks": other.client.get(
            reverse("room:thanks", args=[room.workshop.pk])
        ).content.decode(),
        "window": room.client.get(room.url("window")).content.decode(),
        "console": room.console(),
        "screen": room.screen(),
        "stream": "".join(room.told(one) for one in ("console", "screen", "phones")),
        "home": member.get("/own/").content.decode(),
        "workshop": member.get(room.url("workshop")).content.decode(),
        "summary": member.get(room.url("summary")).content.decode(),
        "harvest": room.client.get(room.url("harvest")).content.decode(),
        "mail": str([one.message().as_string() for one in mail.outbox]),
        "history": str(list(AuditEvent.objects.values())),
    }
    _pass(room)
    answers |= {"closed": other.shows(), "closed console": room.console()}
    assert [where for where, text in answers.items() if CANARY in text] == []
    room.press("run-reveal", parts["write"].pk)
    assert CANARY in _step(other, parts["write"]).content.decode()
    assert str(pk) in _step(other, parts["write"]).content.decode()


def test_counts_are_the_facilitator_s_and_point_at_nobody(room):
    named = room.activity(title="Named", candour="named")
    secret = room.activity(title="Secret", candour="anonymous")
    pulse = room.activity("pulse", title="Pulse")
    _open(room)
    phones = [room.phone() for _ in range(3)]
    phones[0].write(named, "One")

    def counts():
        page = room.client.get(room.url("window"))
        return {part.activity.title: part.gave for part in page.context["parts"]}

    assert counts() == {"Named": 1, "Secret": None, "Pulse": None}
    for phone in phones[:2]:
        phone.write(secret, "Two")
    assert counts() == {"Named": 1, "Secret": None, "Pulse": None}
    phones[2].write(secret, "Three")
    assert counts() == {"Named": 1, "Secret": 3, "Pulse": None}
    phones[0].send("mark", pulse.pk, across="3")
    room.press("run-go", pulse.pk)
    console = room.client.get(room.url("run"))
    assert [console.context[name] for name in ("gave", "marked", "done")] == [None, None, 0]
    assert "Fewer than three people have answered so far." in console.content.decode()
    screen = room.screen_page().context
    assert [screen[name] for name in ("gave", "marked")] == [None, None]


def test_the_page_names_nobody_who_answered(room, parts, cast):
    factories.InviteeFactory(workshop=room.workshop, email=cast.practitioner.email)
    _open(room)
    guest = room.phone("Zebedee")
    guest.write(parts["write"], "Something")
    page = room.client.get(room.url("window")).content.decode()
    seen = [words in page for words in ("Zebedee", cast.practitioner.email)]
    assert (seen, "One is invited. Nobody has answered as a member yet." in page) == (
        [False, False],
        True,
    )


# --- coming in


def test_a_guest_comes_in_with_the_code_on_day_three(room, parts):
    until = _open(room, days=6)
    code = room.workshop.code
    # As if it had been opened three days ago.
    ago = timedelta(days=3)
    Workshop.objects.update(doors_opened_at=_in(days=-3), collects_until=until - ago)
    Activity.objects.exclude(opened_at=None).update(opened_at=_in(days=-3))
    client = Client()
    page = client.get("/join/", {"code": code})
    assert page.context["form"]["code"].value() == code
    answer = client.post("/join/", {"code": code})
    assert answer["Location"] == f"/room/{room.workshop.pk}/"
    assert follow(client, answer).context["activity"] == parts["read"]
    said = {"id": uuid.uuid4(), "text": "On day three", "column": 0}
    client.post(reverse("room:note-add", args=[room.workshop.pk, parts["write"].pk]), said)
    assert room.notes() == ["On day three"]


def test_a_member_lands_there_by_one_tap(room, parts, cast, client_of):
    _open(room)
    client = client_of(cast.practitioner)
    page = client.get("/join/", {"code": room.workshop.code})
    assert (page.context["own"], Participant.objects.count()) == (room.workshop, 0)
    enter = reverse("workshops:enter", args=["own", room.workshop.pk])
    assert f'action="{enter}"' in page.content.decode()
    assert follow(client, client.post(enter)).context["activity"] == parts["read"]
    assert [one.user for one in Participant.objects.all()] == [cast.practitioner]


@pytest.mark.parametrize("code", ["x" * 500, "BCDF 2345", "…"])
def test_a_code_that_leads_nowhere_offers_nothing(room, cast, client_of, code):
    page = client_of(cast.practitioner).get("/join/", {"code": code})
    assert (page.status_code, page.context["own"]) == (200, None)


def test_a_member_of_another_place_is_a_guest_like_everybody(room, parts, cast, client_of):
    _open(room)
    page = client_of(cast.outsider).get("/join/", {"code": room.workshop.code})
    assert (page.context["own"], room.workshop.title in page.content.decode()) == (None, False)


def test_home_and_the_list_say_until_when(room, parts, cast, client_of):
    _open(room)
    client = client_of(cast.practitioner)
    words = f"Open until {room.workshop.deadline}"
    addresses = ("/own/", "/own/workshops/", f"/own/workshops/{room.workshop.pk}/")
    assert [words in client.get(one).content.decode() for one in addresses] == [True] * 3
    _pass(room)
    words = f"Closed on {room.workshop.deadline}"
    assert [words in client.get(one).content.decode() for one in addresses] == [True] * 3


def test_home_shows_what_can_be_answered_before_what_has_closed(room, parts, cast, client_of):
    _open(room)
    _pass(room)
    other = factories.WorkshopFactory(
        programme=cast.programme, is_open=True, collects_until=_in(days=2)
    )
    assert upcoming(room.workshop.programme).workshop == other


def test_what_is_given_on_day_three_keeps_the_first_day(room):
    """Whoever alone gave something on that day could be told by it."""
    secret, pulse = room.activity(candour="anonymous"), room.activity("pulse")
    _open(room)
    first = _in(days=-3)
    Activity.objects.update(opened_at=first)
    phone = room.phone()
    pk = phone.write(secret, "On day three")
    phone.send("mark", pulse.pk, across="4")
    phone.send("note-remove", pk)
    kept = [
        *Note.objects.values_list("created_at", flat=True),
        *Note.objects.values_list("removed_at", flat=True),
        *Mark.objects.values_list("created_at", flat=True),
        *TakingPart.objects.values_list("created_at", flat=True),
    ]
    day = timezone.localtime(first).replace(hour=0, minute=0, second=0, microsecond=0)
    assert kept == [day] * 5


# --- after the deadline


@pytest.mark.parametrize("headers", [None, HTMX])
def test_what_was_typed_too_late_is_refused_and_kept_on_the_page(room, parts, headers):
    _open(room)
    phone = room.phone()
    _pass(room)
    phone.write(parts["write"], "A little too late", headers=headers)
    page = phone.answer
    assert (page.status_code, page["X-Not-Kept"], room.notes()) == (200, "closed", [])
    assert page.context["form"]["text"].value() == "A little too late"
    body = page.content.decode()
    assert [
        words in body
        for words in (
            f"This closed on {room.workshop.deadline}.",
            ">A little too late</textarea>",
            "Ask the facilitator for more time",
            "Try to add it again",
        )
    ] == [True] * 4


def test_what_was_kept_can_be_sent_once_there_is_more_time(room, parts):
    _open(room)
    phone = room.phone()
    _pass(room)
    pk = phone.write(parts["write"], "A little too late")
    room.press("window-later", days="1")
    phone.write(parts["write"], "A little too late", pk=pk)
    assert room.notes() == ["A little too late"]


def test_nothing_more_can_be_given_changed_or_marked(room, parts):
    vote = room.activity("vote", opened_at=timezone.now(), dots=3, most_on_one=2)
    note = factories.NoteFactory(activity=room.activity(revealed_at=timezone.now(), position=0))
    vote.position = 1
    vote.save()
    _open(room)
    phone = room.phone()
    pk = phone.write(parts["write"], "In time")
    _pass(room)
    edit = phone.send("note-edit", pk, text="Other words", version=1)
    assert errors(edit) == {
        "text": [
            f"This closed on {room.workshop.deadline}, so your note stays as it was."
            " Ask for more time."
        ]
    }
    assert edit.context["form"]["text"].value() == "Other words"
    # It can be withdrawn, since it is theirs, and put back as it was.
    phone.send("note-remove", pk)
    assert room.notes() == [str(note)]
    phone.send("note-put-back", pk)
    phone.send("mark", parts["pulse"].pk, across="3")
    phone.send("vote", vote.pk, thing=note.pk, had=0, wanted=1)
    phone.send("done", parts["pulse"].pk)
    assert told(phone.page())[-1] == "The time for this is up, so what you gave stays as it is."
    assert (room.notes(), Mark.objects.count(), Vote.objects.count()) == (
        [str(note), "In time"] if str(note) < "In time" else ["In time", str(note)],
        0,
        0,
    )
    assert [one.activity for one in TakingPart.objects.all()] == [parts["write"]]


def test_one_s_own_answers_can_be_read_after_it(room, parts):
    _open(room)
    phone, other = room.phone(), room.phone()
    phone.send("mark", parts["pulse"].pk, across="4")
    _pass(room)
    pages = [_step(one, parts["pulse"]).content.decode() for one in (phone, other)]
    assert ["Your answer: <b>4 Quite</b>" in page for page in pages] == [True, False]


def test_what_is_shown_already_asks_nobody_for_more(room):
    shown, asked = room.activity(title="Shown"), room.activity(title="Asked")
    _open(room)
    phone = room.phone()
    room.press("run-go", shown.pk)
    room.press("run-reveal", shown.pk)
    later = room.activity(title="Later")
    room.press("window-parts")
    phone.write(asked, "Something")
    assert phone.page().context["activity"] == later


def test_too_late_one_can_ask_for_time_and_take_it_back(room, parts):
    _open(room)
    phone = room.phone()
    phone.send("more-time")
    assert Participant.objects.get().wants_more_time is False
    _pass(room)
    phone.send("more-time")
    page = room.client.get(room.url("window"))
    assert (page.context["asked"], "One person asks for more time." in page.content.decode()) == (
        1,
        True,
    )
    assert "One person asks for more time." in room.console()
    phone.send("more-time", wants="no")
    assert room.client.get(room.url("window")).context["asked"] == 0
    phone.send("more-time")
    room.press("window-later", days="1")
    assert Participant.objects.get().wants_more_time is False


def test_whoever_comes_after_it_sees_what_is_shown_and_what_comes_next(room, parts):
    _open(room)
    writer = room.phone()
    writer.write(parts["write"], "Shown to all")
    room.press("run-go", parts["write"].pk)
    room.press("run-reveal", parts["write"].pk)
    _pass(room)
    late = room.phone()
    page = late.page()
    assert (page.context["activity"], "What happens now:" in page.content.decode()) == (None, True)
    step = _step(late, parts["write"]).content.decode()
    seen = [words in step for words in ("Shown to all", "Add my note", "This closed on")]
    assert seen == [True, False, True]
    assert "<form" not in _step(late, parts["pulse"]).content.decode()


def test_then_the_facilitator_goes_on_live_and_the_phones_come_along(room, parts):
    _open(room)
    phone = room.phone()
    phone.write(parts["write"], "In time")
    _pass(room)
    room.press("run-go", parts["write"].pk)
    assert _state(room) == (False, True, False)
    assert phone.page().context["activity"] == parts["write"]
    assert "Add my note" not in phone.shows()
    # What opens from here on is open live.
    later = room.activity(title="Live")
    room.press("run-go", later.pk)
    phone.write(later, "Said live")
    assert room.notes() == ["In time", "Said live"]
    assert later.title in room.told("phones")


# --- the mails


@pytest.fixture
def invited(room, parts, cast):
    """Two addresses and a member on the list, of a workshop that is open for days."""
    for email in (SAM, KIM, cast.practitioner.email):
        factories.InviteeFactory(workshop=room.workshop, email=email)
    _open(room)
    return room


@pytest.fixture
def post(django_capture_on_commit_callbacks):
    """`post(room, name)`: the answer, once the mail that follows the commit is sent."""

    def posting(room, name: str, **said):
        with django_capture_on_commit_callbacks(execute=True):
            return room.press(name, **said)

    return posting


def _to() -> list[str]:
    return sorted(address for one in mail.outbox for address in one.to)


def _give(room, user, part) -> None:
    one = factories.ParticipantFactory(workshop=room.workshop, user=user, number=90)
    factories.TakingPartFactory(activity=part, participant=one)


def test_no_mail_goes_before_the_facilitator_says_so(invited):
    assert mail.outbox == []
    page = invited.client.get(invited.url("window"))
    assert (page.context["untold"], "Send it to 3 people" in page.content.decode()) == (3, True)


@pytest.mark.django_db(transaction=True)
def test_it_says_how_many_it_went_to(invited):
    page = follow(invited.client, invited.press("window-send"))
    assert told(page)[-1] == "Sent to 3 people."
    assert page.context["untold"] == 0


def test_the_mail_brings_the_link_and_the_deadline(invited, post, cast):
    post(invited, "window-send")
    assert _to() == sorted([SAM, KIM, cast.practitioner.email])
    letter, deadline = letter_to(SAM), invited.workshop.deadline
    assert letter.subject == f"Have your say by {deadline}: {invited.workshop.title}"
    link = f"http://testserver/join/?code={invited.workshop.code}"
    assert [
        words in letter.body for words in (f"open until {deadline}", f"\n{link}\n", "no account")
    ] == [True] * 3
    assert [words in letter.message().as_string() for words in (KIM, "The write")] == [False] * 2
    mail.outbox.clear()
    post(invited, "window-send")
    assert mail.outbox == []


def test_a_new_deadline_is_told_to_all_once_more_and_to_no_one_unasked(invited, post):
    post(invited, "window-send")
    mail.outbox.clear()
    post(invited, "window-later", days="1")
    assert mail.outbox == []
    post(invited, "window-send")
    invited.workshop.refresh_from_db()
    assert (len(mail.outbox), letter_to(SAM).subject) == (
        3,
        f"New time: {invited.workshop.title} is open until {invited.workshop.deadline}",
    )


def test_the_reminder_goes_to_whoever_gave_nothing_as_a_member_and_once(invited, post, cast, parts):
    _give(invited, cast.practitioner, parts["write"])
    post(invited, "window-remind")
    assert _to() == [KIM, SAM]
    letter, deadline = letter_to(SAM), invited.workshop.deadline
    assert letter.subject == f"Still time until {deadline}: {invited.workshop.title}"
    assert [
        words in letter.body
        for words in (
            f"/join/?code={invited.workshop.code}",
            "we can’t tell guests apart",
            "This is the only reminder.",
        )
    ] == [True] * 3
    mail.outbox.clear()
    post(invited, "window-remind")
    post(invited, "window-later", days="1")
    post(invited, "window-remind")
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_of_two_that_remind_at_once_each_letter_goes_once(invited, cast):
    together, row = threading.Barrier(2, timeout=60), invited.workshop

    def press(_):
        try:
            together.wait()
            return acts.remind(workshop=row, by=None, address="http://x{}".format)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        counts = sorted(pool.map(press, range(2)))
    # Whoever was slower may have found some that had not gone yet; each went once.
    assert (counts[-1], _to()) == (3, sorted([SAM, KIM, cast.practitioner.email]))


@pytest.mark.django_db(transaction=True)
def test_a_reminder_that_the_mail_server_did_not_take_can_be_sent_later(invited, settings):
    here = settings.MAILERS
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 1, "timeout": 2},
        }
    }
    page = follow(invited.client, invited.press("window-remind"))
    assert told(page)[-1] == "The mail didn’t go. Try again in a few minutes."
    settings.MAILERS = here
    invited.press("window-remind")
    assert len(_to()) == 3


class Troubled(EmailBackend):
    """A mail server that knows no such member, and is cut off while it has the letter to Sam."""

    def send_messages(self, email_messages):
        (letter,) = email_messages
        if letter.to == [SAM]:
            raise ConnectionResetError
        if letter.to != [KIM]:
            raise smtplib.SMTPRecipientsRefused({})
        return super().send_messages(email_messages)


@pytest.mark.django_db(transaction=True)
def test_a_reminder_that_was_cut_off_goes_on_and_nobody_gets_two(invited, settings, cast):
    here = settings.MAILERS
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.Troubled"}}
    page = follow(invited.client, invited.press("window-remind"))
    assert told(page)[-1] == "Reminded 2 people. 1 person still to go: send the rest."
    settings.MAILERS = here
    # What was on its way to Sam may have come; who was invited later had no reminder coming.
    factories.InviteeFactory(workshop=invited.workshop, email="later@school.example")
    assert page.context["not_reached"] == 1
    said = [told(follow(invited.client, invited.press("window-remind")))[-1] for _ in range(2)]
    assert said == [
        "A reminder is on its way to 1 person.",
        "No reminder to send: it has gone, or nobody is waiting for one.",
    ]
    assert _to() == sorted([KIM, cast.practitioner.email])


def test_what_was_said_of_a_window_goes_with_it(invited, post):
    post(invited, "window-send")
    post(invited, "window-remind")
    invited.press("window-take-back")
    invited.workshop.refresh_from_db()
    told_of = invited.workshop.invitees.exclude(told_until=None)
    assert (invited.workshop.reminded_at, told_of.count(), Letter.objects.count()) == (None, 0, 0)
    _open(invited)
    mail.outbox.clear()
    post(invited, "window-remind")
    assert len(_to()) == 3


def test_after_the_deadline_nobody_is_reminded(invited, post):
    _pass(invited)
    post(invited, "window-remind")
    post(invited, "window-send")
    assert mail.outbox == []


# --- the command that cron runs


def _due_at(moment: datetime, monkeypatch) -> list[Workshop]:
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return acts.due()


@pytest.mark.parametrize(
    ("closes", "looks", "is_due"),
    [
        # A Thursday: on Wednesday, not on Tuesday; still on its own day, where cron was away.
        ((2026, 12, 3, 17), (2026, 12, 1, 9), False),
        ((2026, 12, 3, 17), (2026, 12, 2, 9), True),
        ((2026, 12, 3, 17), (2026, 12, 3, 9), True),
        ((2026, 12, 3, 17), (2026, 12, 3, 18), False),
        # A Monday: on Friday, and not at the weekend.
        ((2026, 12, 7, 17), (2026, 12, 4, 9), True),
        ((2026, 12, 7, 17), (2026, 12, 6, 9), False),
        ((2026, 12, 7, 17), (2026, 12, 3, 9), False),
    ],
)
def test_it_is_due_on_the_last_working_day_before(
    invited, post, monkeypatch, closes, looks, is_due
):
    until = datetime(*closes, tzinfo=UTC)
    Workshop.objects.update(collects_until=until)
    invited.workshop.invitees.update(told_until=until)
    due = _due_at(datetime(*looks, tzinfo=UTC), monkeypatch)
    assert due == ([invited.workshop] if is_due else [])


@pytest.fixture
def eve(invited, monkeypatch):
    """Everybody has the link, and it closes tomorrow, a Thursday."""
    until = datetime(2026, 12, 3, 17, tzinfo=UTC)
    Workshop.objects.update(collects_until=until)
    invited.workshop.invitees.update(told_until=until)
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 12, 2, 9, tzinfo=UTC))
    return invited


def _work(django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        acts.remind_due(timezone.now())


def test_the_worker_reminds_once(eve, settings, django_capture_on_commit_callbacks):
    settings.WORKER_SITE_URL = "https://crescendo.example"
    for _ in range(2):
        _work(django_capture_on_commit_callbacks)
    assert len(_to()) == 3
    link = f"https://crescendo.example/join/?code={eve.workshop.code}"
    assert f"\n{link}\n" in letter_to(SAM).body
    assert AuditEvent.objects.get(verb="workshop reminder sent").actor_kind == "system"


def test_the_worker_leaves_what_the_facilitator_did_and_what_nobody_was_told_of(
    eve, django_capture_on_commit_callbacks
):
    eve.workshop.invitees.update(told_until=None)
    _work(django_capture_on_commit_callbacks)
    eve.workshop.invitees.update(told_until=timezone.now())
    Workshop.objects.update(reminded_at=timezone.now())
    _work(django_capture_on_commit_callbacks)
    assert mail.outbox == []


# --- who may


@pytest.mark.parametrize(
    "name",
    [
        *("window", "window-later", "window-close", "window-take-back"),
        *("window-parts", "window-send", "window-remind"),
    ],
)
def test_who_only_takes_part_changes_nothing(invited, cast, client_of, name):
    before = Workshop.objects.values().get()
    client = client_of(cast.practitioner)
    said = {"until": _typed(_in(days=9)), "days": "1"}
    assert client.post(invited.url(name), said).status_code == 403
    assert (Workshop.objects.values().get(), mail.outbox) == (before, [])
