"""What a pod's rhythm does by itself: its nudge, its invitations, and where its date goes."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone
from icalendar import Calendar

from crescendo.tasks import DUE, queue_due
from programmes import notices
from programmes.actions import timeline
from programmes.models import AuditEvent, Milestone, Notice, Programme
from tests import factories
from tests.answers import errors, follow, told
from workshops import rhythm
from workshops.actions import planning, series
from workshops.models import Activity, PodAgenda, Workshop

# Thursday 10 December 2026, 10:00 in London; three days before is a Monday.
STARTS = datetime(2026, 12, 10, 10, tzinfo=UTC)
NINE = datetime(2026, 12, 7, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def pod(cast, django_capture_on_commit_callbacks):
    """A pod with a look at one change, of a team of one; and somebody else who is invited."""
    team = factories.TeamFactory(authority=cast.authority)
    member = cast.authority.memberships.get(user=cast.practitioner)
    member.teams.add(team, through_defaults={"authority": cast.authority})
    ours = factories.SmallChangeFactory(
        programme=cast.programme, title="Shorter forms", status="paused"
    )
    ours.teams.add(team, through_defaults={"authority": cast.authority})
    factories.UpdateFactory(change=ours, text="A canary sang")
    workshop = factories.WorkshopFactory(
        programme=cast.programme, kind="pod", title="Learning pod 2", starts_at=STARTS
    )
    PodAgenda.objects.create(authority=cast.authority, workshop=workshop)
    factories.InviteeFactory(workshop=workshop, email="guest@elsewhere.example")
    return workshop


def _nudges() -> list[tuple[str, str]]:
    return [(one.to[0], one.subject) for one in mail.outbox]


def test_both_are_run_by_the_worker():
    assert DUE[-2:] == (rhythm.follow_timeline, rhythm.queue_pod_nudges)


def test_a_nudge_goes_three_days_before_once_with_titles_alone(pod):
    rhythm.queue_pod_nudges(NINE - HOUR)
    assert not Notice.objects.exists()
    for now in (NINE, NINE, NINE + HOUR, NINE + timedelta(days=2)):  # twice, and late
        rhythm.queue_pod_nudges(now)
        notices.send_due(now=now)
    subject = "Learning pod 2, Thursday 10 December: what we’ll look at"
    assert _nudges() == [
        ("guest@elsewhere.example", subject),
        ("practitioner@own.example", subject),
    ]
    body = mail.outbox[0].body
    assert "Thursday 10 December 2026, 10:00" in body
    assert "We’ll look at:\n\n- Shorter forms\n" in body
    assert "because we write to you three days before a learning pod" in body
    assert "canary" not in body


def test_where_there_is_nobody_to_write_to_the_agenda_is_made_once(pod):
    pod.invitees.all().delete()
    pod.authority.memberships.get(teams__name__isnull=False).teams.clear()
    for _ in range(3):
        rhythm.queue_pod_nudges(NINE)
    assert Notice.objects.count() == 0
    assert AuditEvent.objects.filter(verb="agenda made").count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"ended_at": NINE, "doors_opened_at": NINE},
        {"doors_opened_at": NINE},
        {"starts_at": None},
        {"starts_at": NINE - HOUR},
        {"kind": "mission"},
    ],
    ids=["over", "open", "no day", "begun", "no pod"],
)
def test_nobody_is_nudged_for_nothing(pod, change):
    Workshop.objects.filter(pk=pod.pk).update(**change)
    rhythm.queue_pod_nudges(NINE)
    assert not Notice.objects.exists()


def test_a_nudge_at_a_weekend_waits_for_monday(pod):
    tuesday = datetime(2026, 12, 8, 10, tzinfo=UTC)
    Workshop.objects.filter(pk=pod.pk).update(starts_at=tuesday)
    rhythm.queue_pod_nudges(datetime(2026, 12, 5, 9, tzinfo=UTC))
    assert not Notice.objects.exists()
    rhythm.queue_pod_nudges(NINE)
    assert {one.due_at for one in Notice.objects.all()} == {NINE}


@pytest.mark.parametrize(
    ("starts", "nine"),
    [
        # Clocks went back on 25 October 2026, and go forward on 28 March 2027.
        (datetime(2026, 10, 26, 10, tzinfo=UTC), datetime(2026, 10, 23, 8, tzinfo=UTC)),
        (datetime(2026, 10, 29, 10, tzinfo=UTC), datetime(2026, 10, 26, 9, tzinfo=UTC)),
        (datetime(2027, 3, 29, 9, tzinfo=UTC), datetime(2027, 3, 26, 9, tzinfo=UTC)),
        (datetime(2027, 4, 1, 9, tzinfo=UTC), datetime(2027, 3, 29, 8, tzinfo=UTC)),
    ],
)
def test_nine_is_nine_in_london_when_the_clocks_change(pod, starts, nine):
    Workshop.objects.filter(pk=pod.pk).update(starts_at=starts)
    for now in (nine - timedelta(minutes=1), nine, nine, nine + HOUR):
        rhythm.queue_pod_nudges(now)
    assert [one.due_at for one in Notice.objects.all()] == [nine, nine]


def test_the_agenda_is_brought_up_to_date_before_its_nudge(cast, pod):
    factories.SmallChangeFactory(programme=cast.programme, title="New", status="paused")
    rhythm.queue_pod_nudges(NINE)
    assert set(pod.activities.values_list("title", flat=True)) == {"Shorter forms", "New"}
    Activity.objects.all().delete()
    rhythm.queue_pod_nudges(NINE + HOUR)
    assert not pod.activities.exists()


# --- all pods at once


@pytest.fixture
def dates(cast):
    """Two pods to come, and one that has been."""
    today = timezone.localdate()
    return [
        factories.MilestoneFactory(
            programme=cast.programme,
            kind=Milestone.Kind.POD,
            number=number,
            laid_out_on=today + timedelta(days=days),
        )
        for number, days in ((1, -7), (2, 21), (3, 49))
    ]


def _address(path: str) -> str:
    return f"https://crescendo.example{path}"


@pytest.fixture
def invited(cast, dates, django_capture_on_commit_callbacks) -> list[Workshop]:
    with django_capture_on_commit_callbacks(execute=True):
        pods, _ = series.invite_to_pods(
            programme=cast.programme,
            emails=["sam@elsewhere.example"],
            by=cast.facilitator,
            address=_address,
        )
    return pods


def _event(letter):
    (content, kind) = letter.alternatives[0]
    calendar = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    assert (calendar.errors, event.errors) == ([], [])
    return kind.partition("method=")[2], event


def test_one_step_invites_to_every_pod_to_come(cast, client_of, dates):
    facilitator, url = client_of(cast.facilitator), "/own/workshops/pods/invite/"
    page = facilitator.get(url).content.decode()
    assert list(re.findall(r"<b>(Learning pod \d)</b>", page)) == [
        "Learning pod 2",
        "Learning pod 3",
    ]
    wrong = facilitator.post(url, {"addresses": "no address"})
    assert errors(wrong) == {"addresses": ["We see no email address here: no address"]}
    sent = {"addresses": "sam@elsewhere.example, kim@elsewhere.example"}
    response = facilitator.post(url, sent)
    assert told(follow(facilitator, response)) == [
        "2 people invited to 2 pods. The mails are on their way, one for each date."
    ]
    pods = list(Workshop.objects.order_by("starts_at"))
    assert [pod.milestone for pod in pods] == dates[1:]
    assert [pod.invitees.count() for pod in pods] == [2, 2]
    again = facilitator.post(url, sent)
    assert told(follow(facilitator, again)) == ["They’re on the list of every pod already."]
    Milestone.objects.all().delete()
    assert "There’s no pod to come." in facilitator.get(url).content.decode()


def _run(now, capture) -> list:
    """What the worker mails in one run, as (method, event)."""
    mail.outbox.clear()
    with capture(execute=True):
        rhythm.follow_timeline(now)
    return [_event(letter) for letter in mail.outbox]


def _noon(days=0) -> datetime:
    """Noon on a weekday, from today on."""
    day = timezone.localdate() + timedelta(days=days)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime.combine(day, datetime.min.time(), tzinfo=UTC).replace(hour=12)


def test_a_pod_that_moves_on_the_timeline_moves_in_calendars(
    cast, invited, django_capture_on_commit_callbacks
):
    first = [_event(letter) for letter in mail.outbox]
    assert [method for method, _ in first] == ["REQUEST", "REQUEST"]
    pod, milestone = invited[0], invited[0].milestone
    before = timezone.localtime(pod.starts_at)
    timeline.move(
        milestone=milestone, on=milestone.on + timedelta(days=1), place="Hall", by=cast.facilitator
    )
    night = _noon().replace(hour=3)
    assert _run(night, django_capture_on_commit_callbacks) == []
    [(method, event)] = _run(_noon(), django_capture_on_commit_callbacks)
    assert (method, str(event["uid"])) == ("REQUEST", str(first[0][1]["uid"]))
    assert event["sequence"] > first[0][1]["sequence"]
    after = timezone.localtime(event["dtstart"].dt)
    assert (after.date(), after.time()) == (before.date() + timedelta(days=1), before.time())
    assert str(event["location"]) == "Hall"
    assert _run(_noon(), django_capture_on_commit_callbacks) == []


def test_a_new_launch_moves_every_pod(cast, invited, django_capture_on_commit_callbacks):
    Programme.objects.filter(pk=cast.programme.pk).update(
        starts_on=timezone.localdate() + timedelta(weeks=3)
    )
    cast.programme.refresh_from_db()
    timeline.lay_out(programme=cast.programme, by=cast.facilitator)
    events = _run(_noon(), django_capture_on_commit_callbacks)
    assert len(events) == 2
    for pod in invited:
        pod.refresh_from_db()
        pod.milestone.refresh_from_db()
        assert timezone.localdate(pod.starts_at) == pod.milestone.on


def test_a_pod_taken_off_is_taken_out_of_calendars_and_comes_back(
    cast, invited, django_capture_on_commit_callbacks
):
    _, first = _event(mail.outbox[0])
    pod, milestone = invited[0], invited[0].milestone
    on = milestone.on
    timeline.drop_pod(pod=milestone, by=cast.facilitator)
    [(method, gone)] = _run(_noon(), django_capture_on_commit_callbacks)
    assert (method, str(gone["status"]), gone["uid"]) == ("CANCEL", "CANCELLED", first["uid"])
    assert gone["sequence"] > first["sequence"]
    pod.refresh_from_db()
    assert pod.starts_at is None
    assert _run(_noon(), django_capture_on_commit_callbacks) == []
    timeline.keep_pod(programme=cast.programme, number=2, on=on, place="", by=cast.facilitator)
    [(method, back)] = _run(_noon(), django_capture_on_commit_callbacks)
    assert (method, back["uid"]) == ("REQUEST", first["uid"])
    assert back["sequence"] > gone["sequence"]
    assert back["dtstart"].dt.date() == on
    # Taken off and put on again before anybody heard of it is no news.
    pod.refresh_from_db()
    timeline.drop_pod(pod=pod.milestone, by=cast.facilitator)
    timeline.keep_pod(programme=cast.programme, number=2, on=on, place="", by=cast.facilitator)
    assert _run(_noon(), django_capture_on_commit_callbacks) == []
    pod.refresh_from_db()
    assert pod.milestone.on == on


def test_who_was_told_nothing_hears_nothing(cast, dates, django_capture_on_commit_callbacks):
    row = planning.plan_date(milestone=dates[1], pk=dates[1].pk, by=cast.facilitator)
    timeline.move(milestone=dates[1], on=date(2099, 1, 5), place="", by=cast.facilitator)
    assert _run(_noon(), django_capture_on_commit_callbacks) == []
    before = row.starts_at
    row.refresh_from_db()
    assert row.starts_at == before


def test_the_worker_runs_all_of_it(pod):
    queue_due(NINE)
    assert Notice.objects.count() == 2
