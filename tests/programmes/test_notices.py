"""Mail that goes by itself: once each, at hours when people work, and not to whoever stopped it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from programmes import notices
from programmes.actions import addresses, mails
from programmes.models import Notice, NoticeChoice, NoticeKind

pytestmark = pytest.mark.django_db

# A Wednesday; London's clocks are at UTC then.
NOON = datetime(2026, 12, 2, 12, tzinfo=UTC)


@pytest.fixture
def queue(cast, settings, tmp_path):
    """Queue a notice to somebody, with words of its own."""
    (tmp_path / "try_subject.txt").write_text("Hello from\n{{ authority.name }}")
    (tmp_path / "try.txt").write_text("{{ words }}\n")
    templates = settings.TEMPLATES[0]
    options = templates["OPTIONS"]
    settings.TEMPLATES = [templates | {"DIRS": [*templates["DIRS"], tmp_path], "OPTIONS": options}]

    def one(key="one", to="Ana@Council.example", due_at=NOON, words="Anything new?"):
        return notices.notify(
            authority=cast.authority,
            to=to,
            kind=NoticeKind.QUIET,
            key=key,
            template="try",
            context={"words": words},
            due_at=due_at,
        )

    return one


def test_a_notice_goes_once_however_often_it_is_queued_and_sent(queue, cast):
    notice = queue()
    assert queue(words="Something else") is None
    assert [notices.send_due(now=NOON) for _ in range(2)] == [1, 0]
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (
        ["ana@council.example"],
        f"Hello from {cast.authority.name}",
    )
    assert letter.body.startswith("Anything new?\n")
    assert "because we write to you when a small change of yours has gone quiet" in letter.body
    notice.refresh_from_db()
    assert notice.sent_at is not None
    assert notice.body == ""


@pytest.mark.parametrize(
    ("hour", "goes"),
    [
        (datetime(2026, 12, 2, 7, 59, tzinfo=UTC), 0),
        (datetime(2026, 12, 2, 8, 0, tzinfo=UTC), 1),
        (datetime(2026, 12, 2, 17, 59, tzinfo=UTC), 1),
        (datetime(2026, 12, 2, 18, 0, tzinfo=UTC), 0),
        (datetime(2026, 12, 5, 12, 0, tzinfo=UTC), 0),  # Saturday
        (datetime(2026, 12, 6, 12, 0, tzinfo=UTC), 0),
        # In summer London is an hour before UTC.
        (datetime(2027, 6, 2, 6, 59, tzinfo=UTC), 0),
        (datetime(2027, 6, 2, 7, 0, tzinfo=UTC), 1),
        (datetime(2027, 6, 2, 17, 0, tzinfo=UTC), 0),
    ],
)
def test_mail_goes_on_working_days_between_eight_and_six_in_london(queue, hour, goes):
    queue(due_at=NOON - timedelta(days=1))
    assert notices.send_due(now=hour) == goes
    assert len(mail.outbox) == goes


def test_what_is_not_due_waits(queue):
    queue(due_at=NOON + timedelta(minutes=1))
    assert notices.send_due(now=NOON) == 0
    assert notices.send_due(now=NOON + timedelta(minutes=1)) == 1


@pytest.mark.parametrize(
    ("day", "at"),
    [
        (date(2026, 10, 23), datetime(2026, 10, 23, 8, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 26, 9, tzinfo=UTC)),  # the clocks go back
        (date(2027, 3, 26), datetime(2027, 3, 26, 9, tzinfo=UTC)),
        (date(2027, 3, 28), datetime(2027, 3, 29, 8, tzinfo=UTC)),  # and forward
    ],
)
def test_nine_is_nine_in_london_and_no_weekend(day, at):
    assert notices.at_nine(day).astimezone(UTC) == at


def test_whoever_stopped_these_mails_gets_none_of_them(queue, client):
    notice = queue()
    queue("two", to="ben@council.example")
    page = client.get(f"/mails/{notices.stop_token(notice.choice)}/")
    assert "Stop these mails?" in page.content.decode()
    notice.choice.refresh_from_db()
    assert notice.choice.stopped_at is None  # a scanner that looks stops nothing
    client.post(f"/mails/{notices.stop_token(notice.choice)}/", {"wanted": "no"})
    assert notices.send_due(now=NOON) == 1
    assert [letter.to for letter in mail.outbox] == [["ben@council.example"]]
    notice.refresh_from_db()
    assert (notice.sent_at, notice.dropped_at is None, notice.body) == (None, False, "")
    assert queue("three") is None


def test_a_mail_programs_own_button_stops_them(queue, client):
    client.handler.enforce_csrf_checks = True
    queue()
    notices.send_due(now=NOON)
    headers = mail.outbox[0].message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = headers["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")
    answer = client.post(address, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.content) == (200, b"Stopped.")
    assert NoticeChoice.objects.get().stopped_at is not None


def test_a_link_that_is_not_ours_stops_nothing(queue, client):
    notice = queue()
    token = notices.stop_token(notice.choice)
    answer = client.post(f"/mails/{token[:-1]}x/", {"wanted": "no"})
    assert (answer.status_code, "can’t find that link" in answer.content.decode()) == (404, True)
    notice.choice.refresh_from_db()
    assert notice.choice.stopped_at is None


def test_what_the_server_refuses_is_tried_again_and_then_given_up(queue, settings):
    settings.MAILERS = {"default": {"BACKEND": "tests.letters.Refusing"}}
    notice, now, waits = queue(), NOON, []
    while notice.dropped_at is None:
        assert notices.send_due(now=now) == 0
        notice.refresh_from_db()
        waits.append(notice.due_at - now)
        # The same hour, some day: what is waited for here is the number of tries.
        Notice.objects.filter(pk=notice.pk).update(due_at=now)
    assert waits == [timedelta(minutes=10 * 2**n) for n in range(6)]
    assert (notice.tries, notice.body, notice.sent_at) == (6, "", None)


def test_what_is_dropped_while_others_go_does_not_go_and_keeps_none_of_them(queue):
    first, second = queue(), queue("two", to="ben@council.example")
    read_before = [second, first]
    notices.drop(authority=second.authority, key="two")
    assert notices.send(read_before, now=NOON) == 1
    assert [letter.to for letter in mail.outbox] == [["ana@council.example"]]


def test_a_new_address_keeps_what_its_owner_chose_and_gets_what_waits(queue, cast):
    user = cast.practitioner
    stopped = queue(to=user.email).choice
    mails.choose(choice=stopped, wanted=False, by=user)
    NoticeChoice.objects.create(
        authority=cast.authority, email="new@own.example", kind=NoticeKind.QUIET
    )
    waits = notices.notify(
        authority=cast.authority,
        to=user.email,
        kind=NoticeKind.ASK,
        key="an ask",
        template="try",
        context={},
        due_at=NOON,
    )
    addresses.change(to="new@own.example", by=user)
    assert queue("another", to="new@own.example") is None
    assert notices.send_due(now=NOON) == 1
    waits.refresh_from_db()
    assert waits.choice.email == "new@own.example"
    assert not NoticeChoice.objects.filter(email=user.email).exists()


@pytest.mark.parametrize(("hours", "words"), [(0, "Anything new?"), (2, "")])
def test_what_another_worker_is_sending_keeps_its_words_for_another_try(queue, hours, words):
    other, at = queue(), timezone.now() - timedelta(hours=hours)
    Notice.objects.filter(pk=other.pk).update(sent_at=at)
    notices.send([queue("two", to="ben@council.example")], now=NOON)
    other.refresh_from_db()
    assert other.body == words


def test_one_chooses_among_ones_own(queue, client, cast):
    notice = queue(to=cast.practitioner.email)
    other = queue("two", to=cast.manager.email)
    client.force_login(cast.practitioner)
    page = client.get("/account/mails/").content.decode()
    assert page.count("… when a small change of yours has gone quiet") == 1

    def choose(one, wanted):
        said = {"which": one.choice.pk, "wanted": wanted}
        return client.post("/account/mails/", said).status_code

    assert choose(notice, "no") == 302
    assert choose(other, "no") == 400
    stopped = NoticeChoice.objects.exclude(stopped_at=None).values_list("email", flat=True)
    assert list(stopped) == [cast.practitioner.email]
    assert "Start again" in client.get("/account/mails/").content.decode()
    assert choose(notice, "yes") == 302
    assert not NoticeChoice.objects.exclude(stopped_at=None).exists()
