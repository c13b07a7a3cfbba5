"""Who takes part in an authority, as what, and until when; and who is in the Crescendo team."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from programmes.audit import ids_of, record
from programmes.editing import locked, unless_taken
from programmes.models import LocalAuthority, Membership, Team, User


@transaction.atomic
def join(
    *,
    authority: LocalAuthority,
    user: User,
    roles: Iterable[str],
    teams: Iterable[Team],
    by: User | None,
) -> Membership:
    """Take part. Somebody who does already keeps what they have, and gets these too."""
    roles = sorted(roles)
    membership, is_new = authority.memberships.select_for_update().get_or_create(
        user=user, ended_at=None, defaults={"authority": authority, "roles": roles}
    )
    if not is_new:
        membership.roles = sorted({*membership.roles, *roles})
        membership.save(update_fields=["roles"])
    membership.teams.add(*teams, through_defaults={"authority": authority})
    verb = "membership started" if is_new else "membership changed"
    record(verb, membership, by=by, **_as_it_is(membership))
    return membership


@transaction.atomic
def change(
    *, membership: Membership, roles: Iterable[str] | None, teams: Iterable[Team], by: User
) -> Membership:
    """Give a person these roles and teams instead of those they have; with None the same roles."""
    row = locked(membership)
    before = _as_it_is(row)
    if roles is not None:
        row.roles = sorted(roles)
        row.save(update_fields=["roles"])
    row.teams.set(teams, through_defaults={"authority_id": row.authority_id})
    if (after := _as_it_is(row)) != before:
        record("membership changed", row, by=by, before=before, **after)
    return row


def _as_it_is(membership: Membership) -> dict[str, Any]:
    return {"roles": sorted(membership.roles), "teams": ids_of(membership.teams.all())}


@transaction.atomic
def end(*, membership: Membership, by: User) -> None:
    """Close the door at the person's next request. What they wrote stays."""
    row = locked(membership)
    if row.ended_at is None:
        row.ended_at, row.ended_by = timezone.now(), by
        row.save(update_fields=["ended_at", "ended_by"])
        record("membership ended", row, by=by)


@transaction.atomic
def resume(*, membership: Membership, by: User) -> None:
    """Undo `end`. Raises `Taken` where the person takes part again by another invitation."""
    row = locked(membership)
    if row.ended_at is not None:
        row.ended_at = row.ended_by = None
        with unless_taken("membership_one_standing_for_a_person"):
            row.save(update_fields=["ended_at", "ended_by"])
        record("membership resumed", row, by=by)


@transaction.atomic
def rename(*, name: str, by: User) -> None:
    """Call oneself something else."""
    if by.name != name:
        by.name = name
        by.save(update_fields=["name"])
        record("name changed", by, by=by)


@transaction.atomic
def join_crescendo_team(*, user: User, by: User | None) -> None:
    _set_crescendo_team(user, "crescendo team joined", by, is_in=True)


@transaction.atomic
def leave_crescendo_team(*, user: User, by: User) -> None:
    """Takes the view over all authorities away; memberships of single ones stay."""
    _set_crescendo_team(user, "crescendo team left", by, is_in=False)


def _set_crescendo_team(user: User, verb: str, by: User | None, *, is_in: bool) -> None:
    if user.is_crescendo_team != is_in:
        user.is_crescendo_team = is_in
        user.save(update_fields=["is_crescendo_team"])
        record(verb, user, by=by)
