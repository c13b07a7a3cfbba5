"""Stories; the prefix is /<authority>/."""

from django.urls import path

from impact.views import stories

urlpatterns = [
    path("stories/", stories.stories, name="stories"),
    path("stories/add/", stories.story_add, name="story-add"),
    path("stories/<uuid:pk>/", stories.story, name="story"),
    path("stories/<uuid:pk>/cross/", stories.story_cross, name="story-cross"),
    path("stories/<uuid:pk>/take-back/", stories.story_take_back, name="story-take-back"),
    path("stories/<uuid:pk>/give-again/", stories.story_give_again, name="story-give-again"),
    path("stories/<uuid:pk>/ask/", stories.story_ask, name="story-ask"),
    path("stories/<uuid:pk>/anew/", stories.story_anew, name="story-anew"),
    path("stories/<uuid:pk>/remove/", stories.story_remove, name="story-remove"),
    path("stories/<uuid:pk>/put-back/", stories.story_put_back, name="story-put-back"),
    path("stories/<uuid:pk>/pick/", stories.story_pick, name="story-pick"),
    path("stories/picks/<uuid:pk>/remove/", stories.pick_remove, name="pick-remove"),
    path("stories/picks/<uuid:pk>/put-back/", stories.pick_put_back, name="pick-put-back"),
]
