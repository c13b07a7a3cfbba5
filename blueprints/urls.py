"""Pages of one authority; the prefix is /<authority>/."""

from django.urls import include, path

from blueprints.models import Commitment, Need
from blueprints.views import blueprint, experiments, insights, pillars, versions

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
    path("blueprint/", blueprint.blueprint, name="blueprint"),
    path("blueprint/edit/", blueprint.blueprint_edit, name="blueprint-edit"),
    path("blueprint/focus/edit/", blueprint.focus_edit, name="focus-edit"),
    path("blueprint/commitments/", include(_lines(Commitment))),
    path("blueprint/needs/", include(_lines(Need))),
    path("blueprint/pillars/", include(_pillars)),
    path("blueprint/experiments/", include(_experiments)),
    path("blueprint/insights/", include(_insights)),
    path("blueprint/versions/", include(_versions)),
]
