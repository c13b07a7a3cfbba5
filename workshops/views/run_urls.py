"""The console of a workshop; the prefix is /<authority>/workshops/<workshop>/run/."""

from django.urls import include, path

from workshops.views import agreements, console, plans

urlpatterns = [
    path("", console.run, name="run"),
    path("doors/", console.run_doors, name="run-doors"),
    path("clock/", console.run_clock, name="run-clock"),
    path("screen/", console.run_screen, name="run-screen"),
    path("seat/", console.run_seat, name="run-seat"),
    path("end/", console.run_end, name="run-end"),
    path(
        # participants/<participant>/
        "participants/<uuid:participant_pk>/",
        include(
            [path("remove/", console.run_participant_remove, name="run-participant-remove")],
        ),
    ),
    path(
        # notes/<note>/
        "notes/<uuid:note_pk>/",
        include(
            [
                path("show/", console.run_note_show, name="run-note-show"),
                path("tidy/", console.run_note_tidy, name="run-note-tidy"),
                path("redact/", console.run_note_redact, name="run-note-redact"),
            ]
        ),
    ),
    path(
        # groups/<group>/
        "groups/<uuid:group_pk>/",
        include(
            [
                path("edit/", console.run_group_edit, name="run-group-edit"),
                path("merge/", console.run_group_merge, name="run-group-merge"),
                path("split/", console.run_group_split, name="run-group-split"),
                path("remove/", console.run_group_remove, name="run-group-remove"),
                path("put-back/", console.run_group_put_back, name="run-group-put-back"),
            ]
        ),
    ),
    path(
        # <activity>/
        "<uuid:activity_pk>/",
        include(
            [
                path("go/", console.run_go, name="run-go"),
                path("reveal/", console.run_reveal, name="run-reveal"),
                path("parked/", console.run_parked, name="run-parked"),
                path("dots/", console.run_dots, name="run-dots"),
                path("notes/move/", console.run_notes_move, name="run-notes-move"),
                path("notes/<uuid:note_pk>/move/", console.run_note_move, name="run-note-move"),
                path("groups/add/", console.run_group_add, name="run-group-add"),
                path("suggestions/", console.run_suggestions, name="run-suggestions"),
                path("suggestions/<uuid:note_pk>/", console.run_suggestion, name="run-suggestion"),
                path(
                    "suggestions/<uuid:decision>/reopen/",
                    console.run_suggestions_reopen,
                    name="run-suggestions-reopen",
                ),
                path("change/", plans.run_change, name="run-change"),
                path("change/next/", plans.run_change_next, name="run-change-next"),
                path("gifts/<uuid:thing_pk>/", console.run_gift, name="run-gift"),
                path("outcomes/<uuid:thing_pk>/", agreements.run_outcome, name="run-outcome"),
            ]
        ),
    ),
]
