"""The prefix is /<authority>/."""

from django.urls import include, path, register_converter

from programmes.kinds import KINDS, Kind
from programmes.views import ambition


class KindConverter:
    """One of the four words that stand for a list."""

    regex = "|".join(KINDS)

    def to_python(self, value: str) -> Kind:
        return KINDS[value]

    def to_url(self, value: Kind | str) -> str:
        return str(value)


register_converter(KindConverter, "kind")

urlpatterns = [
    path(
        "ambition/",
        include(
            [
                path("", ambition.ambition, name="ambition"),
                path("<kind:kind>/add/", ambition.statement_add, name="statement-add"),
                path(
                    # ambition/<kind>/<pk>/
                    "<kind:kind>/<uuid:pk>/",
                    include(
                        [
                            path("edit/", ambition.statement_edit, name="statement-edit"),
                            path("move/", ambition.statement_move, name="statement-move"),
                            path("remove/", ambition.statement_remove, name="statement-remove"),
                            path(
                                "put-back/", ambition.statement_put_back, name="statement-put-back"
                            ),
                            path("merge/", ambition.statement_merge, name="statement-merge"),
                            path("unmerge/", ambition.statement_unmerge, name="statement-unmerge"),
                        ]
                    ),
                ),
            ]
        ),
    ),
]
