"""Writing history: a line for each write that people care about, in its own transaction."""

from collections.abc import Iterable
from typing import Any

from programmes.models import AuditEvent, Invitation, LocalAuthority, Membership, User

# Rows whose title is a person's name or address: history keeps neither. Models of the floors above
# say it of themselves, with `may_name_a_person`.
_OF_PEOPLE = (User, Membership, Invitation)


def record(
    verb: str, target, *, by: User | None, authority: LocalAuthority | None = None, **details: Any
) -> AuditEvent:
    """Add one event. `verb` is a past tense such as "change moved"; `by` is None for the system.

    `authority` is taken from the target where it has one. `details` must be JSON, and must hold no
    more than ids, choices and dates: the words that people wrote stay where they wrote them.
    """
    authority_id: int | None
    if isinstance(target, LocalAuthority):
        authority_id = target.pk
    else:
        authority_id = authority.pk if authority else getattr(target, "authority_id", None)
    return AuditEvent.objects.create(
        authority_id=authority_id,
        actor_id=by.pk if by else None,
        actor_kind=_kind_of(by),
        verb=verb,
        target_type=target._meta.model_name,
        target_id=str(target.pk),
        target_label="" if _is_of_people(target) else str(target)[:300],
        details=details,
    )


def record_outside(
    verb: str, authority: LocalAuthority, *, by: User | None, **details: Any
) -> AuditEvent:
    """Add one event of an authority that is not in its own history, nor names it.

    For what makes or erases it with its history: brought in again it has what it had, and nothing
    is left of it where it is gone.
    """
    return AuditEvent.objects.create(
        actor_id=by.pk if by else None,
        actor_kind=_kind_of(by),
        verb=verb,
        target_type="localauthority",
        target_id=str(authority.pk),
        details=details,
    )


def ids_of(rows: Iterable) -> list[str]:
    """As an event's details name rows: by their ids, in one order."""
    return sorted(str(row.pk) for row in rows)


def _kind_of(by: User | None) -> str:
    if by is None:
        return "system"
    return "crescendo team" if by.is_crescendo_team else "member"


def _is_of_people(target) -> bool:
    return isinstance(target, _OF_PEOPLE) or getattr(target, "may_name_a_person", False)
