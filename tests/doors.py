"""Who may enter where: the literal table that tests/test_every_door.py holds the application to.

A line is: the address's name | who may enter | its methods | what its address needs.
Members who are not named get 403 inside their authority; everybody else gets 404, and people who
are not signed in are sent to sign in.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from programmes.models import Invitation, InvitationTeam, JourneyStep, Milestone, Role
from smallchanges.models import Move
from tests import factories

GROUPS = {
    "everybody": "anonymous practitioner manager facilitator crescendo outsider ended deactivated",
    "signed-in": "practitioner manager facilitator crescendo outsider ended",
    "members": "practitioner manager facilitator crescendo",
    "leaders": "manager facilitator crescendo",
    "facilitators": "facilitator crescendo",
    "crescendo": "crescendo",
}
MEMBERS = frozenset(GROUPS["members"].split())

TABLE = """
home | signed-in | GET |
"""


@dataclass(frozen=True)
class Door:
    enter: frozenset
    methods: frozenset
    needs: dict
    # 403 for these; 404 for everybody else who may not enter.
    forbidden: frozenset


def _read(table: str) -> dict[str, Door]:
    doors = {}
    for line in table.strip().splitlines():
        name, who, methods, needs = (part.strip() for part in line.split("|"))
        enter = frozenset(GROUPS[who].split())
        inside = who in ("members", "leaders", "facilitators")
        doors[name] = Door(
            enter=enter,
            methods=frozenset(methods.split()),
            needs=dict(need.split("=") for need in needs.split()),
            forbidden=MEMBERS - enter if inside else frozenset(),
        )
    return doors


EXPECTED = _read(TABLE)


def examples(programme, person, words: str) -> dict:
    """One row of each thing that an address can name, all of whose texts hold `words`."""
    authority = programme.authority
    blueprint = factories.BlueprintFactory(programme=programme, focus=words)
    team = factories.TeamFactory(authority=authority, name=words)
    barrier = factories.BarrierFactory(programme=programme, text=words)
    strand = factories.MissionStrandFactory(programme=programme, title=words, about=words)
    change = factories.SmallChangeFactory(
        programme=programme, strand=strand, title=words, purpose=words, why=words, status="chosen"
    )
    pillar = factories.PillarFactory(blueprint=blueprint, title=words, so_that=words)
    member = factories.MembershipFactory(
        authority=authority, roles=[Role.PRACTITIONER], user__name=words
    )
    strand.barriers.add(barrier, through_defaults={"authority": authority})
    change.teams.add(team, through_defaults={"authority": authority})
    invitation = Invitation.objects.create(
        authority=authority,
        email=f"{words.replace(' ', '-')}@invited.example",
        roles=[Role.PRACTITIONER],
        secret_digest=words,
        invited_by=person,
        expires_at=timezone.now() + timedelta(days=1),
    )
    InvitationTeam.objects.create(authority=authority, invitation=invitation, team=team)
    made = {
        "team": team,
        "barrier": barrier,
        "value": factories.ValueFactory(programme=programme, text=words),
        "strand": strand,
        "change": change,
        "step": factories.StepFactory(change=change, text=words),
        "stakeholder": factories.StakeholderFactory(change=change, who=words),
        "met": factories.MetFactory(change=change, text=words),
        "move": Move.objects.create(
            authority=authority,
            change=change,
            at=timezone.now(),
            from_stage="mission",
            to_stage="develop",
            from_status="chosen",
            to_status="chosen",
            why=words,
        ),
        "insight": factories.InsightFactory(programme=programme, text=words),
        "commitment": factories.CommitmentFactory(blueprint=blueprint, text=words),
        "need": factories.NeedFactory(blueprint=blueprint, text=words),
        "pillar": pillar,
        "experiment": factories.ExperimentFactory(pillar=pillar, title=words),
        "milestone": factories.MilestoneFactory(
            programme=programme, kind=Milestone.Kind.POD, number=1, place=words
        ),
        "membership": member,
        "invitation": invitation,
    }
    JourneyStep.objects.create(
        authority=authority, programme=programme, step=1, done_at=timezone.now(), said=words
    )
    return {name: row.pk for name, row in made.items()} | {"values": "values", "one": 1}
