"""Writing an authority's archive to a file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from impact.actions.archives import take_archive
from programmes.models import LocalAuthority


class Command(BaseCommand):
    help = "Write all that one authority has to a zip file (docs/archive-format.md)."

    def add_arguments(self, parser):
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("file", type=Path, metavar="FILE.zip")

    def handle(self, *, slug: str, file: Path, **options):
        authority = LocalAuthority.objects.filter(slug=slug).first()
        if authority is None:
            raise CommandError(f"There is no authority at /{slug}/.")
        try:
            # Never over an older archive, and readable for its owner alone.
            file.touch(mode=0o600, exist_ok=False)
            with file.open("wb") as out:
                counts = take_archive(authority=authority, out=out, by=None)
        except OSError as error:
            raise CommandError(f"{file} can’t be written: {error.strerror}.") from None
        self.stdout.write(f"{authority}: {sum(counts.values())} rows in {file}.")
