"""Pages of one authority's workshops; the prefix is /<authority>/."""

from django.urls import include, path

from workshops.views import harvest, join, summary

app_name = "workshops"

urlpatterns = [
    path("workshops/", include("workshops.views.planner_urls")),
    path(
        # workshops/<workshop>/
        "workshops/<uuid:pk>/",
        include(
            [
                path("enter/", join.enter, name="enter"),
                path("harvest/", harvest.harvest_page, name="harvest"),
                path("summary/", summary.summary, name="summary"),
                path("summary/send/", summary.summary_send, name="summary-send"),
                path("run/", include("workshops.views.run_urls")),
            ]
        ),
    ),
]
