"""Which small change a plan is for, and the talk about who must be on board."""

from django.utils.text import Truncator

from smallchanges.models import LIVING, SmallChange, Status
from workshops.models import Activity, Workshop


def title_of_look(change: SmallChange) -> str:
    """What a look at a change is called in the plan: as much of its title as fits."""
    return Truncator(change.title).chars(Activity._meta.get_field("title").max_length or 0)


def offered(workshop: Workshop) -> list[SmallChange]:
    """The programme's changes that a block can be for: those that people chose come first."""
    rows = (
        workshop.programme.small_changes.exclude(status=Status.STOPPED)
        .select_related("strand")
        .order_by("strand__position", "position", "created_at")
    )
    return sorted(rows, key=lambda change: change.status not in LIVING)


def next_after(block: Activity) -> SmallChange | None:
    """The change to do the same for next: the first behind its own that has no such block yet."""
    if block.change_id is None:
        return None
    there = block.workshop.activities.filter(kind=block.kind, change__isnull=False)
    taken = set(there.values_list("change", flat=True))
    changes = offered(block.workshop)
    at = next((n for n, one in enumerate(changes) if one.pk == block.change_id), -1)
    free = (one for one in changes[at + 1 :] + changes[: at + 1] if one.pk not in taken)
    return next(free, None)
