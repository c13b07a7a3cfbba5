"""Pages of one authority; the prefix is /<authority>/."""

from django.urls import include, path

from smallchanges.models import Met, Stakeholder, Step, Update
from smallchanges.views import asks, change, changes, plan, strands

app_name = "smallchanges"


def _row(kind) -> list:
    """Taking a row of a plan away, and putting it back."""
    noun = kind._meta.model_name
    return [
        path("remove/", plan.row_remove, {"kind": kind}, name=f"{noun}-remove"),
        path("put-back/", plan.row_put_back, {"kind": kind}, name=f"{noun}-put-back"),
    ]


_one_change = [
    # changes/<pk>/
    path("", change.change, name="change"),
    path("edit/", change.change_edit, name="change-edit"),
    path("move/", change.change_move, name="change-move"),
    path("moves/<uuid:move_pk>/undo/", change.change_move_undo, name="change-move-undo"),
    path("asks/add/", asks.ask_add, name="ask-add"),
    path("updates/add/", change.update_add, name="update-add"),
    path("updates/<uuid:row_pk>/", include(_row(Update))),
    path("steps/add/", plan.step_add, name="step-add"),
    path(
        "steps/<uuid:row_pk>/",
        include(
            [
                path("edit/", plan.step_edit, name="step-edit"),
                path("tick/", plan.step_tick, name="step-tick"),
                path("order/", plan.step_order, name="step-order"),
                *_row(Step),
            ]
        ),
    ),
    path("stakeholders/add/", plan.stakeholder_add, name="stakeholder-add"),
    path(
        "stakeholders/<uuid:row_pk>/",
        include(
            [
                path("edit/", plan.stakeholder_edit, name="stakeholder-edit"),
                *_row(Stakeholder),
            ]
        ),
    ),
    path("met/add/", plan.met_add, name="met-add"),
    path("met/<uuid:row_pk>/", include(_row(Met))),
]
_one_strand = [
    # changes/strands/<pk>/
    path("", strands.strand, name="strand"),
    path("edit/", strands.strand_edit, name="strand-edit"),
    path("order/", strands.strand_order, name="strand-order"),
    path("remove/", strands.strand_remove, name="strand-remove"),
    path("put-back/", strands.strand_put_back, name="strand-put-back"),
]
_one_ask = [
    # asks/<pk>/
    path("edit/", asks.ask_edit, name="ask-edit"),
    path("remove/", asks.ask_remove, name="ask-remove"),
    path("put-back/", asks.ask_put_back, name="ask-put-back"),
    path("answer/", asks.ask_answer, name="ask-answer"),
    path("change-answer/", asks.ask_change_answer, name="ask-change-answer"),
    path("release/", asks.ask_release, name="ask-release"),
]
urlpatterns = [
    path("changes/", changes.changes, name="changes"),
    path("changes.csv", changes.changes_csv, name="changes-csv"),
    path("changes.xlsx", changes.changes_xlsx, name="changes-xlsx"),
    path("changes/add/", change.change_add, name="change-add"),
    path("changes/<uuid:pk>/", include(_one_change)),
    path("changes/strands/", strands.strands, name="strands"),
    path("changes/strands/add/", strands.strand_add, name="strand-add"),
    path("changes/strands/<uuid:pk>/", include(_one_strand)),
    path("asks/", asks.asks, name="asks"),
    path("asks/room/", asks.asks_room, name="asks-room"),
    path("asks/answer/<str:token>/", asks.ask_link, name="ask-link"),
    path("asks/<uuid:pk>/", include(_one_ask)),
]
