"""Word back: what became of what this person, and each team, said was in the way."""

from uuid import UUID

from django.views.decorators.http import require_GET

from programmes.access import authority_view
from programmes.models import Team
from programmes.pages import page
from programmes.permissions import Permission
from workshops import word_back as reading
from workshops.listeners import cookie_of


@authority_view(Permission.JOURNEY_READ)
@require_GET
def word_back(request):
    """One's own first, then one's teams'; `?team=` shows another team's."""
    programme = request.authority.current_programme()
    context = {"programme": programme}
    if programme is not None:
        programme.authority = request.authority
        team = _team(request)
        mine = list(request.membership.teams.all()) if request.membership else []
        teams = [team] if team else mine
        said = reading.said_by_teams(programme, teams) if teams else []
        context |= {
            "all_teams": list(request.authority.teams.all()),
            "team": team,
            "teams": teams,
            "of_teams": reading.word_back(programme, said),
            "own": [] if team else _own(request, programme),
        }
    return page(request, "workshops/word_back.html", context)


def _team(request) -> Team | None:
    """The one that was chosen; what is no team of this place chooses none."""
    try:
        pk = UUID(request.GET.get("team", ""))
    except ValueError:
        return None
    return request.authority.teams.filter(pk=pk).first()


def _own(request, programme) -> list[reading.WordBack]:
    said = reading.said_by(programme, request.user, lambda pk: request.COOKIES.get(cookie_of(pk)))
    return [*reading.word_back(programme, said), *reading.offered_by(programme, request.user)]
