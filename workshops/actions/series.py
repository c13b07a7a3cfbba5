"""One invitation to all learning pods that are to come."""

from collections.abc import Iterable
from uuid import uuid5

from django.db import transaction
from django.utils import timezone

from programmes.audit import record
from programmes.models import Milestone, Programme, User
from workshops.actions import invitations, planning
from workshops.letters import Address
from workshops.models import Workshop


def pods_to_come(programme: Programme) -> list[Milestone]:
    """The dates of pods from today on whose doors have not been open."""
    return list(
        programme.milestones.filter(kind=Milestone.Kind.POD, on__gte=timezone.localdate())
        .exclude(workshops__doors_opened_at__isnull=False)
        .order_by("on", "number")
    )


@transaction.atomic
def invite_to_pods(
    *, programme: Programme, emails: Iterable[str], by: User, address: Address
) -> tuple[list[Workshop], int]:
    """Plan each pod that has no plan yet, and put these addresses on the list of each.

    Answers the pods, and how many invitations are new. Each pod is an event of its own in people's
    calendars, so that one that moves later moves alone.
    """
    emails, asked, new = list(emails), [], 0
    for date in pods_to_come(programme):
        pod = planning.plan_date(milestone=date, pk=uuid5(date.pk, "pod"), by=by)
        new += invitations.invite(workshop=pod, emails=emails, by=by, address=address)
        asked.append(pod)
    if new:
        record("pods invited to", programme, by=by, pods=len(asked), count=new)
    return asked, new
