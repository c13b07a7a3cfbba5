"""The up and down buttons of every list that people put in order, and dragging where there is."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.db.models import Model

from programmes.pages import tell

_WAYS = {"up": -1, "down": 1}


def order(request, row: Model, action: Callable[..., bool]) -> None:
    """Move `row` as the button says that was pressed, and tell.

    `action` is the app's own: `order(row=…, places=…, by=…)` answers whether it moved.
    """
    if "places" in request.POST:
        return _drag(request, row, action)
    way = request.POST.get("way", "")
    if way not in _WAYS:
        raise BadRequest("A row moves up or down.")
    if action(row=row, places=_WAYS[way], by=request.user):
        tell(request, f"Moved {way}: {row}")
    else:
        tell(request, f"{'First' if way == 'up' else 'Last'} already: {row}")


def _drag(request, row: Model, action: Callable[..., bool]) -> None:
    """By as many places as somebody dragged it: up where it is less than none."""
    try:
        places = int(request.POST["places"])
    except ValueError:
        raise BadRequest("A row is dragged by a number of places.") from None
    if action(row=row, places=places, by=request.user):
        tell(request, f"Moved: {row}")
