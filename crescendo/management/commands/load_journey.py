"""Journeys come in as files."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from crescendo.loading.source import Refused
from crescendo.loading.writing import Loaded, load
from crescendo.patience import patient_transaction
from programmes.editing import Stale, Taken


def load_files(paths: list[Path]) -> list[Loaded]:
    """As `load`; raises CommandError with what a person at the command line needs to read."""
    try:
        return load(paths)
    except Refused as refused:
        raise CommandError(f"{refused}\nNothing was loaded.") from None
    except (Stale, Taken, OperationalError):
        raise CommandError(
            "Somebody wrote to the same rows at this moment. Nothing was loaded: try again."
        ) from None


class Command(BaseCommand):
    help = "Load journey files (docs/journey-format.md): all of them, or none where one is bad."

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *, files: list[Path], **options):
        with patient_transaction():
            found = load_files(files)
        for loaded in found:
            self.stdout.write(str(loaded))
