"""What waits for a leader, and what they promised: each mail once, at nine in London."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from blueprints import actions
from blueprints.models import Experiment, Promise
from blueprints.reminders import queue_reviews
from crescendo.digest import queue_digests
from crescendo.tasks import DUE
from programmes.models import Notice, Programme
from tests import factories

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")


def _at(*when: int) -> datetime:
    """By the clocks of London."""
    return datetime(*when, tzinfo=LONDON)


# Since when it waits, in London, then the days of the reminder and of the word to facilitators.
CASES = {
    "the clocks go back": (_at(2026, 10, 18, 15, 30), date(2026, 10, 26), date(2026, 11, 2)),
    "the clocks go forward": (_at(2027, 3, 21, 15, 30), date(2027, 3, 29), date(2027, 4, 5)),
    "a leap day": (_at(2028, 2, 22, 23, 30), date(2028, 2, 29), date(2028, 3, 7)),
    "new year": (_at(2026, 12, 25, 0, 30), date(2027, 1, 1), date(2027, 1, 8)),
}


def _nine(day: date) -> datetime:
    return _at(day.year, day.month, day.day, 9).astimezone(UTC)


def _queued():
    rows = Notice.objects.order_by("due_at", "created_at")
    return [(row.choice.kind, row.choice.email, row.due_at) for row in rows]


@pytest.fixture
def experiment(cast, pillar):
    pillar.sponsor = cast.manager.memberships.get()
    pillar.save()
    return factories.ExperimentFactory(pillar=pillar, title="Turns", created_by=cast.practitioner)


@pytest.fixture(params=CASES, ids=CASES)
def case(request, cast, experiment):
    since, reminded, told = CASES[request.param]
    actions.move_experiment(
        experiment=experiment, state="waiting for a yes", by=cast.practitioner, at=since
    )
    [(kind, to, _)] = _queued()
    assert (kind, to) == ("ask", cast.manager.email)
    Notice.objects.all().delete()
    return experiment, _nine(reminded), _nine(told)


def test_the_worker_does_it():
    assert queue_reviews in DUE


def test_each_goes_once_at_nine(cast, case):
    _, reminder, chat = case
    queue_reviews(reminder - timedelta(minutes=1))
    assert _queued() == []
    for _ in range(2):
        queue_reviews(reminder)
    queue_reviews(chat - timedelta(minutes=1))
    one = ("ask", cast.manager.email, reminder)
    assert _queued() == [one]
    for now in (chat, chat, chat + timedelta(days=90)):
        queue_reviews(now)
    assert _queued() == [one, ("chat", cast.facilitator.email, chat)]


def test_late_is_late_and_without_a_sponsor_facilitators_hear_first(cast, case):
    experiment, reminder, _ = case
    late = reminder + timedelta(hours=30)
    queue_reviews(late)
    experiment.refresh_from_db()
    assert experiment.reminded_at == late
    Experiment.objects.update(reminded_at=None)
    Notice.objects.all().delete()
    type(experiment.pillar).objects.update(sponsor=None)
    for _ in range(2):
        queue_reviews(reminder)
    assert _queued() == [("chat", cast.facilitator.email, reminder)]


@pytest.mark.parametrize("what", ["yes", "yes if", "not yet", "removed", "ended", "not a manager"])
def test_what_does_not_wait_reminds_nobody(cast, case, what):
    experiment, reminder, chat = case
    if what in ("yes", "yes if", "not yet"):
        actions.answer_experiment(
            experiment=experiment,
            pk=uuid4(),
            kind=what,
            words="So",
            seen=1,
            at=reminder - timedelta(hours=1),
            by=cast.manager,
        )
        assert _queued()[0][:2] == ("answer", cast.practitioner.email)
        Notice.objects.all().delete()
    elif what == "removed":
        actions.remove(row=experiment, by=cast.manager)
    elif what == "ended":
        Programme.objects.update(ended_on=date(2999, 1, 1))
    else:
        # It's as if the pillar had no sponsor.
        cast.manager.memberships.update(roles=["practitioner"])
    for now in (reminder, chat):
        queue_reviews(now)
    tells = [("chat", cast.facilitator.email, reminder)] if what == "not a manager" else []
    assert _queued() == tells


def test_mails_that_wait_are_dropped_once_it_does_not(cast, experiment):
    move = {"experiment": experiment, "by": cast.practitioner}
    actions.move_experiment(state="waiting for a yes", **move)
    assert Notice.objects.waiting().count() == 1
    actions.move_experiment(state="idea", **move)
    assert Notice.objects.waiting().count() == 0
    actions.move_experiment(state="waiting for a yes", **move)
    assert Notice.objects.waiting().count() == 1
    actions.remove(row=experiment, by=cast.manager)
    assert Notice.objects.waiting().count() == 0


def test_who_lets_it_wait_themselves_and_who_loads_a_file_is_not_mailed(cast, experiment):
    for by in (cast.manager, None):
        actions.move_experiment(experiment=experiment, state="waiting for a yes", by=by)
        actions.move_experiment(experiment=experiment, state="idea", by=by)
    assert _queued() == []


@pytest.mark.parametrize(
    ("day", "nine"),
    [
        (date(2026, 10, 23), date(2026, 10, 23)),
        # A Saturday becomes the Monday after the clocks go back.
        (date(2026, 10, 24), date(2026, 10, 26)),
    ],
)
@pytest.mark.parametrize("what", ["stands", "told", "removed"])
def test_who_promised_is_asked_once_on_the_day(cast, experiment, day, nine, what):
    promise = factories.PromiseFactory(
        experiment=experiment, made_by=cast.manager, by_when=day, what="Ring Jo Example"
    )
    if what == "told":
        Promise.objects.update(kept=True, told_at=timezone.now())
    elif what == "removed":
        actions.remove(row=experiment, by=cast.manager)
    due = _nine(nine)
    queue_reviews(due - timedelta(minutes=1))
    assert _queued() == []
    for now in (due, due, due + timedelta(days=3), due + timedelta(days=90)):
        queue_reviews(now)
    assert _queued() == ([("ask", cast.manager.email, due)] if what == "stands" else [])
    assert "Jo" not in "".join(f"{one.subject}{one.body}" for one in Notice.objects.all())
    assert promise.made_by == cast.manager


def test_the_tuesday_mail_counts_what_waits_for_this_person(cast, case):
    experiment, *_ = case
    other = factories.PillarFactory(blueprint=experiment.pillar.blueprint)
    factories.ExperimentFactory(pillar=other, state="waiting for a yes")
    factories.PromiseFactory(experiment=experiment, made_by=cast.manager, by_when=date(2026, 1, 1))
    queue_digests(_at(2030, 1, 1, 9))
    [notice] = Notice.objects.all()
    assert notice.choice.email == cast.manager.email
    lines = [line for line in notice.body.splitlines() if line.startswith("*")]
    assert lines == [
        "* An experiment waits for your yes",
        "* Something that you promised: did it happen?",
        "* An experiment waits for a yes",
    ]
    assert notice.body.count("/own/reviews/") == 3
