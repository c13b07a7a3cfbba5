"""The archive of one authority: nobody else's words in it, and what comes back is the same."""

import io
import json
import zipfile

import pytest
from django.db import connection

from impact.archive import write_archive
from impact.archive_in import bring_in
from impact.actions.erasure import erase_authority
from impact.registry import archived_tables
from programmes.models import AuditEvent, LocalAuthority
from tests import factories
from tests.doors import examples

CANARY = "canary-77c1"


def archive_of(authority) -> bytes:
    out = io.BytesIO()
    write_archive(authority, out)
    return out.getvalue()


def contents(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


@pytest.fixture
def full(cast):
    """Two authorities full of rows; every word of the other is a canary."""
    cast.other.name = f"{CANARY} Borough"
    cast.other.save()
    examples(cast.programme, cast.facilitator, "own words")
    examples(cast.other_programme, cast.outsider, CANARY)
    return cast


def test_an_authority_comes_back_as_it_was(full):
    before = archive_of(full.authority)
    files = contents(before)
    counts = json.loads(files["manifest.json"])["rows"]
    assert archive_of(full.authority) == before
    assert sum(count > 0 for count in counts.values()) > 40
    found = [name for name, content in files.items() if CANARY.encode() in content]
    assert found == []
    other = archive_of(full.other)
    assert sum(CANARY.encode() in content for content in contents(other).values()) > 40

    erase_authority(authority=full.authority)
    brought = bring_in(io.BytesIO(before))
    assert brought.rows == sum(counts.values())
    again = contents(archive_of(brought.authority))
    different = [name for name in files if files[name] != again[name]]
    assert different == []
