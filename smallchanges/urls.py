"""Pages of one authority; the prefix is /<authority>/."""

from django.urls import include, path

from smallchanges.models import Met, Stakeholder, Step, Update
from smallchanges.views import change, changes, inspiration, mailed, plan, shares, strands

app_name = "smallchanges"


def _row(kind) -> list:
    """Taking a row of a plan away, and putting it back."""
    noun = kind._meta.model_name
    return [
        path("remove/", plan.row_remove, {"kind": kind}, name=f"{noun}-remove"),
        path("put-back/", plan.row_put_back, {"kind": kind}, name=f"{noun}-put-back"),
    ]


_one_share = [
    # changes/<pk>/share/<share_pk>/
    path("ask/", shares.share_ask, name="share-ask"),
    path("open/", shares.share_open, name="share-open"),
    path("take-back/", shares.share_take_back, name="share-take-back"),
    path("put-back/", shares.share_put_back, name="share-put-back"),
]
_one_change = [
    # changes/<pk>/
    path("", change.change, name="change"),
    path("edit/", change.change_edit, name="change-edit"),
    path("move/", change.change_move, name="change-move"),
    path("moves/<uuid:move_pk>/undo/", change.change_move_undo, name="change-move-undo"),
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
    path("share/", shares.share, name="share"),
    path("share/edit/", shares.share_edit, name="share-edit"),
    path("share/answer/", shares.share_answer, name="share-answer"),
    path("share/<uuid:share_pk>/", include(_one_share)),
    path("seed/edit/", inspiration.seed_edit, name="seed-edit"),
]
_one_strand = [
    # changes/strands/<pk>/
    path("", strands.strand, name="strand"),
    path("edit/", strands.strand_edit, name="strand-edit"),
    path("order/", strands.strand_order, name="strand-order"),
    path("remove/", strands.strand_remove, name="strand-remove"),
    path("put-back/", strands.strand_put_back, name="strand-put-back"),
]
urlpatterns = [
    path("changes/", changes.changes, name="changes"),
    path("changes.csv", changes.changes_csv, name="changes-csv"),
    path("changes.xlsx", changes.changes_xlsx, name="changes-xlsx"),
    path("changes/add/", change.change_add, name="change-add"),
    path("changes/update/<str:token>/", mailed.update_by_mail, name="update-by-mail"),
    path("changes/<uuid:pk>/", include(_one_change)),
    path("changes/strands/", strands.strands, name="strands"),
    path("changes/strands/add/", strands.strand_add, name="strand-add"),
    path("changes/strands/<uuid:pk>/", include(_one_strand)),
    path("inspiration/", inspiration.inspiration, name="inspiration"),
    path("inspiration/<uuid:share_pk>/", inspiration.shared, name="shared"),
    path("inspiration/<uuid:share_pk>/take/", inspiration.seed_take, name="seed-take"),
]
