"""One database to which every migration was applied, for each test process to copy.

Applying them takes seconds, a copy a fraction of one, and each run of the tests has several
processes with a database each.
"""

import hashlib
import os
from pathlib import Path

import django
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

PREFIX = "crescendo_migrated_"
ONE_AT_A_TIME = 20_261_124  # an advisory lock's number, of no meaning


def template() -> str:
    """The name of that database, made now where a migration has changed since the last time."""
    name = PREFIX + _fingerprint()
    with connection._nodb_cursor() as cursor:
        # Who comes second waits for who came first, longer than a page may.
        cursor.execute("SET statement_timeout = 0; SET lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        present = {row[0] for row in cursor}
        if name not in present:
            for old in present:
                cursor.execute(f'DROP DATABASE "{old}" WITH (FORCE)')
            _make(f"{PREFIX}making")
            cursor.execute(f'ALTER DATABASE "{PREFIX}making" RENAME TO "{name}"')
    return name


def _make(name: str) -> None:
    usual, test = connection.settings_dict["NAME"], connection.settings_dict["TEST"]["NAME"]
    connection.settings_dict["TEST"]["NAME"] = name
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
    finally:
        connection.close()  # a database in use cannot be copied
        connection.settings_dict["NAME"] = usual
        connection.settings_dict["TEST"]["NAME"] = test


def _fingerprint() -> str:
    """A hash of everything that a migration is made of."""
    told = hashlib.sha256(django.get_version().encode())
    told.update(Path(apps.get_app_config("programmes").path, "models/tenancy.py").read_bytes())
    for app in apps.get_app_configs():
        module = MigrationLoader.migrations_module(app.label)[0]
        folder = Path(app.path) / (module or "").rpartition(".")[2]
        for file in sorted(folder.glob("*.py")):
            told.update(f"{app.label}/{file.name}\0".encode() + file.read_bytes())
    return told.hexdigest()[:16]


if __name__ == "__main__":  # before the tests, so that none of them waits for it
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    template()
