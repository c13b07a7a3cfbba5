"""The facilitators' log and the hand-over; the prefix is /<authority>/."""

from django.urls import path

from impact.views import handover, learning

urlpatterns = [
    path("learning/", learning.learning, name="learning"),
    path("learning/add/", learning.learning_add, name="learning-add"),
    path("learning/<uuid:pk>/edit/", learning.learning_edit, name="learning-edit"),
    path("learning/<uuid:pk>/remove/", learning.learning_remove, name="learning-remove"),
    path("learning/<uuid:pk>/put-back/", learning.learning_put_back, name="learning-put-back"),
    path("handover/", handover.handover, name="handover"),
    path("handover/sessions/<uuid:pk>/", handover.hands, name="hands"),
    path("handover/end/", handover.partnership_end, name="partnership-end"),
    path(
        "handover/ends/<uuid:pk>/remove/",
        handover.partnership_end_remove,
        name="partnership-end-remove",
    ),
    path(
        "handover/ends/<uuid:pk>/put-back/",
        handover.partnership_end_put_back,
        name="partnership-end-put-back",
    ),
]
