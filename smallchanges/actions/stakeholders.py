"""Where those stand who must be on board: the one way in which that changes."""

from django.db import transaction

from programmes.audit import record
from programmes.editing import locked, save_version, take_away, unless_taken
from programmes.models import User
from smallchanges.models import Stakeholder, StanceMove


@transaction.atomic
def edit_stakeholder(
    *, stakeholder: Stakeholder, version: int, by: User | None, **words: str
) -> Stakeholder:
    """Raises `Stale`, and `Taken` where the change names them already."""
    with unless_taken("stakeholder_once_in_a_change"):
        _write(stakeholder, version=version, by=by, **words)
    record("stakeholder edited", stakeholder, by=by, stance=stakeholder.stance)
    return stakeholder


@transaction.atomic
def move_stance(
    *, stakeholder: Stakeholder, stance: str, why: str = "", by: User | None
) -> StanceMove | None:
    """Say where somebody stands now; None where they stood there already."""
    now = locked(stakeholder)
    if now.stance == stance:
        return None
    return _write(stakeholder, version=now.version, stance=stance, why=why, by=by)


@transaction.atomic
def undo_stance(*, moved: StanceMove, by: User | None) -> bool:
    """Take the newest move back; False where they have moved on since, or it is back already."""
    stakeholder = locked(moved.stakeholder)
    newest = stakeholder.stance_moves.standing().last()
    if newest != moved or stakeholder.stance != moved.to_stance:
        return False
    take_away(moved, by=by)
    save_version(stakeholder, version=stakeholder.version, stance=moved.from_stance)
    record("stance move taken back", stakeholder, by=by, to_stance=moved.from_stance)
    return True


def _write(
    stakeholder: Stakeholder, *, version: int, by: User | None, why: str = "", **words: str
) -> StanceMove | None:
    """The gate: words and stance; where the stance changes, that is a dated row too."""
    before = locked(stakeholder).stance
    save_version(stakeholder, version=version, **words)
    if stakeholder.stance == before:
        return None
    moved = StanceMove.objects.create(
        authority_id=stakeholder.authority_id,
        stakeholder=stakeholder,
        from_stance=before,
        to_stance=stakeholder.stance,
        why=why,
    )
    record("stance moved", stakeholder, by=by, from_stance=before, to_stance=stakeholder.stance)
    return moved
