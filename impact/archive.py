"""One authority's whole archive: a zip that people can read, and that can be brought in again.

`docs/archive-format.md` says what is in it, and goes along. The same data make the same bytes.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django.conf import settings
from django.db import connection, transaction

from impact.archive_pages import STYLE, pages_of
from impact.archive_rows import (
    People,
    as_json,
    authority_row,
    people_rows,
    templates_of,
    written_rows,
)
from impact.registry import archived_tables
from programmes.models import LocalAuthority
from smallchanges.exports import harmless

FORMAT = "crescendo archive"
VERSION = 1
MANIFEST = "manifest.json"
_FORMAT_GUIDE = settings.BASE_DIR / "docs" / "archive-format.md"
# The oldest day that a zip can name: when it was made would make each archive another one.
_NO_DAY = (1980, 1, 1, 0, 0, 0)
_README = """The archive of {name} in Crescendo

index.html          begin here: everything that can be read, by topic. Opens in any browser.
pages/              a page for each topic
csv/                each table for a spreadsheet
data/               each table as it is kept, for bringing it into Crescendo again
manifest.json       how many rows and which files there are, with their SHA-256 checksums
archive-format.md   what each file and each word in it means, and what was left out, and why

Keep it as you keep personnel files: it holds names, addresses and what people wrote.
"""


@contextmanager
def snapshot() -> Iterator[None]:
    """Everything as it is at one moment, whatever people write meanwhile."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield


def write_archive(authority: LocalAuthority, out: IO[bytes]) -> dict[str, int]:
    """Write the zip; answers how many rows of each table are in it."""
    with snapshot(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        return _fill(bundle, authority)


def _fill(bundle: zipfile.ZipFile, authority: LocalAuthority) -> dict[str, int]:
    people = People(authority)
    tables = {
        table.label: list(written_rows(table, authority, people)) for table in archived_tables()
    }
    files: dict[str, dict] = {}

    def add(name: str, content: bytes) -> None:
        info = zipfile.ZipInfo(name, _NO_DAY)
        info.external_attr = 0o644 << 16
        bundle.writestr(info, content, zipfile.ZIP_DEFLATED, 6)
        files[name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}

    add("README.txt", _README.format(name=authority.name).encode())
    add(_FORMAT_GUIDE.name, _FORMAT_GUIDE.read_bytes())
    add("data/authority.json", as_json(authority_row(authority)))
    add("data/users.json", as_json(people_rows(people)))
    add("data/templates.json", as_json(templates_of(authority)))
    for label, rows in tables.items():
        add(f"data/{label}.json", as_json(rows))
        add(f"csv/{label}.csv", _as_csv(rows))
    add("archive.css", STYLE)
    for name, content in pages_of(authority, people, tables):
        add(name, content)
    counts = {label: len(rows) for label, rows in tables.items()}
    manifest = {"format": FORMAT, "version": VERSION, "rows": counts, "files": files}
    bundle.writestr(zipfile.ZipInfo(MANIFEST, _NO_DAY), as_json(manifest))
    return counts


def _as_csv(rows: list[dict]) -> bytes:
    """With the mark by which Excel knows UTF-8, and no cell that a spreadsheet would run."""
    out = io.StringIO()
    lines = csv.writer(out, quoting=csv.QUOTE_ALL)
    if rows:
        lines.writerow(rows[0])
    for row in rows:
        lines.writerow([harmless(_cell(value)) for value in row.values()])
    return out.getvalue().encode("utf-8-sig")


def _cell(value) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
