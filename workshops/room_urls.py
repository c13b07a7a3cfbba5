"""Pages of a room for whoever is in it, with or without an account."""

from django.urls import include, path

from workshops.views import answers, join, room, screen

app_name = "room"

urlpatterns = [
    path("join/", join.join, name="join"),
    path("screen/<str:token>/", screen.screen, name="screen"),
    path(
        # room/<workshop>/
        "room/<uuid:workshop_pk>/",
        include(
            [
                path("", room.room, name="room"),
                path("steps/<uuid:pk>/", room.step, name="step"),
                path("thanks/", room.thanks, name="thanks"),
                path("more-time/", room.more_time, name="more-time"),
                path("<uuid:pk>/notes/add/", room.note_add, name="note-add"),
                path("<uuid:pk>/vote/", answers.vote, name="vote"),
                path("<uuid:pk>/mark/", answers.mark, name="mark"),
                path("<uuid:pk>/speak/", answers.speak, name="speak"),
                path("<uuid:pk>/suggest/<uuid:note_pk>/", answers.suggest, name="suggest"),
                path("<uuid:pk>/done/", answers.done, name="done"),
                path("notes/<uuid:pk>/edit/", room.note_edit, name="note-edit"),
                path("notes/<uuid:pk>/remove/", room.note_remove, name="note-remove"),
                path("notes/<uuid:pk>/put-back/", room.note_put_back, name="note-put-back"),
                path("notes/<uuid:pk>/report/", room.note_report, name="note-report"),
            ]
        ),
    ),
]
