"""How a small change stands, as people look at it together in the room."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from smallchanges.models import Move, SmallChange, Step, Update
from smallchanges.reading import ChangeReading
from workshops.models import Activity, ActivityKind, Harvest
from workshops.pods import waiting_for_an_answer

# As much as a screen at the far wall can show.
_TOLD, _STEPS = 2, 3


@dataclass(frozen=True)
class Look:
    """A change with what was told of it last, and what is to be done next."""

    change: SmallChange
    # Updates, and moves that say why; the newest first.
    told: list[Update | Move]
    steps: list[Step]

    @property
    def today(self) -> date:
        return timezone.localdate()


def look_of(activity: Activity) -> Look | None:
    """Of a look, or of a story to read; no names of those who must be on board: guests read it."""
    if activity.kind not in (ActivityKind.LOOK, ActivityKind.READ) or activity.change_id is None:
        return None
    change = SmallChange._base_manager.select_related("strand").get(pk=activity.change_id)
    story = ChangeReading(change).story
    told = [one for one in story if isinstance(one, Update) or one.why]
    steps = change.steps.standing().filter(done_at=None).select_related("owner__user")
    return Look(change, told[:_TOLD], list(steps[:_STEPS]))


def on_console(activity: Activity) -> dict:
    """What its facilitator needs beside it: what it waits for, and what was written down of it."""
    if activity.kind != ActivityKind.LOOK or activity.change_id is None:
        return {}
    change = SmallChange.objects.filter(pk=activity.change_id)
    harvests = Harvest.objects.filter(activity=activity).select_related("update", "met", "step")
    return {
        "waits": waiting_for_an_answer(change).get(activity.change_id, []),
        "kept": [one for one in harvests if not one.was_taken_out],
    }
