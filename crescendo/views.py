"""The roof's pages: home, journey, portfolio, health, and what is said when something fails."""

import logging
import secrets
import sys

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, HttpResponseServerError
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_GET

from crescendo import journey as reading
from crescendo.portfolio import WANTS, places
from impact.difference import newest_impact
from programmes.access import authority_view, member_view, open_view, team_view
from programmes.actions import steps
from programmes.models import LocalAuthority
from programmes.pages import page
from programmes.permissions import Permission
from smallchanges.reading import lines_of
from workshops import afterwards
from workshops.upcoming import upcoming

logger = logging.getLogger(__name__)


@member_view
@require_GET
def home(request):
    """Everybody's first page: the portfolio, one's only place, or a choice of places."""
    if request.user.is_crescendo_team:
        return redirect("portfolio")
    mine = list(LocalAuthority.objects.seen_by(request.user))
    if len(mine) == 1:
        return redirect("journey", mine[0].slug)
    return page(request, "home.html", {"places": mine})


@authority_view(Permission.JOURNEY_READ)
@require_GET
def journey(request):
    """Where we are: the first page of an authority."""
    programme = request.authority.current_programme()
    if programme is None:
        heading, lead = reading.headline(None, 0, None)
        return page(
            request,
            "journey.html",
            {
                "headline": heading,
                "lead": lead,
                "todo": reading.for_you(request, None, None),
                "nothing_yet": reading.nothing_yet(request, None, None),
            },
        )
    counts = reading.counts_of(programme)
    states = steps.states(programme)
    milestones = list(programme.milestones.all())
    here = next((state.step for state in states if state.state == "here"), 4)
    heading, lead = reading.headline(programme, here, counts)
    coming = upcoming(programme, milestones=milestones)
    context = {
        "programme": programme,
        "headline": heading,
        "lead": lead,
        "counts": counts,
        "steps": reading.step_facts(
            states, counts, reading.pods_held(milestones, timezone.localdate())
        ),
        "todo": reading.for_you(request, programme, counts, coming.next, milestones),
        "nothing_yet": reading.nothing_yet(request, programme, coming.next),
        "next_time": coming.next,
        "workshop": coming.workshop,
        "lines": lines_of(programme),
        "can_add": Permission.CHANGE_ADD in request.permissions,
        "said": reading.words_of(programme),
        "results": newest_impact(programme),
        "moves": reading.lately(programme),
        "newest": afterwards.newest_of(programme),
    }
    return page(request, "journey.html", context)


@team_view
@require_GET
def portfolio(request):
    """Every authority: where it is, and where somebody could help."""
    search = request.GET.get("q", "").strip()[:80]
    needs = request.GET.get("needs", "")
    found = Paginator(places(search=search, needs=needs), 24).get_page(request.GET.get("page"))
    context = {"places_found": found, "q": search, "needs": needs, "wants": WANTS}
    return page(request, "portfolio.html", context, region="portfolio-places")


@open_view(reason="help is for everybody who has the address")
@require_GET
def help_page(request):
    return page(request, "help.html", {})


@open_view(reason="what we keep of people must be readable before they sign in")
@require_GET
def privacy(request):
    return page(request, "privacy.html", {})


@open_view(reason="the law wants the accessibility statement to be open")
@require_GET
def accessibility(request):
    return page(request, "accessibility.html", {})


@open_view(reason="a balancer asks whether the process lives; it tells nothing")
@require_GET
def healthz(request):
    return HttpResponse("ok", content_type="text/plain")


@open_view(reason="a balancer asks whether this process can serve; it tells no more than that")
@require_GET
def readyz(request):
    """503 while the database is away or its tables are older than the code."""
    try:
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (OperationalError, InterfaceError):
        return HttpResponse("the database is away", content_type="text/plain", status=503)
    if behind:
        return HttpResponse("migrations are missing", content_type="text/plain", status=503)
    return HttpResponse("ok", content_type="text/plain")


def forbidden(request, exception=None):
    return render(request, "403.html", status=403)


@login_not_required
def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def csrf_failure(request, reason=""):
    return render(request, "403_csrf.html", {"typed": _typed(request)}, status=403)


def _typed(request) -> list[tuple[str, str]]:
    """What a refused form held, so that nobody has to write it again; never a password."""
    return [
        (name.replace("_", " ").capitalize(), value)
        for name, value in request.POST.items()
        if value.strip()
        and name not in {"csrfmiddlewaretoken", "id", "version"}
        and "password" not in name
        and "code" not in name
    ]


def server_error(request):
    """500, or 503 where the database is away. Leaves the request alone: it may be what broke."""
    reference = secrets.token_hex(4)
    error = sys.exc_info()[1]
    away = isinstance(error, (OperationalError, InterfaceError))
    logger.error("error %s: %s", reference, type(error).__name__)
    html = render_to_string("503.html" if away else "500.html", {"reference": reference})
    response = HttpResponseServerError(html)
    if away:
        response.status_code = 503
        response["Retry-After"] = "5"
    return response
