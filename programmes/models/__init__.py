"""People, places and ambition."""

from .ambition import (
    Barrier,
    BarrierTeam,
    Gift,
    Opposite,
    Principle,
    Statement,
    TemperatureFinding,
    Value,
    WayOfWorking,
)
from .audit import AuditEvent
from .invitations import Invitation, InvitationTeam
from .links import MailedLink
from .notices import Notice, NoticeChoice, NoticeKind, NoticeRound
from .people import AuthorityLogo, LocalAuthority, Membership, MembershipTeam, Role, Team, User
from .programme import JourneyStep, Milestone, Programme, StepReturn
from .tenancy import (
    CompositeKey,
    Removable,
    SameAuthority,
    TenantModel,
    start_of_day,
    start_of_today,
)

__all__ = [
    "AuditEvent",
    "AuthorityLogo",
    "Barrier",
    "BarrierTeam",
    "CompositeKey",
    "Gift",
    "Invitation",
    "InvitationTeam",
    "JourneyStep",
    "LocalAuthority",
    "MailedLink",
    "Membership",
    "MembershipTeam",
    "Milestone",
    "Notice",
    "NoticeChoice",
    "NoticeKind",
    "NoticeRound",
    "Opposite",
    "Principle",
    "Programme",
    "Removable",
    "Role",
    "SameAuthority",
    "Statement",
    "StepReturn",
    "Team",
    "TemperatureFinding",
    "TenantModel",
    "User",
    "Value",
    "WayOfWorking",
    "start_of_day",
    "start_of_today",
]
