"""The read-only data feed: JSON and CSV for whoever holds a key, which stands in a header.

No page of ours reads it, and no browser: no session opens it, and no other site may ask for it.
"""

import csv
import io
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any
from uuid import UUID

from allauth.core.internal.ratelimit import consume
from django.core.paginator import EmptyPage, Paginator
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from impact.feed_fields import DICTIONARY, TABLES, Table, dictionary
from impact.feed_keys import key_behind, note_use, token_in
from impact.feed_rows import rows_of, told
from programmes.access import open_view
from programmes.mail import site_url
from programmes.pages import kept_by_nobody
from smallchanges.exports import harmless

_REASON = "a council’s reports have no account: the key in the request’s header opens it, read-only"
_ROWS_ON_A_PAGE = 500
_WAIT = 60  # seconds
_WORDS = {
    "no key": "Send your key in the Authorization header: “Authorization: Bearer crk_…”.",
    "key in the address": "A key does not belong in an address, which others can read later: send"
    " it in the Authorization header. Take this one back on the Data page, and give a new one.",
    "not a key": "This is no key of ours. Check that you copied all of it.",
    "run out": "This key has run out. Whoever gave it can give a new one on the Data page.",
    "taken back": "This key was taken back. Whoever gave it can give a new one on the Data page.",
    "another scope": "This key does not open this table. /api/v1/ says what it opens.",
    "too many": "Too many at once. Wait a minute, then ask again.",
    "no such page": "There is no such page. The first one says how many there are.",
}


# --- the door


def _with_a_key(view: Callable) -> Callable:
    """Hand the view the key that was sent, where it opens the view's table; else say why not.

    Wrong keys alone are counted by address: a good one opens whatever others guess.
    """

    @wraps(view)
    def behind(request, table: Table | None = None):
        if "key" in request.GET:
            return _refused("key in the address", 400)
        token = token_in(request.headers.get("Authorization", ""))
        if not token:
            return _refused("no key", 401)
        key = key_behind(token)
        if key is None:
            return (
                _refused("not a key", 401)
                if _may(request, "feed_guess")
                else _refused("too many", 429)
            )
        if key.revoked_at or not key.is_open:
            return _refused("taken back" if key.revoked_at else "run out", 401)
        if not _may(request, "feed_key", key=str(key.pk)):
            return _refused("too many", 429)
        if table is not None and table.scope not in key.scopes:
            return _refused("another scope", 403)
        note_use(key)
        return kept_by_nobody(view(request, key, *([table] if table else [])))

    return behind


def _may(request, action: str, key: str | None = None) -> bool:
    """Whether it is within the limit: by the key, or by the address that the request comes from."""
    limit = consume(request, app="allauth.account", action=action, key=key, limit_get=True)
    return limit is not None


def _refused(why: str, status: int) -> HttpResponse:
    """In words, and with none of any place."""
    answer = _json({"error": why, "words": _WORDS[why]}, status=status)
    if status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="Crescendo"'
    if status == 429:
        answer["Retry-After"] = str(_WAIT)
    return kept_by_nobody(answer)


# --- what stands behind it


@open_view(reason=_REASON)
@require_safe
@_with_a_key
def root(request, key):
    """What this key opens, and until when."""
    opened = [table for table in TABLES if table.scope in key.scopes]
    said = {
        "place": key.authority.name,
        "key_works_until": timezone.localdate(key.expires_at),
        "dictionary": _address(request, "dictionary"),
        "tables": [
            {
                "name": table.name,
                "about": table.about,
                "json": _address(request, table.name),
                "csv": _address(request, f"{table.name}-csv"),
            }
            for table in opened
        ],
    }
    return _json(said)


@open_view(reason=_REASON)
@require_safe
@_with_a_key
def dictionary_json(request, key):
    """Every field of every table, also of those that this key does not open."""
    fields = [{name: row[name] for name in DICTIONARY} for row in dictionary()]
    return _json({"tables": {table.name: table.about for table in TABLES}, "rows": fields})


@open_view(reason=_REASON)
@require_safe
@_with_a_key
def dictionary_csv(request, key):
    return _csv("dictionary", DICTIONARY, dictionary())


@open_view(reason=_REASON)
@require_safe
@_with_a_key
def table_json(request, key, table):
    """A page of the table, and the addresses of the pages beside it."""
    pages = Paginator(rows_of(table.name, key.authority), _ROWS_ON_A_PAGE)
    try:
        page = pages.page(int(request.GET.get("page", "1")))
    except (EmptyPage, ValueError):
        return _refused("no such page", 404)
    here = _address(request, table.name)
    said = {
        "table": table.name,
        "place": key.authority.name,
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "rows_in_all": pages.count,
        "page": page.number,
        "pages": pages.num_pages,
        "next": f"{here}?page={page.number + 1}" if page.has_next() else None,
        "previous": f"{here}?page={page.number - 1}" if page.has_previous() else None,
        "rows": [told(table.name, row) for row in page],
    }
    return _json(said)


@open_view(reason=_REASON)
@require_safe
@_with_a_key
def table_csv(request, key, table):
    """All of the table."""
    names = [field.name for field in table.fields]
    rows = (told(table.name, row) for row in rows_of(table.name, key.authority))
    return _csv(table.name, names, rows)


def _address(request, name: str) -> str:
    return site_url(request, reverse(f"api:{name}"))


def _json(said: dict, *, status: int = 200) -> JsonResponse:
    return JsonResponse(said, status=status, json_dumps_params={"ensure_ascii": False})


def _csv(name: str, names, rows) -> HttpResponse:
    """UTF-8, names first; words that look like a formula begin with an apostrophe."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(names)
    lines.writerows([_cell(row[name]) for name in names] for row in rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float() | date() | UUID():
            return str(value)
    return harmless(str(value))
