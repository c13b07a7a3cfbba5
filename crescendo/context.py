"""What every page's frame needs: the bar, the places to switch between, and the demo's mark."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from programmes.models import LocalAuthority
from programmes.permissions import Permission


@dataclass(frozen=True)
class Item:
    """One word in the bar. `here` marks the page's own."""

    label: str
    url: str
    here: bool


def house(request):
    return {
        "bar": SimpleLazyObject(lambda: _bar(request)),
        "places": SimpleLazyObject(lambda: _places(request)),
        "is_demo": settings.MODE == "demo",
    }


def _bar(request) -> list[Item]:
    authority = getattr(request, "authority", None)
    if authority is not None:
        words = [
            ("Home", "journey", Permission.JOURNEY_READ),
            ("Ambition", "programmes:ambition", Permission.JOURNEY_READ),
            ("Small changes", "smallchanges:changes", Permission.JOURNEY_READ),
            ("Blueprint", "blueprints:blueprint", Permission.JOURNEY_READ),
            ("Timeline", "programmes:timeline", Permission.JOURNEY_READ),
            ("People", "programmes:people", Permission.PEOPLE_SEE),
        ]
        urls = [
            (label, reverse(name, args=[authority.slug]))
            for label, name, permission in words
            if permission in request.permissions
        ]
    elif getattr(request.user, "is_crescendo_team", False):
        urls = [
            ("Portfolio", reverse("portfolio")),
            ("Crescendo team", reverse("places:crescendo-team")),
        ]
    else:
        urls = []
    longest = max((url for _, url in urls if request.path.startswith(url)), key=len, default="")
    return [Item(label, url, url == longest) for label, url in urls]


def _places(request) -> list[LocalAuthority]:
    """The authorities that this person can open, by name."""
    if not request.user.is_authenticated:
        return []
    if hasattr(request, "memberships") and not request.user.is_crescendo_team:
        return [membership.authority for membership in request.memberships]
    return list(LocalAuthority.objects.seen_by(request.user))
