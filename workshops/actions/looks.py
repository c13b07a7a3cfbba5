"""What the facilitator writes down of a small change while people look at it."""

from uuid import UUID

from django.core.exceptions import BadRequest
from django.db import transaction

from programmes.editing import make_once
from programmes.models import User
from workshops import telling
from workshops.actions import harvest, notes
from workshops.actions.harvest import HELPED, HINDERED, MOVED, NEXT, Wish
from workshops.models import Activity, Harvest
from workshops.pods import LOOK_COLUMNS

# Under which of a look's headings each belongs.
_COLUMNS = dict(zip((MOVED, HELPED, HINDERED, NEXT), LOOK_COLUMNS, strict=True))


@transaction.atomic
def write_down(
    *, activity: Activity, pk: UUID, to: str, text: str, by: User, **of_it
) -> Harvest | None:
    """What somebody said, as a note of the look and on its change at once; None the second time.

    `of_it`: `stage`, `owner` and `due_on`, as a `Wish` has them. Raises `DoesNotFit`.
    """
    now = notes.held(activity)
    if now.change is None:
        raise BadRequest("Choose which small change this is about first.")
    title = _COLUMNS[to]
    note, is_new = make_once(
        now.notes,
        pk=pk,
        constraint="",
        authority_id=now.authority_id,
        column=now.columns.index(title) if title in now.columns else 0,
        text=text,
        candour=now.candour,
        created_at=now.day_given,
        position=now.next_position,
    )
    wish = Wish(note, to, text, change=now.change, **of_it)
    made = harvest.gather(programme=now.workshop.programme, wishes=[wish], by=by)
    if is_new:
        telling.written(note)
    return made[0] if made else None
