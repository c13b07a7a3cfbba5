"""The big screen: read-only, by its own signed link, without anybody's sign-in on the projector."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from programmes.access import open_view
from programmes.mail import site_url
from programmes.pages import page, qr, wants_part
from workshops import agreements, asking, looks, reading, surveying, voices, window
from workshops.listeners import screen_of
from workshops.models import ASKS_ABOUT_THINGS, Activity, ActivityKind, Note, Workshop


@open_view(reason="a projector has no account; its link is signed, and shows one room")
@require_GET
def screen(request, token):
    workshop = screen_of(token)
    if workshop is None:
        raise Http404
    if request.GET.get("since") == str(workshop.seq) and wants_part(request):
        return HttpResponse(status=204)
    join_url = site_url(request, reverse("room:join"))
    context = {
        "workshop": workshop,
        "token": token,
        "join_at": join_url.removeprefix("https://").removeprefix("http://").rstrip("/"),
        "qr": qr(f"{join_url}?code={workshop.code}") if workshop.code else "",
    }
    context |= screen_context(workshop, workshop.on_screen)
    context |= surveying.on_screen(request, context)
    return page(request, "room/screen.html", context, region="stage")


def screen_context(workshop: Workshop, activity: Activity | None) -> dict:
    """No names, no votes of one person, nothing that is not shown to everybody."""
    context: dict = {
        "activity": activity,
        "present": workshop.participants.present().count(),
        "things": [],
    }
    if activity is None:
        return context
    context["gave"] = reading.how_many_gave(activity)
    context["look"] = looks.look_of(activity)
    context |= voices.about(activity)
    context |= surveying.about(activity)
    if activity.is_written:
        shown = activity.notes.shown() if activity.is_revealed else Note.objects.none()
        context["columns"] = reading.columns_of(activity, shown)
        context["barriers"] = reading.barriers_to_read(activity)
        context["count"] = (shown if activity.is_revealed else activity.notes.standing()).count()
    elif activity.kind == ActivityKind.THEME:
        things, context["homeless"] = reading.themed(activity)
        groups = reading.GroupsPage.of(workshop, len(things))
        context |= {"things": things[groups.first - 1 : groups.last], "groups": groups}
    elif activity.kind == ActivityKind.VOTE:
        context["things"] = reading.with_dots(activity, reading.things_of(activity))
    elif activity.kind == ActivityKind.DISCUSS:
        context["things"] = agreements.talked_of(activity)
    elif activity.kind in ASKS_ABOUT_THINGS:
        context |= asking.about(activity)
    things = [*context["things"], *context.get("rest", [])]
    context |= reading.results(activity, things)
    context["pages"] = reading.pages_of(activity, context.get("roles", things))
    return context | window.too_few(workshop, activity, context["gave"])
