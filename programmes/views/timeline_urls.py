"""The prefix is /<authority>/."""

from django.urls import include, path

from programmes.views import steps, timeline

urlpatterns = [
    path(
        "timeline/",
        include(
            [
                path("", timeline.timeline, name="timeline"),
                path("pods/<int:number>/keep/", timeline.pod_keep, name="pod-keep"),
                path(
                    # timeline/<pk>/
                    "<uuid:pk>/",
                    include(
                        [
                            path("move/", timeline.milestone_move, name="milestone-move"),
                            path(
                                "move-back/",
                                timeline.milestone_move_back,
                                name="milestone-move-back",
                            ),
                            path(
                                "put-back/", timeline.milestone_put_back, name="milestone-put-back"
                            ),
                        ]
                    ),
                ),
            ]
        ),
    ),
    path(
        "steps/<int:step>/",
        include(
            [
                path("", steps.step, name="step"),
                path("done/", steps.step_done, name="step-done"),
                path("done/undo/", steps.step_done_undo, name="step-done-undo"),
                path("back/", steps.step_back, name="step-back"),
                path("back/<uuid:pk>/undo/", steps.step_back_undo, name="step-back-undo"),
            ]
        ),
    ),
]
