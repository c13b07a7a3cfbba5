"""Which small change a block of the plan is for."""

from uuid import UUID

from django.db import transaction

from programmes.audit import record
from programmes.editing import locked
from programmes.models import User
from smallchanges.models import SmallChange
from workshops import plans, telling
from workshops.models import Activity, ActivityKind


@transaction.atomic
def choose_change(*, activity: Activity, change: SmallChange | None, by: User) -> UUID | None:
    """What people write in it goes to this change; returns the id of the one before, for an undo.

    What was brought into another change already stays there.
    """
    row = locked(activity)
    before = row.change_id
    if before != (change.pk if change else None):
        if row.kind == ActivityKind.LOOK and change:
            row.title = activity.title = plans.title_of_look(change)
        row.change = activity.change = change
        # It is theirs now: the agenda may make its own of the change before again.
        row.agenda_key = row.reason = ""
        row.save(update_fields=["change", "title", "agenda_key", "reason"])
        record("block put to a change", row, by=by, change=str(change.pk) if change else "")
        telling.put_to_a_change(activity)
    return before
