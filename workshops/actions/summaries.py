"""The word to everybody who was there: where to read what was said, and when we meet next."""

from collections.abc import Callable

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from programmes.audit import record
from programmes.mail import send_each
from programmes.models import Milestone, User
from workshops import afterwards
from workshops.models import Workshop

type Address = Callable[[str], str]


@transaction.atomic
def send(*, workshop: Workshop, by: User, address: Address) -> int:
    """Mail the members who took part, and whoever was invited; answers how many.

    The mail holds counts, dates and a link, and no words of anybody's: mail travels.
    """
    to = sorted(_addresses(workshop))
    if to:
        record("workshop summary sent", workshop, by=by, count=len(to))
        letters = [_letter(workshop, one, by, address) for one in to]
        transaction.on_commit(lambda: send_each(letters))
    return len(to)


def _addresses(workshop: Workshop) -> set[str]:
    members = workshop.participants.taking_part().filter(user__is_active=True)
    return set(members.values_list("user__email", flat=True)) | set(
        workshop.invitees.values_list("email", flat=True)
    )


def next_time(workshop: Workshop) -> Milestone | None:
    """The next date of the programme's timeline; never the workshop's own, held before its day."""
    ahead = workshop.programme.milestones.filter(on__gt=timezone.localdate())
    return ahead.exclude(workshops=workshop).first()


def _letter(workshop: Workshop, to: str, by: User, address: Address) -> EmailMessage:
    context = {
        "workshop": workshop,
        "authority": workshop.authority,
        "count": len(afterwards.came_of(workshop)),
        "next": next_time(workshop),
        "link": address(reverse("workshops:summary", args=[workshop.authority.slug, workshop.pk])),
        "by": by,
    }
    subject = render_to_string("workshops/email/summary_subject.txt", context).strip()
    return EmailMessage(subject, render_to_string("workshops/email/summary.txt", context), to=[to])
