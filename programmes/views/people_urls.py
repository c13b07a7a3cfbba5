"""The prefix is /<authority>/."""

urlpatterns: list = []
