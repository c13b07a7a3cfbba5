"""The up and down buttons of every list that people put in order."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.db.models import Model

from programmes.pages import tell

_WAYS = {"up": -1, "down": 1}


def order(request, row: Model, action: Callable[..., bool]) -> None:
    """Move `row` as the button says that was pressed, and tell.

    `action` is the app's own: `order(row=…, places=…, by=…)` answers whether it moved.
    """
    way = request.POST.get("way", "")
    if way not in _WAYS:
        raise BadRequest("A row moves up or down.")
    if action(row=row, places=_WAYS[way], by=request.user):
        tell(request, f"Moved {way}: {row}")
    else:
        tell(request, f"{'First' if way == 'up' else 'Last'} already: {row}")
