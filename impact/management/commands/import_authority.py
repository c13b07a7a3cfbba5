"""Bringing an authority's archive in."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from impact.archive_file import Refused
from impact.archive_in import bring_in


class Command(BaseCommand):
    help = "Bring an archive in, all or nothing, where its authority isn’t yet."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE.zip")
        parser.add_argument("--as", dest="slug", default="", metavar="SLUG")

    def handle(self, *, file: Path, slug: str, **options):
        try:
            with file.open("rb") as source:
                brought = bring_in(source, slug=slug)
        except OSError as error:
            raise CommandError(f"{file} can’t be read: {error.strerror}.") from None
        except Refused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(
            f"{brought.authority}: {brought.rows} rows at /{brought.authority.slug}/."
            f" New accounts: {brought.people_made}; they sign in by a mailed code."
        )
        if brought.without:
            self.stdout.write(
                f"Left out: where {brought.without} changes began, in words of an authority that"
                " isn’t here."
            )
