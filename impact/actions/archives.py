"""Taking an authority's archive along."""

from typing import IO

from impact.archive import write_archive
from programmes.audit import record
from programmes.models import LocalAuthority, User


def take_archive(*, authority: LocalAuthority, out: IO[bytes], by: User | None) -> dict[str, int]:
    """Write the archive to `out`, and say in history who took it; answers the rows by table.

    Not in one transaction: the archive is read from a snapshot in which nobody can write.
    """
    counts = write_archive(authority, out)
    record("archive taken", authority, by=by)
    return counts
