"""Who may do what: the whole policy on one screen."""

from enum import StrEnum

from programmes.models import Role


class Permission(StrEnum):
    JOURNEY_READ = "read an authority's journey"
    AMBITION_EDIT = "write and order values, opposites, principles and barriers"
    STRAND_EDIT = "write and order mission strands"
    CHANGE_ADD = "offer a small change"
    CHANGE_EDIT = "write a small change and move it between stages"
    ASK_TEND = "change, tick off and take back what others asked of somebody"
    INBOX_ANSWER = "answer what people offer in the inbox"
    INBOX_RUN = "open and close the inbox, and look at what may name somebody"
    RULE_CHECK = "say what a rule of the permission book turned out to be"
    THANKS_REMOVE = "take other people's thank-yous away"
    CHANGE_SHARE = "prepare what others may read of a small change, and share it"
    WORKSHOP_RUN = "prepare and run workshops, and harvest what came out"
    BLUEPRINT_EDIT = "write insights, commitments, pillars and experiments"
    EXPERIMENT_TEND = "write down what an experiment showed, and begin its next cycle"
    REVIEW = "answer experiments, promise time or money, and review pillars"
    VOICE_PRACTITIONER = "speak, place and sign as one who works with families"
    VOICE_LEADER = "speak, place and sign as a leader"
    BLUEPRINT_SHARE = "give partners a link to the blueprint, and take it back"
    SURVEY_RUN = "write surveys, open and close them, and type in answers from paper"
    STORY_PICK = "pick a story, and say why"
    REPORT_EDIT = "write and publish the impact report"
    LEARNING_LOG = "keep the facilitators’ learning log, and say who ran what"
    DATA_TAKE = "give a data feed’s key away, and take the archive"
    PERSON_ERASE = "erase what is known of a person"
    TIMELINE_EDIT = "move dates, and say that a step is done"
    PROGRAMME_EDIT = "write down what the programme is, when it starts and when it ends"
    TEAM_EDIT = "name the teams of the service"
    PEOPLE_SEE = "see who takes part"
    PEOPLE_MANAGE = "invite people, change and end memberships"


# Beside the three roles: the Crescendo team, who may do in every authority what this row says.
CRESCENDO_TEAM = "crescendo team"

_EVERYONE = frozenset(
    {
        Permission.JOURNEY_READ,
        Permission.CHANGE_ADD,
        Permission.CHANGE_EDIT,
        Permission.PEOPLE_SEE,
        Permission.EXPERIMENT_TEND,
    }
)
# What nobody does for others, whatever they look after: a voice, and a word that is given.
_IN_ONES_OWN_NAME = frozenset(
    {Permission.REVIEW, Permission.VOICE_PRACTITIONER, Permission.VOICE_LEADER}
)
_ALL_BUT_VOICES = frozenset(Permission) - _IN_ONES_OWN_NAME
ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.PRACTITIONER: _EVERYONE | {Permission.VOICE_PRACTITIONER},
    Role.MANAGER: _EVERYONE
    | {
        Permission.BLUEPRINT_EDIT,
        Permission.BLUEPRINT_SHARE,
        Permission.CHANGE_SHARE,
        Permission.INBOX_ANSWER,
        Permission.REPORT_EDIT,
        Permission.REVIEW,
        Permission.RULE_CHECK,
        Permission.STORY_PICK,
        Permission.VOICE_LEADER,
    },
    Role.FACILITATOR: _ALL_BUT_VOICES,
    CRESCENDO_TEAM: _ALL_BUT_VOICES,
}
# Whom a holder may invite as, or make, somebody else. Nobody changes their own roles.
MAY_GRANT: dict[str, frozenset[str]] = {
    Role.PRACTITIONER: frozenset(),
    Role.MANAGER: frozenset(),
    Role.FACILITATOR: frozenset(Role.values),
    CRESCENDO_TEAM: frozenset(Role.values),
}
# Who needs a second step to sign in where REQUIRE_SECOND_STEP is set (ASVS 5.0, 6.3.3).
NEEDS_SECOND_STEP = frozenset({Role.MANAGER, Role.FACILITATOR, CRESCENDO_TEAM})


def permissions_of(roles) -> frozenset[Permission]:
    """What holders of these roles may do together."""
    return frozenset().union(*(ROLE_PERMISSIONS[role] for role in roles))


def grantable_by(roles) -> frozenset[str]:
    """The roles that a holder of `roles` may give to somebody else."""
    return frozenset().union(*(MAY_GRANT[role] for role in roles))


def roles_that_may(permission: Permission) -> list[str]:
    """The roles in an authority whose holders have `permission`."""
    return [role for role in Role.values if permission in ROLE_PERMISSIONS[role]]
