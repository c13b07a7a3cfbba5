"""Days on which people work."""

from datetime import date

_SATURDAY = 5


def is_working(day: date) -> bool:
    return day.weekday() < _SATURDAY
