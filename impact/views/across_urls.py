"""Pages across authorities; the prefix is /portfolio/impact/."""

from django.urls import path

from impact.views import across_learning

urlpatterns = [
    path("learning/", across_learning.learning_across, name="learning"),
]
