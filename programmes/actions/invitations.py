"""Invitations: kept for an address, sent by mail, answered through the link in it."""

import hashlib
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from programmes.actions import people
from programmes.audit import ids_of, record
from programmes.editing import locked, unless_taken
from programmes.mail import send_each
from programmes.models import (
    Invitation,
    InvitationTeam,
    LocalAuthority,
    Membership,
    Team,
    User,
)
from programmes.models.invitations import InvitationQuerySet

DAYS_TO_ANSWER = 14

# Turns a path into the absolute address that stands in a mail.
Address = Callable[[str], str]


class Answer(Enum):
    """What became of one address that somebody asked us to invite."""

    INVITED = "invited"
    INVITED_AGAIN = "invited again"  # an earlier invitation had run out
    WAITING = "waiting"  # invited before, and not answered yet
    HERE = "here"  # takes part already


@dataclass(frozen=True)
class Outcome:
    email: str
    answer: Answer
    # None for somebody who is here.
    invitation: Invitation | None = None


class NotOpen(Exception):
    """The invitation was answered, withdrawn or ran out in the meantime."""


def invite(
    *,
    authority: LocalAuthority | None,
    emails: Iterable[str],
    roles: Iterable[str] = (),
    teams: Iterable[Team] = (),
    by: User | None,
    address: Address,
) -> list[Outcome]:
    """Invite each of `emails`, in lower case; without an authority, to the Crescendo team.

    Nobody is invited twice: an address that is here or has an open invitation is only told of, so
    that a list can be sent again without harm. One that ran out is renewed with these roles and
    teams. All mail goes over one connection, once the invitations are saved.
    """
    emails, roles, teams = list(dict.fromkeys(emails)), sorted(roles), list(teams)
    with transaction.atomic():
        outcomes, letters = _invite_all(authority, emails, roles, teams, by)
        transaction.on_commit(lambda: _send(letters, address))
    return [outcomes[email] for email in emails]


def _invite_all(authority, emails, roles, teams, by):
    """Outcomes by address, and the secrets of the invitations that a mail is due for."""
    here = _here(authority, emails)
    waiting = {
        row.email: row
        for row in _of(authority)
        .waiting()
        .filter(email__in=emails)
        .select_related("authority")
        .select_for_update(of=["self"])
    }
    # In one order for all, so that two people who paste the same list do not wait for each other.
    new = sorted(email for email in emails if email not in here and email not in waiting)
    made = _make(authority, new, roles, teams, by)
    outcomes, letters = {}, {}
    for email in emails:
        if email in here:
            outcomes[email] = Outcome(email, Answer.HERE)
        elif email in made:
            row, secret = made[email]
            letters[row] = secret
            record("invitation made", row, by=by, roles=roles, teams=ids_of(teams))
            outcomes[email] = Outcome(email, Answer.INVITED, row)
        elif email in waiting and waiting[email].has_run_out:
            row = waiting[email]
            row.roles, row.invited_by = roles, by
            letters[row] = _renew(row)
            _set_teams(row, teams)
            record("invitation renewed", row, by=by, roles=roles, teams=ids_of(teams))
            outcomes[email] = Outcome(email, Answer.INVITED_AGAIN, row)
        else:
            # Not among those that waited when we looked: somebody else was a moment quicker.
            row = waiting.get(email) or _of(authority).waiting().filter(email=email).first()
            outcomes[email] = Outcome(email, Answer.WAITING, row)
    return outcomes, letters


def _of(authority):
    return Invitation.objects.filter(authority=authority)


def _here(authority, emails) -> set[str]:
    if authority is None:
        people_here = User.objects.filter(is_crescendo_team=True)
    else:
        people_here = User.objects.filter(memberships__in=authority.memberships.standing())
    return set(people_here.filter(email__in=emails).values_list("email", flat=True))


def _make(authority, emails, roles, teams, by) -> dict[str, tuple[Invitation, str]]:
    """New invitations with their secrets; none for an address that somebody else just invited."""
    kept = {}
    for email in emails:
        secret = secrets.token_urlsafe(32)
        row = Invitation(
            authority=authority,
            email=email,
            roles=roles,
            secret_digest=_digest(secret),
            invited_by=by,
            expires_at=timezone.now() + timedelta(days=DAYS_TO_ANSWER),
        )
        kept[row.pk] = (row, secret)
    Invitation.objects.bulk_create([row for row, _ in kept.values()], ignore_conflicts=True)
    saved = _of(authority).filter(pk__in=kept).values_list("pk", flat=True)
    made = {kept[pk][0].email: kept[pk] for pk in saved}
    InvitationTeam.objects.bulk_create(
        InvitationTeam(authority=authority, invitation=row, team=team)
        for row, _ in made.values()
        for team in teams
    )
    return made


def _set_teams(invitation: Invitation, teams) -> None:
    invitation.teams.set(teams, through_defaults={"authority_id": invitation.authority_id})


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _renew(invitation: Invitation) -> str:
    """A new secret and a new fortnight. The old link opens nothing any more."""
    secret = secrets.token_urlsafe(32)
    invitation.secret_digest = _digest(secret)
    invitation.expires_at = timezone.now() + timedelta(days=DAYS_TO_ANSWER)
    invitation.sent_at = None
    invitation.save(update_fields=["roles", "invited_by", "secret_digest", "expires_at", "sent_at"])
    return secret


def send_again(
    *, invitations: InvitationQuerySet, by: User | None, address: Address
) -> list[Invitation]:
    """Mail a new link for each of these that still waits for an answer."""
    letters = {}
    with transaction.atomic():
        waiting = invitations.waiting().select_related("authority", "invited_by")
        for row in waiting.select_for_update(of=["self"]):
            letters[row] = _renew(row)
            record("invitation sent again", row, by=by)
        transaction.on_commit(lambda: _send(letters, address))
    return list(letters)


@transaction.atomic
def withdraw(*, invitation: Invitation, by: User) -> None:
    """Its link opens nothing any more. Raises `NotOpen` where it was answered meanwhile."""
    row = locked(invitation)
    if row.accepted_at:
        raise NotOpen
    if row.withdrawn_at:
        return
    row.withdrawn_at, row.withdrawn_by = timezone.now(), by
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    row.teams.clear()  # a team is held by nothing that is over
    record("invitation withdrawn", row, by=by)


def path_of(secret: str) -> str:
    return reverse("places:invitation", args=[secret])


def _send(letters: dict[Invitation, str], address: Address) -> None:
    """After the commit: mail that does not go leaves an invitation that says "not sent yet"."""
    mails = {_letter(row, address(path_of(secret))): row for row, secret in letters.items()}
    sent = [mails[mail].pk for mail in send_each(mails)]
    Invitation.objects.filter(pk__in=sent).update(sent_at=timezone.now())


def _letter(invitation: Invitation, link: str) -> EmailMessage:
    context = {"invitation": invitation, "link": link, "days": DAYS_TO_ANSWER}
    subject = render_to_string("programmes/email/invitation_subject.txt", context)
    return EmailMessage(
        # A header is one line, whatever the place is called.
        subject=" ".join(subject.split()),
        body=render_to_string("programmes/email/invitation.txt", context),
        to=[invitation.email],
    )


def person_at(email: str) -> User | None:
    """Who signs in with this address, or has shown that it is theirs."""
    return (
        User.objects.filter(email=email).first()
        or User.objects.filter(emailaddress__email=email, emailaddress__verified=True).first()
    )


@transaction.atomic
def accept(*, invitation: Invitation, by: User) -> Membership | None:
    """Give the place that was kept to the person who has its address; None for the Crescendo team.

    Whoever takes part already keeps their roles and teams and gets these too. Raises `NotOpen`
    where the invitation was answered, withdrawn or ran out meanwhile.
    """
    return _accept(_still_open(invitation), by)


@transaction.atomic
def accept_as_new_person(*, invitation: Invitation, name: str, password: str) -> User:
    """Make the account of somebody who had none, and accept for them.

    The link came by mail, so the address counts as theirs: allauth then mails sign-in codes and
    password resets to it. Raises `NotOpen` as `accept` does, and `Taken` where an account with
    this address came about meanwhile.
    """
    row = _still_open(invitation)
    with unless_taken("user_email_unique"):
        user = User.objects.create_user(email=row.email, password=password, name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    record("account made", user, by=user, authority=row.authority)
    _accept(row, user)
    return user


def _still_open(invitation: Invitation) -> Invitation:
    """Locked, so that two answers at once are one."""
    row = Invitation.objects.open().select_for_update().filter(pk=invitation.pk).first()
    if row is None:
        raise NotOpen
    return row


def _accept(row: Invitation, by: User) -> Membership | None:
    row.accepted_at, row.accepted_by = timezone.now(), by
    row.save(update_fields=["accepted_at", "accepted_by"])
    record("invitation accepted", row, by=by)
    if row.authority is None:
        people.join_crescendo_team(user=by, by=by)
        return None
    teams = list(row.teams.all())
    row.teams.clear()  # a team is held by nothing that is over
    return people.join(authority=row.authority, user=by, roles=row.roles, teams=teams, by=by)


def find(secret: str) -> Invitation | None:
    """The invitation that this secret belongs to, in whatever state it is."""
    return (
        Invitation.objects.select_related("authority", "invited_by")
        .filter(secret_digest=_digest(secret))
        .first()
    )
