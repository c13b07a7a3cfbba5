"""When people who have not answered an ask hear of it again: once, at nine on a working day."""

from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone

from programmes.notices import at_nine, each_by_itself
from smallchanges import actions
from smallchanges.models import Ask

# So long somebody has to answer before we write again, and then before others hear of it.
_A_WEEK = timedelta(days=7)


def queue_reminders(now: datetime) -> None:
    """Queue what is due by `now` of asks that wait; what was queued before is left alone.

    A week after an ask was put to somebody they are reminded, once. A week after that those who
    look after the programme are told that it may be worth a chat, and then nobody is written to.
    """
    # An early bound for the index: a week on is at nine of that day, or of the Monday after.
    early = now - _A_WEEK + timedelta(days=1)
    waiting = Ask.objects.waiting().still_needed().filter(put_at__lte=early)
    waiting = waiting.filter(chat_at=None).select_related("authority")
    each_by_itself(waiting, partial(_queue, now=now))


def _queue(ask: Ask, now: datetime) -> None:
    if ask.reminded_at is None:
        if (due_at := reminder_due(ask)) <= now:
            actions.remind(ask=ask, due_at=due_at, now=now)
    elif (due_at := chat_due(ask)) <= now:
        actions.suggest_chat(ask=ask, due_at=due_at, now=now)


def reminder_due(ask: Ask) -> datetime:
    return at_nine(timezone.localdate(ask.put_at) + _A_WEEK)


def chat_due(ask: Ask) -> datetime:
    """A week after the reminder really went, however late the worker was."""
    return at_nine(timezone.localdate(ask.reminded_at) + _A_WEEK)
