"""Where those stand who must be on board: one tap in the list, and taking it back."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from programmes.access import authority_view
from programmes.pages import go, tell, wants_part
from programmes.permissions import Permission
from smallchanges import actions
from smallchanges.forms import StanceForm
from smallchanges.models import StanceMove
from smallchanges.views.change import change_or_404, change_page

_REGION = "change-stakeholders"


@authority_view(Permission.CHANGE_EDIT)
@require_POST
def stance(request, pk, row_pk):
    change = change_or_404(request, pk)
    stakeholder = get_object_or_404(change.stakeholders.standing(), pk=row_pk)
    form = StanceForm(request.POST, stakeholder=stakeholder)
    if not form.is_valid():
        return change_page(request, change, region=_REGION, stance=form)
    moved = actions.move_stance(stakeholder=stakeholder, by=request.user, **form.cleaned_data)
    where = stakeholder.get_stance_display()
    if moved is None:
        tell(request, f"{stakeholder} was there already: {where}")
    else:
        undo = reverse(
            "smallchanges:stakeholder-stance-undo",
            args=[request.authority.slug, change.pk, stakeholder.pk, moved.pk],
        )
        tell(request, f"{stakeholder}: {where}", undo=undo)
    if wants_part(request):
        return change_page(request, change, region=_REGION, just=stakeholder.pk)
    return go(request, f"{change.get_absolute_url()}#{_REGION}")


@authority_view(Permission.CHANGE_EDIT)
@require_POST
def stance_undo(request, pk, row_pk, move_pk):
    change = change_or_404(request, pk)
    stakeholder = get_object_or_404(change.stakeholders.standing(), pk=row_pk)
    moved = get_object_or_404(StanceMove.objects.filter(stakeholder=stakeholder), pk=move_pk)
    if actions.undo_stance(moved=moved, by=request.user):
        tell(request, f"Taken back. {stakeholder}: {moved.get_from_stance_display()}")
    else:
        tell(request, f"{stakeholder} has moved on since, so that stays.")
    return go(request, f"{change.get_absolute_url()}#{_REGION}")
