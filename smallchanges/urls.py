"""Pages of one authority; the prefix is /<authority>/."""

from django.urls import path

app_name = "smallchanges"

urlpatterns: list = []
