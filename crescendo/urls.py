"""Where things are. An authority's pages come last: its slug may be any word that is not taken."""

from django.conf import settings
from django.urls import include, path

from crescendo import address, views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz/", views.healthz, name="healthz"),
    path("readyz/", views.readyz, name="readyz"),
    path("help/", views.help_page, name="help"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    # Before allauth's page at the same address, which would keep addresses nobody has confirmed.
    path("accounts/email/", address.address, name="address"),
    path("accounts/email/code/", address.address_confirm, name="address-confirm"),
    path("accounts/", include("allauth.urls")),
    path("portfolio/", views.portfolio, name="portfolio"),
    path("portfolio/impact/", include(("impact.views.across_urls", "across"))),
    path("api/v1/", include(("impact.views.api_urls", "api"))),
    # Before the authorities, and in the demo alone: what it sends goes nowhere.
    *([path("mail/", include("crescendo.demo_mail"))] if settings.MODE == "demo" else []),
    path("account/", include("impact.views.personal_urls")),
    path("", include("programmes.global_urls")),
    path("", include("workshops.room_urls")),
    path("toolkit/", include("workshops.views.toolkit_urls")),
    path(
        # /<authority>/
        "<slug:authority_slug>/",
        include(
            [
                path("", views.journey, name="journey"),
                path("", include("programmes.urls")),
                path("", include("smallchanges.urls")),
                path("", include("blueprints.urls")),
                path("", include("workshops.urls")),
                path("", include("surveys.urls")),
                path("", include("impact.urls")),
            ]
        ),
    ),
]

handler403 = "crescendo.views.forbidden"
handler404 = "crescendo.views.not_found"
handler500 = "crescendo.views.server_error"
