"""The word to everybody who was there: what came out of it, and when we meet next."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from programmes.audit import record
from programmes.editing import locked
from programmes.models import User
from workshops import afterwards
from workshops.letters import Address, list_once, post_once
from workshops.models import Harvest, Letter, Workshop
from workshops.reading import Thing
from workshops.upcoming import upcoming

SUMMARY = Letter.Kind.SUMMARY


@dataclass(frozen=True)
class Recipients:
    """Whom a summary goes to: those for whom its link opens, and those without an account."""

    members: set[str]
    others: set[str]

    def __iter__(self):
        return iter(sorted(self.members | self.others))

    def __len__(self):
        return len(self.members | self.others)


def recipients(workshop: Workshop) -> Recipients:
    """The members who took part, and whoever was invited."""
    came = workshop.participants.taking_part().filter(user__is_active=True)
    there = {email.lower() for email in came.values_list("user__email", flat=True)}
    invited = set(workshop.invitees.values_list("email", flat=True))
    members = {email for email in _with_an_account(workshop) if email in there | invited}
    return Recipients(members, invited - members)


def _with_an_account(workshop: Workshop) -> set[str]:
    members = workshop.authority.memberships.standing().filter(user__is_active=True)
    emails = set(members.values_list("user__email", flat=True))
    team = User.objects.filter(is_crescendo_team=True, is_active=True)
    return {email.lower() for email in emails | set(team.values_list("email", flat=True))}


@dataclass(frozen=True)
class Standing:
    """How far a summary has got: how many have it, and who is still to get it."""

    gone: int
    to: Recipients


def standing(workshop: Workshop) -> Standing:
    had = workshop.letters.filter(kind=SUMMARY, sent_at__isnull=False)
    have, everybody = set(had.values_list("email", flat=True)), recipients(workshop)
    left = Recipients(everybody.members - have, everybody.others - have)
    return Standing(len(have), left)


@transaction.atomic
def send(*, workshop: Workshop, by: User, address: Address) -> int:
    """Mail it to whoever has not had it, once the workshop is over; answers how many.

    Members get a link, counts and dates, and no words of anybody's: mail travels. Who has no
    account gets what they could not read otherwise: `essence_of` it.
    """
    row = locked(workshop)
    if row.ended_at is None:
        return 0
    to = recipients(row)
    list_once(row, SUMMARY, to)
    waiting = [one for one in row.letters.waiting(SUMMARY) if one.email in set(to)]
    if waiting:
        record("workshop summary sent", row, by=by, count=len(waiting))
        context = _context(row, by, address)
        post_once({_letter(one, context, to): one for one in waiting})
    return len(waiting)


def _context(workshop: Workshop, by: User, address: Address) -> dict:
    return essence_of(workshop) | {
        "workshop": workshop,
        "authority": workshop.authority,
        "count": len(afterwards.came_of(workshop)),
        "link": address(reverse("workshops:summary", args=[workshop.authority.slug, workshop.pk])),
        "by": by,
    }


def _letter(row: Letter, context: dict, to: Recipients) -> EmailMessage:
    context = context | {"is_member": row.email in to.members}
    subject = render_to_string("workshops/email/summary_subject.txt", context)
    body = render_to_string("workshops/email/summary.txt", context)
    return EmailMessage(" ".join(subject.split()), body, to=[row.email])


def essence_of(workshop: Workshop) -> dict:
    """What somebody without an account is told: what was decided, and when we meet next.

    Words that the facilitator put into the journey or wrote down, without who said them; and nobody
    who must be on board: those are people.
    """
    came: dict[tuple, Harvest] = {}
    for harvest in filter(_may_travel, afterwards.came_of(workshop)):
        came.setdefault(harvest.became, harvest)  # a change and the parts of its plan are one thing
    talks = (one for one in afterwards.parts_of(workshop) if one.activity.kind == "discuss")
    return {
        "came": list(came.values()),
        "agreed": [one for talk in talks for thing in talk.things for one in _agreed(thing)],
        "next": upcoming(workshop.programme, besides=workshop).next,
    }


def _agreed(thing: Thing) -> Iterator[tuple[str, str]]:
    """What it was about, where that is a group's name, and what people agreed."""
    if thing.agreement:
        yield str(thing) if thing.agreement.group_id else "", thing.agreement.outcome
    for one in thing.before:
        if one.is_here:
            yield "", one.outcome


def _may_travel(harvest: Harvest) -> bool:
    """Neither a person, nor what was said of a change, nor a note that is kept off the screens."""
    if harvest.may_name_a_person or harvest.became[0] in ("met", "step"):
        return False
    return harvest.note is None or harvest.note.may_be_shown
