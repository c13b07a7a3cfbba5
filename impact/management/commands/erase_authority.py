"""Erasing an authority after it left."""

from django.core.management.base import BaseCommand, CommandError

from impact.actions.erasure import erase_authority, seeds_elsewhere
from programmes.models import AuditEvent, LocalAuthority


class Command(BaseCommand):
    help = "Erase an authority and its history. There is no way back: take its archive first."

    def add_arguments(self, parser):
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("--yes", default="", metavar="SLUG", help="instead of typing it")

    def handle(self, *, slug: str, yes: str, **options):
        authority = LocalAuthority.objects.filter(slug=slug).first()
        if authority is None:
            raise CommandError(f"There is no authority at /{slug}/.")
        taken = AuditEvent.objects.filter(authority_id=authority.pk, verb="archive taken")
        if not taken.exists():
            raise CommandError(f"Take its archive first: manage.py export_authority {slug} FILE")
        last = taken.latest("at").at
        self.stdout.write(f"The last archive of {authority} was taken at {last:%H:%M, %d/%m/%Y}.")
        if seeds := seeds_elsewhere(authority).count():
            changes = "One change" if seeds == 1 else f"{seeds} changes"
            self.stdout.write(f"{changes} elsewhere will no longer say where they began.")
        if (yes or input(f"Type {slug} to erase it for good: ").strip()) != slug:
            raise CommandError("Nothing was erased.")
        gone = erase_authority(authority=authority, by=None)
        self.stdout.write(f"Erased: {gone} rows. Backups forget it as they run out.")
