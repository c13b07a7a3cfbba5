"""What every page’s frame needs: the bar, the menu of a place, other places, the demo’s mark."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from programmes.models import LocalAuthority, Membership
from programmes.permissions import Permission, permissions_of


@dataclass(frozen=True)
class Item:
    """One word in the bar. `here` marks the page's own."""

    label: str
    url: str
    here: bool


@dataclass(frozen=True)
class About:
    """What belongs to a place as a whole: in the menu under its name."""

    name: str
    items: list[Item]


# By the first word inside an authority: the word whose item in the bar leads there.
_BELONGS_TO = dict.fromkeys(
    ("asks", "inbox", "inspiration", "permissions", "stories", "wall"), "changes"
)
_BELONGS_TO |= dict.fromkeys(("evidence", "reviews", "sensemaking", "word-back"), "blueprint")
_BELONGS_TO |= dict.fromkeys(("handover", "learning"), "workshops")
_BELONGS_TO |= dict.fromkeys(("answer", "archive", "data", "surveys"), "impact")


def house(request):
    return {
        "bar": SimpleLazyObject(lambda: _bar(request)),
        "about": SimpleLazyObject(lambda: _about(request)),
        "places": SimpleLazyObject(lambda: _places(request)),
        "is_demo": settings.MODE == "demo",
    }


def _bar(request) -> list[Item]:
    authority, permissions = _where(request)
    if authority is not None:
        words = [
            ("Home", "journey", Permission.JOURNEY_READ),
            ("Workshops", "workshops:workshops", Permission.JOURNEY_READ),
            ("Small changes", "smallchanges:changes", Permission.JOURNEY_READ),
            ("Blueprint", "blueprints:blueprint", Permission.JOURNEY_READ),
            ("Golden thread", "impact:thread", Permission.JOURNEY_READ),
            ("Impact", "impact:impact", Permission.JOURNEY_READ),
        ]
        urls = _of(authority, words, permissions)
    elif getattr(request.user, "is_crescendo_team", False):
        urls = [
            ("Portfolio", reverse("portfolio")),
            ("Toolkit", reverse("toolkit:sessions")),
            ("Crescendo team", reverse("places:crescendo-team")),
        ]
    else:
        urls = []
    here = _under_its_word(request.path)
    longest = max((url for _, url in urls if here.startswith(url)), key=len, default="")
    return [Item(label, url, url == longest) for label, url in urls]


def _of(authority, words, permissions) -> list[tuple[str, str]]:
    return [
        (label, reverse(name, args=[authority.slug]))
        for label, name, permission in words
        if permission in permissions
    ]


def _about(request) -> About | None:
    authority, permissions = _where(request)
    if authority is None:
        return None
    words = [
        ("Our ambition", "programmes:ambition", Permission.JOURNEY_READ),
        ("Timeline", "programmes:timeline", Permission.JOURNEY_READ),
        ("People", "programmes:people", Permission.PEOPLE_SEE),
    ]
    items = [
        Item(label, url, request.path.startswith(url))
        for label, url in _of(authority, words, permissions)
    ]
    return About(authority.name, items)


def _under_its_word(path: str) -> str:
    """Where a page would stand whose stable address does not lie below its word in the bar."""
    slug, _, rest = path.lstrip("/").partition("/")
    word, _, _ = rest.partition("/")
    return f"/{slug}/{_BELONGS_TO[word]}/{rest}" if word in _BELONGS_TO else path


def _where(request) -> tuple[LocalAuthority | None, frozenset[Permission]]:
    """Whose pages the bar leads to. On pages about no place, such as help, one's only place."""
    if getattr(request, "authority", None) is not None:
        return request.authority, request.permissions
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated and not user.is_crescendo_team:
        memberships = _memberships(request)
        if len(memberships) == 1:
            return memberships[0].authority, permissions_of(memberships[0].roles)
    return None, frozenset()


def _places(request) -> list[LocalAuthority]:
    """The authorities that this person can open, by name."""
    if not request.user.is_authenticated:
        return []
    if request.user.is_crescendo_team:
        return list(LocalAuthority.objects.seen_by(request.user))
    return [membership.authority for membership in _memberships(request)]


def _memberships(request) -> list[Membership]:
    """Of the person who asks; a page of an authority has them from its door."""
    if not hasattr(request, "memberships"):
        request.memberships = list(Membership.objects.standing().of(request.user))
    return request.memberships
