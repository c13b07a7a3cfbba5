from django.urls import path

from . import comments, impact

urlpatterns = [
    path(
        "impact/",
        impact.impact,
        name="impact",
    ),
    path(
        "impact/comments/<uuid:pk>/",
        comments.comments,
        name="comments",
    ),
    path(
        "impact/comments/<uuid:pk>/<uuid:answer_pk>/<slug:look>/",
        comments.comment_look,
        name="comment-look",
    ),
]
