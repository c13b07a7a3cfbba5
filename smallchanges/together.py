"""What it would do to move several small changes at once, before anybody does it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from smallchanges import actions
from smallchanges.models import SmallChange, Stage, Status


@dataclass
class Plan:
    """Which of the ticked changes move to where, and which stay, with the reason.

    `needs_why` counts those that the gate lets through with a word on why.
    """

    moving: list[tuple[SmallChange, str]] = field(default_factory=list)
    staying: list[tuple[SmallChange, str]] = field(default_factory=list)
    needs_why: int = 0
    seen: str = ""

    @property
    def changes(self) -> list[SmallChange]:
        return [change for change, _ in self.moving]


def plan_of(changes: Iterable[SmallChange], *, stage: str, status: str, why: str) -> Plan:
    """An empty `stage` or `status` leaves each change where, or as, it is.

    `seen` stands for the choice and for where each change was when it was made: who presses the
    button agrees to this plan, and to no other.
    """
    plan, told = Plan(), [stage, status]
    for change in changes:
        told.append(f"{change.pk} {change.stage} {change.status}")
        to_stage, to_status = stage or change.stage, status or change.status
        if (to_stage, to_status) == (change.stage, change.status):
            plan.staying.append((change, "It’s there already."))
            continue
        refused = actions.refusals(change, stage=to_stage, status=to_status, why=why)
        lacks_why = refused.pop("why", "")
        if refused and not status and change.status in (Status.EMBEDDED, Status.STOPPED):
            said = f"It’s {change.get_status_display().lower()}. Choose how it’s going as well."
            plan.staying.append((change, said))
        elif refused:
            plan.staying.append((change, " ".join(refused.values())))
        else:
            plan.moving.append((change, _way(change, to_stage, to_status)))
            plan.needs_why += bool(lacks_why)
    plan.seen = hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]
    return plan


def _way(change: SmallChange, stage: str, status: str) -> str:
    """Such as "Develop to Grow, in progress"."""
    said = []
    if stage != change.stage:
        said.append(f"{change.get_stage_display()} to {Stage(stage).label}")
    if status != change.status:
        said.append(Status(status).label.lower() if said else Status(status).label)
    return ", ".join(said)
