"""When a pillar last learned, and since when it is quiet."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from blueprints.models import LearningCycle, Pillar
from programmes.models import Programme
from smallchanges.models import QUIET_WEEKS


def last_learned(pillars: Iterable[Pillar]) -> dict[UUID, datetime]:
    """For each pillar that learned anything, when it last did. One query.

    It learns when one of its experiments does: when somebody writes down what they see in it, and
    when a cycle is decided.
    """
    return _newest("experiment__pillar", experiment__pillar__in=list(pillars))


def last_learned_each(pillars: Iterable[Pillar]) -> dict[UUID, datetime]:
    """The same for each of their experiments, by its own id. One query."""
    return _newest("experiment", experiment__pillar__in=list(pillars))


def _newest(whose: str, **wanted: Any) -> dict[UUID, datetime]:
    standing = Q(observations__removed_at=None)
    rows = (
        LearningCycle.objects.filter(experiment__removed_at=None, **wanted)
        .order_by()
        .values_list(whose)
        # PostgreSQL's GREATEST passes over what is not there.
        .annotate(at=Greatest(Max("decided_at"), Max("observations__at", filter=standing)))
    )
    return {pk: at for pk, at in rows if at}


def quiet_since(pillar: Pillar, programme: Programme, learned: datetime | None) -> datetime | None:
    """Since when it has learned nothing, if that is longer than a pod's rhythm and a week.

    None while it is fresh, and where the programme has ended.
    """
    since = max(learned, pillar.created_at) if learned else pillar.created_at
    is_quiet = timezone.now() - since > timedelta(weeks=QUIET_WEEKS)
    return since if is_quiet and programme.ended_on is None else None
