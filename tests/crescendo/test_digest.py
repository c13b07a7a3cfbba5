"""The Tuesday mail, and the words when a change has gone quiet: each once, at nine in London."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from crescendo import tasks
from crescendo.digest import queue_digests
from programmes import notices
from programmes.models import MailedLink, Notice, NoticeChoice, NoticeKind, NoticeRound
from smallchanges.models import Move, SmallChange
from smallchanges.quiet import queue_quiet
from tests import factories
from tests.letters import letter_to

pytestmark = pytest.mark.django_db

# Nine in London on four Tuesdays: before and after the clocks went back, and forward.
TUESDAYS = [
    datetime(2026, 10, 20, 8, tzinfo=UTC),
    datetime(2026, 10, 27, 9, tzinfo=UTC),
    datetime(2027, 3, 23, 9, tzinfo=UTC),
    datetime(2027, 3, 30, 8, tzinfo=UTC),
]
SOON = timedelta(minutes=5)


@pytest.fixture
def change(cast):
    """Led by the practitioner, and quiet for a long while before each of the dates."""
    change = factories.SmallChangeFactory(
        programme=cast.programme,
        title="Quiet hour",
        status="in progress",
        lead=cast.practitioner.memberships.get(),
    )
    _told(change, datetime(2026, 9, 1, 12, tzinfo=UTC))
    return change


def _told(change, at):
    SmallChange.objects.filter(pk=change.pk).update(created_at=at)


def _runs(queue, *whens):
    """Queue and send at each of these hours; how many letters have gone by then."""
    gone = []
    for when in whens:
        queue(when)
        notices.send_due(now=when)
        gone.append(len(mail.outbox))
    return gone


@pytest.mark.parametrize("nine", TUESDAYS)
def test_it_goes_once_at_nine_in_london(change, nine):
    assert _runs(queue_digests, nine - SOON, nine, nine, nine + SOON) == [0, 1, 1, 1]
    assert Notice.objects.get().due_at == nine


@pytest.mark.parametrize("nine", TUESDAYS)
def test_a_worker_that_was_late_makes_up_for_it_once_in_the_same_week(change, nine):
    thursday = nine + timedelta(days=2, hours=3)
    assert _runs(queue_digests, thursday, thursday, thursday + SOON) == [1, 1, 1]
    mail.outbox.clear()
    Notice.objects.all().delete()
    saturday = nine + timedelta(days=4)
    assert _runs(queue_digests, saturday, saturday + timedelta(days=2)) == [0, 0]


def test_a_place_without_a_programme_keeps_nobody_from_theirs(change):
    factories.LocalAuthorityFactory(name="A place that has just joined")
    assert _runs(queue_digests, TUESDAYS[0]) == [1]


def test_where_nothing_needs_anybody_and_nothing_was_celebrated_nobody_gets_one(cast):
    assert _runs(queue_digests, TUESDAYS[0], TUESDAYS[0] + SOON) == [0, 0]


def test_what_needs_somebody_is_told_to_them_alone(change, cast, client):
    step = factories.StepFactory(
        change=change,
        text="canary of a step",
        owner=cast.manager.memberships.get(),
        due_on=TUESDAYS[0].date(),
    )
    _runs(queue_digests, TUESDAYS[0])
    theirs = letter_to(cast.practitioner.email)
    assert "Where has “Quiet hour” got to?" in theirs.body
    assert "A step of yours is due: Quiet hour" in letter_to(cast.manager.email).body
    assert step.text not in theirs.body + letter_to(cast.manager.email).body
    assert len(mail.outbox) == 2
    [path] = [word for word in theirs.body.split() if "/changes/update/" in word]
    page = client.get(path.removeprefix("http://127.0.0.1:8000"))
    assert "What’s happened since last time?" in page.content.decode()
    assert MailedLink.objects.count() == 1


def test_an_ask_is_answered_from_the_tuesday_mail_without_signing_in(cast, client):
    ask = factories.AskFactory(
        change__programme=cast.programme,
        change__title="Shared drive",
        member=cast.manager.memberships.get(),
        what="canary of an ask",
    )
    _runs(queue_digests, TUESDAYS[3])
    body = letter_to(cast.manager.email).body
    assert "“Shared drive” waits for your answer, without signing in" in body
    assert ask.what not in body
    [path] = [word for word in body.split() if "/asks/answer/" in word]
    page = client.get(path.removeprefix("http://127.0.0.1:8000"))
    assert f"<h1>{ask.what}</h1>" in page.content.decode()


def test_a_call_for_help_is_in_the_mail_of_whoever_can_find_somebody(change, cast):
    factories.UpdateFactory(change=change, needs_help=True, at=TUESDAYS[0] - timedelta(days=2))
    _runs(queue_digests, TUESDAYS[0])
    [letter] = mail.outbox
    assert letter.to == [cast.facilitator.email]
    assert "“Quiet hour” needs somebody’s help: whom could we ask?" in letter.body


def test_an_ask_of_a_change_that_stopped_needs_nobody(cast):
    stopped = factories.SmallChangeFactory(programme=cast.programme, status="stopped")
    factories.AskFactory(change=stopped, member=cast.manager.memberships.get())
    assert _runs(queue_digests, TUESDAYS[0]) == [0]


def test_what_was_celebrated_goes_to_everybody(change, cast):
    Move.objects.create(
        authority=cast.authority,
        change=change,
        at=TUESDAYS[0] - timedelta(days=1),
        from_stage="influence",
        to_stage="grow",
        from_status="in progress",
        to_status="in progress",
        why="canary of a why",
    )
    SmallChange.objects.update(stage="grow")
    _runs(queue_digests, TUESDAYS[0])
    members = set(cast.authority.memberships.values_list("user__email", flat=True))
    assert {to for letter in mail.outbox for to in letter.to} == members
    assert all("“Quiet hour” has come to Grow" in letter.body for letter in mail.outbox)
    assert not any("canary" in letter.body for letter in mail.outbox)


def test_what_happens_on_a_tuesday_afternoon_waits_for_the_next(change, cast):
    SmallChange.objects.update(status="embedded", stage="grow")
    afternoon = TUESDAYS[0] + timedelta(hours=5)
    assert _runs(queue_digests, TUESDAYS[0]) == [0]
    Move.objects.create(
        authority=cast.authority,
        change=change,
        at=afternoon - timedelta(hours=1),
        from_stage="grow",
        to_stage="grow",
        from_status="in progress",
        to_status="embedded",
    )
    assert _runs(queue_digests, afternoon) == [0]
    members = cast.authority.memberships.count()
    assert _runs(queue_digests, TUESDAYS[0] + timedelta(days=7, hours=1)) == [members]


# --- gone quiet


@pytest.mark.parametrize(
    ("told", "nine"),
    [
        # Five weeks later; a Saturday becomes a Monday.
        (datetime(2026, 9, 20, 12, tzinfo=UTC), datetime(2026, 10, 26, 9, tzinfo=UTC)),
        (datetime(2026, 9, 18, 12, tzinfo=UTC), datetime(2026, 10, 23, 8, tzinfo=UTC)),
        (datetime(2027, 2, 19, 12, tzinfo=UTC), datetime(2027, 3, 26, 9, tzinfo=UTC)),
        (datetime(2027, 2, 21, 12, tzinfo=UTC), datetime(2027, 3, 29, 8, tzinfo=UTC)),
    ],
)
def test_its_own_people_hear_once_and_a_week_later_the_crescendo_team(change, cast, told, nine):
    _told(change, told)
    late = nine + timedelta(days=1)
    assert _runs(queue_quiet, nine - SOON, nine, nine, late) == [0, 1, 1, 1]
    assert letter_to(cast.practitioner.email).subject == "“Quiet hour” has gone quiet: need a hand?"
    assert Notice.objects.get().due_at == nine
    mail.outbox.clear()
    week = notices.at_nine(told.date() + timedelta(weeks=6))
    assert _runs(queue_quiet, week - SOON, week, week + SOON) == [0, 1, 1]
    assert mail.outbox[0].to == [cast.crescendo.email]


def test_who_hears_of_several_at_a_time_gets_one_mail_with_a_link_for_each(change, cast):
    told = TUESDAYS[0] - timedelta(weeks=5)
    lead = cast.practitioner.memberships.get()
    others = factories.SmallChangeFactory.create_batch(
        11, programme=cast.programme, status="in progress", lead=lead
    )
    for one in (change, *others):
        _told(one, told)
    assert _runs(queue_quiet, TUESDAYS[0], TUESDAYS[0] + SOON) == [1, 1]
    letter = letter_to(cast.practitioner.email)
    assert letter.subject == "Twelve small changes have gone quiet: need a hand?"
    assert letter.body.count("/changes/update/") == MailedLink.objects.count() == 12
    mail.outbox.clear()
    week = TUESDAYS[1]
    assert _runs(queue_quiet, week, week + SOON) == [1, 1]
    letter = letter_to(cast.crescendo.email)
    assert letter.subject == f"Worth a chat: twelve quiet small changes in {cast.authority.name}"
    assert "And 2 more: " in letter.body
    # One that is told of meanwhile begins a silence of its own, and is named alone.
    factories.UpdateFactory(change=change, at=TUESDAYS[0] + timedelta(hours=2))
    mail.outbox.clear()
    assert _runs(queue_quiet, TUESDAYS[0] + timedelta(weeks=5, days=1)) == [1]
    assert mail.outbox[0].subject == "“Quiet hour” has gone quiet: need a hand?"


def test_of_one_that_went_quiet_later_they_hear_later_and_of_it_alone(change, cast):
    _told(change, TUESDAYS[0] - timedelta(weeks=5))
    later = factories.SmallChangeFactory(
        programme=cast.programme, title="Walk", status="in progress", lead=change.lead
    )
    _told(later, TUESDAYS[0] - timedelta(weeks=5, days=-2))
    assert _runs(queue_quiet, TUESDAYS[0], TUESDAYS[0] + timedelta(days=2)) == [1, 2]
    assert ["Quiet hour" in one.body for one in mail.outbox] == [True, False]
    assert "“Walk”" in mail.outbox[1].body


def test_a_change_that_was_told_of_is_not_asked_after(change, cast):
    told = TUESDAYS[0] - timedelta(weeks=5, days=1)
    _told(change, told)
    factories.UpdateFactory(change=change, at=TUESDAYS[0] - timedelta(days=3))
    assert _runs(queue_quiet, TUESDAYS[0]) == [0]


def test_without_a_lead_whoever_has_a_step_hears_else_its_teams(change, cast):
    _told(change, TUESDAYS[0] - timedelta(weeks=5))
    SmallChange.objects.update(lead=None)
    team = factories.TeamFactory(authority=cast.authority)
    change.teams.add(team, through_defaults={"authority": cast.authority})
    for person in (cast.manager, cast.facilitator):
        membership = person.memberships.get()
        membership.teams.add(team, through_defaults={"authority": cast.authority})
    step = factories.StepFactory(change=change, owner=cast.practitioner.memberships.get())
    _runs(queue_quiet, TUESDAYS[0])
    assert [one.to for one in mail.outbox] == [[cast.practitioner.email]]
    mail.outbox.clear()
    Notice.objects.all().delete()
    NoticeRound.objects.all().delete()
    step.delete()
    _runs(queue_quiet, TUESDAYS[0])
    to = {one.to[0] for one in mail.outbox}
    assert to == {cast.manager.email, cast.facilitator.email}


@pytest.mark.parametrize(
    ("kind", "queue", "nine"),
    [
        (NoticeKind.QUIET, queue_quiet, datetime(2026, 10, 6, 8, tzinfo=UTC)),
        (NoticeKind.DIGEST, queue_digests, TUESDAYS[0]),
    ],
)
def test_who_wants_none_has_no_link_made_for_them(change, cast, kind, queue, nine):
    NoticeChoice.objects.create(
        authority=cast.authority,
        email=cast.practitioner.email,
        kind=kind,
        stopped_at=TUESDAYS[0],
    )
    assert _runs(queue, nine, nine + SOON) == [0, 0]
    assert MailedLink.objects.count() == 0


def test_what_was_quiet_for_months_when_a_worker_first_looks_is_left_alone(change):
    assert _runs(queue_quiet, datetime(2027, 3, 24, 12, tzinfo=UTC)) == [0]


# --- the worker


def test_one_that_fails_does_not_keep_the_others_from_theirs(monkeypatch):
    did = []

    def fails(now):
        raise ValueError("broken on purpose")

    monkeypatch.setattr(tasks, "DUE", (fails, did.append))
    with pytest.raises(ExceptionGroup):
        tasks.queue_due(TUESDAYS[0])
    assert did == [TUESDAYS[0]]


def test_what_the_worker_runs_by_itself_is_known_to_it():
    names = {one.task.name for one in tasks.app.periodic_registry.periodic_tasks.values()}
    assert names == {"crescendo.tasks.send_notices", "crescendo.tasks.queue_notices"}
