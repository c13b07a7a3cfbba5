"""Pages of one authority; the prefix is /<authority>/. Each noun keeps its own list."""

from django.urls import include, path

app_name = "programmes"

urlpatterns = [
    path("", include("programmes.views.ambition_urls")),
    path("", include("programmes.views.timeline_urls")),
    path("", include("programmes.views.people_urls")),
    path("", include("programmes.views.place_urls")),
]
