"""One's own account."""

from django.views.decorators.http import require_http_methods

from programmes.access import member_view
from programmes.actions import people
from programmes.forms.people import NameForm
from programmes.models import Membership
from programmes.pages import go, page, tell


@member_view
@require_http_methods(["GET", "POST"])
def account(request):
    """What we know of somebody, for themselves: name, address, places; and where to change it."""
    form = NameForm(request.POST or None, initial={"name": request.user.name})
    if request.method == "POST" and form.is_valid():
        people.rename(name=form.cleaned_data["name"], by=request.user)
        tell(request, "Saved your name.")
        return go(request, request.path)
    context = {
        "form": form,
        "memberships": Membership.objects.standing().of(request.user).prefetch_related("teams"),
        "has_second_step": request.user.has_second_step,
    }
    return page(request, "programmes/account.html", context)
