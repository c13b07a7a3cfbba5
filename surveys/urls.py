"""Pages of one authority; the prefix is /<authority>/."""

from django.urls import include, path

app_name = "surveys"

urlpatterns = [
    path("", include("surveys.views.running_urls")),
    path("", include("surveys.views.answering_urls")),
]
