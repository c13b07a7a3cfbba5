"""The application's addresses, and one whose view fails with what somebody wrote in its hands."""

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.urls import path

from crescendo import urls

handler403, handler404, handler500 = urls.handler403, urls.handler404, urls.handler500


@login_not_required
def broken(request):
    typed = request.POST.get("typed", "") or request.GET.get("typed", "")
    raise ValueError(typed)


@login_not_required
def away(request):
    raise OperationalError("the server closed the connection to secret-host")


urlpatterns = [path("broken/", broken), path("away/", away), *urls.urlpatterns]
