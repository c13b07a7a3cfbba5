"""Pages of one authority; the prefix is /<authority>/."""

from django.urls import include, path

app_name = "impact"

urlpatterns = [
    path("", include("impact.views.page_urls")),
    path("", include("impact.views.thread_urls")),
    path("", include("impact.views.stories_urls")),
    path("", include("impact.views.report_urls")),
    path("", include("impact.views.learning_urls")),
    path("", include("impact.views.data_urls")),
    path("", include("impact.views.search_urls")),
]
