"""Pages of one authority; the prefix is /<authority>/."""

from django.urls import include, path

from smallchanges.models import Measure, Met, Reading, Stakeholder, Step, Update
from smallchanges.views import (
    asks,
    celebration,
    change,
    changes,
    inbox,
    inspiration,
    joining,
    mailed,
    measures,
    plan,
    rules,
    shares,
    stakeholders,
    strands,
)

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
                path("stance/", stakeholders.stance, name="stakeholder-stance"),
                path(
                    "stance/<uuid:move_pk>/undo/",
                    stakeholders.stance_undo,
                    name="stakeholder-stance-undo",
                ),
                *_row(Stakeholder),
            ]
        ),
    ),
    path("measures/add/", measures.measure_add, name="measure-add"),
    path(
        "measures/<uuid:row_pk>/",
        include(
            [
                path("edit/", measures.measure_edit, name="measure-edit"),
                path("readings/add/", measures.reading_add, name="reading-add"),
                *_row(Measure),
            ]
        ),
    ),
    path("readings/<uuid:row_pk>/", include(_row(Reading))),
    path("time-back/", measures.time_back, name="time-back"),
    path("time-back/take-back/", measures.time_back_take_back, name="time-back-take-back"),
    path("met/add/", plan.met_add, name="met-add"),
    path("met/<uuid:row_pk>/", include(_row(Met))),
    path("cheer/", celebration.change_cheer, name="change-cheer"),
    path("updates/<uuid:row_pk>/cheer/", celebration.update_cheer, name="update-cheer"),
    path("moves/<uuid:move_pk>/cheer/", celebration.move_cheer, name="move-cheer"),
    path("thanks/add/", celebration.thanks_add, name="thanks-add"),
    path("thanks/<uuid:thanks_pk>/remove/", celebration.thanks_remove, name="thanks-remove"),
    path("thanks/<uuid:thanks_pk>/put-back/", celebration.thanks_put_back, name="thanks-put-back"),
    path("share/", shares.share, name="share"),
    path("share/edit/", shares.share_edit, name="share-edit"),
    path("share/answer/", shares.share_answer, name="share-answer"),
    path("share/<uuid:share_pk>/", include(_one_share)),
    path("seed/edit/", inspiration.seed_edit, name="seed-edit"),
    path("same/", joining.change_same, name="change-same"),
    path("same/<uuid:other_pk>/", joining.change_join, name="change-join"),
    path("apart/", joining.change_apart, name="change-apart"),
    path("split/", joining.change_split, name="change-split"),
    path("split/undo/", joining.change_split_undo, name="change-split-undo"),
]
_one_strand = [
    # changes/strands/<pk>/
    path("", strands.strand, name="strand"),
    path("edit/", strands.strand_edit, name="strand-edit"),
    path("order/", strands.strand_order, name="strand-order"),
    path("remove/", strands.strand_remove, name="strand-remove"),
    path("put-back/", strands.strand_put_back, name="strand-put-back"),
    path("apart/", joining.strand_apart, name="strand-apart"),
    path("split/", joining.strand_split, name="strand-split"),
    path("split/undo/", joining.strand_split_undo, name="strand-split-undo"),
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
_inbox = [
    # inbox/
    path("", inbox.inbox, name="inbox"),
    path("add/", inbox.inbox_add, name="inbox-add"),
    path("settings/", inbox.inbox_settings, name="inbox-settings"),
    path("link/", inbox.inbox_link, name="inbox-link"),
    path("poster/", inbox.inbox_poster, name="inbox-poster"),
    path("answers/<str:token>/", inbox.inbox_said, name="inbox-said"),
    path(
        # inbox/<pk>/
        "<uuid:pk>/",
        include(
            [
                path("", inbox.inbox_item, name="inbox-item"),
                path("answer/<slug:way>/", inbox.inbox_answer, name="inbox-answer"),
                path("take-back/", inbox.inbox_take_back, name="inbox-take-back"),
                path("show/", inbox.inbox_show, name="inbox-show"),
                path("tidy/", inbox.inbox_tidy, name="inbox-tidy"),
                path("remove/", inbox.inbox_remove, name="inbox-remove"),
                path("put-back/", inbox.inbox_put_back, name="inbox-put-back"),
            ]
        ),
    ),
    # Last: a key has no vowels, so that it is none of the words above.
    path("<slug:key>/", inbox.inbox_offer, name="inbox-offer"),
]
_one_rule = [
    # permissions/<pk>/
    path("", rules.rule, name="rule"),
    path("edit/", rules.rule_edit, name="rule-edit"),
    path("remove/", rules.rule_remove, name="rule-remove"),
    path("put-back/", rules.rule_put_back, name="rule-put-back"),
    path("take/", rules.rule_take, name="rule-take"),
    path("ask/", rules.rule_ask, name="rule-ask"),
    path("verdict/", rules.rule_verdict, name="rule-verdict"),
    path("verdicts/<uuid:verdict_pk>/undo/", rules.verdict_undo, name="verdict-undo"),
    path("clues/add/", rules.clue_add, name="clue-add"),
    path("clues/<uuid:clue_pk>/remove/", rules.clue_remove, name="clue-remove"),
    path("clues/<uuid:clue_pk>/put-back/", rules.clue_put_back, name="clue-put-back"),
]
urlpatterns = [
    path("changes/", changes.changes, name="changes"),
    path("changes.csv", changes.changes_csv, name="changes-csv"),
    path("changes.xlsx", changes.changes_xlsx, name="changes-xlsx"),
    path("changes/add/", change.change_add, name="change-add"),
    path("changes/update/<str:token>/", mailed.update_by_mail, name="update-by-mail"),
    path("changes/move/", changes.changes_move, name="changes-move"),
    path("changes/moves/<uuid:pk>/undo/", changes.changes_move_undo, name="changes-move-undo"),
    path("changes/<uuid:pk>/", include(_one_change)),
    path("changes/strands/", strands.strands, name="strands"),
    path("changes/strands/add/", strands.strand_add, name="strand-add"),
    path("changes/strands/join/", joining.strands_join, name="strands-join"),
    path("changes/strands/<uuid:pk>/", include(_one_strand)),
    path("asks/", asks.asks, name="asks"),
    path("asks/room/", asks.asks_room, name="asks-room"),
    path("asks/answer/<str:token>/", asks.ask_link, name="ask-link"),
    path("asks/<uuid:pk>/", include(_one_ask)),
    path("inbox/", include(_inbox)),
    path("permissions/", rules.permissions, name="permissions"),
    path("permissions/add/", rules.rule_add, name="rule-add"),
    path("permissions/<uuid:pk>/", include(_one_rule)),
    path("wall/", celebration.wall, name="wall"),
    path("inspiration/", inspiration.inspiration, name="inspiration"),
    path("inspiration/<uuid:share_pk>/", inspiration.shared, name="shared"),
    path("inspiration/<uuid:share_pk>/take/", inspiration.seed_take, name="seed-take"),
]
