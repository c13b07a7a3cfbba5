"""When a pillar last learned, and since when it is quiet."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from blueprints.models import LearningCycle, Pillar
from programmes.models import Programme
from smallchanges.models import QUIET_WEEKS


def last_learned(pillars: Iterable[Pillar]) -> dict[UUID, datetime]:
    """For each pillar that learned anything, when it last did. One query.

    It learns when somebody writes down what they see in one of its experiments, and when a cycle
    is decided.
    """
    standing = Q(observations__removed_at=None)
    rows = (
        LearningCycle.objects.filter(
            experiment__pillar__in=list(pillars), experiment__removed_at=None
        )
        .order_by()
        .values_list("experiment__pillar")
        # PostgreSQL's GREATEST passes over what is not there.
        .annotate(at=Greatest(Max("decided_at"), Max("observations__at", filter=standing)))
    )
    return {pillar: at for pillar, at in rows if at}


def quiet_since(pillar: Pillar, programme: Programme, learned: datetime | None) -> datetime | None:
    """Since when it has learned nothing, if that is longer than a pod's rhythm and a week.

    None while it is fresh, and where the programme has ended.
    """
    since = max(learned, pillar.created_at) if learned else pillar.created_at
    is_quiet = timezone.now() - since > timedelta(weeks=QUIET_WEEKS)
    return since if is_quiet and programme.ended_on is None else None
