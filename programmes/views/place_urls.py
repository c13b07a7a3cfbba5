"""The prefix is /<authority>/."""

from django.urls import path

from programmes.views import places

urlpatterns = [
    path("logo.png", places.logo, name="logo"),
    path("set-up/", places.set_up, name="set-up"),
    path("programme/", places.programme, name="programme"),
    path("programme/end/", places.programme_end, name="programme-end"),
    path("programme/<uuid:pk>/resume/", places.programme_resume, name="programme-resume"),
]
