"""The Crescendo team's ready-made sessions; the prefix is /toolkit/."""

from django.urls import include, path

from workshops.views import toolkit

app_name = "toolkit"

urlpatterns = [
    path("", toolkit.sessions, name="sessions"),
    path("add/", toolkit.session_add, name="session-add"),
    path(
        # toolkit/sessions/<key>/
        "sessions/<slug:key>/",
        include(
            [
                path("", toolkit.session, name="session"),
                path("edit/", toolkit.session_edit, name="session-edit"),
                path("order/", toolkit.session_order, name="session-order"),
                path("retire/", toolkit.session_retire, name="session-retire"),
                path("bring-back/", toolkit.session_bring_back, name="session-bring-back"),
            ]
        ),
    ),
]
