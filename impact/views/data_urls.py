from django.urls import path

from impact.views import data

urlpatterns = [
    # --- the data feed's keys
    path("data/", data.data, name="data"),
    path("data/keys/<uuid:pk>/take-back/", data.feed_key_take_back, name="feed-key-take-back"),
]
