"""When people who were asked by mail and have not answered hear of it again: once, halfway."""

from datetime import datetime
from functools import partial

from programmes.notices import each_by_itself
from surveys import actions
from surveys.models import Survey
from surveys.reading import halfway


def queue_reminders(now: datetime) -> None:
    """Queue what is due by `now`; whoever was reminded before is left alone."""
    waiting = Survey.objects.open().filter(closes_on__isnull=False, asked__was_reminded=False)
    each_by_itself(waiting.distinct().select_related("authority"), partial(_queue, now=now))


def _queue(survey: Survey, now: datetime) -> None:
    due_at = halfway(survey)
    if due_at is not None and due_at <= now:
        actions.remind(survey=survey, due_at=due_at)
