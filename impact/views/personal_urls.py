"""The prefix is /account/."""

from django.urls import path

from impact.views import personal

app_name = "personal"

urlpatterns = [
    path("about-me.zip", personal.about_me, name="about-me"),
    path("erase/", personal.erase_me, name="erase-me"),
]
