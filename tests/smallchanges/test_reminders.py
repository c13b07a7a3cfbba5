"""Asks that nobody answered: one reminder and one word to facilitators, each at nine in London."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from crescendo.tasks import DUE
from programmes.models import Notice, Programme
from smallchanges import actions
from smallchanges.models import Ask, SmallChange
from smallchanges.reminders import queue_reminders
from tests import factories

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")


def _at(*when: int) -> datetime:
    """By the clocks of London."""
    return datetime(*when, tzinfo=LONDON)


# When it was asked, in London, then the days of the reminder and of the word to facilitators.
CASES = {
    "the clocks go back": (_at(2026, 10, 18, 15, 30), date(2026, 10, 26), date(2026, 11, 2)),
    "the clocks go forward": (_at(2027, 3, 21, 15, 30), date(2027, 3, 29), date(2027, 4, 5)),
    "a leap day": (_at(2028, 2, 22, 23, 30), date(2028, 2, 29), date(2028, 3, 7)),
    "new year": (_at(2026, 12, 25, 0, 30), date(2027, 1, 1), date(2027, 1, 8)),
}


@pytest.fixture(params=CASES, ids=CASES)
def case(request, cast):
    asked, reminded, told = CASES[request.param]
    ask = actions.add_ask(
        change=factories.SmallChangeFactory(programme=cast.programme),
        pk=uuid4(),
        member=cast.manager.memberships.get(),
        what="A yes",
        by=cast.practitioner,
        asked_at=asked,
    )
    Notice.objects.all().delete()
    return ask, _nine(reminded), _nine(told)


def _nine(day: date) -> datetime:
    """Nine by the clocks of London, whatever that is elsewhere."""
    return _at(day.year, day.month, day.day, 9).astimezone(UTC)


def _queued():
    rows = Notice.objects.order_by("due_at", "created_at")
    return [(row.choice.kind, row.choice.email, row.due_at) for row in rows]


def test_the_worker_does_it():
    assert queue_reminders in DUE


@pytest.mark.parametrize("how", ["twice", "late", "early"])
def test_each_goes_once_at_nine(cast, case, how):
    ask, reminder, chat = case
    late = timedelta(hours=30) if how == "late" else timedelta(0)
    one = ("ask", cast.manager.email, reminder)
    # Late, the reminder goes late too: and the word to facilitators a week after that.
    chat_at = _nine((chat + late).astimezone(LONDON).date()) if how == "late" else chat
    while chat_at.astimezone(LONDON).weekday() > 4:
        chat_at += timedelta(days=1)
    other = ("chat", cast.facilitator.email, chat_at)

    if how == "early":
        queue_reminders(reminder - timedelta(minutes=1))
        assert _queued() == []
    for _ in range(3 if how == "twice" else 1):
        queue_reminders(reminder + late)
    assert _queued() == [one]
    if how == "early":
        queue_reminders(chat - timedelta(minutes=1))
        assert _queued() == [one]
    for _ in range(3 if how == "twice" else 1):
        queue_reminders(chat_at + late)
    assert _queued() == [one, other]
    # And then nobody hears of it again.
    queue_reminders(chat_at + timedelta(days=90))
    assert _queued() == [one, other]
    ask.refresh_from_db()
    assert ask.reminded_at == reminder + late


@pytest.mark.parametrize("before", ["the reminder", "the word to facilitators"])
@pytest.mark.parametrize("what", ["answered", "not needed", "ended"])
def test_who_answered_or_is_not_needed_is_not_reminded(cast, case, before, what):
    ask, reminder, chat = case
    if before == "the word to facilitators":
        queue_reminders(reminder)
    if what == "answered":
        actions.answer_ask(ask=ask, pk=uuid4(), kind="yes", seen=1, by=cast.manager)
    elif what == "not needed":
        actions.remove_ask(ask=ask, by=cast.practitioner)
    else:
        Ask.objects.update(removed_at=timezone.now())
    queue_reminders(chat + timedelta(days=1))
    waiting = Notice.objects.waiting().exclude(choice__kind="answer")
    # What was queued and had not gone is dropped, except where nothing said so.
    assert waiting.count() == (what == "ended" and before != "the reminder")


@pytest.mark.parametrize("what", ["the change stopped", "the programme ended"])
def test_nobody_is_reminded_of_what_is_not_tried_any_more(cast, case, what):
    _, reminder, chat = case
    if what == "the change stopped":
        SmallChange.objects.update(status="stopped")
    else:
        Programme.objects.update(ended_on=date(2999, 1, 1))
    for now in (reminder, chat):
        queue_reminders(now)
    assert _queued() == []


def test_after_it_was_passed_on_the_week_begins_anew(cast, case):
    ask, reminder, _ = case
    queue_reminders(reminder)
    later = reminder + timedelta(hours=2)
    actions.answer_ask(
        ask=ask,
        pk=uuid4(),
        kind="passed on",
        seen=1,
        by=cast.manager,
        at=later,
        name="Tom",
        email="tom@elsewhere.example",
    )
    Notice.objects.all().delete()
    queue_reminders(reminder + timedelta(days=6))
    assert _queued() == []
    queue_reminders(reminder + timedelta(days=7))
    assert [(kind, to) for kind, to, _ in _queued()] == [("ask", "tom@elsewhere.example")]
