"""Opening an archive that somebody hands in: nothing of it is believed before it is checked."""

import hashlib
import json
import zipfile
import zlib
from typing import IO, Any

from impact.archive import FORMAT, MANIFEST, VERSION
from impact.registry import archived_tables

# An authority of years has some 200 files and 100 MB; a bomb unpacks to far more.
MOST_FILES = 1_000
MOST_BYTES = 1_000_000_000
_MOST_MANIFEST = 1_000_000


class Refused(Exception):
    """The archive is not brought in. The words say why, for the person who runs the command."""


class Opened:
    """An archive whose checksums, format and tables are what its manifest says."""

    def __init__(self, file: IO[bytes]):
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError):
            raise Refused("This isn’t a zip file, or it’s damaged.") from None
        self._check_sizes()
        self.manifest = self._object(MANIFEST, most=_MOST_MANIFEST)
        self._check_format()
        self._check_files()
        self.authority = self._object("data/authority.json")
        self.users = self._rows("data/users.json")
        self.templates = self._rows("data/templates.json")
        self.tables = {
            table.label: self._rows(f"data/{table.label}.json") for table in archived_tables()
        }
        for label, rows in self.tables.items():
            if len(rows) != self.manifest["rows"].get(label):
                raise Refused(f"{label} has not as many rows as the manifest says.")

    def _check_sizes(self) -> None:
        infos = self._zip.infolist()
        names = [one.filename for one in infos]
        if len(infos) > MOST_FILES or sum(one.file_size for one in infos) > MOST_BYTES:
            raise Refused("This is larger than any archive of ours: it isn’t opened.")
        if len(set(names)) != len(names):
            raise Refused("Two files in it have the same name.")
        if any(one.startswith("/") or "\\" in one or ".." in one.split("/") for one in names):
            raise Refused("A file in it has a name that leads out of the archive.")
        if MANIFEST not in names:
            raise Refused("There is no manifest.json in it: it isn’t an archive of Crescendo.")

    def _check_format(self) -> None:
        manifest = self.manifest
        if manifest.get("format") != FORMAT:
            raise Refused("Its manifest doesn’t say that it’s an archive of Crescendo.")
        if manifest.get("version") != VERSION:
            raise Refused(
                f"It’s written in version {manifest.get('version')} of the format, and this"
                f" Crescendo reads version {VERSION}."
            )
        if not isinstance(manifest.get("files"), dict) or not isinstance(
            manifest.get("rows"), dict
        ):
            raise Refused("Its manifest is incomplete.")
        known = {table.label for table in archived_tables()}
        if unknown := sorted(manifest["rows"].keys() - known):
            raise Refused(f"It has a table that this Crescendo doesn’t know: {unknown[0]}.")

    def _check_files(self) -> None:
        files = self.manifest["files"]
        there = {one.filename for one in self._zip.infolist()} - {MANIFEST}
        if there != files.keys():
            odd = sorted(there ^ files.keys())[0]
            raise Refused(f"The manifest and the files don’t agree about {odd}.")
        for name, told in files.items():
            content = self._bytes(name, most=MOST_BYTES)
            if hashlib.sha256(content).hexdigest() != (
                told.get("sha256") if isinstance(told, dict) else None
            ):
                raise Refused(f"{name} was changed: its checksum isn’t the manifest’s.")

    def _bytes(self, name: str, *, most: int) -> bytes:
        try:
            with self._zip.open(name) as file:
                # What a header says of a size is not believed either.
                content = file.read(most + 1)
        except KeyError:
            raise Refused(f"{name} is missing.") from None
        except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError):
            raise Refused(f"{name} can’t be read: the zip file is damaged.") from None
        if len(content) > most:
            raise Refused(f"{name} is larger than it can be.")
        return content

    def _json(self, name: str, *, most: int) -> Any:
        try:
            return json.loads(self._bytes(name, most=most))
        except (ValueError, RecursionError):
            raise Refused(f"{name} isn’t JSON that can be read.") from None

    def _object(self, name: str, *, most: int = MOST_BYTES) -> dict:
        read = self._json(name, most=most)
        if not isinstance(read, dict):
            raise Refused(f"{name} doesn’t hold what it should.")
        return read

    def _rows(self, name: str) -> list[dict]:
        read = self._json(name, most=MOST_BYTES)
        if not isinstance(read, list) or not all(isinstance(one, dict) for one in read):
            raise Refused(f"{name} isn’t a list of rows.")
        return read
