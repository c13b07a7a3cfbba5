"""Pages of one authority; the prefix is /<authority>/."""

from django.urls import include, path

from blueprints.models import Commitment, Need
from blueprints.views import (
    aims,
    blueprint,
    cycles,
    evidence,
    experiments,
    insights,
    leaving,
    partners,
    pillars,
    reviews,
    versions,
    voices,
)

app_name = "blueprints"


def _lines(kind) -> list:
    """Commitments and needs are written alike, each under its own name."""
    noun, extra = kind._meta.model_name, {"kind": kind}
    return [
        path("add/", blueprint.line_add, extra, name=f"{noun}-add"),
        path("<uuid:pk>/edit/", blueprint.line_edit, extra, name=f"{noun}-edit"),
        path("<uuid:pk>/order/", blueprint.line_order, extra, name=f"{noun}-order"),
        path("<uuid:pk>/remove/", blueprint.line_remove, extra, name=f"{noun}-remove"),
        path("<uuid:pk>/put-back/", blueprint.line_put_back, extra, name=f"{noun}-put-back"),
    ]


_pillars = [
    # /<authority>/blueprint/pillars/
    path("add/", pillars.pillar_add, name="pillar-add"),
    path("<uuid:pk>/edit/", pillars.pillar_edit, name="pillar-edit"),
    path("<uuid:pk>/order/", pillars.pillar_order, name="pillar-order"),
    path("<uuid:pk>/remove/", pillars.pillar_remove, name="pillar-remove"),
    path("<uuid:pk>/put-back/", pillars.pillar_put_back, name="pillar-put-back"),
    path("<uuid:pk>/experiments/add/", experiments.experiment_add, name="experiment-add"),
]
_experiments = [
    # /<authority>/blueprint/experiments/
    path("<uuid:pk>/", experiments.experiment, name="experiment"),
    path("<uuid:pk>/edit/", experiments.experiment_edit, name="experiment-edit"),
    path("<uuid:pk>/move/", experiments.experiment_move, name="experiment-move"),
    path("<uuid:pk>/order/", experiments.experiment_order, name="experiment-order"),
    path("<uuid:pk>/remove/", experiments.experiment_remove, name="experiment-remove"),
    path("<uuid:pk>/put-back/", experiments.experiment_put_back, name="experiment-put-back"),
    path(
        "moves/<uuid:pk>/put-back/",
        experiments.experiment_move_put_back,
        name="experiment-move-put-back",
    ),
    # Learning from it, cycle by cycle.
    path("<uuid:pk>/observe/", cycles.experiment_observe, name="experiment-observe"),
    path("<uuid:pk>/decide/", cycles.experiment_decide, name="experiment-decide"),
    path("<uuid:pk>/begin/", cycles.experiment_begin, name="experiment-begin"),
    path("seen/<uuid:pk>/remove/", cycles.observation_remove, name="observation-remove"),
    path("seen/<uuid:pk>/put-back/", cycles.observation_put_back, name="observation-put-back"),
]
_insights = [
    # /<authority>/blueprint/insights/
    path("", insights.insights, name="insights"),
    path("add/", insights.insight_add, name="insight-add"),
    path("<uuid:pk>/edit/", insights.insight_edit, name="insight-edit"),
    path("<uuid:pk>/order/", insights.insight_order, name="insight-order"),
    path("<uuid:pk>/remove/", insights.insight_remove, name="insight-remove"),
    path("<uuid:pk>/put-back/", insights.insight_put_back, name="insight-put-back"),
]
_aims = [
    # /<authority>/blueprint/improvement-plan/
    path("", aims.improvement_plan, name="improvement-plan"),
    path("add/", aims.aim_add, name="aim-add"),
    path("add-many/", aims.aim_add_many, name="aim-add-many"),
    path("<uuid:pk>/edit/", aims.aim_edit, name="aim-edit"),
    path("<uuid:pk>/order/", aims.aim_order, name="aim-order"),
    path("<uuid:pk>/remove/", aims.aim_remove, name="aim-remove"),
    path("<uuid:pk>/put-back/", aims.aim_put_back, name="aim-put-back"),
]
_evidence = [
    # /<authority>/evidence/
    path("", evidence.evidence, name="evidence"),
    path("link/", evidence.evidence_link, name="evidence-link"),
    path("<uuid:pk>/unlink/", evidence.evidence_unlink, name="evidence-unlink"),
]
_voices = [
    # /<authority>/sensemaking/
    path("", voices.voices_list, name="voices-list"),
    path("add/", voices.voices_add, name="voices-add"),
    path("<uuid:pk>/", voices.voices_round, name="voices-round"),
    path("<uuid:pk>/edit/", voices.voices_edit, name="voices-edit"),
    path("<uuid:pk>/close/", voices.voices_close, name="voices-close"),
    path("<uuid:pk>/place/", voices.voices_place, name="voices-place"),
]
_for_partners = [
    # /<authority>/blueprint/
    path("for-partners/", partners.for_partners, name="for-partners"),
    path(
        "for-partners/<uuid:pk>/take-back/",
        partners.for_partners_take_back,
        name="for-partners-take-back",
    ),
    path(
        "for-partners/<uuid:pk>/give-back/",
        partners.for_partners_give_back,
        name="for-partners-give-back",
    ),
    path("shared/<str:token>/", partners.shared, name="shared"),
    path("shared/<str:token>/blueprint.pdf", partners.shared_pdf, name="shared-pdf"),
    path("shared/<str:token>/blueprint.docx", partners.shared_docx, name="shared-docx"),
]
_reviews = [
    # /<authority>/reviews/
    path("", reviews.reviews, name="reviews"),
    path("experiments/<uuid:pk>/answer/", reviews.review_answer, name="review-answer"),
    path("experiments/<uuid:pk>/begin/", reviews.review_begin, name="review-begin"),
    path("experiments/<uuid:pk>/ask-again/", reviews.review_ask_again, name="review-ask-again"),
    path(
        "experiments/<uuid:pk>/ask-again/undo/",
        reviews.review_ask_again_undo,
        name="review-ask-again-undo",
    ),
    path("answers/<uuid:pk>/undo/", reviews.answer_undo, name="answer-undo"),
    path("begun/<uuid:pk>/undo/", reviews.begun_undo, name="begun-undo"),
    path("asks/<uuid:pk>/answer/", reviews.review_ask, name="review-ask"),
    path("promises/<uuid:pk>/tell/", reviews.promise_tell, name="promise-tell"),
    path("tellings/<uuid:pk>/undo/", reviews.telling_undo, name="telling-undo"),
    path("pillars/<uuid:pk>/", reviews.pillar_reviews, name="pillar-reviews"),
    path("pillars/<uuid:pk>/add/", reviews.review_add, name="review-add"),
    path("written/<uuid:pk>/remove/", reviews.review_remove, name="review-remove"),
    path("written/<uuid:pk>/put-back/", reviews.review_put_back, name="review-put-back"),
]
_versions = [
    # /<authority>/blueprint/versions/
    path("", versions.versions, name="versions"),
    path("add/", versions.version_add, name="version-add"),
    path("now/", versions.version_now, name="version-now"),
    path("<uuid:pk>/", versions.version, name="version"),
    path("<uuid:pk>/changes/", versions.version_changes, name="version-changes"),
    path("<uuid:pk>/sign/", versions.version_sign, name="version-sign"),
    path("<uuid:pk>/unsign/", versions.version_unsign, name="version-unsign"),
    path("<uuid:pk>/withdraw/", versions.version_withdraw, name="version-withdraw"),
    path("<uuid:pk>/put-back/", versions.version_put_back, name="version-put-back"),
]
urlpatterns = [
    # /<authority>/
    path("blueprint.pdf", leaving.blueprint_pdf, name="blueprint-pdf"),
    path("blueprint.docx", leaving.blueprint_docx, name="blueprint-docx"),
    path("blueprint/", include(_for_partners)),
    path("blueprint/", blueprint.blueprint, name="blueprint"),
    path("blueprint/edit/", blueprint.blueprint_edit, name="blueprint-edit"),
    path("blueprint/focus/edit/", blueprint.focus_edit, name="focus-edit"),
    path("blueprint/commitments/", include(_lines(Commitment))),
    path("blueprint/needs/", include(_lines(Need))),
    path("blueprint/pillars/", include(_pillars)),
    path("blueprint/experiments/", include(_experiments)),
    path("blueprint/insights/", include(_insights)),
    path("blueprint/improvement-plan/", include(_aims)),
    path("evidence/", include(_evidence)),
    path("sensemaking/", include(_voices)),
    path("reviews/", include(_reviews)),
    path("blueprint/versions/", include(_versions)),
]
