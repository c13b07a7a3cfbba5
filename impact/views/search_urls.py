from django.urls import path

from impact.views import search

urlpatterns = [path("search/", search.search, name="search")]
