"""The demo's accounts and journeys. Every person in them is made up."""

import uuid
from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crescendo.demo import (
    aims,
    asks,
    book,
    cycles,
    evidence,
    inbox,
    inspiration,
    reports,
    reviews,
    stories,
    surveys,
    voices,
)
from crescendo.management.commands.load_journey import load_files
from crescendo.patience import patient_transaction
from programmes.actions import people
from programmes.models import LocalAuthority, Milestone, Role, Team, User
from workshops import sessions
from workshops.actions import planning, templates

PASSWORD = "small-changes"  # noqa: S105 - no secret: the sign-in page of the demo shows it
JOURNEYS = settings.BASE_DIR / "journeys"
TEAM = ("team@crescendo.example", "Jo Marlow")
# By place, which is the name of its file as well: what comes before the @, the name, the role, and
# teams by their names.
ACCOUNTS: dict[str, list[tuple[str, str, Role, list[str]]]] = {
    "tower-hamlets": [
        ("facilitator", "Amina Okafor", Role.FACILITATOR, []),
        (
            "practitioner",
            "Rafi Lindqvist",
            Role.PRACTITIONER,
            ["Family Support and Protection team 1"],
        ),
        ("manager", "Marcia Penhale", Role.MANAGER, []),
    ],
    "wandsworth": [
        ("facilitator", "Dele Hartwell", Role.FACILITATOR, []),
        ("practitioner", "Priya Castell", Role.PRACTITIONER, ["Evolve"]),
        ("manager", "Tom Ashgrove", Role.MANAGER, ["Evolve"]),
    ],
    "warrington": [
        ("facilitator", "Bethan Moorcroft", Role.FACILITATOR, []),
        ("practitioner", "Kwame Ellery", Role.PRACTITIONER, ["Child in Need"]),
        ("manager", "Sheila Donnerby", Role.MANAGER, ["Child in Need"]),
    ],
}


class Command(BaseCommand):
    help = "Make the demo's accounts and load its journeys; what is there already stays."
    # They ask the database, and this has to refuse before anybody does.
    requires_system_checks = []

    def handle(self, *, verbosity: int, **options):
        if settings.MODE not in {"demo", "test"}:
            raise CommandError(
                "The demo's accounts have a password that everybody knows: they are for the demo"
                f" alone. This is {settings.MODE}."
            )
        with patient_transaction():
            published = load_files(sorted(JOURNEYS.glob("*.toml")))
            _make_accounts({one.file.removesuffix(".toml"): one.authority for one in published})
            illustrative = load_files(sorted(JOURNEYS.glob("illustrative/*.toml")))
            templates.load(sessions=sessions.read_all(), by=None)
            _plan_what_comes_next()
            aims.load()
            asks.load()
            book.load()
            inbox.load()
            inspiration.load()
            evidence.load()
            voices.load()
            reviews.load()
            cycles.load()
            stories.load()
            surveys.load()
            reports.load()
        if verbosity:
            for one in published:
                self.stdout.write(str(one))
            for one in illustrative:
                self.stdout.write(f"illustrative/{one}")


def _plan_what_comes_next() -> None:
    """A plan to look at in each place that has none yet, for its next date; ten o'clock is ours."""
    coming = Milestone.objects.filter(on__gte=timezone.localdate(), authority__workshops=None)
    for date in coming.order_by("authority_id", "on").distinct("authority_id"):
        workshop = planning.plan_date(milestone=date, pk=uuid.uuid4(), by=None)
        made_up = date.illustrative and f"{date.illustrative}, "
        workshop.illustrative = f"{made_up}time, plan"
        workshop.save(update_fields=["illustrative"])


def _make_accounts(authorities: dict[str, LocalAuthority]) -> None:
    users = {user.email: user for user in User.objects.filter(email__in=_addresses())}
    encoded = _encoded_password(users.values())
    for place, accounts in ACCOUNTS.items():
        authority = authorities[place]
        for word, name, role, teams in accounts:
            email = f"{word}@{place}.example"
            user = _account(users.get(email), email, name, encoded)
            if not user.memberships.filter(authority=authority).exists():
                named = Team.objects.filter(authority=authority, name__in=teams)
                people.join(authority=authority, user=user, roles=[role], teams=named, by=None)
    email, name = TEAM
    user = _account(users.get(email), email, name, encoded)
    if email not in users:
        people.join_crescendo_team(user=user, by=None)


def _addresses() -> list[str]:
    return [TEAM[0]] + [
        f"{word}@{place}.example" for place, accounts in ACCOUNTS.items() for word, *_ in accounts
    ]


def _encoded_password(users: Iterable[User]) -> str:
    """One for all: to work the hash out takes longer than all the rest of a second start."""
    for encoded in {user.password for user in users}:
        if check_password(PASSWORD, encoded):
            return encoded
    return make_password(PASSWORD)


def _account(user: User | None, email: str, name: str, encoded: str) -> User:
    """The account, whose password works; nothing else of it that people changed is changed back."""
    if user is None:
        user = User.objects.create_user(email, name=name)
    if user.password != encoded:
        user.password = encoded
        user.save(update_fields=["password"])
    if not EmailAddress.objects.filter(user=user, email=email, verified=True).exists():
        EmailAddress.objects.update_or_create(
            user=user, email=email, defaults={"verified": True, "primary": True}
        )
    return user
