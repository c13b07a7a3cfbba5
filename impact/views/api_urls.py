"""The read-only data feed; the prefix is /api/v1/."""

from django.urls import path

from impact.feed_fields import TABLES
from impact.views import api

urlpatterns = [
    path("", api.root, name="root"),
    path("dictionary", api.dictionary_json, name="dictionary"),
    path("dictionary.csv", api.dictionary_csv, name="dictionary-csv"),
]
for _table in TABLES:
    _which = {"table": _table}
    urlpatterns += [
        path(_table.name, api.table_json, _which, name=_table.name),
        path(f"{_table.name}.csv", api.table_csv, _which, name=f"{_table.name}-csv"),
    ]
