"""The prefix is /<authority>/."""

from django.urls import path

from impact.views import data

urlpatterns = [
    path("archive/", data.archive, name="archive"),
    path("people/<uuid:pk>/erase/", data.person_erase, name="person-erase"),
]
