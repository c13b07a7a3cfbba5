"""What an authority, and a person, can take along or have erased."""

import tempfile

from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from impact.actions import archives, erasure
from impact.forms.data import EraseForm
from impact.registry import archived_tables, registry
from programmes.access import authority_view
from programmes.models import Membership
from programmes.pages import go, page, tell
from programmes.permissions import Permission, roles_that_may

# Beyond that an archive waits on the disk, not in memory.
_IN_MEMORY = 5_000_000


@authority_view(Permission.DATA_TAKE)
@require_http_methods(["GET", "POST"])
def archive(request):
    """What an archive holds, and the archive."""
    if request.method == "POST":
        # FileResponse closes it once it is sent, and with that it is gone from the disk.
        out = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
        try:
            archives.take_archive(authority=request.authority, out=out, by=request.user)
        except BaseException:
            out.close()
            raise
        out.seek(0)
        return FileResponse(
            out,
            as_attachment=True,
            filename=f"{request.authority.slug}-crescendo.zip",
            content_type="application/zip",
        )
    tables = registry().values()
    without = [table for table in tables if table.left_out and table.topic != "Accounts"]
    context = {
        "topics": list(dict.fromkeys(table.topic for table in archived_tables())),
        "left_out": without,
        "partly": [table for table in archived_tables() if table.rows_left_out],
        "open_surveys": request.authority.surveys.open(),
        "open_rounds": request.authority.placing_rounds.filter(closed_at=None),
    }
    return page(request, "impact/archive.html", context)


@authority_view(Permission.PERSON_ERASE)
@require_http_methods(["GET", "POST"])
def person_erase(request, pk):
    """Asks first, and by typing: there is no way back."""
    memberships = request.authority.memberships.select_related("user")
    membership = get_object_or_404(memberships, pk=pk, user__is_active=True)
    who = membership.user
    if who == request.user or not set(membership.roles) <= request.may_grant:
        raise PermissionDenied
    # What is elsewhere is not in this place's hands.
    elsewhere = Membership.objects.filter(user=who).exclude(authority=request.authority)
    only_team = (who.is_crescendo_team or elsewhere.exists()) and (
        not request.user.is_crescendo_team
    )
    form = EraseForm(request.POST or None, email=who.email)
    if request.method == "POST":
        if only_team:
            raise PermissionDenied
        if form.is_valid():
            erasure.erase_person(user=who, by=request.user)
            tell(request, "Erased. What they wrote stays, and names nobody.")
            return go(request, reverse("programmes:people", args=[request.authority.slug]))
    context = {
        "form": form,
        "membership": membership,
        "only_team": only_team,
        "is_last": _is_last(membership),
        "named": list(erasure.where_named(user=who, authority=request.authority)),
    }
    return page(request, "impact/person_erase.html", context)


def _is_last(membership: Membership) -> bool:
    """Nobody else here can invite people."""
    who_may = membership.authority.memberships.standing().holding_any(
        roles_that_may(Permission.PEOPLE_MANAGE)
    )
    return list(who_may.values_list("pk", flat=True)[:2]) == [membership.pk]
