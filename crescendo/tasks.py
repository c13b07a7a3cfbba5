"""What the worker does by itself: `manage.py procrastinate worker` runs it.

Each run asks the database what is due by now, and what it does it does once. So it does no harm to
run twice, late, or by two workers at a time; and a worker that was away makes up for it.
"""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from blueprints.actions import close_due_rounds
from blueprints.reminders import queue_reviews
from crescendo.digest import queue_digests
from programmes import notices
from smallchanges.actions import inbox
from smallchanges.quiet import queue_quiet
from smallchanges.reminders import queue_reminders
from surveys import reminders as survey_reminders
from surveys.actions import close_due
from workshops import rhythm
from workshops.actions import window

# Each is given the hour, and queues the notices that are due by then and were not queued before.
# The inbox forgets what its time is up for, and rounds of two voices and surveys close.
DUE: tuple[Callable[[datetime], object], ...] = (
    queue_digests,
    queue_quiet,
    queue_reminders,
    queue_reviews,
    window.remind_due,
    inbox.forget_due,
    close_due_rounds,
    close_due,
    survey_reminders.queue_reminders,
    rhythm.follow_timeline,
    rhythm.queue_pod_nudges,
)
# A run that is still waiting need not be joined by the next.
_ONE_WAITS = "one waits"


@app.periodic(cron="* * * * *")
@app.task(queueing_lock=f"send notices: {_ONE_WAITS}")
def send_notices(timestamp: int) -> None:
    notices.send_due()


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock=f"queue notices: {_ONE_WAITS}")
def queue_notices(timestamp: int) -> None:
    queue_due(timezone.now())


def queue_due(now: datetime) -> None:
    """Let each of `DUE` queue its notices."""
    notices.each_by_itself(DUE, lambda queue: queue(now))
