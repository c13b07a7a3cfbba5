"""When managers hear again of what waits for them, and of what they promised: at nine in London."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from blueprints import actions
from blueprints.actions.waiting import sponsor_of
from blueprints.models import Experiment, Promise, unanswered
from programmes.models import NoticeKind
from programmes.notices import at_nine, begins_round, each_by_itself, may_hear, notify, site_link

# So long a sponsor has to answer before we write again, and then before others hear of it.
_A_WEEK = timedelta(days=7)
# A worker that was away makes up for it so long.
_STILL_GOOD = timedelta(days=14)


def queue_reviews(now: datetime) -> None:
    """Queue what is due by `now` of experiments that wait for a yes, and of promises.

    A sponsor is reminded a week after an experiment began to wait, once. A week after that, or
    after the first where it has no sponsor, those who see to what is asked of others are told that
    it may be worth a chat; then nobody is written to. Who made a promise is asked on its day.
    """
    # An early bound for the index: a week on is at nine of that day, or of the Monday after.
    early = now - _A_WEEK + timedelta(days=1)
    waiting = unanswered(Experiment.objects.in_standing_pillars()).filter(
        waiting_since__lte=early, chat_at=None, pillar__blueprint__programme__ended_on=None
    )
    waiting = waiting.select_related("authority", "pillar__sponsor__user")
    each_by_itself(waiting, partial(_queue, now=now))
    today = timezone.localdate(now)
    due = Promise.objects.untold().filter(by_when__gt=today - _STILL_GOOD, by_when__lte=today)
    each_by_itself(due.select_related("authority", "made_by"), partial(_ask_after, now=now))


def _queue(experiment: Experiment, now: datetime) -> None:
    if experiment.reminded_at is None and sponsor_of(experiment):
        if (due_at := first_due(experiment)) <= now:
            actions.remind_of_experiment(experiment=experiment, due_at=due_at, now=now)
        return
    due_at = second_due(experiment) if experiment.reminded_at else first_due(experiment)
    if due_at <= now:
        actions.suggest_chat_about_experiment(experiment=experiment, due_at=due_at, now=now)


def first_due(experiment: Experiment) -> datetime:
    return at_nine(timezone.localdate(experiment.waiting_since) + _A_WEEK)


def second_due(experiment: Experiment) -> datetime:
    """A week after the reminder really went, however late the worker was."""
    return at_nine(timezone.localdate(experiment.reminded_at) + _A_WEEK)


@transaction.atomic
def _ask_after(promise: Promise, now: datetime) -> None:
    """Ask who made a promise whether it happened, once, at nine of its day or the Monday after."""
    due_at, person = at_nine(promise.by_when), promise.made_by
    if person is None or due_at > now or not may_hear(person, of=promise.authority):
        return
    key = f"promise {promise.pk} due"
    if not begins_round(promise.authority, key):
        return
    path = reverse("blueprints:reviews", args=[promise.authority.slug])
    notify(
        authority=promise.authority,
        to=person.email,
        kind=NoticeKind.ASK,
        key=key,
        template="blueprints/email/promise_due",
        context={
            "promise": promise,
            "to": person,
            "page": site_link(f"{path}#what-{promise.pk}"),
        },
        due_at=due_at,
    )
