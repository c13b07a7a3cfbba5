"""The prefix is /<authority>/."""

from django.urls import path

from impact.views import data, feeds

urlpatterns = [
    path("archive/", data.archive, name="archive"),
    path("people/<uuid:pk>/erase/", data.person_erase, name="person-erase"),
    # /<authority>/data/: the feed's keys
    path("data/", feeds.data, name="data"),
    path("data/keys/<uuid:pk>/take-back/", feeds.feed_key_take_back, name="feed-key-take-back"),
]
