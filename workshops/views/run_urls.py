"""The console of a workshop; the prefix is /<authority>/workshops/<workshop>/run/."""

from django.urls import include, path

from workshops.views import agreements, looks, plans
from workshops.views.console import choices, groups, notes, page, room, suggestions

urlpatterns = [
    path("", page.run, name="run"),
    path("doors/", room.run_doors, name="run-doors"),
    path("clock/", room.run_clock, name="run-clock"),
    path("screen/", room.run_screen, name="run-screen"),
    path("screen/turn/", room.run_screen_turn, name="run-screen-turn"),
    path("seat/", room.run_seat, name="run-seat"),
    path("end/", room.run_end, name="run-end"),
    path(
        # participants/<participant>/
        "participants/<uuid:participant_pk>/",
        include(
            [path("remove/", room.run_participant_remove, name="run-participant-remove")],
        ),
    ),
    path(
        # notes/<note>/
        "notes/<uuid:note_pk>/",
        include(
            [
                path("show/", notes.run_note_show, name="run-note-show"),
                path("tidy/", notes.run_note_tidy, name="run-note-tidy"),
                path("redact/", notes.run_note_redact, name="run-note-redact"),
            ]
        ),
    ),
    path(
        # groups/<group>/
        "groups/<uuid:group_pk>/",
        include(
            [
                path("edit/", groups.run_group_edit, name="run-group-edit"),
                path("merge/", groups.run_group_merge, name="run-group-merge"),
                path("split/", groups.run_group_split, name="run-group-split"),
                path("remove/", groups.run_group_remove, name="run-group-remove"),
                path("put-back/", groups.run_group_put_back, name="run-group-put-back"),
            ]
        ),
    ),
    path(
        # <activity>/
        "<uuid:activity_pk>/",
        include(
            [
                path("go/", room.run_go, name="run-go"),
                path("reveal/", room.run_reveal, name="run-reveal"),
                path("parked/", notes.run_parked, name="run-parked"),
                path("dots/", choices.run_dots, name="run-dots"),
                path("asks/", choices.run_asks, name="run-asks"),
                path("notes/move/", groups.run_notes_move, name="run-notes-move"),
                path("notes/<uuid:note_pk>/move/", groups.run_note_move, name="run-note-move"),
                path("groups/add/", groups.run_group_add, name="run-group-add"),
                path("suggestions/", suggestions.run_suggestions, name="run-suggestions"),
                path(
                    "suggestions/<uuid:note_pk>/", suggestions.run_suggestion, name="run-suggestion"
                ),
                path(
                    "suggestions/<uuid:decision>/reopen/",
                    suggestions.run_suggestions_reopen,
                    name="run-suggestions-reopen",
                ),
                path("change/", plans.run_change, name="run-change"),
                path("change/next/", plans.run_change_next, name="run-change-next"),
                path("down/", looks.run_write_down, name="run-write-down"),
                path("gifts/<uuid:thing_pk>/", choices.run_gift, name="run-gift"),
                path("outcomes/<uuid:thing_pk>/", agreements.run_outcome, name="run-outcome"),
            ]
        ),
    ),
]
