"""The two pages through which people change their own e-mail address."""

from allauth.account.decorators import reauthentication_required
from allauth.core.ratelimit import consume_or_429
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from crescendo.forms import AddressCodeForm, AddressForm
from programmes.access import member_view
from programmes.actions import addresses
from programmes.editing import Taken
from programmes.pages import go, page, tell

_WAITING = "address_waiting"  # session key


@member_view
@require_http_methods(["GET", "POST"])
@reauthentication_required
def address(request):
    """Ask for a new address. Stands where allauth's own page for addresses would."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if refusal := consume_or_429(request, action="manage_email", user=request.user):
            return refusal
        request.session[_WAITING] = addresses.ask(to=form.cleaned_data["email"], by=request.user)
        return redirect("address-confirm")
    return page(request, "account/address.html", {"form": form})


@member_view
@require_http_methods(["GET", "POST"])
def address_confirm(request):
    """Type in the code from the mail to the new address."""
    waiting = request.session.get(_WAITING)
    if not addresses.is_open(waiting):
        request.session.pop(_WAITING, None)
        return redirect("address")
    form = AddressCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.session.modified = True
        if addresses.fits(waiting, form.cleaned_data["code"]) and _changed(request, waiting):
            del request.session[_WAITING]
            tell(request, f"From now on you sign in with {waiting['to']}.")
            return go(request, reverse("places:account"))
        form.add_error("code", "That code isn’t right. Check it, or ask for a new one.")
    return page(request, "account/address_confirm.html", {"form": form, "to": waiting["to"]})


def _changed(request, waiting: dict) -> bool:
    """False where somebody else took the address while the code was under way."""
    try:
        addresses.change(to=waiting["to"], by=request.user)
    except Taken:
        return False
    return True
